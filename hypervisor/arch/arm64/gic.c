// SPDX-License-Identifier: MIT
/* The physical GICv3 (Arm IHI 0069): finding redistributors, resetting what changes hands, waking a CPU that sleeps. */
#include <hv/arch.h>
#include <hv/cell.h>
#include <hv/log.h>
#include <hv/reason.h>

#include "gic.h"
#include "guest.h"
#include "mmu.h"
#include "sysreg.h"

#define MANAGEMENT_SGI	15

struct spinlock gicd_lock;
unsigned int gicr_frames;
static unsigned int gicd_irqs;

static uint64_t gicd(unsigned int offset)
{
	return hv_system.config->arm.gicd_base + offset;
}

static uint64_t gicr_frame(unsigned int index)
{
	return hv_system.config->arm.gicr_base + (uint64_t)index * GICR_STRIDE;
}

int gic_init(void)
{
	int err = mmu_map_device(hv_system.config->arm.gicd_base, GICD_SIZE);
	uint32_t arch;

	if (err)
		return err;
	arch = mmio_read32(gicd(GICD_PIDR2)) >> 4 & 0xf;
	if (arch != 3 && arch != 4)
		return refuse(&hv_status.refusal, -HV_ENODEV, "gic-version",
			      "There is no GICv3 at 0x%lx (architecture %u).", (unsigned long)gicd(0), arch);
	gicd_irqs = 32 * ((mmio_read32(gicd(GICD_TYPER)) & 0x1f) + 1);
	for (gicr_frames = 0; !err && gicr_frames < HV_MAX_CPUS; gicr_frames++) {
		err = mmu_map_device(gicr_frame(gicr_frames), GICR_STRIDE);
		if (!err && (mmio_read64(gicr_frame(gicr_frames) + GICR_TYPER) & GICR_TYPER_LAST)) {
			gicr_frames++;
			break;
		}
	}
	hv_system.trapped[0] = (struct check_range){ gicd(0), GICD_SIZE, "the interrupt distributor" };
	hv_system.trapped[1] = (struct check_range){ gicr_frame(0), (uint64_t)gicr_frames * GICR_STRIDE,
						     "the interrupt redistributors" };
	return err;
}

int gic_cpu_init(struct cpu *cpu)
{
	/* GICR_TYPER has the affinity in 63:32 as Aff3.Aff2.Aff1.Aff0, MPIDR has Aff3 in 39:32. */
	uint64_t affinity = (cpu->mpidr >> 8 & 0xff000000) | (cpu->mpidr & 0xffffff);

	for (unsigned int i = 0; i < gicr_frames; i++) {
		if (mmio_read64(gicr_frame(i) + GICR_TYPER) >> 32 != affinity)
			continue;
		cpu->gicr = gicr_frame(i);
		return 0;
	}
	return -HV_ENODEV;
}

void gic_cpu_reset(struct cpu *cpu)
{
	uint64_t sgi = cpu->gicr + GICR_SGI_BASE;

	if (!cpu->gicr)
		return;
	mmio_write32(sgi + GIC_ICENABLER, 0xffffffff);
	mmio_write32(sgi + GIC_ICPENDR, 0xffffffff);
	mmio_write32(sgi + GIC_ICACTIVER, 0xffffffff);
	for (unsigned int i = 0; i < 32; i += 4)
		mmio_write32(sgi + GIC_IPRIORITYR + i, 0);
	write_sysreg(S3_0_C12_C12_7, 0);	/* ICC_IGRPEN1_EL1 */
	write_sysreg(S3_0_C4_C6_0, 0);		/* ICC_PMR_EL1 */
	write_sysreg(S3_0_C12_C12_4, 0);	/* ICC_CTLR_EL1: EOImode 0 */
	write_sysreg(S3_0_C12_C9_0, 0);		/* ICC_AP1R0_EL1: no active priority is left behind */
	isb();
}

