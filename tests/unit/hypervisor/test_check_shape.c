// SPDX-License-Identifier: MIT
/* Configurations that are wrong by themselves: each is refused with its own code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <hv/check.h>

#include "check_fixture.h"

static void wrapping_region_is_refused(void **state)
{
	struct cell_builder b = check_good_cell();

	(void)state;
	b.memory[0] = (struct jh_memory){ 0x80000000, 0, 0xffffffff00000000, CHECK_RWX };
	check_refused(&b, HV_ERANGE, "region-out-of-range");
	b.memory[0] = (struct jh_memory){ 0x80000000, 0xfffffffffffff000, 0x2000, CHECK_RWX };
	check_refused(&b, HV_ERANGE, "region-out-of-range");
	b.memory[0] = (struct jh_memory){ 0xfffffffffffff000, 0, 0x2000, CHECK_RWX };
	check_refused(&b, HV_ERANGE, "region-out-of-range");
	b.memory[0] = (struct jh_memory){ 0x80000000, 1ULL << HV_IPA_BITS, 0x1000, CHECK_RWX };
	check_refused(&b, HV_ERANGE, "region-out-of-range");
}

static void unaligned_region_is_refused(void **state)
{
	struct cell_builder b = check_good_cell();

	(void)state;
	b.memory[0].phys_start += 0x800;
	check_refused(&b, HV_EINVAL, "region-unaligned");
}

static void communication_region_is_one_whole_page(void **state)
{
	static const uint64_t sizes[] = { 0, 1, 0xfff, 0x1001, 0x2000 };
	struct cell_builder b = check_good_cell();

	(void)state;
	for (unsigned int i = 0; i < 5; i++) {
		b.memory[1].size = sizes[i];
		check_refused(&b, HV_EINVAL, "comm-region-size");
	}
	b.memory[1].size = 0x1000;
	b.memory[1].virt_start += 0x800;
	check_refused(&b, HV_EINVAL, "region-unaligned");
	/* Its physical address is ignored, whatever stands there. */
	b.memory[1].virt_start -= 0x800;
	b.memory[1].phys_start = 0x7fc00001;
	assert_int_equal(check_cell(&b), 0);
}

static void regions_below_a_page_are_parts_of_devices(void **state)
{
	struct cell_builder b = check_good_cell();

	(void)state;
	b.memory[2] = (struct jh_memory){ 0x09000000, 0x09000000, 4, JH_MEM_READ | JH_MEM_IO | JH_MEM_IO_32 };
	assert_int_equal(check_cell(&b), 0);
	b.memory[2].phys_start = 0x09000004;	/* another offset than the guest's */
	check_refused(&b, HV_EINVAL, "region-below-a-page");
	b.memory[2].phys_start = 0x09000000;
	for (unsigned int i = 0; i < 3; i++) {
		const uint64_t flags[] = { JH_MEM_READ | JH_MEM_IO_32, JH_MEM_IO | JH_MEM_EXECUTE | JH_MEM_IO_32,
					   JH_MEM_IO | JH_MEM_LOADABLE | JH_MEM_IO_32 };

		b.memory[2].flags = flags[i];
		check_refused(&b, HV_EINVAL, "region-below-a-page");
	}
	b.memory[2].flags = JH_MEM_READ | JH_MEM_IO | JH_MEM_IO_UNALIGNED;
	check_refused(&b, HV_EINVAL, "region-widths");
	b.memory[2] = (struct jh_memory){ 0x09000ffc, 0x09000ffc, 8, JH_MEM_READ | JH_MEM_IO | JH_MEM_IO_32 };
	check_refused(&b, HV_EINVAL, "region-below-a-page");
	b.memory[2] = (struct jh_memory){ 0x09000000, 0x09000000, 0x1004, JH_MEM_READ | JH_MEM_IO | JH_MEM_IO_32 };
	check_refused(&b, HV_EINVAL, "region-below-a-page");
	b.memory[2].size = 0;	/* an absent region has no place */
	assert_int_equal(check_cell(&b), 0);
}

static void unknown_region_flags_are_refused(void **state)
{
	struct cell_builder b = check_good_cell();

	(void)state;
	b.memory[0].flags |= 1ULL << 63;
	check_refused(&b, HV_EINVAL, "region-flags");
	b.memory[0].flags ^= 1ULL << 63 | 1ULL << 9;
	check_refused(&b, HV_EINVAL, "region-flags");
}

static void first_cpu_starts_in_executable_memory(void **state)
{
	static const uint64_t outside[] = { 0x100000, 0x80000000, 0xfffffffffffffffc, 0x7ffffffc };
	struct cell_builder b = check_good_cell();

	(void)state;
	for (unsigned int i = 0; i < 4; i++) {
		b.entry = outside[i];
		check_refused(&b, HV_EINVAL, "entry-not-executable");
	}
	b.entry = 0xffffe;
	check_refused(&b, HV_EINVAL, "entry-unaligned");
	b.entry = 0xffffc;
	assert_int_equal(check_cell(&b), 0);
	b.memory[0].flags &= ~(uint64_t)JH_MEM_EXECUTE;
	check_refused(&b, HV_EINVAL, "entry-not-executable");
	b.memory[0].flags |= JH_MEM_EXECUTE | JH_MEM_IO;
	check_refused(&b, HV_EINVAL, "entry-not-executable");
}

