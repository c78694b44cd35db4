// SPDX-License-Identifier: MIT
/*
 * Any bytes as a cell's configuration. The checks may read what config_size() counts and nothing else (the sanitizer watches), and what they
 * accept must keep what they promise: said here a second time, in other words.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <hv/check.h>
#include <hv/irq.h>

#define PROMISE(condition) ((condition) ? (void)0 : abort())

#define HV_START 0x7fc00000ULL
#define HV_END	 0x80000000ULL
#define GICD	 0x08000000ULL
#define GICD_END 0x08010000ULL

struct root {
	struct jh_cell_desc desc;
	uint64_t cpus;
	struct jh_memory memory[3];
} __attribute__((packed));

static const struct root root = {
	.desc = { .name = "root", .cpu_set_size = 8, .num_memory_regions = 3 },
	.cpus = 0xf,
	.memory = { { 0x40000000, 0x40000000, 0x30000000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_EXECUTE },
		    { 0x70000000, 0x70000000, 0x50000000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_EXECUTE },
		    { 0, 0, 0x10000000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO } },
};

static const struct root neighbour = {
	.desc = { .name = "neighbour", .cpu_set_size = 8, .num_memory_regions = 2 },
	.cpus = 0x8,
	.memory = { { 0x90000000, 0, 0x200000, JH_MEM_READ | JH_MEM_WRITE },
		    { 0x98000000, 0, 0x1000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_ROOTSHARED } },
};

static uint32_t root_irqs[IRQ_WORDS];

static const struct check_system checked = {
	.root = &root.desc,
	.root_cpus = 0x7,
	.root_irqs = root_irqs,
	.hypervisor = { HV_START, HV_END - HV_START, "the hypervisor" },
	.trapped = { { GICD, GICD_END - GICD, "the interrupt distributor" } },
	.gicd_base = GICD,
	.notify_irq = 100,
};

static bool meets(const struct jh_memory *m, uint64_t start, uint64_t end)
{
	return m->phys_start < end && start < m->phys_start + m->size;
}

static void region_is_harmless(const struct jh_memory *m)
{
	uint64_t end = m->phys_start + m->size;

	if (!m->size || m->flags & JH_MEM_COMM_REGION)
		return;
	PROMISE(end > m->phys_start && m->virt_start + m->size > m->virt_start);
	PROMISE(!((m->phys_start | m->virt_start | m->size) & 0xfff));
	PROMISE(!meets(m, HV_START, HV_END) && !meets(m, GICD, GICD_END));
	PROMISE((m->phys_start >= 0x40000000 && end <= 0xc0000000) || end <= 0x10000000);
	PROMISE(!meets(m, 0x90000000, 0x90200000));
	PROMISE(!meets(m, 0x98000000, 0x98001000) || m->flags & JH_MEM_ROOTSHARED);
	PROMISE(m->flags & JH_MEM_ROOTSHARED || !(m->flags & JH_MEM_IO) == (m->phys_start >= 0x40000000));
}

static void cell_is_harmless(const struct jh_cell_desc *cell)
{
	uint64_t cpus = config_cpus(cell);

	PROMISE(cpus && !(cpus & ~0x6ULL));	/* 3 is the neighbour's, 0 makes the call */
	PROMISE(!(cell->flags & ~0xc0000303u));	/* what has a meaning here, and AArch32 is refused */
	for (unsigned int i = 0; i < cell->num_memory_regions; i++) {
		struct jh_memory m = config_memory(cell, i);

		region_is_harmless(&m);
	}
	for (unsigned int i = 0; i < cell->num_irqchips; i++) {
		struct jh_irqchip chip = config_irqchip(cell, i);

		PROMISE(chip.address != GICD ||
			!(chip.pin_bitmap[0] | chip.pin_bitmap[1] | chip.pin_bitmap[2] | chip.pin_bitmap[3]) ||
			(chip.pin_base >= 32 && chip.pin_base <= 224));
	}
}

