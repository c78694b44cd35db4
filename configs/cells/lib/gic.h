/* SPDX-License-Identifier: MIT */
/* Between gic.c and the two architectures. Registers that both have stand at the same offsets of the distributor. */
#ifndef GIC_H
#define GIC_H

#include <stdbool.h>
#include <stdint.h>

#define GICD_CTLR	0x0000
#define GIC_IGROUPR	0x0080
#define GIC_ISENABLER	0x0100
#define GIC_IPRIORITYR	0x0400
#define GICD_ITARGETSR	0x0800 /* GICv2 */
#define GIC_ICFGR	0x0c00
#define GICD_SGIR	0x0f00 /* GICv2 */
#define GICD_IROUTER	0x6000 /* GICv3 */

struct gic_ops {
	bool (*init)(void);		      /* false: nothing for this CPU */
	uint64_t (*ppi_registers)(void);      /* where SGIs and PPIs are set up */
	void (*route)(uint32_t intid, uint64_t mpidr);
	void (*send)(uint32_t intid, uint64_t mpidr);
	void (*send_to_others)(uint32_t intid);
	uint32_t (*acknowledge)(void);
	void (*end)(uint32_t acknowledged);
};
extern const struct gic_ops gicv2, gicv3;

static inline volatile uint32_t *gic_register(uint64_t base, uint64_t offset)
{
	return (volatile uint32_t *)(base + offset);
}

#endif
