/* SPDX-License-Identifier: MIT */
/* Who has asked for which write, from where, and how it was answered: an event of the kind "request" each. */
#ifndef AGENT_REQUEST_LOG_H
#define AGENT_REQUEST_LOG_H

#include "agent.h"

/*
 * Events of this kind are listed only to those who ask for the kind, and count their ids apart: what a write has done is an event
 * of its own, and who follows those is told of every gap.
 */
#define REQUEST_EVENT "request"

/* A read, and one that nobody known has sent, is not recorded. */
void request_log(struct agent *agent, const struct api_request *request, const struct api_reply *reply);

#endif
