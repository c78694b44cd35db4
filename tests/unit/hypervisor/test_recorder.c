// SPDX-License-Identifier: MIT
/* The flight recorder: what memory holds after a reset is believed only where a sum fits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <hv/reason.h>
#include <hv/recorder.h>

#include "cell_builder.h"
#include "hv_world.h"

#define CELL_RAM (WORLD_RAM + 0x10000000)

static uint8_t memory[JH_RECORDER_SIZE] __attribute__((aligned(64)));

static struct jh_record *slot(uint64_t sequence)
{
	return (struct jh_record *)(memory + JH_RECORDER_FIRST) + sequence % JH_RECORDER_RECORDS;
}

static bool kept(uint64_t sequence)
{
	return slot(sequence)->sequence == sequence &&
	       jh_record_valid(slot(sequence), (uint32_t)(sequence % JH_RECORDER_RECORDS));
}

static unsigned int count_valid(void)
{
	unsigned int count = 0;

	for (uint32_t i = 0; i < JH_RECORDER_RECORDS; i++)
		count += jh_record_valid(slot(i), i) != 0;
	return count;
}

static void record_many(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		record(JH_RECORD_START, &root_cell, 0, "number %u", i);
}

static int setup(void **state)
{
	(void)state;
	if (world_start(0))
		return -1;
	memset(memory, 0, sizeof(memory));
	recorder_init(memory);
	return 0;
}

static void foreign_memory_is_no_record(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(memory); i++)
		memory[i] = (uint8_t)(i * 167 + (i >> 8));
	recorder_init(memory);
	assert_int_equal(count_valid(), 0);
	record(JH_RECORD_ENABLE, NULL, 0, "first");
	assert_true(kept(1));
	assert_int_equal(slot(1)->life, 1);
	assert_int_equal(count_valid(), 1);
}

/* A header of another version: what looks like our records may mean something else. */
static void records_below_a_foreign_header_are_forgotten(void **state)
{
	(void)state;
	record_many(3);
	((struct jh_recorder_header *)memory)->version++;
	recorder_init(memory);
	assert_int_equal(count_valid(), 0);
	assert_true(jh_recorder_valid((void *)memory));
}

static void a_record_has_who_when_and_what(void **state)
{
	(void)state;
	world.caller = cpus[2];
	world.now = 1234567;
	record(JH_RECORD_REFUSED, &root_cell, -HV_EBUSY, "%s: %u", "because", 7);
	assert_true(kept(1));
	assert_int_equal(slot(1)->kind, JH_RECORD_REFUSED);
	assert_int_equal(slot(1)->cpu, 2);
	assert_int_equal(slot(1)->cell, 0);
	assert_int_equal(slot(1)->error, -HV_EBUSY);
	assert_int_equal(slot(1)->time_us, 1234567);
	assert_string_equal(slot(1)->cell_name, root_cell.config->name);
	assert_string_equal(slot(1)->text, "because: 7");
}

static void each_record_is_pushed_out_of_the_caches(void **state)
{
	uint64_t before = world.pushed;

	(void)state;
	record(JH_RECORD_ENABLE, NULL, 0, "x");
	assert_int_equal(world.pushed - before, sizeof(struct jh_record));
}

static void the_oldest_give_way(void **state)
{
	(void)state;
	record_many(JH_RECORDER_RECORDS + 5);
	assert_int_equal(count_valid(), JH_RECORDER_RECORDS);
	assert_false(kept(5));
	assert_true(kept(6));
	assert_true(kept(JH_RECORDER_RECORDS + 5));
	assert_string_equal(slot(JH_RECORDER_RECORDS + 5)->text, "number 204");
}

static void the_next_life_goes_on_behind_the_last(void **state)
{
	(void)state;
	record_many(3);
	recorder_init(memory);
	record_many(1);
	assert_int_equal(count_valid(), 4);
	assert_int_equal(slot(3)->life, 1);
	assert_true(kept(4));
	assert_int_equal(slot(4)->life, 2);
}

