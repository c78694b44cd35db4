// SPDX-License-Identifier: MIT
/* The physical GICv3 (Arm IHI 0069): redistributors in memory, the CPU interface in system registers. */
#include "gic.h"

#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/log.h>
#include <hv/reason.h>
#include <hv/vgic.h>

#include "mmu.h"
#include "sysreg.h"

#define GICD_BYTES	0x10000
#define RESET_TIMEOUT_US 1000

#define ICC_PMR		S3_0_C4_C6_0
#define ICC_AP1R0	S3_0_C12_C9_0
#define ICC_AP1R1	S3_0_C12_C9_1
#define ICC_AP1R2	S3_0_C12_C9_2
#define ICC_AP1R3	S3_0_C12_C9_3
#define ICC_DIR		S3_0_C12_C11_1
#define ICC_RPR		S3_0_C12_C11_3
#define   RPR_IDLE	0xff
#define ICC_SGI1R	S3_0_C12_C11_5
#define ICC_BPR1	S3_0_C12_C12_3
#define ICC_CTLR	S3_0_C12_C12_4
#define   CTLR_PRI_BITS(ctlr) (((ctlr) >> 8 & 7) + 1)
#define ICC_SRE		S3_0_C12_C12_5
#define ICC_IGRPEN1	S3_0_C12_C12_7
#define ICH_HCR		S3_4_C12_C11_0
#define   ICH_HCR_TC	BIT64(10)	/* trap what both groups share: PMR, CTLR, RPR, DIR, SGIs */
#define   ICH_HCR_TALL0	BIT64(11)	/* and group 0 */
#define PFR0_GIC	GENMASK64(27, 24)
#define SPURIOUS	1023

static uint64_t sgi_frame(const struct cpu *cpu)
{
	return cpu->gicr + GICR_SGI_BASE;
}

static uint64_t frame_bytes(void)
{
	return 1ULL << hv_gic.gicr_shift;
}

static int check_hardware(uint64_t base)
{
	uint32_t arch = 0;

	/* Only with the system registers is there a frame at the offset where the version is read. */
	if (FIELD_GET(PFR0_GIC, read_sysreg(id_aa64pfr0_el1)))
		arch = mmio_read32(base + GICD_PIDR2) >> 4 & 0xf;
	if (arch != 3 && arch != 4)
		return refuse(&hv_status.refusal, -HV_ENODEV, "gic-version",
			      "The system configuration names a GICv3; there is none at 0x%lx.", (unsigned long)base);
	if (!(mmio_read32(base + GICD_CTLR) & GICD_CTLR_ARE_NS))
		return refuse(&hv_status.refusal, -HV_ENODEV, "gic-affinity-routing",
			      "The interrupt distributor at 0x%lx is in its legacy mode (affinity routing is off).",
			      (unsigned long)base);
	return 0;
}

/* All redistributors up to the one that says it is the last. */
static int map_redistributors(uint64_t base)
{
	uint64_t typer = 0;
	int err = 0;

	for (unsigned int i = 0; !err && i < HV_MAX_CPUS && !(typer & GICR_TYPER_LAST); i++) {
		/* Two frames first: how many there are stands in the first of them. */
		err = mmu_map_device(base + hv_gic.gicr_size, 2 * GICR_FRAME);
		if (err)
			break;
		typer = mmio_read64(base + hv_gic.gicr_size + GICR_TYPER);
		hv_gic.gicr_shift = typer & GICR_TYPER_VLPIS ? 18 : 17;
		hv_gic.gicr_size += frame_bytes();
	}
	return err;
}

static int gicv3_init(void)
{
	const struct jh_platform_arm *arm = &hv_system.config->arm;
	int err = mmu_map_device(arm->gicd_base, GICD_BYTES);
	uint32_t typer;

	if (!err)
		err = check_hardware(arm->gicd_base);
	if (err)
		return err;
	hv_gic.version = 3;
	hv_gic.gicd = arm->gicd_base;
	hv_gic.gicd_size = GICD_BYTES;
	hv_gic.gicr = arm->gicr_base;
	typer = mmio_read32(hv_gic.gicd + GICD_TYPER);
	gic_note_irqs(32 * ((typer & 0x1f) + 1), typer & GICD_TYPER_ESPI ? 32 * ((typer >> 27) + 1) : 0);
	err = map_redistributors(hv_gic.gicr);
	hv_system.trapped[0] = (struct check_range){ hv_gic.gicd, hv_gic.gicd_size, "the interrupt distributor" };
	hv_system.trapped[1] = (struct check_range){ hv_gic.gicr, hv_gic.gicr_size, "the interrupt redistributors" };
	return err;
}

