/* SPDX-License-Identifier: MIT */
#ifndef AGENT_ASSETS_H
#define AGENT_ASSETS_H

#include "agent.h"

/* The dashboard's files, compiled in. False when the path is none of them: a route may have it. */
bool assets_reply(const struct agent *agent, const char *method, const char *path, const char *if_none_match,
		  const char *accept_encoding, struct api_reply *reply);

#endif
