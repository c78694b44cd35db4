// SPDX-License-Identifier: MIT
/*
 * Cells through the hypercalls, over the real stage-2 tables: nothing is half done whenever memory runs out, and what a cell leaves
 * behind nobody reads.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <hv/hypercall.h>
#include <hv/log.h>
#include <hv/pool.h>
#include <hv/reason.h>

#include "cell_builder.h"
#include "hv_world.h"

#define A_RAM	   (WORLD_RAM + 0x10000000)
#define A_SIZE	   0x203000ULL	/* more than a block and not a multiple of one */
#define B_RAM	   (WORLD_RAM + 0x10400000)
#define SHARED	   (WORLD_RAM + 0x10800000)
#define MAX_EXTENTS 64

static struct cell_builder cell(const char *name, uint32_t id, uint64_t ram)
{
	return (struct cell_builder){
		.name = name, .id = id, .cpus = 1ULL << (id + 1),
		.memory = { { ram, 0, A_SIZE, WORLD_RWX | JH_MEM_LOADABLE },
			    { ram + A_SIZE, 0x10000000, 0x5000, JH_MEM_READ | JH_MEM_WRITE },
			    { 0, 0x80000000, 0x1000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_COMM_REGION },
			    { SHARED, SHARED, 0x1000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_ROOTSHARED } },
		.irqchips = { { WORLD_GICD, 0, 32, { 0x100u << id, 0, 0, 0 } } },
	};
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

/* What root reaches, to compare before and after. */
struct picture {
	struct stage2_extent extents[MAX_EXTENTS];
	size_t count;
};

static int picture_add(void *context, const struct stage2_extent *extent)
{
	struct picture *picture = context;

	assert_true(picture->count < MAX_EXTENTS);
	picture->extents[picture->count++] = *extent;
	return 0;
}

static void picture_take(struct picture *picture)
{
	uint64_t stray;

	memset(picture, 0, sizeof(*picture));
	assert_int_equal(stage2_walk(&root_cell.s2, picture_add, picture, &stray), 0);
}

static bool root_reaches(uint64_t pa)
{
	struct picture now;

	picture_take(&now);
	for (size_t i = 0; i < now.count; i++)
		if (pa >= now.extents[i].pa && pa - now.extents[i].pa < now.extents[i].size)
			return true;
	return false;
}

static void is_zero(uint64_t pa, uint64_t size)
{
	for (uint64_t *p = (void *)pa; p < (uint64_t *)(pa + size); p++)
		assert_int_equal(*p, 0);
}

static void create_and_destroy_leave_everything_as_it_was(void **state)
{
	const struct cell_builder a = cell("a", 1, A_RAM);
	struct picture before, after;
	uint32_t irqs[IRQ_WORDS];
	size_t used = pool_used();

	(void)state;
	picture_take(&before);
	memcpy(irqs, root_cell.irqs, sizeof(irqs));
	assert_int_equal(world_create(&a), 0);
	assert_false(root_reaches(A_RAM));
	assert_false(root_reaches(A_RAM + A_SIZE));
	assert_true(root_reaches(SHARED));
	assert_int_equal(world_call(JH_HC_CELL_DESTROY, 1, 0), 0);
	picture_take(&after);
	assert_memory_equal(&before, &after, sizeof(before));
	assert_memory_equal(irqs, root_cell.irqs, sizeof(irqs));
	assert_int_equal(root_cell.cpus, 0xf);
	assert_ptr_equal(world.cpu[2].cell, &root_cell);
	/* Root's blocks stay in pieces: their tables are all that is left. */
	assert_in_range(pool_used(), used, used + 8);
	used = pool_used();
	for (unsigned int i = 0; i < 50; i++) {
		assert_int_equal(world_create(&a), 0);
		assert_int_equal(world_call(JH_HC_CELL_DESTROY, 1, 0), 0);
	}
	assert_int_equal(pool_used(), used);
	assert_int_equal(hv_status.audit.violations, 0);
}

static void secrets_of_a_destroyed_cell_are_gone(void **state)
{
	const struct cell_builder a = cell("a", 1, A_RAM);

	(void)state;
	assert_int_equal(world_create(&a), 0);
	memset((void *)A_RAM, 0x5e, A_SIZE + 0x5000);
	memset((void *)SHARED, 0x5e, 0x1000);
	assert_int_equal(world_call(JH_HC_CELL_DESTROY, 1, 0), 0);
	is_zero(A_RAM, A_SIZE + 0x5000);
	/* Shared memory was root's all the time. */
	assert_int_equal(*(uint8_t *)SHARED, 0x5e);
	assert_int_equal(world.scrubbed, A_SIZE + 0x5000);
}

static void memory_is_zero_before_root_reaches_it(void **state)
{
	const struct cell_builder a = cell("a", 1, A_RAM);

	(void)state;
	assert_int_equal(world_create(&a), 0);
	assert_int_equal(world.scrubbed, 0);	/* what root leaves in it is what root gives */
	assert_int_equal(world_call(JH_HC_CELL_FORCE, 1, JH_FORCE_DESTROY), 0);
	assert_int_equal(world.scrubbed, A_SIZE + 0x5000);
	assert_true(root_reaches(A_RAM));
}

static void starting_touches_no_memory_of_the_cell(void **state)
{
	const struct cell_builder a = cell("a", 1, A_RAM);

	(void)state;
	assert_int_equal(world_create(&a), 0);
	memset((void *)A_RAM, 0x5e, 0x1000);
	assert_int_equal(world_call(JH_HC_CELL_START, 1, 0), 0);
	assert_int_equal(world.scrubbed, 0);
	assert_int_equal(*(uint8_t *)A_RAM, 0x5e);
}

/* Memory runs out at every possible place, one page earlier each time. */
static void create_without_memory_changes_nothing(void **state)
{
	const struct cell_builder a = cell("a", 1, A_RAM);
	unsigned int refusals = 0, pages = 60;
	struct picture before, after;

	(void)state;
	for (; world_start(pages) == 0; pages--) {
		world_park(2);
		picture_take(&before);
		if (world_create(&a) == 0) {
			assert_int_equal(world_call(JH_HC_CELL_DESTROY, 1, 0), 0);
		} else {
			refusals++;
			assert_string_equal(hv_status.refusal.code, "pool-exhausted");
			assert_null(cells[1]);
			assert_int_equal(root_cell.cpus, 0xf);
		}
		picture_take(&after);
		assert_memory_equal(&before, &after, sizeof(before));
		assert_int_not_equal(hv_status.audit.result, JH_AUDIT_VIOLATION);
	}
	assert_in_range(refusals, 20, 50);
}

static void load_without_memory_changes_nothing(void **state)
{
	const struct cell_builder a = cell("a", 1, A_RAM);
	struct picture before, after;

	(void)state;
	assert_int_equal(world_create(&a), 0);
	picture_take(&before);
	while (pool_alloc(1, 1))
		;
	/* Root's tables of this range exist since the create: giving it back needs no memory. */
	assert_int_equal(world_call(JH_HC_CELL_SET_LOADABLE, 1, 0), 0);
	assert_int_equal(world_call(JH_HC_CELL_START, 1, 0), 0);
	picture_take(&after);
	assert_memory_equal(&before, &after, sizeof(before));
	assert_int_equal(world_call(JH_HC_CELL_DESTROY, 1, 0), 0);
	assert_true(root_reaches(A_RAM));
	assert_true(root_reaches(A_RAM + A_SIZE + 0x4000));
}

static bool denied;
static void deny(void)
{
	struct jh_comm *comm = cells[1]->comm;

	if (comm->msg_to_cell != JH_MSG_SHUTDOWN_REQUEST)
		return;
	comm->msg_to_cell = JH_MSG_NONE;
	comm->reply_from_cell = JH_REPLY_DENIED;
	denied = true;
}

static void a_denial_holds_until_it_is_overruled(void **state)
{
	const struct cell_builder a = cell("a", 1, A_RAM);

	(void)state;
	assert_int_equal(world_create(&a), 0);
	assert_int_equal(world_call(JH_HC_CELL_START, 1, 0), 0);
	world.on_relax = deny;
	assert_int_equal(world_call(JH_HC_CELL_DESTROY, 1, 0), -HV_EPERM);
	assert_true(denied);
	assert_string_equal(hv_status.refusal.code, "shutdown-denied");
	assert_false(cells[1]->s2.stopped);
	assert_int_equal(world_call(JH_HC_CELL_FORCE, 1, 3), -HV_EINVAL);
	assert_false(cells[1]->s2.stopped);
	assert_int_equal(world_call(JH_HC_CELL_FORCE, 1, JH_FORCE_NOTHING), -HV_EPERM);
	assert_false(cells[1]->s2.stopped);
	assert_int_equal(world_call(JH_HC_CELL_FORCE, 1, JH_FORCE_SHUTDOWN), 0);
	assert_int_equal(cell_state(cells[1]), JH_CELL_STATE_SHUT_DOWN);
	assert_false(root_reaches(A_RAM));
	assert_int_equal(world.cpu[2].state, CPU_PARKED);
}

static void a_request_keeps_nobody_waiting(void **state)
{
	const struct cell_builder a = cell("a", 1, A_RAM), b = cell("b", 2, B_RAM);
	uint32_t audits;

	(void)state;
	assert_int_equal(world_create(&a), 0);
	assert_int_equal(world_call(JH_HC_CELL_START, 1, 0), 0);
	audits = hv_status.audit.sequence;
	assert_int_equal(hypercall(cpus[0], JH_HC_CELL_DESTROY, 1, 0), -HV_EAGAIN);
	assert_int_equal(hypercall(cpus[0], JH_HC_CELL_START, 1, 0), -HV_EAGAIN);
	assert_int_equal(hv_status.audit.sequence, audits);
	assert_false(cells[1]->s2.stopped);
	assert_int_equal(cells[1]->comm->msg_to_cell, JH_MSG_SHUTDOWN_REQUEST);
	/* Others go on meanwhile, and their news do not cover up the request. */
	assert_int_equal(world_create(&b), 0);
	assert_int_equal(cells[1]->comm->msg_to_cell, JH_MSG_SHUTDOWN_REQUEST);
	assert_int_equal(hypercall(cpus[0], JH_HC_CELL_DESTROY, 1, 0), -HV_EAGAIN);
	world.now += 1000000;	/* a silent cell agrees, when the configuration gives no time after one second */
	assert_int_equal(hypercall(cpus[0], JH_HC_CELL_DESTROY, 1, 0), 0);
	assert_null(cells[1]);
}

static void a_request_that_was_given_up_is_made_again(void **state)
{
	const struct cell_builder a = cell("a", 1, A_RAM);

	(void)state;
	assert_int_equal(world_create(&a), 0);
	assert_int_equal(world_call(JH_HC_CELL_START, 1, 0), 0);
	assert_int_equal(hypercall(cpus[0], JH_HC_CELL_DESTROY, 1, 0), -HV_EAGAIN);
	cells[1]->comm->msg_to_cell = JH_MSG_NONE;
	world.now += 60000000;
	assert_int_equal(hypercall(cpus[0], JH_HC_CELL_DESTROY, 1, 0), -HV_EAGAIN);
	assert_int_equal(cells[1]->comm->msg_to_cell, JH_MSG_SHUTDOWN_REQUEST);
	cells[1]->comm->reply_from_cell = JH_REPLY_APPROVED;
	assert_int_equal(hypercall(cpus[0], JH_HC_CELL_DESTROY, 1, 0), 0);
}

static void a_kick_is_repeated_until_every_cpu_has_parked(void **state)
{
	const struct cell_builder a = cell("a", 1, A_RAM);

	(void)state;
	assert_int_equal(world_create(&a), 0);
	assert_int_equal(world_call(JH_HC_CELL_START, 1, 0), 0);
	world.deaf = 50;
	assert_int_equal(world_call(JH_HC_CELL_FORCE, 1, JH_FORCE_SHUTDOWN), 0);
	/* On its way into the cell, and what was to wake it got lost. */
	world_park(2);
	world.cpu[2].run = RUN_NOW;
	assert_int_equal(world_call(JH_HC_CELL_FORCE, 1, JH_FORCE_SHUTDOWN), 0);
	assert_int_equal(world_call(JH_HC_CELL_START, 1, 0), 0);
	/* A CPU that hears nothing at all is told, and what it has stays with its cell. */
	world.deaf = 1000000;
	assert_int_equal(world_call(JH_HC_CELL_FORCE, 1, JH_FORCE_DESTROY), -HV_EIO);
	assert_string_equal(hv_status.refusal.code, "cpu-stuck");
	assert_false(root_reaches(A_RAM));
	world.deaf = 0;
	assert_int_equal(world_call(JH_HC_CELL_FORCE, 1, JH_FORCE_DESTROY), 0);
}

static void a_lock_holds_until_it_is_overruled(void **state)
{
	const struct cell_builder a = cell("a", 1, A_RAM), b = cell("b", 2, B_RAM);

	(void)state;
	assert_int_equal(world_create(&a), 0);
	assert_int_equal(world_create(&b), 0);
	assert_int_equal(world_call(JH_HC_CELL_START, 1, 0), 0);
	cells[1]->comm->cell_state = JH_CELL_STATE_RUNNING_LOCKED;
	assert_int_equal(world_call(JH_HC_CELL_DESTROY, 2, 0), -HV_EPERM);
	assert_string_equal(hv_status.refusal.code, "configuration-locked");
	assert_int_equal(world_call(JH_HC_CELL_FORCE, 2, JH_FORCE_DESTROY), 0);
	assert_null(cells[2]);
	assert_int_equal(cell_state(cells[1]), JH_CELL_STATE_RUNNING_LOCKED);
}

static void configuration_is_read_only_where_root_may_read(void **state)
{
	static const uint64_t bad[] = { 0,
					WORLD_HV,
					WORLD_HV + WORLD_HV_SIZE - 16,
					WORLD_HV - 100,
					WORLD_GICD,
					WORLD_UART,
					0x200000000,
					0xffffffffffffff00,
					WORLD_HIGH + WORLD_HIGH_SIZE - 131 };
	const struct cell_builder a = cell("a", 1, A_RAM);

	(void)state;
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(world_call(JH_HC_CELL_CREATE, bad[i], 0), -HV_ENOMEM);
		assert_string_equal(hv_status.refusal.code, "configuration-address");
	}
	assert_int_equal(world_create(&a), 0);
	assert_int_equal(world_call(JH_HC_CELL_CREATE, A_RAM, 0), -HV_ENOMEM);
	assert_string_equal(hv_status.refusal.code, "configuration-address");
}

