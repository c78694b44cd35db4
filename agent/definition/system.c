// SPDX-License-Identifier: MIT
/* A system definition: what the machine is, the root cell, and what is set aside for cells. */
#include <inttypes.h>
#include <string.h>
#include <jailhouse/config.h>
#include "build.h"
#include "check.h"

static void compile_pool(struct build *build, const cJSON *json, struct definition_board *board)
{
	uint8_t bytes[16] = { 0 };

	if (json)
		record_compile(&build->compiler, &record_range, json, "/pool", bytes);
	board->pool = (struct definition_range){ bytes_get(bytes, 8), bytes_get(bytes + 8, 8) };
	if (json && !cJSON_GetObjectItemCaseSensitive(json, "size"))
		compiler_refuse(&build->compiler, "/pool", "no-size", "Add \"size\": \"1G\".",
				"The pool does not say how large it is.");
}

static void compile_virtual_intids(struct build *build, const cJSON *json, struct definition_board *board)
{
	uint8_t bytes[8] = { 0 };
	uint64_t first, count;

	if (!json)
		return;
	record_compile(&build->compiler, &record_intids, json, "/virtual_intids", bytes);
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
		record_compile(&build->compiler, &record_iommu, item, at, (uint8_t *)&desc->iommu_units[i++]);
	}
}

static void compile_hypervisor(struct build *build, const cJSON *json, struct jh_memory *memory)
{
	if (json)
		record_compile(&build->compiler, &record_memory, json, "/hypervisor", (uint8_t *)memory);
	if (!memory->size)
		compiler_refuse(&build->compiler, "/hypervisor", "no-hypervisor-memory",
				"Add \"hypervisor\": {\"physical\": \"0x…\", \"size\": \"4M\"}.",
				"The system definition gives the hypervisor no memory.");
}

static void compile_head(struct build *build, const cJSON *json, struct jh_system_desc *desc)
{
	const cJSON *console = cJSON_GetObjectItemCaseSensitive(json, "debug_console");

	record_compile(&build->compiler, &record_system, json, "", (uint8_t *)desc);
	memcpy(desc->signature, JH_SYSTEM_SIGNATURE, JH_SIGNATURE_LEN);
	desc->architecture = JH_CONFIG_ARCH_ARM64;
	desc->revision = JH_CONFIG_REVISION;
	compile_hypervisor(build, cJSON_GetObjectItemCaseSensitive(json, "hypervisor"), &desc->hypervisor_memory);
	if (console)
		record_compile(&build->compiler, &record_console, console, "/debug_console",
			       (uint8_t *)&desc->debug_console);
	compile_iommus(build, json, desc);
}

static void compile_root(struct build *build, const cJSON *root, const struct jh_system_desc *desc,
			 struct definition_board *board)
{
	build->board = board;
	build->prefix = "/root";
	if (root)
		cell_compile(build, root);
	else
		compiler_refuse(&build->compiler, "/root", "no-root-cell", "Add \"root\": { … }.",
				"The system definition has no root cell.");
	board->cpus = build->result->cpus;
	board->memory = build->result->regions;
	board->num_memory = build->result->num_regions;
	board->links = build->result->links;
	board->num_links = build->result->num_links;
	memcpy(board->interrupts, build->result->interrupts, sizeof(board->interrupts));
	board_devices(desc, board);
	if (!build->compiler.unchecked)
		check_system(&build->compiler, desc, board);
}

void system_compile(struct build *build, const cJSON *json, struct definition_board *board)
{
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
	board_devices(&desc, board);
	compile_root(build, cJSON_GetObjectItemCaseSensitive(json, "root"), &desc, board);
	if (!build->compiler.no_memory)
		memcpy(build->bytes, &desc, head);
}
