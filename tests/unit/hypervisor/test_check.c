// SPDX-License-Identifier: MIT
/* Configurations as a hostile or mistaken root cell hands them over: each is refused with its own code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <hv/check.h>
#include <hv/irq.h>

#include "cell_builder.h"

#define GICD	0x08000000ULL
#define RWX	(JH_MEM_READ | JH_MEM_WRITE | JH_MEM_EXECUTE)

static uint8_t root_buffer[4096], cell_buffer[4096], other_buffer[4096];
static uint32_t root_irqs[IRQ_WORDS];
static struct jh_reason reason;

/* The emulated board in small: memory in two regions that touch, devices around the GIC. */
static const struct cell_builder root_builder = {
	.name = "root", .cpus = 0xf,
	.memory = { { 0x40000000, 0x40000000, 0x30000000, RWX },
		    { 0x70000000, 0x70000000, 0x50000000, RWX },
		    { 0x00000000, 0x00000000, 0x10000000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO } },
};

static struct cell_builder good_builder(void)
{
	return (struct cell_builder){
		.name = "good", .id = 1, .cpus = 0x8,
		.memory = { { 0x80000000, 0, 0x100000, RWX | JH_MEM_LOADABLE },
			    { 0, 0x80000000, 0x1000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_COMM_REGION } },
		.irqchips = { { GICD, 0, 192, { 0x00300000, 0, 0, 0 } } },
	};
}

static struct check_system system_now(void)
{
	return (struct check_system){
		.root = cell_build(&root_builder, root_buffer, sizeof(root_buffer)),
		.root_cpus = 0xf,
		.root_irqs = root_irqs,
		.hypervisor = { 0x7fc00000, 0x400000, "the hypervisor" },
		.trapped = { { GICD, 0x10000, "the interrupt distributor" },
			     { 0x080a0000, 0x80000, "the interrupt redistributors" } },
		.gicd_base = GICD,
		.caller_cpu = 0,
	};
}

static int setup(void **state)
{
	(void)state;
	memset(&reason, 0, sizeof(reason));
	memset(root_irqs, 0xff, sizeof(root_irqs));
	root_irqs[0] = 0;
	return 0;
}

static int check(const struct cell_builder *builder)
{
	const struct check_system system = system_now();
	const struct jh_cell_desc *cell = cell_build(builder, cell_buffer, sizeof(cell_buffer));
	int err = check_cell_file(cell, &reason);

	return err ? err : check_cell_claims(cell, &system, &reason);
}

static void refused(const struct cell_builder *builder, int error, const char *code)
{
	assert_int_equal(check(builder), -error);
	assert_string_equal(reason.code, code);
	assert_int_equal(reason.error, -error);
	assert_int_equal(reason.sequence % 2, 0);
	assert_true(reason.sequence > 0);
	assert_int_equal(reason.text[strlen(reason.text) - 1], '.');
}

static void good_cell_is_accepted_and_leaves_no_reason(void **state)
{
	const struct cell_builder b = good_builder();

	(void)state;
	assert_int_equal(check(&b), 0);
	assert_int_equal(reason.sequence, 0);
}

static void region_across_two_root_regions_is_accepted(void **state)
{
	struct cell_builder b = good_builder();

	(void)state;
	b.memory[0] = (struct jh_memory){ 0x6ff00000, 0, 0x200000, RWX };
	assert_int_equal(check(&b), 0);
}

static void memory_of_the_hypervisor_is_refused(void **state)
{
	static const uint64_t starts[] = { 0x7fc00000, 0x7fbff000, 0x7ffff000 };
	struct cell_builder b = good_builder();

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		b.memory[0] = (struct jh_memory){ starts[i], 0, 0x2000, RWX };
		refused(&b, HV_EINVAL, "memory-overlaps-hypervisor");
	}
	b.memory[0] = (struct jh_memory){ 0x70000000, 0, 0x20000000, RWX };
	refused(&b, HV_EINVAL, "memory-overlaps-hypervisor");
	b.memory[0] = (struct jh_memory){ 0x7fbff000, 0, 0x1000, RWX };
	assert_int_equal(check(&b), 0);		/* its neighbour is not */
}

