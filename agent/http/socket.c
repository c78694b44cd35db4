// SPDX-License-Identifier: MIT
/* WebSocket consoles: agent/README.md has the frames. */
#include "exchange.h"

#include "console.h"
#include "follow.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define STREAM_PATTERN "/api/v1/cells/*/console/stream$"
#define STREAM_CHUNK 16384
#define INPUT_MAX 4096

/* A console watcher: civetweb's thread reads its frames, `pump` writes output to it. */
struct watcher {
	struct mg_connection *connection;
	struct console *console;
	pthread_t pump;
	bool pumping;
	atomic_bool leaving;
	bool input_allowed;
	char name[API_NAME_LEN]; /* who watches */
	uint64_t offset;
};

/* Which changes the watcher knows of. */
struct told {
	unsigned int state, writer;
};

static bool send_text(struct watcher *watcher, const char *text)
{
	return mg_websocket_write(watcher->connection, MG_WEBSOCKET_OPCODE_TEXT, text, strlen(text)) > 0;
}

static bool send_json(struct watcher *watcher, cJSON *json)
{
	char *text = cJSON_PrintUnformatted(json);
	bool sent = text && send_text(watcher, text);

	cJSON_free(text);
	cJSON_Delete(json);
	return sent;
}

static bool send_state(struct watcher *watcher, const struct console_view *view)
{
	bool ended = strcmp(view->state, "running") != 0;
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "type", ended ? "ended" : "state");
	cJSON_AddStringToObject(json, "state", view->state);
	if (ended && view->code[0]) {
		cJSON_AddStringToObject(json, "code", view->code);
		cJSON_AddStringToObject(json, "reason", view->why);
	}
	return send_json(watcher, json);
}

static bool send_writer(struct watcher *watcher, const struct console_view *view)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "type", "writer");
	if (view->writer)
		cJSON_AddStringToObject(json, "name", view->writer_name);
	else
		cJSON_AddNullToObject(json, "name");
	cJSON_AddBoolToObject(json, "you", view->writer == watcher);
	return send_json(watcher, json);
}

static bool send_start(struct watcher *watcher)
{
	struct console_view view;
	char text[96];

	console_view(watcher->console, &view);
	if (watcher->offset < view.start || watcher->offset > view.end)
		watcher->offset = view.start;
	snprintf(text, sizeof(text), "{\"type\":\"start\",\"offset\":%llu,\"input\":%s}",
		 (unsigned long long)watcher->offset, watcher->input_allowed ? "true" : "false");
	return send_text(watcher, text);
}

static bool send_output(struct watcher *watcher, char *chunk, size_t *size)
{
	uint64_t lost;
	char text[64];

	*size = console_read(watcher->console, &watcher->offset, chunk, STREAM_CHUNK, &lost);
	if (lost) {
		snprintf(text, sizeof(text), "{\"type\":\"lost\",\"bytes\":%llu}", (unsigned long long)lost);
		if (!send_text(watcher, text))
			return false;
	}
	return !*size || mg_websocket_write(watcher->connection, MG_WEBSOCKET_OPCODE_BINARY, chunk, *size) > 0;
}

static void send_close(struct watcher *watcher, unsigned int code)
{
	unsigned char payload[2] = { (unsigned char)(code >> 8), (unsigned char)code };

	mg_websocket_write(watcher->connection, MG_WEBSOCKET_OPCODE_CONNECTION_CLOSE, (const char *)payload, 2);
}

/* What is new beside the output. The state comes after all output that came before it, and is told once at the start. */
static bool send_news(struct watcher *watcher, const struct console_view *view, struct told *told)
{
	bool alive = true;

	if (view->writer_changes != told->writer)
		alive = send_writer(watcher, view);
	if (alive && view->state_changes != told->state)
		alive = send_state(watcher, view);
	*told = (struct told){ view->state_changes, view->writer_changes };
	return alive;
}

static void *pump_main(void *argument)
{
	struct watcher *watcher = argument;
	char *chunk = malloc(STREAM_CHUNK);
	struct told told = { ~0u, 0 };
	struct console_view view;
	bool alive = chunk && send_start(watcher);
	size_t size;

	for (; alive; alive = alive && !watcher->leaving) {
		console_view(watcher->console,
			     &view); /* before anybody says "leave": console_wait() compares with it */
		if (watcher->leaving || !send_output(watcher, chunk, &size))
			break;
		if (size)
			continue;
		alive = send_news(watcher, &view, &told);
		if (alive && view.closed) {
			send_close(watcher, 4404);
			break;
		}
		if (alive)
			console_wait(watcher->console, watcher->offset, &view);
	}
	free(chunk);
	return NULL;
}

