/* SPDX-License-Identifier: MIT */
/* How long an answer waits for its command, and what it says of one that goes on. */
#ifndef AGENT_COMMAND_WAIT_H
#define AGENT_COMMAND_WAIT_H

#include "api.h"

/* 10 s, or what `Prefer: respond-async` or `Prefer: wait=SECONDS` ask for (RFC 7240), up to that. */
int command_wait_ms(const struct api_request *request);

/* 202, and where it can be asked for. The body is there already. */
void command_goes_on(struct api_reply *reply, int64_t id);

#endif
