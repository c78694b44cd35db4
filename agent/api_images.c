// SPDX-License-Identifier: MIT
/* /api/v1/images */
#include "agent.h"
#include "digest.h"
#include "images.h"
#include "page.h"
#include "precondition.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Which names refer to a file, and the file itself, change together: an upload of equal bytes may come meanwhile. */
static pthread_mutex_t files_lock = PTHREAD_MUTEX_INITIALIZER;

struct users {
	struct agent *agent;
	const char *image;
	cJSON *names;
};

static int add_user(void *context, const struct store_cell *cell)
{
	struct users *users = context;
	struct compiled_cell compiled;
	cJSON *errors = NULL;

	if (users->agent->compiler_ops->compile(users->agent->compiler, cell->definition, NULL, &compiled, &errors) ==
	    0) {
		for (size_t i = 0; i < compiled.num_images; i++)
			if (strcmp(compiled.images[i].name, users->image) == 0)
				cJSON_AddItemToArray(users->names, cJSON_CreateString(cell->name));
		users->agent->compiler_ops->free(&compiled);
	}
	cJSON_Delete(errors);
	return 0;
}

static cJSON *users_of(struct agent *agent, const char *image)
{
	struct users users = { agent, image, cJSON_CreateArray() };

	agent->store_ops->cell_each(agent->store, add_user, &users);
	return users.names;
}

static cJSON *image_json(struct agent *agent, const struct store_image *image)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "name", image->name);
	cJSON_AddNumberToObject(json, "size", (double)image->size);
	cJSON_AddStringToObject(json, "sha256", image->sha256);
	cJSON_AddNumberToObject(json, "created", (double)image->created);
	cJSON_AddItemToObject(json, "used_by", users_of(agent, image->name));
	return json;
}

struct listing {
	struct page page;
	struct store_image *images;
	size_t count;
};

static int listing_add(void *context, const struct store_image *image)
{
	struct listing *listing = context;
	void *grown;

	if (!page_takes_name(&listing->page, image->name))
		return 0;
	grown = realloc(listing->images, (listing->count + 1) * sizeof(*listing->images));
	if (!grown)
		return -ENOMEM;
	listing->images = grown;
	listing->images[listing->count++] = *image;
	return 0;
}

void api_images_list(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct listing listing = { 0 };
	cJSON *json, *items;
	int err;

	if (!page_by_name(request, &listing.page, reply))
		return;
	json = cJSON_CreateObject();
	items = cJSON_AddArrayToObject(json, "items");
	err = agent->store_ops->image_each(agent->store, listing_add, &listing);
	for (size_t i = 0; i < listing.count; i++)
		cJSON_AddItemToArray(items, image_json(agent, &listing.images[i]));
	free(listing.images);
	page_end(&listing.page, json);
	api_reply_json(reply, 200, json);
	if (err)
		api_problem(reply, 500, "internal", "Look at the board's log.", "The database refused: %s.",
			    strerror(-err));
}

static void receive_failed(struct api_reply *reply, int err)
{
	if (err == -EFBIG)
		api_problem(reply, 413, "body-too-large", "Make the image smaller.", "An image has at most %llu bytes.",
			    (unsigned long long)IMAGE_MAX);
	else if (err == -ENOSPC || err == -EDQUOT)
		api_problem(reply, 507, "disk-full", "Delete images that no cell uses.", "The data disk is full.");
	else if (err == -ETIMEDOUT)
		api_problem(reply, 408, "body-too-slow", "Try again over a better connection.",
			    "The image came in too slowly.");
	else if (err == -EPROTO || err == -ECONNRESET)
		api_problem(reply, 400, "bad-length", "Send as many bytes as the head declares.",
			    "The image was cut off.");
	else
		api_problem(reply, 500, "internal", "Look at the board's log.", "The image was not stored: %s.",
			    strerror(-err));
}

struct reference {
	const char *sha256;
	bool found;
};

static int find_reference(void *context, const struct store_image *image)
{
	struct reference *reference = context;

	if (strcmp(image->sha256, reference->sha256) == 0)
		reference->found = true;
	return 0;
}

/* Equal bytes under another name share the file. */
static void remove_unreferenced(struct agent *agent, const char *sha256)
{
	struct reference reference = { sha256, false };

	if (agent->store_ops->image_each(agent->store, find_reference, &reference) == 0 && !reference.found)
		images_remove(agent->options.data, sha256);
}

static bool permits(const struct api_request *request, const struct store_image *old, struct api_reply *reply)
{
	char what[API_NAME_LEN + 16], etag[70];

	snprintf(what, sizeof(what), "image \"%s\"", request->name);
	if (old)
		snprintf(etag, sizeof(etag), "\"%.64s\"", old->sha256);
	return precondition_holds(request, old ? etag : NULL, what, reply);
}

static void keep(struct agent *agent, const struct api_request *request, const struct image_file *file,
		 struct api_reply *reply)
{
	struct store_image image = { .size = file->size, .created = time(NULL) }, old;
	bool replaced = agent->store_ops->image_get(agent->store, request->name, &old) == 0;
	int err;

	if (!permits(request, replaced ? &old : NULL, reply)) {
		remove_unreferenced(agent, file->sha256);
		return;
	}
	memcpy(image.sha256, file->sha256, sizeof(image.sha256));
	memcpy(image.name, request->name, sizeof(image.name));
	err = agent->store_ops->image_put(agent->store, &image);
	if (err) {
		remove_unreferenced(agent, file->sha256);
		receive_failed(reply, err);
		return;
	}
	if (replaced && strcmp(old.sha256, image.sha256) != 0)
		remove_unreferenced(agent, old.sha256);
	agent_event(agent, "info", "image-stored", "", request->who.username, "Image \"%s\" was stored: %llu bytes.",
		    image.name, (unsigned long long)image.size);
	api_reply_json(reply, replaced ? 200 : 201, image_json(agent, &image));
	api_reply_header(reply, "ETag: \"%s\"", image.sha256);
}

