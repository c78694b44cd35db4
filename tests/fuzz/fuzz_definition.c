// SPDX-License-Identifier: MIT
/*
 * Any bytes as a definition, and definitions of a person who mistypes: compiled, checked beside cells, explained, compared. What is accepted
 * must be what it says, what is refused must say why, and nothing may take more than 16 MiB.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <definition.h>
#include <diff.h>
#include <explain.h>
#include <together.h>

#include "memory_limit.h"

#define PROMISE(condition) ((condition) ? (void)0 : abort())

static const char system_text[] =
	"{\"hypervisor\":{\"physical\":\"0x7fc00000\",\"size\":\"4M\"},\"gic_version\":3,\"gicd_base\":\"0x08000000\","
	"\"gicr_base\":\"0x080a0000\",\"pool\":{\"start\":\"0x80000000\",\"size\":\"1G\"},\"virtual_intids\":{\"first\":216,"
	"\"count\":8},\"root\":{\"name\":\"r\",\"cpus\":[0,1,2,3],\"memory\":[{\"physical\":\"0x80000000\",\"size\":\"1G\","
	"\"flags\":[\"read\",\"write\",\"execute\"]},{\"physical\":0,\"size\":\"128M\",\"flags\":[\"read\",\"io\"]}],\"irqchips\":"
	"[{\"address\":\"0x08000000\",\"first_intid\":32,\"bitmap\":[\"0xffffffff\",\"0xffffffff\"]},"
	"{\"address\":\"0x08000000\",\"first_intid\":192,\"bitmap\":[\"0xffffffff\"]}]}}";
static const char other_text[] =
	"{\"name\":\"o\",\"cpus\":[3],\"memory\":[{\"size\":\"2M\"},{\"physical\":\"0x90000000\",\"guest\":\"0x20000000\","
	"\"size\":\"1M\",\"flags\":[\"read\",\"root-shared\"]}],\"interrupts\":[40],\"console\":\"pl011\"}";

static struct definition_board board;
static struct definition_result system_result, other_result;
static struct definition_neighbour other;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	PROMISE(definition_compile_system(system_text, strlen(system_text), &board, &system_result) == 0);
	PROMISE(definition_compile_cell(other_text, strlen(other_text), &board, &other_result) == 0);
	PROMISE(definition_neighbour_read(other_result.blob, other_result.size, &other) == 0);
	board.neighbours = &other;
	board.num_neighbours = 1;
	return 0;
}

/* Fields, words and numbers that mean something; each byte of the input chooses one, so that a few hundred make a definition. */
static const char *const pieces[] = {
	"{", "}", "[", "]", ",", ":", "\"name\":\"a\"", "\"cpus\":[1]", "\"cpus\":[1,2]", "\"cpus\":[3]", "\"memory\":[", "{\"size\":\"64M\"}",
	"{\"size\":\"2M\",\"physical\":\"0x90000000\",\"guest\":0,\"flags\":[\"execute\"]}", "\"physical\":\"auto\"", "\"physical\":\"0x80000000\"",
	"\"physical\":\"0xffffffffffffffff\"", "\"guest\":\"0x9000000\"", "\"guest\":\"0xfffffffffffff000\"", "\"size\":\"64M\"",
	"\"size\":\"0xffffffffffffffff\"", "\"size\":0", "\"flags\":[\"read\",\"write\"]", "\"flags\":[\"comm\"]", "\"flags\":[\"io\",\"root-shared\"]",
	"\"console\":\"pl011\"", "\"console\":\"virtual\"", "\"console\":{\"type\":\"pl011\",\"emulated\":true}", "\"console\":{\"type\":\"pl011\",\"address\":\"0x09000000\"}",
	"\"interrupts\":[33,40,216]", "\"interrupts\":[{\"spi\":1}]", "\"irqchips\":[{\"address\":\"0x08000000\",\"first_intid\":32,\"bitmap\":[3]}]",
	"\"irqchips\":[{\"first_intid\":\"0xffffffe0\",\"bitmap\":[3,3,3,3]}]", "\"images\":[{\"image\":\"x\"}]", "\"entry\":\"0x4000000\"",
	"\"pci_devices\":[{\"type\":\"ivshmem\",\"bdf\":\"00:01.0\",\"peers\":2,\"shared_regions_start\":1}]", "\"comm_region\":false",
	"\"stream_ids\":[1]", "\"cpu_set_size\":9", "\"vpci_irq_base\":8", "\"root\":{", "\"hypervisor\":{\"physical\":0,\"size\":4096}",
	"\"virtual_intids\":{\"first\":32,\"count\":900}", "\"gic_version\":2", "\"iommus\":[{}]", "\"devices\":[{\"device\":\"/x\"}]",
	"\"pool\":{\"start\":0,\"size\":\"0xffffffffffffffff\"}", "\"description\":\"\\u00e4\\\"\"", "18446744073709551615", "-1", "null", "true", "\"\"", " ", "\n",
};

