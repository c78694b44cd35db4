// SPDX-License-Identifier: MIT
/* One configuration by itself. */
#include <hv/check.h>
#include <hv/irq.h>

#include "../lib/bits.h"
#include "../lib/string.h"
#include "check_parts.h"

#define CPU_SET_MAX	4096	/* bytes */

#define KNOWN_MEMORY_FLAGS                                                                                             \
	(JH_MEM_READ | JH_MEM_WRITE | JH_MEM_EXECUTE | JH_MEM_DMA | JH_MEM_IO | JH_MEM_COMM_REGION | JH_MEM_LOADABLE | \
	 JH_MEM_ROOTSHARED | JH_MEM_NO_HUGEPAGES | JH_MEM_IO_UNALIGNED | JH_MEM_IO_8 | JH_MEM_IO_16 | JH_MEM_IO_32 |   \
	 JH_MEM_IO_64)

#define KNOWN_CELL_FLAGS                                                                                        \
	(JH_CELL_PASSIVE_COMMREG | JH_CELL_TEST_DEVICE | JH_CELL_AARCH32 | JH_CELL_STRAY_INJECT | JH_CELL_COUNT_EL2 | \
	 JH_CELL_VIRTUAL_CONSOLE_PERMITTED | JH_CELL_VIRTUAL_CONSOLE_ACTIVE)

static int check_comm_shape(const struct jh_memory *m, unsigned int i, struct jh_reason *reason)
{
	if (m->size != PAGE_SIZE)
		return refuse(reason, -HV_EINVAL, "comm-region-size",
			      "The communication region (memory region %u) has 0x%lx bytes; it must have 0x1000.", i,
			      (unsigned long)m->size);
	if (m->virt_start & PAGE_MASK)
		return refuse(reason, -HV_EINVAL, "region-unaligned",
			      "Memory region %u starts at guest address 0x%lx, which is no multiple of 0x1000.", i,
			      (unsigned long)m->virt_start);
	return 0;
}

static int check_memory_shape(const struct jh_memory *m, unsigned int i, struct jh_reason *reason)
{
	if (m->flags & ~(uint64_t)KNOWN_MEMORY_FLAGS)
		return refuse(reason, -HV_EINVAL, "region-flags", "Memory region %u has unknown flags (0x%lx).", i,
			      (unsigned long)m->flags);
	if (!range_fits(m->virt_start, m->size))
		return refuse(reason, -HV_ERANGE, "region-out-of-range",
			      "Memory region %u (guest 0x%lx, size 0x%lx) ends above the %u-bit address space.", i,
			      (unsigned long)m->virt_start, (unsigned long)m->size, HV_IPA_BITS);
	if (m->flags & JH_MEM_COMM_REGION)
		return check_comm_shape(m, i, reason);
	if (!range_fits(m->phys_start, m->size))
		return refuse(reason, -HV_ERANGE, "region-out-of-range",
			      "Memory region %u (physical 0x%lx, size 0x%lx) ends above the %u-bit address space.", i,
			      (unsigned long)m->phys_start, (unsigned long)m->size, HV_IPA_BITS);
	if (m->size && memory_is_subpage(m))
		return check_subpage(m, i, reason);
	if (m->size && (m->phys_start & PAGE_MASK))
		return refuse(reason, -HV_EINVAL, "region-unaligned",
			      "Memory region %u starts at physical 0x%lx, which is no multiple of 0x1000.", i,
			      (unsigned long)m->phys_start);
	return 0;
}

static int check_irqchip_shape(const struct jh_irqchip *chip, unsigned int i, struct jh_reason *reason)
{
	bool shared = chip->pin_base >= 32 && chip->pin_base <= 1024 - 128;
	bool extended = chip->pin_base >= IRQ_EXTENDED_FIRST && chip->pin_base <= IRQ_EXTENDED_END - 128;

	if (chip->pin_base % 32 || !(shared || extended))
		return refuse(
			reason, -HV_EINVAL, "irqchip-pin-base",
			"Irqchip %u has pin_base %u; it must be a multiple of 32 from 32 to 896 or from 4096 to 4992.",
			i, chip->pin_base);
	return 0;
}

