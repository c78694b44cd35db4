// SPDX-License-Identifier: MIT
#include "news.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct news {
	pthread_mutex_t lock; /* everything below */
	pthread_cond_t told;
	uint64_t count;
	bool closed;
};

struct news *news_new(void)
{
	struct news *news = calloc(1, sizeof(*news));
	pthread_condattr_t attr;

	if (!news)
		return NULL;
	pthread_mutex_init(&news->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&news->told, &attr);
	pthread_condattr_destroy(&attr);
	return news;
}

void news_free(struct news *news)
{
	if (!news)
		return;
	pthread_cond_destroy(&news->told);
	pthread_mutex_destroy(&news->lock);
	free(news);
}

void news_tell(struct news *news)
{
	if (!news)
		return;
	pthread_mutex_lock(&news->lock);
	news->count++;
	pthread_cond_broadcast(&news->told);
	pthread_mutex_unlock(&news->lock);
}

void news_close(struct news *news)
{
	if (!news)
		return;
	pthread_mutex_lock(&news->lock);
	news->closed = true;
	pthread_cond_broadcast(&news->told);
	pthread_mutex_unlock(&news->lock);
}

bool news_wait(struct news *news, uint64_t *seen, int timeout_ms)
{
	struct timespec deadline;
	bool open;

	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_nsec += (long)timeout_ms * 1000000;
	deadline.tv_sec += deadline.tv_nsec / 1000000000;
	deadline.tv_nsec %= 1000000000;
	pthread_mutex_lock(&news->lock);
	while (!news->closed && news->count == *seen)
		if (pthread_cond_timedwait(&news->told, &news->lock, &deadline) == ETIMEDOUT)
			break;
	*seen = news->count;
	open = !news->closed;
	pthread_mutex_unlock(&news->lock);
	return open;
}
