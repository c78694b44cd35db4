// SPDX-License-Identifier: MIT
#include <hv/arch.h>
#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/log.h>

#include "../../lib/string.h"
#include "guest.h"
#include "layout.h"
#include "mmu.h"
#include "sysreg.h"

#define SCTLR_EL1_RESET		0x30d00800ULL	/* RES1 bits: MMU and caches off */
#define CPACR_FP		(3ULL << 20)

_Static_assert(sizeof(struct guest_regs) == REGS_SIZE, "vectors.S saves struct guest_regs");

struct cpu *cpus[HV_MAX_CPUS];

struct cpu *this_cpu(void)
{
	return (struct cpu *)read_sysreg(tpidr_el2);
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

void spin_lock(struct spinlock *lock)
{
	while (!spin_trylock(lock))
		relax();
}

bool spin_trylock(struct spinlock *lock)
{
	return !__atomic_exchange_n(&lock->taken, 1, __ATOMIC_ACQUIRE);
}

void spin_unlock(struct spinlock *lock)
{
	__atomic_store_n(&lock->taken, 0, __ATOMIC_RELEASE);
}

/* Everything that EL1 and EL0 can see of who ran here before. DDI 0487, D13. */
static void reset_el1(void)
{
	write_sysreg(sctlr_el1, SCTLR_EL1_RESET);
	write_sysreg(cpacr_el1, CPACR_FP);
	write_sysreg(sp_el0, 0);
	write_sysreg(sp_el1, 0);
	write_sysreg(elr_el1, 0);
	write_sysreg(spsr_el1, 0);
	write_sysreg(vbar_el1, 0);
	write_sysreg(ttbr0_el1, 0);
	write_sysreg(ttbr1_el1, 0);
	write_sysreg(tcr_el1, 0);
	write_sysreg(mair_el1, 0);
	write_sysreg(amair_el1, 0);
	write_sysreg(esr_el1, 0);
	write_sysreg(far_el1, 0);
	write_sysreg(par_el1, 0);
	write_sysreg(afsr0_el1, 0);
	write_sysreg(afsr1_el1, 0);
	write_sysreg(contextidr_el1, 0);
	write_sysreg(tpidr_el0, 0);
	write_sysreg(tpidrro_el0, 0);
	write_sysreg(tpidr_el1, 0);
	write_sysreg(csselr_el1, 0);
	write_sysreg(cntkctl_el1, 0);
	write_sysreg(cntp_ctl_el0, 0);
	write_sysreg(cntp_cval_el0, 0);
	write_sysreg(cntv_ctl_el0, 0);
	write_sysreg(cntv_cval_el0, 0);
}

static void reset_debug_and_pmu(void)
{
	write_sysreg(mdscr_el1, 0);
	write_sysreg(pmcr_el0, 6);		/* P, C: counters to zero, all off */
	write_sysreg(pmcntenclr_el0, 0xffffffff);
	write_sysreg(pmintenclr_el1, 0xffffffff);
	write_sysreg(pmovsclr_el0, 0xffffffff);
	write_sysreg(pmuserenr_el0, 0);
	write_sysreg(pmselr_el0, 0);
}

void cpu_load_cell(const struct cpu *cpu)
{
	const struct cell *cell = cpu->cell;
	uint64_t hcr = HCR_VM | HCR_SWIO | HCR_TSC | HCR_RW | HCR_APK | HCR_API;

	/* Interrupts go straight to the guest (IMO = FMO = 0). A cell may sleep only where it can be woken, and signal
	 * only its own CPUs. */
	if (cell != &root_cell)
		hcr |= HCR_TWI | HCR_TACR | HCR_PTW;
	write_sysreg(hcr_el2, hcr);
	gic_cpu_load(cell);
	write_sysreg(vttbr_el2, stage2_vttbr(&cell->s2));
	isb();
	/* Instructions and translations of the previous owner must not be met again. */
	asm volatile("tlbi vmalls12e1\n ic iallu" : : : "memory");
	dsb(nsh);
	isb();
}

void cpu_run(struct cpu *cpu, uint64_t entry, uint64_t context)
{
	cpu->entry = entry;
	cpu->context = context;
	__atomic_store_n(&cpu->run, 1, __ATOMIC_RELEASE);
	gic_kick(cpu);
}

void cpu_wake(struct cpu *cpu)
{
	gic_kick(cpu);
}

void cpu_park(struct cpu *cpu, struct guest_regs *regs)
{
	gic_cpu_reset(cpu);
	gic_wait_for_run(cpu);
	/* State first: whoever stops the cell must never see a CPU that is about to start as one that is parked. */
	__atomic_store_n(&cpu->state, CPU_IN_GUEST, __ATOMIC_RELEASE);
	__atomic_store_n(&cpu->run, 0, __ATOMIC_RELEASE);
	memset(regs, 0, sizeof(*regs));
	regs->x[0] = cpu->context;
	reset_el1();
	reset_debug_and_pmu();
	fp_reset();
	gic_cpu_reset(cpu);
	write_sysreg(elr_el2, cpu->entry);
	write_sysreg(spsr_el2, SPSR_EL1H_MASKED);
	cpu_load_cell(cpu);
}

const void *memory_open(uint64_t pa, uint64_t size)
{
	return mmu_open_window(pa, size, false);
}

void memory_close(void)
{
	mmu_close_window();
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
