// SPDX-License-Identifier: MIT
/* What the command hands to the driver, and what it says when the driver refuses. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <uapi/jailhouse.h>

#include "cli.h"

int __wrap_ioctl(int fd, unsigned long command, ...);

/* The driver: remembers the last request and answers with `answer`. */
static struct {
	int answer; /* 0, or a positive errno to refuse with */
	int console; /* descriptor that the console request gives away */
	int requests;
	unsigned long command;
	struct jh_ioc_cell cell;
	uint32_t force;
	uint32_t num_images;
	struct jh_ioc_image images[2];
	char first[32]; /* beginning of the first image */
	struct jh_ioc_audit audit; /* what the audit finds */
	struct jh_ioc_reason reason;
} driver;

static void load_remember(const struct jh_ioc_load *load)
{
	driver.num_images = load->num_images;
	assert_in_range(load->num_images, 0, 2);
	memcpy(driver.images, load->image, load->num_images * sizeof(load->image[0]));
	if (load->num_images > 0 && load->image[0].size <= sizeof(driver.first))
		memcpy(driver.first, (const void *)(uintptr_t)load->image[0].source_address, load->image[0].size);
}

static void request_remember(unsigned long command, const void *argument)
{
	driver.requests++;
	driver.command = command;
	if (command == JH_IOC_CELL_LOAD)
		load_remember(argument);
	if (command == JH_IOC_CELL_FORCE)
		driver.force = ((const struct jh_ioc_force *)argument)->what;
	if (command != JH_IOC_DISABLE && command != JH_IOC_AUDIT)
		memcpy(&driver.cell, argument, sizeof(driver.cell));
}

int __wrap_ioctl(int fd, unsigned long command, ...)
{
	va_list arguments;
	void *argument;

	(void)fd;
	va_start(arguments, command);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	if (command == JH_IOC_LAST_ERROR) {
		memcpy(argument, &driver.reason, sizeof(driver.reason));
		return 0;
	}
	request_remember(command, argument);
	errno = driver.answer;
	if (driver.answer)
		return -1;
	if (command == JH_IOC_AUDIT)
		memcpy(argument, &driver.audit, sizeof(driver.audit));
	return command == JH_IOC_CELL_CONSOLE ? driver.console : 0;
}

static char device[64], *output, *errors;

/* A file stands in for the device: it is opened, and read as the hypervisor's log. */
static int device_make(void **state)
{
	int fd;

	(void)state;
	memset(&driver, 0, sizeof(driver));
	strcpy(device, "/tmp/jailhouse-device-XXXXXX");
	fd = mkstemp(device);
	if (fd < 0 || write(fd, "log\n", 4) != 4)
		return -1;
	return close(fd);
}

static int device_remove(void **state)
{
	(void)state;
	free(output);
	free(errors);
	output = errors = NULL;
	return unlink(device);
}

static int run(int count, const char *const *texts)
{
	char *earlier_output = output, *earlier_errors = errors;
	size_t out_size, err_size;
	struct cli cli = { .out = open_memstream(&output, &out_size), .err = open_memstream(&errors, &err_size) };
	int result;

	/* Of an earlier run in the same test. */
	free(earlier_output);
	free(earlier_errors);
	cli.paths.device = device;
	result = cli_run(&cli, count, (char **)(uintptr_t)texts);
	fclose(cli.out);
	fclose(cli.err);
	return result;
}

#define RUN(...)                                                                   \
	run(sizeof((const char *[]){ "jailhouse", __VA_ARGS__ }) / sizeof(char *), \
	    (const char *[]){ "jailhouse", __VA_ARGS__ })

static void load_hands_over_images_in_order(void **state)
{
	(void)state;
	assert_int_equal(RUN("cell", "load", "linux", "-s", "quiet", "-a", "0x1000", device), 0);
	assert_int_equal(driver.command, JH_IOC_CELL_LOAD);
	assert_int_equal(driver.cell.id, -1);
	assert_string_equal(driver.cell.name, "linux");
	assert_int_equal(driver.num_images, 2);
	assert_int_equal(driver.images[0].size, 6);
	assert_memory_equal(driver.first, "quiet", 6);
	assert_int_equal(driver.images[0].target_address, 0x1000);
	assert_int_equal(driver.images[1].size, 4);
	assert_int_equal(driver.images[1].target_address, 0);
}

static void a_missing_image_asks_the_driver_nothing(void **state)
{
	(void)state;
	assert_int_equal(RUN("cell", "load", "1", device, "/nonexistent/image"), 1);
	assert_int_equal(driver.requests, 0);
	assert_string_equal(errors, "/nonexistent/image: No such file or directory\n"
				    "file-unreadable: The file could not be read.\n"
				    "Check its name and its permissions.\n");
}

static void shutdown_is_a_load_of_nothing(void **state)
{
	(void)state;
	assert_int_equal(RUN("cell", "shutdown", "3"), 0);
	assert_int_equal(driver.command, JH_IOC_CELL_LOAD);
	assert_int_equal(driver.cell.id, 3);
	assert_int_equal(driver.num_images, 0);
}

