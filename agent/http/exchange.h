/* SPDX-License-Identifier: MIT */
/* One request on its way through the server. Only this folder sees it, and civetweb. */
#ifndef AGENT_HTTP_EXCHANGE_H
#define AGENT_HTTP_EXCHANGE_H

#include "agent.h"
#include "head.h"
#include "route.h"

#include <civetweb.h>
#include <time.h>

struct http {
	struct agent *agent;
	struct mg_context *context;
	char host_name[65];
};

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
	bool unbounded; /* the reply's length is not known when its head is sent */
	bool sent; /* the reply is on its way already */
	bool close; /* the body was not read to its end: the connection cannot go on */
};

/* exchange.c: fills in exchange->reply, or sends it; true instead: hand the connection to the WebSocket part. */
void exchange_begin(struct exchange *exchange, struct mg_connection *connection);
bool exchange_run(struct exchange *exchange);
void exchange_redirect(struct exchange *exchange); /* plain HTTP only points to HTTPS */

/* credential.c: false and a problem reply when the request may not be made */
bool credential_permits(struct exchange *exchange);
int credential_identify(struct exchange *exchange); /* 0: request.who is who asks; a session counts as used */

/* body.c */
bool body_take(struct exchange *exchange); /* false and a problem reply */
long body_read(void *exchange, void *buffer, size_t size); /* bytes, 0 at the end, -errno; struct api_stream's read */

/* reply.c: head and body in one write */
void reply_send(struct exchange *exchange);
bool reply_without_body(const struct exchange *exchange); /* HEAD */

/* event_stream.c: sends events until the client has gone, or a problem reply is left to be sent */
void event_stream_run(struct exchange *exchange);

/* socket.c */
bool socket_prepare(struct exchange *exchange); /* false and a problem reply */
void socket_serve(struct mg_context *context);

#endif
