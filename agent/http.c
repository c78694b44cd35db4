// SPDX-License-Identifier: MIT
/*
 * The only file that sees civetweb. It turns a connection into a struct api_request, calls the
 * handler, and writes the struct api_reply: head and body in one write.
 *
 * civetweb takes much that is not HTTP; head.c refuses it. Two limits are compiled into it, see
 * CMakeLists.txt: the size of a WebSocket frame, and a deadline for every read.
 */
#include "http.h"

#include "assets.h"
#include "cell_json.h"
#include "cell_table.h"
#include "head.h"
#include "route.h"
#include "session_cookie.h"

#include <civetweb.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define STREAM_PATTERN	 "/api/v1/cells/*/console/stream$"
#define STREAM_CHUNK	 16384
#define INPUT_MAX	 4096
#define BODY_CHUNK	 65536

/* Trusted Types and no inline style: what the dashboard was measured to run with. */
#define CONTENT_POLICY                                                                                        \
	"default-src 'none'; script-src 'self'; style-src 'self' "                                           \
	"'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; connect-src 'self'; img-src 'self' data:; "  \
	"font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "                     \
	"require-trusted-types-for 'script'"

#define SECURITY_HEADERS                                                                                      \
	"Strict-Transport-Security: max-age=31536000\r\n"                                                    \
	"X-Content-Type-Options: nosniff\r\n"                                                                \
	"X-Frame-Options: DENY\r\n"                                                                          \
	"Referrer-Policy: no-referrer\r\n"                                                                   \
	"Cross-Origin-Opener-Policy: same-origin\r\n"                                                        \
	"Cross-Origin-Resource-Policy: same-origin\r\n"                                                      \
	"Content-Security-Policy: " CONTENT_POLICY "\r\n"

struct http {
	struct agent *agent;
	struct mg_context *context;
	char host_name[65];
};

/* One request on its way. */
struct exchange {
	struct http *http;
	struct mg_connection *connection;
	const struct mg_request_info *info;
	struct head head;
	struct head_field fields[MG_MAX_HEADERS];
	struct api_request request;
	struct api_reply reply;
	const struct route *route;
	char session[AUTH_SECRET_LEN];
	char *body;
	struct timespec began;
	int64_t body_read;
	bool close; /* the body was not read to its end: the connection cannot go on */
};

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

/* --- the head ------------------------------------------------------------------------------------ */

/*
 * civetweb overwrites line ends with NULs as it parses: after a CRLF line there are two of them, after
 * a bare LF one. A head of which something was left over (a folded line, a 65th field) does not go on
 * with the CR of the empty line after the last field.
 */
static bool lines_exact(const struct mg_request_info *info)
{
	const char *line_end = info->http_version + strlen(info->http_version);

	if (info->num_headers < 1)
		return false;
	for (int i = 0; i < info->num_headers; i++) {
		if (info->http_headers[i].name != line_end + 2)
			return false;
		line_end = info->http_headers[i].value + strlen(info->http_headers[i].value);
	}
	return line_end[1] == '\0' && line_end[2] == '\r' && line_end[3] == '\0';
}

static void head_fill(struct exchange *exchange)
{
	const struct mg_request_info *info = exchange->info;

	for (int i = 0; i < info->num_headers; i++)
		exchange->fields[i] = (struct head_field){ info->http_headers[i].name, info->http_headers[i].value };
	exchange->head = (struct head){
		.method = info->request_method,
		.path = info->local_uri_raw,
		.version = info->http_version,
		.fields = exchange->fields,
		.num_fields = (size_t)info->num_headers,
		.exact_lines = lines_exact(info),
	};
}

/* --- replies ------------------------------------------------------------------------------------- */

static bool is_head_request(const struct exchange *exchange)
{
	return strcmp(exchange->info->request_method, "HEAD") == 0;
}

static int head_print(struct exchange *exchange, char *buffer, size_t size)
{
	const struct api_reply *reply = &exchange->reply;
	char length[48] = "";

	/* RFC 9110 8.6: no Content-Length with 204 and 304. */
	if (reply->status != 204 && reply->status != 304)
		snprintf(length, sizeof(length), "Content-Length: %zu\r\n", reply->size);
	return snprintf(buffer, size, "HTTP/1.1 %d %s\r\n%s%s%s%s%s" SECURITY_HEADERS "%s%s\r\n", reply->status,
			api_status_title(reply->status), reply->type ? "Content-Type: " : "",
			reply->type ? reply->type : "", reply->type ? "\r\n" : "", length,
			strstr(reply->headers, "Cache-Control:") ? "" : "Cache-Control: no-store\r\n",
			reply->headers, exchange->close ? "Connection: close\r\n" : "");
}

