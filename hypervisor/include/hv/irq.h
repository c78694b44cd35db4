/* SPDX-License-Identifier: MIT */
/* Interrupts that can change hands: SPIs (INTID 32 to 1019) and extended SPIs (4096 to 5119), one bitmap. */
#ifndef HV_IRQ_H
#define HV_IRQ_H

#include <stdbool.h>
#include <stdint.h>

#define IRQ_SPI_FIRST		32
#define IRQ_SPI_END		1020
#define IRQ_EXTENDED_FIRST	4096
#define IRQ_EXTENDED_END	5120
#define IRQ_EXTENDED_WORD	32	/* extended SPIs follow the others in the bitmap */
#define IRQ_WORDS		64
#define IRQ_NONE		(32 * IRQ_WORDS)

struct cell;
struct cpu;

/* Place in the bitmap: the bit of an INTID, IRQ_NONE when there is none for it. */
static inline unsigned int irq_index(uint64_t intid)
{
	if (intid < IRQ_SPI_END)
		return (unsigned int)intid;
	if (intid >= IRQ_EXTENDED_FIRST && intid < IRQ_EXTENDED_END)
		return (unsigned int)(intid - IRQ_EXTENDED_FIRST) + 32 * IRQ_EXTENDED_WORD;
	return IRQ_NONE;
}

static inline bool irqs_have(const uint32_t irqs[IRQ_WORDS], uint64_t intid)
{
	unsigned int index = irq_index(intid);

	return index != IRQ_NONE && irqs[index / 32] >> index % 32 & 1;
}

/* Disables interrupts that change hands, forgets what is pending, active or configured, and routes them to a CPU. */
void irqs_reset(const uint32_t irqs[IRQ_WORDS], const struct cpu *target);

/* Interrupts of nobody and of root that go to a CPU which is not root's (any more) go to one of root's. */
void irqs_confine_root(void);

/* Where an interrupt of root arrives; the guest can change it again. */
void irq_send_to(unsigned int intid, const struct cpu *target);

void irq_set_pending(unsigned int intid);
void irq_clear_pending(unsigned int intid);

#endif
