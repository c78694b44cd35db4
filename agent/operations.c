// SPDX-License-Identifier: MIT
#include "operations.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct operations {
	pthread_mutex_t lock; /* everything below */
	struct operation kept[OPERATIONS_KEPT]; /* of number n: kept[n % OPERATIONS_KEPT] */
	int64_t first, next; /* numbers first to next - 1 were given */
	int64_t running; /* number of the command at work */
	pthread_cond_t ended;
};

struct operations *operations_new(void)
{
	struct operations *operations = calloc(1, sizeof(*operations));
	pthread_condattr_t attr;
	struct timespec now;

	if (!operations)
		return NULL;
	pthread_mutex_init(&operations->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&operations->ended, &attr);
	pthread_condattr_destroy(&attr);
	/* Fewer than a thousand commands a second: a number of the last agent does not come again. */
	clock_gettime(CLOCK_REALTIME, &now);
	operations->first = operations->next = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	return operations;
}

void operations_free(struct operations *operations)
{
	if (!operations)
		return;
	pthread_cond_destroy(&operations->ended);
	pthread_mutex_destroy(&operations->lock);
	free(operations);
}

static struct operation *find_locked(struct operations *operations, int64_t id)
{
	struct operation *operation = &operations->kept[id > 0 ? id % OPERATIONS_KEPT : 0];

	return id > 0 && operation->id == id ? operation : NULL;
}

int64_t operations_add(struct operations *operations, const char *verb, const char *cell, const char *actor)
{
	struct operation *operation;
	int64_t id;

	pthread_mutex_lock(&operations->lock);
	id = operations->next++;
	operation = &operations->kept[id % OPERATIONS_KEPT];
	*operation = (struct operation){ .id = id, .state = OPERATION_WAITING, .asked = (int64_t)time(NULL) };
	snprintf(operation->verb, sizeof(operation->verb), "%s", verb);
	snprintf(operation->cell, sizeof(operation->cell), "%s", cell);
	snprintf(operation->actor, sizeof(operation->actor), "%s", actor);
	pthread_mutex_unlock(&operations->lock);
	return id;
}

void operations_begin(struct operations *operations, int64_t id)
{
	struct operation *operation;

	pthread_mutex_lock(&operations->lock);
	operation = find_locked(operations, id);
	if (operation)
		operation->state = OPERATION_RUNNING;
	operations->running = id;
	pthread_mutex_unlock(&operations->lock);
}

void operations_step(struct operations *operations, const char *doing)
{
	struct operation *operation;

	pthread_mutex_lock(&operations->lock);
	operation = find_locked(operations, operations->running);
	if (operation && operation->state == OPERATION_RUNNING) {
		snprintf(operation->doing, sizeof(operation->doing), "%s", doing);
		operation->steps++;
	}
	pthread_mutex_unlock(&operations->lock);
}

void operations_end(struct operations *operations, int64_t id, enum operation_state state,
		    const struct outcome *outcome)
{
	struct operation *operation;

	pthread_mutex_lock(&operations->lock);
	operation = find_locked(operations, id);
	if (operation) {
		operation->state = state;
		operation->ended = (int64_t)time(NULL);
		operation->doing[0] = '\0';
		operation->outcome = *outcome;
	}
	pthread_cond_broadcast(&operations->ended);
	pthread_mutex_unlock(&operations->lock);
}

static int ahead_locked(struct operations *operations, const struct operation *operation)
{
	int ahead = 0;

	if (operation->state != OPERATION_WAITING)
		return 0;
	for (size_t i = 0; i < OPERATIONS_KEPT; i++) {
		const struct operation *other = &operations->kept[i];

		ahead += other->id && other->id < operation->id && other->state <= OPERATION_RUNNING;
	}
	return ahead;
}

static struct timespec deadline_in(int timeout_ms)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
	at.tv_sec += timeout_ms / 1000 + at.tv_nsec / 1000000000;
	at.tv_nsec %= 1000000000;
	return at;
}

int operations_get(struct operations *operations, int64_t id, struct operation *operation, int *ahead)
{
	return operations_wait(operations, id, 0, operation, ahead);
}

int operations_wait(struct operations *operations, int64_t id, int timeout_ms, struct operation *operation, int *ahead)
{
	struct timespec deadline = deadline_in(timeout_ms);
	const struct operation *found;

	pthread_mutex_lock(&operations->lock);
	/* Looked for each time: the place of an old one is taken by a new one. */
	while ((found = find_locked(operations, id)) && found->state <= OPERATION_RUNNING)
		if (!timeout_ms ||
		    pthread_cond_timedwait(&operations->ended, &operations->lock, &deadline) == ETIMEDOUT)
			break;
	found = find_locked(operations, id);
	if (found) {
		*operation = *found;
		*ahead = ahead_locked(operations, found);
	}
	pthread_mutex_unlock(&operations->lock);
	return found ? 0 : -ENOENT;
}

size_t operations_list(struct operations *operations, struct operation *list)
{
	size_t count = 0;

	pthread_mutex_lock(&operations->lock);
	for (int64_t id = operations->next - 1; id >= operations->first && count < OPERATIONS_KEPT; id--) {
		const struct operation *found = find_locked(operations, id);

		if (found)
			list[count++] = *found;
	}
	pthread_mutex_unlock(&operations->lock);
	return count;
}
