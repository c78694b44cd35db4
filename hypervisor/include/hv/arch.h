/* SPDX-License-Identifier: MIT */
/* What policy needs of the machine. arch/arm64 has the real ones, tests their own. */
#ifndef HV_ARCH_H
#define HV_ARCH_H

#include <stdbool.h>
#include <stdint.h>

uint64_t time_us(void);
void relax(void);			/* in a loop that waits for another CPU */

/* Zeroes physical memory that left a cell and pushes it to the point of coherency. 0 or -ENOMEM. */
int memory_scrub(uint64_t pa, uint64_t size);

/* Root memory, readable at its physical address until closed. 0 or -ENOMEM. */
int memory_open(uint64_t pa, uint64_t size);
void memory_close(uint64_t pa, uint64_t size);

struct spinlock {
	uint32_t taken;
};
void spin_lock(struct spinlock *lock);
bool spin_trylock(struct spinlock *lock);
void spin_unlock(struct spinlock *lock);

void uart_write(const char *text, unsigned int size);

#endif
