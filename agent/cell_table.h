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

struct cell_table *cell_table_new(void);
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

/* The console of the cell, made when it is first asked for; console_release() it. NULL: no memory. */
struct console *cell_table_console(struct cell_table *table, const char *name);

/* Forgets the cell and sends its watchers away. */
void cell_table_remove(struct cell_table *table, const char *name);

#endif
