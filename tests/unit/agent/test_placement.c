// SPDX-License-Identifier: MIT
/* Automatic memory: the real compiler and the emulated board's definition over the scripted driver. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <db/db.h>

#include "agent_fixture.h"
#include "hypervisor_life.h"
#include "placement.h"
#include "port_definition.h"
#include "port_store.h"
#include "restore.h"
#include "world.h"

static struct db *db;
static struct port_definition *definition;

static int open_board(void **state)
{
	struct fixture *fixture;
	char path[128];

	fixture_open(state);
	fixture = *state;
	definition = port_definition_new(BOARDS "/qemu-virt", "");
	snprintf(path, sizeof(path), "%s/rotunda.db", fixture->world.data);
	if (!definition || db_open(&db, path) != 0)
		return -1;
	fixture->agent.compiler_ops = &port_definition_ops;
	fixture->agent.compiler = definition;
	fixture->agent.store_ops = &port_store_ops;
	fixture->agent.store = db;
	return upload(fixture, "i", "code", 0) == 201 && call(fixture, api_hypervisor_enable) == 200 ? 0 : -1;
}

static int close_board(void **state)
{
	struct fixture *fixture = *state;

	agent_stop(&fixture->agent);
	fixture_close(state);
	db_close(db);
	port_definition_free(definition);
	return 0;
}

static void define_at(struct fixture *fixture, const char *name, const char *memory)
{
	char text[512];

	snprintf(text, sizeof(text), "{\"name\":\"%s\",\"cpus\":[1],\"memory\":[%s],\"images\":[{\"image\":\"i\"}]}",
		 name, memory);
	assert_int_equal(call_body(fixture, api_cell_create, "", text), 201);
}

/* CPU 1 is everybody's: what is tested here is memory. The scripted driver does not mind, our checks would. */
static void free_cpus(struct fixture *fixture)
{
	for (size_t i = 0; i < fixture->world.num_created; i++)
		((char *)fixture->world.created[i].config.data)[132] &= ~(1 << 1);
}

static void start(struct fixture *fixture, const char *name, const char *address)
{
	char start[48];

	assert_int_equal(call_body(fixture, api_cell_start, name, NULL), 200);
	snprintf(start, sizeof(start), "\"memory\":[{\"start\":\"%s\"", address);
	says(fixture, start);
	free_cpus(fixture);
}

static void two_automatic_cells_run_side_by_side(void **state)
{
	struct fixture *fixture = *state;

	define_at(fixture, "a", "{\"size\":\"64M\",\"physical\":\"auto\"}");
	define_at(fixture, "b", "{\"size\":\"64M\"}");
	assert_int_equal(call_body(fixture, api_cell_get, "b", NULL), 200);
	says(fixture, "\"memory\":[{\"start\":\"auto\",\"size\":\"0x4000000\"}]");
	start(fixture, "a", "0x80000000");
	start(fixture, "b", "0x84000000");
}

static void a_cell_has_the_same_memory_at_every_boot(void **state)
{
	struct fixture *fixture = *state;
	struct outcome outcome = { 0 };

	define_at(fixture, "a", "{\"size\":\"16M\"}");
	define_at(fixture, "b", "{\"size\":\"16M\"}");
	start(fixture, "b", "0x80000000"); /* in this order */
	start(fixture, "a", "0x81000000");
	assert_int_equal(call(fixture, api_hypervisor_disable), 200);
	assert_int_equal(call_body(fixture, api_cell_patch, "a", "{\"start_at_boot\":true}"), 200);
	says(fixture, "\"start\":\"0x81000000\""); /* shown also while it is stopped */
	fixture->world.enabled = false;
	assert_int_equal(db_setting_put(db, SETTING_HYPERVISOR_WANTED, "enabled"), 0);
	life_restore(&fixture->agent, "", "boot", &outcome);
	assert_int_equal(call_body(fixture, api_cell_get, "a", NULL), 200);
	says(fixture, "\"state\":\"running\"");
	says(fixture, "\"start\":\"0x81000000\"");
}

static void memory_that_other_definitions_write_is_taken_last(void **state)
{
	struct fixture *fixture = *state;

	define_at(
		fixture, "fixed",
		"{\"size\":\"2M\",\"physical\":\"0x80000000\",\"guest\":0,\"flags\":[\"read\",\"write\",\"execute\",\"loadable\"]}");
	define_at(fixture, "a", "{\"size\":\"16M\"}");
	start(fixture, "a", "0x80200000");
	start(fixture, "fixed", "0x80000000");
}

static void sixty_four_cells_fill_the_pool(void **state)
{
	struct fixture *fixture = *state;
	char name[8], address[16];

	for (unsigned i = 0; i < 64; i++) {
		snprintf(name, sizeof(name), "c%02u", i);
		define_at(fixture, name, "{\"size\":\"16M\"}");
	}
	define_at(fixture, "late", "{\"size\":\"16M\"}");
	for (unsigned i = 0; i < 64; i++) {
		snprintf(name, sizeof(name), "c%02u", i);
		snprintf(address, sizeof(address), "0x%x", 0x80000000 + i * 0x1000000);
		start(fixture, name, address);
	}
	assert_int_equal(call_body(fixture, api_cell_start, "late", NULL), 409);
	says(fixture, "\"code\":\"pool-full\"");
	says(fixture, "16 MiB do not fit into the pool: of its 1 GiB 0 bytes are free, 0 bytes in one piece.");
	says(fixture, "\"pointer\":\"/memory/0\"");
	assert_int_equal(fixture->world.num_created, 64);
	assert_int_equal(call_body(fixture, api_cell_destroy, "c07", NULL), 200);
	start(fixture, "late", "0x87000000"); /* that cell's place, since there is no other */
}

