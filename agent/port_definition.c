// SPDX-License-Identifier: MIT
#include "port_definition.h"

#include "agent.h"
#include "live_tree.h"
#include "port_linux.h"

#include <definition.h>
#include <diff.h>
#include <together.h>
#include <jailhouse/config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct port_definition {
	char loader[256]; /* path of linux-loader.bin */
	struct definition_board board;
	struct definition_result system; /* keeps what `board` points to */
	struct compiled_board shown;
	bool board_known;
	void *device_tree;
};

static char *file_text(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rbe");
	char *text = file ? malloc(DEFINITION_TEXT_MAX) : NULL;

	*size = text ? fread(text, 1, DEFINITION_TEXT_MAX, file) : 0;
	if (file)
		fclose(file);
	return text;
}

static struct compiled_region region_of(const struct definition_region *region)
{
	return (struct compiled_region){ .start = region->physical,
					 .size = region->size,
					 .automatic = region->automatic,
					 .device = region->flags & JH_MEM_IO };
}

/* The hypervisor places the communication region by itself: it has no address of its own here. NULL without memory. */
static struct compiled_region *regions_of(const struct definition_region *from, size_t num_from, size_t *count)
{
	struct compiled_region *regions = calloc(num_from + 1, sizeof(*regions));

	*count = 0;
	for (size_t i = 0; regions && i < num_from; i++)
		if (!(from[i].flags & JH_MEM_COMM_REGION))
			regions[(*count)++] = region_of(&from[i]);
	return regions;
}

static void board_show(struct port_definition *port)
{
	const struct definition_board *board = &port->board;

	snprintf(port->shown.root, sizeof(port->shown.root), "%s", port->system.name);
	port->shown.hypervisor = (struct compiled_region){ board->hypervisor.start, board->hypervisor.size };
	port->shown.pool = (struct compiled_region){ board->pool.start, board->pool.size };
	port->shown.regions = regions_of(board->memory, board->num_memory, &port->shown.num_regions);
}

static void board_read(struct port_definition *port, const char *board_dir)
{
	char path[512];
	size_t size;
	char *text;

	snprintf(path, sizeof(path), "%s/system.json", board_dir);
	text = file_text(path, &size);
	if (!text) {
		agent_log("warning", "%s cannot be read", path);
		return;
	}
	port->board_known = definition_compile_system(text, size, &port->board, &port->system) == 0;
	if (live_tree_read(LIVE_TREE, &port->device_tree, &port->board.device_tree_size) == 0)
		port->board.device_tree = port->device_tree;
	if (port->board_known)
		board_show(port);
	else
		agent_log("error", "%s is refused: %s", path,
			  port->system.problems.count ? port->system.problems.items[0].text : "out of memory");
	free(text);
}

struct port_definition *port_definition_new(const char *board_dir, const char *loader)
{
	struct port_definition *port = calloc(1, sizeof(*port));

	if (!port)
		return NULL;
	snprintf(port->loader, sizeof(port->loader), "%s", loader);
	board_read(port, board_dir);
	return port;
}

void port_definition_free(struct port_definition *port)
{
	if (!port)
		return;
	definition_result_free(&port->system);
	free(port->device_tree);
	free((void *)(uintptr_t)port->shown.regions);
	free(port);
}

static cJSON *problems_json(const struct definition_problems *problems, bool warnings)
{
	cJSON *array = cJSON_CreateArray();

	for (size_t i = 0; i < problems->count; i++) {
		const struct definition_problem *problem = &problems->items[i];
		cJSON *json;

		if (problem->warning != warnings)
			continue;
		json = cJSON_CreateObject();
		cJSON_AddStringToObject(json, "code", problem->code);
		cJSON_AddStringToObject(json, "detail", problem->text);
		cJSON_AddStringToObject(json, "pointer", problem->pointer);
		cJSON_AddStringToObject(json, "remedy", problem->remedy);
		cJSON_AddItemToArray(array, json);
	}
	return array;
}

