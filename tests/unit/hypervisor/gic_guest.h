/* SPDX-License-Identifier: MIT */
/* A CPU of the cell alpha that uses the interrupt controller. Failed checks end the cmocka test. */
#ifndef GIC_GUEST_H
#define GIC_GUEST_H

#include "gic_model.h"
#include "gic_watch.h"

extern struct cpu *const guest;	/* CPU 2 */

/* Its accesses to the distributor. */
uint64_t gicd_get(unsigned int offset, unsigned int size);
void gicd_put(unsigned int offset, unsigned int size, uint64_t value);

/* Since watch_start(), of what is not alpha's. */
void nothing_foreign_changed(void);

#endif
