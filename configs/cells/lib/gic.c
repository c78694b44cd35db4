// SPDX-License-Identifier: MIT
#include "inmate.h"

/* GICv3 (IHI 0069): the frames of a redistributor, 64 KiB each, and the registers used here. */
#define GICR_STRIDE	0x20000
#define GICR_TYPER	0x0008
#define   TYPER_LAST	0x10
#define GICR_WAKER	0x0014
#define   WAKER_SLEEP	0x2
#define   WAKER_ASLEEP	0x4
#define GICR_SGI	0x10000
#define GICR_IGROUPR0	(GICR_SGI + 0x080)
#define GICR_ISENABLER0	(GICR_SGI + 0x100)
#define GICR_IPRIORITYR (GICR_SGI + 0x400)
#define GICD_CTLR	0x0000
#define   CTLR_ARE_GRP1	0x12 /* affinity routing and group 1, non-secure view */
#define SPURIOUS	1020 /* 1020 to 1023 are no interrupts */
#define TIMER_INTID	27

static uint64_t redistributor;

static volatile uint32_t *gicr(uint32_t offset)
{
	return (volatile uint32_t *)(redistributor + offset);
}

/* Affinity as GICR_TYPER has it: Aff3 to Aff0 in one word. */
static uint32_t own_affinity(void)
{
	uint64_t mpidr = read_sysreg(mpidr_el1);

	return (uint32_t)((mpidr >> 8 & 0xff000000) | (mpidr & 0xffffff));
}

static bool find_redistributor(void)
{
	uint32_t own = own_affinity();

	for (redistributor = INMATE_COMM->gicr_base;; redistributor += GICR_STRIDE) {
		if (*gicr(GICR_TYPER + 4) == own)
			return true;
		if (*gicr(GICR_TYPER) & TYPER_LAST)
			return false;
	}
}

void gic_init(void)
{
	if (!find_redistributor()) {
		print("inmate: no redistributor for this CPU\n");
		inmate_fault(0, 0, 0);
	}
	*(volatile uint32_t *)(INMATE_COMM->gicd_base + GICD_CTLR) = CTLR_ARE_GRP1;
	*gicr(GICR_WAKER) &= ~(uint32_t)WAKER_SLEEP;
	while (*gicr(GICR_WAKER) & WAKER_ASLEEP)
		asm volatile("yield");
	write_sysreg(S3_0_C12_C12_5, 7);    /* ICC_SRE_EL1: system registers, no bypass */
	asm volatile("isb");
	write_sysreg(S3_0_C12_C12_4, 0);    /* ICC_CTLR_EL1: EOIR drops and deactivates */
	write_sysreg(S3_0_C4_C6_0, 0xf0);   /* ICC_PMR_EL1 */
	write_sysreg(S3_0_C12_C12_7, 1);    /* ICC_IGRPEN1_EL1 */
	asm volatile("isb");
}

void gic_enable_ppi(uint32_t intid)
{
	volatile uint32_t *priority = gicr(GICR_IPRIORITYR + (intid & ~3u));
	uint32_t shift = intid % 4 * 8;

	*gicr(GICR_IGROUPR0) |= 1u << intid;
	*priority = (*priority & ~(0xffu << shift)) | 0x80u << shift;
	*gicr(GICR_ISENABLER0) = 1u << intid;
}

void inmate_irq(void)
{
	uint64_t intid = read_sysreg(S3_0_C12_C12_0) & 0xffffff; /* ICC_IAR1_EL1 */

	if (intid >= SPURIOUS && intid <= 1023)
		return;
	if (intid == TIMER_INTID)
		timer_irq();
	write_sysreg(S3_0_C12_C12_1, intid); /* ICC_EOIR1_EL1 */
	asm volatile("isb");
}
