// SPDX-License-Identifier: MIT
/* Each test gets a fresh file; the tables of other people are made with SQLite itself. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "db_file.h"

static struct db_cell cell_named(const char *name, const char *definition)
{
	struct db_cell cell = { .definition = (char *)(uintptr_t)definition };

	snprintf(cell.name, sizeof(cell.name), "%s", name);
	return cell;
}

static void get_unknown_cell_is_enoent(void **state)
{
	struct db_cell cell = { .version = 7 };

	assert_int_equal(db_cell_get(*state, "none", &cell), -ENOENT);
	assert_int_equal(cell.version, 7);
	assert_int_equal(db_cell_delete(*state, "none", -1), -ENOENT);
	assert_int_equal(db_cell_set_start_at_boot(*state, "none", true, -1), -ENOENT);
}

static void a_cell_is_kept_over_a_restart(void **state)
{
	struct db_cell cell = cell_named("beat", "{\"text\":\"'; DROP TABLE cell; --\"}"), read;

	assert_int_equal(db_cell_put(*state, &cell, 0), 0);
	assert_int_equal(cell.version, 1);
	assert_int_equal(db_cell_set_start_at_boot(*state, "beat", true, -1), 0);
	db_close(*state);
	*state = NULL;
	assert_int_equal(db_open((struct db **)state, db_file_path), 0);
	assert_int_equal(db_cell_get(*state, "beat", &read), 0);
	assert_string_equal(read.definition, cell.definition);
	assert_true(read.start_at_boot);
	free(read.definition);
}

static void revisions_tell_writers_apart(void **state)
{
	struct db_cell cell = cell_named("beat", "{}"), read;
	int64_t first, second;

	assert_int_equal(db_cell_put(*state, &cell, 3), -ESTALE);
	assert_int_equal(db_cell_put(*state, &cell, 0), 0);
	first = cell.revision;
	assert_true(first > 0);
	assert_int_equal(db_cell_put(*state, &cell, 0), -EEXIST);
	assert_int_equal(db_cell_put(*state, &cell, first), 0);
	second = cell.revision;
	assert_true(second > first);
	assert_int_equal(db_cell_put(*state, &cell, first), -ESTALE);
	assert_int_equal(cell.revision, second);
	assert_int_equal(db_cell_set_start_at_boot(*state, "beat", true, first), -ESTALE);
	assert_int_equal(db_cell_set_start_at_boot(*state, "beat", true, second), 0);
	assert_int_equal(db_cell_delete(*state, "beat", second), -ESTALE);
	assert_int_equal(db_cell_get(*state, "beat", &read), 0);
	assert_true(read.start_at_boot && read.revision > second);
	free(read.definition);
	assert_int_equal(db_cell_delete(*state, "beat", read.revision), 0);
}

static void last_words_are_kept_with_the_newest_failures(void **state)
{
	struct db_event event = { .severity = "error", .kind = "cell-failed", .words = "{}" }, read;
	char *words;

	for (int i = 0; i <= DB_WORDS_KEPT; i++)
		assert_int_equal(db_event_add(*state, &event), 0);
	event.words = NULL;
	assert_int_equal(db_event_add(*state, &event), 0);
	assert_int_equal(db_event_get(*state, 1, &read, &words), 0);
	assert_string_equal(read.kind, "cell-failed");
	assert_null(words);
	assert_int_equal(db_event_get(*state, 2, &read, &words), 0);
	assert_string_equal(words, "{}");
	free(words);
	assert_int_equal(db_event_get(*state, DB_WORDS_KEPT + 2, &read, &words), 0);
	assert_null(words);
	assert_int_equal(db_event_get(*state, 9999, &read, &words), -ENOENT);
}

static void presets_have_versions_and_tell_writers_apart(void **state)
{
	struct db_preset preset = { .name = "line", .body = (char *)(uintptr_t)"{}" }, read;
	int64_t first;

	assert_int_equal(db_preset_get(*state, "line", &read), -ENOENT);
	assert_int_equal(db_preset_delete(*state, "line", -1), -ENOENT);
	assert_int_equal(db_preset_put(*state, &preset, 3), -ENOENT);
	assert_int_equal(db_preset_put(*state, &preset, 0), 0);
	assert_int_equal(preset.version, 1);
	first = preset.revision;
	assert_int_equal(db_preset_put(*state, &preset, 0), -EEXIST);
	assert_int_equal(db_preset_put(*state, &preset, first), 0);
	assert_int_equal(preset.version, 2);
	assert_int_equal(db_preset_put(*state, &preset, first), -ESTALE);
	assert_int_equal(db_preset_delete(*state, "line", first), -ESTALE);
	assert_int_equal(db_preset_get(*state, "line", &read), 0);
	assert_int_equal(read.version, 2);
	assert_string_equal(read.body, "{}");
	free(read.body);
	assert_int_equal(db_preset_delete(*state, "line", preset.revision), 0);
	assert_int_equal(db_preset_put(*state, &preset, 0), 0);
	assert_true(preset.version == 1 && preset.revision > first + 1);
}

static void a_version_is_a_definition_and_a_revision_any_write(void **state)
{
	struct db_cell cell = cell_named("beat", "{}"), changed = cell_named("beat", "{\"a\":1}");
	int64_t last;

	assert_int_equal(db_cell_put(*state, &cell, 0), 0);
	assert_int_equal(cell.version, 1);
	assert_int_equal(db_cell_put(*state, &cell, -1), 0);
	assert_int_equal(cell.version, 1);
	assert_int_equal(db_cell_put(*state, &changed, -1), 0);
	assert_int_equal(changed.version, 2);
	last = changed.revision;
	assert_int_equal(db_cell_delete(*state, "beat", -1), 0);
	assert_int_equal(db_cell_put(*state, &cell, 0), 0);
	assert_int_equal(cell.version, 1);
	/* What somebody has read of the deleted one fits no other that has its name. */
	assert_true(cell.revision > last);
}

