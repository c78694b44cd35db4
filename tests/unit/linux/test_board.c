// SPDX-License-Identifier: MIT
/* What root Linux shows of the board, in a folder like it. */
#include "cell.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/test_board_XXXXXX";

static void put(const char *path, const void *data, size_t size)
{
	char full[512];
	FILE *file;

	snprintf(full, sizeof(full), "%s/%s", folder, path);
	for (char *slash = full + strlen(folder); (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		mkdir(full, 0700);
		*slash = '/';
	}
	file = fopen(full, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	fclose(file);
}

#define PUT(path, ...) put(path, (const unsigned char[]){ __VA_ARGS__ }, sizeof((const unsigned char[]){ __VA_ARGS__ }))
#define PUT_TEXT(path, text) put(path, text, sizeof(text))

static int folder_make(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/test_board_XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static int folder_remove(void **state)
{
	(void)state;
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static int read_board(struct linux_board *board, struct linux_problem *problem)
{
	char cpus[256], tree[256];

	snprintf(cpus, sizeof(cpus), "%s/cpus", folder);
	snprintf(tree, sizeof(tree), "%s/tree", folder);
	return linux_board_read(cpus, tree, board, problem);
}

static void put_gic(const char *compatible_path, const char *reg_path)
{
	PUT("tree/#address-cells", 0, 0, 0, 2);
	PUT("tree/#size-cells", 0, 0, 0, 2);
	PUT_TEXT(compatible_path, "vendor,gic\0arm,gic-v3");
	PUT(reg_path, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 8, 0x0a, 0, 0, 0, 0, 0, 0, 0, 0xf6, 0,
	    0);
}

static void cpus_gic_and_timer(void **state)
{
	struct linux_problem problem;
	struct linux_board board;

	(void)state;
	put_gic("tree/intc@8000000/compatible", "tree/intc@8000000/reg");
	PUT("cpus/cpu0/of_node/reg", 0, 0, 0, 0);
	PUT_TEXT("cpus/cpu0/of_node/compatible", "arm,cortex-a57");
	PUT("cpus/cpu3/of_node/reg", 0, 0, 0, 1, 0, 0, 1, 3);
	PUT_TEXT("tree/timer/compatible", "arm,armv8-timer\0arm,armv7-timer");
	PUT("tree/timer/clock-frequency", 0, 0x7f, 0x28, 0x15);
	assert_int_equal(read_board(&board, &problem), 0);
	assert_int_equal(board.gic_version, 3);
	assert_int_equal(board.gicd.start, 0x08000000);
	assert_int_equal(board.gicd.size, 0x10000);
	assert_int_equal(board.gic_cpus.start, 0x080a0000);
	assert_int_equal(board.gic_cpus.size, 0xf60000);
	assert_int_equal(board.timer_hertz, 8333333);
	assert_true(board.cpus[0].known && board.cpus[3].known && !board.cpus[1].known);
	assert_string_equal(board.cpus[0].compatible, "arm,cortex-a57");
	assert_int_equal(board.cpus[3].affinity, 0x100000103);
	assert_string_equal(board.cpus[3].compatible, "arm,armv8");
}

static void a_gic_below_a_bus(void **state)
{
	struct linux_problem problem;
	struct linux_board board;

	(void)state;
	PUT("tree/soc/#address-cells", 0, 0, 0, 2);
	PUT("tree/soc/#size-cells", 0, 0, 0, 2);
	put_gic("tree/soc/gic@8000000/compatible", "tree/soc/gic@8000000/reg");
	assert_int_equal(read_board(&board, &problem), 0);
	assert_int_equal(board.gic_cpus.start, 0x080a0000);
	assert_int_equal(board.timer_hertz, 0);
}

static void no_gic_is_a_sentence(void **state)
{
	struct linux_problem problem;
	struct linux_board board;

	(void)state;
	assert_int_equal(read_board(&board, &problem), -EINVAL);
	assert_string_equal(problem.code, "linux-gic");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(cpus_gic_and_timer, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(a_gic_below_a_bus, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(no_gic_is_a_sentence, folder_make, folder_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
