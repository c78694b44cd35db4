// SPDX-License-Identifier: MIT
/* Binary to JSON. The bytes may come from anywhere: every count is checked against the size first. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <jailhouse/config.h>
#include "build.h"

struct cursor {
	const uint8_t *at;
	size_t left;
	bool bad;
};

static const uint8_t *take(struct cursor *cursor, uint64_t size)
{
	const uint8_t *at = cursor->at;

	if (cursor->bad || size > cursor->left) {
		cursor->bad = true;
		return NULL;
	}
	cursor->at += size;
	cursor->left -= (size_t)size;
	return at;
}

/* Absent fields of a region mean something ("auto"), so that all are written. */
static void complete_region(cJSON *region)
{
	static const char *const keys[] = { "physical", "guest", "size" };

	for (size_t i = 0; i < 3; i++) {
		if (!cJSON_GetObjectItemCaseSensitive(region, keys[i]))
			cJSON_AddNumberToObject(region, keys[i], 0);
	}
	if (!cJSON_GetObjectItemCaseSensitive(region, "flags"))
		cJSON_AddArrayToObject(region, "flags");
}

static void list_json(struct cursor *cursor, cJSON *json, const char *key, uint32_t count, const struct record *record)
{
	const uint8_t *bytes = take(cursor, (uint64_t)count * record->size);
	cJSON *list, *item;

	if (!bytes || !count)
		return;
	list = cJSON_AddArrayToObject(json, key);
	for (uint32_t i = 0; i < count; i++) {
		item = record_decompile(record, bytes + i * record->size);
		if (record == &record_memory)
			complete_region(item);
		cJSON_AddItemToArray(list, item);
	}
}

static void cpus_json(struct cursor *cursor, cJSON *json, uint32_t size)
{
	const uint8_t *set = take(cursor, size);
	cJSON *list = cJSON_AddArrayToObject(json, "cpus");

	for (uint64_t cpu = 0; set && cpu < 8ull * size; cpu++) {
		if (set[cpu / 8] >> (cpu % 8) & 1)
			cJSON_AddItemToArray(list, cJSON_CreateNumber((double)cpu));
	}
}

static bool has_comm(const cJSON *json)
{
	const cJSON *region, *flag;

	cJSON_ArrayForEach(region, cJSON_GetObjectItemCaseSensitive(json, "memory")) {
		cJSON_ArrayForEach(flag, cJSON_GetObjectItemCaseSensitive(region, "flags")) {
			if (cJSON_IsString(flag) && strcmp(flag->valuestring, "comm") == 0)
				return true;
		}
	}
	return false;
}

static void console_json(cJSON *json, const char *key, const struct jh_console_desc *console, uint32_t cell_flags)
{
	static const struct jh_console_desc none;

	if (memcmp(console, &none, sizeof(none)) != 0)
		cJSON_AddItemToObject(json, key, console_decompile(console, cell_flags));
}

static cJSON *cell_json(struct cursor *cursor, bool is_root)
{
	const uint8_t *bytes = take(cursor, sizeof(struct jh_cell_desc));
	struct jh_cell_desc desc;
	bool inject;
	cJSON *json;

	if (!bytes)
		return NULL;
	memcpy(&desc, bytes, sizeof(desc));
	inject = !is_root && desc.flags & JH_CELL_STRAY_INJECT; /* a field of its own */
	desc.flags &= inject ? ~(uint32_t)JH_CELL_STRAY_INJECT : ~0u;
	json = record_decompile(&record_cell, (const uint8_t *)&desc);
	desc.name[JH_CELL_NAME_LEN - 1] = '\0';
	cJSON_AddStringToObject(json, "name", desc.name);
	if (inject)
		cJSON_AddStringToObject(json, "stray_access", "inject");
	console_json(json, "console", &desc.console, desc.flags);
	cpus_json(cursor, json, desc.cpu_set_size);
	list_json(cursor, json, "memory", desc.num_memory_regions, &record_memory);
	list_json(cursor, json, "cache_regions", desc.num_cache_regions, &record_cache);
	list_json(cursor, json, "irqchips", desc.num_irqchips, &record_irqchip);
	list_json(cursor, json, "pio_regions", desc.num_pio_regions, &record_pio);
	list_json(cursor, json, "pci_devices", desc.num_pci_devices, &record_pci_device);
	list_json(cursor, json, "pci_caps", desc.num_pci_caps, &record_pci_cap);
	list_json(cursor, json, "stream_ids", desc.num_stream_ids, &record_stream_id);
	if (!is_root && !has_comm(json))
		cJSON_AddFalseToObject(json, "comm_region");
	return json;
}

static void iommus_json(cJSON *json, const struct jh_system_desc *desc)
{
	static const struct jh_iommu none;
	size_t count = JH_IOMMU_UNITS;
	cJSON *list;

	while (count && memcmp(&desc->iommu_units[count - 1], &none, sizeof(none)) == 0)
		count--;
	if (!count)
		return;
	list = cJSON_AddArrayToObject(json, "iommus");
	for (size_t i = 0; i < count; i++)
		cJSON_AddItemToArray(list, record_decompile(&record_iommu, (const uint8_t *)&desc->iommu_units[i]));
}

static cJSON *system_json(struct cursor *cursor)
{
	struct jh_system_desc desc = { 0 };
	const uint8_t *bytes = take(cursor, sizeof(desc) - sizeof(desc.root_cell));
	cJSON *json;

	if (!bytes)
		return NULL;
	memcpy(&desc, bytes, sizeof(desc) - sizeof(desc.root_cell));
	json = record_decompile(&record_system, (const uint8_t *)&desc);
	cJSON_AddItemToObject(json, "hypervisor",
			      record_decompile(&record_memory, (const uint8_t *)&desc.hypervisor_memory));
	console_json(json, "debug_console", &desc.debug_console, 0);
	iommus_json(json, &desc);
	cJSON_AddItemToObject(json, "root", cell_json(cursor, true));
	return json;
}

int definition_decompile(const void *blob, size_t size, char **text)
{
	struct cursor cursor = { .at = blob, .left = size };
	cJSON *json = NULL;
	char *printed;
	int err = 0;

	if (size < 8 || size > JH_CONFIG_MAX_SIZE || cursor.at[5] != JH_CONFIG_ARCH_ARM64 ||
	    bytes_get(cursor.at + 6, 2) != JH_CONFIG_REVISION)
		return -EINVAL;
	if (memcmp(blob, JH_SYSTEM_SIGNATURE, JH_SIGNATURE_LEN) == 0)
		json = system_json(&cursor);
	else if (memcmp(blob, JH_CELL_SIGNATURE, JH_SIGNATURE_LEN) == 0)
		json = cell_json(&cursor, false);
	if (!json || cursor.bad || cursor.left)
		err = -EINVAL;
	printed = err ? NULL : cJSON_Print(json);
	cJSON_Delete(json);
	if (!err && !printed)
		return -ENOMEM;
	*text = printed;
	return err;
}
