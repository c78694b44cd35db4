// SPDX-License-Identifier: MIT
/* Consoles on disk: rotation, gaps, restarts, allowances, and one writer at a time. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "agent_fixture.h"
#include "cell_table.h"
#include "console_log.h"
#include "follow.h"
#include "recorder.h"
#include "world.h"

static char folder[64];

static int folder_open(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/rotunda-record-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int folder_close(void **state)
{
	(void)state;
	console_log_remove_folder(folder);
	return 0;
}

#define LOG_TEST(test) cmocka_unit_test_setup_teardown(test, folder_open, folder_close)

static int files(void)
{
	DIR *directory = opendir(folder);
	int count = 0;

	while (readdir(directory))
		count++;
	closedir(directory);
	return count - 2;
}

/* Every byte tells its offset. */
static void fill(char *buffer, uint64_t offset, size_t size)
{
	for (size_t i = 0; i < size; i++)
		buffer[i] = (char)((offset + i) * 31 >> 3);
}

static void write_at(struct console_log *log, uint64_t offset, size_t size)
{
	char *bytes = malloc(size);

	fill(bytes, offset, size);
	assert_int_equal(console_log_write(log, offset, bytes, size), 0);
	free(bytes);
}

static void reads(struct console_log *log, uint64_t from, uint64_t limit, size_t expected, uint64_t gone)
{
	char got[4096], wanted[4096];
	uint64_t offset = from, lost = 0;

	assert_int_equal(console_log_read(log, &offset, limit, got, sizeof(got), &lost), expected);
	assert_int_equal(lost, gone);
	assert_int_equal(offset, from + gone + expected);
	fill(wanted, from + gone, expected);
	assert_memory_equal(got, wanted, expected);
}

static void what_was_written_is_read_after_a_restart(void **state)
{
	struct console_log *log = console_log_open(folder);
	uint64_t start, end;

	(void)state;
	write_at(log, 0, 1000);
	console_log_close(log);
	log = console_log_open(folder);
	write_at(log, 1000, 1000);
	console_log_bounds(log, &start, &end);
	assert_int_equal(start, 0);
	assert_int_equal(end, 2000);
	reads(log, 500, 2000, 1500, 0);
	reads(log, 500, 600, 100, 0);
	assert_int_equal(files(), 1);
	console_log_close(log);
}

static void a_gap_is_told_to_the_byte(void **state)
{
	struct console_log *log = console_log_open(folder);

	(void)state;
	write_at(log, 100, 50);
	write_at(log, 200, 50);
	reads(log, 0, 1000, 50, 100);
	reads(log, 120, 1000, 30, 0);
	reads(log, 150, 1000, 50, 50);
	reads(log, 250, 1000, 0, 750);
	console_log_close(log);
}

static void old_segments_go(void **state)
{
	struct console_log *log = console_log_open(folder);
	uint64_t start, end;

	(void)state;
	for (uint64_t at = 0; at < 3 * CONSOLE_LOG_BYTES; at += 16384)
		write_at(log, at, 16384);
	console_log_bounds(log, &start, &end);
	assert_int_equal(end, 3 * CONSOLE_LOG_BYTES);
	assert_true(end - start <= CONSOLE_LOG_BYTES && end - start >= CONSOLE_LOG_BYTES - CONSOLE_LOG_SEGMENT);
	reads(log, start, end, 4096, 0);
	assert_int_equal(files(), CONSOLE_LOG_BYTES / CONSOLE_LOG_SEGMENT);
	/* Many small pieces are bounded by their number. */
	for (uint64_t i = 1; i <= 200; i++)
		write_at(log, end + i * 100, 10);
	assert_true(files() <= CONSOLE_LOG_SEGMENTS);
	console_log_close(log);
}

static void foreign_and_empty_files_do_no_harm(void **state)
{
	struct console_log *log;
	uint64_t start, end;
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/0000000000000400", folder);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	snprintf(path, sizeof(path), "%s/README", folder);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	log = console_log_open(folder);
	console_log_bounds(log, &start, &end);
	assert_int_equal(start, end);
	write_at(log, 7, 3);
	reads(log, 7, 10, 3, 0);
	console_log_close(log);
}