static void take_image(struct compiled_cell *cell, enum image_role role, const char *name, uint64_t target,
		       uint64_t limit)
{
	struct compiled_image *image = &cell->images[cell->num_images++];

	snprintf(image->name, sizeof(image->name), "%.63s", name);
	image->role = role;
	image->target = target;
	image->limit = limit;
}

/* Packed or not, nothing of it may be larger than a region; what exactly fits is known with the images. */
static int take_boot(struct compiled_cell *cell, const struct definition_result *result)
{
	uint64_t limit = 0;

	if (!result->boot.wanted)
		return 0;
	for (size_t i = 0; i < result->num_regions; i++)
		if (result->regions[i].flags & JH_MEM_LOADABLE && result->regions[i].size > limit)
			limit = result->regions[i].size;
	take_image(cell, IMAGE_KERNEL, result->boot.kernel, 0, limit);
	if (result->boot.initrd[0])
		take_image(cell, IMAGE_INITRD, result->boot.initrd, 0, limit);
	cell->command_line = strdup(result->boot.command_line);
	return cell->command_line ? 0 : -ENOMEM;
}

static int take_lists(struct compiled_cell *cell, const struct definition_result *result)
{
	cell->regions = regions_of(result->regions, result->num_regions, &cell->num_regions);
	cell->images = calloc(result->num_images + 2, sizeof(*cell->images));
	if (!cell->regions || !cell->images)
		return -ENOMEM;
	for (size_t i = 0; i < result->num_images; i++)
		take_image(cell, IMAGE_PLAIN, result->images[i].name, result->images[i].address,
			   result->images[i].limit);
	return take_boot(cell, result);
}

static void compiled_free(struct compiled_cell *cell)
{
	free(cell->config);
	free(cell->regions);
	free(cell->images);
	free(cell->command_line);
	cJSON_Delete(cell->warnings);
	memset(cell, 0, sizeof(*cell));
}

static int take_result(struct compiled_cell *cell, struct definition_result *result)
{
	int err;

	memcpy(cell->name, result->name, sizeof(result->name));
	cell->cpus = result->cpus;
	cell->policy = result->policy;
	cell->config = result->blob;
	cell->config_size = result->size;
	result->blob = NULL; /* it is the cell's now */
	cell->warnings = problems_json(&result->problems, true);
	err = take_lists(cell, result);
	if (err)
		compiled_free(cell);
	return err;
}

/* The board of this moment. Its lists are freed by board_end(). */
struct moment {
	struct definition_board board;
	struct definition_neighbour *neighbours;
	struct definition_range *reserved, *earlier;
};

static struct definition_range *ranges_of(const struct compiled_region *regions, size_t count)
{
	struct definition_range *ranges = calloc(count + 1, sizeof(*ranges));

	for (size_t i = 0; ranges && i < count; i++)
		ranges[i] = (struct definition_range){ regions[i].start, regions[i].size };
	return ranges;
}

static void board_end(struct moment *moment)
{
	for (size_t i = 0; i < moment->board.num_neighbours; i++)
		definition_neighbour_free(&moment->neighbours[i]);
	free(moment->neighbours);
	free(moment->reserved);
	free(moment->earlier);
}

/* A binary that cannot be read says nothing; the hypervisor, which knows that cell, has the last word. */
static int board_begin(struct moment *moment, const struct definition_board *board, const struct compile_beside *beside)
{
	*moment = (struct moment){ .board = *board };
	moment->neighbours = calloc(beside->num_created + 1, sizeof(*moment->neighbours));
	moment->reserved = ranges_of(beside->reserved, beside->num_reserved);
	moment->earlier = ranges_of(beside->earlier, beside->num_earlier);
	moment->board.neighbours = moment->neighbours;
	moment->board.reserved = moment->reserved;
	moment->board.num_reserved = beside->num_reserved;
	moment->board.earlier = moment->earlier;
	moment->board.num_earlier = beside->num_earlier;
	for (size_t i = 0; moment->neighbours && i < beside->num_created; i++)
		if (definition_neighbour_read(beside->created[i].data, beside->created[i].size,
					      &moment->neighbours[moment->board.num_neighbours]) == 0)
			moment->board.num_neighbours++;
	if (moment->neighbours && moment->reserved && moment->earlier)
		return 0;
	board_end(moment);
	return -ENOMEM;
}

