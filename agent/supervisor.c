// SPDX-License-Identifier: MIT
#include "supervisor.h"

#include "cell_table.h"
#include "observer.h"
#include "operations.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUEUE_MAX 64

struct command {
	struct command *next;
	command_fn run;
	char name[API_NAME_LEN], actor[API_NAME_LEN];
	int64_t id;
	struct outcome outcome;
	bool done;
	int owners; /* whoever waits, and the queue */
};

struct supervisor {
	struct agent *agent;
	pthread_t thread;
	pthread_mutex_t lock; /* everything below, and the members of all commands but `run` and names */
	pthread_cond_t work, done;
	struct command *first, **last;
	int length;
	bool stopping;
};

static void command_put_locked(struct command *command)
{
	if (--command->owners == 0)
		free(command);
}

static struct command *take_locked(struct supervisor *supervisor)
{
	struct command *command;

	while (!supervisor->first && !supervisor->stopping)
		pthread_cond_wait(&supervisor->work, &supervisor->lock);
	if (supervisor->stopping)
		return NULL;
	command = supervisor->first;
	supervisor->first = command->next;
	if (!supervisor->first)
		supervisor->last = &supervisor->first;
	supervisor->length--;
	return command;
}

static void *supervisor_main(void *argument)
{
	struct supervisor *supervisor = argument;
	struct command *command;
	struct outcome outcome;

	pthread_mutex_lock(&supervisor->lock);
	while ((command = take_locked(supervisor))) {
		pthread_mutex_unlock(&supervisor->lock);
		memset(&outcome, 0, sizeof(outcome));
		operations_begin(supervisor->agent->operations, command->id);
		command->run(supervisor->agent, command->name, command->actor, &outcome);
		operations_end(supervisor->agent->operations, command->id,
			       outcome.error ? OPERATION_REFUSED : OPERATION_DONE, &outcome);
		observer_wake(supervisor->agent->observer);
		pthread_mutex_lock(&supervisor->lock);
		command->outcome = outcome;
		command->done = true;
		pthread_cond_broadcast(&supervisor->done);
		command_put_locked(command);
	}
	pthread_mutex_unlock(&supervisor->lock);
	return NULL;
}

static void cond_init_monotonic(pthread_cond_t *cond)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(cond, &attr);
	pthread_condattr_destroy(&attr);
}

struct supervisor *supervisor_start(struct agent *agent)
{
	struct supervisor *supervisor = calloc(1, sizeof(*supervisor));

	if (!supervisor)
		return NULL;
	supervisor->agent = agent;
	supervisor->last = &supervisor->first;
	pthread_mutex_init(&supervisor->lock, NULL);
	cond_init_monotonic(&supervisor->work);
	cond_init_monotonic(&supervisor->done);
	if (pthread_create(&supervisor->thread, NULL, supervisor_main, supervisor) != 0) {
		free(supervisor);
		return NULL;
	}
	return supervisor;
}

void supervisor_stop(struct supervisor *supervisor)
{
	struct command *command;

	if (!supervisor)
		return;
	pthread_mutex_lock(&supervisor->lock);
	supervisor->stopping = true;
	pthread_cond_broadcast(&supervisor->work);
	pthread_cond_broadcast(&supervisor->done);
	pthread_mutex_unlock(&supervisor->lock);
	pthread_join(supervisor->thread, NULL);
	pthread_mutex_lock(&supervisor->lock);
	while ((command = supervisor->first)) {
		supervisor->first = command->next;
		command_put_locked(command);
	}
	pthread_mutex_unlock(&supervisor->lock);
	pthread_cond_destroy(&supervisor->work);
	pthread_cond_destroy(&supervisor->done);
	pthread_mutex_destroy(&supervisor->lock);
	free(supervisor);
}

static struct command *command_new(const struct order *order)
{
	struct command *command = calloc(1, sizeof(*command));

	if (!command)
		return NULL;
	command->run = order->run;
	command->owners = 2;
	snprintf(command->name, sizeof(command->name), "%s", order->name);
	snprintf(command->actor, sizeof(command->actor), "%s", order->actor);
	return command;
}

static int queue_locked(struct supervisor *supervisor, struct command *command, const char *verb)
{
	if (supervisor->stopping || supervisor->length >= QUEUE_MAX)
		return -EBUSY;
	command->id = operations_add(supervisor->agent->operations, verb, command->name, command->actor);
	*supervisor->last = command;
	supervisor->last = &command->next;
	supervisor->length++;
	pthread_cond_signal(&supervisor->work);
	return 0;
}

static int wait_locked(struct supervisor *supervisor, struct command *command, int timeout_ms)
{
	struct timespec deadline;

	/* Who does not want to wait gets the same answer from a quick command. */
	if (timeout_ms == 0)
		return -EINPROGRESS;
	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_sec += timeout_ms / 1000;
	deadline.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
	if (deadline.tv_nsec >= 1000000000) {
		deadline.tv_sec++;
		deadline.tv_nsec -= 1000000000;
	}
	while (!command->done && !supervisor->stopping)
		if (pthread_cond_timedwait(&supervisor->done, &supervisor->lock, &deadline) == ETIMEDOUT)
			break;
	return command->done ? 0 : -EINPROGRESS;
}

int supervisor_run(struct supervisor *supervisor, const struct order *order, int timeout_ms, struct outcome *outcome,
		   int64_t *id)
{
	struct command *command = command_new(order);
	int err;

	if (!command)
		return -ENOMEM;
	pthread_mutex_lock(&supervisor->lock);
	err = queue_locked(supervisor, command, order->verb);
	if (err) {
		free(command);
	} else {
		*id = command->id;
		err = wait_locked(supervisor, command, timeout_ms);
		if (!err)
			*outcome = command->outcome;
		command_put_locked(command);
	}
	pthread_mutex_unlock(&supervisor->lock);
	return err;
}

static struct command *unlink_locked(struct supervisor *supervisor, int64_t id)
{
	struct command **link = &supervisor->first, *command;

	while (*link && (*link)->id != id)
		link = &(*link)->next;
	command = *link;
	if (!command)
		return NULL;
	*link = command->next;
	if (!*link)
		supervisor->last = link;
	supervisor->length--;
	return command;
}

static void cancel_locked(struct supervisor *supervisor, struct command *command)
{
	outcome_refuse(&command->outcome, -ECANCELED, "cancelled", "Give the command again.",
		       "The command was taken back before it began.");
	operations_end(supervisor->agent->operations, command->id, OPERATION_CANCELLED, &command->outcome);
	if (command->name[0])
		cell_table_unclaim(supervisor->agent->cells, command->name);
	command->done = true;
	pthread_cond_broadcast(&supervisor->done);
	command_put_locked(command);
}

int supervisor_cancel(struct supervisor *supervisor, int64_t id)
{
	struct command *command;

	pthread_mutex_lock(&supervisor->lock);
	command = unlink_locked(supervisor, id);
	if (command)
		cancel_locked(supervisor, command);
	pthread_mutex_unlock(&supervisor->lock);
	return command ? 0 : -ENOENT;
}
