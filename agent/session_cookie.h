/* SPDX-License-Identifier: MIT */
#ifndef AGENT_SESSION_COOKIE_H
#define AGENT_SESSION_COOKIE_H

#include "agent.h"

#define SESSION_COOKIE "rotunda_session"

void session_cookie_set(struct api_reply *reply, const char *session);
void session_login_failed(struct api_reply *reply, int err, int retry_after);

/* Logs in and replies, either way. */
bool session_login(struct agent *agent, const struct api_request *request, const char *username,
		   const char *password, struct api_reply *reply);

#endif
