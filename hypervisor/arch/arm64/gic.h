/* SPDX-License-Identifier: MIT */
/* GICv3 registers: Arm IHI 0069, chapter 12. */
#ifndef HV_ARCH_GIC_H
#define HV_ARCH_GIC_H

#include <stdint.h>
#include <hv/arch.h>

#define GICD_SIZE	0x10000
#define GICR_STRIDE	0x20000		/* RD_base and SGI_base; GICv4 has twice as much */
#define GICR_SGI_BASE	0x10000

#define GICD_CTLR	0x0000
#define GICD_TYPER	0x0004
#define GICD_IIDR	0x0008
#define GICD_TYPER2	0x000c
#define GICD_IROUTER	0x6000		/* 8 bytes for each INTID */
#define GICD_PIDR2	0xffe8
#define GIC_ID_REGS	0xffd0		/* PIDR4 to CIDR3, in every frame */

/* At the same offsets in GICD and in a redistributor's SGI frame. */
#define GIC_IGROUPR	0x0080
#define GIC_ISENABLER	0x0100
#define GIC_ICENABLER	0x0180
#define GIC_ISPENDR	0x0200
#define GIC_ICPENDR	0x0280
#define GIC_ISACTIVER	0x0300
#define GIC_ICACTIVER	0x0380
#define GIC_IPRIORITYR	0x0400
#define GIC_ICFGR	0x0c00

#define GICR_CTLR	0x0000
#define GICR_IIDR	0x0004
#define GICR_TYPER	0x0008
#define GICR_WAKER	0x0014
#define GICR_TYPER_LAST	(1ULL << 4)

extern struct spinlock gicd_lock;	/* covers read-modify-write of registers that several cells share */
extern unsigned int gicr_frames;

static inline uint32_t mmio_read32(uint64_t address)
{
	return *(volatile uint32_t *)address;
}

static inline uint64_t mmio_read64(uint64_t address)
{
	return *(volatile uint64_t *)address;
}

static inline void mmio_write8(uint64_t address, uint8_t value)
{
	*(volatile uint8_t *)address = value;
}

static inline void mmio_write32(uint64_t address, uint64_t value)
{
	*(volatile uint32_t *)address = (uint32_t)value;
}

static inline void mmio_write64(uint64_t address, uint64_t value)
{
	*(volatile uint64_t *)address = value;
}

#endif