static void start_and_destroy_name_their_cell(void **state)
{
	(void)state;
	assert_int_equal(RUN("cell", "start", "0x2"), 0);
	assert_int_equal(driver.command, JH_IOC_CELL_START);
	assert_int_equal(driver.cell.id, 2);
	device_remove(NULL);
	device_make(NULL);
	assert_int_equal(RUN("cell", "destroy", "--name", "2"), 0);
	assert_int_equal(driver.command, JH_IOC_CELL_DESTROY);
	assert_int_equal(driver.cell.id, -1);
	assert_string_equal(driver.cell.name, "2");
}

static void a_refusal_is_told_in_three_lines(void **state)
{
	(void)state;
	driver.answer = EPERM;
	driver.reason = (struct jh_ioc_reason){ EPERM, "cell-running", "Cell 3 is running.", "Shut it down." };
	assert_int_equal(RUN("cell", "shutdown", "3"), 1);
	assert_string_equal(errors, "JAILHOUSE_CELL_LOAD: Operation not permitted\n"
				    "cell-running: Cell 3 is running.\n"
				    "Shut it down.\n");
	assert_string_equal(output, "");
}

static void a_driver_without_reasons_leaves_one_line(void **state)
{
	(void)state;
	driver.answer = EBUSY;
	assert_int_equal(RUN("cell", "start", "3"), 1);
	assert_string_equal(errors, "JAILHOUSE_CELL_START: Device or resource busy\n");
}

static void a_short_system_configuration_never_reaches_the_driver(void **state)
{
	(void)state;
	assert_int_equal(RUN("enable", device), 1);
	assert_int_equal(driver.requests, 0);
	assert_non_null(strstr(errors, "JAILHOUSE_ENABLE: Invalid argument\nconfig-truncated: "));
}

static void disable_ignores_arguments(void **state)
{
	(void)state;
	assert_int_equal(RUN("disable", "system.cell"), 0);
	assert_int_equal(driver.command, JH_IOC_DISABLE);
}

static void the_console_copies_the_device(void **state)
{
	(void)state;
	assert_int_equal(RUN("console"), 0);
	assert_string_equal(output, "log\n");
}

/* A pipe without a byte answers -EAGAIN, as the device does while the hypervisor is off. */
static void the_console_fails_while_the_hypervisor_is_off(void **state)
{
	(void)state;
	assert_int_equal(unlink(device), 0);
	assert_int_equal(mkfifo(device, 0600), 0);
	assert_int_equal(RUN("console"), 1);
	assert_string_equal(output, "");
	assert_non_null(strstr(errors, "Resource temporarily unavailable\nconsole-unreadable: "));
}

static void a_missing_driver_is_told(void **state)
{
	(void)state;
	strcat(device, ".missing");
	assert_int_equal(RUN("disable"), 1);
	device[strlen(device) - strlen(".missing")] = 0;
	assert_int_equal(driver.requests, 0);
	assert_non_null(strstr(errors, ": No such file or directory\ndriver-not-loaded: "));
}

/* Puts a pipe in the place of a cell's console; returns its writing end. */
static int console_make(const char *text)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
	driver.console = ends[0];
	return ends[1];
}

static void a_cell_console_ends_when_it_has_no_more(void **state)
{
	int cell = console_make("beat 1\n");

	(void)state;
	assert_int_equal(RUN("cell", "console", "heartbeat"), 0);
	assert_int_equal(driver.command, JH_IOC_CELL_CONSOLE);
	assert_string_equal(driver.cell.name, "heartbeat");
	assert_string_equal(output, "beat 1\n");
	close(cell);
}

static void a_quiet_cell_console_is_no_failure(void **state)
{
	int cell = console_make("");

	(void)state;
	assert_int_equal(RUN("cell", "console", "4"), 0);
	assert_string_equal(output, "");
	assert_string_equal(errors, "");
	close(cell);
}

static void a_followed_console_ends_with_its_cell(void **state)
{
	(void)state;
	close(console_make("bye\n"));
	assert_int_equal(RUN("cell", "console", "4", "--follow"), 0);
	assert_string_equal(output, "bye\n");
	assert_string_equal(errors, "");
}

/* A cell that answers the first line that it is told, and goes. */
static void cell_answer(int line)
{
	char told[32];
	size_t size = 0;

	while (size < sizeof(told) && (!size || told[size - 1] != '\n'))
		size += read(line, told + size, 1) == 1;
	if (write(line, "you said ", 9) != 9 || write(line, told, size) != (ssize_t)size)
		_exit(1);
	_exit(0);
}

