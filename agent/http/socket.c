// SPDX-License-Identifier: MIT
/* WebSocket consoles: agent/README.md has the frames. */
#include "exchange.h"

#include "cell_table.h"

#include <pthread.h>
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
	volatile bool leaving;
	bool input_allowed;
	uint64_t offset;
};

static bool send_text(struct watcher *watcher, const char *text)
{
	return mg_websocket_write(watcher->connection, MG_WEBSOCKET_OPCODE_TEXT, text, strlen(text)) > 0;
}

static bool send_state(struct watcher *watcher, const char *state)
{
	bool ended = strcmp(state, "running") != 0;
	char text[80];

	snprintf(text, sizeof(text), "{\"type\":\"%s\",\"state\":\"%s\"}", ended ? "ended" : "state", state);
	return send_text(watcher, text);
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

static void *pump_main(void *argument)
{
	struct watcher *watcher = argument;
	char *chunk = malloc(STREAM_CHUNK);
	unsigned int seen = ~0u; /* the state is told once at the start */
	struct console_view view;
	bool alive = chunk && send_start(watcher);
	size_t size;

	while (alive && !watcher->leaving) {
		console_view(watcher->console, &view);
		alive = send_output(watcher, chunk, &size);
		/* The state comes after all output that came before it. */
		if (alive && !size && view.state_changes != seen) {
			alive = send_state(watcher, view.state);
			seen = view.state_changes;
		}
		if (alive && view.closed && !size) {
			send_close(watcher, 4404);
			break;
		}
		if (!size)
			console_wait(watcher->console, watcher->offset, seen, 1000);
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
	if (size && console_input(watcher->console, data, size) != 0)
		return send_text(watcher, "{\"type\":\"input-refused\"}");
	return 1;
}

static void socket_close(const struct mg_connection *connection, void *data)
{
	struct watcher *watcher = mg_get_user_connection_data(connection);

	(void)data;
	if (!watcher)
		return;
	watcher->leaving = true;
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
	char since[24];

	if (watcher)
		watcher->console = cell_table_console(exchange->http->agent->cells, exchange->request.name);
	if (!watcher || !watcher->console) {
		free(watcher);
		api_problem(&exchange->reply, 500, "internal", "Try again.", "The agent ran out of memory.");
		return false;
	}
	watcher->connection = exchange->connection;
	watcher->input_allowed = exchange->request.who.role >= API_ROLE_OPERATOR;
	if (api_query(&exchange->request, "since", since, sizeof(since)))
		watcher->offset = strtoull(since, NULL, 10);
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
