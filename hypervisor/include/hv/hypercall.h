/* SPDX-License-Identifier: MIT */
#ifndef HV_HYPERCALL_H
#define HV_HYPERCALL_H

#include <stdbool.h>
#include <stdint.h>

struct cpu;

/* One call of the guest on cpu. The result goes into x0. */
int64_t hypercall(struct cpu *cpu, uint64_t code, uint64_t arg1, uint64_t arg2);

/* Whether root may read all of [address, address + size): in core/ownership.c. */
bool root_memory_readable(uint64_t address, uint64_t size);

#endif