static void an_interactive_console_goes_both_ways(void **state)
{
	int line[2], typed[2], before = dup(STDIN_FILENO);
	pid_t cell;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, line), 0);
	assert_int_equal(pipe(typed), 0);
	cell = fork();
	if (!cell)
		cell_answer(line[1]);
	close(line[1]);
	driver.console = line[0];
	dup2(typed[0], STDIN_FILENO);
	assert_int_equal(write(typed[1], "hello\n", 6), 6);
	close(typed[1]);
	assert_int_equal(RUN("cell", "console", "heartbeat", "--interactive"), 0);
	assert_string_equal(output, "you said hello\n");
	dup2(before, STDIN_FILENO);
	close(before);
	close(typed[0]);
	assert_int_equal(waitpid(cell, NULL, 0), cell);
}

static void a_console_of_no_cell_is_refused(void **state)
{
	(void)state;
	driver.answer = ENOENT;
	driver.reason = (struct jh_ioc_reason){ ENOENT, "cell-unknown", "There is no cell 9.", "Look it up." };
	assert_int_equal(RUN("cell", "console", "9"), 1);
	assert_string_equal(errors, "JAILHOUSE_CELL_CONSOLE: No such file or directory\n"
				    "cell-unknown: There is no cell 9.\n"
				    "Look it up.\n");
}

static void force_overrules_the_cell(void **state)
{
	(void)state;
	assert_int_equal(RUN("cell", "destroy", "linux", "--force"), 0);
	assert_int_equal(driver.command, JH_IOC_CELL_FORCE);
	assert_int_equal(driver.force, JH_IOC_FORCE_DESTROY);
	assert_string_equal(driver.cell.name, "linux");
	assert_int_equal(RUN("cell", "shutdown", "3", "--force"), 0);
	assert_int_equal(driver.command, JH_IOC_CELL_FORCE);
	assert_int_equal(driver.force, JH_IOC_FORCE_SHUTDOWN);
	assert_int_equal(driver.cell.id, 3);
}

static void force_alone_is_the_name_of_a_cell(void **state)
{
	(void)state;
	assert_int_equal(RUN("cell", "destroy", "--force"), 0);
	assert_int_equal(driver.command, JH_IOC_CELL_DESTROY);
	assert_string_equal(driver.cell.name, "--force");
}

static void a_clean_audit_exits_with_0(void **state)
{
	(void)state;
	driver.audit = (struct jh_ioc_audit){ .cells = 3, .pages = 134217912, .extents = 14, .audits = 9 };
	assert_int_equal(RUN("audit"), 0);
	assert_int_equal(driver.command, JH_IOC_AUDIT);
	assert_non_null(strstr(output, "clean: 3 cells reach 134217912 pages in 14 runs;"));
	assert_null(strstr(output, "Earlier"));
	assert_string_equal(errors, "");
}

static void a_clean_audit_does_not_hide_an_earlier_violation(void **state)
{
	(void)state;
	driver.audit = (struct jh_ioc_audit){ .violations = 2, .code = "page-shared", .text = "Page 0x1000." };
	assert_int_equal(RUN("audit"), 0);
	assert_non_null(strstr(output, "found 2 violations, the last one: page-shared: Page 0x1000."));
}

static void a_violation_exits_with_1_and_a_sentence(void **state)
{
	(void)state;
	driver.audit =
		(struct jh_ioc_audit){ .result = 1, .violations = 1, .code = "page-shared", .text = "Page 0x1000." };
	assert_int_equal(RUN("audit"), 1);
	assert_non_null(strstr(errors, "page-shared: Page 0x1000.\n"));
	assert_string_equal(output, "");
}

static void an_incomplete_audit_is_no_success(void **state)
{
	(void)state;
	driver.audit = (struct jh_ioc_audit){ .result = 2 };
	assert_int_equal(RUN("audit"), 1);
	assert_non_null(strstr(errors, "audit-incomplete: "));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, device_make, device_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(load_hands_over_images_in_order),
		CASE(a_missing_image_asks_the_driver_nothing),
		CASE(shutdown_is_a_load_of_nothing),
		CASE(start_and_destroy_name_their_cell),
		CASE(a_refusal_is_told_in_three_lines),
		CASE(a_driver_without_reasons_leaves_one_line),
		CASE(a_short_system_configuration_never_reaches_the_driver),
		CASE(disable_ignores_arguments),
		CASE(the_console_copies_the_device),
		CASE(the_console_fails_while_the_hypervisor_is_off),
		CASE(a_missing_driver_is_told),
		CASE(a_cell_console_ends_when_it_has_no_more),
		CASE(a_quiet_cell_console_is_no_failure),
		CASE(a_followed_console_ends_with_its_cell),
		CASE(an_interactive_console_goes_both_ways),
		CASE(a_console_of_no_cell_is_refused),
		CASE(force_overrules_the_cell),
		CASE(force_alone_is_the_name_of_a_cell),
		CASE(a_clean_audit_exits_with_0),
		CASE(a_clean_audit_does_not_hide_an_earlier_violation),
		CASE(a_violation_exits_with_1_and_a_sentence),
		CASE(an_incomplete_audit_is_no_success),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
