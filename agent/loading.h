/* SPDX-License-Identifier: MIT */
/* The images of a cell, mapped for the driver. */
#ifndef AGENT_LOADING_H
#define AGENT_LOADING_H

#include "agent.h"
#include "outcome.h"

struct loading {
	const struct driver_image *images; /* for the driver */
	size_t count;
	/* of loading.c */
	struct driver_image *mapped;
	size_t num_mapped;
	struct boot_images boot;
};

/* All of them or none: false and a filled outcome when one is missing or too large. */
bool loading_open(struct agent *agent, const struct compiled_cell *compiled, struct loading *loading,
		  struct outcome *outcome);
void loading_close(struct agent *agent, struct loading *loading);

#endif
