// SPDX-License-Identifier: MIT
/*
 * Binary to JSON. The bytes may come from anywhere: every count is checked against the size first. What comes out is compiled
 * again and compared, so that a text that is handed out always makes the same bytes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <jailhouse/config.h>
#include "build.h"
#include "text.h"

struct cursor {
	const uint8_t *at;
	size_t left;
	uint64_t missing; /* bytes that the counts ask for and the file does not have */
	struct compiler compiler;
	uint32_t interrupts[DEFINITION_INTERRUPT_WORDS]; /* of a cell */
};

static const char *const as_it_is = "Keep the binary; the hypervisor takes it as it is.";

static void refuse(struct cursor *cursor, const char *code, const char *remedy, const char *text)
{
	compiler_refuse(&cursor->compiler, "", code, remedy, "%s", text);
}

static const uint8_t *take(struct cursor *cursor, uint64_t size)
{
	const uint8_t *at = cursor->at;

	if (cursor->missing || size > cursor->left) {
		cursor->missing += size - (cursor->missing ? 0 : cursor->left);
		return NULL;
	}
	cursor->at += size;
	cursor->left -= (size_t)size;
	return at;
}

/* Absent fields of a region mean something ("auto"), so that all are written. */
static void complete_region(cJSON *region, const uint8_t *bytes)
{
	struct jh_memory memory;

	memcpy(&memory, bytes, sizeof(memory));
	if (!memory.phys_start)
		cJSON_AddNumberToObject(region, "physical", 0);
	if (memory.virt_start == memory.phys_start)
		cJSON_DeleteItemFromObject(region, "guest");
	else if (!memory.virt_start)
		cJSON_AddNumberToObject(region, "guest", 0);
	if (!memory.size)
		cJSON_AddNumberToObject(region, "size", 0);
	if (!memory.flags)
		cJSON_AddArrayToObject(region, "flags");
}

static cJSON *item_json(const struct record *record, const uint8_t *bytes)
{
	cJSON *json = record_decompile(record, bytes);
	struct jh_irqchip chip;

	if (record == &record_memory)
		complete_region(json, bytes);
	if (record == &record_irqchip) {
		memcpy(&chip, bytes, sizeof(chip));
		interrupts_decompile(&chip, json);
	}
	return json;
}

static void list_json(struct cursor *cursor, cJSON *json, const char *key, uint32_t count, const struct record *record)
{
	const uint8_t *bytes = take(cursor, (uint64_t)count * record->size);
	cJSON *list;

	if (!bytes || !count)
		return;
	list = cJSON_AddArrayToObject(json, key);
	for (uint32_t i = 0; i < count; i++)
		cJSON_AddItemToArray(list, item_json(record, bytes + i * record->size));
}

static void cpus_json(struct cursor *cursor, cJSON *json, uint32_t size)
{
	const uint8_t *set = take(cursor, size);
	cJSON *list = cJSON_AddArrayToObject(json, "cpus");

	if (!set)
		return;
	if (size > BUILD_CPU_SET_MAX) {
		refuse(cursor, "cpu-set-size", as_it_is, "Its set of CPUs has more than 512 bytes.");
		return;
	}
	for (uint32_t cpu = 0; cpu < 8 * size; cpu++) {
		if (set[cpu / 8] >> (cpu % 8) & 1)
			cJSON_AddItemToArray(list, cJSON_CreateNumber((double)cpu));
	}
	if (size == BUILD_CPU_SET_DEFAULT)
		cJSON_DeleteItemFromObject(json, "cpu_set_size");
}

static bool has_comm(const cJSON *json)
{
	const cJSON *region, *flag;

	cJSON_ArrayForEach(region, cJSON_GetObjectItemCaseSensitive(json, "memory")) {
		cJSON_ArrayForEach(flag, cJSON_GetObjectItemCaseSensitive(region, "flags")) {
			if (is_word(flag, "comm"))
				return true;
		}
	}
	return false;
}