/* hex: what the bytes must have, empty when the client demands nothing. */
static bool digest_demanded(const struct api_request *request, char hex[DIGEST_HEX_SIZE], struct api_reply *reply)
{
	enum digest_demand demand = digest_parse(request->repr_digest, hex);

	if (demand == DIGEST_NONE)
		hex[0] = '\0';
	if (demand == DIGEST_NONE || demand == DIGEST_SHA256)
		return true;
	if (demand == DIGEST_OTHER)
		api_problem(reply, 400, "digest-unsupported", "Send the SHA-256: Repr-Digest: sha-256=:BASE64:",
			    "The Repr-Digest names no algorithm that is checked here.");
	else
		api_problem(reply, 400, "bad-digest",
			    "Send it as Repr-Digest: sha-256=:BASE64:", "The Repr-Digest is malformed.");
	api_reply_header(reply, "Want-Repr-Digest: sha-256=10");
	return false;
}

static bool upload_accepted(const struct image_upload *upload, const char *demanded, struct api_reply *reply)
{
	if (!upload->size)
		api_problem(reply, 422, "image-empty", "Send the bytes of the image as the body.",
			    "The image has no bytes.");
	else if (demanded[0] && strcmp(demanded, upload->sha256) != 0)
		api_problem(reply, 422, "digest-wrong", "Send the image again; nothing was replaced.",
			    "The bytes that came have the SHA-256 %s, the Repr-Digest says %s.", upload->sha256,
			    demanded);
	else
		return true;
	return false;
}

/* Before hundreds of megabytes come for nothing; asked again when they are here. */
static bool may_begin(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct store_image old;
	bool replaces = agent->store_ops->image_get(agent->store, request->name, &old) == 0;

	return permits(request, replaces ? &old : NULL, reply);
}

void api_image_put(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct image_upload upload;
	char demanded[DIGEST_HEX_SIZE];
	struct image_file file;
	int err;

	if (!digest_demanded(request, demanded, reply) || !may_begin(agent, request, reply))
		return;
	err = images_receive(agent->options.data, request->stream, &upload);
	if (err) {
		receive_failed(reply, err);
		return;
	}
	if (!upload_accepted(&upload, demanded, reply)) {
		images_discard(&upload);
		return;
	}
	pthread_mutex_lock(&files_lock);
	err = images_keep(agent->options.data, &upload, &file);
	if (err)
		receive_failed(reply, err);
	else
		keep(agent, request, &file, reply);
	pthread_mutex_unlock(&files_lock);
}

static bool find_image(struct agent *agent, const char *name, struct store_image *image, struct api_reply *reply)
{
	if (agent->store_ops->image_get(agent->store, name, image) == 0)
		return true;
	api_problem(reply, 404, "image-not-found", "GET /api/v1/images lists the images.", "There is no image \"%s\".",
		    name);
	return false;
}

void api_image_get(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	char digest[DIGEST_FIELD_SIZE];
	struct store_image image;

	if (!find_image(agent, request->name, &image, reply))
		return;
	reply->fd = images_open(agent->options.data, image.sha256);
	if (reply->fd < 0) {
		reply->fd = -1;
		api_problem(reply, 500, "image-missing", "PUT the image again.",
			    "The bytes of the image \"%s\" are not readable.", image.name);
		return;
	}
	reply->status = 200;
	reply->type = "application/octet-stream";
	reply->size = (size_t)image.size;
	api_reply_header(reply, "ETag: \"%s\"", image.sha256);
	if (digest_format(image.sha256, digest))
		api_reply_header(reply, "Repr-Digest: %s", digest);
}

/* "a", "b", "c"; what does not fit is left out, with dots. */
static void list_names(const cJSON *names, char *text, size_t size)
{
	const cJSON *name;
	size_t used = 0;

	cJSON_ArrayForEach(name, names) {
		if (used + strlen(name->valuestring) + sizeof(", \"\", ...") > size) {
			snprintf(text + used, size - used, ", ...");
			return;
		}
		used += (size_t)snprintf(text + used, size - used, "%s\"%s\"", used ? ", " : "", name->valuestring);
	}
}

static bool is_unused(struct agent *agent, const char *name, struct api_reply *reply)
{
	cJSON *users = users_of(agent, name);
	int count = cJSON_GetArraySize(users);
	char names[256];

	list_names(users, names, sizeof(names));
	if (count)
		api_problem(reply, 409, "image-in-use", "Change or delete what uses it first.",
			    "The image \"%s\" is used by the cell%s %s.", name, count > 1 ? "s" : "", names);
	cJSON_Delete(users);
	return !count;
}

static void delete_locked(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct store_image image;
	int err;

	if (!find_image(agent, request->name, &image, reply) || !is_unused(agent, image.name, reply) ||
	    !permits(request, &image, reply))
		return;
	err = agent->store_ops->image_delete(agent->store, image.name);
	if (err) {
		receive_failed(reply, err);
		return;
	}
	remove_unreferenced(agent, image.sha256);
	agent_event(agent, "info", "image-deleted", "", request->who.username, "Image \"%s\" was deleted.", image.name);
	reply->status = 204;
}

void api_image_delete(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	pthread_mutex_lock(&files_lock);
	delete_locked(agent, request, reply);
	pthread_mutex_unlock(&files_lock);
}
