// SPDX-License-Identifier: MIT
#include "recorder.h"

#include "cell_table.h"
#include "console_log.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define COLLECT_MS 1000
#define CHUNK	   16384
#define TOLD_PAUSE 3600 /* seconds between two events of a cell */

struct record {
	struct record *next;
	struct console *console; /* held */
	char name[API_NAME_LEN];
	int64_t allowance; /* bytes */
	bool paused, unsynced;
	uint64_t unrecorded; /* as it was told */
	time_t told; /* monotonic; 0: never */
};

struct recorder {
	struct agent *agent;
	pthread_t thread;
	pthread_mutex_t lock; /* the list, and what is to be done; the rest of a record belongs to the thread */
	pthread_cond_t news;
	struct record *first;
	bool dirty, now, stopping;
	struct timespec last; /* when allowances were given */
	struct timespec sync_at; /* when what was written must be on disk; 0: all of it is */
	char buffer[CHUNK];
};

static void on_news(void *context, bool now)
{
	struct recorder *recorder = context;

	pthread_mutex_lock(&recorder->lock);
	/* The thread is woken for the first byte and when it must hurry, not for each. */
	if (!recorder->dirty || (now && !recorder->now))
		pthread_cond_signal(&recorder->news);
	recorder->dirty = true;
	recorder->now |= now;
	pthread_mutex_unlock(&recorder->lock);
}

static void folder_of(const struct recorder *recorder, const char *name, char *path, size_t size)
{
	snprintf(path, size, "%s/consoles%s%s", recorder->agent->options.data, *name ? "/" : "", name);
}

void recorder_attach(struct recorder *recorder, const char *name, struct console *console)
{
	struct record *record = calloc(1, sizeof(*record));
	struct console_log *log;
	char folder[400];

	folder_of(recorder, name, folder, sizeof(folder));
	log = record ? console_log_open(folder) : NULL;
	if (!log) {
		free(record);
		agent_log("warning", "cell %s: no memory to record its console", name);
		return;
	}
	console_attach(console, log, on_news, recorder);
	snprintf(record->name, sizeof(record->name), "%s", name);
	record->console = console_hold(console);
	record->allowance = RECORDER_BURST;
	pthread_mutex_lock(&recorder->lock);
	record->next = recorder->first;
	recorder->first = record;
	pthread_mutex_unlock(&recorder->lock);
}

static void tell(struct recorder *recorder, struct record *record, const struct console_view *view)
{
	struct timespec now;

	if (view->unrecorded == record->unrecorded || view->closed)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (record->told && now.tv_sec - record->told < TOLD_PAUSE)
		return;
	record->told = now.tv_sec ? now.tv_sec : 1;
	agent_event(
		recorder->agent, "warning", "console-unrecorded", record->name, "",
		"%" PRIu64
		" bytes of the console of cell \"%s\" were not recorded: it says more than %d bytes a second, or the "
		"disk is full.",
		view->unrecorded - record->unrecorded, record->name, RECORDER_RATE);
	record->unrecorded = view->unrecorded;
}

/* True: something is left that time will allow. */
static bool write_record(struct recorder *recorder, struct record *record, int64_t earned)
{
	struct console_view view;
	uint64_t behind, before;
	size_t written;

	record->allowance += earned;
	if (record->allowance > RECORDER_BURST)
		record->allowance = RECORDER_BURST;
	if (record->paused && record->allowance < RECORDER_PAUSE)
		return true;
	console_view(record->console, &view);
	before = view.unrecorded;
	written = console_record(record->console, (size_t)record->allowance, recorder->buffer, sizeof(recorder->buffer),
				 &behind);
	record->allowance -= (int64_t)written;
	record->unsynced |= written > 0;
	console_view(record->console, &view);
	record->paused = view.unrecorded != before || (behind && record->allowance <= 0);
	tell(recorder, record, &view);
	return behind > 0;
}

static int64_t earned_since(struct timespec *last)
{
	struct timespec now;
	int64_t ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ms = (int64_t)(now.tv_sec - last->tv_sec) * 1000 + (now.tv_nsec - last->tv_nsec) / 1000000;
	*last = now;
	/* Longer than a burst takes to be earned adds nothing. */
	return ms > 60000 ? RECORDER_BURST : ms * RECORDER_RATE / 1000;
}

/* Consoles of deleted cells go; the list is changed by this thread and, at its head, by recorder_attach(). */
static struct record *drop_closed(struct recorder *recorder)
{
	struct record *first, **link, *record;
	struct console_view view;

	pthread_mutex_lock(&recorder->lock);
	for (link = &recorder->first; (record = *link);) {
		console_view(record->console, &view);
		if (!view.closed) {
			link = &record->next;
			continue;
		}
		*link = record->next;
		console_release(record->console);
		free(record);
	}
	first = recorder->first;
	pthread_mutex_unlock(&recorder->lock);
	return first;
}

