// SPDX-License-Identifier: MIT
#include <hv/arch.h>
#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/log.h>

#include "../../lib/string.h"
#include "guest.h"
#include "mmu.h"
#include "sysreg.h"
#include "traps.h"

struct cpu *cpus[HV_MAX_CPUS];

struct cpu *this_cpu(void)
{
	return (struct cpu *)read_sysreg(tpidr_el2);
}

/*
 * CPUs by affinity, Aff3 to Aff0: open addressing, never more than half full, filled while the CPUs arrive. Clusters are
 * small, so their numbers are folded into the bits above Aff0's.
 */
#define AFFINITY_SLOTS	(2 * HV_MAX_CPUS)
static struct cpu *by_affinity[AFFINITY_SLOTS];

static unsigned int affinity_slot(uint64_t affinity)
{
	return (unsigned int)(affinity ^ affinity >> 5 ^ affinity >> 11 ^ affinity >> 26) % AFFINITY_SLOTS;
}

void cpu_register(struct cpu *cpu)
{
	unsigned int slot = affinity_slot(cpu->mpidr);
	struct cpu *nobody = NULL;

	cpus[cpu->id] = cpu;
	while (!__atomic_compare_exchange_n(&by_affinity[slot], &nobody, cpu, false, __ATOMIC_ACQ_REL,
					    __ATOMIC_RELAXED)) {
		nobody = NULL;
		slot = (slot + 1) % AFFINITY_SLOTS;
	}
}

struct cpu *cpu_by_affinity(uint64_t affinity)
{
	unsigned int slot = affinity_slot(affinity);

	while (by_affinity[slot] && by_affinity[slot]->mpidr != affinity)
		slot = (slot + 1) % AFFINITY_SLOTS;
	return by_affinity[slot];
}

void relax(void)
{
	/* Under an emulator that runs all CPUs in one thread a spin without this starves the others. */
	asm volatile("yield" : : : "memory");
}

uint64_t time_us(void)
{
	isb();
	return read_sysreg(cntpct_el0) / (read_sysreg(cntfrq_el0) / 1000000);
}

static uint32_t lock_draw(struct spinlock *lock)
{
	return __atomic_fetch_add(&lock->next, 1, __ATOMIC_RELAXED);
}

static bool lock_is_turn(const struct spinlock *lock, uint32_t ticket)
{
	return __atomic_load_n(&lock->owner, __ATOMIC_ACQUIRE) == ticket;
}

void spin_lock(struct spinlock *lock)
{
	uint32_t ticket = lock_draw(lock);

	while (!lock_is_turn(lock, ticket))
		relax();
	lock->holder = this_cpu();
}

bool spin_lock_unless(struct spinlock *lock, const bool *lost)
{
	uint32_t ticket = lock_draw(lock);

	while (!lock_is_turn(lock, ticket)) {
		if (__atomic_load_n(lost, __ATOMIC_ACQUIRE))
			return false;
		relax();
	}
	lock->holder = this_cpu();
	return true;
}

