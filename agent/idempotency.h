/* SPDX-License-Identifier: MIT */
/*
 * Idempotency-Key: a POST that is sent twice is done once, and answered twice alike, also when the agent was restarted in between.
 * What was answered is kept for a day, for who asked. An answer with a secret in it is not kept.
 */
#ifndef AGENT_IDEMPOTENCY_H
#define AGENT_IDEMPOTENCY_H

#include "agent.h"

/* True: the request is to be carried out, and idempotency_end() told. False: the reply is there. Without a key always true. */
bool idempotency_begin(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void idempotency_end(struct agent *agent, const struct api_request *request, const struct api_reply *reply);

#endif