static void interrupt_controller_as_memory_is_refused(void **state)
{
	struct cell_builder b = good_builder();

	(void)state;
	b.memory[2] = (struct jh_memory){ GICD, GICD, 0x1000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO };
	refused(&b, HV_EINVAL, "memory-overlaps-trapped-device");
	b.memory[2] = (struct jh_memory){ 0x08110000, 0x08110000, 0x20000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO };
	refused(&b, HV_EINVAL, "memory-overlaps-trapped-device");
	b.memory[2].flags |= JH_MEM_ROOTSHARED;
	refused(&b, HV_EINVAL, "memory-overlaps-trapped-device");
}

static void memory_that_root_does_not_have_is_refused(void **state)
{
	struct cell_builder b = good_builder();

	(void)state;
	b.memory[0] = (struct jh_memory){ 0x100000000, 0, 0x1000, RWX };
	refused(&b, HV_EPERM, "memory-not-owned");
	b.memory[0] = (struct jh_memory){ 0xbffff000, 0, 0x2000, RWX };
	refused(&b, HV_EPERM, "memory-not-owned");
	b.memory[0] = (struct jh_memory){ 0x0ffff000, 0, 0x2000, RWX };
	refused(&b, HV_EPERM, "memory-not-owned");
}

/* Scrubbing goes by the flag: zeroes would be commands for a device, and memory called a device would keep its secrets. */
static void device_as_memory_and_memory_as_device_are_refused(void **state)
{
	struct cell_builder b = good_builder();

	(void)state;
	b.memory[2] = (struct jh_memory){ 0x09000000, 0x09000000, 0x1000, JH_MEM_READ | JH_MEM_WRITE };
	refused(&b, HV_EINVAL, "memory-type");
	b.memory[2] = (struct jh_memory){ 0x80000000, 0x90000000, 0x1000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO };
	refused(&b, HV_EINVAL, "memory-type");
	b.memory[2] = (struct jh_memory){ 0x09000000, 0x09000000, 0x1000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO };
	assert_int_equal(check(&b), 0);
}

static void wrapping_region_is_refused(void **state)
{
	struct cell_builder b = good_builder();

	(void)state;
	b.memory[0] = (struct jh_memory){ 0x80000000, 0, 0xffffffff00000000, RWX };
	refused(&b, HV_ERANGE, "region-out-of-range");
	b.memory[0] = (struct jh_memory){ 0x80000000, 0xfffffffffffff000, 0x2000, RWX };
	refused(&b, HV_ERANGE, "region-out-of-range");
	b.memory[0] = (struct jh_memory){ 0xfffffffffffff000, 0, 0x2000, RWX };
	refused(&b, HV_ERANGE, "region-out-of-range");
	b.memory[0] = (struct jh_memory){ 0x80000000, 1ULL << HV_IPA_BITS, 0x1000, RWX };
	refused(&b, HV_ERANGE, "region-out-of-range");
}

static void unaligned_region_is_refused(void **state)
{
	struct cell_builder b = good_builder();

	(void)state;
	b.memory[0].phys_start += 0x800;
	refused(&b, HV_EINVAL, "region-unaligned");
}

static void communication_region_is_one_whole_page(void **state)
{
	static const uint64_t sizes[] = { 0, 1, 0xfff, 0x1001, 0x2000 };
	struct cell_builder b = good_builder();

	(void)state;
	for (unsigned int i = 0; i < 5; i++) {
		b.memory[1].size = sizes[i];
		refused(&b, HV_EINVAL, "comm-region-size");
	}
	b.memory[1].size = 0x1000;
	b.memory[1].virt_start += 0x800;
	refused(&b, HV_EINVAL, "region-unaligned");
	/* Its physical address is ignored, whatever stands there. */
	b.memory[1].virt_start -= 0x800;
	b.memory[1].phys_start = 0x7fc00001;
	assert_int_equal(check(&b), 0);
}

