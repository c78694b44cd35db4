// SPDX-License-Identifier: MIT
/* A CPU dies in the hypervisor: who is told, and what still works. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <hv/fatal.h>
#include <hv/gic.h>
#include <hv/log.h>
#include <hv/reason.h>

#include "cell_builder.h"
#include "hv_world.h"

#define TEXT "CPU 2 died in the hypervisor: data abort."

static struct cell_builder cell(uint32_t id)
{
	return (struct cell_builder){
		.name = id == 1 ? "one" : "two", .id = id, .cpus = 1ULL << (id + 1),
		.memory = { { WORLD_RAM + id * 0x1000000, 0, 0x200000, WORLD_RWX | JH_MEM_LOADABLE },
			    { 0, 0x80000000, 0x1000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_COMM_REGION } },
	};
}

/* Cell 1 runs on CPU 2. */
static int setup(void **state)
{
	const struct cell_builder one = cell(1);

	(void)state;
	if (world_start(0))
		return -1;
	world_park(2);
	world_park(3);
	return world_create(&one) || world_call(JH_HC_CELL_START, 1, 0) ? -1 : 0;
}

/* What arch/arm64/fatal.c does around it. */
static void die(unsigned int cpu)
{
	world.caller = cpus[cpu];
	fatal_release(cpus[cpu]);
	fatal_tell(cpus[cpu], TEXT);
	world.cpu[cpu].state = CPU_DEAD;
	world.caller = cpus[0];
}

static void root_is_told_and_the_cell_fails(void **state)
{
	unsigned int notified = world.notified;

	(void)state;
	die(2);
	assert_string_equal(hv_status.fatal.code, "hypervisor-fault");
	assert_string_equal(hv_status.fatal.text, TEXT);
	assert_true(world.notified > notified);
	assert_int_equal(world_call(JH_HC_CELL_GET_STATE, 1, 0), JH_CELL_STATE_FAILED);
	assert_string_equal(cells[1]->page->failure.code, "hypervisor-fault");
	assert_int_equal(world_call(JH_HC_CPU_GET_INFO, 2, JH_CPU_INFO_STATE), JH_CPU_FAILED);
}

static void its_cell_cannot_start_but_go(void **state)
{
	const struct cell_builder again = cell(1);

	(void)state;
	die(2);
	assert_int_equal(world_call(JH_HC_CELL_START, 1, 0), -HV_EIO);
	assert_string_equal(hv_status.refusal.code, "hypervisor-fault");
	assert_int_equal(world_call(JH_HC_CELL_DESTROY, 1, 0), 0);
	assert_int_equal(world_call(JH_HC_CPU_GET_INFO, 2, JH_CPU_INFO_STATE), JH_CPU_FAILED);
	assert_int_equal(world_create(&again), -HV_EIO);
	assert_string_equal(hv_status.refusal.code, "hypervisor-fault");
}

static void others_are_managed_as_before(void **state)
{
	const struct cell_builder two = cell(2);

	(void)state;
	die(2);
	assert_int_equal(world_create(&two), 0);
	assert_int_equal(world_call(JH_HC_CELL_START, 2, 0), 0);
	assert_int_equal(world_call(JH_HC_CELL_DESTROY, 2, 0), 0);
}

static void with_the_lock_all_management_is_refused(void **state)
{
	static const uint64_t codes[] = { JH_HC_CELL_START, JH_HC_CELL_SET_LOADABLE, JH_HC_CELL_DESTROY, JH_HC_CELL_FORCE,
					  JH_HC_AUDIT, JH_HC_DISABLE };
	const struct cell_builder two = cell(2);

	(void)state;
	world.caller = cpus[2];
	assert_true(management_lock());
	die(2);
	assert_false(management_lock());
	for (unsigned int i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		memset(&hv_status.refusal, 0, sizeof(hv_status.refusal));
		assert_int_equal(world_call(codes[i], 1, 0), -HV_EIO);
		assert_string_equal(hv_status.refusal.code, "hypervisor-fault");
		assert_non_null(strstr(hv_status.refusal.text, "CPU 2 died"));
	}
	assert_int_equal(world_create(&two), -HV_EIO);
}

