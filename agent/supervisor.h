/* SPDX-License-Identifier: MIT */
/* The one thread that commands the driver: commands come in order and never meet. */
#ifndef AGENT_SUPERVISOR_H
#define AGENT_SUPERVISOR_H

#include "agent.h"
#include "outcome.h"

/* Runs on the supervisor's thread. name is "" for commands on the hypervisor. */
typedef void (*command_fn)(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);

struct supervisor *supervisor_start(struct agent *agent);
/* Finishes the command at work, drops those that wait. */
void supervisor_stop(struct supervisor *supervisor);

/*
 * Queues a command and waits for it. 0: *outcome is its result. -EINPROGRESS: it goes on after
 * timeout_ms. -EBUSY: too many commands wait, or it is stopping.
 */
int supervisor_run(struct supervisor *supervisor, command_fn run, const char *name, const char *actor, int timeout_ms,
		   struct outcome *outcome);

#endif
