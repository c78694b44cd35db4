// SPDX-License-Identifier: MIT
/* Cells that want what is not root's to give: each is refused with its own code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <hv/check.h>
#include <hv/irq.h>

#include "check_fixture.h"

static uint8_t other_buffer[4096];

static void good_cell_is_accepted_and_leaves_no_reason(void **state)
{
	const struct cell_builder b = check_good_cell();

	(void)state;
	assert_int_equal(check_cell(&b), 0);
	assert_int_equal(check_reason.sequence, 0);
}

static void region_across_two_root_regions_is_accepted(void **state)
{
	struct cell_builder b = check_good_cell();

	(void)state;
	b.memory[0] = (struct jh_memory){ 0x6ff00000, 0, 0x200000, CHECK_RWX };
	assert_int_equal(check_cell(&b), 0);
}

/* Each byte of it in one of three root regions that are not in the order of their addresses, and then not the last page. */
static void root_regions_add_up_to_what_is_taken(void **state)
{
	struct cell_builder root = check_root, b = check_good_cell();
	struct check_system system = check_system_now();

	(void)state;
	root.memory[0] = (struct jh_memory){ 0x90000000, 0x90000000, 0x1000, CHECK_RWX };
	root.memory[1] = (struct jh_memory){ 0x8ffff000, 0x8ffff000, 0x1000, CHECK_RWX };
	root.memory[2] = (struct jh_memory){ 0x90001000, 0x90001000, 0x1000, CHECK_RWX };
	system.root = cell_build(&root, other_buffer, sizeof(other_buffer));
	b.memory[0] = (struct jh_memory){ 0x8ffff000, 0, 0x3000, CHECK_RWX };
	assert_int_equal(check_cell_claims(cell_build(&b, check_bytes, sizeof(check_bytes)), &system, &check_reason),
			 0);
	b.memory[0].size += 0x1000;
	assert_int_equal(check_cell_claims(cell_build(&b, check_bytes, sizeof(check_bytes)), &system, &check_reason),
			 -HV_EPERM);
	assert_string_equal(check_reason.code, "memory-not-owned");
}

static void memory_of_the_hypervisor_is_refused(void **state)
{
	static const uint64_t starts[] = { 0x7fc00000, 0x7fbff000, 0x7ffff000 };
	struct cell_builder b = check_good_cell();

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		b.memory[0] = (struct jh_memory){ starts[i], 0, 0x2000, CHECK_RWX };
		check_refused(&b, HV_EINVAL, "memory-overlaps-hypervisor");
	}
	b.memory[0] = (struct jh_memory){ 0x70000000, 0, 0x20000000, CHECK_RWX };
	check_refused(&b, HV_EINVAL, "memory-overlaps-hypervisor");
	b.memory[0] = (struct jh_memory){ 0x7fbff000, 0, 0x1000, CHECK_RWX };
	assert_int_equal(check_cell(&b), 0);		/* its neighbour is not */
}

static void interrupt_controller_as_memory_is_refused(void **state)
{
	struct cell_builder b = check_good_cell();

	(void)state;
	b.memory[2] = (struct jh_memory){ CHECK_GICD, CHECK_GICD, 0x1000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO };
	check_refused(&b, HV_EINVAL, "memory-overlaps-trapped-device");
	b.memory[2] = (struct jh_memory){ 0x08110000, 0x08110000, 0x20000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO };
	check_refused(&b, HV_EINVAL, "memory-overlaps-trapped-device");
	b.memory[2].flags |= JH_MEM_ROOTSHARED;
	check_refused(&b, HV_EINVAL, "memory-overlaps-trapped-device");
}

static void memory_that_root_does_not_have_is_refused(void **state)
{
	struct cell_builder b = check_good_cell();

	(void)state;
	b.memory[0] = (struct jh_memory){ 0x100000000, 0, 0x1000, CHECK_RWX };
	check_refused(&b, HV_EPERM, "memory-not-owned");
	b.memory[0] = (struct jh_memory){ 0xbffff000, 0, 0x2000, CHECK_RWX };
	check_refused(&b, HV_EPERM, "memory-not-owned");
	b.memory[0] = (struct jh_memory){ 0x0ffff000, 0, 0x2000, CHECK_RWX };
	check_refused(&b, HV_EPERM, "memory-not-owned");
}

/* Scrubbing goes by the flag: zeroes would be commands for a device, and memory called a device would keep its secrets. */
static void device_as_memory_and_memory_as_device_are_refused(void **state)
{
	struct cell_builder b = check_good_cell();

	(void)state;
	b.memory[2] = (struct jh_memory){ 0x09000000, 0x09000000, 0x1000, JH_MEM_READ | JH_MEM_WRITE };
	check_refused(&b, HV_EINVAL, "memory-type");
	b.memory[2] = (struct jh_memory){ 0x80000000, 0x90000000, 0x1000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO };
	check_refused(&b, HV_EINVAL, "memory-type");
	b.memory[2] = (struct jh_memory){ 0x09000000, 0x09000000, 0x1000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO };
	assert_int_equal(check_cell(&b), 0);
}

static void cpu_sets_are_checked(void **state)
{
	struct cell_builder b = check_good_cell();

	(void)state;
	b.cpus = 0;
	check_refused(&b, HV_EINVAL, "cpu-set");
	b.cpus = 0x10;
	check_refused(&b, HV_EBUSY, "cpu-not-owned");
	b.cpus = 1ULL << 63;
	check_refused(&b, HV_EBUSY, "cpu-not-owned");
	b.cpus = 0x9;
	check_refused(&b, HV_EBUSY, "cpu-in-use");
}