/* For an input that begins so: what few definitions have, between what each needs. */
static const char *const rare_pieces[] = {
	",", "]", "}", "{\"name\":\"a\",\"cpus\":[1],\"memory\":[{\"size\":\"64M\"}]", "\"linux\":{\"kernel\":\"k\"}", "\"linux\":{\"kernel\":\"\",\"initrd\":7}",
	"\"linux\":{\"command_line\":\"x\"}", "\"console\":\"pl011\"", "\"console\":{\"type\":\"pl011\",\"emulated\":true,\"intid\":217}",
	"\"console\":{\"type\":\"pl011\",\"flags\":[\"emulated\",\"mmio\"],\"gate_bit\":216}", "\"stream_ids\":[1,1,{\"id\":1,\"ignore\":2}]",
	"\"stream_ids\":[\"0xffffffff\"]", "\"stray_access\":\"inject\"", "\"reply_timeout\":\"0xffffffffffffffff\"", "\"pci_caps\":[{\"id\":1}]",
	"\"pci_devices\":[{\"type\":\"device\",\"bdf\":\"00:1f.7\",\"caps_start\":65535,\"caps_count\":65535}]",
	"\"pci_devices\":[{\"type\":\"ivshmem\",\"bdf\":\"00:00.0\",\"peer_id\":255,\"peers\":255,\"shared_regions_start\":\"0xffffffff\"}]",
	"\"cache_regions\":[{\"type\":\"code\"}]", "\"pio_regions\":[{\"base\":1}]", "\"flags\":[\"aarch32\",\"passive\",\"0x80000000\"]",
	"\"interrupts\":[{\"device\":\"/x\",\"index\":1},{\"spi\":65535},0,1019,1020]", "\"devices\":[{\"device\":\"serial0\",\"accept\":[\"shared-clock\",1]}]",
	"\"images\":[{\"image\":\"a\",\"address\":\"0x3fffffc\"},{\"image\":\"b\"}]", "\"entry\":\"0x3fffffc\"", "\"cpu_set_size\":512", "\"id\":1",
	"\"memory\":[{\"size\":\"64M\"},{\"physical\":\"0x1000008\",\"size\":8,\"flags\":[\"io\",\"read\",\"io-32\"]}]",
	"\"memory\":[{\"physical\":\"0x90001000\",\"guest\":0,\"size\":\"64M\",\"flags\":[\"read\",\"write\",\"execute\",\"dma\",\"loadable\"]}]",
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The first byte says what the others are. */
static char *text_of(const uint8_t *data, size_t size, size_t *length)
{
	char *text = malloc(192 * size + 1), *out = text;

	if (size && data[0] & 1) {
		memcpy(text, data + 1, size - 1);
		out += size - 1;
	} else {
		for (size_t i = 1; i < size; i++)
			out = stpcpy(out, data[0] & 2 ? rare_pieces[data[i] % COUNT(rare_pieces)] :
							pieces[data[i] % COUNT(pieces)]);
	}
	*out = '\0';
	*length = (size_t)(out - text);
	return text;
}

static void problems_are_told(const struct definition_problems *problems, const char *text, size_t length)
{
	unsigned lines = 1;

	for (size_t i = 0; i < length; i++)
		lines += text[i] == '\n';
	for (size_t i = 0; i < problems->count; i++) {
		const struct definition_problem *problem = &problems->items[i];

		PROMISE(problem->code[0] && problem->text[0] && problem->remedy[0]);
		PROMISE(problem->line && problem->line <= lines && problem->column && problem->length);
		PROMISE(!i || problem->line > problem[-1].line ||
			(problem->line == problem[-1].line && problem->column >= problem[-1].column));
		for (const char *c = problem->text; *c; c++)
			PROMISE((unsigned char)*c >= 0x20 && *c != 0x7f);
	}
}

/* Said once more, in other words. */
static void cell_is_harmless(const struct definition_result *result)
{
	PROMISE(result->cpus && !(result->cpus & ~0x7ull) && !(result->interrupts[1] & 1u << 8));
	for (size_t i = 0; i < result->num_regions; i++) {
		const struct definition_region *region = &result->regions[i];
		uint64_t end = region->physical + region->size;

		if (!region->size || region->flags & 0x20)
			continue;
		PROMISE(end > region->physical &&
			(region->flags & 0xf0000 || !((region->physical | region->size | region->guest) & 0xfff)));
		PROMISE((region->physical >= 0x80000000 && end <= 0xc0000000) || end <= 0x8000000);
		for (size_t j = 0; j < i; j++)
			PROMISE(!result->regions[j].size ||
				region->guest >= result->regions[j].guest + result->regions[j].size ||
				result->regions[j].guest >= region->guest + region->size);
		for (size_t j = 0; j < other.num_regions; j++)
			PROMISE(other.regions[j].flags & 0x20 || other.regions[j].flags & region->flags & 0x80 ||
				region->physical >= other.regions[j].physical + other.regions[j].size ||
				other.regions[j].physical >= end);
	}
}

static void cell(const char *text, size_t length)
{
	struct definition_words words = { text, length, false }, others = { other_text, strlen(other_text), false };
	struct definition_problems problems;
	struct definition_result result;
	bool flag;
	char *told = NULL;
	int err = definition_compile_cell(text, length, &board, &result);

	PROMISE(err == (result.problems.errors ? -EINVAL : 0));
	problems_are_told(&result.problems, text, length);
	if (!err) {
		cell_is_harmless(&result);
		PROMISE(definition_decompile(result.blob, result.size, &told, &problems) == 0);
		definition_problems_free(&problems);
		free(told);
		PROMISE(definition_together(&board, words, others, &flag, &problems) == 0);
		definition_problems_free(&problems);
	}
	definition_result_free(&result);
	err = definition_explain(words, NULL, &told, &problems);
	PROMISE(!err == (told && *told));
	definition_problems_free(&problems);
	free(told);
	err = definition_diff(words, words, NULL, &told, &problems, &flag);
	PROMISE(err || !*told);
	definition_problems_free(&problems);
	free(told);
	err = definition_diff(others, words, &board, &told, &problems, &flag);
	definition_problems_free(&problems);
	free(told);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct definition_board own;
	struct definition_result result;
	size_t length;
	char *text = text_of(data, size, &length);

	memory_limit_begin(16u << 20);
	cell(text, length);
	PROMISE(definition_compile_system(text, length, &own, &result) == (result.problems.errors ? -EINVAL : 0));
	problems_are_told(&result.problems, text, length);
	definition_result_free(&result);
	memory_limit_end();
	free(text);
	return 0;
}
