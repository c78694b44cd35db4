// SPDX-License-Identifier: MIT
#include "gic_watch.h"

#include <stdio.h>
#include <string.h>

static struct gic_model before;
static char text[200];

static const char *differs(const char *what, unsigned int cpu, unsigned int number)
{
	snprintf(text, sizeof(text), "%s %u of CPU %u changed", what, number, cpu);
	return text;
}

static bool same(const struct model_irq *a, const struct model_irq *b)
{
	return a->enabled == b->enabled && a->pending == b->pending && a->active == b->active && a->group == b->group &&
	       a->priority == b->priority && a->config == b->config && a->route == b->route;
}

static const char *spis(const struct cell *cell)
{
	for (unsigned int i = 0; i < 32 * IRQ_WORDS; i++)
		if (!(cell->irqs[i / 32] >> i % 32 & 1) && !same(&before.spi[i], &model.spi[i]))
			return differs("SPI (by place in the map)", 0, i);
	return NULL;
}

static bool has_cpu(const struct cell *cell, uint64_t route)
{
	for (unsigned int i = 0; i < MODEL_CPUS; i++)
		if ((cell->cpus >> i & 1) && hv_gic.version == 3 && model_cpus[i].mpidr == route)
			return true;
	return hv_gic.version == 2 && !(route & ~(uint64_t)cell->gic_targets);
}

static const char *routes(const struct cell *cell)
{
	for (unsigned int i = 0; i < 32 * IRQ_WORDS; i++)
		if (i >= 32 && (cell->irqs[i / 32] >> i % 32 & 1) && !has_cpu(cell, model.spi[i].route))
			return differs("the route of own SPI (by place in the map)", 0, i);
	return NULL;
}

static const char *private_ones(const struct cell *cell)
{
	for (unsigned int cpu = 0; cpu < MODEL_CPUS; cpu++)
		for (unsigned int i = 0; !(cell->cpus >> cpu & 1) && i < MODEL_PRIVATE; i++)
			if (!same(&before.private[cpu][i], &model.private[cpu][i]))
				return differs("PPI or SGI", cpu, i);
	return NULL;
}

static bool same_banked(unsigned int cpu)
{
	for (unsigned int i = 0; i < MODEL_PRIVATE; i++)
		if (!same(&before.private[cpu][i], &model.private[cpu][i]))
			return false;
	return memcmp(before.senders[cpu], model.senders[cpu], sizeof(model.senders[cpu])) == 0;
}

/* GICv2: banked registers are the accessing CPU's, and SGI 15 is nobody's. */
static const char *banked(const struct cell *cell)
{
	for (unsigned int cpu = 0; hv_gic.version == 2 && cpu < MODEL_CPUS; cpu++) {
		if (!same(&before.private[cpu][15], &model.private[cpu][15]) ||
		    before.senders[cpu][15] != model.senders[cpu][15])
			return differs("the management SGI", cpu, 15);
		if (cpu == model.current && (cell->cpus >> cpu & 1))
			continue;
		if (!same_banked(cpu))
			return differs("banked registers", cpu, 0);
	}
	return NULL;
}

static const char *groups(void)
{
	for (unsigned int i = 0; i < 32 * IRQ_WORDS; i++)
		if (!model.spi[i].group)
			return differs("the group of SPI (by place in the map)", 0, i);
	for (unsigned int cpu = 0; cpu < MODEL_CPUS; cpu++)
		for (unsigned int i = 0; i < MODEL_PRIVATE; i++)
			if (!model.private[cpu][i].group)
				return differs("the group of", cpu, i);
	return NULL;
}

static const char *controls(void)
{
	for (unsigned int cpu = 0; cpu < MODEL_CPUS; cpu++)
		if (model.gicr_ctlr[cpu] != before.gicr_ctlr[cpu] || model.gicr_waker[cpu] != before.gicr_waker[cpu])
			return differs("GICR_CTLR or GICR_WAKER", cpu, 0);
	return model.ctlr == before.ctlr ? NULL : "GICD_CTLR changed";
}

void watch_start(void)
{
	before = model;
}

const char *watch_foreign_change(const struct cell *cell)
{
	const char *change = model.wrong		       ? model.what :
			     gicd_lock.next != gicd_lock.owner ? "the lock is still taken" :
								 NULL;

	change = change ? change : controls();
	change = change ? change : spis(cell);
	change = change ? change : routes(cell);
	change = change ? change : private_ones(cell);
	change = change ? change : banked(cell);
	return change ? change : groups();
}
