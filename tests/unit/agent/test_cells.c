// SPDX-License-Identifier: MIT
/* Handlers against a scripted driver: the life of a cell, and every refusal on the way. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "agent_fixture.h"
#include "port_store.h"
#include "restore.h"

#include <db/db.h>

static void a_cell_lives(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call(fixture, api_cell_get), 200);
	says(fixture, "\"state\":\"defined\"");
	says(fixture, "\"cpus\":[2]");
	says(fixture, "\"start\":\"0x80000000\"");
	says(fixture, "\"images\":[\"beat.bin\"]");
	assert_int_equal(call(fixture, api_cell_start), 200);
	says(fixture, "\"state\":\"running\"");
	assert_int_equal(fixture->world.created[0].loaded, 1);
	assert_int_equal(call(fixture, api_cell_start), 409);
	says(fixture, "cell-running");
	assert_int_equal(call(fixture, api_cell_restart), 200);
	says(fixture, "\"state\":\"running\"");
	assert_int_equal(call(fixture, api_cell_stop), 200);
	says(fixture, "\"state\":\"defined\"");
	assert_int_equal(fixture->world.num_created, 0);
	assert_int_equal(call(fixture, api_cell_stop), 409);
	says(fixture, "cell-not-created");
	assert_int_equal(call(fixture, api_cell_delete), 204);
	assert_int_equal(call(fixture, api_cell_get), 404);
}

static void a_cell_that_denies_is_stopped_by_force(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call(fixture, api_cell_start), 200);
	fixture->world.unwilling = true;
	assert_int_equal(call(fixture, api_cell_stop), 200);
	says(fixture, "\"state\":\"defined\"");
	assert_int_equal(fixture->world.num_created, 0);
	fixture->world.unwilling = false;
	assert_int_equal(call(fixture, api_cell_start), 200);
	fixture->world.unwilling = true;
	assert_int_equal(call(fixture, api_cell_destroy), 200);
	assert_int_equal(fixture->world.num_created, 0);
}

static void output_is_kept_with_nobody_watching(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call(fixture, api_cell_start), 200);
	world_say(&fixture->world, "beat", "beat 1\n");
	world_say(&fixture->world, "beat", "beat 2\n");
	assert_int_equal(call(fixture, api_cell_destroy), 200);
	assert_int_equal(call(fixture, api_console_get), 200);
	assert_int_equal(fixture->reply.size, 14);
	assert_memory_equal(fixture->reply.body, "beat 1\nbeat 2\n", 14);
}

static void without_a_driver_it_says_so(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	fixture->world.present = false;
	assert_int_equal(call(fixture, api_hypervisor_get), 200);
	says(fixture, "driver-missing");
	assert_int_equal(call(fixture, api_hypervisor_enable), 503);
	says(fixture, "driver-missing");
	assert_int_equal(call(fixture, api_cell_start), 503);
	assert_int_equal(call(fixture, api_system_get), 200);
}

static void enable_refused_leaves_it_disabled(void **state)
{
	struct fixture *fixture = *state;

	fixture->world.enable_error = -EBUSY;
	assert_int_equal(call(fixture, api_hypervisor_enable), 409);
	says(fixture, "kvm-owns-el2");
	assert_string_equal(fixture->world.wanted, "");
	fixture->world.enable_error = 0;
	assert_int_equal(call(fixture, api_hypervisor_enable), 200);
	assert_int_equal(call(fixture, api_hypervisor_enable), 409);
	says(fixture, "already-enabled");
	assert_int_equal(call(fixture, api_hypervisor_disable), 200);
	assert_int_equal(call(fixture, api_hypervisor_disable), 409);
}

static void a_start_that_fails_gives_the_cpus_back(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	fixture->world.start_error = -EIO;
	assert_int_equal(call(fixture, api_cell_start), 409);
	says(fixture, "start-refused");
	assert_int_equal(fixture->world.num_created, 0);
	assert_int_equal(call(fixture, api_cell_get), 200);
	says(fixture, "\"failure\":{\"code\":\"start-refused\"");
	fixture->world.start_error = 0;
	fixture->world.create_error = -EBUSY;
	assert_int_equal(call(fixture, api_cell_start), 409);
	says(fixture, "cpu-not-owned");
	fixture->world.create_error = 0;
	assert_int_equal(call(fixture, api_cell_start), 200);
	says(fixture, "\"failure\":null");
}

static void start_needs_its_image_in_size(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	fixture->world.images[0].size = 65;
	assert_int_equal(call(fixture, api_cell_start), 409);
	says(fixture, "image-too-large");
	assert_int_equal(fixture->world.num_created, 0);
	fixture->world.num_images = 0;
	assert_int_equal(call(fixture, api_cell_start), 409);
	says(fixture, "image-missing");
}

static void start_needs_the_hypervisor(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call(fixture, api_hypervisor_disable), 200);
	assert_int_equal(call(fixture, api_cell_start), 409);
	says(fixture, "hypervisor-not-enabled");
}

static void *start_slowly(void *argument)
{
	struct fixture *fixture = argument;
	struct api_request request = { .name = "beat" };
	struct api_reply reply;

	api_reply_init(&reply);
	api_cell_start(&fixture->agent, &request, &reply);
	api_reply_free(&reply);
	return NULL;
}

static void a_start_while_starting_is_refused(void **state)
{
	struct fixture *fixture = *state;
	pthread_t thread;

	ready(fixture);
	fixture->world.start_delay_ms = 300;
	assert_int_equal(pthread_create(&thread, NULL, start_slowly, fixture), 0);
	usleep(100000);
	assert_int_equal(call(fixture, api_cell_start), 409);
	says(fixture, "cell-busy");
	assert_int_equal(call(fixture, api_cell_get), 200);
	says(fixture, "\"state\":\"starting\"");
	assert_int_equal(call(fixture, api_cell_delete), 409);
	pthread_join(thread, NULL);
	assert_int_equal(call(fixture, api_cell_get), 200);
	says(fixture, "\"state\":\"running\"");
}

static void definitions_are_judged_before_they_are_stored(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(call_body(fixture, api_cell_create, "", "{\"name\":\"x\",\"cpu\":1}"), 422);
	says(fixture, "definition-refused");
	says(fixture, "\"errors\":[{");
	assert_int_equal(call_body(fixture, api_cell_create, "", "[]"), 400);
	assert_int_equal(call_body(fixture, api_cell_create, "", "{\"name\""), 400);
	assert_int_equal(call_body(fixture, api_cell_create, "", "{\"name\":\"a/b\",\"cpu\":1,\"image\":\"i\"}"), 422);
	says(fixture, "bad-name");
	assert_int_equal(fixture->world.num_cells, 0);
	assert_int_equal(call_body(fixture, api_cell_create, "", WORLD_DEFINITION), 201);
	assert_int_equal(call_body(fixture, api_cell_create, "", WORLD_DEFINITION), 409);
	says(fixture, "cell-exists");
}

static void a_full_disk_is_said_and_changes_nothing(void **state)
{
	struct fixture *fixture = *state;

	fixture->world.store_error = -ENOSPC;
	assert_int_equal(call_body(fixture, api_cell_create, "", WORLD_DEFINITION), 507);
	says(fixture, "disk-full");
	assert_int_equal(fixture->world.num_cells, 0);
	fixture->world.store_error = -ENOSPC;
	assert_int_equal(upload(fixture, "beat.bin", "code", 0), 507);
	assert_int_equal(fixture->world.num_images, 0);
	assert_int_equal(upload(fixture, "beat.bin", "code", -ENOSPC), 507);
	assert_int_equal(upload(fixture, "beat.bin", "code", -ETIMEDOUT), 408);
	assert_int_equal(fixture->world.num_images, 0);
}

static void a_created_cell_keeps_its_definition(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call(fixture, api_cell_start), 200);
	assert_int_equal(call_body(fixture, api_cell_put, "beat", WORLD_DEFINITION), 409);
	assert_int_equal(call(fixture, api_cell_delete), 409);
	assert_int_equal(call_body(fixture, api_image_delete, "beat.bin", NULL), 409);
	says(fixture, "image-in-use");
}

static void patch_knows_one_member(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call_body(fixture, api_cell_patch, "beat", "{\"start_at_boot\":true}"), 200);
	says(fixture, "\"start_at_boot\":true");
	assert_int_equal(call_body(fixture, api_cell_patch, "beat", "{\"start_at_boot\":1}"), 400);
	assert_int_equal(call_body(fixture, api_cell_patch, "beat", "{\"autostart\":true}"), 400);
	says(fixture, "json-unknown-member");
	assert_int_equal(call_body(fixture, api_cell_patch, "none", "{\"start_at_boot\":true}"), 404);
}

static void equal_images_share_a_file(void **state)
{
	struct fixture *fixture = *state;
	char path[256];

	assert_int_equal(upload(fixture, "a", "same", 0), 201);
	assert_int_equal(upload(fixture, "b", "same", 0), 201);
	snprintf(path, sizeof(path), "%s/images/%s", fixture->world.data, fixture->world.images[0].sha256);
	assert_int_equal(call_body(fixture, api_image_delete, "a", NULL), 204);
	assert_int_equal(access(path, R_OK), 0);
	assert_int_equal(call_body(fixture, api_image_delete, "b", NULL), 204);
	assert_int_equal(access(path, R_OK), -1);
	assert_int_equal(upload(fixture, "c", "", 0), 422);
	assert_int_equal(upload(fixture, "c", "cut", -ECONNRESET), 400);
	assert_int_equal(call_body(fixture, api_image_get, "c", NULL), 404);
}

static void restore(struct fixture *fixture)
{
	struct outcome outcome = { 0 };

	life_restore(&fixture->agent, "", "boot", &outcome);
}

static void the_chosen_cells_come_back_at_boot(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call_body(fixture, api_cell_patch, "beat", "{\"start_at_boot\":true}"), 200);
	fixture->world.enabled = false; /* a reset */
	restore(fixture);
	assert_int_equal(call(fixture, api_cell_get), 200);
	says(fixture, "\"state\":\"running\"");
}