static void send_file(struct exchange *exchange)
{
	char *chunk = malloc(BODY_CHUNK);
	ssize_t count;

	while (chunk && (count = read(exchange->reply.fd, chunk, BODY_CHUNK)) > 0)
		if (mg_write(exchange->connection, chunk, (size_t)count) != count)
			break;
	free(chunk);
}

static void send_reply(struct exchange *exchange)
{
	const struct api_reply *reply = &exchange->reply;
	const void *body = reply->body ? reply->body : reply->constant;
	size_t body_size = body && !is_head_request(exchange) ? reply->size : 0;
	char *buffer = malloc(4096 + body_size);
	int length;

	if (!buffer)
		return;
	length = head_print(exchange, buffer, 4096);
	if (length > 0 && length < 4096) {
		if (body_size)
			memcpy(buffer + length, body, body_size);
		mg_write(exchange->connection, buffer, (size_t)length + body_size);
		if (reply->fd >= 0 && !is_head_request(exchange))
			send_file(exchange);
	}
	free(buffer);
}

/* --- bodies -------------------------------------------------------------------------------------- */

static bool too_slow(struct exchange *exchange)
{
	struct timespec now;
	int64_t elapsed_ms, allowed_ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	elapsed_ms = (now.tv_sec - exchange->began.tv_sec) * 1000 + (now.tv_nsec - exchange->began.tv_nsec) / 1000000;
	allowed_ms = exchange->http->agent->options.body_deadline_ms + exchange->body_read / 65536 * 1000;
	return elapsed_ms > allowed_ms;
}

/* Bytes, 0 at the end, or -errno; struct api_stream's read. */
static long body_read(void *context, void *buffer, size_t size)
{
	struct exchange *exchange = context;
	int64_t length = head_length(&exchange->head);
	int count;

	if (length >= 0 && exchange->body_read >= length)
		return 0;
	count = mg_read(exchange->connection, buffer, size);
	if (count > 0)
		exchange->body_read += count;
	if (too_slow(exchange))
		return -ETIMEDOUT;
	if (count < 0)
		return -EPROTO;
	if (count == 0 && length >= 0)
		return -ECONNRESET;
	if (count == 0)
		exchange->close = false;
	return count;
}

static void body_failed(struct exchange *exchange, long err)
{
	struct api_reply *reply = &exchange->reply;

	if (err == -ETIMEDOUT)
		api_problem(reply, 408, "body-too-slow", "Try again over a better connection.",
			    "The body came in too slowly.");
	else if (err == -EFBIG)
		api_problem(reply, 413, "body-too-large", "Send less.", "A body has at most %d bytes here.",
			    exchange->route->body == ROUTE_BODY_JSON ? ROUTE_JSON_MAX : 0);
	else
		api_problem(reply, 400, "bad-length", "Send as many bytes as the head declares.",
			    "The body was cut off or malformed.");
}

static long body_collect(struct exchange *exchange, size_t limit)
{
	size_t used = 0;
	long count = 0;

	/* One byte more than allowed shows that there is more. */
	exchange->body = malloc(limit + 2);
	if (!exchange->body)
		return -ENOMEM;
	while (used <= limit) {
		count = body_read(exchange, exchange->body + used, limit + 1 - used);
		if (count <= 0)
			break;
		used += (size_t)count;
	}
	if (count < 0)
		return count;
	if (used > limit)
		return -EFBIG;
	exchange->body[used] = '\0';
	exchange->request.body = exchange->body;
	exchange->request.body_size = used;
	return 0;
}

static bool body_type_ok(struct exchange *exchange)
{
	const char *type = head_get(&exchange->head, "Content-Type");

	if (type && strncasecmp(type, "application/json", 16) == 0 && (!type[16] || type[16] == ';'))
		return true;
	api_problem(&exchange->reply, 415, "wrong-content-type", "Send Content-Type: application/json.",
		    "The body is not declared as JSON.");
	return false;
}

