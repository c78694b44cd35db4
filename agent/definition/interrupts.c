// SPDX-License-Identifier: MIT
/* "irqchips" and "interrupts": the same thing as bitmaps and as a list; and the one of an emulated console. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <jailhouse/config.h>
#include "build.h"
#include "check.h"
#include "devices.h"

#define FIRST_SPI 32
#define LAST_SPI 1019
#define IRQCHIP_PINS 128
#define LISTED_MAX 16 /* more are easier to read as a bitmap */
#define CHIPS 8 /* 32 to 927, and to 1019 in one that begins earlier: 1023 is the last that it may have */
#define LAST_CHIP 896

static void claim(struct build *build, unsigned intid, const char *at)
{
	check_interrupt(&build->compiler, build->board, at, intid);
	build->result->interrupts[intid / 32] |= 1u << (intid % 32);
}

static void claim_chip(struct build *build, const struct jh_irqchip *chip, const char *at)
{
	/* The hypervisor ignores chips that are not the distributor. */
	if (build->board && build->board->gicd_base && chip->address != build->board->gicd_base)
		return;
	for (unsigned pin = 0; pin < IRQCHIP_PINS; pin++) {
		uint64_t intid = (uint64_t)chip->pin_base + pin;

		if (chip->pin_bitmap[pin / 32] >> (pin % 32) & 1 && intid < 32 * DEFINITION_INTERRUPT_WORDS)
			claim(build, (unsigned)intid, at);
	}
}

/* "intids": what of the chip's 128 the cell has, where a bitmap would be hard to read. */
static void chip_list(struct build *build, const cJSON *list, const char *at, struct jh_irqchip *chip)
{
	const cJSON *item;
	uint64_t intid;
	char item_at[128];
	int i = 0;

	if (list && !cJSON_IsArray(list))
		compiler_refuse(&build->compiler, at, "not-a-list", "Write [ … ] here.",
				"Something else than a list stands here.");
	cJSON_ArrayForEach(item, list) {
		snprintf(item_at, sizeof(item_at), "%.110s/%d", at, i++);
		if (!number_read(&build->compiler, item, item_at, UINT32_MAX, &intid))
			continue;
		if (intid < chip->pin_base || intid - chip->pin_base >= IRQCHIP_PINS)
			compiler_refuse(&build->compiler, item_at, "not-of-the-chip",
					"Move it to the entry that begins below it.",
					"INTID %" PRIu64 " is not of the %d from \"first_intid\": %" PRIu32 " on.",
					intid, IRQCHIP_PINS, chip->pin_base);
		else
			chip->pin_bitmap[(intid - chip->pin_base) / 32] |= 1u << ((intid - chip->pin_base) % 32);
	}
}

static void compile_chip(struct build *build, const cJSON *json, int index)
{
	struct jh_irqchip chip = { 0 };
	char at[128], list_at[128];
	uint8_t *bytes = build_append(build, sizeof(chip));

	if (!bytes)
		return;
	build_pointer(at, build, "irqchips", index);
	record_compile(&build->compiler, &record_irqchip, json, at, (uint8_t *)&chip);
	snprintf(list_at, sizeof(list_at), "%.110s/intids", at);
	chip_list(build, cJSON_GetObjectItemCaseSensitive(json, "intids"), list_at, &chip);
	claim_chip(build, &chip, at);
	memcpy(bytes, &chip, sizeof(chip));
}

static unsigned compile_chips(struct build *build, const cJSON *json)
{
	const cJSON *item, *list = cJSON_GetObjectItemCaseSensitive(json, "irqchips");
	int count = 0;

	if (build_list_size(build, json, "irqchips"))
		cJSON_ArrayForEach(item, list)
			compile_chip(build, item, count++);
	return (unsigned)count;
}

static void chips_add(struct build *build, struct jh_irqchip chips[CHIPS], unsigned intid)
{
	unsigned index = (intid - FIRST_SPI) / IRQCHIP_PINS;
	struct jh_irqchip *chip = &chips[index];
	unsigned bit;

	chip->address = build->board ? build->board->gicd_base : 0;
	chip->pin_base = index == CHIPS - 1 ? LAST_CHIP : FIRST_SPI + index * IRQCHIP_PINS;
	bit = intid - chip->pin_base;
	chip->pin_bitmap[bit / 32] |= 1u << (bit % 32);
}

/* Chips carry the distributor's address, which only the board knows; with another one the hypervisor would ignore them. */
static bool check_distributor(struct build *build, const char *at)
{
	if (build->board && build->board->gicd_base)
		return true;
	compiler_refuse(&build->compiler, at, "no-distributor",
			"Compile it with --board SYSTEM.json, or write \"irqchips\" with their \"address\".",
			"The address of the interrupt controller is not known here.");
	return false;
}

/* The nth interrupt of a node of the device tree. */
static bool device_read(struct build *build, const cJSON *json, const char *at, uint32_t nth, uint64_t *intid)
{
	const cJSON *name = cJSON_GetObjectItemCaseSensitive(json, "device");
	struct device device = { .node = cJSON_IsString(name) ? devices_find(build, name->valuestring, at) : -1 };
	unsigned index = 0;
	uint32_t count = 0;

	if (!cJSON_IsString(name))
		compiler_refuse(&build->compiler, at, "no-device-name", "Write {\"device\": \"/soc/serial@5a060000\"}.",
				"The entry names no device.");
	if (device.node < 0)
		return false;
	snprintf(device.at, sizeof(device.at), "%s", at);
	tree_path(&build->devices->tree, device.node, device.path);
	do {
		*intid = devices_interrupt(build, &device, &index);
		count += *intid != 0;
	} while (*intid && count <= nth);
	if (!*intid)
		compiler_refuse(&build->compiler, at, "no-such-interrupt", "Correct \"index\": the first is 0.",
				"\"index\" is %" PRIu32 ", and %.120s has %" PRIu32 " shared interrupt%s.", nth,
				device.path, count, count == 1 ? "" : "s");
	return *intid;
}