static void a_board_that_nobody_enabled_stays_disabled(void **state)
{
	struct fixture *fixture = *state;

	restore(fixture);
	assert_false(fixture->world.enabled);
}

static void running_cells_are_adopted_and_left_alone(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call(fixture, api_cell_start), 200);
	agent_stop(&fixture->agent); /* the agent dies, the board does not */
	assert_int_equal(agent_start(&fixture->agent), 0);
	restore(fixture);
	assert_int_equal(fixture->world.num_created, 1);
	assert_int_equal(call(fixture, api_cell_get), 200);
	says(fixture, "\"state\":\"running\"");
}

static void events_come_newest_first_in_pages(void **state)
{
	struct fixture *fixture = *state;
	struct api_request request = { .query = "limit=1&cell=beat" };

	ready(fixture);
	assert_int_equal(call(fixture, api_cell_start), 200);
	api_reply_free(&fixture->reply);
	api_events_list(&fixture->agent, &request, &fixture->reply);
	says(fixture, "cell-started");
	assert_null(strstr(fixture->reply.body, "cell-defined"));
	request.query = "limit=0";
	api_reply_free(&fixture->reply);
	api_events_list(&fixture->agent, &request, &fixture->reply);
	assert_int_equal(fixture->reply.status, 400);
}

static void the_real_store_serves_the_same_story(void **state)
{
	struct fixture *fixture = *state;
	struct api_request request = { .query = "limit=1&cell=beat" };
	struct db *db = NULL;
	char path[128];

	snprintf(path, sizeof(path), "%s/rotunda.db", fixture->world.data);
	assert_int_equal(db_open(&db, path), 0);
	fixture->agent.store_ops = &port_store_ops;
	fixture->agent.store = db;
	ready(fixture);
	assert_int_equal(call_body(fixture, api_cell_create, "", WORLD_DEFINITION), 409);
	assert_int_equal(call_body(fixture, api_cell_patch, "beat", "{\"start_at_boot\":true}"), 200);
	fixture->world.enabled = false; /* a reset: the file is what remains */
	db_close(db);
	assert_int_equal(db_open(&db, path), 0);
	fixture->agent.store = db;
	restore(fixture);
	assert_int_equal(call(fixture, api_cells_list), 200);
	says(fixture, "\"state\":\"running\"");
	api_reply_free(&fixture->reply);
	api_events_list(&fixture->agent, &request, &fixture->reply);
	says(fixture, "\"actor\":\"boot\"");
	assert_int_equal(call(fixture, api_cell_stop), 200);
	assert_int_equal(call(fixture, api_cell_delete), 204);
	assert_int_equal(call_body(fixture, api_image_delete, "beat.bin", NULL), 204);
	db_close(db);
}

