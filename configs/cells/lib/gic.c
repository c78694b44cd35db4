// SPDX-License-Identifier: MIT
/* The interrupt controller: what GICv2 (IHI 0048) and GICv3 (IHI 0069) share. */
#include "gic.h"

#include "inmate.h"

#define SPURIOUS    1020 /* 1020 to 1023 are no interrupts */
#define INTID	    0x3ff /* GICv2 acknowledges an SGI with its sender above */
#define PRIORITY    0x80
#define TIMER_INTID 27

static const struct gic_ops *ops(void)
{
	return INMATE_COMM->gic_version == 2 ? &gicv2 : &gicv3;
}

void gic_init(void)
{
	if (ops()->init())
		return;
	print("inmate: no redistributor for this CPU\n");
	inmate_fault(0, 0, 0);
}

static void set_priority(uint64_t base, uint32_t intid)
{
	*(volatile uint8_t *)(base + GIC_IPRIORITYR + intid) = PRIORITY;
}

void gic_enable_ppi(uint32_t intid)
{
	uint64_t base = ops()->ppi_registers();

	set_priority(base, intid);
	*gic_register(base, GIC_ISENABLER) = 1u << intid;
}

void gic_enable_spi(uint32_t intid, bool edge)
{
	uint64_t base = INMATE_COMM->gicd_base;
	volatile uint32_t *config = gic_register(base, GIC_ICFGR + intid / 16 * 4);
	uint32_t bit = 2u << 2 * (intid % 16);

	*config = edge ? *config | bit : *config & ~bit;
	set_priority(base, intid);
	gic_route_spi(intid, cpu_affinity());
	*gic_register(base, GIC_ISENABLER + intid / 32 * 4) = 1u << intid % 32;
}

void gic_route_spi(uint32_t intid, uint64_t mpidr)
{
	ops()->route(intid, mpidr);
}

void gic_send_sgi(uint32_t intid, uint64_t mpidr)
{
	ops()->send(intid, mpidr);
}

void gic_send_sgi_to_others(uint32_t intid)
{
	ops()->send_to_others(intid);
}

void __attribute__((weak)) inmate_interrupt(uint32_t intid)
{
	(void)intid;
}

void inmate_irq(void)
{
	uint32_t acknowledged = ops()->acknowledge(), intid = acknowledged & INTID;

	if (intid >= SPURIOUS)
		return;
	if (intid == TIMER_INTID)
		timer_irq();
	else
		inmate_interrupt(intid);
	ops()->end(acknowledged);
}
