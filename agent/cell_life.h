/* SPDX-License-Identifier: MIT */
/*
 * Commands for the supervisor: what start, stop, restart and destroy mean in driver calls. Whoever gives one has claimed the
 * cell (cell_table_claim()); the command gives the claim back.
 */
#ifndef AGENT_CELL_LIFE_H
#define AGENT_CELL_LIFE_H

#include "supervisor.h"

void life_start(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);
void life_stop(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);
void life_restart(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);
void life_destroy(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);

/* As life_restart(), of a cell that ended by itself: it goes on counting (restarts.h). */
void life_restart_by_itself(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);

/* The same as a part of a boot or a preset, which is what is finished when the agent is killed. */
void life_start_within(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);
void life_stop_within(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);

#endif
