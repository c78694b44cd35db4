// SPDX-License-Identifier: GPL-2.0-only
/* Enable and disable. */
#include <linux/cpu.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "jailhouse.h"

/* Counts are 32 bits and records small: 64 bits cannot overflow. */
size_t jh_config_size(const struct jh_cell_desc *desc)
{
	return sizeof(*desc) + (u64)desc->cpu_set_size + (u64)desc->num_memory_regions * sizeof(struct jh_memory) +
	       (u64)desc->num_cache_regions * sizeof(struct jh_cache) +
	       (u64)desc->num_irqchips * sizeof(struct jh_irqchip) +
	       (u64)desc->num_pio_regions * sizeof(struct jh_pio) +
	       (u64)desc->num_pci_devices * sizeof(struct jh_pci_device) +
	       (u64)desc->num_pci_caps * sizeof(struct jh_pci_cap) + (u64)desc->num_stream_ids * sizeof(u32);
}

/* The bitmap follows the descriptor; its bits are Linux' CPU numbers. */
int jh_config_cpus(const struct jh_cell_desc *desc, cpumask_t *cpus, struct jh_ioc_reason *why)
{
	const u8 *bits = (const u8 *)(desc + 1);
	u32 cpu;

	cpumask_clear(cpus);
	for (cpu = 0; cpu < desc->cpu_set_size * 8; cpu++) {
		if (!(bits[cpu / 8] & (1 << (cpu % 8))))
			continue;
		if (cpu >= nr_cpu_ids)
			return jh_refuse(why, -EINVAL, "cpu-unknown", "Name only CPUs that the board has.",
					 "CPU %u does not exist; the board has %u.", cpu, nr_cpu_ids);
		cpumask_set_cpu(cpu, cpus);
	}
	if (cpumask_empty(cpus))
		return jh_refuse(why, -EINVAL, "no-cpus", "Give it at least one CPU.", "The CPU set is empty.");
	return 0;
}

static int system_check(const struct jh_system_desc *system, struct jh_ioc_reason *why)
{
	if (memcmp(system->signature, JH_SYSTEM_SIGNATURE, JH_SIGNATURE_LEN))
		return jh_refuse(why, -EINVAL, "config-signature", "Give a compiled system definition.",
				 "The configuration does not start with %s.", JH_SYSTEM_SIGNATURE);
	if (system->revision != JH_CONFIG_REVISION || system->architecture != JH_CONFIG_ARCH_ARM64)
		return jh_refuse(why, -EINVAL, "config-revision", "Compile it for arm64, revision 14.",
				 "The configuration has revision %u and architecture %u.", system->revision,
				 system->architecture);
	if (system->root_cell.cpu_set_size > JH_CONFIG_MAX_SIZE ||
	    jh_config_size(&system->root_cell) > JH_CONFIG_MAX_SIZE)
		return jh_refuse(why, -E2BIG, "config-oversized", "Compile the system definition again.",
				 "The root cell's configuration is larger than 64 KiB.");
	return 0;
}

static void *system_copy(const void __user *uconfig, size_t *size, struct jh_ioc_reason *why)
{
	struct jh_system_desc head, *copy;
	int err;

	if (copy_from_user(&head, uconfig, sizeof(head)))
		return ERR_PTR(-EFAULT);
	err = system_check(&head, why);
	if (err)
		return ERR_PTR(err);
	*size = sizeof(head) - sizeof(head.root_cell) + jh_config_size(&head.root_cell);
	copy = memdup_user(uconfig, *size);
	/* Another thread may have changed it meanwhile: what was checked is what counts. */
	if (!IS_ERR(copy))
		memcpy(copy, &head, sizeof(head));
	return copy;
}

static int online_check(const cpumask_t *cpus, struct jh_ioc_reason *why)
{
	if (cpumask_equal(cpus, cpu_online_mask))
		return 0;
	return jh_refuse(why, -EINVAL, "cpu-set-mismatch",
			 "Bring every CPU of the system definition online and no other.",
			 "The definition has CPUs %*pbl, online are %*pbl.", cpumask_pr_args(cpus),
			 cpumask_pr_args(cpu_online_mask));
}