static int gicv3_cpu_init(struct cpu *cpu)
{
	cpu->gicr = redistributor_of(hv_gic.gicr, hv_gic.gicr_size, frame_bytes(), cpu->mpidr);
	if (cpu->gicr)
		return 0;
	return refuse(&hv_status.refusal, -HV_ENODEV, "no-redistributor",
		      "CPU %u (affinity 0x%lx) has no redistributor.", cpu->id, (unsigned long)cpu->mpidr);
}

static void wait_until_disabled(const struct cpu *cpu)
{
	uint64_t end = time_us() + RESET_TIMEOUT_US;

	while ((mmio_read32(cpu->gicr + GICR_CTLR) & GICR_CTLR_RWP) && time_us() < end)
		relax();
}

static void redistributor_reset(struct cpu *cpu)
{
	uint64_t sgi = sgi_frame(cpu);
	unsigned int words = 1 + GICR_TYPER_PPIS(mmio_read64(cpu->gicr + GICR_TYPER));

	for (unsigned int word = 0; word < words; word++)
		mmio_write32(sgi + GIC_ICENABLER + 4 * word, ~0u);
	wait_until_disabled(cpu);
	for (unsigned int word = 0; word < words; word++) {
		mmio_write32(sgi + GIC_IGROUPR + 4 * word, ~0u);
		mmio_write32(sgi + GIC_ICFGR + 8 * word + 4, 0);	/* the lower half of word 0 is SGIs, always edge */
		mmio_write32(sgi + GIC_ICPENDR + 4 * word, ~0u);
		mmio_write32(sgi + GIC_ICACTIVER + 4 * word, ~0u);
		if (word)
			mmio_write32(sgi + GIC_ICFGR + 8 * word, 0);
	}
	for (unsigned int i = 0; i < 32 * words; i += 4)
		mmio_write32(sgi + GIC_IPRIORITYR + i, 0);
	cpu->gicr_asleep = false;
}

/* No active priority may be left behind: it would keep everything below it from the next guest. */
static void interface_reset(void)
{
	uint64_t pri_bits = CTLR_PRI_BITS(read_sysreg(ICC_CTLR));

	write_sysreg(ICC_SRE, 7);
	isb();
	write_sysreg(ICC_IGRPEN1, 0);
	write_sysreg(ICC_PMR, 0);
	write_sysreg(ICC_CTLR, 0);
	write_sysreg(ICC_BPR1, 0);
	write_sysreg(ICC_AP1R0, 0);
	if (pri_bits > 5)
		write_sysreg(ICC_AP1R1, 0);
	if (pri_bits > 6) {
		write_sysreg(ICC_AP1R2, 0);
		write_sysreg(ICC_AP1R3, 0);
	}
	isb();
}

static void gicv3_cpu_reset(struct cpu *cpu)
{
	redistributor_reset(cpu);
	interface_reset();
}

static void gicv3_cpu_load(const struct cell *cell)
{
	write_sysreg(ICH_HCR, cell == &root_cell ? 0 : ICH_HCR_TC | ICH_HCR_TALL0);
}

/*
 * The guest may have disabled the SGI, changed its group or priority, or marked it active, so that a pending one waits: all of
 * that is undone before it is made pending.
 */
static void arm_sgi(const struct cpu *cpu)
{
	uint64_t sgi = sgi_frame(cpu);

	mmio_write32(sgi + GIC_IGROUPR, mmio_read32(sgi + GIC_IGROUPR) | BIT64(MANAGEMENT_SGI));
	mmio_write8(sgi + GIC_IPRIORITYR + MANAGEMENT_SGI, 0);
	mmio_write32(sgi + GIC_ICACTIVER, BIT64(MANAGEMENT_SGI));
	mmio_write32(sgi + GIC_ISENABLER, BIT64(MANAGEMENT_SGI));
}

static void open_interface(void)
{
	write_sysreg(ICC_PMR, 0xff);
	write_sysreg(ICC_IGRPEN1, 1);
	isb();
}

static void gicv3_listen(struct cpu *cpu)
{
	arm_sgi(cpu);
	open_interface();
}

