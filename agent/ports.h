/* SPDX-License-Identifier: MIT */
/*
 * What the agent needs from its neighbours: the store (db), credentials (auth), the driver
 * (jailhouse_client) and the definition compiler. Handlers and the supervisor know only these
 * tables, so that tests can script every answer, a failing disk and a missing driver included.
 * All functions return 0 or -errno. Strings are NUL-terminated.
 */
#ifndef AGENT_PORTS_H
#define AGENT_PORTS_H

#include "api.h"
#include "definition/policy.h"

struct store_cell {
	char name[API_NAME_LEN];
	char *definition; /* JSON text; store_cell_free() */
	bool start_at_boot;
	int64_t version; /* grows with every change of the definition, from 1 */
	int64_t revision; /* grows with every write, never comes again for that name: the cell's ETag */
	char author[API_NAME_LEN]; /* who writes it, for its history; not read back */
};

/* A definition that a cell has or had. */
struct store_version {
	int64_t version, time; /* time 0, author "": not known */
	char author[API_NAME_LEN];
	char *definition; /* JSON text; store_version_free() */
};

/* Where an automatic region of a cell was placed; rows of a cell come in the order of its regions. */
struct store_placement {
	char cell[API_NAME_LEN];
	uint64_t start, size;
};

/* Which cells a board runs. */
struct store_preset {
	char name[API_NAME_LEN];
	char *body; /* JSON text; store_preset_free() */
	int64_t version, revision; /* as those of a cell */
};

struct store_image {
	char name[API_NAME_LEN];
	char sha256[65];
	uint64_t size;
	int64_t created;
};

struct store_event {
	int64_t id, time;
	char severity[8]; /* "info", "warning", "error" */
	char kind[32];
	char cell[API_NAME_LEN];
	char actor[API_NAME_LEN];
	char detail[512];
	char request[768]; /* JSON of a write (request_log.c); empty: none */
	const char *words; /* JSON text, more about it, or NULL: it is added with them; only event_get() reads them */
};

struct store_event_filter {
	const char *cell, *kind, *actor; /* NULL: all */
	bool requests; /* those of request_log.c instead of the others: they count their ids apart */
	int64_t since; /* seconds since 1970 */
	int severity; /* at least: 0 info, 1 warning, 2 error */
	int64_t before, after; /* ids below; ids above. 0: all */
	int limit;
	bool oldest_first;
};

/* A POST that may be repeated, and how it was answered; free() the body. */
struct store_replay {
	char actor[API_NAME_LEN];
	char key[65], digest[65]; /* in hex */
	int status; /* 0: not answered yet */
	char type[48], headers[1024];
	char *body;
	size_t size;
};

/* Every function is called from any thread. An `each` callback must not call the store. */
struct store_ops {
	int (*cell_get)(void *store, const char *name, struct store_cell *cell); /* -ENOENT */
	int (*cell_each)(void *store, int (*each)(void *context, const struct store_cell *cell), void *context);
	/*
	 * expected: 0 = must be new (-EEXIST), above 0 = must have this revision (-ESTALE), -1 = any.
	 * version and revision of *cell are given by the store.
	 */
	int (*cell_put)(void *store, struct store_cell *cell, int64_t expected);
	int (*cell_set_start_at_boot)(void *store, const char *name, bool on, int64_t expected);
	int (*cell_delete)(void *store, const char *name, int64_t expected);
	int (*version_each)(void *store, const char *cell,
			    int (*each)(void *context, const struct store_version *version),
			    void *context); /* newest first */
	int (*version_get)(void *store, const char *cell, int64_t number, struct store_version *version); /* -ENOENT */
	int (*placement_each)(void *store, int (*each)(void *context, const struct store_placement *placement),
			      void *context);
	/* Instead of what was kept for that cell; -ENOENT without the cell. */
	int (*placement_set)(void *store, const char *cell, const struct store_placement *placements, size_t count);
	int (*preset_get)(void *store, const char *name, struct store_preset *preset); /* -ENOENT */
	int (*preset_each)(void *store, int (*each)(void *context, const struct store_preset *preset), void *context);
	int (*preset_put)(void *store, struct store_preset *preset, int64_t expected); /* expected: as for cells */
	int (*preset_delete)(void *store, const char *name, int64_t expected);
	int (*image_get)(void *store, const char *name, struct store_image *image);
	int (*image_each)(void *store, int (*each)(void *context, const struct store_image *image), void *context);
	int (*image_put)(void *store, const struct store_image *image);
	int (*image_delete)(void *store, const char *name);
	int (*event_add)(void *store, const struct store_event *event); /* id and time are given by the store */
	int (*event_get)(void *store, int64_t id, struct store_event *event,
			 char **words); /* -ENOENT; cJSON_free() *words */
	int (*event_each)(void *store, const struct store_event_filter *filter,
			  int (*each)(void *context, const struct store_event *event), void *context);
	/* -EEXIST: it was begun before, *found is what is known of it. The member is NULL when this store keeps none. */
	int (*replay_begin)(void *store, const struct store_replay *wanted, struct store_replay *found);
	int (*replay_end)(void *store, const struct store_replay *replay);
	int (*replay_forget)(void *store, const struct store_replay *replay);
	int (*setting_get)(void *store, const char *key, char *value, size_t size); /* -ENOENT */
	int (*setting_put)(void *store, const char *key, const char *value);
};

