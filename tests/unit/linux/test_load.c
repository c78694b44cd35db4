// SPDX-License-Identifier: MIT
/* Kernels, and where everything goes. */
#include "cell.h"

#include <errno.h>
#include <stdio.h>
#include <zlib.h>

#define KERNEL_SIZE  0x300000u
#define IMAGE_SIZE   0x400000u
#define INITRD_SIZE  0x12345u
#define LOADER_BYTES 0x1400u

static uint8_t loader[LOADER_BYTES], initrd[INITRD_SIZE];

static struct linux_parts parts_of(const uint8_t *kernel, size_t size)
{
	return (struct linux_parts){ .loader = loader,
				     .loader_size = sizeof(loader),
				     .kernel = kernel,
				     .kernel_size = size,
				     .initrd = initrd,
				     .initrd_size = sizeof(initrd),
				     .command_line = "quiet" };
}

static const struct linux_image *image_of(const struct linux_load *load, const char *what)
{
	for (size_t i = 0; i < load->count; i++)
		if (strcmp(load->images[i].what, what) == 0)
			return &load->images[i];
	fail_msg("there is no %s", what);
	return NULL;
}

static void everything_has_its_place(void **state)
{
	struct linux_machine machine = machine_of(LINUX_JSON("[{\"size\": \"64M\"}]"));
	uint8_t *kernel = image_make(KERNEL_SIZE, 0, IMAGE_SIZE);
	struct linux_parts parts = parts_of(kernel, KERNEL_SIZE);
	struct linux_problem problem;
	struct linux_load load;

	(void)state;
	assert_int_equal(linux_load_make(&machine, &linux_board, &parts, &load, &problem), 0);
	assert_int_equal(load.count, 5);
	assert_int_equal(image_of(&load, "loader")->address, 0x40000000);
	assert_int_equal(image_of(&load, "parameters")->address, 0x40001000);
	assert_int_equal(image_of(&load, "tree")->address, 0x40002000);
	/* The end of 64 MiB, less the kernel and 0x13 pages of RAM disk. */
	assert_int_equal(image_of(&load, "kernel")->address, 0x43ced000);
	assert_int_equal(image_of(&load, "initrd")->address, 0x43fed000);
	assert_string_equal(load.parameters, "kernel=0x40200000 dtb=0x40002000 copy=0x43ced000:0x40200000:0x300000 "
					     "copy=0x43fed000:0x40600000:0x12345");
	assert_int_equal(image_of(&load, "parameters")->size, strlen(load.parameters) + 1);
	linux_load_free(&load);
	free(kernel);
}

/* Region, loader and kernel of the original's QEMU configuration. */
static void the_originals_layout(void **state)
{
	static const char json[] =
		"{\"name\": \"demo\", \"cpus\": [1], \"console\": \"pl011\", \"memory\": ["
		"{\"physical\": \"0x7f900000\", \"guest\": 0, \"size\": \"64K\", \"flags\": [\"read\", \"write\", \"execute\", \"loadable\"]},"
		"{\"physical\": \"0x70000000\", \"size\": \"128M\", \"flags\": [\"read\", \"write\", \"execute\", \"dma\", \"loadable\"]}]}";
	struct linux_machine machine = machine_of(json);
	uint8_t *kernel = image_make(KERNEL_SIZE, 0x80000, IMAGE_SIZE);
	struct linux_parts parts = parts_of(kernel, KERNEL_SIZE);
	struct linux_problem problem;
	struct linux_load load;

	(void)state;
	assert_int_equal(linux_load_make(&machine, &linux_board, &parts, &load, &problem), 0);
	assert_int_equal(image_of(&load, "loader")->address, 0);
	assert_int_equal(image_of(&load, "parameters")->address, 0x1000);
	assert_int_equal(image_of(&load, "tree")->address, 0x70000000);
	assert_non_null(strstr(load.parameters, "kernel=0x70280000 dtb=0x70000000 "));
	linux_load_free(&load);
	parts.factor = 1;
	assert_int_equal(linux_load_make(&machine, &linux_board, &parts, &load, &problem), 0);
	assert_non_null(strstr(load.parameters, ":0x70880000:0x12345")); /* twice the file above the kernel */
	linux_load_free(&load);
	free(kernel);
}

static uint8_t *packed(const uint8_t *data, size_t size, size_t *packed_size)
{
	z_stream stream = { 0 };
	uint8_t *out = malloc(size + 1024);

	assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	stream.next_in = (Bytef *)(uintptr_t)data;
	stream.avail_in = (uInt)size;
	stream.next_out = out;
	stream.avail_out = (uInt)size + 1024;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	*packed_size = stream.total_out;
	deflateEnd(&stream);
	return out;
}

static void a_packed_kernel_is_unpacked(void **state)
{
	uint8_t *plain = image_make(KERNEL_SIZE, 0, IMAGE_SIZE), *data;
	struct linux_problem problem;
	struct linux_kernel kernel;
	size_t size;

	(void)state;
	plain[KERNEL_SIZE - 1] = 7;
	data = packed(plain, KERNEL_SIZE, &size);
	assert_int_equal(linux_kernel_open(data, size, KERNEL_SIZE, &kernel, &problem), 0);
	assert_int_equal(kernel.size, KERNEL_SIZE);
	assert_int_equal(kernel.image_size, IMAGE_SIZE);
	assert_memory_equal(kernel.data, plain, KERNEL_SIZE);
	linux_kernel_close(&kernel);
	/* A byte more than may come of it. */
	assert_int_equal(linux_kernel_open(data, size, KERNEL_SIZE - 1, &kernel, &problem), -EINVAL);
	assert_string_equal(problem.code, "linux-memory");
	/* Cut off anywhere. */
	for (size_t cut = 19; cut < size; cut += size / 50 + 1) {
		assert_int_equal(linux_kernel_open(data, cut, KERNEL_SIZE, &kernel, &problem), -EINVAL);
		assert_string_equal(problem.code, "linux-kernel-damaged");
	}
	free(data);
	free(plain);
}