static void regions_below_a_page_are_refused(void **state)
{
	struct cell_builder b = good_builder();

	(void)state;
	b.memory[2] = (struct jh_memory){ 0x09000000, 0x09000000, 4, JH_MEM_READ | JH_MEM_IO | JH_MEM_IO_32 };
	refused(&b, HV_EINVAL, "region-below-a-page");
	b.memory[2] = (struct jh_memory){ 0x09000ffc, 0x09000ffc, 0x1000, JH_MEM_READ | JH_MEM_IO | JH_MEM_IO_32 };
	refused(&b, HV_EINVAL, "region-below-a-page");
	b.memory[2].size = 0;	/* an absent region has no place */
	assert_int_equal(check(&b), 0);
}

static void unknown_region_flags_are_refused(void **state)
{
	struct cell_builder b = good_builder();

	(void)state;
	b.memory[0].flags |= 1ULL << 63;
	refused(&b, HV_EINVAL, "region-flags");
	b.memory[0].flags ^= 1ULL << 63 | 1ULL << 9;
	refused(&b, HV_EINVAL, "region-flags");
}

static void first_cpu_starts_in_executable_memory(void **state)
{
	static const uint64_t outside[] = { 0x100000, 0x80000000, 0xfffffffffffffffc, 0x7ffffffc };
	struct cell_builder b = good_builder();

	(void)state;
	for (unsigned int i = 0; i < 4; i++) {
		b.entry = outside[i];
		refused(&b, HV_EINVAL, "entry-not-executable");
	}
	b.entry = 0xffffe;
	refused(&b, HV_EINVAL, "entry-unaligned");
	b.entry = 0xffffc;
	assert_int_equal(check(&b), 0);
	b.memory[0].flags &= ~(uint64_t)JH_MEM_EXECUTE;
	refused(&b, HV_EINVAL, "entry-not-executable");
	b.memory[0].flags |= JH_MEM_EXECUTE | JH_MEM_IO;
	refused(&b, HV_EINVAL, "entry-not-executable");
}

static void aarch32_is_refused(void **state)
{
	struct cell_builder b = good_builder();

	(void)state;
	b.flags = JH_CELL_AARCH32;
	refused(&b, HV_EINVAL, "aarch32");
}

static void unknown_cell_flags_are_refused(void **state)
{
	struct cell_builder b = good_builder();

	(void)state;
	for (unsigned int bit = 0; bit < 32; bit++) {
		b.flags = 1u << bit;
		if (b.flags & (JH_CELL_PASSIVE_COMMREG | JH_CELL_TEST_DEVICE | JH_CELL_STRAY_INJECT |
			       JH_CELL_COUNT_EL2 | JH_CELL_VIRTUAL_CONSOLE_PERMITTED | JH_CELL_VIRTUAL_CONSOLE_ACTIVE))
			assert_int_equal(check(&b), 0);
		else
			refused(&b, HV_EINVAL, b.flags == JH_CELL_AARCH32 ? "aarch32" : "cell-flags");
	}
}

static void other_files_are_no_cells(void **state)
{
	const struct cell_builder b = good_builder();
	struct jh_cell_desc *cell = cell_build(&b, cell_buffer, sizeof(cell_buffer));

	(void)state;
	cell->architecture = 0;
	assert_int_equal(check_cell_file(cell, &reason), -HV_EINVAL);
	assert_string_equal(reason.code, "not-a-cell-configuration");
	cell->architecture = JH_CONFIG_ARCH_ARM64;
	cell->revision = 13;
	assert_int_equal(check_cell_file(cell, &reason), -HV_EINVAL);
	cell->revision = JH_CONFIG_REVISION;
	memcpy(cell->signature, JH_SYSTEM_SIGNATURE, JH_SIGNATURE_LEN);
	assert_int_equal(check_cell_file(cell, &reason), -HV_EINVAL);
}

