// SPDX-License-Identifier: MIT
#include "cell_table.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
	struct entry *next;
	char name[API_NAME_LEN];
	char command[16]; /* empty: no command at work */
	struct driver_reason failure;
	struct console *console;
};

struct cell_table {
	pthread_mutex_t lock; /* the list and all its members */
	struct entry *first;
};

struct cell_table *cell_table_new(void)
{
	struct cell_table *table = calloc(1, sizeof(*table));

	if (table)
		pthread_mutex_init(&table->lock, NULL);
	return table;
}

void cell_table_free(struct cell_table *table)
{
	struct entry *entry;

	if (!table)
		return;
	while ((entry = table->first)) {
		table->first = entry->next;
		console_release(entry->console);
		free(entry);
	}
	pthread_mutex_destroy(&table->lock);
	free(table);
}

static struct entry *find_locked(struct cell_table *table, const char *name)
{
	struct entry *entry = table->first;

	while (entry && strcmp(entry->name, name) != 0)
		entry = entry->next;
	return entry;
}

static struct entry *make_locked(struct cell_table *table, const char *name)
{
	struct entry *entry = find_locked(table, name);

	if (entry)
		return entry;
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return NULL;
	snprintf(entry->name, sizeof(entry->name), "%s", name);
	entry->next = table->first;
	table->first = entry;
	return entry;
}

int cell_table_claim(struct cell_table *table, const char *name, const char *state)
{
	struct entry *entry;
	int err = 0;

	pthread_mutex_lock(&table->lock);
	entry = make_locked(table, name);
	if (!entry)
		err = -ENOMEM;
	else if (entry->command[0])
		err = -EBUSY;
	else
		snprintf(entry->command, sizeof(entry->command), "%s", state);
	pthread_mutex_unlock(&table->lock);
	return err;
}

void cell_table_show(struct cell_table *table, const char *name, const char *state)
{
	struct entry *entry;

	pthread_mutex_lock(&table->lock);
	entry = find_locked(table, name);
	if (entry)
		snprintf(entry->command, sizeof(entry->command), "%s", state);
	pthread_mutex_unlock(&table->lock);
}

void cell_table_unclaim(struct cell_table *table, const char *name)
{
	cell_table_show(table, name, "");
}

bool cell_table_claimed(struct cell_table *table, const char *name, char state[16])
{
	struct entry *entry;
	bool claimed;

	pthread_mutex_lock(&table->lock);
	entry = find_locked(table, name);
	claimed = entry && entry->command[0];
	if (claimed)
		memcpy(state, entry->command, sizeof(entry->command));
	pthread_mutex_unlock(&table->lock);
	return claimed;
}

void cell_table_set_failure(struct cell_table *table, const char *name, const struct driver_reason *reason)
{
	struct entry *entry;

	pthread_mutex_lock(&table->lock);
	entry = make_locked(table, name);
	if (entry)
		entry->failure = *reason;
	pthread_mutex_unlock(&table->lock);
}

bool cell_table_failure(struct cell_table *table, const char *name, struct driver_reason *reason)
{
	struct entry *entry;
	bool failed;

	pthread_mutex_lock(&table->lock);
	entry = find_locked(table, name);
	failed = entry && entry->failure.code[0];
	if (failed)
		*reason = entry->failure;
	pthread_mutex_unlock(&table->lock);
	return failed;
}

struct console *cell_table_console(struct cell_table *table, const char *name)
{
	struct console *console = NULL;
	struct entry *entry;

	pthread_mutex_lock(&table->lock);
	entry = make_locked(table, name);
	if (entry && !entry->console)
		entry->console = console_new(CONSOLE_KEPT);
	if (entry && entry->console)
		console = console_hold(entry->console);
	pthread_mutex_unlock(&table->lock);
	return console;
}

void cell_table_remove(struct cell_table *table, const char *name)
{
	struct entry **link, *entry = NULL;

	pthread_mutex_lock(&table->lock);
	for (link = &table->first; *link; link = &(*link)->next)
		if (strcmp((*link)->name, name) == 0) {
			entry = *link;
			*link = entry->next;
			break;
		}
	pthread_mutex_unlock(&table->lock);
	if (!entry)
		return;
	if (entry->console)
		console_close(entry->console);
	console_release(entry->console);
	free(entry);
}
