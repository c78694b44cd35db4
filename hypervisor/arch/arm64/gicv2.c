// SPDX-License-Identifier: MIT
/*
 * The physical GICv2 (Arm IHI 0048). Its CPU interface is memory that guests have directly; SGIs and PPIs are banked in the
 * distributor, so each CPU can set up only its own: the management SGI is armed once and guests never get at it.
 */
#include "gic.h"

#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/log.h>
#include <hv/reason.h>

#include "mmu.h"
#include "sysreg.h"

#define GICD_BYTES	0x1000
#define GICC_BYTES	0x2000
#define CTLR_ENABLE	1u	/* of the group that interrupts of ours are in */
#define RPR_IDLE	0xff
#define ARCH_V2		2

static uint64_t gicd(unsigned int offset)
{
	return hv_gic.gicd + offset;
}

static uint64_t gicc(unsigned int offset)
{
	return hv_gic.gicc + offset;
}

/* The interface of guests under a hypervisor with list registers: not ours, and nobody else's. */
static void trap_virtual_interface(const struct jh_platform_arm *arm)
{
	if (arm->gich_base)
		hv_system.trapped[2] =
			(struct check_range){ arm->gich_base, GICD_BYTES, "the interrupt hypervisor interface" };
	if (arm->gich_base && arm->gicv_base)
		hv_system.trapped[3] =
			(struct check_range){ arm->gicv_base, GICC_BYTES, "the virtual interrupt interface" };
}

static int gicv2_init(void)
{
	const struct jh_platform_arm *arm = &hv_system.config->arm;
	int err = mmu_map_device(arm->gicd_base, GICD_BYTES);

	if (!err)
		err = mmu_map_device(arm->gicc_base, GICC_BYTES);
	if (err)
		return err;
	if ((mmio_read32(arm->gicd_base + GICD_PIDR2_V2) >> 4 & 0xf) != ARCH_V2)
		return refuse(&hv_status.refusal, -HV_ENODEV, "gic-version",
			      "The system configuration names a GICv2; there is none at 0x%lx.",
			      (unsigned long)arm->gicd_base);
	hv_gic.version = 2;
	hv_gic.gicd = arm->gicd_base;
	hv_gic.gicd_size = GICD_BYTES;
	hv_gic.gicc = arm->gicc_base;
	hv_gic.banked = (uint32_t)~BIT64(MANAGEMENT_SGI);
	gic_note_irqs(32 * ((mmio_read32(gicd(GICD_TYPER)) & 0x1f) + 1), 0);
	hv_system.trapped[0] = (struct check_range){ hv_gic.gicd, GICD_BYTES, "the interrupt distributor" };
	hv_system.trapped[1] = (struct check_range){ hv_gic.gicc, GICC_BYTES, "the interrupt CPU interface" };
	trap_virtual_interface(arm);
	return 0;
}

/* In the group that GICC_CTLR bit 0 enables: 0 where there is one security state, else what a non-secure access sees. */
static void arm_sgi(void)
{
	mmio_write32(gicd(GIC_IGROUPR), mmio_read32(gicd(GIC_IGROUPR)) & ~(uint32_t)BIT64(MANAGEMENT_SGI));
	mmio_write8(gicd(GIC_IPRIORITYR) + MANAGEMENT_SGI, 0);
	mmio_write32(gicd(GIC_ISENABLER), (uint32_t)BIT64(MANAGEMENT_SGI));
}

static int gicv2_cpu_init(struct cpu *cpu)
{
	cpu->gic_target = (uint8_t)mmio_read32(gicd(GICD_ITARGETSR));
	if (!cpu->gic_target || (cpu->gic_target & (cpu->gic_target - 1)))
		return refuse(&hv_status.refusal, -HV_ENODEV, "no-cpu-interface",
			      "CPU %u does not find the number of its interrupt interface (GICD_ITARGETSR0 is 0x%x).",
			      cpu->id, cpu->gic_target);
	/* Every CPU is root's at first, and may send to the others as soon as it is back. */
	__atomic_fetch_or(&root_cell.gic_targets, cpu->gic_target, __ATOMIC_RELEASE);
	arm_sgi();
	return 0;
}

static void take_back_sgis(void)
{
	for (unsigned int i = 0; i < 16; i += 4)
		mmio_write32(gicd(GICD_CPENDSGIR) + i, ~0u);
}

static void gicv2_cpu_reset(struct cpu *cpu)
{
	(void)cpu;
	mmio_write32(gicd(GIC_ICENABLER), ~0u);
	mmio_write32(gicd(GIC_ICPENDR), ~0u);
	take_back_sgis();
	mmio_write32(gicd(GIC_ICACTIVER), ~0u);
	for (unsigned int i = 0; i < 32; i += 4)
		mmio_write32(gicd(GIC_IPRIORITYR) + i, 0);
	mmio_write32(gicc(GICC_CTLR), 0);
	mmio_write32(gicc(GICC_PMR), 0);
	mmio_write32(gicc(GICC_BPR), 0);
	for (unsigned int i = 0; i < 16; i += 4)
		mmio_write32(gicc(GICC_APR) + i, 0);
	arm_sgi();
	dsb(sy);
}

static void gicv2_cpu_load(const struct cell *cell)
{
	(void)cell;	/* no system registers to trap */
}

static void open_interface(void)
{
	mmio_write32(gicc(GICC_PMR), 0xff);
	mmio_write32(gicc(GICC_CTLR), CTLR_ENABLE);
}

static void gicv2_listen(struct cpu *cpu)
{
	(void)cpu;
	open_interface();
}

static void gicv2_heard(struct cpu *cpu)
{
	(void)cpu;
	mmio_write8(gicd(GICD_CPENDSGIR) + MANAGEMENT_SGI, 0xff);
	/* The clear has happened when this is read: who kicks later wakes us again. */
	mmio_read32(gicd(GICD_CPENDSGIR) + MANAGEMENT_SGI / 4 * 4);
	dsb(sy);
}

static void gicv2_kick(struct cpu *cpu)
{
	mmio_write32(gicd(GICD_SGIR), (uint32_t)cpu->gic_target << 16 | MANAGEMENT_SGI);
}

/* As gicv3_guest_wfi() does: open for as long as it sleeps, and no sleep while an interrupt is active. */
static void gicv2_guest_wfi(struct cpu *cpu)
{
	uint32_t ctlr = mmio_read32(gicc(GICC_CTLR)), mask = mmio_read32(gicc(GICC_PMR));

	(void)cpu;
	if ((mmio_read32(gicc(GICC_RPR)) & 0xff) != RPR_IDLE)
		return;
	if ((ctlr & CTLR_ENABLE) && mask) {
		wfi_in_el2();
		return;
	}
	open_interface();
	wfi_in_el2();
	mmio_write32(gicc(GICC_CTLR), ctlr);
	mmio_write32(gicc(GICC_PMR), mask);
	dsb(sy);
}

const struct gic_ops gicv2_ops = {
	.init = gicv2_init,
	.cpu_init = gicv2_cpu_init,
	.cpu_reset = gicv2_cpu_reset,
	.cpu_load = gicv2_cpu_load,
	.listen = gicv2_listen,
	.heard = gicv2_heard,
	.kick = gicv2_kick,
	.guest_wfi = gicv2_guest_wfi,
};