static void cpu_set_sizes_are_checked(void **state)
{
	static const uint32_t bad[] = { 0, 1, 7, 9, 4104, 0xfffffff8, 0xffffffff };
	const struct cell_builder b = good_builder();
	struct jh_cell_desc *cell = cell_build(&b, cell_buffer, sizeof(cell_buffer));

	(void)state;
	for (unsigned int i = 0; i < 5; i++) {
		cell->cpu_set_size = bad[i];
		assert_int_equal(check_cell_file(cell, &reason), -HV_EINVAL);
		assert_string_equal(reason.code, "cpu-set-size");
	}
	for (unsigned int i = 5; i < 7; i++) {
		cell->cpu_set_size = bad[i];
		assert_int_equal(check_cell_file(cell, &reason), -HV_E2BIG);
	}
}

static void cpu_beyond_the_64th_is_refused(void **state)
{
	struct cell_builder b = good_builder();
	struct jh_cell_desc *cell;

	(void)state;
	b.memory[0] = b.memory[1] = (struct jh_memory){ 0 };
	cell = cell_build(&b, cell_buffer, sizeof(cell_buffer));
	cell->num_irqchips = 0;
	cell->cpu_set_size = 16;	/* the second 8 bytes are those of the irqchip: CPU 91 and more */
	assert_int_equal(check_cell_file(cell, &reason), -HV_EINVAL);
	assert_string_equal(reason.code, "cpu-set");
}

static void pci_devices_stay_within_their_lists(void **state)
{
	struct cell_builder b = good_builder();

	(void)state;
	b.devices[0] = (struct jh_pci_device){ .type = 4 };
	refused(&b, HV_EINVAL, "pci-type");
	b.devices[0] = (struct jh_pci_device){ .type = JH_PCI_DEVICE, .caps_start = 0xffff, .num_caps = 1 };
	refused(&b, HV_EINVAL, "pci-capabilities");
	b.devices[0] = (struct jh_pci_device){ .type = JH_PCI_DEVICE, .num_caps = 1 };
	refused(&b, HV_EINVAL, "pci-capabilities");
	b.devices[0] = (struct jh_pci_device){ .type = JH_PCI_IVSHMEM, .shmem_regions_start = 0, .shmem_peers = 1 };
	refused(&b, HV_EINVAL, "ivshmem-regions");
	b.devices[0].shmem_regions_start = 0xffffffff;
	refused(&b, HV_EINVAL, "ivshmem-regions");
	b.devices[0] = (struct jh_pci_device){ .type = JH_PCI_IVSHMEM, .shmem_dev_id = 12 };
	refused(&b, HV_EINVAL, "ivshmem-limits");
	b.devices[0] = (struct jh_pci_device){ .type = JH_PCI_IVSHMEM, .num_msix_vectors = 17 };
	refused(&b, HV_EINVAL, "ivshmem-limits");
	b.devices[0] = (struct jh_pci_device){ .type = JH_PCI_IVSHMEM, .shmem_dev_id = 11, .num_msix_vectors = 16 };
	assert_int_equal(check(&b), 0);
}

static void regions_of_one_cell_do_not_overlap_for_the_guest(void **state)
{
	struct cell_builder b = good_builder();

	(void)state;
	b.memory[1].virt_start = 0xff000;
	refused(&b, HV_EINVAL, "regions-overlap");
}

static void cpu_sets_are_checked(void **state)
{
	struct cell_builder b = good_builder();

	(void)state;
	b.cpus = 0;
	refused(&b, HV_EINVAL, "cpu-set");
	b.cpus = 0x10;
	refused(&b, HV_EBUSY, "cpu-not-owned");
	b.cpus = 1ULL << 63;
	refused(&b, HV_EBUSY, "cpu-not-owned");
	b.cpus = 0x9;
	refused(&b, HV_EBUSY, "cpu-in-use");
}

static void interrupt_of_somebody_else_is_refused(void **state)
{
	struct cell_builder b = good_builder();

	(void)state;
	root_irqs[212 / 32] &= ~(1u << 212 % 32);
	refused(&b, HV_EBUSY, "interrupt-not-owned");
	assert_non_null(strstr(reason.text, "212"));
}

