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
#include "devices.h"
#include "scan.h"
#include "words.h"

static void compile_name(struct build *build, const cJSON *json, struct jh_cell_desc *desc)
{
	const cJSON *name = cJSON_GetObjectItemCaseSensitive(json, "name");
	char at[128];

	build_pointer(at, build, "name", -1);
	if (!cJSON_IsString(name) || !name->valuestring[0] || strlen(name->valuestring) >= JH_CELL_NAME_LEN ||
	    strchr(name->valuestring, '/')) {
		compiler_refuse(&build->compiler, at, "bad-name", "Write \"name\": \"rtos\", 1 to 31 bytes without a slash.",
				cJSON_IsString(name) ? "\"%.60s\" cannot be a cell's name." : "The cell has no name.",
				cJSON_IsString(name) ? name->valuestring : "");
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
	uint64_t known = build->board && !build->compiler.unchecked ? build->board->cpus : 0, cpu;
	char cpus[200];

	if (!number_read(&build->compiler, item, at, set_size * 8 - 1, &cpu))
		return;
	if (known && (cpu > 63 || !(known >> cpu & 1)))
		compiler_refuse(&build->compiler, at, "no-such-cpu", "Take one of those.",
				"The board has no CPU %" PRIu64 "; root has %s.", cpu,
				words_cpus(cpus, sizeof(cpus), known));
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
		desc->cpu_set_size = BUILD_CPU_SET_DEFAULT;
	if (!count || desc->cpu_set_size > BUILD_CPU_SET_MAX) {
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

static void compile_arrays(struct build *build, const cJSON *json, struct jh_cell_desc *desc)
{
	compile_cpus(build, json, desc);
	desc->num_memory_regions = memory_compile(build, json);
	desc->num_cache_regions = build_list(build, json, "cache_regions", &record_cache);
	desc->num_irqchips = interrupts_compile(build, json);
	desc->num_pio_regions = build_list(build, json, "pio_regions", &record_pio);
	desc->num_pci_devices = build_list(build, json, "pci_devices", &record_pci_device);
	desc->num_pci_caps = build_list(build, json, "pci_caps", &record_pci_cap);
	desc->num_stream_ids = streams_compile(build, json);
}

void cell_compile(struct build *build, const cJSON *json)
{
	struct jh_cell_desc desc = { 0 };
	size_t start = build->size;

	record_compile(&build->compiler, &record_cell, json, build->prefix, (uint8_t *)&desc);
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
	devices_begin(build, json);
	compile_arrays(build, json, &desc);
	devices_end(build);
	console_settle(build, &desc);
	linux_compile(build, json, &desc);
	images_compile(build, json);
	policy_compile(build, json);
	if (build->compiler.no_memory)
		return;
	memcpy(build->bytes + start, &desc, sizeof(desc));
	check_cell(&build->compiler, build->board, build->result, build->prefix, build->bytes + start,
		   build->size - start);
}

static void check_size(struct build *build)
{
	if (build->size > JH_CONFIG_MAX_SIZE && !build->result->problems.errors)
		compiler_refuse(&build->compiler, "", "too-large", "Take out what the cell does not need; merge neighbouring regions.",
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

static int compile(struct build *build, const char *text, size_t length, struct definition_board *system,
		   struct definition_result *result)
{
	size_t copied = length <= DEFINITION_TEXT_MAX ? length : DEFINITION_TEXT_MAX;
	char *copy = malloc(copied + 1);
	struct scan scan;
	cJSON *json;

	memset(result, 0, sizeof(*result));
	build->result = result;
	build->prefix = "";
	if (!copy)
		return -ENOMEM;
	memcpy(copy, text, copied);
	copy[copied] = '\0';
	build->compiler.problems = &result->problems;
	json = document_parse(&build->compiler, &scan, copy, length);
	/* Duplicate fields and the like: a reader would have to guess which one was meant. */
	if (json && !result->problems.count) {
		if (system)
			system_compile(build, json, system);
		else
			cell_compile(build, json);
	}
	cJSON_Delete(json);
	check_size(build);
	problems_settle(&build->compiler, &scan);
	scan_free(&scan);
	free(copy);
	return finish(build);
}

int definition_compile_cell(const char *text, size_t length, const struct definition_board *board,
			    struct definition_result *result)
{
	struct build build = { .compiler.unchecked = !board || board->unchecked, .board = board };

	return compile(&build, text, length, NULL, result);
}

int compile_unchecked_system(const char *text, size_t length, struct definition_board *board,
			     struct definition_result *result)
{
	struct build build = { .compiler.unchecked = true, .is_root = true };

	return compile(&build, text, length, board, result);
}

int definition_compile_system(const char *text, size_t length, struct definition_board *board,
			      struct definition_result *result)
{
	struct definition_board own;
	struct build build = { .compiler.unchecked = !board, .is_root = true };

	return compile(&build, text, length, board ? board : &own, result);
}

void definition_problems_free(struct definition_problems *problems)
{
	free(problems->items);
	*problems = (struct definition_problems){ 0 };
}

void definition_result_free(struct definition_result *result)
{
	free(result->blob);
	free(result->regions);
	free(result->images);
	free(result->links);
	free(result->problems.items);
	memset(result, 0, sizeof(*result));
}
