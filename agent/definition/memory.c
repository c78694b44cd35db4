// SPDX-License-Identifier: MIT
/* "memory": regions, their defaults and their places. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jailhouse/config.h>
#include "build.h"
#include "check.h"
#include "devices.h"
#include "place.h"

#define COMM_GUEST 0x80000000u /* where inmate libraries look for it */
#define RAM_FLAGS (JH_MEM_READ | JH_MEM_WRITE | JH_MEM_EXECUTE | JH_MEM_DMA | JH_MEM_LOADABLE)

static bool is_auto(const cJSON *region)
{
	const cJSON *physical = cJSON_GetObjectItemCaseSensitive(region, "physical");

	return !physical || is_word(physical, "auto");
}

static void region_defaults(struct build *build, const cJSON *json, const char *at, struct jh_memory *region)
{
	const cJSON *size = cJSON_GetObjectItemCaseSensitive(json, "size");

	if (is_auto(json) && !(region->flags & JH_MEM_COMM_REGION)) {
		if (!region->size) {
			/* One that cannot be read has been refused already. */
			if (!size || (cJSON_IsNumber(size) && size->valuedouble == 0))
				compiler_refuse(&build->compiler, at, "no-size", "Add \"size\": \"64M\".",
						"The region says neither where it is nor how large.");
			return;
		}
		if (!cJSON_GetObjectItemCaseSensitive(json, "flags"))
			region->flags = RAM_FLAGS;
		if (!cJSON_GetObjectItemCaseSensitive(json, "guest"))
			region->virt_start = build->guest_next;
	} else if (!cJSON_GetObjectItemCaseSensitive(json, "guest")) {
		region->virt_start = region->phys_start;
	}
	build->guest_next = (region->virt_start + region->size + PLACE_ALIGN - 1) & ~(uint64_t)(PLACE_ALIGN - 1);
}

static void remember_region(struct build *build, const struct jh_memory *region, bool automatic)
{
	struct definition_result *result = build->result;
	struct definition_region *regions = realloc(result->regions, (result->num_regions + 1) * sizeof(*regions));

	if (!regions) {
		build->compiler.no_memory = true;
		return;
	}
	result->regions = regions;
	regions[result->num_regions++] = (struct definition_region){ region->phys_start, region->virt_start,
								     region->size, region->flags, automatic };
}

static void compile_region(struct build *build, const cJSON *json, int index)
{
	struct jh_memory region = { 0 };
	char at[128];

	build_pointer(at, build, "memory", index);
	record_compile(&build->compiler, &record_memory, json, at, (uint8_t *)&region);
	if (cJSON_IsObject(json))
		region_defaults(build, json, at, &region);
	remember_region(build, &region, is_auto(json) && region.size && !(region.flags & JH_MEM_COMM_REGION));
}

static void size_print(char text[32], uint64_t size)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB" };
	unsigned unit = 0;

	while (unit < 3 && size && size % 1024 == 0) {
		size /= 1024;
		unit++;
	}
	snprintf(text, 32, "%" PRIu64 " %s", size, units[unit]);
}

static void refuse_full(struct build *build, const char *at, uint64_t size, const struct place_room *room)
{
	char wanted[32], pool[32], left[32], largest[32];

	size_print(wanted, size);
	size_print(pool, build->board->pool.size);
	size_print(left, room->free);
	size_print(largest, room->largest);
	compiler_refuse(&build->compiler, at, "pool-full",
			build->board->num_neighbours ? "Give it less memory, or stop a cell." : "Give it less memory.",
			"%s do not fit into the pool: of its %s %s are free, %s in one piece.", wanted, pool, left,
			largest);
}

static bool place(struct build *build, struct place *places, const char *at, struct definition_region *region)
{
	struct place_room room;
	int err;

	if (build->is_root || !build->board || !build->board->pool.size) {
		compiler_refuse(&build->compiler, at, "no-pool", "Give the region a \"physical\" address.",
				"The region has no address, and the board sets no pool of memory aside.");
		return false;
	}
	err = places->board ? 0 : place_begin(places, build->board, build->result);
	if (!err)
		err = place_choose(places, region->size, &region->physical, &room);
	if (err == -ENOSPC)
		refuse_full(build, at, region->size, &room);
	else if (err)
		build->compiler.no_memory = true;
	return !err;
}

/* After all regions are known: an automatic one must not take the address that a later one is given. */
static void settle_regions(struct build *build, int count)
{
	struct place places = { 0 };
	char at[128];

	for (int i = 0; i < count && !build->compiler.no_memory; i++) {
		struct definition_region *region = &build->result->regions[i];
		struct jh_memory bytes;

		build_pointer(at, build, "memory", i);
		if (region->automatic && !place(build, &places, at, region))
			continue;
		bytes = (struct jh_memory){ region->physical, region->guest, region->size, region->flags };
		check_region(&build->compiler, build->board, at, &bytes);
		memcpy(build->bytes + build->size - (size_t)(count - i) * sizeof(bytes), &bytes, sizeof(bytes));
	}
	place_end(&places);
}

static bool wants_comm(struct build *build, const cJSON *json)
{
	const cJSON *wish = cJSON_GetObjectItemCaseSensitive(json, "comm_region");
	char at[128];

	if (wish && !cJSON_IsBool(wish)) {
		build_pointer(at, build, "comm_region", -1);
		compiler_refuse(&build->compiler, at, "not-yes-or-no", "Write true or false, without quotes.",
				"Something else than true or false stands here.");
	}
	if (wish)
		return cJSON_IsTrue(wish);
	for (size_t i = 0; i < build->result->num_regions; i++) {
		if (build->result->regions[i].flags & JH_MEM_COMM_REGION)
			return false;
	}
	return !build->is_root;
}

unsigned memory_append(struct build *build, const struct jh_memory *region)
{
	uint8_t *bytes = build_append(build, sizeof(*region));

	if (!bytes)
		return 0;
	memcpy(bytes, region, sizeof(*region));
	remember_region(build, region, false);
	return 1;
}

unsigned memory_compile(struct build *build, const cJSON *json)
{
	struct jh_memory comm = { .virt_start = COMM_GUEST,
				  .size = 0x1000,
				  .flags = JH_MEM_READ | JH_MEM_WRITE | JH_MEM_COMM_REGION };
	const cJSON *item, *list = cJSON_GetObjectItemCaseSensitive(json, "memory");
	int i = 0, count = build_list_size(build, json, "memory");
	unsigned added;

	if (count && build_append(build, (size_t)count * sizeof(comm))) {
		cJSON_ArrayForEach(item, list)
			compile_region(build, item, i++);
		settle_regions(build, count);
	}
	added = devices_memory(build);
	if (wants_comm(build, json))
		added += memory_append(build, &comm);
	return (unsigned)i + added;
}
