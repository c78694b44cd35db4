// SPDX-License-Identifier: MIT
/* Cells that fail, switch themselves off or start themselves again, and managers who come in between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <hv/hypercall.h>
#include <hv/log.h>
#include <hv/power.h>
#include <hv/reason.h>

#include "cell_builder.h"
#include "hv_world.h"

#define RAM	   (WORLD_RAM + 0x10000000)
#define DEVICE_IPA 0x20000000ULL
#define DATA_IPA   0x10000000ULL
#define ENTRY	   0x1000ULL
#define PAUSE_US   10000
#define TIMEOUT_US 1000000

/* CPUs 2 and 3, both as they are when the cell runs. CPU 2 is the one that calls. */
static struct cell *start_cell(void)
{
	static const struct cell_builder builder = {
		.name = "rtos", .id = 1, .cpus = 0xc, .entry = ENTRY,
		.memory = { { RAM, 0, 0x10000, WORLD_RWX | JH_MEM_LOADABLE },
			    { RAM + 0x10000, DATA_IPA, 0x5000, JH_MEM_READ | JH_MEM_WRITE },
			    { WORLD_UART, DEVICE_IPA, 0x1000, WORLD_DEVICE | JH_MEM_EXECUTE },
			    { 0, 0x80000000, 0x1000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_COMM_REGION } },
	};

	assert_int_equal(world_create(&builder), 0);
	assert_int_equal(world_call(JH_HC_CELL_START, 1, 0), 0);
	world.cpu[3].state = CPU_IN_GUEST;
	world.caller = cpus[2];
	world.notified = 0;
	return cells[1];
}

static int setup(void **state)
{
	(void)state;
	if (world_start(0))
		return -1;
	world_park(2);
	world_park(3);
	return 0;
}

static void assert_reason(const struct cell *cell, const char *code, int error)
{
	assert_string_equal(cell->page->failure.code, code);
	assert_int_equal(cell->page->failure.error, error);
	assert_int_equal(cell->page->failure.sequence & 1, 0);
}

static void a_failure_stops_all_cpus_and_is_told(void **state)
{
	struct cell *cell = start_cell();

	(void)state;
	cell_fail(cell, "memory-access", "CPU 2: it read what is not there.");
	assert_reason(cell, "memory-access", -HV_EIO);
	assert_string_equal(cell->page->failure.text, "CPU 2: it read what is not there.");
	assert_int_equal(cell->page->state, JH_CELL_STATE_FAILED);
	assert_true(cell->ended && cell->s2.stopped);
	assert_int_equal(world.cpu[3].state, CPU_PARKED);
	assert_int_equal(world.cpu[2].state, CPU_IN_GUEST);	/* it parks itself afterwards */
	assert_true(world.cpu[2].failed);
	assert_false(world.cpu[3].failed);
	assert_int_equal(world.notified, 1);
	assert_non_null(strstr(world.log, "FATAL: cell \"rtos\": memory-access: CPU 2: it read what is not there."));
	assert_int_equal(hv_lock.next, hv_lock.owner);
}

static void only_the_first_end_counts(void **state)
{
	struct cell *cell = start_cell();

	(void)state;
	power_off_cell(cell);
	assert_reason(cell, "system-off", -HV_EIO);
	world.caller = cpus[3];
	cell_fail(cell, "memory-access", "Too late.");
	assert_reason(cell, "system-off", -HV_EIO);
	assert_int_equal(cell->page->state, JH_CELL_STATE_SHUT_DOWN);
	assert_int_equal(world.notified, 1);
	power_reset_cell(cell);
	assert_int_equal(cell->page->state, JH_CELL_STATE_SHUT_DOWN);
	assert_int_equal(cell->page->starts, 1);
	assert_false(cell->resetting);
}

static void switching_off_is_no_failure(void **state)
{
	struct cell *cell = start_cell();

	(void)state;
	power_off_cell(cell);
	assert_int_equal(cell->page->state, JH_CELL_STATE_SHUT_DOWN);
	assert_false(world.cpu[2].failed);
	assert_null(strstr(world.log, "FATAL"));
	assert_true(cell->s2.stopped);
}

static void a_reset_starts_the_first_cpu_again(void **state)
{
	struct cell *cell = start_cell();
	uint64_t before = world.now;

	(void)state;
	memset((void *)RAM, 0x5a, 16);
	world.caller = cpus[3];		/* not the first one */
	world.cpu[2].entry = 0;
	power_reset_cell(cell);
	assert_reason(cell, "system-reset", 0);
	assert_int_equal(cell->page->state, JH_CELL_STATE_RUNNING);
	assert_int_equal(cell->page->starts, 2);
	assert_false(cell->s2.stopped || cell->resetting || cell->ended);
	assert_int_equal(world.cpu[2].state, CPU_IN_GUEST);
	assert_int_equal(world.cpu[2].entry, ENTRY);
	assert_int_equal(*(uint8_t *)RAM, 0x5a);
	assert_true(world.now - before >= PAUSE_US);
	assert_int_equal(world.notified, 1);
	assert_int_equal(hv_lock.next, hv_lock.owner);
}

static unsigned int looks;

static void a_reset_waits_without_the_lock(void)
{
	assert_int_equal(hv_lock.next, hv_lock.owner);
	assert_true(cells[1]->resetting && cells[1]->s2.stopped);
	looks++;
}