static bool body_size_ok(struct exchange *exchange)
{
	int64_t length = head_length(&exchange->head);
	int64_t limit = exchange->route->body == ROUTE_BODY_JSON ? ROUTE_JSON_MAX : 0;

	if (exchange->route->body != ROUTE_BODY_NONE && length < 0 && !head_chunked(&exchange->head)) {
		api_problem(&exchange->reply, 411, "length-required", "Send Content-Length, or chunked.",
			    "The request has no body.");
		return false;
	}
	/* A chunked body where none belongs may still be "{}" or empty: it is read and counted. */
	if (exchange->route->body != ROUTE_BODY_STREAM && length > (limit ? limit : 16)) {
		body_failed(exchange, -EFBIG);
		return false;
	}
	return true;
}

static void continue_if_expected(struct exchange *exchange)
{
	const char *expect = head_get(&exchange->head, "Expect");
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

	if (expect && strcasecmp(expect, "100-continue") == 0)
		mg_write(exchange->connection, go_on, sizeof(go_on) - 1);
}

static bool take_body(struct exchange *exchange)
{
	int64_t length = head_length(&exchange->head);
	long err;

	exchange->close = length > 0 || head_chunked(&exchange->head);
	if (!body_size_ok(exchange) || (exchange->route->body == ROUTE_BODY_JSON && !body_type_ok(exchange)))
		return false;
	if (!exchange->close && exchange->route->body == ROUTE_BODY_NONE)
		return true;
	continue_if_expected(exchange);
	if (exchange->route->body == ROUTE_BODY_STREAM)
		return true;
	err = body_collect(exchange, exchange->route->body == ROUTE_BODY_JSON ? ROUTE_JSON_MAX : 16);
	if (err)
		body_failed(exchange, err);
	else if (length >= 0)
		exchange->close = false;
	return !err;
}

/* --- who asks ------------------------------------------------------------------------------------ */

static int identify(struct exchange *exchange)
{
	struct agent *agent = exchange->http->agent;
	struct api_identity *who = &exchange->request.who;
	char token[AUTH_SECRET_LEN];

	if (head_get(&exchange->head, "Authorization"))
		return head_bearer(&exchange->head, token, sizeof(token)) ?
			       agent->auth_ops->token(agent->auth, token, who) :
			       -EACCES;
	if (!head_cookie(&exchange->head, SESSION_COOKIE, exchange->session, sizeof(exchange->session)))
		return -ENOENT;
	exchange->request.session = exchange->session;
	who->from_cookie = true;
	return agent->auth_ops->session(agent->auth, exchange->session, who);
}

static bool credential_ok(struct exchange *exchange)
{
	int err = identify(exchange);

	if (!err)
		return true;
	if (err == -ENOENT && !exchange->request.session)
		api_problem(&exchange->reply, 401, "no-credential", "Log in, or send a bearer token.",
			    "This needs a credential.");
	else if (err == -EKEYEXPIRED)
		api_problem(&exchange->reply, 401, "session-ended", "Log in again.", "The credential has expired.");
	else if (err == -EACCES || err == -ENOENT)
		api_problem(&exchange->reply, 401, "wrong-credential", "Log in again, or check the token.",
			    "The credential is not known.");
	else
		api_problem(&exchange->reply, 500, "internal", "Look at the board's log.",
			    "The credential could not be checked.");
	api_reply_header(&exchange->reply, "WWW-Authenticate: Bearer realm=\"rotunda\"");
	return false;
}

/* A browser adds the cookie to whatever page asks; only our own pages may write or open a socket with it. */
static bool origin_ok(struct exchange *exchange)
{
	bool writes = strcmp(exchange->head.method, "GET") != 0 && strcmp(exchange->head.method, "HEAD") != 0;
	bool socket = exchange->route->handler == NULL;

	if (!exchange->request.who.from_cookie || !(writes || socket) || head_same_origin(&exchange->head))
		return true;
	api_problem(&exchange->reply, 403, "wrong-origin", "Send Origin, or use a bearer token.",
		    "A write with a session cookie must come from this board's own pages.");
	return false;
}

static bool permitted(struct exchange *exchange)
{
	if (exchange->route->role == API_ROLE_NONE)
		return true;
	if (!credential_ok(exchange) || !origin_ok(exchange))
		return false;
	if (exchange->request.who.role >= exchange->route->role)
		return true;
	api_problem(&exchange->reply, 403, "role-too-low", "Ask an administrator.",
		    "The role of %s does not allow this.", exchange->request.who.username);
	return false;
}

