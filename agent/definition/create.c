// SPDX-License-Identifier: MIT
/* A system definition of the running board: root gets everything but what is set aside. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "create.h"
#include "text.h"

#define PAGE	  0x1000u
#define FIRST_SPI 32u
#define LAST_SPI  1019u
#define CHIP_PINS 128u
#define CHIP_LAST 896u /* the last that 128 interrupts can begin at */

struct definition_range create_pages(struct definition_range range)
{
	uint64_t last = (range.start + (range.size - 1)) | (PAGE - 1), start = range.start & ~(uint64_t)(PAGE - 1);

	/* All 2^64 addresses do not fit into a size. */
	return (struct definition_range){ start, range.size ? last - start + (last - start != UINT64_MAX) : 0 };
}

void create_hex(cJSON *json, const char *key, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%08" PRIx64, value);
	cJSON_AddStringToObject(json, key, text);
}

void create_size(cJSON *json, const char *key, uint64_t bytes)
{
	static const char units[] = "KMG";
	unsigned unit = 0;
	char text[24];

	while (unit < 3 && bytes % 1024 == 0) {
		bytes /= 1024;
		unit++;
	}
	/* Hexadecimal is easier to hold against a memory map than 3731 thousand pages. */
	if (unit && bytes < 10000)
		snprintf(text, sizeof(text), "%" PRIu64 "%c", bytes, units[unit - 1]);
	else
		snprintf(text, sizeof(text), "0x%" PRIx64, bytes << (10 * unit));
	cJSON_AddStringToObject(json, key, text);
}

/* What follows the maker in the board's "compatible". */
static void add_name(struct create *create)
{
	const char *text = tree_text(&create->tree, 0, "compatible");
	const char *comma = text ? strchr(text, ',') : NULL;
	char name[32];

	snprintf(name, sizeof(name), "%s", comma ? comma + 1 : text ? text : "root");
	for (char *at = name; *at; at++)
		*at = *at == '/' ? '-' : *at;
	cJSON_AddStringToObject(create->root, "name", *name ? name : "root");
}

static uint64_t cpus_of_tree(const struct tree *tree)
{
	uint64_t cpus = 0;
	const char *type;
	unsigned count = 0;

	for (int node = tree_next(tree, -1); node >= 0 && count < 64; node = tree_next(tree, node)) {
		type = tree_text(tree, node, "device_type");
		if (type && strcmp(type, "cpu") == 0 && tree_is_enabled(tree, node))
			cpus |= 1ull << count++;
	}
	return cpus;
}

static void add_cpus(struct create *create)
{
	uint64_t cpus = create->machine->cpus ? create->machine->cpus : cpus_of_tree(&create->tree);
	cJSON *list = cJSON_AddArrayToObject(create->root, "cpus");

	for (unsigned cpu = 0; cpu < 64; cpu++)
		if (cpus >> cpu & 1)
			cJSON_AddItemToArray(list, cJSON_CreateNumber(cpu));
	if (!cpus)
		compiler_refuse(&create->compiler, "/root/cpus", "no-cpu", "Give the tree of an arm64 board.",
				"The device tree has no CPUs.");
}

/* All: the hypervisor takes out what the interrupt controller does not have. */
static void add_interrupts(struct create *create)
{
	const cJSON *gicd = cJSON_GetObjectItemCaseSensitive(create->json, "gicd_base");
	cJSON *bits, *chip, *list = cJSON_AddArrayToObject(create->root, "irqchips");
	unsigned base = FIRST_SPI;

	for (unsigned from = FIRST_SPI; gicd && from <= LAST_SPI;
	     from = base + CHIP_PINS, base = from < CHIP_LAST ? from : CHIP_LAST) {
		chip = cJSON_CreateObject();
		cJSON_AddStringToObject(chip, "address", gicd->valuestring);
		cJSON_AddNumberToObject(chip, "first_intid", base);
		bits = cJSON_AddArrayToObject(chip, "bitmap");
		for (unsigned word = 0; word < CHIP_PINS / 32; word++)
			cJSON_AddItemToArray(bits, cJSON_CreateString(base + 32 * word < from		 ? "0x0" :
								      base + 32 * word + 31 > LAST_SPI ? "0x0fffffff" :
													 "0xffffffff"));
		cJSON_AddItemToArray(list, chip);
	}
}

static void add_spare(struct create *create)
{
	const struct definition_range *spare = &create->machine->spare_intids;
	cJSON *range;

	if (!spare->size)
		return;
	cJSON_AddNumberToObject(create->json, "notify_intid", (double)spare->start);
	if (spare->size == 1)
		return;
	range = cJSON_AddObjectToObject(create->json, "virtual_intids");
	cJSON_AddNumberToObject(range, "first", (double)(spare->start + 1));
	cJSON_AddNumberToObject(range, "count", (double)(spare->size - 1));
}

static void add_head(struct create *create)
{
	const char *model = tree_text(&create->tree, 0, "model");
	cJSON *flags;
	char text[160];

	snprintf(text, sizeof(text), "%.100s, made by jailhouse config create",
		 model && text_is_utf8(model, strlen(model)) ? model : "A board");
	cJSON_AddStringToObject(create->json, "description", text);
	flags = cJSON_AddArrayToObject(create->json, "flags");
	cJSON_AddItemToArray(flags, cJSON_CreateString("virtual-debug-console"));
}

static void make(struct create *create)
{
	create->root = cJSON_CreateObject();
	add_head(create);
	create_reservations(create);
	create_console(create);
	create_gic(create);
	create_iommus(create);
	add_spare(create);
	add_name(create);
	add_cpus(create);
	create_memory(create);
	add_interrupts(create);
	cJSON_AddItemToObject(create->json, "root", create->root);
	create->compiler.no_memory |= create->memory.no_memory || create->devices.no_memory || create->kept.no_memory;
}

/* What was made is judged as what a person writes. */
static void judge(struct create *create, const char *text)
{
	struct definition_result result;
	struct definition_board board;

	create->compiler.no_memory |= definition_compile_system(text, strlen(text), &board, &result) == -ENOMEM;
	for (size_t i = 0; i < result.problems.count; i++) {
		const struct definition_problem *problem = &result.problems.items[i];

		(problem->warning ? compiler_warn : compiler_refuse)(&create->compiler, problem->pointer, problem->code,
								     problem->remedy, "%s", problem->text);
	}
	definition_result_free(&result);
}

static char *print(struct create *create)
{
	char *text;

	create->json = cJSON_CreateObject();
	make(create);
	text = create->compiler.problems->errors ? NULL : text_of(create->json);
	if (text)
		judge(create, text);
	else
		create->compiler.no_memory |= !create->compiler.problems->errors;
	cJSON_Delete(create->json);
	return text;
}

int definition_create(const struct definition_machine *machine, char **text, struct definition_problems *problems)
{
	struct create create = { .machine = machine, .compiler = { .problems = problems } };

	*text = NULL;
	*problems = (struct definition_problems){ 0 };
	if (tree_open(&create.tree, machine->device_tree, machine->device_tree_size))
		*text = print(&create);
	else
		compiler_refuse(&create.compiler, "", "no-device-tree", "Boot the board with a device tree, or give a .dtb file.",
				"There is no device tree, or it is damaged.");
	spans_free(&create.memory);
	spans_free(&create.devices);
	spans_free(&create.kept);
	if (!create.compiler.no_memory && !problems->errors)
		return 0;
	free(*text);
	*text = NULL;
	return create.compiler.no_memory ? -ENOMEM : -EINVAL;
}