static void cells_of_others_are_not_run_over(void **state)
{
	struct fixture *fixture = *state;
	struct driver_reason reason = { 0 };
	struct compiled_cell foreign;
	cJSON *errors = NULL;

	assert_int_equal(port_definition_ops.compile(
				 definition,
				 "{\"name\":\"x\",\"cpus\":[2],\"interrupts\":[40],\"memory\":[{\"size\":\"2M\"}]}",
				 NULL, &foreign, &errors),
			 0);
	assert_int_equal(world_driver_ops.create(&fixture->world, foreign.config, foreign.config_size, &reason), 0);
	port_definition_ops.free(&foreign);
	define_at(fixture, "a", "{\"size\":\"2M\"}");
	start(fixture, "a", "0x80200000");
	assert_int_equal(call_body(fixture, api_cell_create, "",
				   "{\"name\":\"b\",\"cpus\":[3,2],\"memory\":[{\"size\":\"2M\"}]}"),
			 201);
	assert_int_equal(call_body(fixture, api_cell_start, "b", NULL), 409);
	says(fixture, "\"code\":\"cpu-of-another-cell\"");
	says(fixture, "\"pointer\":\"/cpus/1\"");
	assert_int_equal(call_body(fixture, api_cell_create, "", "{\"name\":\"c\",\"cpus\":[3],\"memory\":[{\"size\":\"2M\"}],\"interrupts\":[40]}"),
			 201);
	assert_int_equal(call_body(fixture, api_cell_start, "c", NULL), 409);
	says(fixture, "\"code\":\"interrupt-of-another-cell\"");
	says(fixture, "\"pointer\":\"/interrupts/0\"");
}

static void a_check_tells_everything_and_changes_nothing(void **state)
{
	struct fixture *fixture = *state;
	static const char wrong[] = "{\"name\":\"\",\"cpus\":[9],\"colour\":1}";
	static const char clash[] = "{\"name\":\"b\",\"cpus\":[1],\"memory\":[{\"size\":\"4M\"}],"
				    "\"images\":[{\"image\":\"none\"},{\"image\":\"i\"}]}";

	define_at(fixture, "a", "{\"size\":\"2M\"}");
	assert_int_equal(call_body(fixture, api_cell_start, "a", NULL), 200); /* it keeps CPU 1 here */
	assert_int_equal(call_body(fixture, api_definition_check, "", wrong), 200);
	says(fixture, "\"valid\":false");
	says(fixture, "\"pointer\":\"/name\"");
	says(fixture, "\"pointer\":\"/cpus/0\"");
	says(fixture, "\"pointer\":\"/colour\"");
	assert_int_equal(call_body(fixture, api_definition_check, "", clash), 200);
	says(fixture, "\"valid\":true,\"errors\":[],\"name\":\"b\"");
	says(fixture, "\"code\":\"cpu-of-another-cell\"");
	says(fixture,
	     "\"code\":\"image-missing\",\"detail\":\"The image \\\"none\\\" is not on the board.\",\"pointer\":\"/images/0\"");
	free_cpus(fixture);
	assert_int_equal(call_body(fixture, api_definition_check, "", clash), 200);
	says(fixture, "\"memory\":[{\"start\":\"0x80200000\",\"size\":\"0x400000\"}]");
	assert_int_equal(call_body(fixture, api_definition_check, "", "[]"), 400);
	/* A running cell does not stand in its own way. */
	assert_int_equal(call_body(fixture, api_definition_check, "",
				   "{\"name\":\"a\",\"cpus\":[1],\"memory\":[{\"size\":\"2M\"}]}"),
			 200);
	says(fixture, "\"memory\":[{\"start\":\"0x80000000\"");
	says(fixture, "\"conflicts\":[]");
	assert_int_equal(call_body(fixture, api_cell_get, "b", NULL), 404);
}

static void the_schema_of_definitions_is_served(void **state)
{
	struct fixture *fixture = *state;
	struct api_reply reply;
	cJSON *json;

	api_reply_init(&reply);
	api_definition_schema(&fixture->agent, &(struct api_request){ .method = "GET" }, &reply);
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply.type, "application/schema+json");
	json = cJSON_ParseWithLength(reply.constant, reply.size);
	assert_non_null(cJSON_GetObjectItemCaseSensitive(json, "$defs"));
	cJSON_Delete(json);
	api_reply_free(&reply);
}

#define BOARD_TEST(test) cmocka_unit_test_setup_teardown(test, open_board, close_board)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOARD_TEST(two_automatic_cells_run_side_by_side),
		BOARD_TEST(a_cell_has_the_same_memory_at_every_boot),
		BOARD_TEST(memory_that_other_definitions_write_is_taken_last),
		BOARD_TEST(sixty_four_cells_fill_the_pool),
		BOARD_TEST(cells_of_others_are_not_run_over),
		BOARD_TEST(a_check_tells_everything_and_changes_nothing),
		BOARD_TEST(the_schema_of_definitions_is_served),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
