/* SPDX-License-Identifier: MIT */
/* Cells that are taken for hung when they say nothing for as long as their definition allows: one order each waits in the supervisor's queue. */
#ifndef AGENT_WATCHDOG_H
#define AGENT_WATCHDOG_H

#include "agent.h"

struct watchdog;

struct watchdog *watchdog_new(void);
void watchdog_free(struct watchdog *watchdog);

/* The cell runs from now on: its time begins. Nothing happens when its definition wants no watchdog. */
void watchdog_begin(struct agent *agent, const char *name);

#endif