static void aarch32_is_refused(void **state)
{
	struct cell_builder b = check_good_cell();

	(void)state;
	b.flags = JH_CELL_AARCH32;
	check_refused(&b, HV_EINVAL, "aarch32");
}

static void unknown_cell_flags_are_refused(void **state)
{
	struct cell_builder b = check_good_cell();

	(void)state;
	for (unsigned int bit = 0; bit < 32; bit++) {
		b.flags = 1u << bit;
		if (b.flags & (JH_CELL_PASSIVE_COMMREG | JH_CELL_TEST_DEVICE | JH_CELL_STRAY_INJECT |
			       JH_CELL_COUNT_EL2 | JH_CELL_VIRTUAL_CONSOLE_PERMITTED | JH_CELL_VIRTUAL_CONSOLE_ACTIVE))
			assert_int_equal(check_cell(&b), 0);
		else
			check_refused(&b, HV_EINVAL, b.flags == JH_CELL_AARCH32 ? "aarch32" : "cell-flags");
	}
}

static void other_files_are_no_cells(void **state)
{
	const struct cell_builder b = check_good_cell();
	struct jh_cell_desc *cell = cell_build(&b, check_bytes, sizeof(check_bytes));

	(void)state;
	cell->architecture = 0;
	assert_int_equal(check_cell_file(cell, &check_reason), -HV_EINVAL);
	assert_string_equal(check_reason.code, "not-a-cell-configuration");
	cell->architecture = JH_CONFIG_ARCH_ARM64;
	cell->revision = 13;
	assert_int_equal(check_cell_file(cell, &check_reason), -HV_EINVAL);
	cell->revision = JH_CONFIG_REVISION;
	memcpy(cell->signature, JH_SYSTEM_SIGNATURE, JH_SIGNATURE_LEN);
	assert_int_equal(check_cell_file(cell, &check_reason), -HV_EINVAL);
}

static void cpu_set_sizes_are_checked(void **state)
{
	static const uint32_t bad[] = { 0, 1, 7, 9, 4104, 0xfffffff8, 0xffffffff };
	const struct cell_builder b = check_good_cell();
	struct jh_cell_desc *cell = cell_build(&b, check_bytes, sizeof(check_bytes));

	(void)state;
	for (unsigned int i = 0; i < 5; i++) {
		cell->cpu_set_size = bad[i];
		assert_int_equal(check_cell_file(cell, &check_reason), -HV_EINVAL);
		assert_string_equal(check_reason.code, "cpu-set-size");
	}
	for (unsigned int i = 5; i < 7; i++) {
		cell->cpu_set_size = bad[i];
		assert_int_equal(check_cell_file(cell, &check_reason), -HV_E2BIG);
	}
}

static void cpu_beyond_the_64th_is_refused(void **state)
{
	struct cell_builder b = check_good_cell();
	struct jh_cell_desc *cell;

	(void)state;
	b.memory[0] = b.memory[1] = (struct jh_memory){ 0 };
	cell = cell_build(&b, check_bytes, sizeof(check_bytes));
	cell->num_irqchips = 0;
	cell->cpu_set_size = 16;	/* the second 8 bytes are those of the irqchip: CPU 91 and more */
	assert_int_equal(check_cell_file(cell, &check_reason), -HV_EINVAL);
	assert_string_equal(check_reason.code, "cpu-set");
}

static void pci_devices_stay_within_their_lists(void **state)
{
	struct cell_builder b = check_good_cell();

	(void)state;
	b.devices[0] = (struct jh_pci_device){ .type = 4 };
	check_refused(&b, HV_EINVAL, "pci-type");
	b.devices[0] = (struct jh_pci_device){ .type = JH_PCI_IVSHMEM, .caps_start = 0xffff, .num_caps = 1 };
	check_refused(&b, HV_EINVAL, "pci-capabilities");
	b.devices[0] = (struct jh_pci_device){ .type = JH_PCI_IVSHMEM, .num_caps = 1 };
	check_refused(&b, HV_EINVAL, "pci-capabilities");
	b.devices[0] = (struct jh_pci_device){ .type = JH_PCI_IVSHMEM, .shmem_regions_start = 0, .shmem_peers = 1 };
	check_refused(&b, HV_EINVAL, "ivshmem-regions");
	b.devices[0].shmem_regions_start = 0xffffffff;
	check_refused(&b, HV_EINVAL, "ivshmem-regions");
	b.devices[0] = (struct jh_pci_device){ .type = JH_PCI_IVSHMEM, .shmem_dev_id = 12 };
	check_refused(&b, HV_EINVAL, "ivshmem-limits");
	b.devices[0] = (struct jh_pci_device){ .type = JH_PCI_IVSHMEM, .num_msix_vectors = 17 };
	check_refused(&b, HV_EINVAL, "ivshmem-limits");
	b.devices[0] = (struct jh_pci_device){ .type = JH_PCI_IVSHMEM, .shmem_dev_id = 11, .num_msix_vectors = 16 };
	assert_int_equal(check_cell(&b), 0);
}