static void exits_are_told_by_reason_and_cpu(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call_body(fixture, api_cell_stats, "none", NULL), 404);
	assert_int_equal(call(fixture, api_cell_stats), 409);
	says(fixture, "cell-not-created");
	assert_int_equal(call(fixture, api_cell_start), 200);
	assert_int_equal(call(fixture, api_cell_stats), 200);
	assert_string_equal(fixture->reply.body,
			    "{\"starts\":1,\"exits\":{\"mmio\":\"7\",\"total\":\"18446744073709551615\"},"
			    "\"cpus\":[{\"id\":2,\"exits\":{\"mmio\":\"5\",\"total\":\"18446744073709551615\"},"
			    "\"per_second\":null}],\"per_second\":null,\"rate_seconds\":null}");
}

static void bytes_that_are_posted_reach_the_cell(void **state)
{
	struct fixture *fixture = *state;
	char input[8] = "";

	ready(fixture);
	assert_int_equal(call_body(fixture, api_console_post, "none", "hi"), 404);
	assert_int_equal(call_body(fixture, api_console_post, "beat", "hi"), 409);
	says(fixture, "cell-not-created");
	assert_int_equal(call(fixture, api_cell_start), 200);
	assert_int_equal(call_body(fixture, api_console_post, "beat", "hi\r"), 204);
	assert_int_equal(read(fixture->world.created[0].pipe[1], input, sizeof(input)), 3);
	assert_string_equal(input, "hi\r");
}

