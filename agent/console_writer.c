// SPDX-License-Identifier: MIT
/* Input to a cell: one writes at a time. */
#include "console_inner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

void console_set_input(struct console *console, int fd)
{
	int copy = fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : -1;

	pthread_mutex_lock(&console->lock);
	if (console->input >= 0)
		close(console->input);
	console->input = copy;
	pthread_mutex_unlock(&console->lock);
}

/* The board sets its clock while it runs: idle times must not notice. */
static time_t monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void set_writer_locked(struct console *console, const void *who, const char *name)
{
	if (console->writer == who)
		return;
	console->writer = who;
	snprintf(console->writer_name, sizeof(console->writer_name), "%s", name);
	console->writer_changes++;
	pthread_cond_broadcast(&console->news);
}

static bool may_write_locked(const struct console *console, const void *who)
{
	return !console->writer || console->writer == who || monotonic() - console->written >= CONSOLE_WRITER_IDLE;
}

static int input_locked(struct console *console, const void *data, size_t size, size_t *taken)
{
	ssize_t written;

	if (console->input < 0)
		return -ENOTCONN;
	written = write(console->input, data, size);
	*taken = written > 0 ? (size_t)written : 0;
	return written < 0 ? -errno : *taken == size ? 0 : -EAGAIN;
}

int console_input(struct console *console, const void *who, const char *name, const void *data, size_t size,
		  size_t *taken)
{
	int err = -EBUSY;

	*taken = 0;
	pthread_mutex_lock(&console->lock);
	if (may_write_locked(console, who)) {
		set_writer_locked(console, who, name);
		console->written = monotonic();
		err = input_locked(console, data, size, taken);
	}
	pthread_mutex_unlock(&console->lock);
	return err;
}

void console_take(struct console *console, const void *who, const char *name)
{
	pthread_mutex_lock(&console->lock);
	set_writer_locked(console, who, name);
	console->written = monotonic();
	pthread_mutex_unlock(&console->lock);
}

void console_leave(struct console *console, const void *who)
{
	pthread_mutex_lock(&console->lock);
	if (console->writer == who)
		set_writer_locked(console, NULL, "");
	pthread_mutex_unlock(&console->lock);
}