static void interrupt_of_the_hypervisor_is_refused(void **state)
{
	struct cell_builder b = good_builder();
	struct check_system system = system_now();

	(void)state;
	system.notify_irq = 213;
	assert_int_equal(check_cell_claims(cell_build(&b, cell_buffer, sizeof(cell_buffer)), &system, &reason),
			 -HV_EBUSY);
	assert_string_equal(reason.code, "interrupt-reserved");
}

static void flags_open_no_door(void **state)
{
	static const uint64_t flags[] = { JH_MEM_LOADABLE, JH_MEM_ROOTSHARED, JH_MEM_DMA, JH_MEM_NO_HUGEPAGES,
					  JH_MEM_LOADABLE | JH_MEM_ROOTSHARED };
	struct cell_builder b = good_builder();

	(void)state;
	for (unsigned int i = 0; i < 5; i++) {
		b.memory[2] = (struct jh_memory){ 0x7fc00000, 0x90000000, 0x1000, RWX | flags[i] };
		refused(&b, HV_EINVAL, "memory-overlaps-hypervisor");
		b.memory[2] =
			(struct jh_memory){ GICD, GICD, 0x10000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO | flags[i] };
		refused(&b, HV_EINVAL, "memory-overlaps-trapped-device");
		b.memory[2] = (struct jh_memory){ 0x200000000, 0x90000000, 0x1000, RWX | flags[i] };
		refused(&b, HV_EPERM, "memory-not-owned");
	}
}

static void special_interrupt_ids_are_refused(void **state)
{
	struct cell_builder b = good_builder();

	(void)state;
	b.irqchips[0] = (struct jh_irqchip){ GICD, 0, 896, { 0, 0, 0, 1u << 28 } };	/* INTID 1020 */
	refused(&b, HV_EBUSY, "interrupt-not-owned");
}

static void extended_interrupts_are_owned_like_the_others(void **state)
{
	struct cell_builder b = good_builder();
	struct check_system system = system_now();
	struct jh_cell_desc *cell;

	(void)state;
	b.irqchips[0] = (struct jh_irqchip){ GICD, 0, 4992, { 0, 0, 0, 1u << 31 } };	/* INTID 5119 */
	cell = cell_build(&b, cell_buffer, sizeof(cell_buffer));
	assert_int_equal(check_cell_shape(cell, &reason), 0);
	assert_int_equal(check_cell_claims(cell, &system, &reason), 0);
	root_irqs[IRQ_WORDS - 1] = 0;
	refused(&b, HV_EBUSY, "interrupt-not-owned");
	assert_non_null(strstr(reason.text, "5119"));
}

static void pin_bases_are_checked(void **state)
{
	static const uint32_t bad[] = { 0, 1, 33, 928, 1024, 4064, 4097, 5024, 0xffffffe0 };
	struct cell_builder b = good_builder();

	(void)state;
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		b.irqchips[0].pin_base = bad[i];
		refused(&b, HV_EINVAL, "irqchip-pin-base");
	}
}

static void name_must_be_there_and_end(void **state)
{
	struct cell_builder b = good_builder();
	struct jh_cell_desc *cell;

	(void)state;
	b.name = "";
	refused(&b, HV_EINVAL, "cell-name");
	b = good_builder();
	cell = cell_build(&b, cell_buffer, sizeof(cell_buffer));
	memset(cell->name, 'n', sizeof(cell->name));
	assert_int_equal(check_cell_shape(cell, &reason), -HV_EINVAL);
	assert_string_equal(reason.code, "cell-name");
}

static void absurd_counts_are_refused_before_anything_is_read(void **state)
{
	const struct cell_builder b = good_builder();
	struct jh_cell_desc *cell = cell_build(&b, cell_buffer, sizeof(cell_buffer));

	(void)state;
	cell->num_memory_regions = 0xffffffff;
	assert_int_equal(check_cell_shape(cell, &reason), -HV_E2BIG);
	assert_string_equal(reason.code, "configuration-too-large");
}

