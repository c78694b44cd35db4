// SPDX-License-Identifier: MIT
#include "cell_table.h"

#include "news.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RESET_PAUSE 1 /* second: a cell that resets itself for ever does not fill the store */

struct entry {
	struct entry *next;
	char name[API_NAME_LEN];
	char command[16]; /* empty: no command at work */
	struct driver_reason failure;
	struct console *console;
	char expected[16];
	uint64_t starts; /* as the driver counts them, the last time that somebody looked */
	time_t reset_told;
	uint64_t touched; /* table->changes when a command began or ended */
};

struct cell_table {
	pthread_mutex_t lock; /* the list and all its members */
	struct news *news;
	struct entry *first;
	uint64_t changes;
	uint64_t released; /* `changes` when the last hold ended */
	int holds;
};

struct cell_table *cell_table_new(struct news *news)
{
	struct cell_table *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	pthread_mutex_init(&table->lock, NULL);
	table->news = news;
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

/* Who follows the board wakes up; he finds the lock free soon enough. */
static uint64_t changed_locked(struct cell_table *table)
{
	news_tell(table->news);
	return ++table->changes;
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
	/* A cell begins as not created; about the hypervisor nothing is known. */
	snprintf(entry->expected, sizeof(entry->expected), "%s", *name ? "defined" : "");
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
	if (!err)
		entry->touched = changed_locked(table);
	pthread_mutex_unlock(&table->lock);
	return err;
}

void cell_table_show(struct cell_table *table, const char *name, const char *state)
{
	struct entry *entry;

	pthread_mutex_lock(&table->lock);
	entry = find_locked(table, name);
	if (entry) {
		snprintf(entry->command, sizeof(entry->command), "%s", state);
		entry->touched = changed_locked(table);
	}
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

static void console_make_locked(struct entry *entry, cell_table_console_fn made, void *context)
{
	entry->console = console_new(CONSOLE_KEPT);
	if (entry->console)
		made(context, entry->name, entry->console);
}

struct console *cell_table_console(struct cell_table *table, const char *name, cell_table_console_fn made,
				   void *context)
{
	struct console *console = NULL;
	struct entry *entry;

	pthread_mutex_lock(&table->lock);
	entry = make_locked(table, name);
	if (entry && !entry->console)
		console_make_locked(entry, made, context);
	if (entry && entry->console)
		console = console_hold(entry->console);
	pthread_mutex_unlock(&table->lock);
	return console;
}

void cell_table_each_console(struct cell_table *table, cell_table_console_fn each, void *context)
{
	pthread_mutex_lock(&table->lock);
	for (struct entry *entry = table->first; entry; entry = entry->next)
		if (entry->console)
			each(context, entry->name, entry->console);
	pthread_mutex_unlock(&table->lock);
}

static void expect_locked(struct cell_table *table, struct entry *entry, const char *state)
{
	snprintf(entry->expected, sizeof(entry->expected), "%s", state);
	entry->touched = changed_locked(table);
}

void cell_table_expect(struct cell_table *table, const char *name, const char *state)
{
	struct entry *entry;

	pthread_mutex_lock(&table->lock);
	entry = make_locked(table, name);
	if (entry)
		expect_locked(table, entry, state);
	pthread_mutex_unlock(&table->lock);
}

void cell_table_expect_none(struct cell_table *table)
{
	pthread_mutex_lock(&table->lock);
	for (struct entry *entry = table->first; entry; entry = entry->next)
		if (entry->name[0])
			expect_locked(table, entry, "defined");
	pthread_mutex_unlock(&table->lock);
}

static bool expected_created(const struct entry *entry)
{
	return entry->name[0] && strcmp(entry->expected, "defined") != 0;
}

size_t cell_table_expected(struct cell_table *table, char (**names)[API_NAME_LEN])
{
	size_t count = 0, filled = 0;
	struct entry *entry;

	pthread_mutex_lock(&table->lock);
	for (entry = table->first; entry; entry = entry->next)
		count += expected_created(entry);
	*names = calloc(count + 1, sizeof(**names));
	for (entry = table->first; *names && entry; entry = entry->next)
		if (expected_created(entry))
			memcpy((*names)[filled++], entry->name, API_NAME_LEN);
	pthread_mutex_unlock(&table->lock);
	return filled;
}

void cell_table_hold(struct cell_table *table)
{
	pthread_mutex_lock(&table->lock);
	table->holds++;
	pthread_mutex_unlock(&table->lock);
}

void cell_table_release(struct cell_table *table)
{
	pthread_mutex_lock(&table->lock);
	table->holds--;
	table->released = changed_locked(table);
	pthread_mutex_unlock(&table->lock);
}

uint64_t cell_table_mark(struct cell_table *table)
{
	uint64_t mark;

	pthread_mutex_lock(&table->lock);
	mark = table->changes;
	pthread_mutex_unlock(&table->lock);
	return mark;
}

bool cell_table_observe(struct cell_table *table, const char *name, const char *state, uint64_t mark, char before[16])
{
	struct entry *entry;
	bool news;

	pthread_mutex_lock(&table->lock);
	entry = make_locked(table, name);
	news = entry && !table->holds && table->released <= mark && !entry->command[0] && entry->touched <= mark &&
	       strcmp(entry->expected, state) != 0;
	if (news) {
		memcpy(before, entry->expected, sizeof(entry->expected));
		snprintf(entry->expected, sizeof(entry->expected), "%s", state);
	}
	pthread_mutex_unlock(&table->lock);
	return news;
}

bool cell_table_reset(struct cell_table *table, const char *name, uint64_t starts, bool by_itself)
{
	struct entry *entry;
	time_t now = time(NULL);
	bool news;

	pthread_mutex_lock(&table->lock);
	entry = make_locked(table, name);
	news = entry && by_itself && entry->starts != starts && now - entry->reset_told >= RESET_PAUSE;
	if (news)
		entry->reset_told = now;
	if (entry && (news || !by_itself))
		entry->starts = starts;
	pthread_mutex_unlock(&table->lock);
	return news;
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
	/* With the table locked: its record is gone before a new cell of that name can have one. */
	if (entry && entry->console)
		console_close(entry->console);
	pthread_mutex_unlock(&table->lock);
	if (!entry)
		return;
	console_release(entry->console);
	free(entry);
}
