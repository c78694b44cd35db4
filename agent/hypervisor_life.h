/* SPDX-License-Identifier: MIT */
/* Commands for the supervisor: enable and disable. */
#ifndef AGENT_HYPERVISOR_LIFE_H
#define AGENT_HYPERVISOR_LIFE_H

#include "supervisor.h"

#define SETTING_HYPERVISOR_WANTED "hypervisor.wanted" /* "enabled" or "disabled" */

void life_enable(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);
void life_disable(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);

/* As life_enable(), for restore.c: nobody asked, so nothing else is wanted afterwards. */
void hypervisor_enable_at_boot(struct agent *agent, struct outcome *outcome);

/* "enabled" or "disabled": what the next boot brings. */
void hypervisor_want(struct agent *agent, const char *wanted);

/* False and a filled outcome without the driver or when it is not enabled. */
bool hypervisor_ready(struct agent *agent, struct outcome *outcome);
/* "driver-missing", "disabled", "enabled" */
const char *hypervisor_state(struct agent *agent);

#endif
