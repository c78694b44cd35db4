/* SPDX-License-Identifier: MIT */
/*
 * What a person asked for and what is not done yet, in the store: an agent that was killed in the middle of a command carries it
 * to its end when it is back. There is one at a time, as there is one supervisor. A store that fails is logged; the command is done.
 */
#ifndef AGENT_INTENT_H
#define AGENT_INTENT_H

#include "agent.h"

/* Above this many attempts a command is given up: it may be what kills the agent. */
#define INTENT_ATTEMPTS 3

#define INTENT_BOOT_ID 40 /* bytes */

struct intent {
	char boot[INTENT_BOOT_ID]; /* the kernel's boot_id: a command does not outlive the board's reset */
	char verb[16]; /* "enable", "disable", "boot", "start", "stop", "restart", "destroy" */
	char cell[API_NAME_LEN]; /* "" for commands on the hypervisor */
	char actor[API_NAME_LEN];
	int attempts; /* this one included */
};

/* Before the driver is asked for anything. Counts on when the same command is what was left unfinished. */
void intent_begin(struct agent *agent, const char *verb, const char *cell, const char *actor);
/* The command has an outcome, good or bad. */
void intent_end(struct agent *agent);

/* False when nothing is left unfinished. */
bool intent_left(struct agent *agent, struct intent *intent);
/* The kernel's name for this boot. */
void intent_boot_id(char id[INTENT_BOOT_ID]);
/* It was begun since the board's last reset. */
bool intent_is_of_this_boot(const struct intent *intent);

#endif
