// SPDX-License-Identifier: MIT
/*
 * The audit reads tables, not intentions: each violation is planted in the real stage-2 tables behind the core's back and must
 * be found, with both cells and the address.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <hv/audit.h>
#include <hv/hypercall.h>
#include <hv/log.h>
#include <hv/pool.h>
#include <hv/reason.h>

#include "cell_builder.h"
#include "hv_world.h"

#define A_RAM	 (WORLD_RAM + 0x10000000)
#define B_RAM	 (WORLD_RAM + 0x10200000)
#define SHARED	 (WORLD_RAM + 0x10400000)
#define COMM_IPA 0x80000000ULL
#define SHARED_RW (JH_MEM_READ | JH_MEM_WRITE | JH_MEM_ROOTSHARED)

static struct cell_builder cell(const char *name, uint32_t id, uint64_t ram)
{
	return (struct cell_builder){
		.name = name, .id = id, .cpus = 1ULL << (id + 1),
		.memory = { { ram, 0, 0x200000, WORLD_RWX | JH_MEM_LOADABLE },
			    { 0, COMM_IPA, 0x1000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_COMM_REGION },
			    { SHARED, SHARED, 0x3000, SHARED_RW } },
	};
}

/* Root and two cells, made through the hypercalls. */
static int setup(void **state)
{
	const struct cell_builder a = cell("a", 1, A_RAM), b = cell("b", 2, B_RAM);

	(void)state;
	if (world_start(0))
		return -1;
	world_park(2);
	world_park(3);
	return world_create(&a) || world_create(&b) ? -1 : 0;
}

static void plant(unsigned int id, uint64_t ipa, uint64_t pa, uint64_t size, uint64_t flags)
{
	assert_int_equal(stage2_map(&cells[id]->s2, ipa, pa, size, flags), 0);
}

static void found(const char *code, uint32_t first, uint32_t second, uint64_t address)
{
	const struct jh_audit *r = &hv_status.audit;
	uint64_t violations = r->violations;
	uint32_t sequence = r->sequence;

	assert_int_equal(world_call(JH_HC_AUDIT, 0, 0), JH_AUDIT_VIOLATION);
	assert_string_equal(r->code, code);
	assert_int_equal(r->first_cell, first);
	assert_int_equal(r->second_cell, second);
	assert_int_equal(r->address, address);
	assert_int_equal(r->violations, violations + 1);
	assert_int_equal(r->sequence, sequence + 2);
	assert_non_null(strstr(world.log, r->text));
}

#define NOBODY JH_AUDIT_NO_CELL

static void system_as_made_is_clean_and_was_audited_after_each_change(void **state)
{
	const struct jh_audit *r = &hv_status.audit;

	(void)state;
	assert_int_equal(r->audits, 3);		/* enable, two creates */
	assert_int_equal(r->result, JH_AUDIT_CLEAN);
	assert_int_equal(r->cells, 3);
	assert_int_equal(world_call(JH_HC_AUDIT, 0, 0), JH_AUDIT_CLEAN);
	assert_int_equal(r->audits, 4);
	assert_int_equal(r->violations, 0);
	assert_string_equal(r->code, "");
	assert_int_equal(r->first_cell, NOBODY);
	/* Root: 512 GiB of devices block by block, its memory without the hypervisor and the cells; cells: 515 or 516 pages. */
	assert_in_range(r->pages, 0x8000000000 / 0x1000, 0x8100000000 / 0x1000);
	assert_in_range(r->extents, 9, 20);
	assert_null(strstr(world.log, "FATAL"));
}

static void loading_starting_and_destroying_stay_clean(void **state)
{
	(void)state;
	assert_int_equal(world_call(JH_HC_CELL_SET_LOADABLE, 1, 0), 0);
	assert_int_equal(world_call(JH_HC_CELL_START, 1, 0), 0);
	assert_int_equal(world_call(JH_HC_CELL_DESTROY, 1, 0), 0);
	assert_int_equal(hv_status.audit.audits, 6);
	assert_int_equal(hv_status.audit.violations, 0);
	assert_int_equal(hv_status.audit.cells, 2);
}

static void only_root_may_ask(void **state)
{
	(void)state;
	world.cpu[2].cell = cells[1];
	assert_int_equal(hypercall(&world.cpu[2], JH_HC_AUDIT, 0, 0), -HV_EPERM);
	assert_int_equal(hv_status.audit.audits, 3);
}

static void hypervisor_in_a_cell_is_found(void **state)
{
	(void)state;
	plant(1, 0x1000000, WORLD_HV + 0x5000, 0x1000, WORLD_RWX);
	found("hypervisor-reachable", 1, NOBODY, WORLD_HV + 0x5000);
}

static void last_page_of_the_hypervisor_in_root_is_found(void **state)
{
	uint64_t page = WORLD_HV + WORLD_HV_SIZE - 0x1000;

	(void)state;
	plant(0, page, page, 0x1000, WORLD_RWX);
	found("hypervisor-reachable", 0, NOBODY, page);
}