/* A cell that is accepted, to be bent. */
static const struct {
	struct jh_cell_desc desc;
	uint64_t cpus;
	struct jh_memory memory[4];
	struct jh_irqchip irqchip;
	struct jh_pci_device device;
} __attribute__((packed)) good = {
	.desc = { .name = "good", .cpu_set_size = 8, .num_memory_regions = 4, .num_irqchips = 1, .num_pci_devices = 1 },
	.cpus = 0x6,
	.memory = { { 0x80000000, 0, 0x200000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_EXECUTE | JH_MEM_LOADABLE },
		    { 0, 0x80000000, 0x1000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_COMM_REGION },
		    { 0x98000000, 0x98000000, 0x1000, JH_MEM_READ | JH_MEM_ROOTSHARED },
		    { 0x09000000, 0x09000000, 0x1000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO } },
	.irqchip = { GICD, 0, 32, { 2, 0, 0, 0 } },
	.device = { .type = JH_PCI_IVSHMEM },
};

/*
 * Words that mean an address, a size or a flag are seldom hit by chance: two bytes each name a word of the configuration, from its
 * counts on, and what to put there.
 */
static void bend(uint8_t *bytes, const uint8_t *at, const uint8_t *end)
{
	static const uint64_t values[] = { 0,
					   0x1000,
					   0x200000,
					   GICD,
					   GICD_END,
					   HV_START,
					   HV_END,
					   HV_START - 0x1000,
					   0x90000000,
					   0x901ff000,
					   0x98000000,
					   0x40000000,
					   0xc0000000,
					   0x09000000,
					   0x10000000,
					   JH_MEM_READ | JH_MEM_ROOTSHARED,
					   JH_MEM_READ | JH_MEM_WRITE,
					   JH_MEM_COMM_REGION | JH_MEM_READ,
					   JH_MEM_IO | JH_MEM_READ,
					   0xffffffffffffffff,
					   0xfffffffffffff000,
					   1ULL << 40,
					   JH_MEM_READ | JH_MEM_WRITE | JH_MEM_EXECUTE };

	for (; end - at >= 2; at += 2) {
		uint64_t value = values[at[1] % (sizeof(values) / sizeof(values[0]))];

		memcpy(bytes + offsetof(struct jh_cell_desc, flags) + 4 * (at[0] % 128), &value, at[0] & 128 ? 8 : 4);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t bytes[JH_CONFIG_MAX_SIZE];
	struct jh_cell_desc *cell = (void *)bytes;
	struct jh_reason reason = { 0 };
	size_t needed;

	memset(&root_irqs[1], 0xff, 7 * sizeof(root_irqs[0]));
	memset(bytes, 0, sizeof(bytes));
	if (size && data[0] & 1) {
		memcpy(bytes, data, size < sizeof(bytes) ? size : sizeof(bytes));
	} else if (size) {
		memcpy(bytes, &good, sizeof(good));
		bend(bytes, data + 1, data + size);
	}
	/* What every fuzzer would have to guess first. */
	memcpy(cell->signature, JH_CELL_SIGNATURE, JH_SIGNATURE_LEN);
	cell->architecture = JH_CONFIG_ARCH_ARM64;
	cell->revision = JH_CONFIG_REVISION;
	/* Exactly as many bytes as may be read. */
	needed = config_size(cell) ? config_size(cell) : sizeof(*cell);
	cell = malloc(needed);
	memcpy(cell, bytes, needed);
	if (check_cell_file(cell, &reason) == 0 && check_cell_claims(cell, &checked, &reason) == 0 &&
	    check_cell_pair(cell, &neighbour.desc, &reason) == 0)
		cell_is_harmless(cell);
	else
		PROMISE(reason.error < 0 && reason.code[0] && reason.text[0] && !(reason.sequence & 1));
	free(cell);
	return 0;
}
