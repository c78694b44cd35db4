// SPDX-License-Identifier: MIT
#include <hv/check.h>
#include <hv/irq.h>

#include "../lib/bits.h"
#include "../lib/string.h"

#define GICV2_CPUS	8
#define IPA_LIMIT	BIT64(HV_IPA_BITS)
#define CPU_SET_MAX	4096	/* bytes */

static uint64_t last(uint64_t start, uint64_t size)
{
	return start + size - 1;
}

static bool fits(uint64_t start, uint64_t size)
{
	return size <= IPA_LIMIT && start <= IPA_LIMIT - size;
}

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
	if (!fits(m->virt_start, m->size))
		return refuse(reason, -HV_ERANGE, "region-out-of-range",
			      "Memory region %u (guest 0x%lx, size 0x%lx) ends above the %u-bit address space.", i,
			      (unsigned long)m->virt_start, (unsigned long)m->size, HV_IPA_BITS);
	if (m->flags & JH_MEM_COMM_REGION)
		return check_comm_shape(m, i, reason);
	if (!fits(m->phys_start, m->size))
		return refuse(reason, -HV_ERANGE, "region-out-of-range",
			      "Memory region %u (physical 0x%lx, size 0x%lx) ends above the %u-bit address space.", i,
			      (unsigned long)m->phys_start, (unsigned long)m->size, HV_IPA_BITS);
	if (m->size && memory_is_subpage(m))
		return refuse(
			reason, -HV_EINVAL, "region-below-a-page",
			"Memory region %u (guest 0x%lx, size 0x%lx) is not made of whole 4 KiB pages; such regions are not emulated.",
			i, (unsigned long)m->virt_start, (unsigned long)m->size);
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
	if ((uint32_t)d.caps_start + d.num_caps > cell->num_pci_caps)
		return refuse(reason, -HV_EINVAL, "pci-capabilities",
			      "PCI device %u uses the capabilities %u to %u; the configuration has %u.", i,
			      d.caps_start, d.caps_start + d.num_caps, cell->num_pci_caps);
	if (d.type != JH_PCI_IVSHMEM)
		return 0;
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
	if (strnlen(cell->name, sizeof(cell->name)) == sizeof(cell->name) || !cell->name[0])
		return refuse(reason, -HV_EINVAL, "cell-name", "The cell's name is empty or not terminated.");
	if (cell->flags & ~KNOWN_CELL_FLAGS)
		return refuse(reason, -HV_EINVAL, "cell-flags", "Cell \"%s\" has unknown flags (0x%x).", cell->name,
			      cell->flags & ~KNOWN_CELL_FLAGS);
	if (cell->flags & JH_CELL_AARCH32)
		return refuse(reason, -HV_EINVAL, "aarch32",
			      "Cell \"%s\" wants to start in AArch32; only AArch64 is supported.", cell->name);
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

	if (memcmp(cell->signature, JH_CELL_SIGNATURE, JH_SIGNATURE_LEN) || cell->revision != JH_CONFIG_REVISION ||
	    cell->architecture != JH_CONFIG_ARCH_ARM64)
		return refuse(reason, -HV_EINVAL, "not-a-cell-configuration",
			      "This is no cell configuration of revision %u for arm64.", JH_CONFIG_REVISION);
	err = check_cell_shape(cell, reason);
	return err ? err : check_entry(cell, reason);
}

/* Root may have split its memory into several regions: eat the range from the front, region by region. */
static bool root_covers(const struct jh_cell_desc *root, uint64_t start, uint64_t size)
{
	struct jh_memory m;
	bool progress = true;

	while (size && progress) {
		progress = false;
		for (unsigned int i = 0; i < root->num_memory_regions && size; i++) {
			uint64_t step;

			m = config_memory(root, i);
			if ((m.flags & JH_MEM_COMM_REGION) || start < m.phys_start || start >= m.phys_start + m.size)
				continue;
			step = m.phys_start + m.size - start;
			step = step < size ? step : size;
			start += step;
			size -= step;
			progress = true;
		}
	}
	return size == 0;
}

/*
 * Memory that changes hands is scrubbed by its type: a device taken for memory would get the zeroes as commands (the
 * debug UART would even vanish from EL2's own map), and memory taken for a device would keep its secrets.
 */
static int check_claim_type(const struct jh_memory *m, unsigned int i, const struct jh_cell_desc *root,
			    struct jh_reason *reason)
{
	if (m->flags & JH_MEM_ROOTSHARED)
		return 0;
	for (unsigned int r = 0; r < root->num_memory_regions; r++) {
		struct jh_memory of_root = config_memory(root, r);

		if (!ranges_overlap(m->phys_start, m->size, of_root.phys_start, of_root.size) ||
		    !((m->flags ^ of_root.flags) & JH_MEM_IO))
			continue;
		return refuse(reason, -HV_EINVAL, "memory-type",
			      "Memory region %u (0x%lx) is %s for the cell but %s for the root cell (its region %u).", i,
			      (unsigned long)m->phys_start, m->flags & JH_MEM_IO ? "a device" : "memory",
			      of_root.flags & JH_MEM_IO ? "a device" : "memory", r);
	}
	return 0;
}

static int check_claim_memory(const struct jh_memory *m, unsigned int i, const struct check_system *s,
			      struct jh_reason *reason)
{
	unsigned long start = m->phys_start, end = last(m->phys_start, m->size);

