// SPDX-License-Identifier: GPL-2.0-only
/* jailhouse.bin into hypervisor memory. */
#include <linux/firmware.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>

#include <jailhouse/recorder.h>

#include "jailhouse.h"

#define FIRMWARE_NAME "jailhouse.bin"

void jh_firmware_unmap(void)
{
	if (!jh.memory)
		return;
	memunmap(jh.memory);
	release_mem_region(jh.memory_phys, jh.memory_size);
	jh.memory = NULL;
}

static int memory_check(phys_addr_t start, size_t size, struct jh_ioc_reason *why)
{
	if (!size || !PAGE_ALIGNED(start) || !PAGE_ALIGNED(size) || start + size < start)
		return jh_refuse(why, -EINVAL, "hypervisor-memory-invalid", "Correct the system definition.",
				 "Hypervisor memory at %pa, size 0x%zx, is not made of whole pages.", &start, size);
	if (region_intersects(start, size, IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) != REGION_DISJOINT)
		return jh_refuse(why, -EINVAL, "memory-not-reserved",
				 "Reserve it with no-map in the device tree's reserved-memory.",
				 "Hypervisor memory at %pa, size 0x%zx, is used by Linux.", &start, size);
	return 0;
}

static int memory_map(phys_addr_t start, size_t size, struct jh_ioc_reason *why)
{
	int err = memory_check(start, size, why);

	if (err)
		return err;
	if (jh.memory && jh.memory_phys == start && jh.memory_size == size)
		return 0;
	jh_firmware_unmap();
	if (!request_mem_region(start, size, "Jailhouse hypervisor"))
		return jh_refuse(why, -EBUSY, "memory-in-use", "See /proc/iomem for the driver that has it.",
				 "Hypervisor memory at %pa is claimed by another driver.", &start);
	jh.memory = memremap(start, size, MEMREMAP_WB);
	if (!jh.memory) {
		release_mem_region(start, size);
		return jh_refuse(why, -ENOMEM, "memory-not-mapped", "Reserve RAM that exists.",
				 "Hypervisor memory at %pa cannot be mapped.", &start);
	}
	jh.memory_phys = start;
	jh.memory_size = size;
	return 0;
}

static int header_check(const struct firmware *fw, struct jh_ioc_reason *why)
{
	static const char remedy[] = "Install the jailhouse.bin that was built with this driver.";
	const struct jh_firmware_header *header = (const void *)fw->data;

	if (fw->size < sizeof(*header) || memcmp(header->signature, JH_FW_SIGNATURE, sizeof(header->signature)))
		return jh_refuse(why, -EINVAL, "firmware-not-ours", remedy, "%s is not a Rotunda firmware.",
				 FIRMWARE_NAME);
	if (header->abi != JH_ROTUNDA_ABI)
		return jh_refuse(why, -EINVAL, "firmware-abi", remedy, "%s has ABI %u, the driver has %u.",
				 FIRMWARE_NAME, header->abi, JH_ROTUNDA_ABI);
	if (!PAGE_ALIGNED(header->core_size) || !PAGE_ALIGNED(header->percpu_size) ||
	    !PAGE_ALIGNED(header->public_offset) || header->core_size < fw->size ||
	    header->public_offset > header->core_size ||
	    header->core_size - header->public_offset < JH_PUBLIC_SIZE)
		return jh_refuse(why, -EINVAL, "firmware-damaged", remedy, "The sizes in %s contradict each other.",
				 FIRMWARE_NAME);
	return 0;
}

static int sizes_check(const struct jh_firmware_header *header, u32 max_cpus, size_t config_size, size_t size,
		       struct jh_ioc_reason *why)
{
	if (header->core_size < size && header->percpu_size < size &&
	    header->core_size + max_cpus * header->percpu_size + config_size + JH_RECORDER_SIZE < size)
		return 0;
	return jh_refuse(why, -EINVAL, "hypervisor-memory-small", "Give the hypervisor more memory.",
			 "The firmware for %u CPUs does not fit into 0x%zx bytes.", max_cpus, size);
}

static void image_place(const struct firmware *fw, u32 max_cpus, const void *config, size_t config_size)
{
	struct jh_firmware_header *header = jh.memory;

	memcpy(jh.memory, fw->data, fw->size);
	/* Not the flight recorder at the end: what it holds is older than this firmware. */
	memset(jh.memory + fw->size, 0, jh.memory_size - JH_RECORDER_SIZE - fw->size);
	header->max_cpus = max_cpus;
	header->online_cpus = num_online_cpus();
	header->config_size = config_size;
	header->hypervisor_size = jh.memory_size;
	memcpy(jh.memory + header->core_size + max_cpus * header->percpu_size, config, config_size);
	jh.header = *header;
	jh_cache_clean(jh.memory, jh.memory_size);
}

int jh_firmware_load(const struct jh_system_desc *system, const void *config, size_t config_size,
		     struct jh_ioc_reason *why)
{
	phys_addr_t start = system->hypervisor_memory.phys_start;
	size_t size = system->hypervisor_memory.size;
	u32 max_cpus = cpumask_last(cpu_online_mask) + 1;
	const struct firmware *fw;
	int err = request_firmware(&fw, FIRMWARE_NAME, jh.device);

	if (err)
		return jh_refuse(why, err, "firmware-missing", "Install it as /lib/firmware/jailhouse.bin.",
				 "The firmware %s cannot be loaded (error %d).", FIRMWARE_NAME, err);
	err = header_check(fw, why);
	if (!err)
		err = sizes_check((const void *)fw->data, max_cpus, config_size, size, why);
	if (!err)
		err = memory_map(start, size, why);
	if (!err) {
		jh_recorder_recover();
		image_place(fw, max_cpus, config, config_size);
	}
	release_firmware(fw);
	return err;
}
