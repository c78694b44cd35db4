// SPDX-License-Identifier: MIT
/* JSON to binary. Goes on after an error, so that a person sees all of them at once. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jailhouse/config.h>
#include "build.h"
#include "check.h"
#include "scan.h"

#define CPU_SET_MAX 512
#define CPU_SET_DEFAULT 8

static const char *const cell_keys[] = { "name",	  "description", "cpus",       "memory",      "console",
					 "images",	  "interrupts",	 "irqchips",   "pci_devices", "pci_caps",
					 "cache_regions", "pio_regions", "stream_ids", "comm_region", "stray_access",
					 "linux",
					 NULL };
static const char *const system_keys[] = {
	"description", "hypervisor", "debug_console", "iommus", "pool", "virtual_intids", "root", NULL
};
static const char *const no_keys[] = { NULL };

static void compile_name(struct build *build, const cJSON *json, struct jh_cell_desc *desc)
{
	const cJSON *name = cJSON_GetObjectItemCaseSensitive(json, "name");
	char at[128];

	build_pointer(at, build, "name", -1);
	if (!cJSON_IsString(name) || !name->valuestring[0] || strlen(name->valuestring) >= JH_CELL_NAME_LEN ||
	    strchr(name->valuestring, '/')) {
		compiler_refuse(&build->compiler, at, "bad-name", "Give a \"name\" such as \"rtos\".",
				"The cell needs a name of 1 to 31 bytes without a slash.");
		return;
	}
	memcpy(desc->name, name->valuestring, strlen(name->valuestring));
	snprintf(build->result->name, sizeof(build->result->name), "%s", name->valuestring);
}

/* What an access to nothing does. Root has no choice: it always gets the abort. */
static void compile_stray_access(struct build *build, const cJSON *json, struct jh_cell_desc *desc)
{
	const cJSON *policy = cJSON_GetObjectItemCaseSensitive(json, "stray_access");
	const char *word = cJSON_IsString(policy) ? policy->valuestring : "";
	char at[128];

	build_pointer(at, build, "stray_access", -1);
	if (policy && build->is_root)
		compiler_refuse(&build->compiler, at, "stray-access-of-root", "Take it out.",
				"The root cell always gets an external abort for an address that is not there.");
	else if (policy && strcmp(word, "fail") != 0 && strcmp(word, "inject") != 0)
		compiler_refuse(&build->compiler, at, "unknown-word", "Write \"fail\" or \"inject\".",
				"%s is \"%.40s\", known are fail, inject.", at, *word ? word : "not a word");
	else if (policy)
		desc->flags = (desc->flags & ~(uint32_t)JH_CELL_STRAY_INJECT) |
			      (strcmp(word, "inject") == 0 ? JH_CELL_STRAY_INJECT : 0);
}

static void compile_cpu(struct build *build, const cJSON *item, const char *at, uint8_t *set, unsigned set_size)
{
	uint64_t known = build->board ? build->board->cpus : 0, cpu;

	if (!number_read(&build->compiler, item, at, set_size * 8 - 1, &cpu))
		return;
	if (known && (cpu > 63 || !(known >> cpu & 1)))
		compiler_refuse(&build->compiler, at, "no-such-cpu", "Take a CPU of the board.",
				"CPU %" PRIu64 " is not one of the board (mask 0x%" PRIx64 ").", cpu, known);
	if (set[cpu / 8] >> (cpu % 8) & 1)
		compiler_refuse(&build->compiler, at, "cpu-twice", "Name each CPU once.",
				"CPU %" PRIu64 " is listed twice.", cpu);
	check_cpu(&build->compiler, build->board, at, cpu);
	set[cpu / 8] |= (uint8_t)(1u << (cpu % 8));
	if (cpu < 64)
		build->result->cpus |= 1ull << cpu;
}

