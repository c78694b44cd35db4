// SPDX-License-Identifier: MIT
/* Interrupts on their way from one owner to the next. */
#include <hv/irq.h>

#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/gic.h>
#include <hv/mmio.h>

#include "../lib/bits.h"
#include "../lib/string.h"

#define DISABLE_TIMEOUT_US 1000
#define ROUTE_AFFINITY	   0xff00ffffffULL
#define ROUTE_ANY	   BIT64(31)

/* GICD base plus the register of a word of the ownership map, for registers with one bit an interrupt. */
static uint64_t bit_register(unsigned int base, unsigned int extended, unsigned int word)
{
	return hv_gic.gicd + (word < IRQ_EXTENDED_WORD ? base + 4 * word : extended + 4 * (word - IRQ_EXTENDED_WORD));
}

static uint64_t priority_register(unsigned int index)
{
	return hv_gic.gicd + (index < 1024 ? GIC_IPRIORITYR + index : GICD_IPRIORITYRE + index - 1024);
}

static uint64_t configuration_register(unsigned int index)
{
	return hv_gic.gicd + (index < 1024 ? GIC_ICFGR + index / 16 * 4 : GICD_ICFGRE + (index - 1024) / 16 * 4);
}

static uint64_t target_register(unsigned int index)
{
	return hv_gic.gicd + GICD_ITARGETSR + index;
}

static uint64_t route_register(unsigned int index)
{
	return hv_gic.gicd + (index < 1024 ? GICD_IROUTER + 8UL * index : GICD_IROUTERE + 8UL * (index - 1024));
}

/* Only what is known to be disabled may be reconfigured: the distributor says when its clears have had their effect. */
static void wait_until_disabled(void)
{
	uint64_t end = time_us() + DISABLE_TIMEOUT_US;

	while ((mmio_read32(hv_gic.gicd + GICD_CTLR) & GICD_CTLR_RWP) && time_us() < end)
		relax();
}

static void send_to(unsigned int index, const struct cpu *target)
{
	if (hv_gic.version == 2)
		mmio_write8(target_register(index), target->gic_target);
	else
		mmio_write64(route_register(index), target->mpidr);
}

static void reset_one(unsigned int index, const struct cpu *target)
{
	uint64_t configuration = configuration_register(index);
	uint32_t level = ~(3u << 2 * (index % 16));

	mmio_write8(priority_register(index), GIC_PRIORITY);
	mmio_write32(configuration, mmio_read32(configuration) & level);
	send_to(index, target);
}

static void reset_word(unsigned int word, uint32_t which, const struct cpu *target)
{
	uint64_t group = bit_register(GIC_IGROUPR, GICD_IGROUPRE, word);

	for (uint32_t left = which; left; left &= left - 1)
		reset_one(word * 32 + (unsigned int)__builtin_ctz(left), target);
	if (hv_gic.version == 3)	/* with GICv2 the group is the one that firmware chose for all */
		mmio_write32(group, mmio_read32(group) | which);
	/* Last: a change from edge to level must not leave what the edge had made pending. */
	mmio_write32(bit_register(GIC_ICPENDR, GICD_ICPENDRE, word), which);
	mmio_write32(bit_register(GIC_ICACTIVER, GICD_ICACTIVERE, word), which);
}

void irqs_reset(const uint32_t irqs[IRQ_WORDS], const struct cpu *target)
{
	spin_lock(&gicd_lock);
	for (unsigned int word = 1; word < IRQ_WORDS; word++)
		if (irqs[word] & hv_gic.irqs[word])
			mmio_write32(bit_register(GIC_ICENABLER, GICD_ICENABLERE, word),
				     irqs[word] & hv_gic.irqs[word]);
	wait_until_disabled();
	for (unsigned int word = 1; word < IRQ_WORDS; word++)
		if (irqs[word] & hv_gic.irqs[word])
			reset_word(word, irqs[word] & hv_gic.irqs[word], target);
	spin_unlock(&gicd_lock);
}

static bool goes_to_root(unsigned int index)
{
	uint64_t route;

	if (hv_gic.version == 2)
		return !((mmio_read32(target_register(index & ~3u)) >> 8 * (index & 3) & 0xff) &
			 ~root_cell.gic_targets);
	route = mmio_read64(route_register(index));
	for (uint64_t left = route & ROUTE_ANY ? 0 : root_cell.cpus; left; left &= left - 1)
		if (cpus[__builtin_ctzll(left)]->mpidr == (route & ROUTE_AFFINITY))
			return true;
	return false;
}

static void confine_word(unsigned int word, uint32_t which, const struct cpu *target)
{
	for (uint32_t left = which; left; left &= left - 1) {
		unsigned int index = word * 32 + (unsigned int)__builtin_ctz(left);

		if (!goes_to_root(index))
			send_to(index, target);
	}
}

void irqs_confine_root(void)
{
	const struct cpu *target = cpus[__builtin_ctzll(root_cell.cpus)];
	uint32_t which[IRQ_WORDS];

	memcpy(which, hv_gic.irqs, sizeof(which));
	for (unsigned int id = 1; id <= JH_CELL_ID_MAX; id++)
		for (unsigned int word = 0; cells[id] && word < IRQ_WORDS; word++)
			which[word] &= ~cells[id]->irqs[word];
	spin_lock(&gicd_lock);
	for (unsigned int word = 1; word < IRQ_WORDS; word++)
		confine_word(word, which[word], target);
	spin_unlock(&gicd_lock);
}

void irq_send_to(unsigned int intid, const struct cpu *target)
{
	unsigned int index = irq_index(intid);

	if (index != IRQ_NONE && index >= IRQ_SPI_FIRST)
		send_to(index, target);
}

/* These registers ignore zeroes: no lock, no reading before. */
static void write_bit(unsigned int intid, unsigned int base, unsigned int extended)
{
	unsigned int index = irq_index(intid);

	if (index != IRQ_NONE && index >= IRQ_SPI_FIRST && (hv_gic.irqs[index / 32] & BIT64(index % 32)))
		mmio_write32(bit_register(base, extended, index / 32), (uint32_t)BIT64(index % 32));
}

void irq_set_pending(unsigned int intid)
{
	write_bit(intid, GIC_ISPENDR, GICD_ISPENDRE);
}

void irq_clear_pending(unsigned int intid)
{
	write_bit(intid, GIC_ICPENDR, GICD_ICPENDRE);
}