/* Pairs of regions are compared, here and with those of other cells: the limit on their number bounds it. */
static int check_overlap_inside(const struct jh_cell_desc *cell, unsigned int i, struct jh_reason *reason)
{
	struct jh_memory a = config_memory(cell, i), b;

	for (unsigned int j = 0; j < i; j++) {
		b = config_memory(cell, j);
		if (ranges_overlap(a.virt_start, a.size, b.virt_start, b.size))
			return refuse(reason, -HV_EINVAL, "regions-overlap",
				      "Memory regions %u and %u of cell \"%s\" overlap at guest address 0x%lx.", j, i,
				      cell->name,
				      (unsigned long)(a.virt_start > b.virt_start ? a.virt_start : b.virt_start));
	}
	return 0;
}

static int check_pci_shape(const struct jh_cell_desc *cell, unsigned int i, struct jh_reason *reason)
{
	struct jh_pci_device d = config_pci_device(cell, i);

	if (d.type < JH_PCI_DEVICE || d.type > JH_PCI_IVSHMEM)
		return refuse(reason, -HV_EINVAL, "pci-type", "PCI device %u has the type %u; known are 1 to 3.", i,
			      d.type);
	/* Nothing would keep it from reading and writing all memory by DMA, nor others from its registers. */
	if (d.type != JH_PCI_IVSHMEM)
		return refuse(reason, -HV_EINVAL, "pci-not-supported",
			      "PCI device %u is a physical one; this version cannot hand it out. Leave it out.", i);
	if ((uint32_t)d.caps_start + d.num_caps > cell->num_pci_caps)
		return refuse(reason, -HV_EINVAL, "pci-capabilities",
			      "PCI device %u uses the capabilities %u to %u; the configuration has %u.", i,
			      d.caps_start, d.caps_start + d.num_caps, cell->num_pci_caps);
	if ((uint64_t)d.shmem_regions_start + 2 + d.shmem_peers > cell->num_memory_regions)
		return refuse(reason, -HV_EINVAL, "ivshmem-regions",
			      "PCI device %u wants %u memory regions from %u on; the configuration has %u.", i,
			      2u + d.shmem_peers, d.shmem_regions_start, cell->num_memory_regions);
	if (d.num_msix_vectors > JH_IVSHMEM_MAX_VECTORS || d.shmem_dev_id >= JH_IVSHMEM_MAX_PEERS)
		return refuse(
			reason, -HV_EINVAL, "ivshmem-limits",
			"PCI device %u has %u vectors and peer id %u; at most %u vectors and peer id %u are possible.",
			i, d.num_msix_vectors, d.shmem_dev_id, JH_IVSHMEM_MAX_VECTORS, JH_IVSHMEM_MAX_PEERS - 1);
	return 0;
}

static int check_cpu_set(const struct jh_cell_desc *cell, struct jh_reason *reason)
{
	if (!cell->cpu_set_size || cell->cpu_set_size % 8 || cell->cpu_set_size > CPU_SET_MAX)
		return refuse(reason, -HV_EINVAL, "cpu-set-size",
			      "The CPU set of cell \"%s\" has %u bytes; it must have a multiple of 8 from 8 to %u.",
			      cell->name, cell->cpu_set_size, CPU_SET_MAX);
	if (!config_cpus(cell) || !config_cpus_fit(cell))
		return refuse(reason, -HV_EINVAL, "cpu-set",
			      "The CPU set of cell \"%s\" is empty or names a CPU from %u on.", cell->name,
			      HV_MAX_CPUS);
	return 0;
}

