/* SPDX-License-Identifier: MIT */
/* Commands for the supervisor: enable, disable, and what a start of the agent brings back. */
#ifndef AGENT_HYPERVISOR_LIFE_H
#define AGENT_HYPERVISOR_LIFE_H

#include "supervisor.h"

#define SETTING_HYPERVISOR_WANTED "hypervisor.wanted" /* "enabled" or "disabled" */

void life_enable(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);
void life_disable(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);

/* At start: leaves alone what runs, or brings back what should run. */
void life_restore(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);

/* False and a filled outcome without the driver or when it is not enabled. */
bool hypervisor_ready(struct agent *agent, struct outcome *outcome);
/* "driver-missing", "disabled", "enabled" */
const char *hypervisor_state(struct agent *agent);

#endif
