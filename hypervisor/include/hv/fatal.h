/* SPDX-License-Identifier: MIT */
/* What is left when a CPU dies in the hypervisor: everybody else goes on as far as that is safe. */
#ifndef HV_FATAL_H
#define HV_FATAL_H

#include <stdbool.h>

struct cpu;

/*
 * On the dying CPU, before it says anything: gives back the locks that it holds. What they cover is a register or a ring: half done it
 * is a wrong line or bit, nothing that others could not live with. Not so hv_lock: nobody gets that one any more.
 */
void fatal_release(const struct cpu *cpu);

/* On the dying CPU, once its dump is out: root is told, and its cell fails. text is one sentence. */
void fatal_tell(struct cpu *cpu, const char *text);

/* Takes hv_lock. False, and it is not taken: a CPU died with it, so nobody knows what state the tables are in. */
bool management_lock(void);

#endif
