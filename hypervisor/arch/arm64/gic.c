// SPDX-License-Identifier: MIT
/* Which interrupt controller this is, and what does not depend on it. */
#include "gic.h"

#include <hv/cell.h>
#include <hv/cpu.h>

#include "guest.h"
#include "sysreg.h"

static const struct gic_ops *ops;

void gic_note_irqs(unsigned int spi_end, unsigned int extended)
{
	for (unsigned int intid = IRQ_SPI_FIRST; intid < spi_end && intid < IRQ_SPI_END; intid++)
		hv_gic.irqs[intid / 32] |= (uint32_t)BIT64(intid % 32);
	for (unsigned int word = 0; word < extended / 32; word++)
		hv_gic.irqs[IRQ_EXTENDED_WORD + word] = ~0u;
}

int gic_init(void)
{
	ops = hv_system.config->arm.gic_version == 2 ? &gicv2_ops : &gicv3_ops;
	return ops->init();
}

int gic_cpu_init(struct cpu *cpu)
{
	return ops->cpu_init(cpu);
}

void gic_cpu_reset(struct cpu *cpu)
{
	ops->cpu_reset(cpu);
}

void gic_cpu_load(const struct cell *cell)
{
	ops->cpu_load(cell);
}

void gic_kick(struct cpu *cpu)
{
	/* What the CPU shall find must be visible before it wakes; WFE needs an event, not an interrupt. */
	dsb(ish);
	ops->kick(cpu);
	sev();
}

void gic_guest_wfi(struct cpu *cpu)
{
	ops->guest_wfi(cpu);
}

/* Interrupts are routed to EL1; for as long as this lasts they are EL2's, masked, so that each one ends the WFI. */
void wfi_in_el2(void)
{
	uint64_t hcr = read_sysreg(hcr_el2);

	write_sysreg(hcr_el2, hcr | HCR_IMO | HCR_FMO);
	isb();
	dsb(sy);
	wfi();
	write_sysreg(hcr_el2, hcr);
	isb();
}

void gic_wait_for_run(struct cpu *cpu)
{
	ops->listen(cpu);
	/* Only now may somebody find this CPU parked, make it run and kick it. */
	__atomic_store_n(&cpu->state, CPU_PARKED, __ATOMIC_RELEASE);
	while (__atomic_load_n(&cpu->run, __ATOMIC_ACQUIRE) != RUN_NOW) {
		wfi_in_el2();
		ops->heard(cpu);
	}
}