struct history {
	char text[128];
	int count;
};

static int note_version(void *context, const struct db_cell_version *version)
{
	struct history *history = context;
	size_t used = strlen(history->text);

	history->count++;
	snprintf(history->text + used, sizeof(history->text) - used, "%d %s %s,", (int)version->version,
		 version->author, version->definition);
	return 0;
}

static void definitions_that_were_are_kept_with_their_author(void **state)
{
	struct db_cell cell = cell_named("beat", "{}");
	struct history history = { 0 };
	struct db_cell_version version = { .version = 7 };

	snprintf(cell.author, sizeof(cell.author), "ann");
	assert_int_equal(db_cell_put(*state, &cell, -1), 0);
	assert_int_equal(db_cell_put(*state, &cell, -1), 0);
	cell.definition = (char[]){ "[]" };
	snprintf(cell.author, sizeof(cell.author), "bob");
	assert_int_equal(db_cell_put(*state, &cell, 1), -ESTALE);
	assert_int_equal(db_cell_put(*state, &cell, -1), 0);
	assert_int_equal(db_cell_version_each(*state, "beat", note_version, &history), 0);
	assert_string_equal(history.text, "2 bob [],1 ann {},");
	assert_int_equal(db_cell_version_get(*state, "beat", 3, &version), -ENOENT);
	assert_int_equal(version.version, 7);
	assert_int_equal(db_cell_version_get(*state, "beat", 1, &version), 0);
	assert_true(version.time > 0);
	assert_string_equal(version.definition, "{}");
	free(version.definition);
	assert_int_equal(db_cell_delete(*state, "beat", -1), 0);
	history = (struct history){ 0 };
	assert_int_equal(db_cell_version_each(*state, "beat", note_version, &history), 0);
	assert_int_equal(history.count, 0);
}

static void the_history_of_a_cell_is_bounded(void **state)
{
	struct db_cell cell = cell_named("beat", "{}");
	struct history history = { 0 };
	char text[32];

	cell.definition = text;
	for (int i = 1; i <= DB_VERSIONS_KEPT + 5; i++) {
		snprintf(text, sizeof(text), "{\"n\":%d}", i);
		assert_int_equal(db_cell_put(*state, &cell, -1), 0);
	}
	assert_int_equal(db_cell_version_each(*state, "beat", note_version, &history), 0);
	assert_int_equal(history.count, DB_VERSIONS_KEPT);
	assert_non_null(strstr(history.text, "105  {\"n\":105},104"));
}

static int count_cells(void *context, const struct db_cell *cell)
{
	(void)cell;
	++*(int *)context;
	return 0;
}

static int stop_at_once(void *context, const struct db_cell *cell)
{
	(void)cell;
	++*(int *)context;
	return -EINTR;
}

