/* SPDX-License-Identifier: MIT */
/* Answers that several requests on cells give. */
#ifndef AGENT_CELL_REPLY_H
#define AGENT_CELL_REPLY_H

#include "agent.h"

/* The cell with its ETag. */
void cell_reply(struct agent *agent, struct api_reply *reply, int status, const struct store_cell *cell);
/* False and a problem reply when there is no such definition. */
bool cell_reply_known(struct agent *agent, struct api_reply *reply, const char *name);
/* The same by name, or why not. */
void cell_reply_stored(struct agent *agent, struct api_reply *reply, int status, const char *name);
void cell_reply_unknown(struct api_reply *reply, const char *name);
void cell_reply_store_failed(struct api_reply *reply, int err);

#endif