static void nobody_waits_for_a_reset(void **state)
{
	struct cell *cell = start_cell();

	(void)state;
	looks = 0;
	world.on_relax = a_reset_waits_without_the_lock;
	power_reset_cell(cell);
	assert_in_range(looks, 1, PAUSE_US);
	assert_int_equal(cell->page->state, JH_CELL_STATE_RUNNING);
}

static void a_cpu_that_does_not_stop_for_a_reset_fails_the_cell(void **state)
{
	struct cell *cell = start_cell();
	uint64_t before = world.now;

	(void)state;
	world.deaf = 1000000;
	power_reset_cell(cell);
	assert_reason(cell, "cpu-stuck", -HV_EIO);
	assert_int_equal(cell->page->state, JH_CELL_STATE_FAILED);
	assert_int_equal(cell->page->starts, 1);
	assert_true(cell->s2.stopped);
	assert_false(cell->resetting);
	assert_in_range(world.now - before, TIMEOUT_US, 2 * TIMEOUT_US);
}

static void of_two_cpus_that_reset_one_does(void **state)
{
	struct cell *cell = start_cell();

	(void)state;
	cell->resetting = true;
	power_reset_cell(cell);
	assert_int_equal(cell->page->starts, 1);
	assert_true(cell->resetting);
	assert_int_equal(world.notified, 0);
}

static void manager_stops(void)
{
	cells[1]->stopping = true;
}

static void a_manager_comes_before_a_failure(void **state)
{
	struct cell *cell = start_cell();

	(void)state;
	hv_lock.next++;		/* somebody has it, and a moment later that somebody is who stops this cell */
	world.on_relax = manager_stops;
	cell_fail(cell, "memory-access", "It is being stopped anyway.");
	assert_string_equal(cell->page->failure.code, "");
	assert_int_equal(cell->page->state, JH_CELL_STATE_RUNNING);
	assert_true(world.cpu[2].failed);
	assert_false(cell->ended);
	assert_int_equal(hv_lock.next, hv_lock.owner + 1);
}

static void manager_lets_go(void)
{
	hv_lock.owner++;
	world.on_relax = NULL;
}

static void a_failure_waits_for_a_manager_of_others(void **state)
{
	struct cell *cell = start_cell();

	(void)state;
	hv_lock.next++;
	world.on_relax = manager_lets_go;
	cell_fail(cell, "memory-access", "Later.");
	assert_reason(cell, "memory-access", -HV_EIO);
	assert_int_equal(hv_lock.next, hv_lock.owner);
}

static void a_manager_comes_before_a_reset(void **state)
{
	struct cell *cell = start_cell();

	(void)state;
	world.on_relax = manager_stops;
	power_reset_cell(cell);
	assert_int_equal(cell->page->starts, 1);
	assert_string_equal(cell->page->failure.code, "");
	assert_true(cell->s2.stopped);
	assert_int_equal(hv_lock.next, hv_lock.owner);
	/* What he does then: the cell is his, and can be started. */
	world.on_relax = NULL;
	world.caller = cpus[0];
	cell->stopping = false;
	world_park(2);
	assert_int_equal(world_call(JH_HC_CELL_START, 1, 0), 0);
	assert_false(cell->resetting);
	assert_int_equal(cell->page->starts, 2);
}

static void resets_for_ever_do_not_fill_the_log(void **state)
{
	struct cell *cell = start_cell();

	(void)state;
	world.log[0] = '\0';
	for (unsigned int i = 0; i < 100; i++)
		power_reset_cell(cell);
	assert_int_equal(cell->page->starts, 101);
	assert_string_equal(world.log, "");
}

static void a_failed_cell_can_be_started_again(void **state)
{
	struct cell *cell = start_cell();

	(void)state;
	cell_fail(cell, "memory-access", "It read what is not there.");
	world.caller = cpus[0];
	world_park(2);
	assert_int_equal(world_call(JH_HC_CELL_START, 1, 0), 0);
	assert_string_equal(cell->page->failure.code, "");
	assert_false(world.cpu[2].failed || cell->ended || cell->s2.stopped);
	assert_int_equal(cell->page->state, JH_CELL_STATE_RUNNING);
}

static void entries_lie_in_executable_memory(void **state)
{
	const struct cell *cell = start_cell();

	(void)state;
	assert_true(power_entry_allowed(cell, 0));
	assert_true(power_entry_allowed(cell, 0xfffc));
	assert_false(power_entry_allowed(cell, 0x10000));
	assert_false(power_entry_allowed(cell, 2));
	assert_false(power_entry_allowed(cell, 0xfffe));
	assert_false(power_entry_allowed(cell, DATA_IPA));
	assert_false(power_entry_allowed(cell, DEVICE_IPA));	/* whatever its flags say */
	assert_false(power_entry_allowed(cell, 0x80000000));
	assert_false(power_entry_allowed(cell, RAM));		/* physical, not the cell's */
	assert_false(power_entry_allowed(cell, ~3ULL));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		CASE(a_failure_stops_all_cpus_and_is_told),
		CASE(only_the_first_end_counts),
		CASE(switching_off_is_no_failure),
		CASE(a_reset_starts_the_first_cpu_again),
		CASE(nobody_waits_for_a_reset),
		CASE(a_cpu_that_does_not_stop_for_a_reset_fails_the_cell),
		CASE(of_two_cpus_that_reset_one_does),
		CASE(a_manager_comes_before_a_failure),
		CASE(a_failure_waits_for_a_manager_of_others),
		CASE(a_manager_comes_before_a_reset),
		CASE(resets_for_ever_do_not_fill_the_log),
		CASE(a_failed_cell_can_be_started_again),
		CASE(entries_lie_in_executable_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
