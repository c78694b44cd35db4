/* SPDX-License-Identifier: MIT */
/*
 * What the hostile cell can do, and the pages through which cells and root's watch.c talk. Each of these pages is shared by one cell
 * and root, nobody else.
 *
 * ATTACK(name, kind, gic, what); gic is 2 or 3 where it needs that version, else 0
 *   PASSES	it comes to its end, and the cell goes on
 *   FAILS	each of its steps ends the cell with the reason memory-access, or is accounted for in the report; the cell is started again
 *		for the next step
 *   ABORTS	the cell is given external aborts for that (stray_access): each step is one, or accounted for, and it goes on
 *   EITHER	a step may end the cell; whatever happens, nobody else notices
 *   STAYS	it never ends: the cell is stopped in the middle of it
 *   DENIES	it never ends and refuses to be shut down: that is refused, force is not
 *   MAY_DENY	it never ends, and what it answers is random
 *   LEAVES	it switches itself off
 */
#ifndef ATTACKS_H
#define ATTACKS_H

#include <stdint.h>

#define ATTACKS(ATTACK)                                                                       \
	ATTACK(every_page, ABORTS, 0, "read or write in each page below 4 GiB")               \
	ATTACK(every_2_mib, ABORTS, 0, "read or write in each 2 MiB of 40 bits")              \
	ATTACK(physical_map, ABORTS, 0, "both sides of all edges of the board's map, every kind") \
	ATTACK(hypervisor_memory, ABORTS, 0, "hypervisor memory, each page, every kind")      \
	ATTACK(root_memory, ABORTS, 0, "root's memory, every kind of access")                 \
	ATTACK(victim_memory, ABORTS, 0, "another cell's memory, each page, every kind")      \
	ATTACK(memory_before, ABORTS, 0, "memory of a cell to come, each page, every kind")   \
	ATTACK(memory_during, ABORTS, 0, "the same while that cell runs")                     \
	ATTACK(memory_after, ABORTS, 0, "the same when that cell is gone")                    \
	ATTACK(map_fails, FAILS, 0, "the edges of the map in a cell that fails for that")     \
	ATTACK(kinds_fail, FAILS, 0, "every kind of access in a cell that fails for that")    \
	ATTACK(exclusive, FAILS, 0, "STXR to foreign memory, the monitor armed by a remapping") \
	ATTACK(leave_secret, PASSES, 0, "fills its memory with a secret")                     \
	ATTACK(find_secret, PASSES, 0, "looks for a secret of the cell before")               \
	ATTACK(cache_and_tlb, EITHER, 0, "cache and TLB instructions on foreign memory")      \
	ATTACK(set_way, PASSES, 0, "set/way maintenance of every level, on both CPUs")        \
	ATTACK(tables, EITHER, 0, "stage-1 tables that are or lead to foreign memory")        \
	ATTACK(distributor, PASSES, 0, "GICD registers of all foreign interrupts")            \
	ATTACK(distributor_sizes, PASSES, 0, "GICD: each offset, every size, misaligned")     \
	ATTACK(own_route, PASSES, 0, "its own SPI routed to foreign CPUs")                    \
	ATTACK(redistributors, PASSES, 3, "GICR of all CPUs: each offset, zeroes and ones")   \
	ATTACK(odd_accesses, EITHER, 0, "interrupt controller: pairs, exclusive, SIMD, atomics") \
	ATTACK(cpu_interface, PASSES, 2, "GICC: each offset, every size, zeroes and ones")    \
	ATTACK(sgis, PASSES, 3, "ICC_SGI1R, SGI0R, ASGI1R: everybody, every encoding")        \
	ATTACK(sgir, PASSES, 2, "GICD_SGIR: everybody, every encoding")                       \
	ATTACK(ends, PASSES, 0, "EOIR and DIR of interrupts it does not own")                 \
	ATTACK(uart, EITHER, 0, "its emulated PL011: each offset, every kind of access")      \
	ATTACK(smc, PASSES, 0, "SMC of every class, random arguments")                        \
	ATTACK(hvc, PASSES, 0, "HVC of every class and immediate, random arguments")          \
	ATTACK(hypercalls, PASSES, 0, "every hypercall, random arguments")                    \
	ATTACK(read_registers, PASSES, 0, "MRS of every encoding")                            \
	ATTACK(write_registers, PASSES, 0, "MSR of every encoding: ones, zeroes")             \
	ATTACK(system_instructions, PASSES, 0, "SYS and SYSL of every encoding: DC, IC, AT, TLBI") \
	ATTACK(random_cpu_on, EITHER, 0, "CPU_ON with random targets and entries")            \
	ATTACK(comm_lies, MAY_DENY, 0, "random states and replies in its communication region") \
	ATTACK(comm_silence, STAYS, 0, "never answers a message")                             \
	ATTACK(comm_denial, DENIES, 0, "denies every request")                                \
	ATTACK(comm_lock, DENIES, 0, "locks the configuration and denies")                    \
	ATTACK(spin, STAYS, 0, "both CPUs spin with everything masked")                       \
	ATTACK(closed_wfi, STAYS, 0, "WFI with its CPU interface closed and PMR = 0")         \
	ATTACK(wfe, STAYS, 0, "WFE with everything masked")                                   \
	ATTACK(suspend, STAYS, 0, "CPU_SUSPEND with everything closed")                       \
	ATTACK(timer_storm, STAYS, 0, "a timer that never stops asking")                      \
	ATTACK(hypercall_storm, STAYS, 0, "hypercalls without end")                           \
	ATTACK(mmio_storm, STAYS, 0, "emulated accesses without end")                         \
	ATTACK(abort_storm, STAYS, 0, "stage-1 tables in foreign memory: aborts without end") \
	ATTACK(fault_storm, STAYS, 0, "a vector that faults itself")                          \
	ATTACK(sgi_storm, STAYS, 0, "SGIs between its CPUs without end")                      \
	ATTACK(pending_storm, STAYS, 0, "ISPENDR0 all ones without end")                      \
	ATTACK(cpu_storm, STAYS, 0, "CPU_ON and CPU_OFF without end")                         \
	ATTACK(sgi_masked, STAYS, 0, "management SGI: priority, enable, group, active")       \
	ATTACK(sgi_active, STAYS, 0, "management SGI marked active, then WFI")                \
	ATTACK(waker, STAYS, 3, "GICR_WAKER puts both redistributors to sleep")               \
	ATTACK(active_priority, STAYS, 0, "WFI while an interrupt is active, priorities all ones") \
	ATTACK(reset_loop, STAYS, 0, "SYSTEM_RESET without end")                              \
	ATTACK(off, LEAVES, 0, "SYSTEM_OFF")

