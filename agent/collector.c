// SPDX-License-Identifier: MIT
#include "collector.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define FOLLOWED_MAX 128
#define CHUNK	     4096

struct followed {
	char name[64];
	struct console *console; /* NULL: free slot */
	int fd;
	off_t position; /* stream offset that the next byte should have; -1: the file cannot tell */
};

struct collector {
	pthread_t thread;
	pthread_mutex_t lock; /* which slots are used; the rest of a slot belongs to the thread */
	struct followed followed[FOLLOWED_MAX];
	int wake;
	bool stopping;
};

static void slot_clear(struct collector *collector, struct followed *slot)
{
	console_set_input(slot->console, -1);
	close(slot->fd);
	pthread_mutex_lock(&collector->lock);
	console_release(slot->console);
	memset(slot, 0, sizeof(*slot));
	pthread_mutex_unlock(&collector->lock);
}

/* A jump of the file's position is output that the driver's ring overwrote before we came. */
static void note_loss(struct followed *slot, ssize_t count)
{
	off_t now = lseek(slot->fd, 0, SEEK_CUR);

	if (slot->position >= 0 && now - count > slot->position)
		console_lost(slot->console, (uint64_t)(now - count - slot->position));
	slot->position = now;
}

static void slot_read(struct collector *collector, struct followed *slot)
{
	unsigned char chunk[CHUNK];
	ssize_t count = read(slot->fd, chunk, sizeof(chunk));

	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (count <= 0) {
		slot_clear(collector, slot);
		return;
	}
	note_loss(slot, count);
	console_append(slot->console, chunk, (size_t)count);
}

static size_t poll_set(struct collector *collector, struct pollfd *fds, struct followed **slots)
{
	size_t count = 0;

	fds[count++] = (struct pollfd){ .fd = collector->wake, .events = POLLIN };
	pthread_mutex_lock(&collector->lock);
	for (size_t i = 0; i < FOLLOWED_MAX; i++)
		if (collector->followed[i].console) {
			slots[count] = &collector->followed[i];
			fds[count++] = (struct pollfd){ .fd = collector->followed[i].fd, .events = POLLIN };
		}
	pthread_mutex_unlock(&collector->lock);
	return count;
}

static bool stopping(struct collector *collector)
{
	bool stop;

	pthread_mutex_lock(&collector->lock);
	stop = collector->stopping;
	pthread_mutex_unlock(&collector->lock);
	return stop;
}

static void *collector_main(void *argument)
{
	struct collector *collector = argument;
	struct pollfd fds[FOLLOWED_MAX + 1];
	struct followed *slots[FOLLOWED_MAX + 1];

	while (!stopping(collector)) {
		size_t count = poll_set(collector, fds, slots);
		eventfd_t ignored;

		if (poll(fds, count, -1) < 0)
			continue;
		if (fds[0].revents)
			eventfd_read(collector->wake, &ignored);
		for (size_t i = 1; i < count; i++)
			if (fds[i].revents)
				slot_read(collector, slots[i]);
	}
	return NULL;
}

struct collector *collector_start(void)
{
	struct collector *collector = calloc(1, sizeof(*collector));

	if (!collector)
		return NULL;
	collector->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&collector->lock, NULL);
	if (collector->wake < 0 || pthread_create(&collector->thread, NULL, collector_main, collector) != 0) {
		if (collector->wake >= 0)
			close(collector->wake);
		free(collector);
		return NULL;
	}
	return collector;
}

void collector_stop(struct collector *collector)
{
	if (!collector)
		return;
	pthread_mutex_lock(&collector->lock);
	collector->stopping = true;
	pthread_mutex_unlock(&collector->lock);
	eventfd_write(collector->wake, 1);
	pthread_join(collector->thread, NULL);
	for (size_t i = 0; i < FOLLOWED_MAX; i++)
		if (collector->followed[i].console)
			slot_clear(collector, &collector->followed[i]);
	close(collector->wake);
	pthread_mutex_destroy(&collector->lock);
	free(collector);
}

static struct followed *free_slot_locked(struct collector *collector)
{
	for (size_t i = 0; i < FOLLOWED_MAX; i++)
		if (!collector->followed[i].console)
			return &collector->followed[i];
	return NULL;
}

int collector_follow(struct collector *collector, const char *name, struct console *console, int fd)
{
	struct followed *slot;

	if (fcntl(fd, F_SETFL, O_NONBLOCK | O_RDWR) != 0) {
		close(fd);
		return -EIO;
	}
	console_set_input(console, fd);
	pthread_mutex_lock(&collector->lock);
	slot = free_slot_locked(collector);
	if (slot) {
		snprintf(slot->name, sizeof(slot->name), "%s", name);
		slot->fd = fd;
		/* From the stream's beginning: what an earlier agent saw is still wanted here. */
		slot->position = lseek(fd, 0, SEEK_CUR);
		slot->console = console_hold(console);
	}
	pthread_mutex_unlock(&collector->lock);
	if (!slot) {
		console_set_input(console, -1);
		close(fd);
		return -ENFILE;
	}
	eventfd_write(collector->wake, 1);
	return 0;
}

bool collector_follows(struct collector *collector, const char *name)
{
	bool found = false;

	pthread_mutex_lock(&collector->lock);
	for (size_t i = 0; i < FOLLOWED_MAX; i++)
		if (collector->followed[i].console && strcmp(collector->followed[i].name, name) == 0)
			found = true;
	pthread_mutex_unlock(&collector->lock);
	return found;
}
