/* SPDX-License-Identifier: MIT */
/* A cell's console between the driver, the collector and those who watch. */
#ifndef AGENT_FOLLOW_H
#define AGENT_FOLLOW_H

#include "agent.h"

/* Opens the console of a created cell and keeps its output; nothing when that is done already. */
void follow_console(struct agent *agent, const char *name);
/* Tells those who watch. */
void follow_state(struct agent *agent, const char *name, const char *state);

#endif
