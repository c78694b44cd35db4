/* SPDX-License-Identifier: MIT */
/*
 * Client of /dev/jailhouse and of its sysfs tree. No global state; a client may be used by one thread
 * at a time. Functions return 0 or -errno unless they say otherwise. After a failure
 * jh_client_reason() tells why.
 */
#ifndef JAILHOUSE_CLIENT_H
#define JAILHOUSE_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JH_CLIENT_DEVICE "/dev/jailhouse"
#define JH_CLIENT_SYSFS "/sys/devices/jailhouse"
#define JH_CLIENT_STATISTICS 16 /* counters kept of a cell */

struct jh_client;

struct jh_client_paths {
	const char *device; /* NULL: JH_CLIENT_DEVICE */
	const char *sysfs; /* NULL: JH_CLIENT_SYSFS */
};

/* Why a request was refused. code is kebab-case and empty when only the errno is known. */
struct jh_client_reason {
	int error; /* positive errno, 0 = nothing was refused */
	char code[40];
	char text[208];
	char remedy[260];
};

struct jh_client_image {
	const void *data;
	uint64_t size;
	uint64_t target; /* address as the cell sees it */
};

struct jh_client_statistic {
	char name[32];
	uint64_t value;
};

struct jh_client_cell {
	int id;
	char name[32];
	char state[24]; /* "running", "running/locked", "shut down", "failed", "Comm ABI mismatch" */
	char cpus[256]; /* list format: "0-1,3" */
	char failed_cpus[256]; /* list format, empty when none failed */
	uint64_t starts; /* how often the cell was started */
	char failure[256]; /* "code: sentence", empty when it did not fail */
	size_t num_statistics;
	struct jh_client_statistic statistics[JH_CLIENT_STATISTICS]; /* sorted by name */
};

struct jh_client_system {
	bool present; /* the driver is loaded */
	bool enabled;
	uint64_t mem_pool_size, mem_pool_used; /* 4 KiB pages */
	uint64_t remap_pool_size, remap_pool_used;
};

/* -ENOENT: the driver is not loaded. paths may be NULL; its strings are copied. */
int jh_client_open(struct jh_client **client, const struct jh_client_paths *paths);
void jh_client_close(struct jh_client *client);

/* -EINVAL before the driver is asked when the blob is shorter than its own counts say. */
int jh_client_enable(struct jh_client *client, const void *config, size_t size);
int jh_client_disable(struct jh_client *client);

/* A cell is named by its id, or by its name when id is -1. */
int jh_client_cell_create(struct jh_client *client, const void *config, size_t size);
int jh_client_cell_load(struct jh_client *client, int id, const char *name, const struct jh_client_image *images,
			size_t count);
int jh_client_cell_start(struct jh_client *client, int id, const char *name);
int jh_client_cell_shutdown(struct jh_client *client, int id, const char *name);
int jh_client_cell_destroy(struct jh_client *client, int id, const char *name);

/* Without asking the cell; the second one also when another cell has locked the configuration. */
int jh_client_cell_force_shutdown(struct jh_client *client, int id, const char *name);
int jh_client_cell_force_destroy(struct jh_client *client, int id, const char *name);

/* A file descriptor (uapi/jailhouse.h says how it behaves), or -errno. The caller closes it. */
int jh_client_cell_console(struct jh_client *client, int id, const char *name);

/* An audit of all stage-2 tables by the hypervisor; 0 also when it found a violation. */
#define JH_CLIENT_AUDIT_CLEAN	   0
#define JH_CLIENT_AUDIT_VIOLATION  1
#define JH_CLIENT_AUDIT_INCOMPLETE 2 /* nothing is proven: the hypervisor had no memory for it */
struct jh_client_audit {
	int result;
	unsigned int cells, extents, duration_us;
	uint64_t pages, audits, violations; /* the last two since enable */
	char code[40], text[208];	    /* of the last violation since enable, empty when there was none */
};
int jh_client_audit(struct jh_client *client, struct jh_client_audit *audit);
/* The last one, from sysfs, without a client. -ENOENT: no driver; -ENOTCONN: not enabled. */
int jh_client_audit_last(const char *sysfs, struct jh_client_audit *audit);

/* The client's descriptor of the device: read() gives the hypervisor's log. Owned by the client. */
int jh_client_fd(const struct jh_client *client);

/* Why the client's last request failed. Never NULL; valid until the next request. */
const struct jh_client_reason *jh_client_reason(const struct jh_client *client);

/* These only read sysfs and work without a client. sysfs NULL: JH_CLIENT_SYSFS. */
int jh_client_system(const char *sysfs, struct jh_client_system *system);
/* All cells, root first, sorted by id; free() *cells. No driver: 0 cells. */
int jh_client_cells(const char *sysfs, struct jh_client_cell **cells, size_t *count);
/* Counters of a cell's CPU, or of all of them together (-1), sorted; list has JH_CLIENT_STATISTICS places. */
int jh_client_statistics(const char *sysfs, int id, int cpu, struct jh_client_statistic *list, size_t *count);
/* The binary that the cell was created from; free() it. -ENOENT: no such cell, the root cell, or an older driver. */
int jh_client_cell_config(const char *sysfs, int id, void **config, size_t *size);
/*
 * The flight recorder as text, a line for each record (driver/README.md): of the hypervisor that runs, or what was recovered of
 * those before it. free() it; empty when there is none. -ENOENT: no driver.
 */
int jh_client_recorder(const char *sysfs, bool previous, char **text, size_t *size);

#endif
