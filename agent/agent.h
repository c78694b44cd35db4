/* SPDX-License-Identifier: MIT */
/* The daemon's one object: its neighbours, its threads, its options. */
#ifndef AGENT_AGENT_H
#define AGENT_AGENT_H

#include "ports.h"
#include "traffic.h"

#include <time.h>

struct supervisor;
struct cell_table;
struct collector;
struct recorder;
struct observer;
struct news;
struct operations;
struct restarts;
struct watchdog;
struct exit_rates;
struct webui_asset;

struct agent_options {
	const char *data; /* folder: database, images/, certificate */
	const char *board_dir; /* system.cell and system.json of this board */
	const char *device_tree; /* folder */
	const char *listen; /* address; NULL: all, IPv4 and IPv6 */
	int https_port, http_port;
	int public_port; /* of HTTPS, as clients see it */
	int workers;
	unsigned int second_ms; /* what a second of a preset or a boot lasts; 0: a second. Tests have no time. */
	int body_deadline_ms; /* a body must be complete after this, plus 1 s per 64 KiB */
};

struct agent {
	struct agent_options options;
	const struct store_ops *store_ops;
	void *store;
	const struct auth_ops *auth_ops;
	void *auth;
	const struct driver_ops *driver_ops;
	void *driver;
	const struct compiler_ops *compiler_ops;
	void *compiler;
	struct supervisor *supervisor;
	struct cell_table *cells;
	struct collector *collector;
	struct recorder *recorder; /* of consoles */
	struct observer *observer;
	struct news *news;
	struct operations *operations;
	struct restarts *restarts;
	struct watchdog *watchdog;
	struct exit_rates *rates;
	const struct webui_asset *assets; /* the dashboard; may be empty */
	size_t num_assets;
	time_t started;
	struct traffic traffic;
	int notice; /* what people at the board read (notice.h); -1: nothing */
};

static inline int64_t agent_seconds_ms(const struct agent *agent, uint32_t seconds)
{
	return (int64_t)seconds * (agent->options.second_ms ? agent->options.second_ms : 1000);
}

/* Threads and tables, neighbours already filled in. 0 or -errno. */
int agent_start(struct agent *agent);
void agent_stop(struct agent *agent);

/* Records what happened; a store that fails is logged, the deed stays done. */
void agent_event(struct agent *agent, const char *severity, const char *kind, const char *cell, const char *actor,
		 const char *format, ...) __attribute__((format(printf, 6, 7)));

/* The same of a cell that failed, with its last words (last_words.h). */
void agent_cell_failed(struct agent *agent, const char *kind, const char *cell, const char *actor,
		       const struct driver_reason *reason);

/* One line on stderr with a level. Never a secret. */
void agent_log(const char *level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
