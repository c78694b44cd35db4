// SPDX-License-Identifier: MIT
/* The system configuration. */
#include <hv/check.h>

#include "../lib/bits.h"
#include "../lib/string.h"
#include "check_parts.h"

#define GICV2_CPUS	8

static int check_root_regions(const struct jh_cell_desc *root, struct jh_reason *reason)
{
	for (unsigned int i = 0; i < root->num_memory_regions; i++) {
		struct jh_memory m = config_memory(root, i);

		if (m.size && (m.virt_start != m.phys_start || m.flags & JH_MEM_COMM_REGION || memory_is_subpage(&m)))
			return refuse(
				reason, -HV_EINVAL, "root-not-one-to-one",
				"Memory region %u of the root cell (physical 0x%lx, guest 0x%lx) must be whole pages at their own address.",
				i, (unsigned long)m.phys_start, (unsigned long)m.virt_start);
	}
	return 0;
}

/* EL2 maps these for itself: in its own memory they would replace its code and data. */
static int check_devices(const struct jh_system_desc *system, struct jh_reason *reason)
{
	const struct jh_memory *hv = &system->hypervisor_memory;
	bool v2 = system->arm.gic_version == 2;
	const struct check_range devices[] = {
		{ system->arm.gicd_base, v2 ? 0x1000 : 0x10000, "gicd_base" },
		{ system->arm.gicr_base, v2 ? 0 : 0x20000, "gicr_base" },
		{ system->arm.gicc_base, v2 ? 0x2000 : 0, "gicc_base" },
		{ system->debug_console.address, system->debug_console.type ? PAGE_SIZE : 0, "the debug console" },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(devices); i++) {
		const struct check_range *d = &devices[i];

		if (!d->size)
			continue;
		if (d->start & PAGE_MASK || !range_fits(d->start, d->size))
			return refuse(reason, -HV_EINVAL, "device-address",
				      "The address of %s (0x%lx) cannot be right.", d->name, (unsigned long)d->start);
		if (ranges_overlap(d->start, d->size, hv->phys_start, hv->size))
			return refuse(reason, -HV_EINVAL, "device-overlaps-hypervisor",
				      "The address of %s (0x%lx) lies in the hypervisor's memory (0x%lx-0x%lx).", d->name,
				      (unsigned long)d->start, (unsigned long)hv->phys_start,
				      (unsigned long)range_last(hv->phys_start, hv->size));
	}
	return 0;
}

static int check_gic(const struct jh_system_desc *system, struct jh_reason *reason)
{
	const struct jh_platform_arm *arm = &system->arm;

	if (arm->gic_version != 2 && arm->gic_version != 3)
		return refuse(reason, -HV_ENODEV, "gic-version",
			      "The system configuration names GIC version %u; 2 and 3 are supported.",
			      arm->gic_version);
	if (arm->gic_version == 2 && (!arm->gicc_base || (arm->gicc_base & PAGE_MASK)))
		return refuse(reason, -HV_EINVAL, "gicc-base",
			      "A GICv2 needs the address of its CPU interface; gicc_base is 0x%lx.",
			      (unsigned long)arm->gicc_base);
	if (arm->gic_version == 2 && config_cpus(&system->root_cell) >> GICV2_CPUS)
		return refuse(reason, -HV_EINVAL, "gic-cpus",
			      "A GICv2 serves CPUs 0 to %u; the root cell names a CPU above.", GICV2_CPUS - 1);
	return 0;
}

int check_system_desc(const struct jh_system_desc *system, uint64_t size, struct jh_reason *reason)
{
	size_t root = size < sizeof(*system) ? 0 : config_size(&system->root_cell);
	int err;

	if (size < sizeof(*system) || memcmp(system->signature, JH_SYSTEM_SIGNATURE, JH_SIGNATURE_LEN) != 0 ||
	    system->revision != JH_CONFIG_REVISION || system->architecture != JH_CONFIG_ARCH_ARM64)
		return refuse(reason, -HV_EINVAL, "not-a-system-configuration",
			      "This is no system configuration of revision %u for arm64.", JH_CONFIG_REVISION);
	if (!root || root + offsetof(struct jh_system_desc, root_cell) > size)
		return refuse(reason, -HV_EINVAL, "configuration-truncated",
			      "The system configuration has 0x%lx bytes, fewer than its counts ask for.",
			      (unsigned long)size);
	if ((system->debug_console.flags | system->root_cell.console.flags) & JH_CON_EMULATED)
		return refuse(reason, -HV_EINVAL, "console-of-root",
			      "The system's debug console or the root cell's console asks for an emulated PL011.");
	err = check_gic(system, reason);
	if (!err)
		err = check_cell_shape(&system->root_cell, reason);
	if (!err)
		err = check_root_regions(&system->root_cell, reason);
	return err ? err : check_devices(system, reason);
}
