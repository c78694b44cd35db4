/* SPDX-License-Identifier: MIT */
/*
 * Where cells get their automatic memory. A place is chosen when a cell is created and kept in the store, so that a
 * cell has the same memory at every boot as long as nobody else has it; docs/definitions.md has the policy.
 */
#ifndef AGENT_PLACEMENT_H
#define AGENT_PLACEMENT_H

#include "agent.h"

/* Compiles to stand beside all created cells, and keeps the places. Errors as compiler_ops.compile(); supervisor only. */
int placement_compile(struct agent *agent, const struct store_cell *cell, struct compiled_cell *compiled,
		      cJSON **errors);

/* The same for a definition that is not stored, and nothing is kept: what would a start do now? */
int placement_try(struct agent *agent, const struct store_cell *cell, struct compiled_cell *compiled, cJSON **errors);

/* For showing: alone, at the places that are kept. `unplaced` regions have none yet. */
int placement_show(struct agent *agent, const struct store_cell *cell, struct compiled_cell *compiled, bool *unplaced,
		   cJSON **errors);

#endif