/* A number is an INTID; the board's manual counts SPIs, which {"spi": n} takes as they are. */
static bool item_read(struct build *build, const cJSON *item, const char *at, uint64_t *intid)
{
	bool by_spi = cJSON_HasObjectItem(item, "spi"), by_intid = cJSON_HasObjectItem(item, "intid");
	bool by_device = cJSON_HasObjectItem(item, "device");
	uint8_t bytes[12] = { 0 };

	if (!cJSON_IsObject(item))
		return number_read(&build->compiler, item, at, UINT32_MAX, intid);
	record_compile(&build->compiler, &record_interrupt, item, at, bytes);
	if (by_spi + by_intid + by_device != 1) {
		compiler_refuse(&build->compiler, at, "which-interrupt", "Write {\"spi\": 1} or {\"intid\": 33} or 33.",
				"The interrupt needs one of \"spi\", \"intid\" and \"device\".");
		return false;
	}
	if (by_device)
		return device_read(build, item, at, (uint32_t)bytes_get(bytes + 8, 4), intid);
	*intid = by_spi ? bytes_get(bytes, 4) + FIRST_SPI : bytes_get(bytes + 4, 4);
	return true;
}

static void add_intid(struct build *build, uint64_t intid, const char *at, struct jh_irqchip chips[CHIPS])
{
	if (intid < FIRST_SPI || intid > LAST_SPI) {
		compiler_refuse(&build->compiler, at, "not-an-spi",
				intid < FIRST_SPI ? "Each CPU has its own 0 to 31; leave it out." :
						    "Look it up again: INTID = 32 + the SPI's number.",
				"INTID %" PRIu64 " is not a shared interrupt (32 to 1019).", intid);
		return;
	}
	chips_add(build, chips, (unsigned)intid);
	claim(build, (unsigned)intid, at);
}

static void compile_devices(struct build *build, struct jh_irqchip chips[CHIPS])
{
	for (size_t i = 0; build->devices && i < build->devices->count; i++) {
		struct device *device = &build->devices->items[i];
		unsigned index = 0;
		uint32_t intid;

		if (device->node < 0 || !check_distributor(build, device->at))
			continue;
		while ((intid = devices_interrupt(build, device, &index)))
			add_intid(build, intid, device->at, chips);
	}
}

static void compile_item(struct build *build, const cJSON *item, int index, struct jh_irqchip chips[CHIPS])
{
	uint64_t intid;
	char at[128];

	build_pointer(at, build, "interrupts", index);
	if (!item_read(build, item, at, &intid))
		return;
	if (!build->compiler.unchecked && intid >= FIRST_SPI && intid <= LAST_SPI &&
	    build->result->interrupts[intid / 32] >> (intid % 32) & 1)
		compiler_refuse(&build->compiler, at, "interrupt-twice", "Name each interrupt once.",
				"Interrupt %" PRIu64 " (SPI %" PRIu64 ") is listed twice.", intid, intid - FIRST_SPI);
	else
		add_intid(build, intid, at, chips);
}

static unsigned append_chips(struct build *build, const struct jh_irqchip chips[CHIPS])
{
	unsigned used = 0;
	uint8_t *bytes;

	for (unsigned i = 0; i < CHIPS; i++) {
		bytes = chips[i].pin_base ? build_append(build, sizeof(chips[i])) : NULL;
		if (bytes) {
			memcpy(bytes, &chips[i], sizeof(chips[i]));
			used++;
		}
	}
	return used;
}

/* "interrupts": [INTID, …] and the console's become as many irqchips as it takes. */
static unsigned compile_list(struct build *build, const cJSON *json)
{
	const cJSON *item, *list = cJSON_GetObjectItemCaseSensitive(json, "interrupts");
	int n = 0, count = build_list_size(build, json, "interrupts");
	struct jh_irqchip chips[CHIPS] = { 0 };
	uint32_t intid;
	char at[128];

	if (count) {
		build_pointer(at, build, "interrupts", -1);
		check_distributor(build, at);
		cJSON_ArrayForEach(item, list)
			compile_item(build, item, n++, chips);
	}
	compile_devices(build, chips);
	intid = console_interrupt(build);
	if (intid) {
		build_pointer(at, build, "console", -1);
		check_distributor(build, at);
		chips_add(build, chips, intid);
		claim(build, intid, at);
	}
	return append_chips(build, chips);
}

unsigned interrupts_compile(struct build *build, const cJSON *json)
{
	unsigned count = compile_chips(build, json);

	return count + compile_list(build, json);
}

void interrupts_decompile(const struct jh_irqchip *chip, cJSON *json)
{
	cJSON *list;
	int count = 0;

	for (unsigned word = 0; word < IRQCHIP_PINS / 32; word++)
		count += __builtin_popcount(chip->pin_bitmap[word]);
	if (!count || count > LISTED_MAX || chip->pin_base > UINT32_MAX - IRQCHIP_PINS)
		return;
	cJSON_DeleteItemFromObject(json, "bitmap");
	list = cJSON_AddArrayToObject(json, "intids");
	for (unsigned pin = 0; pin < IRQCHIP_PINS; pin++)
		if (chip->pin_bitmap[pin / 32] >> (pin % 32) & 1)
			cJSON_AddItemToArray(list, cJSON_CreateNumber((double)(chip->pin_base + pin)));
}