static inline void store_cell_free(struct store_cell *cell)
{
	cJSON_free(cell->definition);
	cell->definition = NULL;
}

static inline void store_preset_free(struct store_preset *preset)
{
	cJSON_free(preset->body);
	preset->body = NULL;
}

static inline void store_version_free(struct store_version *version)
{
	cJSON_free(version->definition);
	version->definition = NULL;
}

#define AUTH_SECRET_LEN 96 /* a session's or token's text */

/* A user or a token, without what is secret of it. */
struct auth_account {
	char name[API_NAME_LEN];
	enum api_role role;
	int64_t created, expires; /* seconds since 1970; 0: not known, never */
};

/*
 * -EACCES wrong, -EKEYEXPIRED was good once, -EAGAIN too many attempts (*retry_after in seconds),
 * -EALREADY set up already, -EINVAL name or password not acceptable.
 */
struct auth_ops {
	bool (*setup_needed)(void *auth);
	int (*setup)(void *auth, const char *code, const char *username, const char *password, const char *remote,
		     int *retry_after);
	int (*login)(void *auth, const char *username, const char *password, const char *remote,
		     char session[AUTH_SECRET_LEN], struct api_identity *who, int *retry_after);
	int (*session)(void *auth, const char *session, struct api_identity *who);
	int (*token)(void *auth, const char *token, struct api_identity *who);
	int (*logout)(void *auth, const char *session);
	int (*user_each)(void *auth, int (*each)(void *context, const struct auth_account *user), void *context);
	/* -EEXIST, -EINVAL: name or password not acceptable. */
	int (*user_add)(void *auth, const char *name, const char *password, enum api_role role);
	/* role NONE, password NULL: as it was. -ENOENT; -EPERM: no administrator would be left. His sessions end. */
	int (*user_change)(void *auth, const char *name, const char *password, enum api_role role);
	int (*user_delete)(void *auth, const char *name);
	int (*token_each)(void *auth, int (*each)(void *context, const struct auth_account *token), void *context);
	/* days 0: it never expires. The secret is known to nobody afterwards. -EEXIST; token->expires is set. */
	int (*token_add)(void *auth, struct auth_account *token, int days, char secret[AUTH_SECRET_LEN]);
	int (*token_delete)(void *auth, const char *name);
};

/* Why a command was refused. code is empty when there is only an errno. */
struct driver_reason {
	char code[40];
	char text[256];
	char remedy[260];
	char pointer[128]; /* JSON pointer into the cell's definition, or empty */
};

struct driver_cell {
	uint64_t starts; /* since it was created */
	int id;
	char name[API_NAME_LEN];
	char state[24]; /* as in sysfs: "running", "running/locked", "shut down", "failed", ... */
	char cpus[64]; /* list format: "0-1,3" */
	struct driver_reason failure;
};

#define DRIVER_COUNTERS 16
#define DRIVER_IDENTITY_LEN 96

struct driver_counter {
	char name[32]; /* "mmio", "psci", "total", ... */
	uint64_t value;
};

struct driver_image {
	const void *data;
	uint64_t size, target;
};

struct driver_audit {
	char result[16]; /* "clean", "violation", "incomplete" */
	uint64_t audits, violations; /* since it was enabled */
	uint64_t pages;
	unsigned int runs, cells, duration_us;
	char code[40], text[208]; /* of the last violation; empty without one */
};

