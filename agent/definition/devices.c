// SPDX-License-Identifier: MIT
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "devices.h"

#define PAGE	      0x1000u
#define FIRST_SPI     32u
#define REGISTERS_MAX 64
#define DEVICE_FLAGS  ((uint64_t)(JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO))
#define GIC_SPI	      0 /* first cell of an interrupt of a GIC; 1 is private to a CPU */

/* What makes it safe, before it is accepted. */
static const char *first_step(uint32_t what)
{
	static const struct {
		uint32_t what;
		const char *step;
	} steps[] = {
		{ ACCEPT_SHARED_CLOCK, "See that no driver of root changes its rate" },
		{ ACCEPT_CLOCK, "Give the cell the clock controller, or boot root with clk_ignore_unused" },
		{ ACCEPT_POWER_DOMAIN, "Boot root with pd_ignore_unused" },
		{ ACCEPT_RESET, "See that no driver of root resets it" },
		{ ACCEPT_PINS, "See that root's other drivers leave these pins alone" },
		{ ACCEPT_SUPPLY, "Make it regulator-always-on in root's device tree" },
		{ ACCEPT_DMA_CONTROLLER, "Let the cell's driver do without DMA" },
		{ ACCEPT_DMA, "Only when the cell is trusted with everything" },
		{ ACCEPT_BUS, "Keep the bus on in root (power/control)" },
		{ ACCEPT_INTERRUPT, "Give the cell that controller, or let its driver poll" },
		{ ACCEPT_PAGE, "Give the cell that device, too, or write its registers as a region with io-32" },
		{ ACCEPT_NEEDED, "Disable that device in root's device tree" },
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (steps[i].what == what)
			return steps[i].step;
	return "See that nothing depends on it";
}

/* By way of its clock and its power, say. */
static bool is_told(const struct build *build, const struct device *device, const char *text)
{
	const struct definition_problems *problems = build->compiler.problems;

	for (size_t i = problems->count; i-- && strcmp(problems->items[i].pointer, device->at) == 0;)
		if (strcmp(problems->items[i].text, text) == 0)
			return true;
	return false;
}

void device_tell(struct build *build, struct device *device, uint32_t what, const char *format, ...)
{
	const char *word = "";
	char text[256], remedy[160];
	va_list arguments;

	for (const struct field *field = record_device.fields; field->key; field++)
		for (const struct word *one = field->words; strcmp(field->key, "accept") == 0 && one->name; one++)
			word = one->value == what ? one->name : word;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	device->met |= what;
	if (is_told(build, device, text))
		return;
	snprintf(remedy, sizeof(remedy), "%s; then \"accept\": [\"%s\"].", first_step(what), word);
	if (device->accepted & what)
		compiler_warn(&build->compiler, device->at, word, "It is accepted.", "%s", text);
	else
		compiler_refuse(&build->compiler, device->at, word, remedy, "%s", text);
}

bool devices_have(const struct devices *devices, int node)
{
	for (; node > 0; node = tree_parent(&devices->tree, node))
		for (size_t i = 0; i < devices->count; i++)
			if (devices->items[i].node == node)
				return true;
	return false;
}

static bool tree_known(struct build *build, const char *at)
{
	struct devices *devices = build->devices;

	if (devices->tree.fdt)
		return true;
	if (build->board && tree_open(&devices->tree, build->board->device_tree, build->board->device_tree_size))
		return true;
	devices->tree.fdt = NULL;
	compiler_refuse(&build->compiler, at, "no-device-tree", "Compile it on the board, or with --device-tree FILE.dtb.",
			"A device is named, and no device tree is known here.");
	return false;
}

int devices_find(struct build *build, const char *name, const char *at)
{
	int node;

	if (!tree_known(build, at))
		return -1;
	node = tree_find(&build->devices->tree, name);
	if (node < 0)
		compiler_refuse(&build->compiler, at, "no-such-device",
				"Look below /proc/device-tree: a path from there, an alias, or a label.",
				"The device tree has no \"%.100s\".", name);
	return node;
}

static void take_device(struct build *build, const cJSON *json, struct device *device)
{
	const cJSON *name = cJSON_GetObjectItemCaseSensitive(json, "device");
	uint8_t bytes[12] = { 0 };

	device->node = -1;
	record_compile(&build->compiler, &record_device, json, device->at, bytes);
	device->flags = cJSON_HasObjectItem(json, "flags") ? bytes_get(bytes, 8) : DEVICE_FLAGS;
	device->accepted = (uint32_t)bytes_get(bytes + 8, 4);
	if (cJSON_IsString(name))
		device->node = devices_find(build, name->valuestring, device->at);
	else
		compiler_refuse(&build->compiler, device->at, "no-device-name",
				"Write {\"device\": \"/soc/serial@5a060000\"}.", "The entry names no device.");
	if (device->node >= 0)
		tree_path(&build->devices->tree, device->node, device->path);
}

/* Is enabled for root, too: a driver that is still bound would meet memory that is gone. */
static void tell_driver(struct build *build, const struct device *device)
{
	if (tree_is_enabled(&build->devices->tree, device->node))
		compiler_warn(
			&build->compiler, device->at, "device-of-root",
			"Unbind its driver in root (/sys/…/driver/unbind), or write status = \"disabled\" into its device tree.",
			"%.120s is enabled in root's device tree: its driver must let go of it first.", device->path);
}

void devices_begin(struct build *build, const cJSON *json)
{
	const cJSON *item, *list = cJSON_GetObjectItemCaseSensitive(json, "devices");
	int i = 0, count = build_list_size(build, json, "devices");
	struct devices *devices = calloc(1, sizeof(*devices));

	build->devices = devices;
	if (devices)
		devices->items = calloc((size_t)count + 1, sizeof(*devices->items));
	if (!devices || !devices->items) {
		build->compiler.no_memory = true;
		return;
	}
	devices->count = (size_t)count;
	if (count)
		cJSON_ArrayForEach(item, list) {
			build_pointer(devices->items[i].at, build, "devices", i);
			take_device(build, item, &devices->items[i]);
			i++;
		}
	for (size_t n = 0; n < devices->count; n++)
		if (devices->items[n].node >= 0) {
			closure_tell(build, &devices->items[n]);
			tell_driver(build, &devices->items[n]);
		}
}

void devices_end(struct build *build)
{
	if (build->devices)
		free(build->devices->items);
	free(build->devices);
	build->devices = NULL;
}

static bool overlap(const struct definition_range *a, uint64_t start, uint64_t size)
{
	return a->size && size && a->start <= start + (size - 1) && start <= a->start + (a->size - 1);
}

/* Somebody else whose registers lie in these pages; below 0: nobody. */
static int page_mate(const struct devices *devices, const struct definition_range *pages)
{
	struct definition_range range;

	for (int node = tree_next(&devices->tree, -1); node >= 0; node = tree_next(&devices->tree, node))
		for (unsigned i = 0; i < REGISTERS_MAX && tree_registers(&devices->tree, node, i, &range) == 0; i++)
			if (overlap(&range, pages->start, pages->size) && !devices_have(devices, node))
				return node;
	return -1;
}

static void tell_page_mate(struct build *build, struct device *device, const struct definition_range *pages)
{
	int node = page_mate(build->devices, pages);
	char path[TREE_PATH_MAX];

	if (node < 0)
		return;
	tree_path(&build->devices->tree, node, path);
	device_tell(build, device, ACCEPT_PAGE,
		    "%.90s shares a page with %.90s, which the cell gets, too, and root loses.", device->path, path);
}

static unsigned add_registers(struct build *build, struct device *device, const struct definition_range *range)
{
	uint64_t start = range->start & ~(uint64_t)(PAGE - 1), last = (range->start + (range->size - 1)) | (PAGE - 1);
	const struct definition_range pages = { start, last - start + 1 };

	if (pages.start != range->start || pages.size != range->size)
		tell_page_mate(build, device, &pages);
	for (size_t i = 0; i < build->result->num_regions; i++)
		if (build->result->regions[i].guest == pages.start && build->result->regions[i].size == pages.size)
			return 0; /* two of its devices in one page */
	return memory_append(build, &(struct jh_memory){ pages.start, pages.start, pages.size, device->flags });
}

static unsigned add_device(struct build *build, struct device *device)
{
	struct definition_range range;
	unsigned index = 0, added = 0;
	int err;

	while ((err = tree_registers(&build->devices->tree, device->node, index, &range)) == 0 &&
	       index++ < REGISTERS_MAX)
		added += add_registers(build, device, &range);
	if (!index)
		compiler_refuse(&build->compiler, device->at, "device-without-registers",
				"Give the cell the controller of its bus instead.",
				"%.120s has no registers that a CPU sees.", device->path);
	return added;
}

unsigned devices_memory(struct build *build)
{
	unsigned added = 0;

	for (size_t i = 0; build->devices && i < build->devices->count; i++)
		if (build->devices->items[i].node >= 0)
			added += add_device(build, &build->devices->items[i]);
	return added;
}

static bool is_gic(const struct build *build, int node)
{
	struct definition_range range;
	const struct tree *tree = &build->devices->tree;

	return tree_registers(tree, node, 0, &range) == 0 && build->board && range.start == build->board->gicd_base;
}

uint32_t devices_interrupt(struct build *build, struct device *device, unsigned *index)
{
	struct tree_reference interrupt;
	char path[TREE_PATH_MAX];

	while (tree_interrupt(&build->devices->tree, device->node, (*index)++, &interrupt)) {
		if (interrupt.node >= 0 && !is_gic(build, interrupt.node) &&
		    !devices_have(build->devices, interrupt.node)) {
			tree_path(&build->devices->tree, interrupt.node, path);
			device_tell(build, device, ACCEPT_INTERRUPT,
				    "An interrupt of %.90s goes to %.90s, which root drives: the cell does not get it.",
				    device->path, path);
		} else if (interrupt.node >= 0 && is_gic(build, interrupt.node) && interrupt.count >= 2 &&
			   interrupt.cells[0] == GIC_SPI) {
			return interrupt.cells[1] < UINT16_MAX ? interrupt.cells[1] + FIRST_SPI : UINT16_MAX;
		}
	}
	return 0;
}

static unsigned add_streams(struct build *build, const struct device *device)
{
	struct tree_reference stream;
	unsigned index = 0, added = 0;
	uint8_t *bytes;

	while (tree_reference(&build->devices->tree, device->node, "iommus", "#iommu-cells", index++, &stream)) {
		bytes = stream.count ? build_append(build, record_stream_id.size) : NULL;
		if (!bytes)
			continue;
		/* One cell is an SMMUv3's id, or id and mask of an MMU-500 as its register has them; two are id and mask. */
		bytes_put(bytes, 4,
			  stream.count > 1 ? (stream.cells[0] & 0xffff) | stream.cells[1] << 16 : stream.cells[0]);
		added++;
	}
	return added;
}

unsigned devices_streams(struct build *build)
{
	unsigned added = 0;

	for (size_t i = 0; build->devices && i < build->devices->count; i++)
		if (build->devices->items[i].node >= 0)
			added += add_streams(build, &build->devices->items[i]);
	return added;
}