	if (ranges_overlap(m->phys_start, m->size, s->hypervisor.start, s->hypervisor.size))
		return refuse(reason, -HV_EINVAL, "memory-overlaps-hypervisor",
			      "Memory region %u (0x%lx-0x%lx) overlaps the hypervisor (0x%lx-0x%lx).", i, start, end,
			      (unsigned long)s->hypervisor.start,
			      (unsigned long)last(s->hypervisor.start, s->hypervisor.size));
	for (unsigned int t = 0; t < HV_MAX_TRAPPED && s->trapped[t].size; t++)
		if (ranges_overlap(m->phys_start, m->size, s->trapped[t].start, s->trapped[t].size))
			return refuse(reason, -HV_EINVAL, "memory-overlaps-trapped-device",
				      "Memory region %u (0x%lx-0x%lx) overlaps %s at 0x%lx.", i, start, end,
				      s->trapped[t].name, (unsigned long)s->trapped[t].start);
	if (!root_covers(s->root, m->phys_start, m->size))
		return refuse(reason, -HV_EPERM, "memory-not-owned",
			      "Memory region %u (0x%lx-0x%lx) does not belong to the root cell completely.", i, start,
			      end);
	return check_claim_type(m, i, s->root, reason);
}

static int check_claim_irqs(const struct jh_irqchip *chip, const struct check_system *s, struct jh_reason *reason)
{
	for (unsigned int bit = 0; bit < 128; bit++) {
		unsigned int intid = chip->pin_base + bit;

		if (chip->address != s->gicd_base || !(chip->pin_bitmap[bit / 32] & BIT64(bit % 32)))
			continue;
		if (intid == s->notify_irq)
			return refuse(
				reason, -HV_EBUSY, "interrupt-reserved",
				"Interrupt %u (SPI %u) is the one by which the hypervisor notifies the root cell.",
				intid, intid - 32);
		if (!irqs_have(s->root_irqs, intid))
			return refuse(
				reason, -HV_EBUSY, "interrupt-not-owned",
				"Interrupt %u does not belong to the root cell (any more), or the board does not have it.",
				intid);
	}
	return 0;
}

static int check_claim_cpus(const struct jh_cell_desc *cell, const struct check_system *s, struct jh_reason *reason)
{
	uint64_t cpus = config_cpus(cell), foreign = cpus & ~s->root_cpus;

	if (foreign)
		return refuse(reason, -HV_EBUSY, "cpu-not-owned", "CPU %u does not belong to the root cell (any more).",
			      (unsigned int)__builtin_ctzll(foreign));
	if (cpus & BIT64(s->caller_cpu))
		return refuse(reason, -HV_EBUSY, "cpu-in-use",
			      "CPU %u carries out this request and cannot be given away; take it offline first.",
			      s->caller_cpu);
	return 0;
}

int check_cell_claims(const struct jh_cell_desc *cell, const struct check_system *s, struct jh_reason *reason)
{
	struct jh_memory memory;
	struct jh_irqchip chip;
	int err = check_claim_cpus(cell, s, reason);

	for (unsigned int i = 0; !err && i < cell->num_memory_regions; i++) {
		memory = config_memory(cell, i);
		if (memory.size && !(memory.flags & JH_MEM_COMM_REGION))
			err = check_claim_memory(&memory, i, s, reason);
	}
	for (unsigned int i = 0; !err && i < cell->num_irqchips; i++) {
		chip = config_irqchip(cell, i);
		err = check_claim_irqs(&chip, s, reason);
	}
	return err ? err : check_console(cell, s, reason);
}

static bool is_private(const struct jh_memory *m)
{
	return m->size && !(m->flags & JH_MEM_COMM_REGION);
}

int check_cell_pair(const struct jh_cell_desc *cell, const struct jh_cell_desc *other, struct jh_reason *reason)
{
	struct jh_memory a, b;

	for (unsigned int i = 0; i < cell->num_memory_regions; i++) {
		a = config_memory(cell, i);
		for (unsigned int j = 0; is_private(&a) && j < other->num_memory_regions; j++) {
			b = config_memory(other, j);
			if (!is_private(&b) || (a.flags & b.flags & JH_MEM_ROOTSHARED) ||
			    !ranges_overlap(a.phys_start, a.size, b.phys_start, b.size))
				continue;
			return refuse(reason, -HV_EBUSY, "memory-in-use",
				      "Memory region %u (0x%lx-0x%lx) belongs to cell \"%s\" (its region %u).", i,
				      (unsigned long)a.phys_start, (unsigned long)last(a.phys_start, a.size),
				      other->name, j);
		}
	}
	return 0;
}

static int check_root_regions(const struct jh_cell_desc *root, struct jh_reason *reason)
{
	for (unsigned int i = 0; i < root->num_memory_regions; i++) {
		struct jh_memory m = config_memory(root, i);

		if (m.size && (m.virt_start != m.phys_start || m.flags & JH_MEM_COMM_REGION))
			return refuse(
				reason, -HV_EINVAL, "root-not-one-to-one",
				"Memory region %u of the root cell (physical 0x%lx, guest 0x%lx) must be memory at its own address.",
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
		if (d->start & PAGE_MASK || !fits(d->start, d->size))
			return refuse(reason, -HV_EINVAL, "device-address",
				      "The address of %s (0x%lx) cannot be right.", d->name, (unsigned long)d->start);
		if (ranges_overlap(d->start, d->size, hv->phys_start, hv->size))
			return refuse(reason, -HV_EINVAL, "device-overlaps-hypervisor",
				      "The address of %s (0x%lx) lies in the hypervisor's memory (0x%lx-0x%lx).", d->name,
				      (unsigned long)d->start, (unsigned long)hv->phys_start,
				      (unsigned long)last(hv->phys_start, hv->size));
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