static void a_walk_can_be_ended(void **state)
{
	struct db_cell one = cell_named("a", "{}"), two = cell_named("b", "{}");
	int count = 0;

	db_cell_put(*state, &one, 0);
	db_cell_put(*state, &two, 0);
	assert_int_equal(db_cell_each(*state, count_cells, &count), 0);
	assert_int_equal(count, 2);
	assert_int_equal(db_cell_each(*state, stop_at_once, &count), -EINTR);
	assert_int_equal(count, 3);
}

static void images_are_replaced_by_name(void **state)
{
	struct db_image image = { .name = "beat.bin", .sha256 = "00", .size = 1ull << 33, .created = 5 }, read;

	assert_int_equal(db_image_put(*state, &image), 0);
	image.size++;
	assert_int_equal(db_image_put(*state, &image), 0);
	assert_int_equal(db_image_get(*state, "beat.bin", &read), 0);
	assert_true(read.size == (1ull << 33) + 1);
	assert_int_equal(db_image_delete(*state, "beat.bin"), 0);
	assert_int_equal(db_image_delete(*state, "beat.bin"), -ENOENT);
}

static int last_id(void *context, const struct db_event *event)
{
	*(int64_t *)context = event->id;
	return 0;
}

static int count_events(void *context, const struct db_event *event)
{
	(void)event;
	++*(int *)context;
	return 0;
}

static void events_are_paged_and_filtered(void **state)
{
	struct db_event event = { .severity = "info", .kind = "k", .detail = "d" };
	struct db_event_filter filter = { 0 };
	int64_t id = 0;
	int count = 0;

	for (int i = 0; i < 10; i++) {
		snprintf(event.cell, sizeof(event.cell), "%s", i % 2 ? "odd" : "even");
		assert_int_equal(db_event_add(*state, &event), 0);
	}
	filter.limit = 3;
	assert_int_equal(db_event_each(*state, &filter, last_id, &id), 0);
	assert_int_equal(id, 8);
	filter.before = id;
	assert_int_equal(db_event_each(*state, &filter, last_id, &id), 0);
	assert_int_equal(id, 5);
	filter = (struct db_event_filter){ .after = 4, .limit = 3, .oldest_first = true };
	assert_int_equal(db_event_each(*state, &filter, last_id, &id), 0);
	assert_int_equal(id, 7);
	filter = (struct db_event_filter){ .cell = "odd", .limit = 100 };
	assert_int_equal(db_event_each(*state, &filter, count_events, &count), 0);
	assert_int_equal(count, 5);
}

static void counts(struct db *db, const struct db_event_filter *filter, int expected)
{
	int count = 0;

	assert_int_equal(db_event_each(db, filter, count_events, &count), 0);
	assert_int_equal(count, expected);
}

static void events_are_found_by_what_they_are(void **state)
{
	static const struct db_event events[] = {
		{ .severity = "info", .kind = "cell-started", .cell = "a", .actor = "admin" },
		{ .severity = "warning", .kind = "stop-forced", .cell = "a" },
		{ .severity = "error", .kind = "cell-failed", .cell = "b" },
		{ .severity = "info", .kind = "cell-started", .cell = "b", .actor = "fleet" },
	};

	for (size_t i = 0; i < 4; i++)
		assert_int_equal(db_event_add(*state, &events[i]), 0);
	counts(*state, &(struct db_event_filter){ .limit = 9 }, 4);
	counts(*state, &(struct db_event_filter){ .severity = 1, .limit = 9 }, 2);
	counts(*state, &(struct db_event_filter){ .severity = 2, .limit = 9 }, 1);
	counts(*state, &(struct db_event_filter){ .kind = "cell-started", .limit = 9 }, 2);
	counts(*state, &(struct db_event_filter){ .kind = "cell-started", .actor = "fleet", .limit = 9 }, 1);
	counts(*state, &(struct db_event_filter){ .cell = "a", .severity = 2, .limit = 9 }, 0);
}

static void settings_are_kept(void **state)
{
	char value[8] = "old";

	assert_int_equal(db_setting_get(*state, "k", value, sizeof(value)), -ENOENT);
	assert_string_equal(value, "old");
	assert_int_equal(db_setting_put(*state, "k", "1"), 0);
	assert_int_equal(db_setting_put(*state, "k", "2"), 0);
	assert_int_equal(db_setting_get(*state, "k", value, sizeof(value)), 0);
	assert_string_equal(value, "2");
}

struct places {
	char text[256];
};

