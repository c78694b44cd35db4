// SPDX-License-Identifier: MIT
/* What Prometheus is told. That its own checker accepts it is seen on the board: tests/board/story. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "agent_fixture.h"
#include "console.h"
#include "follow.h"

static void a_board_without_driver_has_metrics(void **state)
{
	struct fixture *fixture = *state;

	fixture->world.present = false;
	assert_int_equal(call(fixture, api_metrics), 200);
	assert_string_equal(fixture->reply.type, "text/plain; version=0.0.4; charset=utf-8");
	says(fixture, "\nrotunda_driver_present 0\n");
	says(fixture, "\nrotunda_hypervisor_enabled 0\n");
}

static void a_cell_is_shown_in_its_state(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call(fixture, api_metrics), 200);
	says(fixture, "rotunda_cell_state{cell=\"beat\",state=\"defined\"} 1\n");
	assert_null(strstr(fixture->reply.body, "rotunda_cell_starts_total{"));
	assert_int_equal(call(fixture, api_cell_start), 200);
	assert_int_equal(call(fixture, api_metrics), 200);
	says(fixture, "rotunda_cell_state{cell=\"beat\",state=\"defined\"} 0\n");
	says(fixture, "rotunda_cell_state{cell=\"beat\",state=\"running\"} 1\n");
	says(fixture, "rotunda_cell_starts_total{cell=\"beat\"} 1\n");
	says(fixture, "rotunda_cell_restarts_total{cell=\"beat\"} 0\n");
	says(fixture, "rotunda_cell_exits_total{cell=\"beat\",reason=\"");
	assert_null(strstr(fixture->reply.body, "reason=\"total\""));
	says(fixture, "rotunda_hypervisor_memory_pool_bytes ");
	assert_int_equal(call(fixture, api_cell_destroy), 200);
}

static void losses_are_counted(void **state)
{
	struct fixture *fixture = *state;
	struct console *console;

	ready(fixture);
	console = follow_take(&fixture->agent, "beat");
	console_append(console, "abc", 3);
	console_lost(console, 40);
	console_release(console);
	assert_int_equal(call(fixture, api_metrics), 200);
	says(fixture, "rotunda_cell_console_bytes_total{cell=\"beat\"} 43\n");
	says(fixture, "rotunda_cell_console_lost_bytes_total{cell=\"beat\",where=\"ring\"} 40\n");
}

static void answers_fall_into_buckets(void **state)
{
	struct fixture *fixture = *state;

	traffic_count(&fixture->agent.traffic, "/api/v1/cells", 200, 400000);
	traffic_count(&fixture->agent.traffic, "/api/v1/cells", 404, 3000000);
	traffic_count(&fixture->agent.traffic, "/index.html", 304, 2000000000);
	assert_int_equal(call(fixture, api_metrics), 200);
	says(fixture, "rotunda_http_requests_total{service=\"api\",code=\"2xx\"} 1\n");
	says(fixture, "rotunda_http_requests_total{service=\"api\",code=\"4xx\"} 1\n");
	says(fixture, "rotunda_http_requests_total{service=\"dashboard\",code=\"3xx\"} 1\n");
	says(fixture, "rotunda_http_request_duration_seconds_bucket{service=\"api\",le=\"0.0005\"} 1\n");
	says(fixture, "rotunda_http_request_duration_seconds_bucket{service=\"api\",le=\"0.0025\"} 1\n");
	says(fixture, "rotunda_http_request_duration_seconds_bucket{service=\"api\",le=\"0.005\"} 2\n");
	says(fixture, "rotunda_http_request_duration_seconds_bucket{service=\"dashboard\",le=\"1.0\"} 0\n");
	says(fixture, "rotunda_http_request_duration_seconds_bucket{service=\"dashboard\",le=\"10.0\"} 1\n");
	says(fixture, "rotunda_http_request_duration_seconds_sum{service=\"api\"} 0.003400000\n");
	says(fixture, "rotunda_http_request_duration_seconds_count{service=\"api\"} 2\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_board_without_driver_has_metrics),
		FIXTURE_TEST(a_cell_is_shown_in_its_state),
		FIXTURE_TEST(losses_are_counted),
		FIXTURE_TEST(answers_fall_into_buckets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
