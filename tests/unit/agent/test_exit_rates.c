// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "exit_rates.h"

static cJSON *ask(struct exit_rates *rates, const char *cell, const char *total)
{
	char text[128];
	cJSON *stats;

	snprintf(text, sizeof(text),
		 "{\"exits\":{\"total\":\"%s\"},\"cpus\":[{\"id\":2,\"exits\":{\"total\":\"%s\"}}]}", total, total);
	stats = cJSON_Parse(text);
	exit_rates_add(rates, cell, stats);
	return stats;
}

static bool is_null(cJSON *stats)
{
	bool null = cJSON_IsNull(cJSON_GetObjectItem(stats, "per_second")) &&
		    cJSON_IsNull(cJSON_GetObjectItem(stats, "rate_seconds"));

	cJSON_Delete(stats);
	return null;
}

static double number(const cJSON *json, const char *object, const char *name)
{
	const cJSON *in = object ? cJSON_GetObjectItem(json, object) : json;

	return cJSON_GetNumberValue(cJSON_GetObjectItem(in, name));
}

/* What rate times time is, is exact, however long the test was kept waiting. */
static void a_rate_is_what_came_between_two_requests(void **state)
{
	struct exit_rates *rates = exit_rates_new();
	const cJSON *cpu;
	cJSON *stats;
	double seconds;

	(void)state;
	assert_true(is_null(ask(rates, "beat", "18446744073709551000")));
	usleep(1100000);
	stats = ask(rates, "beat", "18446744073709551610");
	seconds = number(stats, NULL, "rate_seconds");
	assert_true(seconds >= 1);
	assert_true(number(stats, "per_second", "total") * seconds > 609.99);
	assert_true(number(stats, "per_second", "total") * seconds < 610.01);
	cpu = cJSON_GetArrayItem(cJSON_GetObjectItem(stats, "cpus"), 0);
	assert_true(number(cpu, "per_second", "total") * seconds > 609.99);
	cJSON_Delete(stats);
	exit_rates_free(rates);
}

static void another_life_or_cell_is_not_compared(void **state)
{
	struct exit_rates *rates = exit_rates_new();

	(void)state;
	assert_true(is_null(ask(rates, "beat", "100")));
	usleep(1100000);
	assert_true(is_null(ask(rates, "other", "200")));
	assert_true(is_null(ask(rates, "beat", "5")));
	exit_rates_free(rates);
}

static void more_cells_than_are_kept_do_no_harm(void **state)
{
	struct exit_rates *rates = exit_rates_new();
	char name[16];

	(void)state;
	for (int i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "cell%d", i);
		assert_true(is_null(ask(rates, name, "1")));
	}
	exit_rates_free(rates);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rate_is_what_came_between_two_requests),
		cmocka_unit_test(another_life_or_cell_is_not_compared),
		cmocka_unit_test(more_cells_than_are_kept_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
