// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupt by which the hypervisor says: a cell's state changed, an armed console has output or room for input.
 * Without it (no notify_irq, or the GIC refuses it) the same work runs by a timer while enabled.
 */
#include <linux/interrupt.h>
#include <linux/irqdomain.h>
#include <linux/of.h>
#include <linux/of_irq.h>
#include <linux/workqueue.h>

#include "jailhouse.h"

#define NOTIFY_POLL (HZ / 10)
#define SPI_FIRST 32
#define GIC_SPI 0 /* first cell of the GIC's interrupt specifier, arm,gic-v3.yaml */
#define EDGE_RISING 1

static unsigned int notify_irq;

static void notify_work(struct work_struct *work);
static DECLARE_DELAYED_WORK(notify, notify_work);

/* Not under jh.lock: disable holds it and waits for this work. Readers of sysfs look for themselves. */
static void notify_work(struct work_struct *work)
{
	wake_up_interruptible(&jh.output);
	jh_tty_kick();
	if (mutex_trylock(&jh.lock)) {
		struct jh_cell *cell;

		list_for_each_entry(cell, &jh.cells, node)
			jh_sysfs_state_check(cell);
		sysfs_notify(&jh.device->kobj, NULL, "audit");
		jh_sysfs_fatal_check();
		mutex_unlock(&jh.lock);
	} else {
		schedule_delayed_work(&notify, NOTIFY_POLL);
		return;
	}
	if (!notify_irq)
		schedule_delayed_work(&notify, NOTIFY_POLL);
}

static irqreturn_t notify_handler(int irq, void *data)
{
	mod_delayed_work(system_wq, &notify, 0);
	return IRQ_HANDLED;
}

static const struct of_device_id gics[] = {
	{ .compatible = "arm,gic-v3" },
	{ .compatible = "arm,gic-400" },
	{ .compatible = "arm,cortex-a15-gic" },
	{ .compatible = "arm,cortex-a7-gic" },
	{}
};

static unsigned int irq_map(u32 intid)
{
	struct of_phandle_args args = { .args_count = 3, .args = { GIC_SPI, intid - SPI_FIRST, EDGE_RISING } };
	unsigned int irq;

	args.np = of_find_matching_node(NULL, gics);
	if (!args.np)
		return 0;
	irq = irq_create_of_mapping(&args);
	of_node_put(args.np);
	return irq;
}

void jh_notify_start(void)
{
	u32 intid = jh.system.arm.notify_irq;

	notify_irq = intid >= SPI_FIRST ? irq_map(intid) : 0;
	if (notify_irq && request_irq(notify_irq, notify_handler, 0, "jailhouse", &jh)) {
		irq_dispose_mapping(notify_irq);
		notify_irq = 0;
	}
	if (!notify_irq)
		schedule_delayed_work(&notify, NOTIFY_POLL);
}

void jh_notify_stop(void)
{
	unsigned int irq = notify_irq;

	if (irq)
		free_irq(irq, &jh);
	cancel_delayed_work_sync(&notify);
	if (irq)
		irq_dispose_mapping(irq);
	notify_irq = 0;
}