static int print_place(void *context, const struct db_placement *placement)
{
	struct places *places = context;
	size_t used = strlen(places->text);

	snprintf(places->text + used, sizeof(places->text) - used, "%s %llx+%llx,", placement->cell,
		 (unsigned long long)placement->start, (unsigned long long)placement->size);
	return 0;
}

static void places_are(struct db *db, const char *text)
{
	struct places places = { "" };

	assert_int_equal(db_placement_each(db, print_place, &places), 0);
	assert_string_equal(places.text, text);
}

static void places_go_with_their_cell(void **state)
{
	struct db_placement two[] = { { .start = 0x9000, .size = 1 }, { .start = UINT64_MAX, .size = 2 } };
	struct db_cell cell = cell_named("a", "{}"), other = cell_named("b", "{}");

	assert_int_equal(db_placement_set(*state, "a", two, 2), -ENOENT);
	places_are(*state, "");
	assert_int_equal(db_cell_put(*state, &other, 0), 0);
	assert_int_equal(db_cell_put(*state, &cell, 0), 0);
	assert_int_equal(db_placement_set(*state, "b", two, 1), 0);
	assert_int_equal(db_placement_set(*state, "a", two, 2), 0);
	places_are(*state, "a 9000+1,a ffffffffffffffff+2,b 9000+1,");
	assert_int_equal(db_cell_put(*state, &cell, -1), 0);
	assert_int_equal(db_placement_set(*state, "a", two + 1, 1), 0);
	places_are(*state, "a ffffffffffffffff+2,b 9000+1,");
	assert_int_equal(db_placement_set(*state, "b", NULL, 0), 0);
	assert_int_equal(db_cell_delete(*state, "a", -1), 0);
	places_are(*state, "");
}

