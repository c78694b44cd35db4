/* SPDX-License-Identifier: MIT */
/*
 * What the hostile cell can do, and the pages through which cells and root's watch.c talk. Both pages are shared by one cell and
 * root, nobody else.
 *
 * ATTACK(name, kind, what)
 *   PASSES	it comes to its end, and the cell goes on
 *   FAILS	each of its steps ends the cell with the reason memory-access; it is started again for the next one
 *   EITHER	a step may end the cell; whatever happens, nobody else notices
 *   STAYS	it never ends: the cell is stopped in the middle of it
 *   DENIES	it never ends and refuses to be shut down: that is refused, force is not
 *   MAY_DENY	it never ends, and what it answers is random
 *   LEAVES	it switches itself off
 */
#ifndef ATTACKS_H
#define ATTACKS_H

#include <stdint.h>

#define ATTACKS(ATTACK)                                                                    \
	ATTACK(every_gib, FAILS, "read and write in each GiB of 40 bits")                  \
	ATTACK(every_2_mib, FAILS, "read or write in each 2 MiB below 4 GiB")              \
	ATTACK(devices, FAILS, "root's devices, every size")                               \
	ATTACK(hypervisor_memory, FAILS, "hypervisor memory, every kind of access")        \
	ATTACK(root_memory, FAILS, "root's memory, every kind of access")                  \
	ATTACK(victim_memory, FAILS, "another cell's memory, every kind of access")        \
	ATTACK(nobodys_memory, FAILS, "memory for future cells, every kind of access")     \
	ATTACK(leave_secret, PASSES, "fills its memory with a secret")                     \
	ATTACK(find_secret, PASSES, "looks for a secret of the cell before")               \
	ATTACK(zero_foreign, EITHER, "cache and TLB instructions on foreign memory")       \
	ATTACK(tables, EITHER, "stage-1 tables that are or lead to foreign memory")        \
	ATTACK(distributor, PASSES, "GICD registers of all foreign interrupts")            \
	ATTACK(distributor_sizes, PASSES, "GICD: each offset, every size, misaligned")     \
	ATTACK(redistributors, PASSES, "GICR of all CPUs: each offset, zeroes and ones")   \
	ATTACK(odd_accesses, EITHER, "GICD and GICR: pairs, exclusive, SIMD, writeback")   \
	ATTACK(sgis, PASSES, "SGIs to everybody in every encoding")                        \
	ATTACK(ends, PASSES, "EOIR and DIR of interrupts it does not own")                 \
	ATTACK(smc, PASSES, "SMC of every class, random arguments")                        \
	ATTACK(hvc, PASSES, "HVC of every class and immediate, random arguments")          \
	ATTACK(hypercalls, PASSES, "every hypercall, random arguments")                    \
	ATTACK(read_registers, PASSES, "MRS of every encoding")                            \
	ATTACK(write_registers, PASSES, "MSR of every encoding: ones, zeroes")             \
	ATTACK(system_instructions, PASSES, "SYS and SYSL of every encoding: DC, IC, AT, TLBI") \
	ATTACK(random_cpu_on, EITHER, "CPU_ON with random targets and entries")            \
	ATTACK(comm_lies, MAY_DENY, "random states and replies in its communication region")  \
	ATTACK(comm_silence, STAYS, "never answers a message")                             \
	ATTACK(comm_denial, DENIES, "denies every request")                                \
	ATTACK(comm_lock, DENIES, "locks the configuration and denies")                     \
	ATTACK(spin, STAYS, "both CPUs spin with everything masked")                       \
	ATTACK(closed_wfi, STAYS, "WFI with IGRPEN1 = 0, PMR = 0")                         \
	ATTACK(wfe, STAYS, "WFE with everything masked")                                   \
	ATTACK(suspend, STAYS, "CPU_SUSPEND with everything closed")                       \
	ATTACK(timer_storm, STAYS, "a timer that never stops asking")                      \
	ATTACK(hypercall_storm, STAYS, "hypercalls without end")                           \
	ATTACK(mmio_storm, STAYS, "emulated accesses without end")                         \
	ATTACK(fault_storm, STAYS, "a vector that faults itself")                          \
	ATTACK(sgi_storm, STAYS, "SGIs between its CPUs without end")                      \
	ATTACK(cpu_storm, STAYS, "CPU_ON and CPU_OFF without end")                         \
	ATTACK(sgi_masked, STAYS, "management SGI: priority, enable, group, active, by a sibling") \
	ATTACK(sgi_active, STAYS, "management SGI marked active, then WFI")                \
	ATTACK(waker, STAYS, "GICR_WAKER puts both redistributors to sleep")               \
	ATTACK(active_priority, STAYS, "WFI while an interrupt is active, AP1R0 all ones") \
	ATTACK(reset_loop, STAYS, "SYSTEM_RESET without end")                              \
	ATTACK(off, LEAVES, "SYSTEM_OFF")

enum attack_kind { PASSES, FAILS, EITHER, STAYS, DENIES, MAY_DENY, LEAVES };

#define AS_NUMBER(name, kind, what) ATTACK_##name,
enum { ATTACKS(AS_NUMBER) NUM_ATTACKS };

/* The hostile cell's. Root clears it before an attack; a cell that is started again goes on at step. */
struct report {
	volatile uint64_t beats;	/* signs of life */
	volatile uint64_t step, steps;	/* the next one; how many there are */
	volatile uint64_t done;
	volatile uint64_t skipped;	/* exceptions that the cell itself got */
	volatile uint64_t breaches;	/* what should not have been possible */
	volatile uint64_t where;	/* the last of them */
};

/* The victim's. Root writes asked; when the victim has checked everything, answered is the same. */
struct witness {
	volatile uint64_t asked, answered;
	volatile uint64_t beats;	/* periods of its timer that it has counted */
	volatile uint64_t behind;	/* periods that passed without having been counted, after it caught up */
	volatile uint64_t damage;	/* words of its memory that are not what they were */
	volatile uint64_t strays;	/* interrupts that nobody of its own made */
	volatile uint64_t changed;	/* registers of its interrupts that are not what it wrote */
	volatile uint64_t lost;		/* its SPI was made pending and did not come */
};

#define REPORT_AT	0x90000000ULL
#define WITNESS_AT	0x90001000ULL
#define HOSTILE_RAM	0x80000000ULL	/* guest address 0 */
#define HOSTILE_SIZE	0x200000ULL
#define SECRET_RAM	0x80400000ULL	/* never loadable */
#define SECRET_AT	0x400000ULL
#define SECRET_SIZE	0x400000ULL
#define VICTIM_RAM	0x80200000ULL
#define HYPERVISOR_RAM	0x7fc00000ULL
#define HOSTILE_SPI	200u
#define VICTIM_SPI	201u
#define HOSTILE_CPU	3u
#define SIBLING_CPU	4u

#endif
