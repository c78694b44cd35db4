/* SPDX-License-Identifier: MIT */
/*
 * Cells that are started again by themselves, as their definitions say: when, how often, and when it is given up. Nothing is polled: what
 * has to be done later waits in the supervisor's queue (supervisor_later()).
 */
#ifndef AGENT_RESTARTS_H
#define AGENT_RESTARTS_H

#include "agent.h"

struct restarts *restarts_new(void);
void restarts_free(struct restarts *restarts);

/* A cell ended without being asked by this agent: failed (or its watchdog stopped it), or it switched itself off. */
void restarts_ended(struct agent *agent, const char *name, bool failed);
/* A person gave a command, or the cell is gone: what waits is dropped, and counting begins again. */
void restarts_forget(struct agent *agent, const char *name);

struct restarts_view {
	unsigned int total; /* since a person started it */
	int64_t next; /* seconds since 1970; 0: none waits */
	bool given_up;
};

void restarts_view(struct agent *agent, const char *name, struct restarts_view *view);

#endif