static void console_json(const struct cursor *cursor, cJSON *json, const char *key,
			 const struct jh_console_desc *console, uint32_t cell_flags)
{
	static const struct jh_console_desc none;
	uint32_t intid = console->gate_nr;
	bool owned = !intid || (intid < 32 * DEFINITION_INTERRUPT_WORDS &&
				cursor->interrupts[intid / 32] >> (intid % 32) & 1);

	if (memcmp(console, &none, sizeof(none)) != 0)
		cJSON_AddItemToObject(json, key, console_decompile(console, cell_flags, owned));
}

static void name_json(struct cursor *cursor, cJSON *json, const char name[JH_CELL_NAME_LEN])
{
	size_t length = strnlen(name, JH_CELL_NAME_LEN);

	for (size_t i = length; i < JH_CELL_NAME_LEN; i++) {
		if (name[i]) {
			refuse(cursor, "name-with-tail", as_it_is,
			       "Bytes that are not zero follow the name of the cell.");
			return;
		}
	}
	if (length == JH_CELL_NAME_LEN)
		refuse(cursor, "name-without-end", as_it_is, "The name of the cell has no end within its 32 bytes.");
	else if (!text_is_utf8(name, length))
		refuse(cursor, "name-not-text", as_it_is, "The name of the cell is not UTF-8.");
	else
		cJSON_AddStringToObject(json, "name", name);
}

static void arrays_json(struct cursor *cursor, cJSON *json, const struct jh_cell_desc *desc)
{
	cpus_json(cursor, json, desc->cpu_set_size);
	list_json(cursor, json, "memory", desc->num_memory_regions, &record_memory);
	list_json(cursor, json, "cache_regions", desc->num_cache_regions, &record_cache);
	list_json(cursor, json, "irqchips", desc->num_irqchips, &record_irqchip);
	list_json(cursor, json, "pio_regions", desc->num_pio_regions, &record_pio);
	list_json(cursor, json, "pci_devices", desc->num_pci_devices, &record_pci_device);
	list_json(cursor, json, "pci_caps", desc->num_pci_caps, &record_pci_cap);
	list_json(cursor, json, "stream_ids", desc->num_stream_ids, &record_stream_id);
}

static cJSON *cell_json(struct cursor *cursor, bool is_root)
{
	cJSON *fields, *item, *json = cJSON_CreateObject();
	const uint8_t *bytes = take(cursor, sizeof(struct jh_cell_desc));
	struct jh_cell_desc desc;
	bool inject;

	if (!bytes)
		return json;
	memcpy(&desc, bytes, sizeof(desc));
	name_json(cursor, json, desc.name);
	inject = !is_root && desc.flags & JH_CELL_STRAY_INJECT; /* a field of its own */
	desc.flags &= inject ? ~(uint32_t)JH_CELL_STRAY_INJECT : ~0u;
	fields = record_decompile(&record_cell, (const uint8_t *)&desc);
	while ((item = fields ? cJSON_DetachItemViaPointer(fields, fields->child) : NULL))
		cJSON_AddItemToObject(json, item->string, item);
	cJSON_Delete(fields);
	if (inject)
		cJSON_AddStringToObject(json, "stray_access", "inject");
	console_json(cursor, json, "console", &desc.console, desc.flags);
	arrays_json(cursor, json, &desc);
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
	console_json(cursor, json, "debug_console", &desc.debug_console, 0);
	iommus_json(json, &desc);
	cJSON_AddItemToObject(json, "root", cell_json(cursor, true));
	return json;
}

