// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <hv/pool.h>

#define PAGE	0x1000u
#define PAGES	100u

static int fresh_pool(void **state)
{
	uint8_t *memory = aligned_alloc(64 * PAGE, 128 * PAGE);

	if (!memory)
		return -1;
	memset(memory, 0xa5, 128 * PAGE);
	pool_init(memory, PAGES * PAGE);
	*state = memory;
	return 0;
}

static int free_memory(void **state)
{
	free(*state);
	return 0;
}

static void bitmap_counts_as_used(void **state)
{
	(void)state;
	assert_int_equal(pool_total(), PAGES);
	assert_int_equal(pool_used(), 1);
}

static void pages_come_zeroed(void **state)
{
	static const uint8_t zero[PAGE];

	(void)state;
	assert_memory_equal(pool_alloc(1, 1), zero, PAGE);
}

static void freed_pages_come_zeroed_again(void **state)
{
	static const uint8_t zero[PAGE];
	uint8_t *page = pool_alloc(1, 1);

	(void)state;
	memset(page, 0x5a, PAGE);
	pool_free(page, 1);
	assert_ptr_equal(pool_alloc(1, 1), page);
	assert_memory_equal(page, zero, PAGE);
}

static void every_page_is_given_once(void **state)
{
	uint8_t seen[PAGES] = { 0 };
	uint8_t *page;

	for (unsigned int i = 1; i < PAGES; i++) {
		page = pool_alloc(1, 1);
		assert_non_null(page);
		assert_int_equal(seen[(page - (uint8_t *)*state) / PAGE]++, 0);
	}
	assert_int_equal(seen[0], 0);
	assert_int_equal(pool_used(), PAGES);
	assert_null(pool_alloc(1, 1));
}

static void nothing_beyond_the_end_is_written(void **state)
{
	const uint8_t *end = (uint8_t *)*state + PAGES * PAGE;

	while (pool_alloc(1, 1))
		;
	for (unsigned int i = 0; i < 28 * PAGE; i++)
		assert_int_equal(end[i], 0xa5);
}

static void alignment_holds_for_the_address(void **state)
{
	(void)state;
	for (size_t align = 1; align <= 32; align *= 2)
		assert_int_equal((uintptr_t)pool_alloc(1, align) % (align * PAGE), 0);
}

static void run_skips_holes_that_are_too_small(void **state)
{
	uint8_t *first = pool_alloc(1, 1), *second = pool_alloc(2, 1), *third = pool_alloc(1, 1), *run;

	(void)state;
	assert_non_null(first);
	pool_free(second, 2);
	run = pool_alloc(3, 1);
	assert_true(run > third);
	assert_ptr_equal(pool_alloc(2, 1), second);
}

static void too_large_a_run_is_refused_and_takes_nothing(void **state)
{
	(void)state;
	assert_null(pool_alloc(PAGES, 1));
	assert_int_equal(pool_used(), 1);
	assert_non_null(pool_alloc(PAGES - 1, 1));
}

static void freeing_nothing_is_harmless(void **state)
{
	(void)state;
	pool_free(NULL, 1);
	assert_int_equal(pool_used(), 1);
}

static void use_is_back_where_it_was_after_freeing(void **state)
{
	void *a = pool_alloc(7, 1), *b = pool_alloc(2, 2);

	(void)state;
	assert_int_equal(pool_used(), 10);
	pool_free(a, 7);
	pool_free(b, 2);
	assert_int_equal(pool_used(), 1);
	assert_non_null(pool_alloc(PAGES - 1, 1));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fresh_pool, free_memory)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(bitmap_counts_as_used),
		CASE(pages_come_zeroed),
		CASE(freed_pages_come_zeroed_again),
		CASE(every_page_is_given_once),
		CASE(nothing_beyond_the_end_is_written),
		CASE(alignment_holds_for_the_address),
		CASE(run_skips_holes_that_are_too_small),
		CASE(too_large_a_run_is_refused_and_takes_nothing),
		CASE(freeing_nothing_is_harmless),
		CASE(use_is_back_where_it_was_after_freeing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