static void the_hypervisor_has_a_console(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(call(fixture, api_hypervisor_console), 200);
	assert_string_equal(fixture->reply.type, "text/plain; charset=utf-8");
	assert_int_equal(fixture->reply.size, strlen("Initializing\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_cell_lives),
		FIXTURE_TEST(a_cell_that_denies_is_stopped_by_force),
		FIXTURE_TEST(output_is_kept_with_nobody_watching),
		FIXTURE_TEST(without_a_driver_it_says_so),
		FIXTURE_TEST(enable_refused_leaves_it_disabled),
		FIXTURE_TEST(a_start_that_fails_gives_the_cpus_back),
		FIXTURE_TEST(start_needs_its_image_in_size),
		FIXTURE_TEST(start_needs_the_hypervisor),
		FIXTURE_TEST(a_start_while_starting_is_refused),
		FIXTURE_TEST(definitions_are_judged_before_they_are_stored),
		FIXTURE_TEST(a_full_disk_is_said_and_changes_nothing),
		FIXTURE_TEST(a_created_cell_keeps_its_definition),
		FIXTURE_TEST(patch_knows_one_member),
		FIXTURE_TEST(equal_images_share_a_file),
		FIXTURE_TEST(the_chosen_cells_come_back_at_boot),
		FIXTURE_TEST(a_board_that_nobody_enabled_stays_disabled),
		FIXTURE_TEST(running_cells_are_adopted_and_left_alone),
		FIXTURE_TEST(events_come_newest_first_in_pages),
		FIXTURE_TEST(the_real_store_serves_the_same_story),
		FIXTURE_TEST(exits_are_told_by_reason_and_cpu),
		FIXTURE_TEST(bytes_that_are_posted_reach_the_cell),
		FIXTURE_TEST(the_hypervisor_has_a_console),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
