// SPDX-License-Identifier: MIT
#include "console.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct console {
	pthread_mutex_t lock; /* everything below */
	pthread_cond_t news;
	int owners;
	int input;
	uint64_t start, end;
	int64_t last_ms; /* when something was said last */
	char state[16];
	unsigned int state_changes, wakes;
	bool closed;
	size_t kept;
	unsigned char ring[];
};

struct console *console_new(size_t kept)
{
	struct console *console = calloc(1, sizeof(*console) + kept);
	pthread_condattr_t attr;

	if (!console)
		return NULL;
	pthread_mutex_init(&console->lock, NULL);
	pthread_condattr_init(&attr);
	/* A board without a battery sets its clock while it runs: waits must not notice. */
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&console->news, &attr);
	pthread_condattr_destroy(&attr);
	console->owners = 1;
	console->input = -1;
	console->kept = kept;
	snprintf(console->state, sizeof(console->state), "defined");
	return console;
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

void console_append(struct console *console, const void *data, size_t size)
{
	const unsigned char *bytes = data;

	pthread_mutex_lock(&console->lock);
	for (size_t i = 0; i < size; i++)
		console->ring[(console->end + i) % console->kept] = bytes[i];
	console->end += size;
	said_locked(console);
	trim_locked(console);
	pthread_cond_broadcast(&console->news);
	pthread_mutex_unlock(&console->lock);
}

void console_lost(struct console *console, uint64_t bytes)
{
	pthread_mutex_lock(&console->lock);
	/* What is kept must be without a hole: history ends here, the offsets tell how much is missing. */
	console->end += bytes;
	console->start = console->end;
	said_locked(console);
	pthread_cond_broadcast(&console->news);
	pthread_mutex_unlock(&console->lock);
}

void console_set_state(struct console *console, const char *state)
{
	pthread_mutex_lock(&console->lock);
	if (strcmp(console->state, state) != 0) {
		snprintf(console->state, sizeof(console->state), "%s", state);
		console->state_changes++;
		pthread_cond_broadcast(&console->news);
	}
	pthread_mutex_unlock(&console->lock);
}

void console_close(struct console *console)
{
	pthread_mutex_lock(&console->lock);
	console->closed = true;
	pthread_cond_broadcast(&console->news);
	pthread_mutex_unlock(&console->lock);
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
	pthread_mutex_lock(&console->lock);
	*view = (struct console_view){ .start = console->start,
				       .end = console->end,
				       .state_changes = console->state_changes,
				       .last_ms = console->last_ms,
				       .closed = console->closed };
	memcpy(view->state, console->state, sizeof(view->state));
	pthread_mutex_unlock(&console->lock);
}

size_t console_read(struct console *console, uint64_t *offset, void *buffer, size_t size, uint64_t *lost)
{
	unsigned char *bytes = buffer;

	pthread_mutex_lock(&console->lock);
	*lost = 0;
	if (*offset < console->start) {
		*lost = console->start - *offset;
		*offset = console->start;
	} else if (*offset > console->end) {
		*offset = console->end;
	}
	if (size > console->end - *offset)
		size = (size_t)(console->end - *offset);
	for (size_t i = 0; i < size; i++)
		bytes[i] = console->ring[(*offset + i) % console->kept];
	*offset += size;
	pthread_mutex_unlock(&console->lock);
	return size;
}

static struct timespec deadline_in(int timeout_ms)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += timeout_ms / 1000;
	at.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
	if (at.tv_nsec >= 1000000000) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000;
	}
	return at;
}

void console_wait(struct console *console, uint64_t offset, unsigned int seen, int timeout_ms)
{
	struct timespec deadline = deadline_in(timeout_ms);
	unsigned int wakes;

	pthread_mutex_lock(&console->lock);
	wakes = console->wakes;
	while (console->end <= offset && console->state_changes == seen && !console->closed &&
	       console->wakes == wakes)
		if (pthread_cond_timedwait(&console->news, &console->lock, &deadline) == ETIMEDOUT)
			break;
	pthread_mutex_unlock(&console->lock);
}

void console_set_input(struct console *console, int fd)
{
	int copy = fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : -1;

	pthread_mutex_lock(&console->lock);
	if (console->input >= 0)
		close(console->input);
	console->input = copy;
	pthread_mutex_unlock(&console->lock);
}

int console_input(struct console *console, const void *data, size_t size)
{
	int err = -ENOTCONN;
	ssize_t written;

	pthread_mutex_lock(&console->lock);
	if (console->input >= 0) {
		written = write(console->input, data, size);
		err = written < 0 ? -errno : written == (ssize_t)size ? 0 : -EAGAIN;
	}
	pthread_mutex_unlock(&console->lock);
	return err;
}
