/* SPDX-License-Identifier: MIT */
/*
 * What the agent knows about a cell beyond its definition and the driver's word: which command is at
 * work on it, why the last one was refused, and its console.
 */
#ifndef AGENT_CELL_TABLE_H
#define AGENT_CELL_TABLE_H

#include "console.h"
#include "ports.h"

struct cell_table;
struct news;

/* Each change is told to `news`, which may be NULL and must live as long. */
struct cell_table *cell_table_new(struct news *news);
void cell_table_free(struct cell_table *table);

/* Claims the cell for one command; -EBUSY when another has it. `state` is shown meanwhile. */
int cell_table_claim(struct cell_table *table, const char *name, const char *state);
void cell_table_show(struct cell_table *table, const char *name, const char *state);
void cell_table_unclaim(struct cell_table *table, const char *name);

/* False when no command is at work. */
bool cell_table_claimed(struct cell_table *table, const char *name, char state[16]);

/* Empty code: forget the failure. */
void cell_table_set_failure(struct cell_table *table, const char *name, const struct driver_reason *reason);
bool cell_table_failure(struct cell_table *table, const char *name, struct driver_reason *reason);

/*
 * The console of the cell, made when it is first asked for, and then handed to made(), with the table locked; console_release() it.
 * NULL: no memory.
 */
typedef void (*cell_table_console_fn)(void *context, const char *name, struct console *console);
struct console *cell_table_console(struct cell_table *table, const char *name, cell_table_console_fn made,
				   void *context);

/* Every console there is, with the table locked: the callback only looks at it. */
void cell_table_each_console(struct cell_table *table, cell_table_console_fn each, void *context);

/*
 * Expectations: the state each cell had after the last command here, so that what others do is noticed. "" = whatever it
 * is found in, "defined" = not created. The hypervisor is the entry without a name.
 */
#define CELL_TABLE_HYPERVISOR ""
void cell_table_expect(struct cell_table *table, const char *name, const char *state);
void cell_table_expect_none(struct cell_table *table); /* no cell is created any more */
/* Names of the cells that are expected to be created; free() *names. */
size_t cell_table_expected(struct cell_table *table, char (**names)[API_NAME_LEN]);

/* Nothing is observed meanwhile: a command changes more than the cell it has claimed. */
void cell_table_hold(struct cell_table *table);
void cell_table_release(struct cell_table *table);

/* To be taken before a state is read that is handed to cell_table_observe(). */
uint64_t cell_table_mark(struct cell_table *table);
/*
 * True when the state is another than expected and no command had a hand in it since the mark; it is expected from
 * then on, *before is what was.
 */
bool cell_table_observe(struct cell_table *table, const char *name, const char *state, uint64_t mark, char before[16]);
/*
 * Whether a cell has reset itself since it was asked for the last time: `starts` has changed, and by_itself says that its last start
 * was its own. True at most once a second.
 */
bool cell_table_reset(struct cell_table *table, const char *name, uint64_t starts, bool by_itself);

/* Forgets the cell and sends its watchers away. */
void cell_table_remove(struct cell_table *table, const char *name);

#endif
