/* SPDX-License-Identifier: MIT */
/*
 * The interrupt controller's register map, and what the one of this board has. GICv3: Arm IHI 0069, chapter 12;
 * GICv2: IHI 0048, chapter 4.
 */
#ifndef HV_GIC_H
#define HV_GIC_H

#include <stdint.h>
#include <hv/arch.h>
#include <hv/irq.h>

/* Distributor. */
#define GICD_CTLR		0x0000
#define   GICD_CTLR_DS		(1u << 6)	/* one security state */
#define   GICD_CTLR_ARE_NS	(1u << 4)
#define   GICD_CTLR_RWP		(1u << 31)
#define GICD_TYPER		0x0004
#define   GICD_TYPER_ESPI	(1u << 8)
#define   GICD_TYPER_NMI	(1u << 9)
#define   GICD_TYPER_LPI_BITS	(0x1fu << 11)
#define   GICD_TYPER_MBIS	(1u << 16)
#define   GICD_TYPER_LPIS	(1u << 17)
#define   GICD_TYPER_DVIS	(1u << 18)
#define GICD_IIDR		0x0008
#define GICD_SETSPI_NSR		0x0040
#define GICD_CLRSPI_NSR		0x0048
#define GICD_ITARGETSR		0x0800		/* GICv2 */
#define GICD_SGIR		0x0f00		/* GICv2, up to GICD_ID_REGS_V2 */
#define   GICD_SGIR_FILTER	(3u << 24)	/* 0 list, 1 all others, 2 self */
#define   GICD_SGIR_OTHERS	(1u << 24)
#define   GICD_SGIR_SELF	(2u << 24)
#define   GICD_SGIR_LIST	(0xffu << 16)
#define   GICD_SGIR_INTID	0xfu
#define GICD_CPENDSGIR		0x0f10		/* GICv2: a byte for each SGI, with a bit for each CPU that sent it */
#define GICD_SPENDSGIR		0x0f20
#define GICD_ID_REGS_V2		0x0fd0
#define GICD_PIDR2_V2		0x0fe8
#define GICD_IGROUPRE		0x1000
#define GICD_ISENABLERE		0x1200
#define GICD_ICENABLERE		0x1400
#define GICD_ISPENDRE		0x1600
#define GICD_ICPENDRE		0x1800
#define GICD_ISACTIVERE		0x1a00
#define GICD_ICACTIVERE		0x1c00
#define GICD_IPRIORITYRE	0x2000
#define GICD_ICFGRE		0x3000
#define GICD_IROUTER		0x6000		/* 8 bytes for each INTID */
#define GICD_IROUTERE		0x8000
#define GICD_PIDR2		0xffe8
#define GIC_ID_REGS		0xffd0		/* PIDR4 to CIDR3 */

/* At the same offsets in the distributor and in a redistributor's SGI frame. */
#define GIC_IGROUPR		0x0080
#define GIC_ISENABLER		0x0100
#define GIC_ICENABLER		0x0180
#define GIC_ISPENDR		0x0200
#define GIC_ICPENDR		0x0280
#define GIC_ISACTIVER		0x0300
#define GIC_ICACTIVER		0x0380
#define GIC_IPRIORITYR		0x0400
#define GIC_ICFGR		0x0c00

/* Redistributor: RD_base, then SGI_base. */
#define GICR_FRAME		0x10000
#define GICR_SGI_BASE		GICR_FRAME
#define GICR_CTLR		0x0000
#define   GICR_CTLR_LPIS	(1u << 0)	/* EnableLPIs */
#define   GICR_CTLR_RWP		(1u << 3)
#define GICR_IIDR		0x0004
#define GICR_TYPER		0x0008
#define   GICR_TYPER_PLPIS	(1ull << 0)
#define   GICR_TYPER_VLPIS	(1ull << 1)	/* GICv4: two more frames */
#define   GICR_TYPER_DIRTY	(1ull << 2)
#define   GICR_TYPER_DIRECT_LPI	(1ull << 3)
#define   GICR_TYPER_LAST	(1ull << 4)
#define   GICR_TYPER_RVPEID	(1ull << 7)
#define   GICR_TYPER_PPIS(typer) ((unsigned int)((typer) >> 27 & 0x1f))	/* PPInum: extended PPIs in units of 32 */
#define GICR_WAKER		0x0014
#define   GICR_WAKER_SLEEP	(1u << 1)
#define   GICR_WAKER_ASLEEP	(1u << 2)

/* GICv2: CPU interface. */
#define GICC_CTLR		0x0000
#define GICC_PMR		0x0004
#define GICC_BPR		0x0008
#define GICC_RPR		0x0014
#define GICC_APR		0x00d0		/* four words */
#define GICC_DIR		0x1000		/* alone in its page */

#define GIC_MANAGEMENT_SGI	15		/* see arch/arm64/gic.h; with GICv2 no guest has it */
#define GIC_PRIORITY		0xa0		/* of a fresh interrupt: what Linux gives its own */

/* Set once by arch at init, before any guest is mediated. */
struct gic {
	unsigned int version;		/* 2 or 3 */
	uint64_t gicd, gicd_size;
	uint64_t gicr, gicr_size;	/* GICv3: all redistributors, one after the other */
	unsigned int gicr_shift;	/* each has 1 << gicr_shift bytes */
	uint64_t gicc;			/* GICv2: the guests' own, but for the page with GICC_DIR; 0 with GICv3 */
	uint32_t banked;		/* GICv2: SGIs and PPIs in the distributor that a guest has */
	uint32_t irqs[IRQ_WORDS];	/* which SPIs exist */
};
extern struct gic hv_gic;
extern struct spinlock gicd_lock;	/* covers read-modify-write of registers that several cells share */

#endif
