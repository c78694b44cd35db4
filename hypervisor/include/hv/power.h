/* SPDX-License-Identifier: MIT */
/*
 * A cell that ends or restarts itself. Called on a CPU of the cell without any lock; the caller parks afterwards, whatever
 * happened. A manager who is stopping the cell at that moment comes first.
 */
#ifndef HV_POWER_H
#define HV_POWER_H

#include <stdbool.h>
#include <stdint.h>

struct cell;

/* The cell is shut down, with the reason "system-off". */
void power_off_cell(struct cell *cell);

/*
 * The cell starts again with its memory as it is: its other CPUs are stopped, and its first CPU runs the entry as after a start.
 * The reason of its last end is "system-reset"; the state stays running.
 */
void power_reset_cell(struct cell *cell);

/* Whether an instruction may be fetched at this guest address, by the cell's configuration. */
bool power_entry_allowed(const struct cell *cell, uint64_t address);

#endif
