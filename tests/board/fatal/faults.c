// SPDX-License-Identifier: MIT
/* Faults of EL2 on request, by hypercall and by the name of the system that is enabled. This file is in no firmware but that of the fatal suite, see ROTUNDA_FAULTS in hypervisor/CMakeLists.txt. */
#include <hv/arch.h>
#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/fatal.h>
#include <hv/gic.h>
#include <hv/hypercall.h>
#include <hv/log.h>
#include <hv/mmio.h>
#include <hv/pool.h>

#include "../../../hypervisor/arch/arm64/guest.h"
#include "../../../hypervisor/arch/arm64/mmu.h"
#include "../../../hypervisor/arch/arm64/sysreg.h"
#include "../../../hypervisor/lib/string.h"
#include "faults.h"

#pragma GCC visibility push(hidden)
extern char text_start[];
#pragma GCC visibility pop

int64_t product_hypercall(struct cpu *cpu, uint64_t code, uint64_t arg1, uint64_t arg2);
void product_pool_init(void *start, size_t size);
int product_root_cell_init(void);
int product_gic_cpu_init(struct cpu *cpu);

static void read_null(void)
{
	uint64_t value;

	asm volatile("ldr %0, [%1]" : "=r"(value) : "r"(0UL));
}

static void write_text(void)
{
	*(volatile uint32_t *)text_start = 0;
}

static unsigned int __attribute__((noinline)) recurse(volatile unsigned int *depth)
{
	volatile unsigned int here[32];

	here[*depth % 32] = ++*depth;
	return *depth == ~0u ? 0 : recurse(depth) + here[*depth % 32];
}

static int64_t device(struct cpu *cpu, uint64_t address)
{
	uint64_t elr = read_sysreg(elr_el2), spsr = read_sysreg(spsr_el2);
	bool told;

	if (!management_lock())
		return -1;
	told = mmu_map_device(address, 0x1000) == 0;
	spin_unlock(&hv_lock);
	if (!told)
		return -1;
	cpu->mmio_guard = MMIO_OF_GUEST;
	told = mmio_read32(address) == 0 && cpu->mmio_guard == MMIO_ABORTED;
	cpu->mmio_guard = MMIO_OF_GUEST;
	mmio_write32(address, 1);
	told = told && cpu->mmio_guard == MMIO_ABORTED;
	cpu->mmio_guard = MMIO_TRUSTED;
	write_sysreg(elr_el2, elr);
	write_sysreg(spsr_el2, spsr);
	return told;
}

static void read_null_with(struct spinlock *lock)
{
	spin_lock(lock);
	read_null();
}

static void fault_if_named(const char *name)
{
	if (!strncmp(hv_system.config->root_cell.name, name, JH_CELL_NAME_LEN))
		asm volatile("brk #0");
}

void pool_init(void *start, size_t size)
{
	fault_if_named(FAULT_ENABLE_EARLY);
	product_pool_init(start, size);
}

int root_cell_init(void)
{
	fault_if_named(FAULT_ENABLE_FIRST);
	return product_root_cell_init();
}

int gic_cpu_init(struct cpu *cpu)
{
	if (cpu->id == 5)
		fault_if_named(FAULT_ENABLE_OTHER);
	return product_gic_cpu_init(cpu);
}

int64_t hypercall(struct cpu *cpu, uint64_t code, uint64_t arg1, uint64_t arg2)
{
	volatile unsigned int depth = 0;

	switch (code) {
	case FAULT_NULL:
		read_null();
		return 0;
	case FAULT_WRITE_TEXT:
		write_text();
		return 0;
	case FAULT_STACK:
		return recurse(&depth);
	case FAULT_LOCKED:
		if (management_lock())
			read_null();
		return 0;
	case FAULT_CONSOLE_LOCKED:
		read_null_with(&cpu->cell->console.lock);
		return 0;
	case FAULT_LOG_LOCKED:
		read_null_with(&log_lock);
		return 0;
	case FAULT_GIC_LOCKED:
		read_null_with(&gicd_lock);
		return 0;
	case FAULT_TWICE:
		cpu->cell = (struct cell *)8;
		read_null();
		return 0;
	case FAULT_DEVICE:
		return device(cpu, arg1);
	default:
		return product_hypercall(cpu, code, arg1, arg2);
	}
}
