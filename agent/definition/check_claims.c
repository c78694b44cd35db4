// SPDX-License-Identifier: MIT
/* Physical memory of a cell: what the hypervisor keeps, what root does not own, what another cell has. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "check.h"
#include "words.h"

static void refuse_device(const struct subject *subject, size_t index, const struct definition_device *device)
{
	const struct definition_region *region = &subject->result->regions[index];
	char at[128], range[48], its[48];

	subject_pointer(at, subject, "memory", index);
	words_range(range, sizeof(range), region->physical, region->size);
	words_range(its, sizeof(its), device->start, device->size);
	if (subject->is_root)
		compiler_warn(subject->compiler, at, "root-covers-device",
			      "Nothing is lost; leave it out of the region to say what is so.",
			      "Region %zu (%s) covers %s (%s). Root gets at it only through the hypervisor.", index,
			      range, device->name, its);
	else
		compiler_refuse(subject->compiler, at, "memory-overlaps-trapped-device",
				"Leave it out: what a cell may have of it, the hypervisor gives it without a region.",
				"Region %zu (%s) overlaps %s (%s), which the hypervisor keeps to itself.", index, range,
				device->name, its);
}

static void refuse_hypervisor(const struct subject *subject, size_t index)
{
	const struct definition_range *own = &subject->board->hypervisor;
	const struct definition_region *region = &subject->result->regions[index];
	char at[128], range[48], its[48];

	subject_pointer(at, subject, "memory", index);
	words_range(range, sizeof(range), region->physical, region->size);
	words_range(its, sizeof(its), own->start, own->size);
	compiler_refuse(subject->compiler, at, "memory-of-the-hypervisor",
			subject->is_root ? "End the region before it, and begin another one behind it." :
					   "Choose an address outside of it, or write \"physical\": \"auto\".",
			"Region %zu (%s) overlaps the hypervisor's own memory (%s).", index, range, its);
}

/* False when the region is refused: who else owns it does not matter then. */
static bool check_kept(const struct subject *subject, size_t index)
{
	const struct definition_board *board = subject->board;
	const struct definition_region *region = &subject->result->regions[index];
	struct interval wanted = pages_of(region->physical, region->size);
	bool good = true;

	if (board->hypervisor.size &&
	    intervals_overlap(wanted, interval_of(board->hypervisor.start, board->hypervisor.size))) {
		refuse_hypervisor(subject, index);
		good = false;
	}
	for (size_t i = 0; i < board->num_devices; i++) {
		const struct definition_device *device = &board->devices[i];

		if (!intervals_overlap(wanted, interval_of(device->start, device->size)))
			continue;
		refuse_device(subject, index, device);
		good = false;
	}
	return good;
}

/* Root's memory: all of it, and what of it is memory and what devices. */
struct owned {
	struct intervals all, memory, devices;
};

static int owned_init(struct owned *owned, const struct definition_board *board)
{
	*owned = (struct owned){ { calloc(3 * board->num_memory + 1, sizeof(struct interval)), 0 } };
	if (!owned->all.items)
		return -1;
	owned->memory.items = owned->all.items + board->num_memory;
	owned->devices.items = owned->memory.items + board->num_memory;
	for (size_t i = 0; i < board->num_memory; i++) {
		const struct definition_region *region = &board->memory[i];
		struct intervals *kind = region->flags & JH_MEM_IO ? &owned->devices : &owned->memory;

		if (!region->size || region->flags & JH_MEM_COMM_REGION ||
		    region->physical > UINT64_MAX - (region->size - 1))
			continue;
		owned->all.items[owned->all.count++] = kind->items[kind->count++] =
			interval_of(region->physical, region->size);
	}
	intervals_sort(&owned->all);
	intervals_sort(&owned->memory);
	intervals_sort(&owned->devices);
	return 0;
}

/* Memory that changes hands is scrubbed by its type, so that both must call it the same. */
static void check_type(const struct subject *subject, size_t index, const struct owned *owned)
{
	const struct definition_region *region = &subject->result->regions[index];
	bool is_device = region->flags & JH_MEM_IO;
	struct interval where;
	char at[128];

	if (region->flags & JH_MEM_ROOTSHARED ||
	    !intervals_meet(is_device ? &owned->memory : &owned->devices, pages_of(region->physical, region->size),
			    &where))
		return;
	subject_pointer(at, subject, "memory", index);
	compiler_refuse(subject->compiler, at, "memory-type",
			is_device ? "Take \"io\" out of its flags, or correct the address." :
				    "Add \"io\" to its flags, or correct the address.",
			"Region %zu is %s, but 0x%" PRIx64 "-0x%" PRIx64 " is %s of the root cell.", index,
			is_device ? "a device (flag \"io\")" : "memory", where.start, where.last,
			is_device ? "memory" : "a device (flag \"io\")");
}

static void check_owner(const struct subject *subject, size_t index, const struct owned *owned)
{
	const struct definition_region *region = &subject->result->regions[index];
	struct interval missing;
	char at[128], range[48];

	if (intervals_cover(&owned->all, pages_of(region->physical, region->size), &missing)) {
		check_type(subject, index, owned);
		return;
	}
	subject_pointer(at, subject, "memory", index);
	compiler_refuse(
		subject->compiler, at, "memory-not-of-root",
		"Choose memory that the system definition lists in root's \"memory\", or write \"physical\": \"auto\".",
		"Region %zu (%s) is not all root's to give: 0x%" PRIx64 "-0x%" PRIx64 " is not its memory.", index,
		words_range(range, sizeof(range), region->physical, region->size), missing.start, missing.last);
}

