// SPDX-License-Identifier: GPL-2.0-only
/* Module init and exit, and the reboot notifier. */
#include <linux/module.h>
#include <linux/reboot.h>

#include "jailhouse.h"

struct jh_driver jh = {
	.lock = __MUTEX_INITIALIZER(jh.lock),
	.live = __RWSEM_INITIALIZER(jh.live),
	.cells = LIST_HEAD_INIT(jh.cells),
	.output = __WAIT_QUEUE_HEAD_INITIALIZER(jh.output),
};

/* The next kernel wants EL2 and its CPUs as the boot firmware left them. */
static int reboot_disable(struct notifier_block *block, unsigned long action, void *data)
{
	struct jh_ioc_reason why = { 0 };

	mutex_lock(&jh.lock);
	if (jh.enabled && jh_disable(&why))
		pr_emerg("jailhouse: cannot disable before reboot: %s\n", why.text);
	mutex_unlock(&jh.lock);
	return NOTIFY_DONE;
}

static struct notifier_block reboot_block = { .notifier_call = reboot_disable };

static int __init jailhouse_init(void)
{
	int err = jh_sysfs_init();

	if (err)
		return err;
	err = jh_tty_init();
	if (err)
		goto err_sysfs;
	err = jh_chardev_init();
	if (err)
		goto err_tty;
	err = register_reboot_notifier(&reboot_block);
	if (err)
		goto err_chardev;
	return 0;
err_chardev:
	jh_chardev_exit();
err_tty:
	jh_tty_exit();
err_sysfs:
	jh_sysfs_exit();
	return err;
}

/* While enabled the module holds a reference to itself: here the hypervisor is off. */
static void __exit jailhouse_exit(void)
{
	unregister_reboot_notifier(&reboot_block);
	jh_chardev_exit();
	jh_tty_exit();
	jh_sysfs_exit();
	jh_firmware_unmap();
	jh_recorder_exit();
	kfree(jh.kept_log);
}

module_init(jailhouse_init);
module_exit(jailhouse_exit);
MODULE_DESCRIPTION("Rotunda: partitions the board into cells");
MODULE_LICENSE("GPL");
MODULE_FIRMWARE("jailhouse.bin");