bool spin_trylock(struct spinlock *lock)
{
	uint32_t ticket = __atomic_load_n(&lock->owner, __ATOMIC_ACQUIRE);

	if (!__atomic_compare_exchange_n(&lock->next, &ticket, ticket + 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return false;
	lock->holder = this_cpu();
	return true;
}

void spin_unlock(struct spinlock *lock)
{
	lock->holder = NULL;
	__atomic_store_n(&lock->owner, lock->owner + 1, __ATOMIC_RELEASE);
}

static void reset_timers(void)
{
	write_sysreg(cntp_ctl_el0, 0);
	write_sysreg(cntp_cval_el0, 0);
	write_sysreg(cntv_ctl_el0, 0);
	write_sysreg(cntv_cval_el0, 0);
}

void cpu_load_cell(const struct cpu *cpu)
{
	const struct cell *cell = cpu->cell;

	/* Interrupts go straight to the guest (IMO = FMO = 0). */
	traps_load(cpu);
	gic_cpu_load(cell);
	write_sysreg(vttbr_el2, stage2_vttbr(&cell->s2));
	isb();
	/* Instructions and translations of the previous owner must not be met again. */
	asm volatile("tlbi vmalls12e1\n ic iallu" : : : "memory");
	dsb(nsh);
	isb();
}

bool cpu_claim(struct cpu *cpu)
{
	uint32_t idle = RUN_NO;

	return cpu_state(cpu) == CPU_PARKED &&
	       __atomic_compare_exchange_n(&cpu->run, &idle, RUN_CLAIMED, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

void cpu_run(struct cpu *cpu, uint64_t entry, uint64_t context)
{
	cpu->entry = entry;
	cpu->context = context;
	__atomic_store_n(&cpu->run, RUN_NOW, __ATOMIC_RELEASE);
	gic_kick(cpu);
}

void cpu_wake(struct cpu *cpu)
{
	gic_kick(cpu);
}

/* The registers of the next guest, and away. Interrupt controller and timers are the caller's affair. */
static void __attribute__((noreturn)) start_guest(const struct cpu *cpu, uint64_t entry, uint64_t context)
{
	reset_guest_state();
	write_sysreg(elr_el2, entry);
	write_sysreg(spsr_el2, SPSR_EL1H_MASKED);
	cpu_load_cell(cpu);
	guest_start(context);
}

void cpu_park(struct cpu *cpu)
{
	cpu->mmio_guard = MMIO_TRUSTED;
	gic_cpu_reset(cpu);
	gic_wait_for_run(cpu);
	/* State first: whoever stops the cell must never see a CPU that is about to start as one that is parked. */
	__atomic_store_n(&cpu->state, CPU_IN_GUEST, __ATOMIC_RELEASE);
	__atomic_store_n(&cpu->run, RUN_NO, __ATOMIC_RELEASE);
	gic_cpu_reset(cpu);
	reset_timers();
	start_guest(cpu, cpu->entry, cpu->context);
}

/* Interrupts that wait for the guest keep waiting, and timers go on: that is what it is to wake from. */
void cpu_sleep(struct cpu *cpu, uint64_t entry, uint64_t context)
{
	gic_guest_wfi(cpu);
	start_guest(cpu, entry, context);
}

const void *memory_open(uint64_t pa, uint64_t size)
{
	return mmu_open_window(pa, size, false);
}

void memory_close(void)
{
	mmu_close_window();
}

void memory_push(const void *start, size_t size)
{
	uint64_t line = 4ULL << (read_sysreg(ctr_el0) >> 16 & 0xf), end = (uint64_t)start + size;

	for (uint64_t p = (uint64_t)start & ~(line - 1); p < end; p += line)
		asm volatile("dc cvac, %0" : : "r"(p) : "memory");
	dsb(sy);
}

static void zero_lines(uint64_t va, uint64_t size)
{
	uint64_t zva = 4ULL << (read_sysreg(dczid_el0) & 0xf);
	uint64_t line = 4ULL << (read_sysreg(ctr_el0) >> 16 & 0xf);

	for (uint64_t p = va; p < va + size; p += zva)
		asm volatile("dc zva, %0" : : "r"(p) : "memory");
	dsb(ish);
	/* The next owner may look with its caches off. */
	for (uint64_t p = va; p < va + size; p += line)
		asm volatile("dc civac, %0" : : "r"(p) : "memory");
	dsb(sy);
}

void memory_scrub(uint64_t pa, uint64_t size)
{
	uint64_t step;

	for (; size; pa += step, size -= step) {
		step = size < MMU_WINDOW_SIZE ? size : MMU_WINDOW_SIZE;
		zero_lines((uint64_t)mmu_open_window(pa, step, true), step);
		mmu_close_window();
	}
}
