// SPDX-License-Identifier: MIT
/* Identity map of 39 bits: what the cell runs in and what it shares as memory, the first GiB otherwise as devices. */
#include "inmate.h"

#define BLOCK		(1UL | 1UL << 10 | 3UL << 8)	/* valid, accessed, inner shareable */
#define NORMAL		(1UL << 2)			/* MAIR attribute 1 */
#define NEVER_EXECUTE	(3UL << 53)
#define TABLE		3UL
#define GIB		(1UL << 30)
#define TCR		(25UL | 1UL << 8 | 1UL << 10 | 3UL << 12 | 1UL << 23 | 2UL << 32)

static uint64_t first[512] __attribute__((aligned(4096)));
static uint64_t low[512] __attribute__((aligned(4096)));

void mmu_enable(void);
void mmu_enable(void)
{
	uint64_t sctlr;

	for (uint64_t i = 0; i < 512; i++)
		low[i] = (i << 21) | BLOCK | (i ? NEVER_EXECUTE : NORMAL);
	first[0] = (uint64_t)low | TABLE;
	first[1] = GIB | BLOCK | NORMAL;
	first[2] = 2 * GIB | BLOCK | NORMAL | NEVER_EXECUTE;
	__asm__ volatile("dsb sy");
	__asm__ volatile("msr mair_el1, %0" : : "r"(0xff00UL));
	__asm__ volatile("msr tcr_el1, %0" : : "r"(TCR));
	__asm__ volatile("msr ttbr0_el1, %0; isb" : : "r"(first));
	__asm__ volatile("tlbi vmalle1; dsb sy; isb" ::: "memory");
	__asm__ volatile("mrs %0, sctlr_el1" : "=r"(sctlr));
	__asm__ volatile("msr sctlr_el1, %0; isb" : : "r"(sctlr | 1 | 1 << 2 | 1 << 12) : "memory");
}