/* --- from request to reply ----------------------------------------------------------------------- */

static bool find_route(struct exchange *exchange)
{
	const char *method = is_head_request(exchange) ? "GET" : exchange->head.method;
	char allow[128];

	switch (route_find(method, exchange->head.path, &exchange->route, exchange->request.name, allow,
			   sizeof(allow))) {
	case ROUTE_FOUND:
		return true;
	case ROUTE_NO_METHOD:
		api_problem(&exchange->reply, 405, "method-not-allowed", "Use a method that Allow lists.",
			    "%.16s is not possible here.", exchange->head.method);
		api_reply_header(&exchange->reply, "Allow: %s", allow);
		return false;
	default:
		api_problem(&exchange->reply, 404, "not-found", "agent/README.md lists the paths.",
			    "There is nothing at this path.");
		return false;
	}
}

static void request_fill(struct exchange *exchange)
{
	struct api_request *request = &exchange->request;

	request->method = exchange->head.method;
	request->path = exchange->head.path;
	request->query = exchange->info->query_string;
	request->if_match = head_get(&exchange->head, "If-Match");
	request->if_none_match = head_get(&exchange->head, "If-None-Match");
	request->remote = exchange->info->remote_addr;
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

static bool socket_prepare(struct exchange *exchange)
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

static void run_handler(struct exchange *exchange)
{
	struct api_stream stream = { body_read, exchange, head_length(&exchange->head) };

	if (!take_body(exchange))
		return;
	exchange->request.stream = &stream;
	exchange->route->handler(exchange->http->agent, &exchange->request, &exchange->reply);
	if (exchange->route->body == ROUTE_BODY_STREAM && stream.declared >= 0)
		exchange->close = exchange->body_read < stream.declared;
}

static bool asset_requested(struct exchange *exchange)
{
	if (strncmp(exchange->head.path, "/api/", 5) == 0 || strcmp(exchange->head.path, "/healthz") == 0)
		return false;
	return assets_reply(exchange->http->agent, exchange->head.method, exchange->head.path,
			    head_get(&exchange->head, "If-None-Match"),
			    head_get(&exchange->head, "Accept-Encoding"), &exchange->reply);
}

/* True: hand the connection to the WebSocket part. */
static bool exchange_run(struct exchange *exchange)
{
	const char *host;

	exchange->close = true;
	if (!head_check(&exchange->head, &exchange->reply))
		return false;
	host = head_get(&exchange->head, "Host");
	if (!head_host_is_ours(host, exchange->http->host_name)) {
		api_problem(&exchange->reply, 421, "bad-host", "Use the board's address or its own name.",
			    "This board does not answer to the host name of the request.");
		return false;
	}
	exchange->close = head_length(&exchange->head) > 0 || head_chunked(&exchange->head);
	if (asset_requested(exchange) || !find_route(exchange))
		return false;
	request_fill(exchange);
	if (!permitted(exchange))
		return false;
	if (!exchange->route->handler)
		return socket_allowed(exchange) && socket_prepare(exchange);
	run_handler(exchange);
	return false;
}

/* --- plain HTTP ---------------------------------------------------------------------------------- */

static void redirect(struct exchange *exchange)
{
	const char *host = head_get(&exchange->head, "Host");
	size_t length;
	char port[8] = "";

	exchange->close = true;
	if (!head_check(&exchange->head, &exchange->reply))
		return;
	if (!head_host_is_ours(host, exchange->http->host_name)) {
		api_problem(&exchange->reply, 421, "bad-host", "Use the board's address or its own name.",
			    "This board does not answer to the host name of the request.");
		return;
	}
	length = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
	if (exchange->http->agent->options.public_port != 443)
		snprintf(port, sizeof(port), ":%d", exchange->http->agent->options.public_port);
	exchange->reply.status = 308;
	api_reply_header(&exchange->reply, "Location: https://%.*s%s%s", (int)length, host, port, exchange->head.path);
}

/* --- civetweb's hooks ---------------------------------------------------------------------------- */

static int begin_request(struct mg_connection *connection)
{
	struct exchange *exchange = calloc(1, sizeof(*exchange));
	bool socket = false;
	int status;

	if (!exchange) {
		mg_disable_connection_keep_alive(connection);
		return 500;
	}
	exchange->info = mg_get_request_info(connection);
	exchange->http = exchange->info->user_data;
	exchange->connection = connection;
	clock_gettime(CLOCK_MONOTONIC, &exchange->began);
	api_reply_init(&exchange->reply);
	head_fill(exchange);
	if (exchange->info->is_ssl)
		socket = exchange_run(exchange);
	else
		redirect(exchange);
	status = exchange->reply.status ? exchange->reply.status : 500;
	if (!socket) {
		if (exchange->close)
			mg_disable_connection_keep_alive(connection);
		send_reply(exchange);
	}
	api_reply_free(&exchange->reply);
	free(exchange->body);
	free(exchange);
	return socket ? 0 : status;
}

/* What civetweb refuses by itself gets our shape of error, too. */
static int http_error(struct mg_connection *connection, int status, const char *message)
{
	struct exchange exchange = { .connection = connection, .info = mg_get_request_info(connection), .close = true };
	char method[] = "GET";
	struct mg_request_info unparsed = { .request_method = method };

	if (!exchange.info || !exchange.info->request_method)
		exchange.info = &unparsed;
	api_reply_init(&exchange.reply);
	api_problem(&exchange.reply, status, status == 413 ? "body-too-large" : "bad-request",
		    "Send a well-formed HTTP/1.1 request.", "The request was refused: %s.", message);
	mg_disable_connection_keep_alive(connection);
	send_reply(&exchange);
	api_reply_free(&exchange.reply);
	return 0;
}

static int log_message(const struct mg_connection *connection, const char *message)
{
	(void)connection;
	agent_log("warning", "%s", message);
	return 1;
}

/* --- WebSocket consoles -------------------------------------------------------------------------- */

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

/* --- start and stop ------------------------------------------------------------------------------ */

static void ports_print(const struct agent_options *options, char *ports, size_t size)
{
	if (options->listen)
		snprintf(ports, size, "%s:%ds,%s:%d", options->listen, options->https_port, options->listen,
			 options->http_port);
	else
		/* '+': IPv4 and IPv6 */
		snprintf(ports, size, "+%ds,+%d", options->https_port, options->http_port);
}

static struct mg_context *server_start(struct http *http, const char *certificate)
{
	static const struct mg_callbacks callbacks = { .begin_request = begin_request,
						       .http_error = http_error,
						       .log_message = log_message };
	char ports[160], workers[16];
	const char *options[] = {
		"listening_ports", ports,
		"num_threads", workers,
		"ssl_certificate", certificate,
		"ssl_protocol_version", "4", /* TLS 1.2 and up */
		"ssl_cipher_list", "ECDHE+AESGCM:ECDHE+CHACHA20",
		"enable_keep_alive", "yes",
		"keep_alive_timeout_ms", "5000",
		"request_timeout_ms", "10000",
		"websocket_timeout_ms", "20000",
		"enable_websocket_ping_pong", "yes",
		"connection_queue", "256",
		"tcp_nodelay", "1",
		"decode_url", "no",
		"decode_query_string", "no",
		"enable_directory_listing", "no",
		"access_control_allow_origin", "",
		NULL,
	};

	ports_print(&http->agent->options, ports, sizeof(ports));
	snprintf(workers, sizeof(workers), "%d", http->agent->options.workers);
	return mg_start(&callbacks, http, options);
}

struct http *http_start(struct agent *agent, const char *certificate)
{
	struct http *http = calloc(1, sizeof(*http));

	if (!http)
		return NULL;
	http->agent = agent;
	gethostname(http->host_name, sizeof(http->host_name) - 1);
	/* Without its TLS bit civetweb would crash on the first TLS client. */
	if (mg_init_library(MG_FEATURES_TLS | MG_FEATURES_IPV6 | MG_FEATURES_WEBSOCKET) & MG_FEATURES_TLS)
		http->context = server_start(http, certificate);
	if (!http->context) {
		agent_log("error", "the ports %d and %d cannot be served", agent->options.https_port,
			  agent->options.http_port);
		free(http);
		return NULL;
	}
	mg_set_websocket_handler(http->context, STREAM_PATTERN, socket_connect, socket_ready, socket_data,
				 socket_close, NULL);
	return http;
}

void http_stop(struct http *http)
{
	if (!http)
		return;
	mg_stop(http->context);
	mg_exit_library();
	free(http);
}
