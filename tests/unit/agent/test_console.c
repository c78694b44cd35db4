// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector.h"

static void old_output_goes_and_its_loss_is_told(void **state)
{
	struct console *console = console_new(8);
	struct console_view view;
	uint64_t offset = 0, lost;
	char buffer[16];

	(void)state;
	console_append(console, "0123456789ab", 12);
	console_view(console, &view);
	assert_int_equal(view.start, 4);
	assert_int_equal(view.end, 12);
	assert_int_equal(console_read(console, &offset, buffer, sizeof(buffer), &lost), 8);
	assert_memory_equal(buffer, "456789ab", 8);
	assert_int_equal(lost, 4);
	assert_int_equal(offset, 12);
	console_release(console);
}

static void a_gap_of_the_ring_moves_the_offsets(void **state)
{
	struct console *console = console_new(8);
	uint64_t offset = 0, lost;
	char buffer[16];

	(void)state;
	console_append(console, "abc", 3);
	console_lost(console, 100);
	console_append(console, "def", 3);
	assert_int_equal(console_read(console, &offset, buffer, sizeof(buffer), &lost), 3);
	assert_memory_equal(buffer, "def", 3);
	assert_int_equal(lost, 103);
	assert_int_equal(offset, 106);
	console_release(console);
}

static void an_offset_from_the_future_starts_at_the_end(void **state)
{
	struct console *console = console_new(8);
	uint64_t offset = 99, lost;
	char buffer[4];

	(void)state;
	console_append(console, "abc", 3);
	assert_int_equal(console_read(console, &offset, buffer, sizeof(buffer), &lost), 0);
	assert_int_equal(offset, 3);
	console_release(console);
}

static void last_line_is(const char *output, const char *expected)
{
	struct console *console = console_new(1024);
	char line[CONSOLE_LINE];

	console_append(console, output, strlen(output));
	console_last_line(console, line, sizeof(line));
	assert_string_equal(line, expected);
	console_release(console);
}

static void the_last_line_is_the_last_that_says_something(void **state)
{
	(void)state;
	last_line_is("", "");
	last_line_is("\r\n\r\n", "");
	last_line_is("one\r\ntwo\r\n \r\n", "two");
	last_line_is("one\nlogin: ", "login:");
}

static void the_last_line_is_text(void **state)
{
	(void)state;
	last_line_is("\x1b[1;32mgreen\x1b[0m and\x07 \tplain\x1b[", "green and plain");
	last_line_is("温度 21°", "温度 21°");
	last_line_is("a\xff\xc0\xaf"
		     "b\xe6\xb8",
		     "a???b??");
	last_line_is("surrogate \xed\xa0\x80", "surrogate ???");
}

static void a_long_last_line_is_cut_between_characters(void **state)
{
	struct console *console = console_new(4096);
	char line[CONSOLE_LINE];

	(void)state;
	for (int i = 0; i < 300; i++)
		console_append(console, "\xe6\xb8\xa9", 3);
	console_last_line(console, line, sizeof(line));
	assert_int_equal(strlen(line) % 3, 0);
	assert_memory_equal(line, "\xe6\xb8\xa9", 3);
	assert_null(strchr(line, '?'));
	console_release(console);
}

static void the_collector_reads_to_the_end_and_lets_go(void **state)
{
	struct collector *collector = collector_start();
	struct console *console = console_new(64);
	struct console_view view;
	int pair[2];
	char input[8];
	size_t taken;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(collector_follow(collector, "beat", console, pair[0]), 0);
	assert_int_equal(console_input(console, state, "anna", "hi", 2, &taken), 0);
	assert_int_equal(taken, 2);
	assert_int_equal(read(pair[1], input, sizeof(input)), 2);
	assert_int_equal(write(pair[1], "last words", 10), 10);
	close(pair[1]);
	for (int i = 0; i < 200 && collector_follows(collector, "beat"); i++)
		usleep(10000);
	assert_false(collector_follows(collector, "beat"));
	console_view(console, &view);
	assert_int_equal(view.end, 10);
	assert_true(console_input(console, state, "anna", "x", 1, &taken) < 0);
	assert_int_equal(taken, 0);
	console_release(console);
	collector_stop(collector);
}

static void what_does_not_fit_is_told_to_the_byte(void **state)
{
	struct console *console = console_new(64);
	static char much[1 << 20], read_back[1 << 20];
	size_t taken, again;
	int pipes[2];

	(void)state;
	assert_int_equal(pipe2(pipes, O_NONBLOCK), 0);
	console_set_input(console, pipes[1]);
	assert_int_equal(console_input(console, state, "anna", much, sizeof(much), &taken), -EAGAIN);
	assert_true(taken > 0 && taken < sizeof(much));
	assert_int_equal(console_input(console, state, "anna", much, sizeof(much), &again), -EAGAIN);
	assert_int_equal(again, 0);
	assert_int_equal(read(pipes[0], read_back, sizeof(read_back)), taken);
	close(pipes[0]);
	close(pipes[1]);
	console_release(console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(old_output_goes_and_its_loss_is_told),
		cmocka_unit_test(a_gap_of_the_ring_moves_the_offsets),
		cmocka_unit_test(an_offset_from_the_future_starts_at_the_end),
		cmocka_unit_test(the_last_line_is_the_last_that_says_something),
		cmocka_unit_test(the_last_line_is_text),
		cmocka_unit_test(a_long_last_line_is_cut_between_characters),
		cmocka_unit_test(the_collector_reads_to_the_end_and_lets_go),
		cmocka_unit_test(what_does_not_fit_is_told_to_the_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
