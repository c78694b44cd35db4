// SPDX-License-Identifier: MIT
/* GICv3 (IHI 0069): a redistributor for each CPU, the CPU interface in system registers. */
#include "gic.h"
#include "inmate.h"

#define GICR_STRIDE	0x20000
#define GICR_TYPER	0x0008
#define   TYPER_LAST	0x10
#define   TYPER_VLPIS	0x02 /* GICv4: frames are twice as large */
#define GICR_WAKER	0x0014
#define   WAKER_SLEEP	0x2
#define   WAKER_ASLEEP	0x4
#define GICR_SGI	0x10000
#define CTLR_ARE_GRP1	0x12 /* affinity routing and group 1, non-secure view */
#define SGI_TO_OTHERS	(1ULL << 40)

/* Affinity as GICR_TYPER has it: Aff3 to Aff0 in one word. */
static uint32_t own_affinity(void)
{
	uint64_t mpidr = read_sysreg(mpidr_el1);

	return (uint32_t)((mpidr >> 8 & 0xff000000) | (mpidr & 0xffffff));
}

/* 0: none of them is this CPU's. */
static uint64_t redistributor(void)
{
	uint32_t own = own_affinity(), typer = 0;
	uint64_t frame = INMATE_COMM->gicr_base;

	for (; !(typer & TYPER_LAST); frame += GICR_STRIDE * (typer & TYPER_VLPIS ? 2 : 1)) {
		if (*gic_register(frame, GICR_TYPER + 4) == own)
			return frame;
		typer = *gic_register(frame, GICR_TYPER);
	}
	return 0;
}

static bool gicv3_init(void)
{
	uint64_t frame = redistributor();

	if (!frame)
		return false;
	*gic_register(INMATE_COMM->gicd_base, GICD_CTLR) = CTLR_ARE_GRP1;
	*gic_register(frame, GICR_WAKER) &= ~(uint32_t)WAKER_SLEEP;
	while (*gic_register(frame, GICR_WAKER) & WAKER_ASLEEP)
		asm volatile("yield");
	*gic_register(frame, GICR_SGI + GIC_IGROUPR) = ~0u;
	write_sysreg(S3_0_C12_C12_5, 7); /* ICC_SRE_EL1: system registers, no bypass */
	asm volatile("isb");
	write_sysreg(S3_0_C12_C12_4, 0);  /* ICC_CTLR_EL1: EOIR drops and deactivates */
	write_sysreg(S3_0_C4_C6_0, 0xf0); /* ICC_PMR_EL1 */
	write_sysreg(S3_0_C12_C12_7, 1);  /* ICC_IGRPEN1_EL1 */
	asm volatile("isb");
	return true;
}

static uint64_t ppi_registers(void)
{
	return redistributor() + GICR_SGI;
}

static void route(uint32_t intid, uint64_t mpidr)
{
	*(volatile uint64_t *)(INMATE_COMM->gicd_base + GICD_IROUTER + 8UL * intid) = mpidr;
}

static void send_raw(uint64_t value)
{
	asm volatile("dsb ish" : : : "memory");
	write_sysreg(S3_0_C12_C11_5, value); /* ICC_SGI1R_EL1 */
	asm volatile("isb");
}

static void send(uint32_t intid, uint64_t mpidr)
{
	send_raw((mpidr >> 32 & 0xff) << 48 | (mpidr >> 4 & 0xf) << 44 | (mpidr >> 16 & 0xff) << 32 |
		 (uint64_t)intid << 24 | (mpidr >> 8 & 0xff) << 16 | 1ULL << (mpidr & 0xf));
}

static void send_to_others(uint32_t intid)
{
	send_raw(SGI_TO_OTHERS | (uint64_t)intid << 24);
}

static uint32_t acknowledge(void)
{
	return (uint32_t)read_sysreg(S3_0_C12_C12_0); /* ICC_IAR1_EL1 */
}

static void end(uint32_t acknowledged)
{
	write_sysreg(S3_0_C12_C12_1, acknowledged); /* ICC_EOIR1_EL1 */
	asm volatile("isb");
}

const struct gic_ops gicv3 = { gicv3_init, ppi_registers, route, send, send_to_others, acknowledge, end };
