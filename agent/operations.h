/* SPDX-License-Identifier: MIT */
/*
 * The commands that people gave, by number: what has become of them can be asked for when the answer did not wait. The newest are
 * kept in memory; what was done is an event as well. Any thread.
 */
#ifndef AGENT_OPERATIONS_H
#define AGENT_OPERATIONS_H

#include "outcome.h"

#define OPERATIONS_KEPT 128 /* twice as many as can wait (supervisor.c) */

enum operation_state { OPERATION_WAITING, OPERATION_RUNNING, OPERATION_DONE, OPERATION_REFUSED, OPERATION_CANCELLED };

struct operation {
	int64_t id; /* above 0; grows, also over restarts of the agent unless the clock goes back */
	char verb[16]; /* "start", "enable", ... */
	char cell[API_NAME_LEN]; /* empty: the hypervisor */
	char actor[API_NAME_LEN];
	enum operation_state state;
	int64_t asked, ended; /* seconds since 1970; ended 0: not yet */
	char doing[48]; /* "loading": the step at work; empty: none */
	int steps; /* that were begun */
	struct outcome outcome; /* of what has ended */
};

struct operations;

struct operations *operations_new(void);
void operations_free(struct operations *operations);

int64_t operations_add(struct operations *operations, const char *verb, const char *cell, const char *actor);
void operations_begin(struct operations *operations, int64_t id);
/* What the command at work does now. */
void operations_step(struct operations *operations, const char *doing);
void operations_end(struct operations *operations, int64_t id, enum operation_state state,
		    const struct outcome *outcome);

/* -ENOENT: there is none, or it is long ago. *ahead: how many must end before it begins. */
int operations_get(struct operations *operations, int64_t id, struct operation *operation, int *ahead);

/* The same, when it has ended, or after timeout_ms. */
int operations_wait(struct operations *operations, int64_t id, int timeout_ms, struct operation *operation, int *ahead);

/* Newest first into `list`, of OPERATIONS_KEPT; how many. */
size_t operations_list(struct operations *operations, struct operation *list);

#endif
