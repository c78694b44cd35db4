/* SPDX-License-Identifier: MIT */
/* Sleeps until the driver tells of a change, or appears, or goes. */
#ifndef AGENT_DRIVER_NEWS_H
#define AGENT_DRIVER_NEWS_H

struct driver_news;

/* Of the device node and of the sysfs tree's `changes`. NULL without memory. */
struct driver_news *driver_news_new(const char *device, const char *sysfs);
void driver_news_free(struct driver_news *news);

/* Returns at once when it cannot be sure that nothing changed since the last call. */
void driver_news_wait(struct driver_news *news, int wake);

#endif
