/* SPDX-License-Identifier: MIT */
#ifndef HV_HYPERCALL_H
#define HV_HYPERCALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cpu;

/* One call of the guest on cpu. The result goes into x0. */
int64_t hypercall(struct cpu *cpu, uint64_t code, uint64_t arg1, uint64_t arg2);

/* Copies what root may read; false, and nothing is copied, when it may not. In core/ownership.c; hv_lock is held. */
bool root_memory_copy(void *to, uint64_t address, size_t size);

#endif
