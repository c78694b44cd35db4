// SPDX-License-Identifier: MIT
#include "driver_news.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

struct driver_news {
	char changes_path[512], device_name[NAME_MAX + 1];
	int changes; /* the driver's counter; -1 while there is no driver */
	int folder; /* inotify on the folder of the device node: a module comes and goes with its node */
};

struct driver_news *driver_news_new(const char *device, const char *sysfs)
{
	struct driver_news *news = calloc(1, sizeof(*news));
	char folder[512], name[512];

	if (!news)
		return NULL;
	snprintf(news->changes_path, sizeof(news->changes_path), "%s/changes", sysfs);
	snprintf(folder, sizeof(folder), "%s", device);
	snprintf(name, sizeof(name), "%s", device);
	snprintf(news->device_name, sizeof(news->device_name), "%.255s", basename(name));
	news->changes = -1;
	news->folder = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (news->folder >= 0)
		inotify_add_watch(news->folder, dirname(folder), IN_CREATE | IN_DELETE | IN_MOVE);
	return news;
}

static void changes_close(struct driver_news *news)
{
	if (news->changes >= 0)
		close(news->changes);
	news->changes = -1;
}

void driver_news_free(struct driver_news *news)
{
	if (!news)
		return;
	changes_close(news);
	if (news->folder >= 0)
		close(news->folder);
	free(news);
}

/* Reading arms poll(): it answers when the value is another than the one read last (Documentation/filesystems/sysfs). */
static bool changes_arm(struct driver_news *news)
{
	char value[32];

	if (news->changes >= 0 && pread(news->changes, value, sizeof(value), 0) <= 0)
		changes_close(news); /* the module was unloaded */
	return news->changes >= 0;
}

static bool changes_open(struct driver_news *news)
{
	if (news->changes >= 0)
		return false;
	news->changes = open(news->changes_path, O_RDONLY | O_CLOEXEC);
	return changes_arm(news);
}

/* True when our node was among those that came or went. */
static bool folder_read(struct driver_news *news)
{
	char buffer[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	bool ours = false;
	ssize_t count;

	while ((count = read(news->folder, buffer, sizeof(buffer))) > 0)
		for (char *at = buffer; at < buffer + count;) {
			const struct inotify_event *event = (const struct inotify_event *)at;

			ours |= event->len && strcmp(event->name, news->device_name) == 0;
			at += sizeof(*event) + event->len;
		}
	return ours;
}

void driver_news_wait(struct driver_news *news, int wake)
{
	struct pollfd fds[3] = { { .fd = wake, .events = POLLIN } };
	bool news_at_last = changes_open(news);

	while (!news_at_last) {
		fds[1] = (struct pollfd){ .fd = news->folder, .events = POLLIN };
		fds[2] = (struct pollfd){ .fd = news->changes, .events = POLLPRI };
		if (poll(fds, 3, -1) < 0)
			continue;
		news_at_last = fds[0].revents != 0;
		if (fds[1].revents)
			news_at_last |= folder_read(news);
		if (fds[2].revents || fds[1].revents) {
			news_at_last |= fds[2].revents != 0;
			changes_arm(news);
		}
	}
}
