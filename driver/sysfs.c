// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/devices/jailhouse. Shows take jh.live only: a file's removal waits for its readers, and it is
 * removed with jh.lock held.
 */
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "compat.h"
#include "jailhouse.h"

struct counter_attribute {
	struct kobj_attribute attr;
	unsigned int code;
};

struct cpu_kobj {
	struct kobject kobj;
	unsigned int cpu;
};

static long query(unsigned long code, unsigned long arg1, unsigned long arg2)
{
	long result = -ENODEV;

	down_read(&jh.live);
	if (jh.enabled)
		result = jh_hypercall(code, arg1, arg2);
	up_read(&jh.live);
	return result;
}

static ssize_t pool_show(char *buffer, unsigned int info)
{
	return sysfs_emit(buffer, "%ld\n", max(0L, query(JH_HC_HYPERVISOR_GET_INFO, info, 0)));
}

#define POOL_ATTR(name, info)                                                                       \
	static ssize_t name##_show(struct device *dev, struct device_attribute *attr, char *buffer) \
	{                                                                                           \
		return pool_show(buffer, info);                                                     \
	}                                                                                           \
	static DEVICE_ATTR_RO(name)
POOL_ATTR(mem_pool_size, JH_INFO_MEM_POOL_SIZE);
POOL_ATTR(mem_pool_used, JH_INFO_MEM_POOL_USED);
POOL_ATTR(remap_pool_size, JH_INFO_REMAP_POOL_SIZE);
POOL_ATTR(remap_pool_used, JH_INFO_REMAP_POOL_USED);

static ssize_t console_show(struct device *dev, struct device_attribute *attr, char *buffer)
{
	return jh_log_show(buffer);
}
static DEVICE_ATTR_RO(console);

static ssize_t enabled_show(struct device *dev, struct device_attribute *attr, char *buffer)
{
	return sysfs_emit(buffer, "%d\n", READ_ONCE(jh.enabled));
}
static DEVICE_ATTR_RO(enabled);

static ssize_t audit_show(struct device *dev, struct device_attribute *attr, char *buffer)
{
	return jh_audit_show(buffer);
}
static DEVICE_ATTR_RO(audit);

static ssize_t last_error_show(struct device *dev, struct device_attribute *attr, char *buffer)
{
	struct jh_ioc_reason *why = &jh.last_error;
	ssize_t size;

	if (mutex_lock_interruptible(&jh.lock))
		return -EINTR;
	size = why->error ? sysfs_emit(buffer, "%d %s\n%s\n%s\n", why->error, why->code, why->text, why->remedy) : 0;
	mutex_unlock(&jh.lock);
	return size;
}
static DEVICE_ATTR_RO(last_error);

static atomic_t changes;

static ssize_t changes_show(struct device *dev, struct device_attribute *attr, char *buffer)
{
	return sysfs_emit(buffer, "%u\n", (unsigned int)atomic_read(&changes));
}
static DEVICE_ATTR_RO(changes);

/* Cells that appear and go have no file that could be polled: this one stands for every change. */
void jh_sysfs_changed(void)
{
	atomic_inc(&changes);
	sysfs_notify(&jh.device->kobj, NULL, "changes");
}

static const struct attribute *device_attrs[] = {
	&dev_attr_console.attr,	      &dev_attr_enabled.attr,	      &dev_attr_mem_pool_size.attr,
	&dev_attr_mem_pool_used.attr, &dev_attr_remap_pool_size.attr, &dev_attr_remap_pool_used.attr,
	&dev_attr_last_error.attr,    &dev_attr_changes.attr,	      &dev_attr_audit.attr,
	NULL,
};

static ssize_t recorder_read(struct file *file, struct kobject *kobj, compat_bin_attribute_t *attr, char *buffer,
			     loff_t position, size_t size)
{
	return jh_recorder_read(attr->private != NULL, buffer, position, size);
}

/* Binary, because a text file of sysfs ends with its first page. */
static const struct bin_attribute recorder_attr = {
	.attr = { .name = "recorder", .mode = 0444 },
	.read = recorder_read,
};
static const struct bin_attribute recorder_previous_attr = {
	.attr = { .name = "recorder_previous", .mode = 0444 },
	.private = (void *)&recorder_previous_attr,
	.read = recorder_read,
};

static int recorder_files_create(void)
{
	int err = sysfs_create_bin_file(&jh.device->kobj, &recorder_attr);

	if (err)
		return err;
	err = sysfs_create_bin_file(&jh.device->kobj, &recorder_previous_attr);
	if (err)
		sysfs_remove_bin_file(&jh.device->kobj, &recorder_attr);
	return err;
}

static void recorder_files_remove(void)
{
	sysfs_remove_bin_file(&jh.device->kobj, &recorder_previous_attr);
	sysfs_remove_bin_file(&jh.device->kobj, &recorder_attr);
}

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
	long state = query(JH_HC_CELL_GET_STATE, to_cell(kobj)->id, 0);

	return sysfs_emit(buffer, "%s\n", state >= 0 && state < ARRAY_SIZE(names) ? names[state] : "invalid");
}
static struct kobj_attribute state_attr = __ATTR_RO(state);

/* With jh.lock held. The interrupt that brings news is the consoles' as well: only another state is told. */
void jh_sysfs_state_check(struct jh_cell *cell)
{
	long state = query(JH_HC_CELL_GET_STATE, cell->id, 0);

	lockdep_assert_held(&jh.lock);
	if (state == cell->state)
		return;
	cell->state = state;
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
	struct jh_console *console = to_cell(kobj)->console;
	u32 starts;

	down_read(&jh.live);
	starts = console && console->page ? console->page->starts : 0;
	up_read(&jh.live);
	return sysfs_emit(buffer, "%u\n", starts);
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

static unsigned int counter_code(struct kobj_attribute *attr)
{
	return container_of(attr, struct counter_attribute, attr)->code;
}

static ssize_t sum_show(struct kobject *kobj, struct kobj_attribute *attr, char *buffer)
{
	struct jh_cell *cell = to_cell(kobj->parent);
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

	return sysfs_emit(buffer, "%ld\n", max(0L, query(JH_HC_CPU_GET_INFO, cpu, counter_code(attr))));
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
	err = sysfs_create_files(cell->statistics, sum_attrs);
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

int jh_sysfs_init(void)
{
	int err;

	jh.device = root_device_register("jailhouse");
	if (IS_ERR(jh.device))
		return PTR_ERR(jh.device);
	err = sysfs_create_files(&jh.device->kobj, device_attrs);
	if (err)
		goto err_device;
	err = recorder_files_create();
	if (err)
		goto err_files;
	jh.cells_kobj = kobject_create_and_add("cells", &jh.device->kobj);
	if (jh.cells_kobj)
		return 0;
	err = -ENOMEM;
	recorder_files_remove();
err_files:
	sysfs_remove_files(&jh.device->kobj, device_attrs);
err_device:
	root_device_unregister(jh.device);
	return err;
}

void jh_sysfs_exit(void)
{
	kobject_put(jh.cells_kobj);
	recorder_files_remove();
	sysfs_remove_files(&jh.device->kobj, device_attrs);
	root_device_unregister(jh.device);
}