enum attack_kind { PASSES, FAILS, ABORTS, EITHER, STAYS, DENIES, MAY_DENY, LEAVES };

#define AS_NUMBER(name, kind, gic, what) ATTACK_##name,
enum { ATTACKS(AS_NUMBER) NUM_ATTACKS };

/* The hostile cell's. Root clears it before an attack; a cell that is started again goes on at step. */
struct report {
	volatile uint64_t beats;	/* signs of life */
	volatile uint64_t step, steps;	/* the next one; how many there are */
	volatile uint64_t done;
	volatile uint64_t skipped;	/* exceptions that the cell itself got */
	volatile uint64_t breaches;	/* what should not have been possible */
	volatile uint64_t where;	/* the last of them */
	/* Steps of an attack of the kind FAILS or ABORTS that did not end the cell. */
	volatile uint64_t aborted;	/* external aborts */
	volatile uint64_t own;		/* an address that is the cell's */
	volatile uint64_t
		excepted; /* the cell's own CPU refused it: instructions it lacks, addresses beyond its size */
	volatile uint64_t given_up;	/* store-exclusives that said themselves that they did not store */
};

/* A victim's. Root writes asked; when the victim has checked everything, answered is the same. */
struct witness {
	volatile uint64_t asked, answered;
	volatile uint64_t beats;	/* periods of its timer that it has counted */
	volatile uint64_t behind;	/* periods that passed without having been counted, after it caught up */
	volatile uint64_t damage;	/* words of its memory that are not what they were */
	volatile uint64_t strays;	/* interrupts that nobody of its own made */
	volatile uint64_t changed;	/* registers of its interrupts that are not what it wrote */
	volatile uint64_t lost;		/* its SPI was made pending and did not come */
};

/* The second victim comes and goes; to itself its pages are where the first one's are. definitions says the same. */
#define REPORT_AT	0x90000000ULL
#define WITNESS_AT	0x90001000ULL
#define WITNESS_2_AT	0x90002000ULL
#define HOSTILE_RAM	0x80000000ULL	/* guest address 0 */
#define HOSTILE_SIZE	0x200000ULL
#define SECRET_RAM	0x80400000ULL	/* never loadable */
#define SECRET_AT	0x400000ULL
#define SECRET_SIZE	0x400000ULL
#define VICTIM_RAM	0x80200000ULL
#define VICTIM_2_RAM	0x88000000ULL
#define VICTIM_SIZE	0x200000ULL
#define HYPERVISOR_RAM	0x7fc00000ULL
#define HYPERVISOR_SIZE 0x400000ULL
#define ROOT_RAM	0x40200000ULL
#define HOSTILE_SPI	200u
#define VICTIM_SPI	201u
#define VICTIM_2_SPI	202u
#define HOSTILE_CPU	3u
#define SIBLING_CPU	4u
#define NUM_CPUS	6u
#define HOSTILE_UART	0x0b000000ULL	/* emulated */
#define HOSTILE_UART_SPI 210u

#endif
