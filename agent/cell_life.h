/* SPDX-License-Identifier: MIT */
/* Commands for the supervisor: what start, stop, restart and destroy mean in driver calls. */
#ifndef AGENT_CELL_LIFE_H
#define AGENT_CELL_LIFE_H

#include "supervisor.h"

void life_start(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);
void life_stop(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);
void life_restart(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);
void life_destroy(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);
void life_enable(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);
void life_disable(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);

/* At start: follows what runs, or brings back what should run. */
void life_restore(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);

/* The driver's word on a cell; -ENOENT when it is not created, -ENODEV without a driver. */
int life_find(struct agent *agent, const char *name, struct driver_cell *cell);
bool life_runs(const struct driver_cell *cell);

#define SETTING_HYPERVISOR_WANTED "hypervisor.wanted" /* "enabled" or "disabled" */

#endif
