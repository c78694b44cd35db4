// SPDX-License-Identifier: GPL-2.0-only
/* A cell's files below /sys/devices/jailhouse/cells. */
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "compat.h"
#include "jailhouse.h"
#include "sysfs.h"

static struct jh_cell *to_cell(struct kobject *kobj)
{
	return container_of(kobj, struct jh_cell, kobj);
}

static ssize_t name_show(struct kobject *kobj, struct kobj_attribute *attr, char *buffer)
{
	return sysfs_emit(buffer, "%s\n", to_cell(kobj)->name);
}
static struct kobj_attribute name_attr = __ATTR_RO(name);

static ssize_t state_show(struct kobject *kobj, struct kobj_attribute *attr, char *buffer)
{
	static const char *const names[] = { "running", "running/locked", "shut down", "failed", "Comm ABI mismatch" };
	long state = jh_sysfs_query(JH_HC_CELL_GET_STATE, to_cell(kobj)->id, 0);

	return sysfs_emit(buffer, "%s\n", state >= 0 && state < ARRAY_SIZE(names) ? names[state] : "invalid");
}
static struct kobj_attribute state_attr = __ATTR_RO(state);

static u32 cell_starts(struct jh_cell *cell)
{
	u32 starts;

	down_read(&jh.live);
	starts = cell->console && cell->console->page ? cell->console->page->starts : 0;
	up_read(&jh.live);
	return starts;
}

/* With jh.lock held. The interrupt that brings news is the consoles' as well: only another state, or another start, is told. */
void jh_sysfs_state_check(struct jh_cell *cell)
{
	long state = jh_sysfs_query(JH_HC_CELL_GET_STATE, cell->id, 0);
	u32 starts = cell_starts(cell);

	lockdep_assert_held(&jh.lock);
	if (state == cell->state && starts == cell->starts)
		return;
	cell->state = state;
	cell->starts = starts;
	sysfs_notify(&cell->kobj, NULL, "state");
	jh_sysfs_changed();
}

static ssize_t mask_show(struct jh_cell *cell, char *buffer, bool failed, bool list)
{
	cpumask_t mask;
	unsigned int cpu;

	down_read(&jh.live);
	cpumask_copy(&mask, &cell->cpus);
	for_each_cpu(cpu, &cell->cpus)
		if (failed &&
		    (!jh.enabled || jh_hypercall(JH_HC_CPU_GET_INFO, cpu, JH_CPU_INFO_STATE) != JH_CPU_FAILED))
			cpumask_clear_cpu(cpu, &mask);
	up_read(&jh.live);
	return sysfs_emit(buffer, list ? "%*pbl\n" : "%*pb\n", cpumask_pr_args(&mask));
}

#define MASK_ATTR(name, failed, list)                                                               \
	static ssize_t name##_show(struct kobject *kobj, struct kobj_attribute *attr, char *buffer) \
	{                                                                                           \
		return mask_show(to_cell(kobj), buffer, failed, list);                              \
	}                                                                                           \
	static struct kobj_attribute name##_attr = __ATTR_RO(name)
MASK_ATTR(cpus_assigned, false, false);
MASK_ATTR(cpus_assigned_list, false, true);
MASK_ATTR(cpus_failed, true, false);
MASK_ATTR(cpus_failed_list, true, true);

static ssize_t failure_show(struct kobject *kobj, struct kobj_attribute *attr, char *buffer)
{
	struct jh_console *console = to_cell(kobj)->console;
	ssize_t size = 0;

	down_read(&jh.live);
	if (console && console->page && console->page->failure.code[0])
		size = sysfs_emit(buffer, "%.39s: %.207s\n", console->page->failure.code, console->page->failure.text);
	up_read(&jh.live);
	return size;
}
static struct kobj_attribute failure_attr = __ATTR_RO(failure);

static ssize_t starts_show(struct kobject *kobj, struct kobj_attribute *attr, char *buffer)
{
	return sysfs_emit(buffer, "%u\n", cell_starts(to_cell(kobj)));
}
static struct kobj_attribute starts_attr = __ATTR_RO(starts);

#define COUNT_ATTR(name, expression)                                                               \
	static ssize_t name##_show(struct kobject *kobj, struct kobj_attribute *attr, char *buffer) \
	{                                                                                          \
		struct jh_console *console = to_cell(kobj)->console;                               \
		u64 count = 0;                                                                     \
		down_read(&jh.live);                                                               \
		if (console && console->page)                                                      \
			count = (expression);                                                      \
		up_read(&jh.live);                                                                 \
		return sysfs_emit(buffer, "%llu\n", count);                                        \
	}                                                                                          \
	static struct kobj_attribute name##_attr = __ATTR_RO(name)
COUNT_ATTR(output, READ_ONCE(console->page->tail));
COUNT_ATTR(output_lost, jh_console_lost(console));
COUNT_ATTR(input_waiting, READ_ONCE(console->page->input_waiting));
COUNT_ATTR(input_lost, READ_ONCE(console->page->input_dropped));

static struct attribute *cell_attrs[] = { &name_attr.attr,
					  &state_attr.attr,
					  &cpus_assigned_attr.attr,
					  &cpus_assigned_list_attr.attr,
					  &cpus_failed_attr.attr,
					  &cpus_failed_list_attr.attr,
					  &failure_attr.attr,
					  &starts_attr.attr,
					  &output_attr.attr,
					  &output_lost_attr.attr,
					  &input_waiting_attr.attr,
					  &input_lost_attr.attr,
					  NULL };
ATTRIBUTE_GROUPS(cell);

/* Written once before the files appear: no lock. */
static ssize_t config_read(struct file *file, struct kobject *kobj, compat_bin_attribute_t *attr, char *buffer,
			   loff_t position, size_t size)
{
	struct jh_cell *cell = to_cell(kobj);

	return memory_read_from_buffer(buffer, size, &position, cell->config, cell->config_size);
}

static const struct bin_attribute config_attr = {
	.attr = { .name = "config", .mode = 0444 },
	.read = config_read,
};

static void cell_release(struct kobject *kobj)
{
	struct jh_cell *cell = to_cell(kobj);

	if (cell->console)
		jh_console_put(cell->console);
	kfree(cell->config);
	kfree(cell);
}

static const struct kobj_type cell_type = {
	.release = cell_release,
	.sysfs_ops = &kobj_sysfs_ops,
	.default_groups = cell_groups,
};

/* Takes the cell over, also when it fails. */
int jh_sysfs_cell_add(struct jh_cell *cell)
{
	int err = kobject_init_and_add(&cell->kobj, &cell_type, jh.cells_kobj, "%d", cell->id);

	if (err)
		goto err_put;
	cell->statistics = kobject_create_and_add("statistics", &cell->kobj);
	if (!cell->statistics) {
		err = -ENOMEM;
		goto err_del;
	}
	err = jh_sysfs_sums_add(cell->statistics);
	if (!err && cell->config)
		err = sysfs_create_bin_file(&cell->kobj, &config_attr);
	if (err)
		goto err_statistics;
	return 0;
err_statistics:
	kobject_put(cell->statistics);
err_del:
	kobject_del(&cell->kobj);
err_put:
	kobject_put(&cell->kobj);
	return err;
}

void jh_sysfs_cell_remove(struct jh_cell *cell)
{
	kobject_del(cell->statistics);
	kobject_put(cell->statistics);
	kobject_del(&cell->kobj);
	kobject_put(&cell->kobj);
}