static void what_nobody_can_hand_out_is_refused(void **state)
{
	struct cell_builder b = check_good_cell();
	struct jh_cell_desc *cell;

	(void)state;
	b.devices[0] = (struct jh_pci_device){ .type = JH_PCI_IVSHMEM };
	assert_int_equal(check_cell(&b), 0);	/* shared memory works without the device */
	b.devices[1] = (struct jh_pci_device){ .type = JH_PCI_DEVICE };
	check_refused(&b, HV_EINVAL, "pci-not-supported");
	b.devices[1].type = JH_PCI_BRIDGE;
	check_refused(&b, HV_EINVAL, "pci-not-supported");
	b = check_good_cell();
	cell = cell_build(&b, check_bytes, sizeof(check_bytes));
	cell->num_stream_ids = 1;
	assert_int_equal(check_cell_file(cell, &check_reason), -HV_EINVAL);
	assert_string_equal(check_reason.code, "stream-ids-not-supported");
}

/* Absent ones: nothing else is wrong with them. */
static void regions_are_limited_in_number(void **state)
{
	struct cell_builder b = check_good_cell();
	struct jh_cell_desc *cell;

	(void)state;
	memset(b.irqchips, 0, sizeof(b.irqchips));
	cell = cell_build(&b, check_bytes, sizeof(check_bytes));
	cell->num_memory_regions = JH_MEMORY_REGIONS_MAX;
	assert_int_equal(check_cell_file(cell, &check_reason), 0);
	cell->num_memory_regions++;
	assert_int_equal(check_cell_file(cell, &check_reason), -HV_E2BIG);
	assert_string_equal(check_reason.code, "too-many-regions");
}

static void regions_of_one_cell_do_not_overlap_for_the_guest(void **state)
{
	struct cell_builder b = check_good_cell();

	(void)state;
	b.memory[1].virt_start = 0xff000;
	check_refused(&b, HV_EINVAL, "regions-overlap");
}

static void pin_bases_are_checked(void **state)
{
	static const uint32_t bad[] = { 0, 1, 33, 928, 1024, 4064, 4097, 5024, 0xffffffe0 };
	struct cell_builder b = check_good_cell();

	(void)state;
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		b.irqchips[0].pin_base = bad[i];
		check_refused(&b, HV_EINVAL, "irqchip-pin-base");
	}
}

static void name_must_be_there_and_end(void **state)
{
	struct cell_builder b = check_good_cell();
	struct jh_cell_desc *cell;

	(void)state;
	b.name = "";
	check_refused(&b, HV_EINVAL, "cell-name");
	b = check_good_cell();
	cell = cell_build(&b, check_bytes, sizeof(check_bytes));
	memset(cell->name, 'n', sizeof(cell->name));
	assert_int_equal(check_cell_shape(cell, &check_reason), -HV_EINVAL);
	assert_string_equal(check_reason.code, "cell-name");
}

static void absurd_counts_are_refused_before_anything_is_read(void **state)
{
	const struct cell_builder b = check_good_cell();
	struct jh_cell_desc *cell = cell_build(&b, check_bytes, sizeof(check_bytes));

	(void)state;
	cell->num_memory_regions = 0xffffffff;
	assert_int_equal(check_cell_shape(cell, &check_reason), -HV_E2BIG);
	assert_string_equal(check_reason.code, "configuration-too-large");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK_TEST(wrapping_region_is_refused),
		CHECK_TEST(unaligned_region_is_refused),
		CHECK_TEST(communication_region_is_one_whole_page),
		CHECK_TEST(regions_below_a_page_are_parts_of_devices),
		CHECK_TEST(unknown_region_flags_are_refused),
		CHECK_TEST(first_cpu_starts_in_executable_memory),
		CHECK_TEST(aarch32_is_refused),
		CHECK_TEST(unknown_cell_flags_are_refused),
		CHECK_TEST(other_files_are_no_cells),
		CHECK_TEST(cpu_set_sizes_are_checked),
		CHECK_TEST(cpu_beyond_the_64th_is_refused),
		CHECK_TEST(pci_devices_stay_within_their_lists),
		CHECK_TEST(what_nobody_can_hand_out_is_refused),
		CHECK_TEST(regions_are_limited_in_number),
		CHECK_TEST(regions_of_one_cell_do_not_overlap_for_the_guest),
		CHECK_TEST(pin_bases_are_checked),
		CHECK_TEST(name_must_be_there_and_end),
		CHECK_TEST(absurd_counts_are_refused_before_anything_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
