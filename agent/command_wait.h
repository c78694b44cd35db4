/* SPDX-License-Identifier: MIT */
/* How long an answer waits for its command, and what it says of one that goes on. */
#ifndef AGENT_COMMAND_WAIT_H
#define AGENT_COMMAND_WAIT_H

#include "api.h"

/* What `Prefer: respond-async` or `Prefer: wait=SECONDS` ask for (RFC 7240), at most 10 s. */
int command_wait_preferred_ms(const struct api_request *request, int otherwise_ms);

/* The same, and 1 s for those who ask for nothing. */
int command_wait_ms(const struct api_request *request);

/* 202, and where it can be asked for. The body is there already. */
void command_goes_on(struct api_reply *reply, int64_t id);

#endif
