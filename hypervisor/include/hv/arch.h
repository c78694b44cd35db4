/* SPDX-License-Identifier: MIT */
/* What policy needs of the machine. arch/arm64 has the real ones, tests their own. */
#ifndef HV_ARCH_H
#define HV_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cpu;

uint64_t time_us(void);
void relax(void);			/* in a loop that waits for another CPU */

/* Zeroes physical memory that left a cell and pushes it to the point of coherency. Page aligned; hv_lock is held. */
void memory_scrub(uint64_t pa, uint64_t size);

/* To the point of coherency, where a warm reset leaves it; memory of the hypervisor. */
void memory_push(const void *start, size_t size);

/* Root memory, readable at the result until closed; hv_lock is held. size is at most that of a configuration. */
const void *memory_open(uint64_t pa, uint64_t size);
void memory_close(void);

/*
 * Fair: who waits in spin_lock() gets it in turn, and spin_trylock() only when nobody waits. A CPU that dies gives back what it
 * holds, see fatal_release(); but for hv_lock, which management_lock() takes.
 */
struct spinlock {
	uint32_t next, owner;	/* tickets: the one that the next who comes draws, the one that may go on */
	const struct cpu *holder;	/* who has it; only that CPU itself may look */
};
void spin_lock(struct spinlock *lock);
/* Waits in turn as well. False, and the lock is not to be used again: *lost was set meanwhile. */
bool spin_lock_unless(struct spinlock *lock, const bool *lost);
bool spin_trylock(struct spinlock *lock);
void spin_unlock(struct spinlock *lock);

void uart_write(const char *text, unsigned int size);

#endif