static void compile_cpus(struct build *build, const cJSON *json, struct jh_cell_desc *desc)
{
	const cJSON *item, *list = cJSON_GetObjectItemCaseSensitive(json, "cpus");
	int i = 0, count = build_list_size(build, json, "cpus");
	char at[128];
	uint8_t *set;

	build_pointer(at, build, "cpus", -1);
	if (!desc->cpu_set_size)
		desc->cpu_set_size = CPU_SET_DEFAULT;
	if (!count || desc->cpu_set_size > CPU_SET_MAX) {
		compiler_refuse(&build->compiler, at, "no-cpu", "Write \"cpus\": [3].", "The cell has no CPU.");
		return;
	}
	set = build_append(build, desc->cpu_set_size);
	cJSON_ArrayForEach(item, list) {
		if (!set)
			return;
		build_pointer(at, build, "cpus", i++);
		compile_cpu(build, item, at, set, desc->cpu_set_size);
	}
}

static void compile_image(struct build *build, const cJSON *json, const char *at)
{
	static const struct field fields[] = { { "address", 0, 8, 1, FIELD_NUMBER, NULL }, { NULL } };
	static const char *const others[] = { "image", NULL };
	const struct record record = { fields, 8 };
	const cJSON *name = cJSON_GetObjectItemCaseSensitive(json, "image");
	struct definition_result *result = build->result;
	struct definition_image *image = &result->images[result->num_images];
	uint8_t address[8] = { 0 };

	record_compile(&build->compiler, &record, json, at, others, address);
	if (!cJSON_IsString(name) || !name->valuestring[0] || strlen(name->valuestring) >= sizeof(image->name)) {
		compiler_refuse(&build->compiler, at, "no-image-name", "Write {\"image\": \"rtos.bin\"}.",
				"%s does not name an image.", at);
		return;
	}
	snprintf(image->name, sizeof(image->name), "%s", name->valuestring);
	image->address = bytes_get(address, 8);
	image->limit = check_room(result, image->address);
	if (!image->limit)
		compiler_refuse(&build->compiler, at, "image-outside-memory",
				"Give it an address in a region with the flag \"loadable\".",
				"Image \"%.60s\" goes to 0x%" PRIx64 ", where the cell has no loadable memory.",
				image->name, image->address);
	result->num_images++;
}

static void compile_images(struct build *build, const cJSON *json)
{
	const cJSON *item, *list = cJSON_GetObjectItemCaseSensitive(json, "images");
	int i = 0, count = build_list_size(build, json, "images");
	char at[128];

	if (!count)
		return;
	build->result->images = calloc((size_t)count, sizeof(*build->result->images));
	if (!build->result->images) {
		build->compiler.no_memory = true;
		return;
	}
	cJSON_ArrayForEach(item, list) {
		build_pointer(at, build, "images", i++);
		compile_image(build, item, at);
	}
}

static void compile_arrays(struct build *build, const cJSON *json, struct jh_cell_desc *desc)
{
	compile_cpus(build, json, desc);
	desc->num_memory_regions = memory_compile(build, json);
	desc->num_cache_regions = build_list(build, json, "cache_regions", &record_cache);
	desc->num_irqchips = interrupts_compile(build, json);
	desc->num_pio_regions = build_list(build, json, "pio_regions", &record_pio);
	desc->num_pci_devices = build_list(build, json, "pci_devices", &record_pci_device);
	desc->num_pci_caps = build_list(build, json, "pci_caps", &record_pci_cap);
	desc->num_stream_ids = build_list(build, json, "stream_ids", &record_stream_id);
}

static void compile_cell(struct build *build, const cJSON *json)
{
	struct jh_cell_desc desc = { 0 };
	size_t start = build->size;

	record_compile(&build->compiler, &record_cell, json, build->prefix, cell_keys, (uint8_t *)&desc);
	if (!cJSON_IsObject(json) || !build_append(build, sizeof(desc)))
		return;
	if (!build->is_root) {
		memcpy(desc.signature, JH_CELL_SIGNATURE, JH_SIGNATURE_LEN);
		desc.architecture = JH_CONFIG_ARCH_ARM64;
		desc.revision = JH_CONFIG_REVISION;
	}
	compile_name(build, json, &desc);
	compile_stray_access(build, json, &desc);
	console_compile(build, json, &desc);
	linux_begin(build, json);
	compile_arrays(build, json, &desc);
	console_settle(build, &desc);
	linux_compile(build, json, &desc);
	compile_images(build, json);
	check_overlaps(&build->compiler, build->result, build->prefix);
	if (!build->compiler.no_memory)
		memcpy(build->bytes + start, &desc, sizeof(desc));
}