/* A piece of memory of somebody. owner 0 is the cell itself, n the neighbour n - 1. */
struct piece {
	struct interval at;
	uint32_t owner, index;
	bool shared;
};

static int by_start(const void *a, const void *b)
{
	const struct piece *left = a, *right = b;

	if (left->at.start != right->at.start)
		return left->at.start < right->at.start ? -1 : 1;
	return (left->owner > right->owner) - (left->owner < right->owner);
}

static void refuse_pair(const struct subject *subject, const struct piece *own, const struct piece *other)
{
	const struct definition_neighbour *neighbour = &subject->board->neighbours[other->owner - 1];
	char at[128], remedy[160];
	bool half = own->shared != other->shared;

	subject_pointer(at, subject, "memory", own->index);
	if (half)
		snprintf(remedy, sizeof(remedy), "To share it, both need the flag \"root-shared\": %s lacks it.",
			 own->shared ? "that cell" : "this one");
	else
		snprintf(remedy, sizeof(remedy),
			 "Write \"physical\": \"auto\", choose another address, or stop cell \"%s\".", neighbour->name);
	compiler_refuse(subject->compiler, at, "memory-of-another-cell", remedy,
			"Region %u (0x%" PRIx64 "-0x%" PRIx64 ") overlaps 0x%" PRIx64 "-0x%" PRIx64 " of cell \"%s\".",
			own->index, own->at.start, own->at.last, other->at.start, other->at.last, neighbour->name);
}

/*
 * Pieces that the sweep has met and not yet left. Four lists: own or others', shared or not. Only what overlaps stays in a list that is
 * looked at, so that each look removes a piece or finds a mistake.
 */
struct active {
	struct piece **items;
	size_t count;
};

#define OVERLAPS_MAX 20000 /* looked at: a hostile pair of definitions has millions, and nobody reads them */

struct sweep {
	const struct subject *subject;
	struct active lists[2][2]; /* [is another's][is shared] */
	size_t overlaps;
	uint32_t told_index, told_owner; /* one sentence for each region and cell */
	bool told;
};

static void meet(struct sweep *sweep, const struct piece *a, const struct piece *b)
{
	const struct piece *own = a->owner ? b : a, *other = a->owner ? a : b;

	sweep->overlaps++;
	if (sweep->told && sweep->told_index == own->index && sweep->told_owner == other->owner)
		return;
	refuse_pair(sweep->subject, own, other);
	sweep->told = true;
	sweep->told_index = own->index;
	sweep->told_owner = other->owner;
}

static void look(struct sweep *sweep, struct active *list, const struct piece *piece)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i]->at.last < piece->at.start)
			continue;
		if (sweep->overlaps < OVERLAPS_MAX)
			meet(sweep, piece, list->items[i]);
		list->items[kept++] = list->items[i];
	}
	list->count = kept;
}

static void sweep_pieces(struct sweep *sweep, struct piece *pieces, size_t count)
{
	for (size_t i = 0; i < count && sweep->overlaps < OVERLAPS_MAX; i++) {
		struct piece *piece = &pieces[i];
		struct active *others = sweep->lists[!piece->owner];
		struct active *mine = &sweep->lists[piece->owner != 0][piece->shared];

		look(sweep, &others[false], piece);
		if (!piece->shared)
			look(sweep, &others[true], piece);
		mine->items[mine->count++] = piece;
	}
}

static size_t add_pieces(struct piece *pieces, const struct definition_region *regions, size_t count, uint32_t owner,
			 const bool *broken)
{
	size_t added = 0;

	for (size_t i = 0; i < count; i++) {
		const struct definition_region *region = &regions[i];

		if (!region->size || region->flags & JH_MEM_COMM_REGION || (broken && broken[i]) ||
		    region->physical > UINT64_MAX - (region->size - 1))
			continue;
		pieces[added++] = (struct piece){ .at = pages_of(region->physical, region->size),
						  .owner = owner,
						  .index = (uint32_t)i,
						  .shared = region->flags & JH_MEM_ROOTSHARED };
	}
	return added;
}

static void check_neighbours(const struct subject *subject)
{
	const struct definition_board *board = subject->board;
	struct sweep sweep = { .subject = subject };
	size_t count = subject->result->num_regions, used;
	struct piece *pieces, **active;

	for (size_t i = 0; i < board->num_neighbours; i++)
		count += board->neighbours[i].num_regions;
	pieces = calloc(count + 1, sizeof(*pieces));
	active = calloc(4 * count + 1, sizeof(struct piece *));
	if (pieces && active) {
		used = add_pieces(pieces, subject->result->regions, subject->result->num_regions, 0, subject->broken);
		for (size_t i = 0; i < board->num_neighbours; i++)
			used += add_pieces(pieces + used, board->neighbours[i].regions,
					   board->neighbours[i].num_regions, (uint32_t)i + 1, NULL);
		for (size_t i = 0; i < 4; i++)
			sweep.lists[i / 2][i % 2].items = active + i * count;
		qsort(pieces, used, sizeof(*pieces), by_start);
		sweep_pieces(&sweep, pieces, used);
	} else {
		subject->compiler->no_memory = true;
	}
	free(pieces);
	free(active);
}

void check_claims(const struct subject *subject)
{
	struct owned owned;

	if (owned_init(&owned, subject->board) != 0) {
		subject->compiler->no_memory = true;
		return;
	}
	for (size_t i = 0; i < subject->result->num_regions; i++)
		if (subject_has_memory(subject, i) && check_kept(subject, i) && subject->board->num_memory)
			check_owner(subject, i, &owned);
	free(owned.all.items);
	if (!subject->is_root && subject->board->num_neighbours)
		check_neighbours(subject);
}
