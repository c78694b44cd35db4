/* SPDX-License-Identifier: MIT */
/*
 * The store of the board: one SQLite file. Every function may be called from any thread and returns 0
 * or -errno: -ENOENT no such row, -EEXIST, -ESTALE another version, -ENOSPC disk full, -EIO the file
 * is damaged or unwritable. A change is durable when the function returns, and never half done.
 */
#ifndef DB_DB_H
#define DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DB_NAME_LEN 64

struct db;

/* Makes the file or brings its schema up to date. -EPROTO: not ours, or from a newer agent; left alone.
 * -EIO: it is damaged; what to do about that (restore, factory reset) is for a person to decide. */
int db_open(struct db **db, const char *path);
void db_close(struct db *db);

struct db_cell {
	char name[DB_NAME_LEN];
	char *definition; /* JSON text, free() it */
	bool start_at_boot;
	int64_t version; /* grows with every change of the definition, from 1 */
	int64_t revision; /* grows with every write of the row, and never comes again for that name */
	char author[DB_NAME_LEN]; /* who writes it, for its history; not read back */
};

/* A callback that returns other than 0 ends the walk with that value. It must not call the store. */
typedef int (*db_cell_each_fn)(void *context, const struct db_cell *cell);

int db_cell_get(struct db *db, const char *name, struct db_cell *cell);
int db_cell_each(struct db *db, db_cell_each_fn each, void *context);
/*
 * expected: 0 = must be new (-EEXIST), above 0 = must have this revision (-ESTALE; -ENOENT without the cell, but for put), -1 = any.
 * version and revision of *cell are given by the store, and left alone when it fails.
 */
int db_cell_put(struct db *db, struct db_cell *cell, int64_t expected);
int db_cell_set_start_at_boot(struct db *db, const char *name, bool on, int64_t expected);
int db_cell_delete(struct db *db, const char *name, int64_t expected);

/* The definitions that a cell has had, the present one included. They go with their cell. */
struct db_cell_version {
	int64_t version, time; /* time 0, author "": not known */
	char author[DB_NAME_LEN];
	char *definition; /* JSON text, free() it */
};

#define DB_VERSIONS_KEPT 100 /* of a cell; older ones go */

typedef int (*db_cell_version_each_fn)(void *context, const struct db_cell_version *version);

/* Newest first; nothing for a cell that is not there. */
int db_cell_version_each(struct db *db, const char *cell, db_cell_version_each_fn each, void *context);
int db_cell_version_get(struct db *db, const char *cell, int64_t number, struct db_cell_version *version);

/* Where an automatic region of a cell was placed. They go with their cell. */
struct db_placement {
	char cell[DB_NAME_LEN];
	uint64_t start, size;
};

typedef int (*db_placement_each_fn)(void *context, const struct db_placement *placement);

/* By cell, then in the order they were given. */
int db_placement_each(struct db *db, db_placement_each_fn each, void *context);
/* Instead of what was kept for that cell. -ENOENT: no such cell. */
int db_placement_set(struct db *db, const char *cell, const struct db_placement *placements, size_t count);

struct db_preset {
	char name[DB_NAME_LEN];
	char *body; /* JSON text, free() it */
	int64_t version; /* grows with every write, from 1 */
	int64_t revision; /* grows with every write, and never comes again for that name */
};

typedef int (*db_preset_each_fn)(void *context, const struct db_preset *preset);

/* As those of cells. */
int db_preset_get(struct db *db, const char *name, struct db_preset *preset);
int db_preset_each(struct db *db, db_preset_each_fn each, void *context);
int db_preset_put(struct db *db, struct db_preset *preset, int64_t expected);
int db_preset_delete(struct db *db, const char *name, int64_t expected);

struct db_image {
	char name[DB_NAME_LEN];
	char sha256[65];
	uint64_t size;
	int64_t created; /* seconds since 1970 */
};

typedef int (*db_image_each_fn)(void *context, const struct db_image *image);

int db_image_get(struct db *db, const char *name, struct db_image *image);
int db_image_each(struct db *db, db_image_each_fn each, void *context);
int db_image_put(struct db *db, const struct db_image *image);
int db_image_delete(struct db *db, const char *name);

