// SPDX-License-Identifier: MIT
/* The driver's port over a sysfs tree in a temporary folder; ioctls need the board and are tested there. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "driver_news.h"
#include "port_driver.h"

static char root[64];

static void put(const char *path, const char *text)
{
	char full[256];
	FILE *file;

	snprintf(full, sizeof(full), "%s/%s", root, path);
	if (!text) {
		assert_int_equal(mkdir(full, 0700), 0);
		return;
	}
	file = fopen(full, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int make_root(void **state)
{
	snprintf(root, sizeof(root), "/tmp/rotunda-sysfs-XXXXXX");
	if (!mkdtemp(root))
		return -1;
	*state = port_driver_new("/nonexistent/jailhouse", root);
	return *state ? 0 : -1;
}

static int remove_root(void **state)
{
	char command[128];

	port_driver_free(*state);
	snprintf(command, sizeof(command), "rm -r '%s'", root);
	return system(command);
}

static void a_missing_driver_is_a_state_of_its_own(void **state)
{
	struct driver_reason reason = { 0 };

	assert_false(port_driver_ops.present(*state));
	assert_false(port_driver_ops.enabled(*state));
	assert_int_equal(port_driver_ops.disable(*state, &reason), -ENODEV);
	assert_int_equal(port_driver_ops.console(*state, "beat"), -ENODEV);
}

static void the_last_audit_is_read(void **state)
{
	struct driver_reason reason = { 0 };
	struct driver_audit audit;

	assert_int_equal(port_driver_ops.audit(*state, false, &audit, &reason), -ENOENT);
	put("audit", ""); /* not enabled */
	assert_int_equal(port_driver_ops.audit(*state, false, &audit, &reason), -ENOTCONN);
	put("audit", "result clean\naudits 7\nviolations 0\npages 524288\nextents 12\ncells 2\nduration_us 310\n");
	assert_int_equal(port_driver_ops.audit(*state, false, &audit, &reason), 0);
	assert_string_equal(audit.result, "clean");
	assert_int_equal(audit.audits, 7);
	assert_int_equal(audit.pages, 524288);
	assert_int_equal(audit.runs, 12);
	assert_int_equal(audit.cells, 2);
	assert_int_equal(audit.duration_us, 310);
	assert_string_equal(audit.code, "");
	put("audit",
	    "result violation\naudits 8\nviolations 1\npage-shared: Page 0x1000 of cell \"a: b\" is shared.\n");
	assert_int_equal(port_driver_ops.audit(*state, false, &audit, &reason), 0);
	assert_string_equal(audit.result, "violation");
	assert_int_equal(audit.violations, 1);
	assert_string_equal(audit.code, "page-shared");
	assert_string_equal(audit.text, "Page 0x1000 of cell \"a: b\" is shared.");
	put("audit", "result\n\nnonsense of all kinds\n:\n");
	assert_int_equal(port_driver_ops.audit(*state, false, &audit, &reason), -ENOTCONN);
}

static void both_lives_of_the_recorder_are_read(void **state)
{
	char *text;
	size_t size;

	assert_int_equal(port_driver_ops.recorder(*state, false, &text, &size), -ENOENT);
	put("recorder", "now\n");
	put("recorder_previous", "before\n");
	assert_int_equal(port_driver_ops.recorder(*state, false, &text, &size), 0);
	assert_int_equal(size, 4);
	assert_memory_equal(text, "now\n", 4);
	free(text);
	assert_int_equal(port_driver_ops.recorder(*state, true, &text, &size), 0);
	assert_memory_equal(text, "before\n", 7);
	free(text);
}

static int second(void *context, const struct driver_cell *cell)
{
	if (cell->id == 1)
		*(struct driver_cell *)context = *cell;
	return 0;
}

static void a_failed_cell_says_why(void **state)
{
	struct driver_cell cell = { 0 };

	put("enabled", "1\n");
	put("cells", NULL);
	put("cells/0", NULL);
	put("cells/0/name", "root\n");
	put("cells/0/state", "running\n");
	put("cells/1", NULL);
	put("cells/1/name", "beat\n");
	put("cells/1/state", "failed\n");
	put("cells/1/cpus_assigned_list", "2\n");
	put("cells/1/failure", "memory-access: CPU 2 read 0x0.\n");
	assert_true(port_driver_ops.enabled(*state));
	assert_int_equal(port_driver_ops.each(*state, second, &cell), 0);
	assert_string_equal(cell.name, "beat");
	assert_string_equal(cell.state, "failed");
	assert_string_equal(cell.cpus, "2");
	assert_string_equal(cell.failure.code, "memory-access");
	assert_string_equal(cell.failure.text, "CPU 2 read 0x0.");
	assert_non_null(strstr(cell.failure.remedy, "stray_access"));
	put("cells/1/failure", "unsupported-access: CPU 2: read that cannot be emulated.\n");
	assert_int_equal(port_driver_ops.each(*state, second, &cell), 0);
	assert_string_equal(cell.failure.code, "unsupported-access");
	assert_non_null(strstr(cell.failure.remedy, "plain loads and stores"));
	put("cells/1/failure", "system-error: CPU 2: SError.\n");
	assert_int_equal(port_driver_ops.each(*state, second, &cell), 0);
	assert_non_null(strstr(cell.failure.remedy, "restart it"));
}

static void *wait_for_news(void *news)
{
	driver_news_wait(news, -1);
	return NULL;
}

static void a_module_that_comes_and_goes_is_news(void **state)
{
	char device[128], other[128];
	struct driver_news *news;
	pthread_t thread;

	(void)state;
	snprintf(device, sizeof(device), "%s/jailhouse", root);
	snprintf(other, sizeof(other), "%s/other", root);
	news = driver_news_new(device, root);
	assert_non_null(news);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pthread_create(&thread, NULL, wait_for_news, news), 0);
		put("other", "");
		assert_int_equal(unlink(other), 0);
		assert_int_equal(pthread_tryjoin_np(thread, NULL), EBUSY); /* nobody else's */
		if (i == 0)
			put("jailhouse", "");
		else
			assert_int_equal(unlink(device), 0);
		pthread_join(thread, NULL);
	}
	put("changes", "1\n");
	driver_news_wait(news, -1); /* opened just now: something may have happened before */
	driver_news_free(news);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_last_audit_is_read, make_root, remove_root),
		cmocka_unit_test_setup_teardown(both_lives_of_the_recorder_are_read, make_root, remove_root),
		cmocka_unit_test_setup_teardown(a_missing_driver_is_a_state_of_its_own, make_root, remove_root),
		cmocka_unit_test_setup_teardown(a_failed_cell_says_why, make_root, remove_root),
		cmocka_unit_test_setup_teardown(a_module_that_comes_and_goes_is_news, make_root, remove_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
