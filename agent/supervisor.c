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

/* What is to be done when its time has come. */
struct later {
	struct later *next; /* the one that is due after it */
	command_fn run;
	const char *verb;
	char name[API_NAME_LEN], actor[API_NAME_LEN];
	int64_t due_ms;
};

struct supervisor {
	struct agent *agent;
	pthread_t thread;
	pthread_mutex_t lock; /* everything below, and the members of all commands but `run` and names */
	pthread_cond_t work, done;
	struct command *first, **last;
	struct later *later;
	int length;
	bool stopping;
};

static void command_put_locked(struct command *command)
{
	if (--command->owners == 0)
		free(command);
}

int64_t supervisor_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
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

/* Nobody waits for it, and no operation shows it: what it does to a cell is an event. */
static struct command *due_locked(struct supervisor *supervisor)
{
	struct later *later = supervisor->later;
	struct command *command;

	if (!later || later->due_ms > supervisor_now_ms())
		return NULL;
	supervisor->later = later->next;
	command = command_new(&(struct order){ later->run, later->verb, later->name, later->actor });
	free(later);
	if (command)
		command->owners = 1;
	return command;
}

static void wait_for_work_locked(struct supervisor *supervisor)
{
	struct timespec until;

	if (!supervisor->later) {
		pthread_cond_wait(&supervisor->work, &supervisor->lock);
		return;
	}
	until.tv_sec = supervisor->later->due_ms / 1000;
	until.tv_nsec = (long)(supervisor->later->due_ms % 1000) * 1000000;
	pthread_cond_timedwait(&supervisor->work, &supervisor->lock, &until);
}

static struct command *take_locked(struct supervisor *supervisor)
{
	struct command *command = NULL;

	while (!supervisor->stopping && !(command = due_locked(supervisor)) && !supervisor->first)
		wait_for_work_locked(supervisor);
	if (supervisor->stopping || command)
		return command;
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
		operations_begin(supervisor->agent->operations, command->id); /* id 0: of no operation */
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
	if (!supervisor)
		return;
	pthread_mutex_lock(&supervisor->lock);
	supervisor->stopping = true;
	pthread_cond_broadcast(&supervisor->work);
	pthread_cond_broadcast(&supervisor->done);
	pthread_mutex_unlock(&supervisor->lock);
	pthread_join(supervisor->thread, NULL);
}

void supervisor_free(struct supervisor *supervisor)
{
	struct command *command;
	struct later *later;

	if (!supervisor)
		return;
	pthread_mutex_lock(&supervisor->lock);
	while ((later = supervisor->later)) {
		supervisor->later = later->next;
		free(later);
	}
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

static void insert_locked(struct supervisor *supervisor, struct later *later)
{
	struct later **link = &supervisor->later;

	while (*link && (*link)->due_ms <= later->due_ms)
		link = &(*link)->next;
	later->next = *link;
	*link = later;
	pthread_cond_signal(&supervisor->work);
}

void supervisor_later(struct supervisor *supervisor, const struct order *order, int64_t delay_ms)
{
	struct later *later = calloc(1, sizeof(*later));

	if (!later) {
		agent_log("error", "no memory to %s \"%s\" later", order->verb, order->name);
		return;
	}
	later->run = order->run;
	later->verb = order->verb;
	later->due_ms = supervisor_now_ms() + delay_ms;
	snprintf(later->name, sizeof(later->name), "%s", order->name);
	snprintf(later->actor, sizeof(later->actor), "%s", order->actor);
	pthread_mutex_lock(&supervisor->lock);
	insert_locked(supervisor, later);
	pthread_mutex_unlock(&supervisor->lock);
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