/* Once for all that was written meanwhile. */
static void sync_when_due(struct recorder *recorder, struct record *first)
{
	struct timespec now;
	bool unsynced = false;

	clock_gettime(CLOCK_MONOTONIC, &now);
	for (struct record *record = first; record; record = record->next)
		unsynced |= record->unsynced;
	if (!unsynced || !recorder->sync_at.tv_sec)
		recorder->sync_at = unsynced ? (struct timespec){ now.tv_sec + RECORDER_SYNC, now.tv_nsec } :
					       (struct timespec){ 0 };
	if (!unsynced || now.tv_sec < recorder->sync_at.tv_sec)
		return;
	for (struct record *record = first; record; record = record->next) {
		if (record->unsynced)
			console_record_sync(record->console);
		record->unsynced = false;
	}
	recorder->sync_at = (struct timespec){ 0 };
}

static bool write_all(struct recorder *recorder)
{
	int64_t earned = earned_since(&recorder->last);
	struct record *first = drop_closed(recorder);
	bool left = false;

	for (struct record *record = first; record; record = record->next)
		left |= write_record(recorder, record, earned);
	sync_when_due(recorder, first);
	return left;
}

/* Until there is something to do. */
static void wait_locked(struct recorder *recorder)
{
	while (!recorder->dirty && !recorder->stopping)
		if (!recorder->sync_at.tv_sec)
			pthread_cond_wait(&recorder->news, &recorder->lock);
		else if (pthread_cond_timedwait(&recorder->news, &recorder->lock, &recorder->sync_at) == ETIMEDOUT)
			return;
}

/* Collects for a while what is said, unless there is a hurry. */
static void collect_locked(struct recorder *recorder)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += COLLECT_MS / 1000;
	while (!recorder->now && !recorder->stopping)
		if (pthread_cond_timedwait(&recorder->news, &recorder->lock, &until) == ETIMEDOUT)
			break;
}

/* A console that has used up its allowance is in no hurry, however much it says: a tenth of a second between two turns at least. */
static void rest_locked(struct recorder *recorder)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += 100000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	while (!recorder->stopping)
		if (pthread_cond_timedwait(&recorder->news, &recorder->lock, &until) == ETIMEDOUT)
			break;
}

static void *recorder_main(void *argument)
{
	struct recorder *recorder = argument;

	pthread_mutex_lock(&recorder->lock);
	while (!recorder->stopping) {
		bool left;

		wait_locked(recorder);
		if (recorder->dirty)
			collect_locked(recorder);
		recorder->dirty = false;
		recorder->now = false;
		pthread_mutex_unlock(&recorder->lock);
		left = write_all(recorder);
		pthread_mutex_lock(&recorder->lock);
		recorder->dirty |= left;
		if (left)
			rest_locked(recorder);
	}
	pthread_mutex_unlock(&recorder->lock);
	return NULL;
}

/* Cells that were deleted while the agent was killed: a new one of that name must not show what they said. */
static void remove_orphans(struct recorder *recorder)
{
	struct agent *agent = recorder->agent;
	char path[400], folder_path[400];
	struct dirent *entry;
	DIR *folder;

	folder_of(recorder, "", folder_path, sizeof(folder_path));
	mkdir(folder_path, 0700);
	folder = opendir(folder_path);
	while (folder && (entry = readdir(folder))) {
		struct store_cell cell;

		if (!api_name_valid(entry->d_name))
			continue;
		if (agent->store_ops->cell_get(agent->store, entry->d_name, &cell) == 0) {
			store_cell_free(&cell);
			continue;
		}
		folder_of(recorder, entry->d_name, path, sizeof(path));
		console_log_remove_folder(path);
	}
	if (folder)
		closedir(folder);
}

struct recorder *recorder_start(struct agent *agent)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));
	pthread_condattr_t attr;

	if (!recorder)
		return NULL;
	recorder->agent = agent;
	pthread_mutex_init(&recorder->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&recorder->news, &attr);
	pthread_condattr_destroy(&attr);
	clock_gettime(CLOCK_MONOTONIC, &recorder->last);
	remove_orphans(recorder);
	if (pthread_create(&recorder->thread, NULL, recorder_main, recorder) != 0) {
		free(recorder);
		return NULL;
	}
	return recorder;
}

/* At the end the allowance does not count: it is one ring a console at most. */
static void write_rest(struct recorder *recorder)
{
	struct record *record;
	uint64_t behind;

	while ((record = recorder->first)) {
		recorder->first = record->next;
		console_record(record->console, CONSOLE_KEPT, recorder->buffer, sizeof(recorder->buffer), &behind);
		console_release(record->console);
		free(record);
	}
}

void recorder_stop(struct recorder *recorder)
{
	if (!recorder)
		return;
	pthread_mutex_lock(&recorder->lock);
	recorder->stopping = true;
	pthread_cond_signal(&recorder->news);
	pthread_mutex_unlock(&recorder->lock);
	pthread_join(recorder->thread, NULL);
	write_rest(recorder);
	pthread_cond_destroy(&recorder->news);
	pthread_mutex_destroy(&recorder->lock);
	free(recorder);
}
