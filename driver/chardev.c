// SPDX-License-Identifier: GPL-2.0-only
/* /dev/jailhouse. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "jailhouse.h"

struct jh_file {
	u32 log_position;
	struct jh_ioc_reason reason;	/* covered by jh.lock */
};

static int device_open(struct inode *inode, struct file *file)
{
	file->private_data = kzalloc(sizeof(struct jh_file), GFP_KERNEL);
	return file->private_data ? 0 : -ENOMEM;
}

static int device_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static ssize_t device_read(struct file *file, char __user *buffer, size_t size, loff_t *position)
{
	struct jh_file *own = file->private_data;

	return jh_log_read(file, buffer, size, &own->log_position);
}

static long cell_command(unsigned int command, const void __user *uarg, struct jh_ioc_reason *why)
{
	struct jh_ioc_cell arg;
	struct jh_cell *cell;

	if (copy_from_user(&arg, uarg, sizeof(arg)))
		return -EFAULT;
	if (command == JH_IOC_CELL_START)
		return jh_cell_start(&arg, why);
	if (command == JH_IOC_CELL_DESTROY)
		return jh_cell_destroy(&arg, why);
	cell = jh_cell_find(&arg, why);
	return IS_ERR(cell) ? PTR_ERR(cell) : jh_console_open(cell, why);
}

static long create_command(const void __user *uarg, struct jh_ioc_reason *why)
{
	struct jh_ioc_create arg;

	if (copy_from_user(&arg, uarg, sizeof(arg)))
		return -EFAULT;
	return jh_cell_create(&arg, why);
}

static long force_command(const void __user *uarg, struct jh_ioc_reason *why)
{
	struct jh_ioc_force arg;

	if (copy_from_user(&arg, uarg, sizeof(arg)))
		return -EFAULT;
	return jh_cell_force(&arg, why);
}

static long command_run(unsigned int command, void __user *uarg, struct jh_ioc_reason *why)
{
	switch (command) {
	case JH_IOC_ENABLE:
		return jh_enable(uarg, why);
	case JH_IOC_DISABLE:
		return jh_disable(why);
	case JH_IOC_CELL_CREATE:
		return create_command(uarg, why);
	case JH_IOC_CELL_LOAD:
		return jh_cell_load(uarg, why);
	case JH_IOC_CELL_START:
	case JH_IOC_CELL_DESTROY:
	case JH_IOC_CELL_CONSOLE:
		return cell_command(command, uarg, why);
	case JH_IOC_CELL_FORCE:
		return force_command(uarg, why);
	case JH_IOC_AUDIT:
		return jh_audit(uarg, why);
	default:
		return jh_refuse(why, -EINVAL, "unknown-command", "Use a program of this driver's version.",
				 "There is no command 0x%x.", command);
	}
}

static long device_ioctl(struct file *file, unsigned int command, unsigned long arg)
{
	struct jh_file *own = file->private_data;
	void __user *uarg = (void __user *)arg;
	long result;

	if (mutex_lock_interruptible(&jh.lock))
		return -EINTR;
	if (command == JH_IOC_LAST_ERROR) {
		result = copy_to_user(uarg, &own->reason, sizeof(own->reason)) ? -EFAULT : 0;
	} else {
		memset(&own->reason, 0, sizeof(own->reason));
		result = command_run(command, uarg, &own->reason);
		own->reason.error = result < 0 ? (int)result : 0;
		if (result < 0)
			jh.last_error = own->reason;
	}
	mutex_unlock(&jh.lock);
	return result;
}

static const struct file_operations device_fops = {
	.owner = THIS_MODULE,
	.open = device_open,
	.release = device_release,
	.read = device_read,
	.unlocked_ioctl = device_ioctl,
	.compat_ioctl = device_ioctl,
	.llseek = noop_llseek,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "jailhouse",
	.fops = &device_fops,
};

int jh_chardev_init(void)
{
	return misc_register(&device);
}

void jh_chardev_exit(void)
{
	misc_deregister(&device);
}
