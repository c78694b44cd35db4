/* SPDX-License-Identifier: MIT */
/*
 * Presets: which cells a board runs. What is stored by name (struct store_preset), and what is at work: the one that a boot brings back, the
 * one on trial, those that failed. The second lives in one setting, so that each change of it is one write.
 */
#ifndef AGENT_PRESETS_H
#define AGENT_PRESETS_H

#include "agent.h"

#define PRESET_CELLS_MAX 32
#define PRESET_TRIAL_DEFAULT 600 /* seconds */
#define PRESET_SECONDS_MAX 86400

struct preset {
	char name[API_NAME_LEN];
	int64_t version;
	char cells[PRESET_CELLS_MAX][API_NAME_LEN]; /* in the order that they are written in */
	size_t num_cells;
	uint32_t trial_s; /* undone after that, when nobody confirmed it */
	uint32_t healthy_s; /* confirmed when all cells have run for so long; 0: only by a person */
};

/* The body of a request, which has been checked for its members. False: *problem says why. */
bool preset_read(const cJSON *json, struct preset *preset, struct json_problem *problem);
/* By name. -ENOENT. */
int preset_load(struct agent *agent, const char *name, struct preset *preset);

/* An object with the members boot, previous, trial, failed; absent ones are not there. cJSON_Delete() it. */
cJSON *presets_state(struct agent *agent);
void presets_state_put(struct agent *agent, const cJSON *state);

cJSON *preset_json(const struct preset *preset); /* for the state */
/* False when there is none of that name in the state. */
bool preset_of(const cJSON *state, const char *member, struct preset *preset);

/* Why that version must not be started by itself any more; NULL: it did not fail. Of *state. */
const char *preset_failure(const cJSON *state, const char *name, int64_t version);
void preset_set_failure(cJSON *state, const char *name, int64_t version, const char *why);

#endif