static int check_lists(const struct jh_cell_desc *cell, struct jh_reason *reason)
{
	struct jh_memory memory;
	struct jh_irqchip chip;
	int err = 0;

	for (unsigned int i = 0; !err && i < cell->num_memory_regions; i++) {
		memory = config_memory(cell, i);
		err = check_memory_shape(&memory, i, reason);
	}
	if (!err)
		err = check_subpage_count(cell, reason);
	for (unsigned int i = 1; !err && i < cell->num_memory_regions; i++)
		err = check_overlap_inside(cell, i, reason);
	for (unsigned int i = 0; !err && i < cell->num_irqchips; i++) {
		chip = config_irqchip(cell, i);
		err = check_irqchip_shape(&chip, i, reason);
	}
	for (unsigned int i = 0; !err && i < cell->num_pci_devices; i++)
		err = check_pci_shape(cell, i, reason);
	return err;
}

int check_cell_shape(const struct jh_cell_desc *cell, struct jh_reason *reason)
{
	int err;

	if (!config_size(cell))
		return refuse(reason, -HV_E2BIG, "configuration-too-large",
			      "The counts in the configuration ask for more than %u bytes.", JH_CONFIG_MAX_SIZE);
	if (cell->num_memory_regions > JH_MEMORY_REGIONS_MAX)
		return refuse(reason, -HV_E2BIG, "too-many-regions",
			      "The configuration has %u memory regions; at most %u are possible.",
			      cell->num_memory_regions, JH_MEMORY_REGIONS_MAX);
	if (strnlen(cell->name, sizeof(cell->name)) == sizeof(cell->name) || !cell->name[0])
		return refuse(reason, -HV_EINVAL, "cell-name", "The cell's name is empty or not terminated.");
	if (cell->flags & ~KNOWN_CELL_FLAGS)
		return refuse(reason, -HV_EINVAL, "cell-flags", "Cell \"%s\" has unknown flags (0x%x).", cell->name,
			      cell->flags & ~KNOWN_CELL_FLAGS);
	if (cell->flags & JH_CELL_AARCH32)
		return refuse(reason, -HV_EINVAL, "aarch32",
			      "Cell \"%s\" wants to start in AArch32; only AArch64 is supported.", cell->name);
	if (cell->num_stream_ids)
		return refuse(reason, -HV_EINVAL, "stream-ids-not-supported",
			      "Cell \"%s\" has %u stream IDs; this version drives no SMMU. Leave them out.", cell->name,
			      cell->num_stream_ids);
	err = check_cpu_set(cell, reason);
	return err ? err : check_lists(cell, reason);
}

static bool is_executable(const struct jh_cell_desc *cell, uint64_t ipa)
{
	for (unsigned int i = 0; i < cell->num_memory_regions; i++) {
		struct jh_memory m = config_memory(cell, i);

		if ((m.flags & JH_MEM_EXECUTE) && !(m.flags & (JH_MEM_IO | JH_MEM_COMM_REGION)) &&
		    ipa >= m.virt_start && ipa - m.virt_start < m.size)
			return true;
	}
	return false;
}

/* A CPU that starts outside the cell's memory would only fail it. */
static int check_entry(const struct jh_cell_desc *cell, struct jh_reason *reason)
{
	uint64_t entry = cell->cpu_reset_address;

	if (entry % 4)
		return refuse(reason, -HV_EINVAL, "entry-unaligned",
			      "The entry of cell \"%s\" (0x%lx) is no multiple of 4.", cell->name,
			      (unsigned long)entry);
	if (!is_executable(cell, entry))
		return refuse(
			reason, -HV_EINVAL, "entry-not-executable",
			"The entry of cell \"%s\" (0x%lx) is not in memory of the cell that is flagged executable.",
			cell->name, (unsigned long)entry);
	return 0;
}

int check_cell_file(const struct jh_cell_desc *cell, struct jh_reason *reason)
{
	int err;

	if (memcmp(cell->signature, JH_CELL_SIGNATURE, JH_SIGNATURE_LEN) != 0 || cell->revision != JH_CONFIG_REVISION ||
	    cell->architecture != JH_CONFIG_ARCH_ARM64)
		return refuse(reason, -HV_EINVAL, "not-a-cell-configuration",
			      "This is no cell configuration of revision %u for arm64.", JH_CONFIG_REVISION);
	err = check_cell_shape(cell, reason);
	return err ? err : check_entry(cell, reason);
}