static int enter_locked(struct jh_system_desc *system, size_t size, cpumask_t *cpus, struct jh_ioc_reason *why)
{
	int err = jh_config_cpus(&system->root_cell, cpus, why);

	if (!err)
		err = online_check(cpus, why);
	if (!err)
		err = jh_firmware_load(system, system, size, why);
	if (err)
		return err;
	jh.system = *system;
	err = jh_el2_enter(why);
	if (err)
		jh_log_keep();
	else
		jh.enabled = true;
	return err;
}

static int enter(struct jh_system_desc *system, size_t size, struct jh_ioc_reason *why)
{
	cpumask_t cpus;
	int err;

	cpus_read_lock();
	down_write(&jh.live);
	err = enter_locked(system, size, &cpus, why);
	up_write(&jh.live);
	cpus_read_unlock();
	return err ? err : jh_cell_add_root(&cpus);
}

int jh_enable(const void __user *uconfig, struct jh_ioc_reason *why)
{
	struct jh_system_desc *system;
	size_t size;
	int err;

	lockdep_assert_held(&jh.lock);
	if (jh.enabled)
		return jh_refuse(why, -EBUSY, "already-enabled", "Disable it first: jailhouse disable.",
				 "The hypervisor is enabled already.");
	system = system_copy(uconfig, &size, why);
	if (IS_ERR(system))
		return PTR_ERR(system);
	err = jh_el2_check(why);
	if (!err)
		err = enter(system, size, why);
	kfree(system);
	if (err && jh.enabled) /* no memory for the root cell's files */
		jh_el2_leave(), jh.enabled = false;
	if (err)
		return err;
	__module_get(THIS_MODULE);
	jh_notify_start();
	jh_sysfs_changed();
	pr_info("The Jailhouse is opening.\n");
	return 0;
}

/* CPUs that a cell took come back on their own; one that a person took offline must be brought back first. */
static int disable_check(struct jh_ioc_reason *why)
{
	struct jh_reason fatal;
	struct jh_cell *cell;
	cpumask_t missing;

	/* A CPU that died would never leave, and the others would wait for it for ever. */
	if (jh_fatal_get(&fatal))
		return jh_refuse(why, -EIO, fatal.code, "Reset the board.", "%s", fatal.text);
	cpumask_andnot(&missing, &jh.root->cpus, cpu_online_mask);
	list_for_each_entry(cell, &jh.cells, node) {
		cpumask_t kept;

		cpumask_andnot(&kept, &cell->cpus, &cell->offlined);
		if (cell != jh.root)
			cpumask_or(&missing, &missing, &kept);
	}
	if (cpumask_empty(&missing))
		return 0;
	return jh_refuse(why, -EBUSY, "cpu-offline", "Write 1 to /sys/devices/system/cpu/cpuN/online.",
			 "CPUs %*pbl are offline; the hypervisor must leave every CPU.", cpumask_pr_args(&missing));
}

static int destroy_cells(struct jh_ioc_reason *why)
{
	struct jh_cell *cell, *next;
	int err;

	list_for_each_entry_safe(cell, next, &jh.cells, node) {
		err = cell == jh.root ? 0 : jh_cell_destroy_one(cell, false, why);
		if (err)
			return err;
	}
	return 0;
}

static int leave(struct jh_ioc_reason *why)
{
	int err;

	cpus_read_lock();
	err = disable_check(why);
	if (err)
		goto out;
	down_write(&jh.live);
	err = jh_el2_leave();
	if (err)
		jh_refuse_hypervisor(why, err);
	else
		jh.enabled = false;
	up_write(&jh.live);
out:
	cpus_read_unlock();
	return err;
}

int jh_disable(struct jh_ioc_reason *why)
{
	int err;

	lockdep_assert_held(&jh.lock);
	if (!jh.enabled)
		return jh_refuse(why, -EINVAL, "not-enabled", "Enable it first: jailhouse enable.",
				 "The hypervisor is not enabled.");
	err = disable_check(why);
	if (!err)
		err = destroy_cells(why);
	if (!err)
		err = leave(why);
	if (err)
		return err;
	jh_notify_stop();
	jh_log_keep();
	jh_cell_remove_root();
	jh_sysfs_changed();
	module_put(THIS_MODULE);
	pr_info("The Jailhouse was closed.\n");
	return 0;
}
