// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "lib/printf.h"

static void numbers_come_in_both_bases(void **state)
{
	char text[64];

	(void)state;
	hv_snprintf(text, sizeof(text), "%d %u %x %lx %%", -7, 4294967295u, 0xbeefu, 0xffffffffffffffffUL);
	assert_string_equal(text, "-7 4294967295 beef ffffffffffffffff %");
}

static void smallest_number_has_its_sign(void **state)
{
	char text[64];

	(void)state;
	hv_snprintf(text, sizeof(text), "%ld", INT64_MIN);
	assert_string_equal(text, "-9223372036854775808");
}

static void width_pads_with_blanks_or_zeroes(void **state)
{
	char text[64];

	(void)state;
	hv_snprintf(text, sizeof(text), "[%4u][%08x]", 42u, 0x1234u);
	assert_string_equal(text, "[  42][00001234]");
}

static void long_text_is_cut_and_terminated(void **state)
{
	char text[8];

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_int_equal(hv_snprintf(text, 5, "%s", "heartbeat"), 4);
	assert_memory_equal(text, "hear\0xxx", 8);
}

static void no_room_writes_nothing(void **state)
{
	char text = 'x';

	(void)state;
	assert_int_equal(hv_snprintf(&text, 0, "%s", "heartbeat"), 0);
	assert_int_equal(text, 'x');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_come_in_both_bases),
		cmocka_unit_test(smallest_number_has_its_sign),
		cmocka_unit_test(width_pads_with_blanks_or_zeroes),
		cmocka_unit_test(long_text_is_cut_and_terminated),
		cmocka_unit_test(no_room_writes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