static void a_changed_record_does_not_count(void **state)
{
	(void)state;
	record_many(3);
	for (size_t byte = 0; byte < sizeof(struct jh_record); byte++) {
		((uint8_t *)slot(2))[byte] ^= 0x10;
		assert_false(kept(2));
		((uint8_t *)slot(2))[byte] ^= 0x10;
	}
	assert_true(kept(2));
}

/* The reset came while the last record was written: some of its bytes are new, others those of a round before. */
static void a_torn_record_does_not_count(void **state)
{
	struct jh_record old;

	(void)state;
	record_many(JH_RECORDER_RECORDS);
	old = *slot(1);
	record_many(1);
	for (size_t written = 8; written < sizeof(old); written += 8) {
		struct jh_record newest = *slot(1);

		memcpy((uint8_t *)slot(1) + written, (uint8_t *)&old + written, sizeof(old) - written);
		if (memcmp(slot(1), &newest, sizeof(newest)) != 0)
			assert_false(kept(JH_RECORDER_RECORDS + 1));
		*slot(1) = newest;
	}
	slot(1)->checksum = 0;
	recorder_init(memory);
	record_many(1);
	/* Its number is given again: nobody can have read it. */
	assert_true(kept(JH_RECORDER_RECORDS + 1));
	assert_int_equal(slot(1)->life, 2);
}

static void a_record_in_the_wrong_slot_does_not_count(void **state)
{
	(void)state;
	record_many(1);
	*slot(9) = *slot(1);
	assert_int_equal(count_valid(), 1);
}

static void long_texts_are_cut(void **state)
{
	char text[400];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	record(JH_RECORD_FAILED, NULL, 0, "%s", text);
	assert_true(kept(1));
	assert_int_equal(strlen(slot(1)->text), sizeof(slot(1)->text) - 1);
	assert_int_equal(slot(1)->cell, JH_RECORD_NO_CELL);
}

/* The next record from sequence on of this kind, or NULL. */
static const struct jh_record *next_of(unsigned int kind, uint64_t *sequence)
{
	for (; kept(*sequence); ++*sequence)
		if (slot(*sequence)->kind == kind)
			return slot((*sequence)++);
	return NULL;
}

static void create_one(void)
{
	const struct cell_builder one = {
		.name = "one", .id = 1, .cpus = 4, .flags = JH_CELL_VIRTUAL_CONSOLE_PERMITTED,
		.memory = { { CELL_RAM, 0, 0x200000, WORLD_RWX | JH_MEM_LOADABLE },
			    { 0, 0x80000000, 0x1000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_COMM_REGION } },
	};

	world_park(2);
	assert_int_equal(world_create(&one), 0);
}

static void a_life_of_a_cell_is_recorded(void **state)
{
	static const unsigned int kinds[] = { JH_RECORD_CREATE, JH_RECORD_LOAD, JH_RECORD_START, JH_RECORD_STOP,
					      JH_RECORD_DESTROY };
	uint64_t sequence = 1;

	(void)state;
	create_one();
	assert_int_equal(world_call(JH_HC_CELL_SET_LOADABLE, 1, 0), 0);
	assert_int_equal(world_call(JH_HC_CELL_START, 1, 0), 0);
	assert_int_equal(world_call(JH_HC_CELL_FORCE, 1, JH_FORCE_SHUTDOWN), 0);
	assert_int_equal(world_call(JH_HC_CELL_DESTROY, 1, 0), 0);
	assert_int_equal(world_call(JH_HC_DISABLE, 0, 0), 0);
	for (unsigned int i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct jh_record *r = next_of(kinds[i], &sequence);

		assert_non_null(r);
		assert_int_equal(r->cell, 1);
		assert_string_equal(r->cell_name, "one");
	}
	assert_non_null(next_of(JH_RECORD_DISABLE, &sequence));
}