static void exec_outside(const char *sql)
{
	sqlite3 *sqlite;

	assert_int_equal(sqlite3_open(db_file_path, &sqlite), SQLITE_OK);
	assert_int_equal(sqlite3_exec(sqlite, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(sqlite);
}

static void a_database_of_others_is_left_alone(void **state)
{
	struct db *db = NULL;

	db_close(*state);
	*state = NULL;
	unlink(db_file_path);
	exec_outside("CREATE TABLE theirs (x)");
	assert_int_equal(db_open(&db, db_file_path), -EPROTO);
	exec_outside("INSERT INTO theirs VALUES (1)");
}

static void what_is_no_database_is_refused(void **state)
{
	struct db *db = NULL;
	FILE *file;

	db_close(*state);
	*state = NULL;
	file = fopen(db_file_path, "w");
	for (int i = 0; i < 1000; i++)
		fputs("no database ", file);
	fclose(file);
	assert_int_equal(db_open(&db, db_file_path), -EPROTO);
}

/* Writes until it is killed; says each number only after the store has acknowledged it. */
static void write_for_ever(int out)
{
	struct db *db = NULL;
	char text[16];

	if (db_open(&db, db_file_path) != 0)
		_exit(1);
	for (int i = 1;; i++) {
		snprintf(text, sizeof(text), "%d", i);
		if (db_setting_put(db, "n", text) != 0 || write(out, &i, sizeof(i)) != sizeof(i))
			_exit(1);
	}
}

static void a_killed_writer_loses_nothing_acknowledged(void **state)
{
	for (int round = 0; round < 5; round++) {
		int out[2], said = 0;
		char value[16] = "0";
		pid_t child;

		db_close(*state);
		*state = NULL;
		assert_int_equal(pipe(out), 0);
		child = fork();
		if (child == 0)
			write_for_ever(out[1]);
		close(out[1]);
		usleep(50000 + round * 7000);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		while (read(out[0], &said, sizeof(said)) == sizeof(said))
			;
		close(out[0]);
		assert_int_equal(db_open((struct db **)state, db_file_path), 0);
		if (said)
			assert_int_equal(db_setting_get(*state, "n", value, sizeof(value)), 0);
		assert_true(atoi(value) >= said);
	}
}

static void there_is_one_first_user(void **state)
{
	struct db_user user = { .name = "admin", .role = 3, .password = "hash" },
		       other = { .name = "mallory", .role = 3 };
	int count = -1;

	assert_int_equal(db_user_count(*state, &count), 0);
	assert_int_equal(count, 0);
	assert_int_equal(db_set_up(*state, &user, NULL, 0), 0);
	assert_int_equal(db_set_up(*state, &other, NULL, 0), -EALREADY);
	assert_int_equal(db_user_get(*state, "mallory", &other), -ENOENT);
	assert_int_equal(db_user_get(*state, "admin", &other), 0);
	assert_string_equal(other.password, "hash");
}

static void sessions_belong_to_users(void **state)
{
	struct db_user user = { .name = "admin", .role = 3, .password = "hash" };
	struct db_session session;

	assert_int_equal(db_session_add(*state, "h", "nobody", 5), -EEXIST);
	assert_int_equal(db_set_up(*state, &user, NULL, 0), 0);
	assert_int_equal(db_session_add(*state, "h", "admin", 5), 0);
	assert_int_equal(db_session_touch(*state, "h", 9), 0);
	assert_int_equal(db_session_get(*state, "h", &session), 0);
	assert_string_equal(session.user, "admin");
	assert_int_equal(session.role, 3);
	assert_int_equal(session.used, 9);
	assert_int_equal(db_session_delete_unused(*state, 9), 0);
	assert_int_equal(db_session_get(*state, "h", &session), 0);
	assert_int_equal(db_session_delete_unused(*state, 10), 0);
	assert_int_equal(db_session_get(*state, "h", &session), -ENOENT);
}

static void old_events_go(void **state)
{
	struct db_event event = { .severity = "info", .kind = "k", .detail = "d" };
	int count = 0;

	/* The disk's commits are not what is tested here: 10,000 of them would take a minute. */
	db_close(*state);
	*state = NULL;
	exec_outside(
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10239)"
		" INSERT INTO event (time, severity, kind, cell, actor, detail) SELECT i, 'info', 'k', '', '', '' FROM n");
	assert_int_equal(db_open((struct db **)state, db_file_path), 0);
	assert_int_equal(db_event_add(*state, &event), 0); /* number 10240, a multiple of 256 */
	assert_int_equal(db_event_each(*state, &(struct db_event_filter){ .limit = 20000 }, count_events, &count), 0);
	assert_int_equal(count, DB_EVENTS_KEPT);
}

static void a_set_up_is_all_or_nothing(void **state)
{
	struct db_token tokens[] = { { .hash = "h1", .name = "fleet", .role = 3 }, { .hash = "h2", .name = "fleet" } };
	struct db_user user = { .name = "admin", .role = 3, .password = "hash" };
	struct db_token read = { .role = 7 };
	int count = -1;

	assert_int_equal(db_set_up(*state, &user, tokens, 2), -EEXIST); /* the name is taken */
	assert_int_equal(db_user_count(*state, &count), 0);
	assert_int_equal(count, 0);
	assert_int_equal(db_token_get(*state, "h1", &read), -ENOENT);
	assert_int_equal(read.role, 7);
	assert_int_equal(db_set_up(*state, &user, tokens, 1), 0);
	assert_int_equal(db_token_get(*state, "fleet", &read), -ENOENT); /* by its hash alone */
	assert_int_equal(db_token_get(*state, "h1", &read), 0);
	assert_string_equal(read.name, "fleet");
	assert_int_equal(read.role, 3);
}

#define DB_TEST(test) cmocka_unit_test_setup_teardown(test, db_file_open, db_file_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(get_unknown_cell_is_enoent),
		DB_TEST(a_cell_is_kept_over_a_restart),
		DB_TEST(revisions_tell_writers_apart),
		DB_TEST(last_words_are_kept_with_the_newest_failures),
		DB_TEST(presets_have_versions_and_tell_writers_apart),
		DB_TEST(a_version_is_a_definition_and_a_revision_any_write),
		DB_TEST(definitions_that_were_are_kept_with_their_author),
		DB_TEST(the_history_of_a_cell_is_bounded),
		DB_TEST(a_walk_can_be_ended),
		DB_TEST(images_are_replaced_by_name),
		DB_TEST(events_are_paged_and_filtered),
		DB_TEST(events_are_found_by_what_they_are),
		DB_TEST(settings_are_kept),
		DB_TEST(places_go_with_their_cell),
		DB_TEST(a_database_of_others_is_left_alone),
		DB_TEST(what_is_no_database_is_refused),
		DB_TEST(there_is_one_first_user),
		DB_TEST(sessions_belong_to_users),
		DB_TEST(old_events_go),
		DB_TEST(a_set_up_is_all_or_nothing),
		DB_TEST(a_killed_writer_loses_nothing_acknowledged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