static void a_stream_is_known_again(void **state)
{
	struct console_log *log = console_log_open(folder);
	uint64_t base = 0;

	(void)state;
	assert_false(console_log_stream(log, "boot-1", &base));
	console_log_set_stream(log, "boot-1", 4711);
	assert_true(console_log_stream(log, "boot-1", &base));
	assert_int_equal(base, 4711);
	assert_false(console_log_stream(log, "boot-2", &base));
	console_log_close(log);
}

static void no_news(void *context, bool now)
{
	*(int *)context += now ? 100 : 1;
}

static void a_console_goes_on_where_its_record_ends(void **state)
{
	struct console *console = console_new(16);
	uint64_t offset = 0, lost, behind;
	char buffer[64];
	int news = 0;

	(void)state;
	console_attach(console, console_log_open(folder), no_news, &news);
	console_append(console, "first words", 11);
	assert_true(news >= 100); /* more than half of the ring */
	assert_int_equal(console_record(console, 1000, buffer, sizeof(buffer), &behind), 11);
	assert_int_equal(behind, 0);
	console_append(console, ", then others", 13);
	assert_int_equal(console_read(console, &offset, buffer, sizeof(buffer), &lost), 8); /* from disk */
	assert_memory_equal(buffer, "first wo", 8);
	assert_int_equal(lost, 0);
	assert_int_equal(console_read(console, &offset, buffer, sizeof(buffer), &lost), 16); /* from memory */
	assert_memory_equal(buffer, "rds, then others", 16);
	assert_int_equal(console_record(console, 1000, buffer, sizeof(buffer), &behind), 13);
	console_release(console);

	console = console_new(16);
	console_attach(console, console_log_open(folder), no_news, &news);
	console_append(console, "!", 1);
	offset = 0;
	assert_int_equal(console_read(console, &offset, buffer, sizeof(buffer), &lost), 24);
	assert_memory_equal(buffer, "first words, then others", 24);
	assert_int_equal(console_read(console, &offset, buffer, sizeof(buffer), &lost), 1);
	assert_int_equal(offset, 25);
	console_release(console);
}

static void what_was_not_recorded_is_counted(void **state)
{
	struct console *console = console_new(16);
	struct console_view view;
	uint64_t behind;
	char buffer[8];
	int news = 0;

	(void)state;
	console_attach(console, console_log_open(folder), no_news, &news);
	console_append(console, "0123456789abcdef", 16);
	assert_int_equal(console_record(console, 4, buffer, sizeof(buffer), &behind), 4);
	assert_int_equal(behind, 12);
	console_append(console, "ghijklmnop", 10);
	assert_int_equal(console_record(console, 100, buffer, sizeof(buffer), &behind), 16);
	console_view(console, &view);
	assert_int_equal(view.unrecorded, 6);
	/* What the driver lost is not counted twice. */
	console_lost(console, 1000);
	console_append(console, "q", 1);
	assert_int_equal(console_record(console, 100, buffer, sizeof(buffer), &behind), 1);
	console_view(console, &view);
	assert_int_equal(view.unrecorded, 6);
	assert_int_equal(view.lost, 1000);
	console_release(console);
}

static void a_full_disk_costs_the_record_only(void **state)
{
	char buffer[8], path[64];
	struct console *console = console_new(64);
	struct console_view view;
	uint64_t offset = 0, lost, behind;
	int news = 0;

	(void)state;
	snprintf(path, sizeof(path), "/proc/rotunda-nowhere"); /* nobody can make a folder there, root neither */
	console_attach(console, console_log_open(path), no_news, &news);
	console_append(console, "words", 5);
	console_record(console, 100, buffer, sizeof(buffer), &behind);
	assert_int_equal(behind, 0);
	console_view(console, &view);
	assert_int_equal(view.unrecorded, 5);
	assert_int_equal(console_read(console, &offset, buffer, sizeof(buffer), &lost), 5);
	console_release(console);
}