static void a_failed_cell_is_recorded_with_its_last_lines(void **state)
{
	static const char output[] = "long ago\nl1\nl2\nl3\nl4\nl5\nl6\nl7\n\033[1mlast";
	const struct jh_record *r;
	uint64_t sequence = 1;

	(void)state;
	create_one();
	assert_int_equal(world_call(JH_HC_CELL_START, 1, 0), 0);
	world.caller = cpus[2];
	for (const char *c = output; *c; c++)
		cell_console_put(cells[1], *c);
	cell_fail(cells[1], "memory-access", "CPU 2: read outside the cell.");
	r = next_of(JH_RECORD_FAILED, &sequence);
	assert_non_null(r);
	assert_string_equal(r->text, "memory-access: CPU 2: read outside the cell.");
	assert_int_equal(r->cpu, 2);
	for (unsigned int i = 1; i <= 7; i++) {
		r = next_of(JH_RECORD_CONSOLE, &sequence);
		assert_non_null(r);
		assert_int_equal(r->text[1], '0' + i);
	}
	assert_string_equal(next_of(JH_RECORD_CONSOLE, &sequence)->text, ".[1mlast");
	assert_null(next_of(JH_RECORD_CONSOLE, &sequence));
}

/* Whatever a cell prints, its failure costs a bounded part of the ring. */
static void a_flood_on_the_console_is_cut(void **state)
{
	uint64_t sequence = 1;
	unsigned int records = 0;

	(void)state;
	create_one();
	assert_int_equal(world_call(JH_HC_CELL_START, 1, 0), 0);
	for (unsigned int i = 0; i < 2 * JH_CELL_RING_SIZE; i++)
		cell_console_put(cells[1], 'x');
	cell_fail(cells[1], "memory-access", "x");
	while (next_of(JH_RECORD_CONSOLE, &sequence))
		records++;
	assert_int_equal(records, 6);
}

static void a_refused_hypercall_is_recorded(void **state)
{
	const struct jh_record *r;
	uint64_t sequence = 1;

	(void)state;
	assert_int_equal(world_call(JH_HC_CELL_START, 9, 0), -HV_ENOENT);
	r = next_of(JH_RECORD_REFUSED, &sequence);
	assert_non_null(r);
	assert_int_equal(r->error, -HV_ENOENT);
	assert_string_equal(r->text, "no-such-cell: There is no cell with id 9.");
}

static void an_audit_is_recorded_when_its_result_is_news(void **state)
{
	const struct jh_record *r;
	uint64_t sequence = 1;

	(void)state;
	world_call(JH_HC_AUDIT, 0, 0);
	assert_null(next_of(JH_RECORD_AUDIT, &sequence));
	assert_int_equal(stage2_map(&root_cell.s2, WORLD_HV, WORLD_HV, 0x1000, JH_MEM_READ | JH_MEM_WRITE), 0);
	sequence = 1;
	world_call(JH_HC_AUDIT, 0, 0);
	world_call(JH_HC_AUDIT, 0, 0);
	r = next_of(JH_RECORD_AUDIT, &sequence);
	assert_true(r && strstr(r->text, "after request: "));
	assert_non_null(next_of(JH_RECORD_AUDIT, &sequence));
}

#define CASE(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(foreign_memory_is_no_record),
		CASE(records_below_a_foreign_header_are_forgotten),
		CASE(a_record_has_who_when_and_what),
		CASE(each_record_is_pushed_out_of_the_caches),
		CASE(the_oldest_give_way),
		CASE(the_next_life_goes_on_behind_the_last),
		CASE(a_changed_record_does_not_count),
		CASE(a_torn_record_does_not_count),
		CASE(a_record_in_the_wrong_slot_does_not_count),
		CASE(long_texts_are_cut),
		CASE(a_life_of_a_cell_is_recorded),
		CASE(a_failed_cell_is_recorded_with_its_last_lines),
		CASE(a_flood_on_the_console_is_cut),
		CASE(a_refused_hypercall_is_recorded),
		CASE(an_audit_is_recorded_when_its_result_is_news),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
