// SPDX-License-Identifier: MIT
/* GICv3 by the addresses in the communication region. Arm IHI 0069. */
#include "inmate.h"

#define GICD_ISENABLER	0x100
#define GICD_ISPENDR	0x200
#define GICD_IPRIORITYR	0x400
#define GICD_ICFGR	0xc00
#define GICD_IROUTER	0x6000
#define GICR_TYPER	0x08
#define GICR_WAKER	0x14
#define GICR_STRIDE	0x20000
#define GICR_SGI	0x10000
#define TYPER_LAST	(1u << 4)
#define FIRST_SPI	32
#define SPURIOUS	1020
#define AFFINITY	0xff00ffffffUL
#define TIMER		27

static uint64_t gicd, gicr;
static volatile uint64_t taken[256];

static uint64_t own_affinity(void)
{
	uint64_t mpidr;

	__asm__ volatile("mrs %0, mpidr_el1" : "=r"(mpidr));
	return mpidr & AFFINITY;
}

static uint64_t find_redistributor(uint64_t at)
{
	uint64_t own = own_affinity(), affinity = (own >> 8 & 0xff000000) | (own & 0xffffff);

	while (read64(at + GICR_TYPER) >> 32 != affinity) {
		if (read64(at + GICR_TYPER) & TYPER_LAST)
			return 0;
		at += GICR_STRIDE;
	}
	return at;
}

void gic_begin(void)
{
	uint64_t sre;

	gicd = read64(COMM + COMM_GICD);
	gicr = find_redistributor(read64(COMM + COMM_GICR));
	report_check("the redistributor of this CPU is found", gicr != 0, gicr);
	if (!gicr)
		return;
	write32(gicr + GICR_WAKER, read32(gicr + GICR_WAKER) & ~2u);
	__asm__ volatile("mrs %0, s3_0_c12_c12_5" : "=r"(sre));
	__asm__ volatile("msr s3_0_c12_c12_5, %0; isb" : : "r"(sre | 1));	/* ICC_SRE_EL1 */
	__asm__ volatile("msr s3_0_c4_c6_0, %0" : : "r"(0xf0UL));		/* ICC_PMR_EL1 */
	__asm__ volatile("msr s3_0_c12_c12_7, %0; isb" : : "r"(1UL));		/* ICC_IGRPEN1_EL1 */
	__asm__ volatile("msr daifclr, #2");
}

void gic_enable(unsigned int intid)
{
	uint64_t base = intid < FIRST_SPI ? gicr + GICR_SGI : gicd;

	write8(base + GICD_IPRIORITYR + intid, 0x80);
	if (intid >= FIRST_SPI) {
		write32(base + GICD_ICFGR + intid / 16 * 4,
			read32(base + GICD_ICFGR + intid / 16 * 4) | 2u << intid % 16 * 2);	/* edge */
		write64(base + GICD_IROUTER + 8UL * intid, own_affinity());
	}
	write32(base + GICD_ISENABLER + intid / 32 * 4, 1u << intid % 32);
}

void gic_pend(unsigned int intid)
{
	write32(gicd + GICD_ISPENDR + intid / 32 * 4, 1u << intid % 32);
}

uint64_t gic_taken(unsigned int intid)
{
	return taken[intid];
}

void interrupt(void);
void interrupt(void)
{
	uint64_t intid;

	__asm__ volatile("mrs %0, s3_0_c12_c12_0; dsb sy" : "=r"(intid));	/* ICC_IAR1_EL1 */
	if (intid >= SPURIOUS)
		return;
	if (intid < 256)
		taken[intid]++;
	if (intid == TIMER)
		__asm__ volatile("msr cntv_ctl_el0, xzr; isb");
	__asm__ volatile("msr s3_0_c12_c12_1, %0; isb" : : "r"(intid));	/* ICC_EOIR1_EL1 */
}
