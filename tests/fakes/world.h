/* SPDX-License-Identifier: MIT */
/* What the files of the scripted world share. */
#ifndef FAKES_WORLD_H
#define FAKES_WORLD_H

#include "agent_world.h"

#include <pthread.h>

/* One lock over the whole world: handlers, the supervisor and the test are different threads. */
extern pthread_mutex_t world_lock;

#define LOCKED(result)                             \
	do {                                       \
		int locked_result;                 \
		pthread_mutex_lock(&world_lock);   \
		locked_result = (result);          \
		pthread_mutex_unlock(&world_lock); \
		return locked_result;              \
	} while (0)

extern const struct store_ops world_store_ops;
extern const struct auth_ops world_auth_ops;
extern const struct driver_ops world_driver_ops;
extern const struct compiler_ops world_compiler_ops;

struct world_cell *world_created(struct world *world, const char *name); /* with the lock held */
void world_news_locked(struct world *world); /* the driver has something to tell */

#endif
