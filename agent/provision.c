// SPDX-License-Identifier: MIT
#include "provision.h"

#include "images.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (64 * 1024)
#define SETTING_FACTORY "factory.imported"

static char *file_text(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rbe");
	char *text = file ? malloc(FILE_MAX + 1) : NULL;

	*size = text ? fread(text, 1, FILE_MAX, file) : 0;
	if (text)
		text[*size] = '\0';
	if (file)
		fclose(file);
	return text;
}

static enum api_role role_named(const char *name)
{
	static const char *const names[] = { "viewer", "operator", "admin" };

	for (int i = 0; name && i < 3; i++)
		if (strcmp(names[i], name) == 0)
			return (enum api_role)(API_ROLE_VIEWER + i);
	return API_ROLE_NONE;
}

static const char *text_of(const cJSON *object, const char *name)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));

	return text ? text : "";
}

static int apply_tokens(struct auth *auth, const cJSON *tokens)
{
	const cJSON *token;
	int err = 0;

	cJSON_ArrayForEach(token, tokens) {
		enum api_role role = role_named(text_of(token, "role"));

		if (!err)
			err = role == API_ROLE_NONE ?
				      -EINVAL :
				      auth_provision_token(auth, text_of(token, "name"), role, text_of(token, "token"));
	}
	return err;
}

/* Tokens before the administrator: with him the board counts as set up, and a failure could not be repeated. */
static int apply(struct auth *auth, const cJSON *json)
{
	const cJSON *admin = cJSON_GetObjectItemCaseSensitive(json, "admin");
	int err = apply_tokens(auth, cJSON_GetObjectItemCaseSensitive(json, "tokens"));

	if (!err || err == -EEXIST)
		err = auth_provision_admin(auth, text_of(admin, "username"), text_of(admin, "password"));
	return err;
}

int provision_apply(struct auth *auth, const char *path)
{
	static const char *const names[] = { "admin", "tokens", NULL };
	struct json_problem problem;
	size_t size;
	char *text;
	cJSON *json;
	int err = -EINVAL;

	if (!auth_setup_code(auth))
		return -EALREADY;
	text = file_text(path, &size);
	if (!text)
		return -ENOENT;
	json = json_parse(text, size, &problem);
	if (json && json_only(json, names, &problem))
		err = apply(auth, json);
	cJSON_Delete(json);
	explicit_bzero(text, size);
	free(text);
	return err;
}

static long file_read(void *context, void *buffer, size_t size)
{
	size_t count = fread(buffer, 1, size, context);

	return ferror((FILE *)context) ? -EIO : (long)count;
}

static int import_image(struct agent *agent, const char *name, const char *folder)
{
	struct store_image image = { .created = time(NULL) };
	struct image_upload upload;
	struct image_file stored;
	char path[512];
	FILE *file;
	int err;

	snprintf(path, sizeof(path), "%s/%s.bin", folder, name);
	file = fopen(path, "rbe");
	if (!file)
		return -errno;
	err = images_receive(agent->options.data, &(struct api_stream){ file_read, file, -1 }, &upload);
	fclose(file);
	if (!err)
		err = images_keep(agent->options.data, &upload, &stored);
	if (err)
		return err;
	snprintf(image.name, sizeof(image.name), "%s", name);
	memcpy(image.sha256, stored.sha256, sizeof(image.sha256));
	image.size = stored.size;
	return agent->store_ops->image_put(agent->store, &image);
}

static void import_images(struct agent *agent, const struct compiled_cell *compiled, const char *folder)
{
	for (size_t i = 0; i < compiled->num_images; i++) {
		int err = import_image(agent, compiled->images[i].name, folder);

		if (err)
			agent_log("warning", "the image %s was not imported: %s", compiled->images[i].name,
				  strerror(-err));
	}
}

static void import_cell(struct agent *agent, const char *path, const char *images)
{
	struct compiled_cell compiled;
	struct store_cell cell = { 0 };
	cJSON *errors = NULL;
	size_t size;
	char *text = file_text(path, &size);

	if (text && agent->compiler_ops->compile(agent->compiler, text, NULL, &compiled, &errors) == 0) {
		snprintf(cell.name, sizeof(cell.name), "%s", compiled.name);
		cell.definition = text;
		import_images(agent, &compiled, images);
		if (agent->store_ops->cell_put(agent->store, &cell, 0) == 0)
			agent_event(agent, "info", "cell-defined", cell.name, "factory",
				    "Cell \"%s\" came with the board.", cell.name);
		agent->compiler_ops->free(&compiled);
	} else {
		const cJSON *first = errors ? errors->child : NULL;

		agent_log("error", "the definition %s is refused: %s (%s)", path, text_of(first, "detail"),
			  text_of(first, "pointer"));
	}
	cJSON_Delete(errors);
	free(text);
}

void provision_factory(struct agent *agent, const char *definitions, const char *images)
{
	char done[8], path[512];
	struct dirent *entry;
	DIR *folder;

	if (agent->store_ops->setting_get(agent->store, SETTING_FACTORY, done, sizeof(done)) == 0)
		return;
	folder = opendir(definitions);
	while (folder && (entry = readdir(folder))) {
		size_t length = strlen(entry->d_name);

		if (length <= 5 || strcmp(entry->d_name + length - 5, ".json") != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", definitions, entry->d_name);
		import_cell(agent, path, images);
	}
	if (folder)
		closedir(folder);
	/* Once: a person who deletes a cell of the factory does not want it back. */
	agent->store_ops->setting_put(agent->store, SETTING_FACTORY, "1");
}