static void compile_pool(struct build *build, const cJSON *json, struct definition_board *board)
{
	static const struct field fields[] = { { "start", 0, 8, 1, FIELD_NUMBER, NULL },
					       { "size", 8, 8, 1, FIELD_NUMBER, NULL },
					       { NULL } };
	const struct record record = { fields, 16 };
	uint8_t bytes[16] = { 0 };

	if (json)
		record_compile(&build->compiler, &record, json, "/pool", no_keys, bytes);
	board->pool = (struct definition_range){ bytes_get(bytes, 8), bytes_get(bytes + 8, 8) };
}

static void compile_virtual_intids(struct build *build, const cJSON *json, struct definition_board *board)
{
	static const struct field fields[] = { { "first", 0, 4, 1, FIELD_NUMBER, NULL },
					       { "count", 4, 4, 1, FIELD_NUMBER, NULL },
					       { NULL } };
	const struct record record = { fields, 8 };
	uint8_t bytes[8] = { 0 };
	uint64_t first, count;

	if (!json)
		return;
	record_compile(&build->compiler, &record, json, "/virtual_intids", no_keys, bytes);
	first = bytes_get(bytes, 4);
	count = bytes_get(bytes + 4, 4);
	if (first < 32 || first + count > 1020) {
		compiler_refuse(&build->compiler, "/virtual_intids", "not-an-spi", "Shared interrupts are 32 to 1019.",
				"%" PRIu64 " interrupts from %" PRIu64 " on are not all shared ones.", count, first);
		return;
	}
	for (uint64_t intid = first; intid < first + count; intid++)
		board->virtual_intids[intid / 32] |= 1u << (intid % 32);
}

static void compile_iommus(struct build *build, const cJSON *json, struct jh_system_desc *desc)
{
	const cJSON *item, *list = cJSON_GetObjectItemCaseSensitive(json, "iommus");
	int i = 0, count = build_list_size(build, json, "iommus");
	char at[128];

	if (count > JH_IOMMU_UNITS)
		compiler_refuse(&build->compiler, "/iommus", "too-many-iommus", "Leave some out.",
				"There are %d IOMMUs, at most %d fit.", count, JH_IOMMU_UNITS);
	if (!count || count > JH_IOMMU_UNITS)
		return;
	cJSON_ArrayForEach(item, list) {
		build_pointer(at, build, "iommus", i);
		record_compile(&build->compiler, &record_iommu, item, at, NULL, (uint8_t *)&desc->iommu_units[i++]);
	}
}

static void compile_head(struct build *build, const cJSON *json, struct jh_system_desc *desc)
{
	const cJSON *hypervisor = cJSON_GetObjectItemCaseSensitive(json, "hypervisor");
	const cJSON *console = cJSON_GetObjectItemCaseSensitive(json, "debug_console");

	record_compile(&build->compiler, &record_system, json, "", system_keys, (uint8_t *)desc);
	memcpy(desc->signature, JH_SYSTEM_SIGNATURE, JH_SIGNATURE_LEN);
	desc->architecture = JH_CONFIG_ARCH_ARM64;
	desc->revision = JH_CONFIG_REVISION;
	if (hypervisor)
		record_compile(&build->compiler, &record_memory, hypervisor, "/hypervisor", NULL,
			       (uint8_t *)&desc->hypervisor_memory);
	if (!desc->hypervisor_memory.size)
		compiler_refuse(&build->compiler, "/hypervisor", "no-hypervisor-memory",
				"Add \"hypervisor\": {\"physical\": \"0x…\", \"size\": \"4M\"}.",
				"The system definition gives the hypervisor no memory.");
	if (console)
		record_compile(&build->compiler, &record_console, console, "/debug_console", NULL,
			       (uint8_t *)&desc->debug_console);
	compile_iommus(build, json, desc);
}

