/* SPDX-License-Identifier: MIT */
/* From the cells that run to those that shall. On the supervisor's thread. */
#ifndef AGENT_PRESET_SWITCH_H
#define AGENT_PRESET_SWITCH_H

#include "outcome.h"
#include "presets.h"

enum preset_switch_manner { PRESET_SWITCH_STOP_AT_ERROR, PRESET_SWITCH_GO_ON };

/* Whether it can begin: the hypervisor is enabled, and each cell has a definition. Nothing is changed. */
bool preset_switch_check(struct agent *agent, const struct preset *preset, struct outcome *outcome);
/* Stops defined cells that are not named, then starts those that do not run, in the order of their "after". Sorts the names. */
void preset_switch(struct agent *agent, char (*names)[API_NAME_LEN], size_t count, const char *actor,
		   enum preset_switch_manner manner, struct outcome *outcome);
/* The defined cells that run; at most PRESET_CELLS_MAX. */
size_t preset_switch_running(struct agent *agent, char names[PRESET_CELLS_MAX][API_NAME_LEN]);

#endif
