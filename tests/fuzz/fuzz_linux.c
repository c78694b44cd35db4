// SPDX-License-Identifier: MIT
/*
 * Kernels and device trees as anybody may give them: they are refused, or what comes of them is whole. The first byte says which.
 */
#include <linux_cell.h>

#include <errno.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool truth)
{
	if (!truth)
		abort();
}

/* With the magic of one of the two formats. */
static void try_kernel(const uint8_t *input, size_t size)
{
	static const uint8_t gzip[] = { 0x1f, 0x8b, 8, 0 };
	struct linux_problem problem = { 0 };
	struct linux_kernel kernel;
	uint8_t data[4096] = { 0 };
	int err;

	size = size < sizeof(data) ? size : sizeof(data);
	memcpy(data, input, size);
	if (size >= 64 && data[0] & 1)
		memcpy(data + 56, "ARM\x64", 4);
	else if (size >= 64)
		memcpy(data, gzip, sizeof(gzip));
	err = linux_kernel_open(data, size, LIMIT, &kernel, &problem);

	if (err == -EINVAL)
		must(problem.code[0] && problem.text[0] && problem.remedy[0]);
	if (err)
		return;
	must(kernel.size <= kernel.image_size && kernel.text_offset < 0x200000);
	must(!kernel.unpacked || kernel.size <= LIMIT);
	linux_kernel_close(&kernel);
}

/* The header is set right: what is left to chance is what it leads to. */
static void try_tree(const uint8_t *data, size_t size)
{
	static const struct linux_machine machine = { .num_ram = 1,
						      .ram = { { 0x40000000, 0x10000000 } },
						      .entry = 0x40000000 };
	static const struct linux_plan plan = { .initrd = { 0x42000000, 0x1000 }, .kept = { 0x4f000000, 0x1000000 } };
	struct linux_problem problem = { 0 };
	uint8_t *tree = malloc(size + 1);
	void *finished;

	memcpy(tree, data, size);
	if (size >= 40) {
		fdt_set_magic(tree, FDT_MAGIC);
		fdt_set_totalsize(tree, (uint32_t)size);
		fdt_set_version(tree, 17);
		fdt_set_last_comp_version(tree, 16);
	}
	if (linux_tree_check(tree, size, &problem) == 0 &&
	    linux_tree_finish(tree, &machine, &plan, "quiet", &finished, &problem) == 0) {
		must(fdt_check_full(finished, linux_tree_size(finished)) == 0);
		free(finished);
	} else {
		must(problem.code[0] && problem.text[0]);
	}
	free(tree);
}

/* A whole tree that a few bytes of the input change. */
static void try_bent_tree(const uint8_t *data, size_t size)
{
	uint8_t tree[1024] = { 0 };

	must(fdt_create_empty_tree(tree, sizeof(tree)) == 0);
	fdt_setprop_u32(tree, 0, "#address-cells", 2);
	fdt_setprop_u32(tree, 0, "#size-cells", 2);
	fdt_setprop_string(tree, fdt_add_subnode(tree, 0, "chosen"), "bootargs", "x");
	fdt_setprop_u64(tree, fdt_add_subnode(tree, 0, "memory"), "reg", 1);
	for (size_t i = 0; i + 2 < size; i += 3)
		tree[(data[i] | data[i + 1] << 8) % sizeof(tree)] = data[i + 2];
	try_tree(tree, sizeof(tree));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	if (data[0] % 3 == 0)
		try_kernel(data + 1, size - 1);
	else if (data[0] % 3 == 1)
		try_tree(data + 1, size - 1);
	else
		try_bent_tree(data + 1, size - 1);
	return 0;
}
