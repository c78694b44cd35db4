/* SPDX-License-Identifier: MIT */
/* The one thread that commands the driver: commands come in order and never meet. */
#ifndef AGENT_SUPERVISOR_H
#define AGENT_SUPERVISOR_H

#include "agent.h"
#include "outcome.h"

/* Runs on the supervisor's thread. name is "" for commands on the hypervisor. */
typedef void (*command_fn)(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);

struct supervisor *supervisor_start(struct agent *agent);
/* Finishes the command at work; no other is begun. Orders may still be given until supervisor_free(), which drops them. */
void supervisor_stop(struct supervisor *supervisor);
void supervisor_free(struct supervisor *supervisor);

/* What is to be done, to which cell ("": the hypervisor), and who wants it. */
struct order {
	command_fn run;
	const char *verb, *name, *actor;
};

/*
 * Queues a command and waits for it; *id is its number as an operation (operations.h). 0: *outcome is its result. -EINPROGRESS: it
 * goes on after timeout_ms. -EBUSY: too many commands wait, or it is stopping.
 */
int supervisor_run(struct supervisor *supervisor, const struct order *order, int timeout_ms, struct outcome *outcome,
		   int64_t *id);

/*
 * The same later, with nobody waiting; it is no operation, and whoever runs it claims its cell then. verb must be a constant. An agent
 * that ends forgets it.
 */
void supervisor_later(struct supervisor *supervisor, const struct order *order, int64_t delay_ms);
int64_t supervisor_now_ms(void); /* of the clock that these delays are of */

/* Takes a command back that waits, and its claim on the cell; whoever waits for it is told. -ENOENT: it does not wait (any more). */
int supervisor_cancel(struct supervisor *supervisor, int64_t id);

#endif
