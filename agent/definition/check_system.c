// SPDX-License-Identifier: MIT
/* The system definition: the board as the hypervisor will find it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "check.h"
#include "words.h"

#define GICD_V2_SIZE 0x1000u /* Arm IHI 0048, 0069 */
#define GICD_V3_SIZE 0x10000u
#define GICR_SIZE 0x20000u /* of a CPU */
#define GIC_INTERFACE_SIZE 0x2000u
#define GICV2_CPUS 8
#define ECAM_BUS_SIZE 0x100000u
#define FIRST_SPI 32u
#define LAST_SPI 1019u
#define IOMMU_SMMUV3 3
#define IOMMU_PVU 4
#define IOMMU_MMU500 5

static void add_device(struct definition_board *board, const char *name, uint64_t start, uint64_t size)
{
	if (size && board->num_devices < DEFINITION_DEVICES_MAX && start <= UINT64_MAX - (size - 1))
		board->devices[board->num_devices++] = (struct definition_device){ name, start, size };
}

void board_devices(const struct jh_system_desc *system, struct definition_board *board)
{
	const struct jh_platform_arm *arm = &system->arm;
	bool v2 = arm->gic_version == 2;
	unsigned cpus = (unsigned)__builtin_popcountll(board->cpus);

	board->num_devices = 0;
	add_device(board, "the interrupt distributor", arm->gicd_base,
		   arm->gicd_base ? v2 ? GICD_V2_SIZE : GICD_V3_SIZE : 0);
	add_device(board, "the interrupt redistributors", arm->gicr_base,
		   arm->gicr_base && !v2 ? GICR_SIZE * (cpus ? cpus : 1u) : 0);
	add_device(board, "the interrupt CPU interface", arm->gicc_base, arm->gicc_base && v2 ? GIC_INTERFACE_SIZE : 0);
	add_device(board, "the interrupt hypervisor interface", arm->gich_base,
		   arm->gich_base && v2 ? GICD_V2_SIZE : 0);
	add_device(board, "the virtual interrupt interface", arm->gicv_base,
		   arm->gicv_base && v2 ? GIC_INTERFACE_SIZE : 0);
	add_device(board, "the PCI configuration space", system->pci_mmconfig_base,
		   system->pci_mmconfig_base ? (system->pci_mmconfig_end_bus + 1ull) * ECAM_BUS_SIZE : 0);
	for (unsigned i = 0; i < JH_IOMMU_UNITS; i++)
		add_device(board, "an IOMMU", system->iommu_units[i].base,
			   system->iommu_units[i].type ? system->iommu_units[i].size : 0);
	board->console = system->debug_console.type ? system->debug_console.address : 0;
	board->notify_intid = system->arm.notify_irq;
}

static void check_hypervisor(struct compiler *compiler, const struct jh_memory *memory)
{
	if (!memory->size)
		return;
	if (memory->size > CHECK_ADDRESSES || memory->phys_start > CHECK_ADDRESSES - memory->size)
		compiler_refuse(compiler, "/hypervisor", "address-overflow", "Correct its address or its size.",
				"The hypervisor's memory (0x%" PRIx64 " bytes at 0x%" PRIx64 ") ends above 40 bits.",
				memory->size, memory->phys_start);
	else if ((memory->phys_start | memory->size) % CHECK_PAGE)
		compiler_refuse(compiler, "/hypervisor", "region-unaligned", "Write multiples of 0x1000.",
				"The hypervisor's memory (0x%" PRIx64 " bytes at 0x%" PRIx64 ") is not made of whole pages.",
				memory->size, memory->phys_start);
}

static void check_gic(struct compiler *compiler, const struct jh_platform_arm *arm, uint64_t cpus)
{
	if (arm->gic_version != 2 && arm->gic_version != 3)
		compiler_refuse(compiler, "/gic_version", "gic-version", "Write 2 or 3, as the device tree says (arm,gic-v3: 3).",
				"\"gic_version\" is %u; the hypervisor drives GICv2 and GICv3.", arm->gic_version);
	else if (!arm->gicd_base || (arm->gic_version == 3 && !arm->gicr_base) ||
		 (arm->gic_version == 2 && !arm->gicc_base))
		compiler_refuse(compiler, "", "gic-address",
				"Copy it from the first \"reg\" entries of the device tree's GIC.",
				"A GICv%u needs %s.", arm->gic_version,
				!arm->gicd_base		? "\"gicd_base\"" :
				arm->gic_version == 3 ? "\"gicr_base\"" :
							"\"gicc_base\"");
	else if (arm->gic_version == 2 && cpus >> GICV2_CPUS)
		compiler_refuse(compiler, "/root/cpus", "gic-cpus", "Take CPUs 0 to 7 only.",
				"A GICv2 serves CPUs 0 to 7; root has CPUs above.");
	if (arm->maintenance_irq && (arm->maintenance_irq < 16 || arm->maintenance_irq > 31))
		compiler_refuse(compiler, "/maintenance_intid", "not-a-ppi",
				"Write 16 + the PPI's number of the device tree, 25 nearly everywhere.",
				"The maintenance interrupt %u is not private to a CPU (16 to 31).",
				arm->maintenance_irq);
}

