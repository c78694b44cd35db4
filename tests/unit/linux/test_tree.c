// SPDX-License-Identifier: MIT
/* Device trees: made, and given. */
#include "cell.h"

#include <errno.h>
#include <libfdt.h>
#include <stdio.h>

static const void *property(const void *tree, const char *path, const char *name, int *size)
{
	int node = fdt_path_offset(tree, path);
	const void *value = node < 0 ? NULL : fdt_getprop(tree, node, name, size);

	if (!value)
		fail_msg("%s has no %s", path, name);
	return value;
}

static void has_text(const void *tree, const char *path, const char *name, const char *value)
{
	int size;
	const char *found = property(tree, path, name, &size);

	assert_string_equal(found, value);
}

static void has_cells(const void *tree, const char *path, const char *name, const uint32_t *values, size_t count)
{
	int size;
	const fdt32_t *found = property(tree, path, name, &size);

	assert_int_equal(size, 4 * count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(fdt32_to_cpu(found[i]), values[i]);
}

#define HAS_CELLS(tree, path, name, ...) \
	has_cells(tree, path, name, (const uint32_t[]){ __VA_ARGS__ }, sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

static void *made(const struct linux_machine *machine, const struct linux_board *board)
{
	struct linux_problem problem;
	void *tree;

	assert_int_equal(linux_tree_make(machine, board, &tree, &problem), 0);
	assert_int_equal(linux_tree_check(tree, linux_tree_size(tree), &problem), 0);
	return tree;
}

static void a_tree_has_what_the_cell_has(void **state)
{
	struct linux_machine machine = machine_of(LINUX_JSON("[{\"size\": \"64M\"}]"));
	void *tree = made(&machine, &linux_board);

	(void)state;
	has_text(tree, "/", "model", "tux");
	has_text(tree, "/cpus/cpu@1", "compatible", "arm,cortex-a57");
	HAS_CELLS(tree, "/cpus/cpu@1", "reg", 0, 0x001);
	has_text(tree, "/cpus/cpu@100", "compatible", "arm,cortex-a72");
	HAS_CELLS(tree, "/cpus/cpu@100", "reg", 0, 0x100);
	has_text(tree, "/cpus/cpu@100", "enable-method", "psci");
	has_text(tree, "/psci", "method", "smc");
	HAS_CELLS(tree, "/interrupt-controller@8000000", "reg", 0, 0x08000000, 0, 0x10000, 0, 0x080a0000, 0, 0xf60000);
	HAS_CELLS(tree, "/timer", "interrupts", 1, 13, 4, 1, 14, 4, 1, 11, 4, 1, 10, 4);
	HAS_CELLS(tree, "/serial@9000000", "reg", 0, 0x09000000, 0, 0x1000);
	HAS_CELLS(tree, "/serial@9000000", "interrupts", 0, 216 - 32, 1);
	has_text(tree, "/chosen", "stdout-path", "/serial@9000000");
	HAS_CELLS(tree, "/reserved-memory/comm@80000000", "reg", 0, 0x80000000, 0, 0x1000);
	has_text(tree, "/hypervisor", "compatible", "jailhouse,cell");
	free(tree);
}

static void gicv2_is_another(void **state)
{
	struct linux_machine machine = machine_of(LINUX_JSON("[{\"size\": \"64M\"}], \"comm_region\": false"));
	struct linux_board board = linux_board;
	void *tree;

	(void)state;
	board.gic_version = 2;
	board.timer_hertz = 8000000;
	tree = made(&machine, &board);
	has_text(tree, "/interrupt-controller@8000000", "compatible", "arm,cortex-a15-gic");
	HAS_CELLS(tree, "/timer", "interrupts", 1, 13, 0xff04, 1, 14, 0xff04, 1, 11, 0xff04, 1, 10, 0xff04);
	HAS_CELLS(tree, "/timer", "clock-frequency", 8000000);
	assert_true(fdt_path_offset(tree, "/reserved-memory") < 0);
	free(tree);
}

static const struct linux_plan plan = { .tree = { 0x40002000, 0x3000 },
					.kernel = { 0x40200000, 0x400000 },
					.initrd = { 0x40600000, 0x12345 },
					.kept = { 0x43ced000, 0x313000 } };

static void *finished(const void *tree, const struct linux_machine *machine, const struct linux_plan *places,
		      const char *command_line)
{
	struct linux_problem problem;
	void *result;

	assert_int_equal(linux_tree_finish(tree, machine, places, command_line, &result, &problem), 0);
	assert_int_equal(fdt_check_full(result, linux_tree_size(result)), 0);
	return result;
}

static void has_reservation(const void *tree, int index, uint64_t start, uint64_t size)
{
	uint64_t got_start, got_size;

	assert_int_equal(fdt_get_mem_rsv(tree, index, &got_start, &got_size), 0);
	assert_int_equal(got_start, start);
	assert_int_equal(got_size, size);
}

static void it_is_finished(void **state)
{
	struct linux_machine machine =
		machine_of(LINUX_JSON("[{\"size\": \"64M\"}, {\"size\": \"32M\", \"guest\": \"0x140000000\"}]"));
	void *tree = made(&machine, &linux_board), *result = finished(tree, &machine, &plan, "console=ttyAMA0 quiet");

	(void)state;
	HAS_CELLS(result, "/memory@40000000", "reg", 0, 0x40000000, 0, 0x4000000, 1, 0x40000000, 0, 0x2000000);
	has_text(result, "/memory@40000000", "device_type", "memory");
	has_text(result, "/chosen", "bootargs", "console=ttyAMA0 quiet");
	HAS_CELLS(result, "/chosen", "linux,initrd-start", 0, 0x40600000);
	HAS_CELLS(result, "/chosen", "linux,initrd-end", 0, 0x40612345);
	assert_int_equal(fdt_num_mem_rsv(result), 2);
	has_reservation(result, 0, 0x40000000, 0x2000);
	has_reservation(result, 1, 0x43ced000, 0x313000);
	free(result);
	free(tree);
}

/* One cell for addresses and sizes, memory and arguments of somebody else. */
static void *template_make(void)
{
	void *tree = calloc(1, 4096);

	assert_int_equal(fdt_create_empty_tree(tree, 4096), 0);
	fdt_setprop_u32(tree, 0, "#address-cells", 1);
	fdt_setprop_u32(tree, 0, "#size-cells", 1);
	fdt_add_subnode(tree, 0, "memory@1000");
	fdt_setprop_u32(tree, fdt_add_subnode(tree, 0, "chosen"), "linux,initrd-start", 1);
	fdt_setprop_string(tree, fdt_path_offset(tree, "/chosen"), "bootargs", "theirs");
	return tree;
}

static void a_given_tree_is_edited(void **state)
{
	struct linux_machine machine = { .num_ram = 2,
					 .ram = { { 0, 0x10000 }, { 0x70000000, 0x8000000 } },
					 .entry = 0x100000 };
	struct linux_plan places = plan;
	void *tree = template_make(), *result = finished(tree, &machine, &places, NULL);

	(void)state;
	/* What is at 0 is the loader's, and the loader is not in Linux's memory. */
	HAS_CELLS(result, "/memory@1000", "reg", 0x70000000, 0x8000000);
	has_text(result, "/chosen", "bootargs", "theirs");
	assert_int_equal(fdt_num_mem_rsv(result), 1);
	free(result);
	places.initrd.size = 0;
	result = finished(tree, &machine, &places, "ours");
	has_text(result, "/chosen", "bootargs", "ours");
	assert_null(fdt_getprop(result, fdt_path_offset(result, "/chosen"), "linux,initrd-start", NULL));
	free(result);
	free(tree);
}

static void memory_that_one_cell_cannot_hold_is_refused(void **state)
{
	struct linux_machine machine = { .num_ram = 1, .ram = { { 0x100000000, 0x8000000 } } };
	struct linux_problem problem;
	void *tree = template_make(), *result;

	(void)state;
	assert_int_equal(linux_tree_finish(tree, &machine, &plan, NULL, &result, &problem), -EINVAL);
	assert_string_equal(problem.code, "linux-tree");
	free(tree);
}

static void what_is_no_tree_is_refused(void **state)
{
	struct linux_problem problem;
	void *tree = template_make();

	(void)state;
	assert_int_equal(linux_tree_check(tree, 4096, &problem), 0);
	for (size_t size = 0; size < 4096; size += 7)
		assert_int_equal(linux_tree_check(tree, size, &problem), -EINVAL);
	fdt_delprop(tree, 0, "#size-cells");
	assert_int_equal(linux_tree_check(tree, 4096, &problem), -EINVAL);
	assert_string_equal(problem.code, "linux-tree");
	free(tree);
}

static void needs(const void *tree, const char *code)
{
	struct linux_problem problem = { 0 };

	assert_int_equal(linux_tree_needs(tree, &problem), code ? -EINVAL : 0);
	assert_string_equal(problem.code, code ? code : "");
}

static void a_given_tree_without_psci_or_timer_is_refused(void **state)
{
	void *tree = template_make();

	(void)state;
	needs(tree, "linux-tree-psci");
	fdt_setprop_string(tree, fdt_add_subnode(tree, 0, "psci"), "compatible", "arm,psci-0.2");
	needs(tree, "linux-tree-timer");
	fdt_setprop_string(tree, fdt_add_subnode(tree, 0, "timer"), "compatible", "arm,armv8-timer");
	needs(tree, NULL);
	free(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tree_has_what_the_cell_has),
		cmocka_unit_test(gicv2_is_another),
		cmocka_unit_test(it_is_finished),
		cmocka_unit_test(a_given_tree_is_edited),
		cmocka_unit_test(memory_that_one_cell_cannot_hold_is_refused),
		cmocka_unit_test(what_is_no_tree_is_refused),
		cmocka_unit_test(a_given_tree_without_psci_or_timer_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