static void interrupt_of_somebody_else_is_refused(void **state)
{
	struct cell_builder b = check_good_cell();

	(void)state;
	check_root_irqs[212 / 32] &= ~(1u << 212 % 32);
	check_refused(&b, HV_EBUSY, "interrupt-not-owned");
	assert_non_null(strstr(check_reason.text, "212"));
}

static void interrupt_of_the_hypervisor_is_refused(void **state)
{
	struct cell_builder b = check_good_cell();
	struct check_system system = check_system_now();

	(void)state;
	system.notify_irq = 213;
	assert_int_equal(check_cell_claims(cell_build(&b, check_bytes, sizeof(check_bytes)), &system, &check_reason),
			 -HV_EBUSY);
	assert_string_equal(check_reason.code, "interrupt-reserved");
}

static void flags_open_no_door(void **state)
{
	static const uint64_t flags[] = { JH_MEM_LOADABLE, JH_MEM_ROOTSHARED, JH_MEM_DMA, JH_MEM_NO_HUGEPAGES,
					  JH_MEM_LOADABLE | JH_MEM_ROOTSHARED };
	struct cell_builder b = check_good_cell();

	(void)state;
	for (unsigned int i = 0; i < 5; i++) {
		b.memory[2] = (struct jh_memory){ 0x7fc00000, 0x90000000, 0x1000, CHECK_RWX | flags[i] };
		check_refused(&b, HV_EINVAL, "memory-overlaps-hypervisor");
		b.memory[2] = (struct jh_memory){ CHECK_GICD, CHECK_GICD, 0x10000,
						  JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO | flags[i] };
		check_refused(&b, HV_EINVAL, "memory-overlaps-trapped-device");
		b.memory[2] = (struct jh_memory){ 0x200000000, 0x90000000, 0x1000, CHECK_RWX | flags[i] };
		check_refused(&b, HV_EPERM, "memory-not-owned");
	}
}

static void special_interrupt_ids_are_refused(void **state)
{
	struct cell_builder b = check_good_cell();

	(void)state;
	b.irqchips[0] = (struct jh_irqchip){ CHECK_GICD, 0, 896, { 0, 0, 0, 1u << 28 } };	/* INTID 1020 */
	check_refused(&b, HV_EBUSY, "interrupt-not-owned");
}

static void extended_interrupts_are_owned_like_the_others(void **state)
{
	struct cell_builder b = check_good_cell();
	struct check_system system = check_system_now();
	struct jh_cell_desc *cell;

	(void)state;
	b.irqchips[0] = (struct jh_irqchip){ CHECK_GICD, 0, 4992, { 0, 0, 0, 1u << 31 } };	/* INTID 5119 */
	cell = cell_build(&b, check_bytes, sizeof(check_bytes));
	assert_int_equal(check_cell_shape(cell, &check_reason), 0);
	assert_int_equal(check_cell_claims(cell, &system, &check_reason), 0);
	check_root_irqs[IRQ_WORDS - 1] = 0;
	check_refused(&b, HV_EBUSY, "interrupt-not-owned");
	assert_non_null(strstr(check_reason.text, "5119"));
}

static int pair(uint64_t my_flags, uint64_t start, uint64_t other_flags)
{
	struct cell_builder a = check_good_cell(), b = check_good_cell();

	b.memory[0].flags |= other_flags;
	a.memory[0].phys_start = start;
	a.memory[0].flags |= my_flags;
	return check_cell_pair(cell_build(&a, check_bytes, sizeof(check_bytes)),
			       cell_build(&b, other_buffer, sizeof(other_buffer)), &check_reason);
}

static void memory_of_another_cell_is_refused(void **state)
{
	(void)state;
	assert_int_equal(pair(0, 0x800ff000, 0), -HV_EBUSY);
	assert_string_equal(check_reason.code, "memory-in-use");
	assert_int_equal(pair(0, 0x80100000, 0), 0);
}

static void memory_is_shared_only_when_both_say_so(void **state)
{
	(void)state;
	assert_int_equal(pair(JH_MEM_ROOTSHARED, 0x80000000, 0), -HV_EBUSY);
	assert_int_equal(pair(0, 0x80000000, JH_MEM_ROOTSHARED), -HV_EBUSY);
	assert_int_equal(pair(JH_MEM_ROOTSHARED, 0x80000000, JH_MEM_ROOTSHARED), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK_TEST(good_cell_is_accepted_and_leaves_no_reason),
		CHECK_TEST(region_across_two_root_regions_is_accepted),
		CHECK_TEST(root_regions_add_up_to_what_is_taken),
		CHECK_TEST(memory_of_the_hypervisor_is_refused),
		CHECK_TEST(interrupt_controller_as_memory_is_refused),
		CHECK_TEST(memory_that_root_does_not_have_is_refused),
		CHECK_TEST(device_as_memory_and_memory_as_device_are_refused),
		CHECK_TEST(cpu_sets_are_checked),
		CHECK_TEST(interrupt_of_somebody_else_is_refused),
		CHECK_TEST(interrupt_of_the_hypervisor_is_refused),
		CHECK_TEST(flags_open_no_door),
		CHECK_TEST(special_interrupt_ids_are_refused),
		CHECK_TEST(extended_interrupts_are_owned_like_the_others),
		CHECK_TEST(memory_of_another_cell_is_refused),
		CHECK_TEST(memory_is_shared_only_when_both_say_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
