/* SPDX-License-Identifier: MIT */
/* Cells for the tests of agent/linux, out of the definition compiler. */
#ifndef TEST_LINUX_CELL_H
#define TEST_LINUX_CELL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <definition.h>
#include <linux_cell.h>

static const struct definition_board definition_board = { .pool = { 0x80000000, 0x40000000 },
							  .hypervisor = { 0x7fc00000, 0x400000 },
							  .gicd_base = 0x08000000,
							  .cpus = 0xf,
							  .virtual_intids = { [6] = 0xff000000 } };

/* Two CPUs of different clusters, and one that nobody knows. */
static const struct linux_board linux_board = {
	.cpus = { [1] = { true, 0x001, "arm,cortex-a57" }, [2] = { true, 0x100, "arm,cortex-a72" } },
	.gic_version = 3,
	.gicd = { 0x08000000, 0x10000 },
	.gic_cpus = { 0x080a0000, 0xf60000 },
};

#define LINUX_JSON(memory) \
	"{\"name\": \"tux\", \"cpus\": [1, 2], \"memory\": " memory \
	", \"console\": \"pl011\", \"linux\": {\"kernel\": \"k\"}}"

static inline struct linux_machine machine_of(const char *json)
{
	struct linux_problem problem;
	struct definition_result result;
	struct linux_machine machine;

	assert_int_equal(definition_compile_cell(json, strlen(json), &definition_board, &result), 0);
	assert_int_equal(linux_machine_read(result.blob, result.size, &machine, &problem), 0);
	definition_result_free(&result);
	return machine;
}

/* The least that is an Image: a header, and zeroes behind it. */
static inline uint8_t *image_make(size_t size, uint64_t text_offset, uint64_t image_size)
{
	uint8_t *image = calloc(1, size);

	memcpy(image + 8, &text_offset, 8);
	memcpy(image + 16, &image_size, 8);
	memcpy(image + 56, "ARM\x64", 4);
	return image;
}

#endif
