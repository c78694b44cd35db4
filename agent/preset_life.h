/* SPDX-License-Identifier: MIT */
/*
 * Commands for the supervisor: a preset on trial, confirmed, undone. A command's name is PRESET_ORDER and the preset's, so that nobody takes
 * it for a cell's.
 */
#ifndef AGENT_PRESET_LIFE_H
#define AGENT_PRESET_LIFE_H

#include "supervisor.h"

#define PRESET_ORDER "preset:"

/* Stops what is not of it, starts what is, in its order. One that does not start undoes it all. */
void preset_apply(struct agent *agent, const char *order, const char *actor, struct outcome *outcome);
/* The one on trial is what the next boot starts. */
void preset_confirm(struct agent *agent, const char *order, const char *actor, struct outcome *outcome);
/* A trial: what ran before it runs again. The one of the boot: the one before it takes its place. */
void preset_rollback(struct agent *agent, const char *order, const char *actor, struct outcome *outcome);

/* The agent comes back, the board was not reset: a trial goes on. */
void preset_resume(struct agent *agent, struct outcome *outcome);
/* The board was reset: a trial that was not confirmed is over. */
void preset_board_was_reset(struct agent *agent);

/* Of the preset on trial; 0: none. */
int64_t preset_trial_left_ms(const cJSON *state, const char *name);

#endif