static int pair(uint64_t my_flags, uint64_t start, uint64_t other_flags)
{
	struct cell_builder a = good_builder(), b = good_builder();

	b.memory[0].flags |= other_flags;
	a.memory[0].phys_start = start;
	a.memory[0].flags |= my_flags;
	return check_cell_pair(cell_build(&a, cell_buffer, sizeof(cell_buffer)),
			       cell_build(&b, other_buffer, sizeof(other_buffer)), &reason);
}

static void memory_of_another_cell_is_refused(void **state)
{
	(void)state;
	assert_int_equal(pair(0, 0x800ff000, 0), -HV_EBUSY);
	assert_string_equal(reason.code, "memory-in-use");
	assert_int_equal(pair(0, 0x80100000, 0), 0);
}

static void memory_is_shared_only_when_both_say_so(void **state)
{
	(void)state;
	assert_int_equal(pair(JH_MEM_ROOTSHARED, 0x80000000, 0), -HV_EBUSY);
	assert_int_equal(pair(0, 0x80000000, JH_MEM_ROOTSHARED), -HV_EBUSY);
	assert_int_equal(pair(JH_MEM_ROOTSHARED, 0x80000000, JH_MEM_ROOTSHARED), 0);
}

/* A system configuration around root_builder; returns its size. */
static uint64_t build_system(struct jh_system_desc **system)
{
	static uint8_t bytes[8192];
	const struct jh_cell_desc *root = cell_build(&root_builder, root_buffer, sizeof(root_buffer));

	memset(bytes, 0, sizeof(bytes));
	*system = (void *)bytes;
	memcpy((*system)->signature, JH_SYSTEM_SIGNATURE, JH_SIGNATURE_LEN);
	(*system)->architecture = JH_CONFIG_ARCH_ARM64;
	(*system)->revision = JH_CONFIG_REVISION;
	(*system)->arm.gic_version = 3;
	memcpy(bytes + offsetof(struct jh_system_desc, root_cell), root, config_size(root));
	return offsetof(struct jh_system_desc, root_cell) + config_size(root);
}

static void system_is_accepted_at_its_exact_size_only(void **state)
{
	struct jh_system_desc *system;
	uint64_t size = build_system(&system);

	(void)state;
	assert_int_equal(check_system_desc(system, size, &reason), 0);
	assert_int_equal(check_system_desc(system, size - 1, &reason), -HV_EINVAL);
	assert_string_equal(reason.code, "configuration-truncated");
	assert_int_equal(check_system_desc(system, sizeof(*system) - 1, &reason), -HV_EINVAL);
	assert_string_equal(reason.code, "not-a-system-configuration");
}

static void root_is_one_to_one(void **state)
{
	struct cell_builder bent = root_builder;
	struct jh_system_desc *system;
	uint64_t size = build_system(&system);

	(void)state;
	bent.memory[1].virt_start += 0x1000;
	memcpy(&system->root_cell, cell_build(&bent, root_buffer, sizeof(root_buffer)),
	       size - offsetof(struct jh_system_desc, root_cell));
	assert_int_equal(check_system_desc(system, size, &reason), -HV_EINVAL);
	assert_string_equal(reason.code, "root-not-one-to-one");
}

static void devices_of_the_hypervisor_lie_outside_of_it(void **state)
{
	struct jh_system_desc *system;
	uint64_t size = build_system(&system);

	(void)state;
	system->hypervisor_memory = (struct jh_memory){ .phys_start = 0x7fc00000, .size = 0x400000 };
	system->arm.gicd_base = 0x7fc00000;
	assert_int_equal(check_system_desc(system, size, &reason), -HV_EINVAL);
	assert_string_equal(reason.code, "device-overlaps-hypervisor");
	system->arm.gicd_base = GICD;
	system->arm.gicr_base = 0x7fbf0000;
	assert_int_equal(check_system_desc(system, size, &reason), -HV_EINVAL);
	assert_string_equal(reason.code, "device-overlaps-hypervisor");
	system->arm.gicr_base = 0x080a0004;
	assert_int_equal(check_system_desc(system, size, &reason), -HV_EINVAL);
	assert_string_equal(reason.code, "device-address");
	system->arm.gicr_base = 0x080a0000;
	system->debug_console.type = JH_CON_TYPE_PL011;
	system->debug_console.address = 0x7ffff000;
	assert_int_equal(check_system_desc(system, size, &reason), -HV_EINVAL);
	assert_string_equal(reason.code, "device-overlaps-hypervisor");
	system->debug_console.address = 0x09000000;
	assert_int_equal(check_system_desc(system, size, &reason), 0);
}