static void block_around_the_hypervisor_is_found(void **state)
{
	(void)state;
	plant(0, WORLD_RAM, WORLD_RAM, 0x40000000, WORLD_RWX);	/* one entry of 1 GiB */
	found("hypervisor-reachable", 0, NOBODY, WORLD_HV);
}

static void log_that_root_may_write_is_found(void **state)
{
	(void)state;
	plant(0, WORLD_HV, WORLD_HV, 0x1000, JH_MEM_READ | JH_MEM_WRITE);
	found("hypervisor-reachable", 0, NOBODY, WORLD_HV);
}

static void ring_of_another_cell_in_a_cell_is_found(void **state)
{
	(void)state;
	plant(1, 0x1000000, (uint64_t)cells[2]->page, 0x1000, JH_MEM_READ);
	found("hypervisor-reachable", 1, NOBODY, (uint64_t)cells[2]->page);
}

static void communication_page_of_another_cell_is_found(void **state)
{
	(void)state;
	plant(1, 0x1000000, (uint64_t)cells[2]->comm, 0x1000, JH_MEM_READ);
	found("hypervisor-reachable", 1, NOBODY, (uint64_t)cells[2]->comm);
}

static void interrupt_controller_is_found(void **state)
{
	(void)state;
	plant(0, WORLD_GICR + 0x10000, WORLD_GICR + 0x10000, 0x1000, WORLD_DEVICE);
	found("trapped-device-reachable", 0, NOBODY, WORLD_GICR + 0x10000);
	assert_int_equal(stage2_unmap(&root_cell.s2, WORLD_GICR, WORLD_GICR_SIZE), 0);
	assert_int_equal(world_call(JH_HC_AUDIT, 0, 0), JH_AUDIT_CLEAN);
	/* What was found last is kept. */
	assert_string_equal(hv_status.audit.code, "trapped-device-reachable");
	plant(2, 0x1000000, WORLD_GICD, 0x1000, WORLD_DEVICE);
	found("trapped-device-reachable", 2, NOBODY, WORLD_GICD);
}

static void private_memory_in_another_cell_is_found(void **state)
{
	(void)state;
	plant(2, 0x1000000, A_RAM + 0x1ff000, 0x1000, JH_MEM_READ);
	found("page-undeclared", 2, NOBODY, A_RAM + 0x1ff000);
}

static void private_memory_in_root_is_found(void **state)
{
	(void)state;
	plant(0, A_RAM + 0x1000, A_RAM + 0x1000, 0x1000, WORLD_RWX);
	found("page-shared", 1, 0, A_RAM + 0x1000);
}

static void block_that_swallows_a_cell_is_found(void **state)
{
	(void)state;
	plant(0, A_RAM, A_RAM, 0x200000, WORLD_RWX);	/* one entry of 2 MiB */
	found("page-shared", 1, 0, A_RAM);
}

static void loadable_memory_is_roots_while_loadable_only(void **state)
{
	(void)state;
	assert_int_equal(world_call(JH_HC_CELL_SET_LOADABLE, 1, 0), 0);
	assert_int_equal(hv_status.audit.result, JH_AUDIT_CLEAN);
	cells[1]->loadable = false;
	found("page-shared", 1, 0, A_RAM);
}

static void sharing_needs_both(void **state)
{
	struct jh_memory m = config_memory(cells[1]->config, 2);

	(void)state;
	assert_int_equal(m.phys_start, SHARED);
	m.flags &= ~(uint64_t)JH_MEM_ROOTSHARED;
	memcpy((char *)(cells[1]->config + 1) + 8 + 2 * sizeof(m), &m, sizeof(m));
	assert_int_equal(stage2_unmap(&cells[2]->s2, SHARED, 0x3000), 0);
	found("page-shared", 1, 0, SHARED);
	assert_int_equal(stage2_unmap(&root_cell.s2, SHARED, 0x3000), 0);
	plant(2, SHARED, SHARED, 0x3000, SHARED_RW);
	found("page-shared", 1, 2, SHARED);
}

static void page_at_another_address_than_declared_is_found(void **state)
{
	(void)state;
	plant(1, 0, A_RAM + 0x1000, 0x1000, WORLD_RWX);
	found("page-undeclared", 1, NOBODY, A_RAM + 0x1000);
}

static void root_that_is_not_one_to_one_is_found(void **state)
{
	(void)state;
	plant(0, WORLD_RAM, WORLD_RAM + 0x1000, 0x1000, WORLD_RWX);
	found("page-undeclared", 0, NOBODY, WORLD_RAM + 0x1000);
}

static void rights_beyond_the_declared_are_found(void **state)
{
	struct jh_memory m = config_memory(cells[1]->config, 2);

	(void)state;
	m.flags &= ~(uint64_t)JH_MEM_WRITE;
	memcpy((char *)(cells[1]->config + 1) + 8 + 2 * sizeof(m), &m, sizeof(m));
	found("page-undeclared", 1, NOBODY, SHARED);
}

