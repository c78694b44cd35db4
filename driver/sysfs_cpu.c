// SPDX-License-Identifier: GPL-2.0-only
/* Counters of exits: those of each CPU, and their sum for a cell. */
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "jailhouse.h"
#include "sysfs.h"

struct counter_attribute {
	struct kobj_attribute attr;
	unsigned int code;
};

struct cpu_kobj {
	struct kobject kobj;
	unsigned int cpu;
};

static unsigned int counter_code(struct kobj_attribute *attr)
{
	return container_of(attr, struct counter_attribute, attr)->code;
}

static ssize_t sum_show(struct kobject *kobj, struct kobj_attribute *attr, char *buffer)
{
	struct jh_cell *cell = container_of(kobj->parent, struct jh_cell, kobj);
	unsigned long sum = 0;
	unsigned int cpu;
	long value;

	down_read(&jh.live);
	for_each_cpu(cpu, &cell->cpus) {
		value = jh.enabled ? jh_hypercall(JH_HC_CPU_GET_INFO, cpu, counter_code(attr)) : 0;
		sum += max(0L, value);
	}
	up_read(&jh.live);
	return sysfs_emit(buffer, "%lu\n", sum);
}

static ssize_t cpu_show(struct kobject *kobj, struct kobj_attribute *attr, char *buffer)
{
	unsigned int cpu = container_of(kobj, struct cpu_kobj, kobj)->cpu;

	return sysfs_emit(buffer, "%ld\n", max(0L, jh_sysfs_query(JH_HC_CPU_GET_INFO, cpu, counter_code(attr))));
}

#define COUNTER(name, index)                                                                         \
	static struct counter_attribute sum_##name = { __ATTR(vmexits_##name, 0444, sum_show, NULL), \
						       JH_CPU_INFO_STAT_BASE + (index) };            \
	static struct counter_attribute cpu_##name = { __ATTR(vmexits_##name, 0444, cpu_show, NULL), \
						       JH_CPU_INFO_STAT_BASE + (index) }
COUNTER(total, JH_CPU_STAT_VMEXITS_TOTAL);
COUNTER(mmio, JH_CPU_STAT_VMEXITS_MMIO);
COUNTER(management, JH_CPU_STAT_VMEXITS_MANAGEMENT);
COUNTER(hypercall, JH_CPU_STAT_VMEXITS_HYPERCALL);
COUNTER(maintenance, JH_CPU_STAT_VMEXITS_MAINTENANCE);
COUNTER(virt_irq, JH_CPU_STAT_VMEXITS_VIRT_IRQ);
COUNTER(virt_sgi, JH_CPU_STAT_VMEXITS_VIRT_SGI);
COUNTER(psci, JH_CPU_STAT_VMEXITS_PSCI);
COUNTER(smccc, JH_CPU_STAT_VMEXITS_SMCCC);

#define COUNTERS(kind)                                                \
	{ &kind##_total.attr.attr,	 &kind##_mmio.attr.attr,      \
	  &kind##_management.attr.attr,	 &kind##_hypercall.attr.attr, \
	  &kind##_maintenance.attr.attr, &kind##_virt_irq.attr.attr,  \
	  &kind##_virt_sgi.attr.attr,	 &kind##_psci.attr.attr,      \
	  &kind##_smccc.attr.attr,	 NULL }
static const struct attribute *sum_attrs[] = COUNTERS(sum);
static struct attribute *cpu_attrs[] = COUNTERS(cpu);
ATTRIBUTE_GROUPS(cpu);

int jh_sysfs_sums_add(struct kobject *statistics)
{
	return sysfs_create_files(statistics, sum_attrs);
}

static void cpu_release(struct kobject *kobj)
{
	kfree(container_of(kobj, struct cpu_kobj, kobj));
}

static const struct kobj_type cpu_type = {
	.release = cpu_release,
	.sysfs_ops = &kobj_sysfs_ops,
	.default_groups = cpu_groups,
};

static void cpu_add(struct jh_cell *cell, unsigned int cpu)
{
	struct cpu_kobj *own = kzalloc(sizeof(*own), GFP_KERNEL);

	if (!own)
		return;
	own->cpu = cpu;
	if (kobject_init_and_add(&own->kobj, &cpu_type, cell->statistics, "cpu%u", cpu)) {
		kobject_put(&own->kobj);
		return;
	}
	cell->cpu_kobj[cpu] = &own->kobj;
}

/* Counters of a CPU appear below the cell that has it. A missing one costs its numbers, nothing else. */
void jh_sysfs_cpu_move(struct jh_cell *from, struct jh_cell *to, unsigned int cpu)
{
	if (from && from->cpu_kobj[cpu]) {
		kobject_del(from->cpu_kobj[cpu]);
		kobject_put(from->cpu_kobj[cpu]);
		from->cpu_kobj[cpu] = NULL;
	}
	if (to)
		cpu_add(to, cpu);
}
