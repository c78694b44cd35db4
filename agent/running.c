// SPDX-License-Identifier: MIT
#include "running.h"

#include "created.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

bool running(struct agent *agent, const char *name)
{
	struct driver_cell cell;

	return created_find(agent, name, &cell) == 0 && created_runs(&cell);
}

void running_signature(struct agent *agent, char (*names)[API_NAME_LEN], size_t count,
		       char signature[RUNNING_SIGNATURE])
{
	size_t used = (size_t)snprintf(signature, RUNNING_SIGNATURE, "%zu", count);
	struct driver_cell cell;

	for (size_t i = 0; i < count && used < RUNNING_SIGNATURE; i++) {
		if (created_find(agent, names[i], &cell) != 0 || !created_runs(&cell)) {
			signature[0] = '\0';
			return;
		}
		/* A new number: it was destroyed and created; more starts: it was started again as it stands. */
		used += (size_t)snprintf(signature + used, RUNNING_SIGNATURE - used, " %s:%d:%" PRIu64, names[i],
					 cell.id, cell.starts);
	}
}

int64_t running_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
