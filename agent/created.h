/* SPDX-License-Identifier: MIT */
/* The cells that the hypervisor has, by the driver's word: ours and those that somebody else made. */
#ifndef AGENT_CREATED_H
#define AGENT_CREATED_H

#include "agent.h"

/* Configurations of all created cells but root's; cells[i] belongs to binaries[i], whose data may be NULL. */
struct created {
	struct driver_cell *cells;
	struct binary *binaries;
	size_t count;
};

int created_read(struct agent *agent, struct created *created);
void created_free(struct created *created);

/* -ENOENT when it is not created, -ENODEV without a driver. */
int created_find(struct agent *agent, const char *name, struct driver_cell *cell);
bool created_runs(const struct driver_cell *cell);
/* Bit n: CPU n; from the kernel's list format, "0-1,3". */
uint64_t created_cpus(const char *list);
/* "running", "stopped" or "failed" */
const char *created_state(const struct driver_cell *cell);

#endif