static void gicv3_heard(struct cpu *cpu)
{
	mmio_write32(sgi_frame(cpu) + GIC_ICPENDR, BIT64(MANAGEMENT_SGI));
	/* The clear has happened when this is read: who kicks later wakes us again. */
	mmio_read32(sgi_frame(cpu) + GIC_ICPENDR);
	dsb(sy);
}

static void gicv3_kick(struct cpu *cpu)
{
	arm_sgi(cpu);
	mmio_write32(sgi_frame(cpu) + GIC_ISPENDR, BIT64(MANAGEMENT_SGI));
}

/*
 * Nothing wakes a guest whose interface is closed: it sleeps here with the interface open. With an interrupt active, the
 * management SGI may not be more urgent than that one: then WFI does not sleep at all, which it never promises.
 */
static void gicv3_guest_wfi(struct cpu *cpu)
{
	uint64_t group = read_sysreg(ICC_IGRPEN1), mask = read_sysreg(ICC_PMR);

	(void)cpu;
	if (read_sysreg(ICC_RPR) != RPR_IDLE)
		return;
	if ((group & 1) && mask) {
		wfi_in_el2();
		return;
	}
	open_interface();
	wfi_in_el2();
	write_sysreg(ICC_IGRPEN1, group);
	write_sysreg(ICC_PMR, mask);
	isb();
}

void gic_send_sgi(uint64_t value)
{
	write_sysreg(ICC_SGI1R, value);
	isb();
}

#define FORWARD(name)                              \
	do {                                       \
		if (read)                          \
			*value = read_sysreg(name); \
		else                               \
			write_sysreg(name, *value); \
	} while (0)

/* What ICH_HCR_EL2.TC traps is done on the real interface, within the cell's limits; exit.c sends the SGIs. */
static bool common_register(struct cpu *cpu, uint64_t key, bool read, uint64_t *value)
{
	switch (key) {
	case SYS(3, 0, 12, 11, 6):	/* ICC_ASGI1R_EL1: the other security state is not ours */
	case SYS(3, 0, 12, 11, 7):	/* ICC_SGI0R_EL1: neither is group 0 */
		return !read;
	case SYS(3, 0, 4, 6, 0):	/* ICC_PMR_EL1 */
		FORWARD(ICC_PMR);
		return true;
	case SYS(3, 0, 12, 12, 4):	/* ICC_CTLR_EL1 */
		FORWARD(ICC_CTLR);
		return true;
	case SYS(3, 0, 12, 11, 3):	/* ICC_RPR_EL1 */
		*value = read_sysreg(ICC_RPR);
		return read;
	case SYS(3, 0, 12, 11, 1):	/* ICC_DIR_EL1 */
		if (!read && vgic_may_deactivate(cpu->cell, *value & GENMASK64(23, 0)))
			write_sysreg(ICC_DIR, *value);
		return !read;
	default:
		return false;
	}
}

/* No interrupt of a cell is in group 0: an interface where nothing ever arrives. Touching the real one may end in firmware. */
static bool group0_register(uint64_t key, bool read, uint64_t *value)
{
	switch (key) {
	case SYS(3, 0, 12, 8, 0):	/* ICC_IAR0_EL1 */
	case SYS(3, 0, 12, 8, 2):	/* ICC_HPPIR0_EL1 */
		*value = SPURIOUS;
		return read;
	case SYS(3, 0, 12, 8, 1):	/* ICC_EOIR0_EL1 */
		return !read;
	case SYS(3, 0, 12, 8, 3):	/* ICC_BPR0_EL1 */
	case SYS(3, 0, 12, 8, 4):	/* ICC_AP0R0_EL1 to AP0R3 */
	case SYS(3, 0, 12, 8, 5):
	case SYS(3, 0, 12, 8, 6):
	case SYS(3, 0, 12, 8, 7):
	case SYS(3, 0, 12, 12, 6):	/* ICC_IGRPEN0_EL1 */
		*value = 0;
		return true;
	default:
		return false;
	}
}

bool gicv3_sysreg(struct cpu *cpu, uint64_t key, bool read, uint64_t *value)
{
	return common_register(cpu, key, read, value) || group0_register(key, read, value);
}

const struct gic_ops gicv3_ops = {
	.init = gicv3_init,
	.cpu_init = gicv3_cpu_init,
	.cpu_reset = gicv3_cpu_reset,
	.cpu_load = gicv3_cpu_load,
	.listen = gicv3_listen,
	.heard = gicv3_heard,
	.kick = gicv3_kick,
	.guest_wfi = gicv3_guest_wfi,
};
