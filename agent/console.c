// SPDX-License-Identifier: MIT
#include "console_inner.h"

#include "console_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct console *console_new(size_t kept)
{
	struct console *console = calloc(1, sizeof(*console) + kept);

	if (!console)
		return NULL;
	pthread_mutex_init(&console->lock, NULL);
	pthread_cond_init(&console->news, NULL);
	console->owners = 1;
	console->input = -1;
	console->kept = kept;
	snprintf(console->state, sizeof(console->state), "defined");
	return console;
}

void console_attach(struct console *console, struct console_log *log, console_news_fn news, void *context)
{
	uint64_t start;

	console->log = log;
	console->news_of_record = news;
	console->news_context = context;
	console_log_bounds(log, &start, &console->end);
	console->start = console->end;
	console->recorded = console->end;
}

void console_adopt(struct console *console, const char *identity, int fd)
{
	uint64_t base, end;

	if (!console->log)
		return;
	pthread_mutex_lock(&console->lock);
	end = console->end;
	pthread_mutex_unlock(&console->lock);
	if (*identity && console_log_stream(console->log, identity, &base) && base <= end)
		lseek(fd, (off_t)(end - base), SEEK_SET);
	else
		console_log_set_stream(console->log, *identity ? identity : "-", end);
}

struct console *console_hold(struct console *console)
{
	pthread_mutex_lock(&console->lock);
	console->owners++;
	pthread_mutex_unlock(&console->lock);
	return console;
}

void console_release(struct console *console)
{
	bool last;

	if (!console)
		return;
	pthread_mutex_lock(&console->lock);
	last = --console->owners == 0;
	pthread_mutex_unlock(&console->lock);
	if (!last)
		return;
	if (console->input >= 0)
		close(console->input);
	pthread_cond_destroy(&console->news);
	pthread_mutex_destroy(&console->lock);
	console_log_close(console->log);
	free(console);
}

static void said_locked(struct console *console)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	console->last_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void trim_locked(struct console *console)
{
	if (console->end - console->start > console->kept)
		console->start = console->end - console->kept;
}

/* Where a stream offset is in the ring, and how much there is up to the ring's end. */
static size_t place(const struct console *console, uint64_t offset, size_t size, size_t *first)
{
	size_t at = (size_t)(offset % console->kept);

	*first = size < console->kept - at ? size : console->kept - at;
	return at;
}

static void tell_recorder(const struct console *console, bool now)
{
	if (console->news_of_record)
		console->news_of_record(console->news_context, now);
}

void console_append(struct console *console, const void *data, size_t size)
{
	const unsigned char *bytes = data;
	size_t whole = size, at, first;
	bool full;

	pthread_mutex_lock(&console->lock);
	console->end += size;
	said_locked(console);
	if (size > console->kept) {
		bytes += size - console->kept;
		size = console->kept;
	}
	at = place(console, console->end - size, size, &first);
	memcpy(console->ring + at, bytes, first);
	memcpy(console->ring, bytes + first, size - first);
	trim_locked(console);
	full = console->end - console->recorded > console->kept / 2;
	pthread_cond_broadcast(&console->news);
	pthread_mutex_unlock(&console->lock);
	if (whole)
		tell_recorder(console, full);
}

void console_lost(struct console *console, uint64_t bytes)
{
	pthread_mutex_lock(&console->lock);
	/* What is kept must be without a hole: history ends here, the offsets tell how much is missing. */
	console->end += bytes;
	console->start = console->end;
	said_locked(console);
	console->lost += bytes;
	pthread_cond_broadcast(&console->news);
	pthread_mutex_unlock(&console->lock);
}

void console_set_state(struct console *console, const char *state, const char *code, const char *why)
{
	bool changed;

	pthread_mutex_lock(&console->lock);
	changed = strcmp(console->state, state) != 0;
	if (changed) {
		snprintf(console->state, sizeof(console->state), "%s", state);
		snprintf(console->code, sizeof(console->code), "%s", code);
		snprintf(console->why, sizeof(console->why), "%s", why);
		console->state_changes++;
		console->sync = strcmp(state, "running") != 0;
		pthread_cond_broadcast(&console->news);
	}
	pthread_mutex_unlock(&console->lock);
	if (changed)
		tell_recorder(console, true);
}

void console_close(struct console *console)
{
	pthread_mutex_lock(&console->lock);
	console->closed = true;
	pthread_cond_broadcast(&console->news);
	pthread_mutex_unlock(&console->lock);
	if (console->log)
		console_log_remove(console->log);
}

void console_wake(struct console *console)
{
	pthread_mutex_lock(&console->lock);
	console->wakes++;
	pthread_cond_broadcast(&console->news);
	pthread_mutex_unlock(&console->lock);
}

void console_view(struct console *console, struct console_view *view)
{
	uint64_t start = 0, end = 0;

	if (console->log)
		console_log_bounds(console->log, &start, &end);
	pthread_mutex_lock(&console->lock);
	*view = (struct console_view){ .start = start < end && start < console->start ? start : console->start,
				       .end = console->end,
				       .lost = console->lost,
				       .unrecorded = console->unrecorded,
				       .state_changes = console->state_changes,
				       .last_ms = console->last_ms,
				       .writer_changes = console->writer_changes,
				       .wakes = console->wakes,
				       .writer = console->writer,
				       .closed = console->closed };
	memcpy(view->state, console->state, sizeof(view->state));
	memcpy(view->code, console->code, sizeof(view->code));
	memcpy(view->why, console->why, sizeof(view->why));
	memcpy(view->writer_name, console->writer_name, sizeof(view->writer_name));
	pthread_mutex_unlock(&console->lock);
}

size_t console_ring_read_locked(struct console *console, uint64_t *offset, void *buffer, size_t size, uint64_t *lost)
{
	unsigned char *bytes = buffer;
	size_t at, first;

	if (*offset < console->start) {
		*lost += console->start - *offset;
		*offset = console->start;
	} else if (*offset > console->end) {
		*offset = console->end;
	}
	if (size > console->end - *offset)
		size = (size_t)(console->end - *offset);
	at = place(console, *offset, size, &first);
	memcpy(bytes, console->ring + at, first);
	memcpy(bytes + first, console->ring, size - first);
	*offset += size;
	return size;
}

size_t console_read(struct console *console, uint64_t *offset, void *buffer, size_t size, uint64_t *lost)
{
	uint64_t ring;
	size_t count;

	*lost = 0;
	pthread_mutex_lock(&console->lock);
	ring = console->start;
	if (console->log && *offset < ring) {
		pthread_mutex_unlock(&console->lock);
		count = console_log_read(console->log, offset, ring, buffer, size, lost);
		if (count)
			return count;
		pthread_mutex_lock(&console->lock);
	}
	count = console_ring_read_locked(console, offset, buffer, size, lost);
	pthread_mutex_unlock(&console->lock);
	return count;
}

void console_wait(struct console *console, uint64_t offset, const struct console_view *seen)
{
	pthread_mutex_lock(&console->lock);
	while (console->end <= offset && console->state_changes == seen->state_changes &&
	       console->writer_changes == seen->writer_changes && console->closed == seen->closed &&
	       console->wakes == seen->wakes)
		pthread_cond_wait(&console->news, &console->lock);
	pthread_mutex_unlock(&console->lock);
}
