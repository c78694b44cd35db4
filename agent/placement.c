// SPDX-License-Identifier: MIT
#include "placement.h"

#include "created.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct regions {
	struct compiled_region *items;
	size_t count;
};

static int regions_add(struct regions *regions, uint64_t start, uint64_t size)
{
	void *grown = realloc(regions->items, (regions->count + 1) * sizeof(*regions->items));

	if (!grown)
		return -ENOMEM;
	regions->items = grown;
	regions->items[regions->count++] = (struct compiled_region){ .start = start, .size = size };
	return 0;
}

/* What the store keeps, apart: one cell's own places, and those of all others. */
struct kept {
	const char *name;
	struct regions own, others;
};

static int kept_add(void *context, const struct store_placement *placement)
{
	struct kept *kept = context;

	return regions_add(strcmp(placement->cell, kept->name) == 0 ? &kept->own : &kept->others, placement->start,
			   placement->size);
}

static void kept_free(struct kept *kept)
{
	free(kept->own.items);
	free(kept->others.items);
}

struct texts {
	const char *but;
	char **items;
	size_t count;
};

static int texts_add(void *context, const struct store_cell *cell)
{
	struct texts *texts = context;
	void *grown;

	if (strcmp(cell->name, texts->but) == 0)
		return 0;
	grown = realloc(texts->items, (texts->count + 1) * sizeof(*texts->items));
	if (!grown)
		return -ENOMEM;
	texts->items = grown;
	texts->items[texts->count] = strdup(cell->definition);
	return texts->items[texts->count++] ? 0 : -ENOMEM;
}

static int fixed_add(struct agent *agent, const char *text, struct regions *regions)
{
	struct compiled_cell compiled;
	cJSON *errors = NULL;
	int err = 0;

	/* A definition that does not compile any more has no claim. */
	if (agent->compiler_ops->compile(agent->compiler, text, NULL, &compiled, &errors) == 0) {
		for (size_t i = 0; !err && i < compiled.num_regions; i++)
			if (!compiled.regions[i].automatic)
				err = regions_add(regions, compiled.regions[i].start, compiled.regions[i].size);
		agent->compiler_ops->free(&compiled);
	}
	cJSON_Delete(errors);
	return err;
}

/* Addresses that other definitions write: their cells can be started only there. */
static int fixed_of_others(struct agent *agent, const char *name, struct regions *regions)
{
	struct texts texts = { .but = name };
	int err = agent->store_ops->cell_each(agent->store, texts_add, &texts);

	for (size_t i = 0; i < texts.count; i++) {
		if (!err)
			err = fixed_add(agent, texts.items[i], regions);
		free(texts.items[i]);
	}
	free(texts.items);
	return err;
}

static int keep(struct agent *agent, const char *name, const struct compiled_cell *compiled,
		const struct regions *earlier)
{
	struct store_placement *list = calloc(compiled->num_regions + 1, sizeof(*list));
	size_t count = 0;
	bool same = true;
	int err = 0;

	for (size_t i = 0; list && i < compiled->num_regions; i++) {
		const struct compiled_region *region = &compiled->regions[i];

		if (!region->automatic)
			continue;
		same = same && count < earlier->count && earlier->items[count].start == region->start &&
		       earlier->items[count].size == region->size;
		list[count].start = region->start;
		list[count++].size = region->size;
	}
	if (!list)
		return -ENOMEM;
	/* Flash wears out: a start that changes nothing writes nothing. */
	if (!same || count != earlier->count)
		err = agent->store_ops->placement_set(agent->store, name, list, count);
	free(list);
	return err;
}

/* All but the cell itself: it does not stand in its own way. */
static size_t others_of(const struct created *created, const char *name, struct binary *others)
{
	size_t count = 0;

	for (size_t i = 0; i < created->count; i++)
		if (strcmp(created->cells[i].name, name) != 0)
			others[count++] = created->binaries[i];
	return count;
}

static int compile_beside(struct agent *agent, const struct store_cell *cell, struct kept *kept,
			  struct compiled_cell *compiled, cJSON **errors)
{
	struct compile_beside beside = { .reserved = kept->others.items,
					 .num_reserved = kept->others.count,
					 .earlier = kept->own.items,
					 .num_earlier = kept->own.count };
	struct created created;
	struct binary *others;
	int err = created_read(agent, &created);

	if (err)
		return err;
	others = calloc(created.count + 1, sizeof(*others));
	if (others) {
		beside.created = others;
		beside.num_created = others_of(&created, cell->name, others);
		err = agent->compiler_ops->compile(agent->compiler, cell->definition, &beside, compiled, errors);
	}
	free(others);
	created_free(&created);
	return others ? err : -ENOMEM;
}

static int compile_now(struct agent *agent, const struct store_cell *cell, struct kept *kept,
		       struct compiled_cell *compiled, cJSON **errors)
{
	int err = agent->store_ops->placement_each(agent->store, kept_add, kept);

	if (!err)
		err = fixed_of_others(agent, cell->name, &kept->others);
	return err ? err : compile_beside(agent, cell, kept, compiled, errors);
}

int placement_compile(struct agent *agent, const struct store_cell *cell, struct compiled_cell *compiled,
		      cJSON **errors)
{
	struct kept kept = { .name = cell->name };
	int err = compile_now(agent, cell, &kept, compiled, errors);

	if (!err && keep(agent, cell->name, compiled, &kept.own) != 0)
		agent_log("warning",
			  "cell %s: the place of its memory was not stored; it may be another at the next start",
			  cell->name);
	kept_free(&kept);
	return err;
}

int placement_try(struct agent *agent, const struct store_cell *cell, struct compiled_cell *compiled, cJSON **errors)
{
	struct kept kept = { .name = cell->name };
	int err = compile_now(agent, cell, &kept, compiled, errors);

	kept_free(&kept);
	return err;
}

/* Placed are those that stand where the store has them. */
static bool has_unplaced(const struct compiled_cell *compiled, const struct regions *own)
{
	size_t nth = 0;

	for (size_t i = 0; i < compiled->num_regions; i++) {
		const struct compiled_region *region = &compiled->regions[i];

		if (!region->automatic)
			continue;
		if (nth >= own->count || own->items[nth].start != region->start)
			return true;
		nth++;
	}
	return false;
}

int placement_show(struct agent *agent, const struct store_cell *cell, struct compiled_cell *compiled, bool *unplaced,
		   cJSON **errors)
{
	struct kept kept = { .name = cell->name };
	int err = agent->store_ops->placement_each(agent->store, kept_add, &kept);

	if (!err)
		err = agent->compiler_ops->compile(
			agent->compiler, cell->definition,
			&(struct compile_beside){ .earlier = kept.own.items, .num_earlier = kept.own.count }, compiled,
			errors);
	if (!err)
		*unplaced = has_unplaced(compiled, &kept.own);
	kept_free(&kept);
	return err;
}