struct driver_ops {
	bool (*present)(void *driver);
	bool (*enabled)(void *driver);
	int (*enable)(void *driver, const void *config, size_t size, struct driver_reason *reason);
	int (*disable)(void *driver, struct driver_reason *reason);
	int (*create)(void *driver, const void *config, size_t size, struct driver_reason *reason);
	/* With no image: shuts the cell down. */
	int (*load)(void *driver, const char *name, const struct driver_image *images, size_t count,
		    struct driver_reason *reason);
	int (*start)(void *driver, const char *name, struct driver_reason *reason);
	int (*force)(void *driver, const char *name, struct driver_reason *reason); /* stops it without asking */
	int (*destroy)(void *driver, const char *name, struct driver_reason *reason);
	int (*each)(void *driver, int (*each)(void *context, const struct driver_cell *cell), void *context);
	/* Exits to the hypervisor by reason, of one CPU of the cell or of all (-1); at most DRIVER_COUNTERS. -ENOENT. */
	int (*counters)(void *driver, int id, int cpu, struct driver_counter *counters, size_t *count);
	/*
	 * What the hypervisor found when it last looked whether any memory is reachable that should not be; `now`: it looks once
	 * more. -ENOTCONN when it is not enabled.
	 */
	int (*audit)(void *driver, bool now, struct driver_audit *audit, struct driver_reason *reason);
	/* The flight recorder, a line a record: of this life of the hypervisor, or of those before. free() it. */
	int (*recorder)(void *driver, bool previous, char **text, size_t *size);
	/* The hypervisor's own console, what is kept of it; free() it. */
	int (*log)(void *driver, char **text, size_t *size);
	/* The binary that a cell was created from; free() it. -ENOENT when it cannot be known. */
	int (*config)(void *driver, int id, void **config, size_t *size);
	int (*console)(void *driver, const char *name); /* a file descriptor, or -errno */
	/* A text without blanks that no other cell has or had, as long as this one is created; "" unknown. May be NULL. */
	void (*identity)(void *driver, int id, char identity[DRIVER_IDENTITY_LEN]);
	int (*pool)(void *driver, uint64_t *pages, uint64_t *used);
	/* Blocks until something may have changed that no command of ours did, or `wake` is readable. One thread only. */
	void (*wait)(void *driver, int wake);
};

enum image_role { IMAGE_PLAIN, IMAGE_KERNEL, IMAGE_INITRD };

struct compiled_image {
	char name[API_NAME_LEN];
	enum image_role role; /* kernel and RAM disk get their place from compiler->boot() */
	uint64_t target, limit; /* limit: bytes of the region it must fit into */
};

struct compiled_region {
	uint64_t start, size; /* physical */
	bool automatic; /* the compiler chose its place */
	bool device;
};

/* A definition that was accepted, or what a created cell has; compiler->free() it. */
struct compiled_cell {
	char name[API_NAME_LEN];
	void *config;
	size_t config_size;
	uint64_t cpus; /* bit n: CPU n */
	struct compiled_region *regions;
	size_t num_regions;
	struct compiled_image *images;
	size_t num_images;
	cJSON *warnings; /* array as that of errors; may be NULL */
	char *command_line; /* of the Linux that it boots; NULL: it boots none */
	struct definition_policy policy;
};

/* The images of a cell as the driver takes them. */
struct boot_images {
	const struct driver_image *images;
	size_t count;
	void *owner; /* compiler->boot_free() */
};

struct binary {
	void *data;
	size_t size;
};

/* What a cell is compiled to stand beside. */
struct compile_beside {
	const struct binary *created; /* configurations of the created cells */
	size_t num_created;
	const struct compiled_region *reserved; /* automatic placement takes it last */
	size_t num_reserved;
	const struct compiled_region *earlier; /* places of its automatic regions the last time */
	size_t num_earlier;
};

/* What the system definition says; all zero when there is none. */
struct compiled_board {
	char root[API_NAME_LEN];
	struct compiled_region hypervisor, pool;
	const struct compiled_region *regions; /* of the root cell */
	size_t num_regions;
};

struct compiler_ops {
	/*
	 * -EINVAL: *errors is an array of {code, detail, pointer, remedy}, the caller's to delete. beside NULL: the
	 * definition is judged alone, and places of automatic regions mean nothing.
	 */
	int (*compile)(void *compiler, const char *text, const struct compile_beside *beside,
		       struct compiled_cell *cell, cJSON **errors);
	/*
	 * What changed between two definitions, in words: an array of {detail}, the caller's to delete, empty when nothing did.
	 * NULL when they cannot be compared. The member itself is NULL when this compiler compares none.
	 */
	cJSON *(*compare)(void *compiler, const char *before, const char *after);
	/* From a cell's binary; it has no images. -EINVAL: not such a binary. */
	int (*read)(void *compiler, const struct binary *binary, struct compiled_cell *cell);
	void (*free)(struct compiled_cell *cell);
	/*
	 * What a cell with a command_line is loaded with, beside its images' bytes, which come in their order and must live as
	 * long. -EINVAL: *reason says why.
	 */
	int (*boot)(void *compiler, const struct compiled_cell *cell, const struct driver_image *images,
		    struct boot_images *boot, struct driver_reason *reason);
	void (*boot_free)(struct boot_images *boot);
	const struct compiled_board *(*board)(void *compiler);
	/* Adds line, column and length to errors or warnings: where their pointers lead in a text. May be NULL. */
	void (*locate)(const char *text, size_t length, cJSON *errors);
};

#endif
