// SPDX-License-Identifier: MIT
/*
 * bench_definitions REGIONS {fixed | auto | hostile}: compiles and checks one definition beside 32 created cells. Run under callgrind, which
 * counts the instructions of measured().
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <definition.h>

#define OTHERS 32
#define OTHER_REGIONS 100
#define POOL 0x2000000000ull /* 128 GiB: room for 10,000 blocks and more */
#define POOL_SIZE 0x2000000000ull
#define REGION 0x200000ull

static struct definition_board board = { .pool = { POOL, POOL_SIZE }, .cpus = 3, .gicd_base = 0x08000000 };
static struct definition_region root = { .physical = POOL, .guest = POOL, .size = POOL_SIZE };
static struct definition_neighbour others[OTHERS];

/* Between the regions of the measured cell, so that the sweep meets all of them. */
static void board_fill(void)
{
	static struct definition_region regions[OTHERS][OTHER_REGIONS];

	for (size_t i = 0; i < OTHERS; i++) {
		others[i] = (struct definition_neighbour){ .name = "other",
							   .regions = regions[i],
							   .num_regions = OTHER_REGIONS };
		for (size_t j = 0; j < OTHER_REGIONS; j++)
			regions[i][j] =
				(struct definition_region){ .physical = POOL + (2 * (j * OTHERS + i) + 1) * REGION,
							    .size = REGION };
	}
	board.memory = &root;
	board.num_memory = 1;
	board.neighbours = others;
	board.num_neighbours = OTHERS;
}

static void text_fill(char *text, unsigned count, const char *kind)
{
	char *out = text + sprintf(text, "{\"name\":\"a\",\"cpus\":[1],\"comm_region\":false,\"memory\":[");
	int hostile = strcmp(kind, "hostile") == 0;

	for (unsigned i = 0; i < count; i++) {
		if (strcmp(kind, "auto") == 0)
			out += sprintf(out, "%s{\"size\":\"2M\"}", i ? "," : "");
		else
			out += sprintf(
				out,
				"%s{\"physical\":\"0x%llx\",\"guest\":\"0x%llx\",\"size\":\"%s\",\"flags\":[\"execute\"]}",
				i ? "," : "", POOL + 2 * i * REGION, i * REGION, hostile ? "16G" : "2M");
	}
	sprintf(out, "]}");
}

__attribute__((noinline)) static int measured(const char *text, struct definition_result *result)
{
	return definition_compile_cell(text, strlen(text), &board, result);
}

int main(int argc, char **argv)
{
	unsigned count = argc == 3 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
	char *text = malloc(160 * ((size_t)count + 1));
	struct definition_result result;
	int err;

	if (!count || !text)
		return 2;
	board_fill();
	text_fill(text, count, argv[2]);
	err = measured(text, &result);
	printf("%u regions %s: %s, %zu problems (%s)\n", count, argv[2], err ? "refused" : "compiled",
	       result.problems.count, result.problems.count ? result.problems.items[0].code : "none");
	definition_result_free(&result);
	free(text);
	return 0;
}