static void check_device_places(struct compiler *compiler, const struct definition_board *board)
{
	const struct definition_range *own = &board->hypervisor;

	for (size_t i = 0; i < board->num_devices; i++) {
		const struct definition_device *a = &board->devices[i];

		if (a->start % CHECK_PAGE || a->size > CHECK_ADDRESSES || a->start > CHECK_ADDRESSES - a->size)
			compiler_refuse(compiler, "", "device-address", "Copy the address from the device tree.",
					"The address of %s is 0x%" PRIx64 ", which is no page below 2^40.", a->name,
					a->start);
		if (own->size && intervals_overlap(interval_of(a->start, a->size), interval_of(own->start, own->size)))
			compiler_refuse(compiler, "/hypervisor", "device-overlaps-hypervisor",
					"Correct one of them: the hypervisor needs memory where no device is.",
					"In the hypervisor's memory lies %s (0x%" PRIx64 ").", a->name, a->start);
		for (size_t j = 0; j < i; j++)
			if (intervals_overlap(interval_of(a->start, a->size),
					      interval_of(board->devices[j].start, board->devices[j].size)))
				compiler_refuse(
					compiler, "", "devices-overlap", "Copy both addresses from the device tree.",
					"By their addresses, %s (0x%" PRIx64 ") and %s (0x%" PRIx64 ") overlap.",
					a->name, a->start, board->devices[j].name, board->devices[j].start);
	}
}

static void check_iommus(struct compiler *compiler, const struct jh_system_desc *system)
{
	char at[128];

	for (unsigned i = 0; i < JH_IOMMU_UNITS; i++) {
		uint32_t type = system->iommu_units[i].type;

		snprintf(at, sizeof(at), "/iommus/%u", i);
		if (type && type != IOMMU_SMMUV3 && type != IOMMU_PVU && type != IOMMU_MMU500)
			compiler_refuse(compiler, at, "iommu-type", "Write 3 (SMMUv3) or 5 (MMU-500), or take it out.",
					"IOMMU %u has the type %" PRIu32 ", which arm64 boards do not have.", i, type);
	}
}

static bool has(const uint32_t *words, unsigned intid)
{
	return words[intid / 32] >> (intid % 32) & 1;
}

static void check_intids(struct compiler *compiler, const struct definition_board *board)
{
	unsigned notify = board->notify_intid;

	if (notify && (notify < FIRST_SPI || notify > LAST_SPI))
		compiler_refuse(compiler, "/notify_intid", "not-an-spi", "Take a shared interrupt that no device has.",
				"The notification interrupt %u is not a shared one (32 to 1019).", notify);
	else if (notify && !has(board->interrupts, notify))
		compiler_refuse(compiler, "/notify_intid", "interrupt-not-of-root", "Add it to root's interrupts.",
				"Root is to be notified by interrupt %u, which is not one of its own.", notify);
	for (unsigned intid = FIRST_SPI; intid <= LAST_SPI; intid++) {
		if (!has(board->virtual_intids, intid) || has(board->interrupts, intid))
			continue;
		compiler_refuse(compiler, "/virtual_intids", "interrupt-not-of-root",
				"Add all of them to root's interrupts: cells get theirs from root.",
				"Of \"virtual_intids\", interrupt %u is not one of the root cell.", intid);
		return;
	}
}

static void check_pool(struct compiler *compiler, const struct definition_board *board)
{
	struct intervals memory = { calloc(board->num_memory + 1, sizeof(struct interval)), 0 };
	struct interval missing, pool = interval_of(board->pool.start, board->pool.size);

	if (!memory.items)
		compiler->no_memory = true;
	for (size_t i = 0; memory.items && i < board->num_memory; i++)
		if (board->memory[i].size && !(board->memory[i].flags & JH_MEM_IO))
			memory.items[memory.count++] = interval_of(board->memory[i].physical, board->memory[i].size);
	intervals_sort(&memory);
	if (memory.items && pool.last < pool.start)
		compiler_refuse(compiler, "/pool", "address-overflow", "Correct its start or its size.",
				"The pool ends above 2^64.");
	else if (memory.items && board->num_memory && !intervals_cover(&memory, pool, &missing))
		compiler_refuse(compiler, "/pool", "pool-not-of-root", "Choose memory that root has, or add a region to root.",
				"The pool (0x%" PRIx64 "-0x%" PRIx64 ") is not all memory of the root cell: 0x%" PRIx64
				"-0x%" PRIx64 " is not.",
				pool.start, pool.last, missing.start, missing.last);
	free(memory.items);
}

static void check_one_to_one(struct compiler *compiler, const struct definition_board *board)
{
	char at[128];

	for (size_t i = 0; i < board->num_memory; i++) {
		const struct definition_region *region = &board->memory[i];

		snprintf(at, sizeof(at), "/root/memory/%zu", i);
		if (is_subpage(region->guest, region->size, region->flags))
			compiler_refuse(compiler, at, "root-below-a-page", "Write whole pages of 4 KiB.",
					"Region %zu of root (0x%" PRIx64 " bytes at 0x%" PRIx64 ") is not made of whole pages.",
					i, region->size, region->guest);
		if (!region->size || (region->guest == region->physical && !(region->flags & JH_MEM_COMM_REGION)))
			continue;
		compiler_refuse(compiler, at, "root-not-one-to-one", "Leave \"guest\" and the flag \"comm\" out.",
				"Region %zu of root is at physical 0x%" PRIx64 " and guest 0x%" PRIx64
				"; root's memory must be at its own address.",
				i, region->physical, region->guest);
	}
}

void check_system(struct compiler *compiler, const struct jh_system_desc *system, const struct definition_board *board)
{
	check_hypervisor(compiler, &system->hypervisor_memory);
	check_gic(compiler, &system->arm, board->cpus);
	check_device_places(compiler, board);
	check_iommus(compiler, system);
	check_intids(compiler, board);
	check_one_to_one(compiler, board);
	if (board->pool.size)
		check_pool(compiler, board);
}
