/* SPDX-License-Identifier: MIT */
/* Neighbours of the agent that a test scripts: a store in memory, two users, a driver of made-up cells. */
#ifndef FAKES_AGENT_WORLD_H
#define FAKES_AGENT_WORLD_H

#include "agent.h"

#define WORLD_MAX 72

struct world_cell {
	struct driver_cell cell;
	int pipe[2]; /* [0] is what the agent reads as the console, [1] the cell's end; -1 when closed */
	size_t loaded;
	struct binary config;
};

struct world_version {
	char cell[API_NAME_LEN];
	struct store_version version;
};

struct world {
	/* store */
	struct store_cell cells[WORLD_MAX];
	struct store_image images[WORLD_MAX];
	struct store_event events[256], request; /* the last write that was recorded */
	size_t num_requests;
	struct store_placement placements[WORLD_MAX];
	size_t num_cells, num_images, num_events, num_placements;
	struct store_preset presets[8];
	size_t num_presets;
	struct {
		char key[32], value[16384];
	} settings[6];
	char wanted[16];
	char unfinished[512]; /* the setting with the command at work */
	int64_t revisions;
	struct world_version versions[WORLD_MAX];
	size_t num_versions;
	int store_error; /* the next write fails with it */
	/* driver */
	bool present, enabled;
	struct world_cell created[WORLD_MAX];
	size_t num_created;
	int last_id;
	int news; /* eventfd: what the driver would tell */
	int start_error, create_error, load_error, enable_error;
	bool unwilling; /* cells deny to be stopped */
	unsigned int start_delay_ms;
	struct driver_audit audit; /* what the hypervisor found; one more of `audits` each time it looks */
	char known[512]; /* `unfinished` when the driver was asked last */
	/* auth */
	bool set_up;
	char data[64]; /* temporary folder */
};

/* A running agent in a fresh folder. */
void world_open(struct world *world, struct agent *agent);
void world_close(struct world *world, struct agent *agent);

/* A definition of the fake compiler: {"name":…,"cpu":N,"image":…}; everything else is refused. */
#define WORLD_DEFINITION "{\"name\":\"beat\",\"cpu\":2,\"image\":\"beat.bin\"}"
#define WORLD_ADMIN_TOKEN "token-of-admin"
#define WORLD_VIEWER_TOKEN "token-of-viewer"

/* What is stored under that key; 16384 bytes. */
char *world_setting(struct world *world, const char *key);

void world_say(struct world *world, const char *name, const char *text); /* the cell prints */

/*
 * The driver says something new of a cell: "failed" with a code, "shut down", "running". With the code "system-reset" it was
 * started once more.
 */
void world_state(struct world *world, const char *name, const char *state, const char *code);

#endif