/* The guest may have disabled the SGI, changed its group or priority: all three are set before it is made pending. */
void gic_kick(struct cpu *cpu)
{
	uint64_t sgi = cpu->gicr + GICR_SGI_BASE;

	mmio_write32(sgi + GIC_IGROUPR, mmio_read32(sgi + GIC_IGROUPR) | BIT64(MANAGEMENT_SGI));
	mmio_write8(sgi + GIC_IPRIORITYR + MANAGEMENT_SGI, 0);
	mmio_write32(sgi + GIC_ISENABLER, BIT64(MANAGEMENT_SGI));
	mmio_write32(sgi + GIC_ISPENDR, BIT64(MANAGEMENT_SGI));
}

/* A guest in WFI whose interface is closed could not be woken: it sleeps here, with the interface open. */
void wfi_in_el2(void)
{
	uint64_t group = read_sysreg(S3_0_C12_C12_7), mask = read_sysreg(S3_0_C4_C6_0);
	bool closed = !(group & 1) || mask == 0;

	if (closed) {
		write_sysreg(S3_0_C4_C6_0, 0xf8);
		write_sysreg(S3_0_C12_C12_7, 1);
		isb();
	}
	dsb(sy);
	wfi();
	if (closed) {
		write_sysreg(S3_0_C12_C12_7, group);
		write_sysreg(S3_0_C4_C6_0, mask);
		isb();
	}
}

void irq_set_pending(unsigned int intid)
{
	if (intid >= 32 && intid < gicd_irqs)
		mmio_write32(gicd(GIC_ISPENDR) + intid / 32 * 4, BIT64(intid % 32));
}

void irqs_reset(const uint32_t irqs[32], uint64_t mpidr)
{
	spin_lock(&gicd_lock);
	for (unsigned int word = 1; word < gicd_irqs / 32; word++) {
		if (!irqs[word])
			continue;
		mmio_write32(gicd(GIC_ICENABLER) + word * 4, irqs[word]);
		mmio_write32(gicd(GIC_ICPENDR) + word * 4, irqs[word]);
		mmio_write32(gicd(GIC_ICACTIVER) + word * 4, irqs[word]);
		for (unsigned int bit = 0; bit < 32; bit++) {
			unsigned int intid = word * 32 + bit;

			if (!(irqs[word] & BIT64(bit)) || intid >= HV_MAX_INTID)
				continue;
			mmio_write8(gicd(GIC_IPRIORITYR) + intid, 0xa0);
			mmio_write64(gicd(GICD_IROUTER) + 8UL * intid, mpidr);
		}
	}
	spin_unlock(&gicd_lock);
}

/* ICC_SGI1R_EL1: Aff3 55:48, RS 47:44, IRM 40, Aff2 39:32, INTID 27:24, Aff1 23:16, target list 15:0. */
static bool is_target(const struct cpu *cpu, const struct cpu *sender, uint64_t value)
{
	uint64_t cluster = (value >> 48 & 0xff) << 32 | (value >> 32 & 0xff) << 16 | (value >> 16 & 0xff) << 8;
	unsigned int aff0 = cpu->mpidr & 0xff, range = value >> 44 & 0xf;

	if (value & BIT64(40))
		return cpu != sender;
	return (cpu->mpidr & ~0xffULL) == cluster && aff0 / 16 == range && (value & BIT64(aff0 % 16));
}

bool sgi_send(struct cpu *sender, uint64_t value)
{
	for (uint64_t left = sender->cell->cpus; left; left &= left - 1) {
		const struct cpu *cpu = cpus[__builtin_ctzll(left)];
		uint64_t one = (value & GENMASK64(27, 24)) | (cpu->mpidr >> 32 & 0xff) << 48 |
			       (cpu->mpidr >> 16 & 0xff) << 32 | (cpu->mpidr >> 8 & 0xff) << 16 |
			       (cpu->mpidr & 0xf0) << 40 | BIT64(cpu->mpidr & 0xf);

		if (is_target(cpu, sender, value))
			write_sysreg(S3_0_C12_C11_5, one);
	}
	isb();
	return true;
}