static void with_the_lock_states_can_be_read(void **state)
{
	(void)state;
	world.caller = cpus[2];
	assert_true(management_lock());
	die(2);
	assert_int_equal(world_call(JH_HC_CELL_GET_STATE, 1, 0), JH_CELL_STATE_FAILED);
	assert_int_equal(world_call(JH_HC_CELL_INFO, 1, JH_CELL_INFO_PAGE), (int64_t)(uint64_t)cells[1]->page);
	assert_int_equal(world_call(JH_HC_CELL_CONSOLE_INPUT, 1, 'x'), 0);
}

/* Another cell that fails afterwards is not left waiting for a lock that nobody gives back. */
static void with_the_lock_cells_can_fail(void **state)
{
	const struct cell_builder two = cell(2);

	(void)state;
	assert_int_equal(world_create(&two), 0);
	assert_int_equal(world_call(JH_HC_CELL_START, 2, 0), 0);
	world.caller = cpus[2];
	assert_true(management_lock());
	die(2);
	world.caller = cpus[3];
	cell_fail(cells[2], "memory-access", "CPU 3: read outside the cell.");
	world.caller = cpus[0];
	assert_int_equal(world_call(JH_HC_CELL_GET_STATE, 2, 0), JH_CELL_STATE_FAILED);
	assert_string_equal(cells[2]->page->failure.code, "memory-access");
}

static void other_locks_are_given_back(void **state)
{
	struct spinlock *locks[] = { &log_lock, &gicd_lock, &cells[1]->console.lock };

	(void)state;
	world.caller = cpus[2];
	for (unsigned int i = 0; i < sizeof(locks) / sizeof(locks[0]); i++)
		spin_lock(locks[i]);
	die(2);
	for (unsigned int i = 0; i < sizeof(locks) / sizeof(locks[0]); i++)
		assert_true(spin_trylock(locks[i]));
	assert_true(management_lock());
}

static void locks_of_others_stay_theirs(void **state)
{
	(void)state;
	world.caller = cpus[1];
	spin_lock(&gicd_lock);
	fatal_release(cpus[2]);
	assert_false(spin_trylock(&gicd_lock));
	assert_ptr_equal(gicd_lock.holder, cpus[1]);
}

/* It was root's CPU 1 to which the notifications went. */
static void notifications_go_to_a_cpu_that_lives(void **state)
{
	const uint64_t route = WORLD_GICD + GICD_IROUTER + 8 * WORLD_NOTIFY_IRQ;

	(void)state;
	mmio_write64(route, cpus[1]->mpidr);
	die(1);
	assert_int_equal(mmio_read64(route), cpus[0]->mpidr);
}

/* Nobody is enabled yet: who asked for it gets the sentence, and no cell fails. */
static void a_cpu_on_its_way_in_refuses_the_enable(void **state)
{
	unsigned int notified = world.notified;

	(void)state;
	world.cpu[1].state = CPU_ABSENT;
	fatal_tell(cpus[1], TEXT);
	assert_string_equal(hv_status.refusal.code, "hypervisor-fault");
	assert_string_equal(hv_status.refusal.text, TEXT);
	assert_int_equal(hv_status.refusal.error, -HV_EIO);
	assert_int_equal(world.notified, notified);
}

static void a_root_cpu_takes_no_cell_along(void **state)
{
	(void)state;
	die(1);
	assert_string_equal(hv_status.fatal.code, "hypervisor-fault");
	assert_int_equal(world_call(JH_HC_CELL_GET_STATE, 1, 0), JH_CELL_STATE_RUNNING);
}

#define CASE(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(root_is_told_and_the_cell_fails),
		CASE(its_cell_cannot_start_but_go),
		CASE(others_are_managed_as_before),
		CASE(with_the_lock_all_management_is_refused),
		CASE(with_the_lock_states_can_be_read),
		CASE(with_the_lock_cells_can_fail),
		CASE(other_locks_are_given_back),
		CASE(locks_of_others_stay_theirs),
		CASE(notifications_go_to_a_cpu_that_lives),
		CASE(a_cpu_on_its_way_in_refuses_the_enable),
		CASE(a_root_cpu_takes_no_cell_along),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
