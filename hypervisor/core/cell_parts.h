/* SPDX-License-Identifier: MIT */
/* What the files of a cell's life share among themselves. All of it with hv_lock held. */
#ifndef CORE_CELL_PARTS_H
#define CORE_CELL_PARTS_H

#include <stdbool.h>
#include <stdint.h>
#include <hv/cell.h>

/* cell_memory.c. 0 or -HV_ENOMEM where an int is returned; what was done until then stays. */
int root_memory_map(uint64_t start, uint64_t size);	/* what root's configuration says about this range */
int carve_devices(struct cell *cell);
int cell_memory_map(struct cell *cell);
int cell_memory_take(const struct cell *cell);		/* from root */
void cell_memory_untake(const struct cell *cell);	/* after half of a take, nothing was written yet */
void cell_memory_return(const struct cell *cell);	/* scrubbed */
int cell_memory_loadable(const struct cell *cell, bool into_root);

/*
 * cell_stop.c. 0 or a negative errno with *reason filled in. cell_shut_down() asks first and returns -HV_EAGAIN, without a
 * reason, until the cell has answered or its time is up: the caller gives the lock back and asks again.
 */
int cell_shut_down(struct cell *cell, struct jh_reason *reason);
int cell_stop(struct cell *cell, struct jh_reason *reason);

/* cell.c */
void collect_irqs(const struct jh_cell_desc *config, uint32_t irqs[IRQ_WORDS]);
void cell_log_absent(const struct cell *cell);	/* what its configuration asks for and nobody has */

#endif
