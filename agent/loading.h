/* SPDX-License-Identifier: MIT */
/* The images of a cell, mapped for the driver. */
#ifndef AGENT_LOADING_H
#define AGENT_LOADING_H

#include "agent.h"
#include "outcome.h"

/* All of them or none: NULL and a filled outcome when one is missing or too large. */
struct driver_image *loading_map(struct agent *agent, const struct compiled_cell *compiled, struct outcome *outcome);
void loading_unmap(struct driver_image *images, size_t count);

#endif
