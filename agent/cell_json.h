/* SPDX-License-Identifier: MIT */
/* The JSON of a cell: its definition, the driver's word, and what the agent knows, in one object. */
#ifndef AGENT_CELL_JSON_H
#define AGENT_CELL_JSON_H

#include "agent.h"

cJSON *cell_json(struct agent *agent, const struct store_cell *cell);

/* "cpus" and "memory"; unplaced: automatic regions have no address yet. */
void cell_json_resources(cJSON *json, const struct compiled_cell *compiled, bool unplaced);

/* "defined", "stopped", "starting", "running", "stopping", "failed"; *id is 0 when it is not created. */
void cell_state(struct agent *agent, const char *name, char state[16], int *id, struct driver_reason *failure);

#endif
