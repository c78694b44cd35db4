// SPDX-License-Identifier: MIT
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/uaccess.h>

#include "caller.h"

static void *buffer;

static u64 hypercall(u64 code, u64 arg1, u64 arg2)
{
	register u64 x0 asm("x0") = code;
	register u64 x1 asm("x1") = arg1;
	register u64 x2 asm("x2") = arg2;

	asm volatile("hvc #0x4a48" : "+r"(x0), "+r"(x1), "+r"(x2) : : "x3", "memory");
	return x0;
}

static long caller_ioctl(struct file *file, unsigned int number, unsigned long argument)
{
	void __user *user = (void __user *)argument;
	struct caller_call call;
	u64 address = virt_to_phys(buffer);

	if (number == CALLER_ADDRESS)
		return copy_to_user(user, &address, sizeof(address)) ? -EFAULT : 0;
	if (number != CALLER_CALL || copy_from_user(&call, user, sizeof(call)))
		return -EINVAL;
	call.result = hypercall(call.code, call.arg1, call.arg2);
	return copy_to_user(user, &call, sizeof(call)) ? -EFAULT : 0;
}

static ssize_t caller_write(struct file *file, const char __user *user, size_t size, loff_t *position)
{
	if (size > CALLER_BUFFER || copy_from_user(buffer, user, size))
		return -EINVAL;
	return size;
}

static const struct file_operations caller_operations = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = caller_ioctl,
	.write = caller_write,
};

static struct miscdevice caller = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "caller",
	.fops = &caller_operations,
};

static int __init caller_init(void)
{
	int err;

	buffer = (void *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, get_order(CALLER_BUFFER));
	if (!buffer)
		return -ENOMEM;
	err = misc_register(&caller);
	if (err)
		free_pages((unsigned long)buffer, get_order(CALLER_BUFFER));
	return err;
}

static void __exit caller_exit(void)
{
	misc_deregister(&caller);
	free_pages((unsigned long)buffer, get_order(CALLER_BUFFER));
}

module_init(caller_init);
module_exit(caller_exit);
MODULE_DESCRIPTION("Hypercalls of the root cell, for a test");
MODULE_LICENSE("Dual MIT/GPL");