static void what_is_no_kernel_is_refused(void **state)
{
	uint8_t *image = image_make(4096, 0, IMAGE_SIZE);
	struct linux_problem problem;
	struct linux_kernel kernel;

	(void)state;
	for (size_t size = 0; size < 64; size++)
		assert_int_equal(linux_kernel_open(image, size, 4096, &kernel, &problem), -EINVAL);
	assert_string_equal(problem.code, "linux-kernel");
	image[24] = 1; /* big-endian */
	assert_int_equal(linux_kernel_open(image, 4096, 4096, &kernel, &problem), -EINVAL);
	image[24] = 0;
	image[10] = 0x20; /* text_offset 2 MiB */
	assert_int_equal(linux_kernel_open(image, 4096, 4096, &kernel, &problem), -EINVAL);
	image[10] = 0;
	assert_int_equal(linux_kernel_open(image, 4096, 4096, &kernel, &problem), 0);
	image[56] = 0;
	assert_int_equal(linux_kernel_open(image, 4096, 4096, &kernel, &problem), -EINVAL);
	free(image);
}

static void an_old_kernel_has_no_size(void **state)
{
	uint8_t *image = image_make(4096, 0, 0);
	struct linux_problem problem;
	struct linux_kernel kernel;

	(void)state;
	assert_int_equal(linux_kernel_open(image, 4096, 4096, &kernel, &problem), 0);
	assert_int_equal(kernel.text_offset, 0x80000);
	assert_int_equal(kernel.image_size, 4096);
	free(image);
}

static void what_does_not_fit_says_how_much_would(void **state)
{
	struct linux_machine machine = machine_of(LINUX_JSON("[{\"size\": \"32M\"}]"));
	uint8_t *kernel = image_make(15 << 20, 0, 16 << 20);
	struct linux_parts parts = parts_of(kernel, 15 << 20);
	struct linux_problem problem;
	struct linux_load load;

	(void)state;
	assert_int_equal(linux_load_make(&machine, &linux_board, &parts, &load, &problem), -EINVAL);
	assert_string_equal(problem.code, "linux-memory");
	/* 2 MiB before the kernel, 16 of it, 15 kept, and the RAM disk twice. */
	assert_non_null(strstr(problem.text, "take 34 MiB"));
	assert_non_null(strstr(problem.text, "has 32 MiB"));
	assert_null(load.tree);
	free(kernel);
}

static void refused(const struct linux_machine *machine, const struct linux_parts *parts, const char *code)
{
	struct linux_problem problem = { 0 };
	struct linux_load load;

	assert_int_equal(linux_load_make(machine, &linux_board, parts, &load, &problem), -EINVAL);
	assert_string_equal(problem.code, code);
	assert_true(problem.text[0] && problem.remedy[0]);
}

static void each_mistake_has_its_code(void **state)
{
	struct linux_machine good = machine_of(LINUX_JSON("[{\"size\": \"64M\"}]")), bad = good;
	uint8_t *kernel = image_make(KERNEL_SIZE, 0, IMAGE_SIZE);
	struct linux_parts parts = parts_of(kernel, KERNEL_SIZE), wrong = parts;
	char arguments[LINUX_COMMAND_LINE_MAX + 1];

	(void)state;
	bad.cpus |= 1 << 3;
	refused(&bad, &parts, "linux-cpu");
	bad = good;
	bad.has_uart = false;
	refused(&bad, &parts, "linux-console");
	bad = good;
	bad.uart_intid = 0;
	refused(&bad, &parts, "linux-console");
	bad = good;
	bad.num_ram = 0;
	refused(&bad, &parts, "linux-no-memory");
	bad = good;
	bad.loadable[0] = false;
	refused(&bad, &parts, "linux-memory");
	bad = good;
	bad.entry_loadable = false;
	refused(&bad, &parts, "linux-entry");
	wrong.loader_size = 0x1000;
	refused(&good, &wrong, "linux-loader");
	wrong = parts;
	memset(arguments, 'a', sizeof(arguments) - 1);
	arguments[sizeof(arguments) - 1] = '\0';
	wrong.command_line = arguments;
	refused(&good, &wrong, "linux-command-line");
	wrong = parts;
	wrong.tree = kernel;
	wrong.tree_size = 4096;
	refused(&good, &wrong, "linux-tree");
	free(kernel);
}

static void a_binary_that_is_none_is_refused(void **state)
{
	struct linux_problem problem = { 0 };
	struct linux_machine machine;

	(void)state;
	assert_int_equal(linux_machine_read(loader, sizeof(loader), &machine, &problem), -EINVAL);
	assert_string_equal(problem.code, "not-a-cell");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_has_its_place),
		cmocka_unit_test(the_originals_layout),
		cmocka_unit_test(a_packed_kernel_is_unpacked),
		cmocka_unit_test(what_is_no_kernel_is_refused),
		cmocka_unit_test(an_old_kernel_has_no_size),
		cmocka_unit_test(what_does_not_fit_says_how_much_would),
		cmocka_unit_test(each_mistake_has_its_code),
		cmocka_unit_test(a_binary_that_is_none_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