struct db_event {
	int64_t id, time;
	char severity[8];
	char kind[32];
	char cell[DB_NAME_LEN];
	char actor[DB_NAME_LEN];
	char detail[512];
	char request[768]; /* JSON of what was asked for; empty: it was nobody's request */
	const char *words; /* more about it, or NULL; given, and read by db_event_get() only */
};

#define DB_WORDS_KEPT 256 /* the newest; the events stay without them */
#define DB_EVENTS_KEPT 10000 /* older ones go: a board must not fill its disk with history. As many requests */

typedef int (*db_event_each_fn)(void *context, const struct db_event *event);

/* id and time are given by the store. */
int db_event_add(struct db *db, const struct db_event *event);
/* *words: what was stored with it, free() it; NULL when nothing was, or is not kept any more. -ENOENT. */
int db_event_get(struct db *db, int64_t id, struct db_event *event, char **words);

struct db_event_filter {
	const char *cell, *kind, *actor; /* NULL: all */
	bool requests; /* those with a request, instead of those without: they count their ids apart */
	int64_t since; /* seconds since 1970 */
	int severity; /* at least: 0 info, 1 warning, 2 error */
	int64_t before, after; /* ids below; ids above. 0: all */
	int limit;
	bool oldest_first;
};

int db_event_each(struct db *db, const struct db_event_filter *filter, db_event_each_fn each, void *context);

/* A request that may be repeated, by who asks and his key, and how it was answered. */
struct db_replay {
	char actor[DB_NAME_LEN];
	char key[65], digest[65];
	int status; /* 0: not answered yet */
	char type[48], headers[1024];
	char *body; /* free() it */
	size_t size;
};

#define DB_REPLAYS_KEPT 1000
#define DB_REPLAY_SECONDS 86400

/* -EEXIST: it was begun before, *found is what is known of it. */
int db_replay_begin(struct db *db, const struct db_replay *wanted, struct db_replay *found);
int db_replay_end(struct db *db, const struct db_replay *replay);
int db_replay_forget(struct db *db, const struct db_replay *replay);

int db_setting_get(struct db *db, const char *key, char *value, size_t size);
int db_setting_put(struct db *db, const char *key, const char *value);

/* Roles are numbers of the agent's choice. Passwords, sessions and tokens come here hashed, never as they are. */
struct db_user {
	char name[DB_NAME_LEN];
	int role;
	char password[128]; /* encoded hash */
	int64_t created; /* seconds since 1970, 0: not known */
};

typedef int (*db_user_each_fn)(void *context, const struct db_user *user);

int db_user_count(struct db *db, int *count);
int db_user_get(struct db *db, const char *name, struct db_user *user);
int db_user_each(struct db *db, db_user_each_fn each, void *context);
int db_user_add(struct db *db, const struct db_user *user);
/*
 * Role and password instead of those that are there; his sessions end. -EPERM, for both: nobody of at least the role `keep` would
 * be left, and a board without an administrator is nobody's.
 */
int db_user_change(struct db *db, const struct db_user *user, int keep);
int db_user_delete(struct db *db, const char *name, int keep);

struct db_session {
	char user[DB_NAME_LEN];
	int role;
	int64_t used; /* seconds since 1970 */
};

int db_session_add(struct db *db, const char *hash, const char *user, int64_t now);
int db_session_get(struct db *db, const char *hash, struct db_session *session);
int db_session_touch(struct db *db, const char *hash, int64_t now);
int db_session_delete(struct db *db, const char *hash);
int db_session_delete_unused(struct db *db, int64_t before);

struct db_token {
	char hash[65];
	char name[DB_NAME_LEN];
	int role;
	int64_t created; /* seconds since 1970, 0: not known */
	int64_t expires; /* 0: never */
};

typedef int (*db_token_each_fn)(void *context, const struct db_token *token);

int db_token_get(struct db *db, const char *hash, struct db_token *token);
int db_token_each(struct db *db, db_token_each_fn each, void *context);
int db_token_add(struct db *db, const struct db_token *token); /* -EEXIST: the name is taken */
int db_token_delete(struct db *db, const char *name);

/*
 * The first user and his tokens, instead of any that are there: without a user nobody can have been given one. -EALREADY: there is
 * a user; two set-ups at once make one administrator. -EEXIST: two tokens with one name or secret.
 */
int db_set_up(struct db *db, const struct db_user *user, const struct db_token *tokens, size_t count);

#endif
