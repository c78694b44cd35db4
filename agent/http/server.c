// SPDX-License-Identifier: MIT
/*
 * Listening, TLS, and civetweb's hooks. civetweb takes much that is not HTTP; head.c refuses it. Two limits are compiled into it,
 * see CMakeLists.txt: the size of a WebSocket frame, and a deadline for every read.
 */
#include "http.h"

#include "exchange.h"
#include "news.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Streams are as long as somebody watches: they say nothing about how fast this is. */
static void count(const struct exchange *exchange, int status)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!exchange->sent)
		traffic_count(&exchange->http->agent->traffic, exchange->head.path, status,
			      (uint64_t)((now.tv_sec - exchange->began.tv_sec) * 1000000000LL + now.tv_nsec -
					 exchange->began.tv_nsec));
}

static int begin_request(struct mg_connection *connection)
{
	struct exchange *exchange = calloc(1, sizeof(*exchange));
	bool socket = false;
	int status;

	if (!exchange) {
		mg_disable_connection_keep_alive(connection);
		return 500;
	}
	exchange_begin(exchange, connection);
	if (exchange->info->is_ssl)
		socket = exchange_run(exchange);
	else
		exchange_redirect(exchange);
	status = exchange->reply.status ? exchange->reply.status : 500;
	if (!socket) {
		if (exchange->close)
			mg_disable_connection_keep_alive(connection);
		if (!exchange->sent)
			reply_send(exchange);
		count(exchange, status);
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
	reply_send(&exchange);
	api_reply_free(&exchange.reply);
	return 0;
}

static int log_message(const struct mg_connection *connection, const char *message)
{
	(void)connection;
	agent_log("warning", "%s", message);
	return 1;
}

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
		"listening_ports",
		ports,
		"num_threads",
		workers,
		"ssl_certificate",
		certificate,
		"ssl_protocol_version",
		"4", /* TLS 1.2 and up */
		"ssl_cipher_list",
		"ECDHE+AESGCM:ECDHE+CHACHA20",
		"enable_keep_alive",
		"yes",
		"keep_alive_timeout_ms",
		"5000",
		"request_timeout_ms",
		"10000",
		"websocket_timeout_ms",
		"20000",
		"enable_websocket_ping_pong",
		"yes",
		"connection_queue",
		"256",
		"tcp_nodelay",
		"1",
		"decode_url",
		"no",
		"decode_query_string",
		"no",
		"enable_directory_listing",
		"no",
		"access_control_allow_origin",
		"",
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
	socket_serve(http->context);
	return http;
}

void http_stop(struct http *http)
{
	if (!http)
		return;
	news_close(http->agent->news); /* or a stream of events would hold its thread for ever */
	mg_stop(http->context);
	mg_exit_library();
	free(http);
}