static void one_writes_at_a_time(void **state)
{
	size_t taken;
	struct console *console = console_new(64);
	struct console_view view;
	int anna = 0, ben = 0, pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	console_set_input(console, pair[0]);
	assert_int_equal(console_input(console, &anna, "anna", "a", 1, &taken), 0);
	assert_int_equal(console_input(console, &ben, "ben", "b", 1, &taken), -EBUSY);
	console_view(console, &view);
	assert_string_equal(view.writer_name, "anna");
	assert_int_equal(view.writer_changes, 1);
	console_take(console, &ben, "ben");
	assert_int_equal(console_input(console, &anna, "anna", "a", 1, &taken), -EBUSY);
	assert_int_equal(console_input(console, &ben, "ben", "b", 1, &taken), 0);
	console_leave(console, &anna); /* has nothing to give back */
	console_view(console, &view);
	assert_string_equal(view.writer_name, "ben");
	console_leave(console, &ben);
	assert_int_equal(console_input(console, &anna, "anna", "a", 1, &taken), 0);
	close(pair[0]);
	close(pair[1]);
	console_release(console);
}

static bool recorded(struct fixture *fixture, const char *text)
{
	char path[192], bytes[256];
	ssize_t count = 0;
	int fd;

	snprintf(path, sizeof(path), "%s/consoles/beat/0000000000000000", fixture->world.data);
	for (int tries = 0; tries < 4000; tries++) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		count = fd >= 0 ? read(fd, bytes, sizeof(bytes) - 1) : 0;
		if (fd >= 0)
			close(fd);
		bytes[count > 0 ? count : 0] = '\0';
		if (strstr(bytes, text))
			return true;
		usleep(5000);
	}
	return false;
}

static void cells_are_recorded_while_nobody_watches(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call(fixture, api_cell_start), 200);
	world_say(&fixture->world, "beat", "nobody hears me");
	assert_true(recorded(fixture, "nobody hears me"));
	assert_int_equal(call(fixture, api_cell_destroy), 200);
}

static void a_deleted_cell_leaves_nothing(void **state)
{
	struct fixture *fixture = *state;
	char path[192];

	ready(fixture);
	assert_int_equal(call(fixture, api_cell_start), 200);
	world_say(&fixture->world, "beat", "secret");
	assert_true(recorded(fixture, "secret"));
	assert_int_equal(call(fixture, api_cell_destroy), 200);
	assert_int_equal(call(fixture, api_cell_delete), 204);
	snprintf(path, sizeof(path), "%s/consoles/beat", fixture->world.data);
	assert_int_equal(access(path, F_OK), -1);
}

static void a_cell_that_says_too_much_is_told_and_others_are_recorded(void **state)
{
	struct fixture *fixture = *state;
	struct console *loud, *quiet;
	const struct store_event *event;
	char *words = calloc(1, CONSOLE_KEPT);
	struct console_view view;

	assert_int_equal(call_body(fixture, api_cell_create, "", WORLD_DEFINITION), 201);
	loud = follow_take(&fixture->agent, "beat");
	quiet = follow_take(&fixture->agent, "quiet");
	for (int i = 0; i < 3 * RECORDER_BURST / CONSOLE_KEPT; i++)
		console_append(loud, words, CONSOLE_KEPT);
	console_append(quiet, "hm", 2);
	for (int i = 0; !(event = fixture_event(fixture, "console-unrecorded")) && i < 3; i++)
		console_append(loud, words, CONSOLE_KEPT);
	assert_non_null(event);
	assert_string_equal(event->cell, "beat");
	console_view(quiet, &view);
	assert_int_equal(view.unrecorded, 0);
	console_release(loud);
	console_release(quiet);
	free(words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOG_TEST(what_was_written_is_read_after_a_restart),
		LOG_TEST(a_gap_is_told_to_the_byte),
		LOG_TEST(old_segments_go),
		LOG_TEST(foreign_and_empty_files_do_no_harm),
		LOG_TEST(a_stream_is_known_again),
		LOG_TEST(a_console_goes_on_where_its_record_ends),
		LOG_TEST(what_was_not_recorded_is_counted),
		LOG_TEST(a_full_disk_costs_the_record_only),
		cmocka_unit_test(one_writes_at_a_time),
		FIXTURE_TEST(cells_are_recorded_while_nobody_watches),
		FIXTURE_TEST(a_deleted_cell_leaves_nothing),
		FIXTURE_TEST(a_cell_that_says_too_much_is_told_and_others_are_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