static int compile(void *compiler, const char *text, const struct compile_beside *beside, struct compiled_cell *cell,
		   cJSON **errors)
{
	static const struct compile_beside nothing;
	struct port_definition *port = compiler;
	struct definition_result result = { 0 };
	struct moment moment;
	int err = board_begin(&moment, &port->board, beside ? beside : &nothing);

	memset(cell, 0, sizeof(*cell));
	if (err)
		return err;
	err = definition_compile_cell(text, strlen(text), port->board_known ? &moment.board : NULL, &result);
	if (err)
		*errors = problems_json(&result.problems, false);
	else
		err = take_result(cell, &result);
	definition_result_free(&result);
	board_end(&moment);
	return err;
}

static int read_binary(void *compiler, const struct binary *binary, struct compiled_cell *cell)
{
	struct definition_neighbour neighbour;
	int err = definition_neighbour_read(binary->data, binary->size, &neighbour);

	(void)compiler;
	memset(cell, 0, sizeof(*cell));
	if (err)
		return err;
	memcpy(cell->name, neighbour.name, sizeof(neighbour.name));
	cell->cpus = neighbour.cpus;
	cell->regions = regions_of(neighbour.regions, neighbour.num_regions, &cell->num_regions);
	definition_neighbour_free(&neighbour);
	return cell->regions ? 0 : -ENOMEM;
}

/* The lines of the library's text, an object each. */
static cJSON *changes_json(const char *text)
{
	cJSON *changes = cJSON_CreateArray(), *change;
	char line[1024];

	for (size_t length; *text; text += length + 1) {
		length = strcspn(text, "\n");
		snprintf(line, sizeof(line), "%.*s", (int)length, text);
		change = cJSON_CreateObject();
		cJSON_AddStringToObject(change, "detail", line);
		cJSON_AddItemToArray(changes, change);
	}
	return changes;
}

static cJSON *compare(void *compiler, const char *before, const char *after)
{
	const struct port_definition *port = compiler;
	struct definition_problems problems = { 0 };
	cJSON *changes = NULL;
	bool blames_after;
	char *text;

	if (definition_diff((struct definition_words){ before, strlen(before), false },
			    (struct definition_words){ after, strlen(after), false },
			    port->board_known ? &port->board : NULL, &text, &problems, &blames_after) == 0)
		changes = changes_json(text);
	free(text);
	definition_problems_free(&problems);
	return changes;
}

static void locate(const char *text, size_t length, cJSON *errors)
{
	struct definition_words words = { text, length, false };
	unsigned line, column, marked;
	cJSON *error;

	cJSON_ArrayForEach(error, errors) {
		const char *pointer = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(error, "pointer"));
		const char *code = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(error, "code"));

		if (!definition_locate(words, pointer ? pointer : "", code && strcmp(code, "unknown-field") == 0, &line,
				       &column, &marked))
			return;
		cJSON_AddNumberToObject(error, "line", line);
		cJSON_AddNumberToObject(error, "column", column);
		cJSON_AddNumberToObject(error, "length", marked);
	}
}

static const struct compiled_board *board(void *compiler)
{
	return &((struct port_definition *)compiler)->shown;
}

static int boot(void *compiler, const struct compiled_cell *cell, const struct driver_image *images,
		struct boot_images *boot, struct driver_reason *reason)
{
	const struct port_definition *port = compiler;

	return port_linux_boot(port->loader, cell, images, boot, reason);
}

const struct compiler_ops port_definition_ops = {
	.compile = compile,
	.compare = compare,
	.read = read_binary,
	.free = compiled_free,
	.boot = boot,
	.boot_free = port_linux_free,
	.locate = locate,
	.board = board,
};
