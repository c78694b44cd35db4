/* SPDX-License-Identifier: MIT */
/* HTTPS, HTTP (redirects only) and WebSocket in front of the handlers. */
#ifndef AGENT_HTTP_H
#define AGENT_HTTP_H

#include "agent.h"

struct http;

/* certificate: PEM file with key and certificate. NULL when the ports cannot be had; the reason is logged. */
struct http *http_start(struct agent *agent, const char *certificate);
void http_stop(struct http *http);

#endif