/* Signature, architecture and revision; *is_system says which of the two kinds it is. */
static bool head_read(struct cursor *cursor, const uint8_t *blob, size_t size, bool *is_system)
{
	*is_system = size >= 8 && memcmp(blob, JH_SYSTEM_SIGNATURE, JH_SIGNATURE_LEN) == 0;
	if (size < 8 || (!*is_system && memcmp(blob, JH_CELL_SIGNATURE, JH_SIGNATURE_LEN) != 0))
		refuse(cursor, "not-a-configuration", "Name a file that \"jailhouse config compile\" or another compiler made.",
		       "The file begins with neither JHSYS nor JHCLL: it is no configuration.");
	else if (blob[5] != JH_CONFIG_ARCH_ARM64)
		compiler_refuse(&cursor->compiler, "", "wrong-architecture", "Take the file that was compiled for arm64.",
				"The file is for architecture number %u; arm64 is 2.", blob[5]);
	else if (bytes_get(blob + 6, 2) != JH_CONFIG_REVISION)
		compiler_refuse(&cursor->compiler, "", "wrong-revision", "Compile its source for revision 14, or write it as JSON.",
				"The file has configuration revision %u; what reads it here knows revision %u.",
				(unsigned)bytes_get(blob + 6, 2), JH_CONFIG_REVISION);
	else if (size > JH_CONFIG_MAX_SIZE)
		compiler_refuse(&cursor->compiler, "", "too-large", "Look whether it is the right file; no hypervisor reads it.",
				"It has %zu bytes, at most %d are read.", size, JH_CONFIG_MAX_SIZE);
	return !cursor->compiler.problems->count;
}

static void check_end(struct cursor *cursor, size_t size)
{
	if (cursor->missing)
		compiler_refuse(&cursor->compiler, "", "config-truncated", "Copy the file again: its end is missing.",
				"The file has %zu bytes, and its counts ask for %llu more.",
				size, (unsigned long long)cursor->missing);
	else if (cursor->left)
		compiler_refuse(&cursor->compiler, "", "config-with-tail", "Cut them off: truncate -s -BYTES FILE; or copy the file again.",
				"%zu bytes follow the end of the configuration.", cursor->left);
}

/* The way back must lead to the same bytes. */
static int verify(struct cursor *cursor, const char *text, const uint8_t *blob, size_t size, bool is_system)
{
	struct definition_result again;
	int err = is_system ? definition_compile_system(text, strlen(text), NULL, &again) :
			      definition_compile_cell(text, strlen(text), NULL, &again);
	size_t at = 0;

	if (!err) {
		while (at < size && at < again.size && blob[at] == ((const uint8_t *)again.blob)[at])
			at++;
		if (at < size || at < again.size)
			compiler_refuse(&cursor->compiler, "", "byte-not-kept", as_it_is,
					"Byte %zu of the binary is one that a definition has no field for.", at);
	}
	for (size_t i = 0; err == -EINVAL && i < again.problems.count; i++)
		compiler_refuse(&cursor->compiler, again.problems.items[i].pointer, again.problems.items[i].code,
				as_it_is, "%s", again.problems.items[i].text);
	definition_result_free(&again);
	return err;
}

static char *print(struct cursor *cursor, const uint8_t *blob, size_t size, bool is_system)
{
	cJSON *json = is_system ? system_json(cursor) : cell_json(cursor, false);
	char *text;

	check_end(cursor, size);
	text = cursor->compiler.problems->count ? NULL : text_of(json);
	cJSON_Delete(json);
	if (!text)
		cursor->compiler.no_memory |= !cursor->compiler.problems->count;
	else if (verify(cursor, text, blob, size, is_system) == -ENOMEM)
		cursor->compiler.no_memory = true;
	return text;
}

static void read_interrupts(struct cursor *cursor, const uint8_t *blob, size_t size)
{
	struct definition_neighbour cell;

	if (definition_neighbour_read(blob, size, &cell) != 0)
		return;
	memcpy(cursor->interrupts, cell.interrupts, sizeof(cell.interrupts));
	definition_neighbour_free(&cell);
}

int definition_decompile(const void *blob, size_t size, char **text, struct definition_problems *problems)
{
	struct cursor cursor = { .at = blob, .left = size, .compiler = { .problems = problems } };
	bool is_system;

	*problems = (struct definition_problems){ 0 };
	*text = NULL;
	if (head_read(&cursor, blob, size, &is_system)) {
		if (!is_system)
			read_interrupts(&cursor, blob, size);
		*text = print(&cursor, blob, size, is_system);
	}
	if (!cursor.compiler.no_memory && !problems->count)
		return 0;
	free(*text);
	*text = NULL;
	return cursor.compiler.no_memory ? -ENOMEM : -EINVAL;
}
