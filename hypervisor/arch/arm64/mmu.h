/* SPDX-License-Identifier: MIT */
/* EL2's own map: identity, W^X, only our memory, the devices we drive, and windows for as long as they are needed. */
#ifndef HV_ARCH_MMU_H
#define HV_ARCH_MMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* First CPU, MMU off. */
int mmu_build(uint64_t core, uint64_t size);
/* Every CPU. */
void mmu_enable(void);
void mmu_disable(void);
bool mmu_is_enabled(void);

/* First CPU, MMU off: takes a page out of what mmu_build() mapped. */
void mmu_guard(uint64_t page);

int mmu_map_device(uint64_t pa, uint64_t size);
/*
 * Guest memory, never executable: one window at a time, under the management lock, at an address of its own, so that nothing else of
 * EL2's map is ever touched. Cannot fail; its tables are there from the start. Returns where pa is to be found.
 */
#define MMU_WINDOW_SIZE 0x200000ULL
void *mmu_open_window(uint64_t pa, uint64_t size,
		      bool writable); /* within MMU_WINDOW_SIZE with what its pages overhang */
void mmu_close_window(void);

#endif
