/* SPDX-License-Identifier: MIT */
/* "Something was recorded": wakes those who follow the board. What it was they ask for themselves. Any thread, no other lock needed. */
#ifndef AGENT_NEWS_H
#define AGENT_NEWS_H

#include <stdbool.h>
#include <stdint.h>

struct news;

struct news *news_new(void);
void news_free(struct news *news); /* nobody waits any more */
void news_tell(struct news *news);

/* Everybody who waits goes home, now and from here on. */
void news_close(struct news *news);

/* Until there is more than *seen, which is brought up to date, or timeout_ms have passed. False when it is closed. */
bool news_wait(struct news *news, uint64_t *seen, int timeout_ms);

#endif
