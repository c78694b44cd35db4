// SPDX-License-Identifier: MIT
/* "linux": the cell boots a Linux. Here is what can be judged without the kernel; agent/linux makes the rest when it is there. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <jailhouse/config.h>
#include "build.h"
#include "check.h"
#include "words.h"

#define RAM_GUEST   0x40000000u /* above the devices of every board that is emulated */
#define RAM_FLAGS   ((uint64_t)(JH_MEM_READ | JH_MEM_WRITE | JH_MEM_EXECUTE | JH_MEM_DMA | JH_MEM_LOADABLE))
#define NOT_RAM	    ((uint64_t)(JH_MEM_IO | JH_MEM_COMM_REGION | JH_MEM_ROOTSHARED))
#define RAM_LEAST \
	0x2000000u /* less holds no kernel of a distribution; what this one needs is known when it is loaded */
#define LOADER_SIZE 0x2000u

static const cJSON *wish(const cJSON *json)
{
	return cJSON_GetObjectItemCaseSensitive(json, "linux");
}

void linux_begin(struct build *build, const cJSON *json)
{
	if (wish(json))
		build->guest_next = RAM_GUEST;
}

static void take_text(struct build *build, const cJSON *json, const char *key, char *text, size_t size)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, key);
	char at[128];

	if (!item)
		return;
	snprintf(at, sizeof(at), "%s/linux/%s", build->prefix, key);
	if (!cJSON_IsString(item) || strlen(item->valuestring) >= size)
		compiler_refuse(&build->compiler, at, "bad-text", "Write it in quotes, and no longer than that.",
				"\"%s\" takes a text of at most %zu bytes, and something else stands here.", key,
				size - 1);
	else
		memcpy(text, item->valuestring, strlen(item->valuestring) + 1);
}

static void take_fields(struct build *build, const cJSON *json)
{
	struct definition_linux *boot = &build->result->boot;
	const cJSON *kernel;
	char at[128];

	build_pointer(at, build, "linux", -1);
	record_compile(&build->compiler, &record_linux, json, at, NULL);
	take_text(build, json, "kernel", boot->kernel, sizeof(boot->kernel));
	take_text(build, json, "initrd", boot->initrd, sizeof(boot->initrd));
	take_text(build, json, "command_line", boot->command_line, sizeof(boot->command_line));
	kernel = cJSON_GetObjectItemCaseSensitive(json, "kernel");
	if (!kernel || (cJSON_IsString(kernel) && !kernel->valuestring[0]))
		compiler_refuse(&build->compiler, at, "linux-no-kernel", "Write \"linux\": {\"kernel\": \"vmlinuz\"}.",
				"\"linux\" does not say which image is the kernel.");
	boot->wanted = true;
}

static bool is_ram(const struct definition_region *region)
{
	return region->size && (region->flags & (RAM_FLAGS | NOT_RAM)) == RAM_FLAGS;
}

/* NULL, and told, when there is none. */
static const struct definition_region *largest_ram(struct build *build, const struct definition_region **first)
{
	const struct definition_region *largest = NULL;
	char at[128];

	*first = NULL;
	for (size_t i = 0; i < build->result->num_regions; i++) {
		const struct definition_region *region = &build->result->regions[i];

		if (!is_ram(region))
			continue;
		*first = *first ? *first : region;
		largest = largest && largest->size >= region->size ? largest : region;
	}
	if (largest)
		return largest;
	build_pointer(at, build, "memory", -1);
	compiler_refuse(
		&build->compiler, at, "linux-no-memory", "Write \"memory\": [{\"size\": \"256M\"}]: without \"flags\" it has these.",
		"No region of the cell can be RAM of a Linux: that is one with read, write, execute, dma and loadable, and not shared.");
	return NULL;
}

static void check_memory(struct build *build, const cJSON *json, struct jh_cell_desc *desc)
{
	const struct definition_region *first, *largest = largest_ram(build, &first);
	char at[128], size[32];

	if (!largest)
		return;
	build_pointer(at, build, "memory", (int)(largest - build->result->regions));
	if (largest->size < RAM_LEAST)
		compiler_refuse(&build->compiler, at, "linux-memory", "Write \"size\": \"256M\".",
				"The cell's largest piece of RAM has %s, a Linux needs more than %u MiB.",
				words_size(size, sizeof(size), largest->size), RAM_LEAST >> 20);
	if (!cJSON_GetObjectItemCaseSensitive(json, "entry"))
		desc->cpu_reset_address = first->guest;
	if (desc->cpu_reset_address % 0x1000 == 0 && check_room(build->result, desc->cpu_reset_address) >= LOADER_SIZE)
		return;
	build_pointer(at, build, "entry", -1);
	compiler_refuse(&build->compiler, at, "linux-entry", "Leave \"entry\" out.",
			"The cell starts at 0x%" PRIx64 ", where there are no two loadable pages for the loader.",
			desc->cpu_reset_address);
}

static void need_console(struct build *build)
{
	char at[128];

	build_pointer(at, build, "console", -1);
	if (!build->uart.wanted)
		compiler_refuse(
			&build->compiler, at, "linux-console", "Write \"console\": \"pl011\".",
			"The cell has no emulated PL011, the one console that a stock Linux finds in every cell.");
	else if (!build->uart.intid && !build->uart.automatic_intid)
		compiler_refuse(&build->compiler, at, "linux-console", "Take \"intid\" out of \"console\".",
				"The PL011 has no interrupt, and Linux's driver needs one.");
}

static void refuse_rest(struct build *build, const cJSON *json, const struct jh_cell_desc *desc)
{
	char at[128];

	build_pointer(at, build, "flags", -1);
	if (desc->flags & JH_CELL_AARCH32)
		compiler_refuse(&build->compiler, at, "linux-aarch32", "Take the flag \"aarch32\" out.",
				"The cell starts in AArch32, an arm64 kernel does not.");
	build_pointer(at, build, "images", -1);
	if (cJSON_GetObjectItemCaseSensitive(json, "images"))
		compiler_refuse(
			&build->compiler, at, "linux-and-images", "Take \"images\" out.",
			"A cell with \"linux\" is loaded with its kernel and RAM disk, and has no other images.");
}

void linux_compile(struct build *build, const cJSON *json, struct jh_cell_desc *desc)
{
	char at[128];

	if (!wish(json))
		return;
	build_pointer(at, build, "linux", -1);
	if (build->is_root) {
		compiler_refuse(&build->compiler, at, "linux-in-root", "Take it out.",
				"The root cell is the Linux that runs already.");
		return;
	}
	take_fields(build, wish(json));
	need_console(build);
	check_memory(build, json, desc);
	refuse_rest(build, json, desc);
	linux_check_board(build);
	/* No stock kernel reads messages in the communication region: who asked would wait for nothing. */
	desc->flags |= JH_CELL_PASSIVE_COMMREG;
}