static void foreign_files_are_no_system(void **state)
{
	struct jh_system_desc *system;
	uint64_t size = build_system(&system);

	(void)state;
	system->revision = 13;
	assert_int_equal(check_system_desc(system, size, &reason), -HV_EINVAL);
	build_system(&system);
	system->architecture = 0;
	assert_int_equal(check_system_desc(system, size, &reason), -HV_EINVAL);
	build_system(&system);
	system->signature[4] = 'T';
	assert_int_equal(check_system_desc(system, size, &reason), -HV_EINVAL);
	build_system(&system);
	system->arm.gic_version = 4;
	assert_int_equal(check_system_desc(system, size, &reason), -HV_ENODEV);
	assert_string_equal(reason.code, "gic-version");
}

static void gicv2_needs_its_cpu_interface(void **state)
{
	struct jh_system_desc *system;
	uint64_t size = build_system(&system);

	(void)state;
	system->arm.gic_version = 2;
	assert_int_equal(check_system_desc(system, size, &reason), -HV_EINVAL);
	assert_string_equal(reason.code, "gicc-base");
	system->arm.gicc_base = 0x08010800;
	assert_int_equal(check_system_desc(system, size, &reason), -HV_EINVAL);
	assert_string_equal(reason.code, "gicc-base");
	system->arm.gicc_base = 0x08010000;
	assert_int_equal(check_system_desc(system, size, &reason), 0);
	((uint8_t *)&system->root_cell)[sizeof(struct jh_cell_desc) + 1] = 1;	/* CPU 8 */
	assert_int_equal(check_system_desc(system, size, &reason), -HV_EINVAL);
	assert_string_equal(reason.code, "gic-cpus");
}

#define CASE(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(good_cell_is_accepted_and_leaves_no_reason),
		CASE(region_across_two_root_regions_is_accepted),
		CASE(memory_of_the_hypervisor_is_refused),
		CASE(interrupt_controller_as_memory_is_refused),
		CASE(memory_that_root_does_not_have_is_refused),
		CASE(device_as_memory_and_memory_as_device_are_refused),
		CASE(wrapping_region_is_refused),
		CASE(unaligned_region_is_refused),
		CASE(communication_region_is_one_whole_page),
		CASE(regions_below_a_page_are_refused),
		CASE(unknown_region_flags_are_refused),
		CASE(flags_open_no_door),
		CASE(first_cpu_starts_in_executable_memory),
		CASE(aarch32_is_refused),
		CASE(unknown_cell_flags_are_refused),
		CASE(other_files_are_no_cells),
		CASE(cpu_set_sizes_are_checked),
		CASE(cpu_beyond_the_64th_is_refused),
		CASE(pci_devices_stay_within_their_lists),
		CASE(interrupt_of_the_hypervisor_is_refused),
		CASE(root_is_one_to_one),
		CASE(devices_of_the_hypervisor_lie_outside_of_it),
		CASE(regions_of_one_cell_do_not_overlap_for_the_guest),
		CASE(cpu_sets_are_checked),
		CASE(interrupt_of_somebody_else_is_refused),
		CASE(special_interrupt_ids_are_refused),
		CASE(extended_interrupts_are_owned_like_the_others),
		CASE(pin_bases_are_checked),
		CASE(name_must_be_there_and_end),
		CASE(absurd_counts_are_refused_before_anything_is_read),
		CASE(memory_of_another_cell_is_refused),
		CASE(memory_is_shared_only_when_both_say_so),
		CASE(system_is_accepted_at_its_exact_size_only),
		CASE(foreign_files_are_no_system),
		CASE(gicv2_needs_its_cpu_interface),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