static void memory_as_device_is_found(void **state)
{
	(void)state;
	plant(1, 0x1000, A_RAM + 0x1000, 0x1000, WORLD_DEVICE);
	found("page-undeclared", 1, NOBODY, A_RAM + 0x1000);
}

static void table_in_guest_memory_is_found(void **state)
{
	(void)state;
	cells[1]->s2.kept[100] = (A_RAM + 0x3000) | 3;
	found("table-outside-hypervisor", 1, NOBODY, A_RAM + 0x3000);
}

static void freed_page_as_table_is_found(void **state)
{
	void *page = pool_alloc(1, 1);

	(void)state;
	cells[1]->s2.kept[100] = (uint64_t)page | 3;
	assert_int_equal(world_call(JH_HC_AUDIT, 0, 0), JH_AUDIT_CLEAN);	/* an empty table harms nobody */
	pool_free(page, 1);
	found("table-outside-hypervisor", 1, NOBODY, (uint64_t)page);
}

static void live_table_of_a_stopped_cell_counts(void **state)
{
	(void)state;
	assert_true(cells[1]->s2.stopped);
	cells[1]->s2.live[1] = 0x40000000 | 0x7fd;	/* a block of 1 GiB, read and write */
	found("page-undeclared", 1, NOBODY, WORLD_RAM);
}

static void violation_after_a_change_is_told_to_root(void **state)
{
	unsigned int told = world.notified;

	(void)state;
	plant(2, 0x1000000, WORLD_GICD, 0x1000, WORLD_DEVICE);
	assert_int_equal(world_call(JH_HC_CELL_SET_LOADABLE, 1, 0), 0);
	assert_int_equal(hv_status.audit.result, JH_AUDIT_VIOLATION);
	assert_true(world.notified > told + 1);		/* the change itself tells once */
	assert_non_null(strstr(world.log, "FATAL: audit after set loadable: Cell \"b\" (2) reaches page 0x8000000"));
}

static void many_extents_need_more_memory_and_get_it(void **state)
{
	(void)state;
	/* Every second page: nothing merges. 2,000 extents are more than the first buffer holds. */
	for (uint64_t i = 0; i < 2000; i++)
		assert_int_equal(stage2_unmap(&root_cell.s2, WORLD_RAM + 0x2000 * i, 0x1000), 0);
	assert_int_equal(world_call(JH_HC_AUDIT, 0, 0), JH_AUDIT_CLEAN);
	assert_in_range(hv_status.audit.extents, 2000, 2100);
	assert_int_equal(world_call(JH_HC_AUDIT, 0, 0), JH_AUDIT_CLEAN);
}

static void audit_without_memory_proves_nothing_and_says_so(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 2000; i++)
		assert_int_equal(stage2_unmap(&root_cell.s2, WORLD_RAM + 0x2000 * i, 0x1000), 0);
	while (pool_alloc(1, 1))
		;
	assert_int_equal(world_call(JH_HC_AUDIT, 0, 0), JH_AUDIT_INCOMPLETE);
	assert_int_equal(hv_status.audit.violations, 0);
	assert_non_null(strstr(world.log, "incomplete"));
}

static void device_that_nobody_carved_out_is_found(void **state)
{
	(void)state;
	hv_system.trapped[2] = (struct check_range){ WORLD_UART, 0x1000, "a late device" };
	assert_int_equal(audit_run("enable"), JH_AUDIT_VIOLATION);
	assert_string_equal(hv_status.audit.text, "Cell \"root\" (0) reaches page 0x9000000: a late device.");
}

#define CASE(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(system_as_made_is_clean_and_was_audited_after_each_change),
		CASE(loading_starting_and_destroying_stay_clean),
		CASE(only_root_may_ask),
		CASE(hypervisor_in_a_cell_is_found),
		CASE(last_page_of_the_hypervisor_in_root_is_found),
		CASE(block_around_the_hypervisor_is_found),
		CASE(log_that_root_may_write_is_found),
		CASE(ring_of_another_cell_in_a_cell_is_found),
		CASE(communication_page_of_another_cell_is_found),
		CASE(interrupt_controller_is_found),
		CASE(private_memory_in_another_cell_is_found),
		CASE(private_memory_in_root_is_found),
		CASE(block_that_swallows_a_cell_is_found),
		CASE(loadable_memory_is_roots_while_loadable_only),
		CASE(sharing_needs_both),
		CASE(page_at_another_address_than_declared_is_found),
		CASE(root_that_is_not_one_to_one_is_found),
		CASE(rights_beyond_the_declared_are_found),
		CASE(memory_as_device_is_found),
		CASE(table_in_guest_memory_is_found),
		CASE(freed_page_as_table_is_found),
		CASE(live_table_of_a_stopped_cell_counts),
		CASE(violation_after_a_change_is_told_to_root),
		CASE(many_extents_need_more_memory_and_get_it),
		CASE(audit_without_memory_proves_nothing_and_says_so),
		CASE(device_that_nobody_carved_out_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