static void socket_ready(struct mg_connection *connection, void *data)
{
	struct watcher *watcher = mg_get_user_connection_data(connection);
	pthread_attr_t attr;

	(void)data;
	if (!watcher)
		return;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 128 * 1024);
	watcher->pumping = pthread_create(&watcher->pump, &attr, pump_main, watcher) == 0;
	pthread_attr_destroy(&attr);
}

static int socket_connect(const struct mg_connection *connection, void *data)
{
	(void)data;
	return mg_get_user_connection_data(connection) ? 0 : 1;
}

/* Another who writes is no error of this watcher: he is told, and stays. */
static bool take_input(struct watcher *watcher, const char *data, size_t size)
{
	size_t taken;
	int err = console_input(watcher->console, watcher, watcher->name, data, size, &taken);
	cJSON *json;

	if (!err)
		return true;
	json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "type", "input-refused");
	cJSON_AddStringToObject(json, "code",
				err == -EBUSY  ? "another-writes" :
				err == -EAGAIN ? "input-full" :
						 "cell-not-created");
	cJSON_AddNumberToObject(json, "taken", (double)taken);
	return send_json(watcher, json);
}

static int socket_data(struct mg_connection *connection, int bits, char *data, size_t size, void *context)
{
	struct watcher *watcher = mg_get_user_connection_data(connection);
	int opcode = bits & 0xf;

	(void)context;
	if (opcode == MG_WEBSOCKET_OPCODE_CONNECTION_CLOSE)
		return 0;
	if (opcode > MG_WEBSOCKET_OPCODE_BINARY)
		return 1;
	if (size > INPUT_MAX) {
		send_close(watcher, 1009);
		return 0;
	}
	if (!watcher->input_allowed) {
		send_close(watcher, 1008);
		return 0;
	}
	return !size || take_input(watcher, data, size);
}

static void socket_close(const struct mg_connection *connection, void *data)
{
	struct watcher *watcher = mg_get_user_connection_data(connection);

	(void)data;
	if (!watcher)
		return;
	watcher->leaving = true;
	console_leave(watcher->console, watcher);
	console_wake(watcher->console);
	if (watcher->pumping)
		pthread_join(watcher->pump, NULL);
	console_release(watcher->console);
	free(watcher);
	mg_set_user_connection_data(connection, NULL);
}

static bool wants_socket(const struct exchange *exchange)
{
	const char *upgrade = head_get(&exchange->head, "Upgrade");

	return upgrade && strcasecmp(upgrade, "websocket") == 0;
}

/* True: the socket may be opened, civetweb goes on. */
static bool socket_allowed(struct exchange *exchange)
{
	struct agent *agent = exchange->http->agent;
	struct store_cell cell;

	if (!wants_socket(exchange)) {
		api_problem(&exchange->reply, 426, "upgrade-required", "Open it as a WebSocket.",
			    "This path is a WebSocket.");
		api_reply_header(&exchange->reply, "Upgrade: websocket");
		return false;
	}
	if (agent->store_ops->cell_get(agent->store, exchange->request.name, &cell) == 0) {
		store_cell_free(&cell);
		return true;
	}
	api_problem(&exchange->reply, 404, "cell-not-found", "GET /api/v1/cells lists the cells.",
		    "There is no cell \"%s\".", exchange->request.name);
	return false;
}

static bool watch(struct exchange *exchange)
{
	struct watcher *watcher = calloc(1, sizeof(*watcher));
	char since[24], take[8];

	if (watcher)
		watcher->console = follow_take(exchange->http->agent, exchange->request.name);
	if (!watcher || !watcher->console) {
		free(watcher);
		api_problem(&exchange->reply, 500, "internal", "Try again.", "The agent ran out of memory.");
		return false;
	}
	watcher->connection = exchange->connection;
	watcher->input_allowed = exchange->request.who.role >= API_ROLE_OPERATOR;
	snprintf(watcher->name, sizeof(watcher->name), "%s", exchange->request.who.username);
	if (api_query(&exchange->request, "since", since, sizeof(since)))
		watcher->offset = strtoull(since, NULL, 10);
	if (watcher->input_allowed && api_query(&exchange->request, "take", take, sizeof(take)))
		console_take(watcher->console, watcher, watcher->name);
	mg_set_user_connection_data(exchange->connection, watcher);
	return true;
}

bool socket_prepare(struct exchange *exchange)
{
	return socket_allowed(exchange) && watch(exchange);
}

void socket_serve(struct mg_context *context)
{
	mg_set_websocket_handler(context, STREAM_PATTERN, socket_connect, socket_ready, socket_data, socket_close,
				 NULL);
}
