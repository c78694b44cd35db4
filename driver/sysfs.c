// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/devices/jailhouse: sysfs_cell.c has the cells below it, sysfs_cpu.c their CPUs. Shows take jh.live only: a file's removal waits
 * for its readers, and it is removed with jh.lock held.
 */
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "compat.h"
#include "jailhouse.h"
#include "sysfs.h"

long jh_sysfs_query(unsigned long code, unsigned long arg1, unsigned long arg2)
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
	return sysfs_emit(buffer, "%ld\n", max(0L, jh_sysfs_query(JH_HC_HYPERVISOR_GET_INFO, info, 0)));
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

static ssize_t fatal_show(struct device *dev, struct device_attribute *attr, char *buffer)
{
	struct jh_reason fatal;
	ssize_t size = 0;

	down_read(&jh.live);
	if (jh.enabled && jh_fatal_get(&fatal))
		size = sysfs_emit(buffer, "%s: %s\n", fatal.code, fatal.text);
	up_read(&jh.live);
	return size;
}
static DEVICE_ATTR_RO(fatal);

/* Whoever waits for it is told, and so is who looks at the kernel's log; once for each death. */
void jh_sysfs_fatal_check(void)
{
	static u32 told;
	struct jh_reason fatal;
	bool news;

	down_read(&jh.live);
	news = jh.enabled && jh_fatal_get(&fatal) && fatal.sequence != told;
	up_read(&jh.live);
	if (!news)
		return;
	told = fatal.sequence;
	pr_emerg("jailhouse: %s\n", fatal.text);
	sysfs_notify(&jh.device->kobj, NULL, "fatal");
	jh_sysfs_changed();
}

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
	&dev_attr_fatal.attr,
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