static void compile_system(struct build *build, const cJSON *json, struct definition_board *board)
{
	const cJSON *root = cJSON_GetObjectItemCaseSensitive(json, "root");
	size_t head = sizeof(struct jh_system_desc) - sizeof(struct jh_cell_desc);
	struct jh_system_desc desc = { 0 };

	if (!build_append(build, head))
		return;
	*board = (struct definition_board){ 0 };
	compile_head(build, json, &desc);
	compile_pool(build, cJSON_GetObjectItemCaseSensitive(json, "pool"), board);
	compile_virtual_intids(build, cJSON_GetObjectItemCaseSensitive(json, "virtual_intids"), board);
	board->gicd_base = desc.arm.gicd_base;
	board->hypervisor = (struct definition_range){ desc.hypervisor_memory.phys_start, desc.hypervisor_memory.size };
	build->board = board;
	build->prefix = "/root";
	if (root)
		compile_cell(build, root);
	else
		compiler_refuse(&build->compiler, "/root", "no-root-cell", "Add \"root\": { … }.",
				"The system definition has no root cell.");
	board->cpus = build->result->cpus;
	board->memory = build->result->regions;
	board->num_memory = build->result->num_regions;
	memcpy(board->interrupts, build->result->interrupts, sizeof(board->interrupts));
	if (!build->compiler.no_memory)
		memcpy(build->bytes, &desc, head);
}

static void check_size(struct build *build)
{
	if (build->size > JH_CONFIG_MAX_SIZE && !build->result->problems.errors)
		compiler_refuse(&build->compiler, "", "too-large", "Merge neighbouring regions.",
				"The compiled definition has %zu bytes, at most %d are read.", build->size,
				JH_CONFIG_MAX_SIZE);
}

static int finish(struct build *build)
{
	struct definition_result *result = build->result;

	if (build->compiler.no_memory || result->problems.errors) {
		free(build->bytes);
		return build->compiler.no_memory ? -ENOMEM : -EINVAL;
	}
	result->blob = build->bytes;
	result->size = build->size;
	return 0;
}

static int compile(const char *text, size_t length, const struct definition_board *board,
		   struct definition_board *system, struct definition_result *result)
{
	struct build build = { .board = board, .result = result, .is_root = system, .prefix = "" };
	size_t copied = length <= DEFINITION_TEXT_MAX ? length : DEFINITION_TEXT_MAX;
	char *copy = malloc(copied + 1);
	struct scan scan;
	cJSON *json;

	memset(result, 0, sizeof(*result));
	if (!copy)
		return -ENOMEM;
	memcpy(copy, text, copied);
	copy[copied] = '\0';
	build.compiler.problems = &result->problems;
	json = document_parse(&build.compiler, &scan, copy, length);
	/* Duplicate fields and the like: a reader would have to guess which one was meant. */
	if (json && !result->problems.count) {
		if (system)
			compile_system(&build, json, system);
		else
			compile_cell(&build, json);
	}
	cJSON_Delete(json);
	check_size(&build);
	problems_settle(&build.compiler, &scan);
	scan_free(&scan);
	free(copy);
	return finish(&build);
}

int definition_compile_cell(const char *text, size_t length, const struct definition_board *board,
			    struct definition_result *result)
{
	return compile(text, length, board, NULL, result);
}

int definition_compile_system(const char *text, size_t length, struct definition_board *board,
			      struct definition_result *result)
{
	struct definition_board own;

	return compile(text, length, NULL, board ? board : &own, result);
}

void definition_result_free(struct definition_result *result)
{
	free(result->blob);
	free(result->regions);
	free(result->images);
	free(result->problems.items);
	memset(result, 0, sizeof(*result));
}