static void ids_and_names_are_unique(void **state)
{
	const struct cell_builder a = cell("a", 1, A_RAM);
	struct cell_builder b = cell("b", 2, B_RAM);

	(void)state;
	assert_int_equal(world_create(&a), 0);
	b.id = 1;
	assert_int_equal(world_create(&b), -HV_EEXIST);
	b.id = 0; /* root's */
	assert_int_equal(world_create(&b), -HV_EEXIST);
	b.id = 256;
	assert_int_equal(world_create(&b), -HV_E2BIG);
	b.id = 2;
	b.name = "a";
	assert_int_equal(world_create(&b), -HV_EEXIST);
	b.name = "root";
	assert_int_equal(world_create(&b), -HV_EEXIST);
}

static void cpu_that_still_runs_is_refused(void **state)
{
	struct cell_builder a = cell("a", 1, A_RAM);

	(void)state;
	a.cpus = 2;
	assert_int_equal(world_create(&a), -HV_EBUSY);
	assert_string_equal(hv_status.refusal.code, "cpu-online");
}

#define CASE(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(create_and_destroy_leave_everything_as_it_was),
		CASE(secrets_of_a_destroyed_cell_are_gone),
		CASE(memory_is_zero_before_root_reaches_it),
		CASE(starting_touches_no_memory_of_the_cell),
		CASE(create_without_memory_changes_nothing),
		CASE(load_without_memory_changes_nothing),
		CASE(a_denial_holds_until_it_is_overruled),
		CASE(a_request_keeps_nobody_waiting),
		CASE(a_request_that_was_given_up_is_made_again),
		CASE(a_kick_is_repeated_until_every_cpu_has_parked),
		CASE(a_lock_holds_until_it_is_overruled),
		CASE(configuration_is_read_only_where_root_may_read),
		CASE(ids_and_names_are_unique),
		CASE(cpu_that_still_runs_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
