// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "agent_fixture.h"
#include "world.h"

int fixture_open(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	world_open(&fixture->world, &fixture->agent);
	api_reply_init(&fixture->reply);
	*state = fixture;
	return 0;
}

int fixture_close(void **state)
{
	struct fixture *fixture = *state;

	api_reply_free(&fixture->reply);
	world_close(&fixture->world, &fixture->agent);
	free(fixture);
	return 0;
}

static bool image_stands(struct fixture *fixture, const char *name)
{
	for (size_t i = 0; i < fixture->world.num_images; i++)
		if (strcmp(fixture->world.images[i].name, name) == 0)
			return true;
	return false;
}

int call_body(struct fixture *fixture, api_handler handler, const char *name, const char *body)
{
	struct api_request request = { .method = "", .path = "", .body = body, .remote = "127.0.0.1" };

	request.body_size = body ? strlen(body) : 0;
	request.prefer = fixture->prefer;
	request.who.role = API_ROLE_ADMIN;
	request.if_match = fixture->no_condition ? NULL : fixture->if_match ? fixture->if_match : "*";
	snprintf(request.name, sizeof(request.name), "%s", name);
	snprintf(request.who.username, sizeof(request.who.username), "admin");
	api_reply_free(&fixture->reply);
	handler(&fixture->agent, &request, &fixture->reply);
	return fixture->reply.status;
}

int call(struct fixture *fixture, api_handler handler)
{
	return call_body(fixture, handler, "beat", NULL);
}

void says(struct fixture *fixture, const char *text)
{
	assert_non_null(fixture->reply.body);
	if (!strstr(fixture->reply.body, text))
		print_error("%s not in %s\n", text, fixture->reply.body);
	assert_non_null(strstr(fixture->reply.body, text));
}

struct bytes {
	const char *at;
	size_t left;
	long then; /* 0: end, below: error */
};

static long bytes_read(void *context, void *buffer, size_t size)
{
	struct bytes *bytes = context;

	if (!bytes->left)
		return bytes->then;
	if (size > bytes->left)
		size = bytes->left;
	memcpy(buffer, bytes->at, size);
	bytes->at += size;
	bytes->left -= size;
	return (long)size;
}

int upload(struct fixture *fixture, const char *name, const char *text, long then)
{
	struct bytes bytes = { text, strlen(text), then };
	struct api_stream stream = { bytes_read, &bytes, -1 };
	struct api_request request = { .stream = &stream, .repr_digest = fixture->repr_digest };

	request.if_match = image_stands(fixture, name) ? "*" : NULL;
	snprintf(request.name, sizeof(request.name), "%s", name);
	api_reply_free(&fixture->reply);
	api_image_put(&fixture->agent, &request, &fixture->reply);
	return fixture->reply.status;
}

void ready(struct fixture *fixture)
{
	assert_int_equal(upload(fixture, "beat.bin", "code", 0), 201);
	assert_int_equal(call_body(fixture, api_cell_create, "", WORLD_DEFINITION), 201);
	assert_int_equal(call(fixture, api_hypervisor_enable), 200);
}

const struct store_event *fixture_event(struct fixture *fixture, const char *kind)
{
	const struct store_event *found = NULL;

	for (int tries = 0; !found && tries < 4000; tries++) {
		pthread_mutex_lock(&world_lock);
		for (size_t i = 0; i < fixture->world.num_events; i++)
			if (strcmp(fixture->world.events[i].kind, kind) == 0)
				found = &fixture->world.events[i];
		pthread_mutex_unlock(&world_lock);
		if (!found)
			usleep(5000);
	}
	return found;
}
