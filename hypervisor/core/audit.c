// SPDX-License-Identifier: MIT
#include <hv/audit.h>

#include <hv/cell.h>
#include <hv/gic.h>
#include <hv/extents.h>
#include <hv/log.h>
#include <hv/pool.h>
#include <hv/reason.h>
#include <hv/recorder.h>

#include "../lib/bits.h"
#include "../lib/printf.h"
#include "../lib/string.h"

#define BUFFER_PAGES	4	/* at first: 680 extents, a dozen of ordinary cells */

struct audit {
	struct extent_list list;
	const struct cell *cell;	/* whose table is walked */
	struct jh_audit *found;		/* the record: first violation only */
	bool violated;
};

static struct {
	struct extent *memory;
	size_t pages;
} buffer;

static void violation(struct audit *a, uint64_t address, const struct cell *second, const char *code, const char *what)
{
	struct jh_audit *r = a->found;

	if (a->violated)
		return;
	a->violated = true;
	r->first_cell = a->cell->id;
	r->second_cell = second ? second->id : JH_AUDIT_NO_CELL;
	r->address = address;
	hv_snprintf(r->code, sizeof(r->code), "%s", code);
	if (second)
		hv_snprintf(r->text, sizeof(r->text),
			    "Page 0x%lx of cell \"%s\" (%u) is reachable by cell \"%s\" (%u): %s.",
			    (unsigned long)address, a->cell->config->name, a->cell->id, second->config->name,
			    second->id, what);
	else
		hv_snprintf(r->text, sizeof(r->text), "Cell \"%s\" (%u) reaches page 0x%lx: %s.", a->cell->config->name,
			    a->cell->id, (unsigned long)address, what);
}

static uint64_t range_end(const struct check_range *r)
{
	return r->start + r->size;
}

static bool contains(const struct check_range *r, uint64_t address)
{
	return address >= r->start && address - r->start < r->size;
}

/* The range nobody may reach that contains address; if none does, *next is where the next one begins. */
static const struct check_range *forbidden(uint64_t address, uint64_t *next)
{
	const struct check_range *range;

	*next = UINT64_MAX;
	for (unsigned int i = 0; i <= HV_MAX_TRAPPED; i++) {
		range = i ? &hv_system.trapped[i - 1] : &hv_system.hypervisor;
		if (contains(range, address))
			return range;
		if (range->size && range->start > address && range->start < *next)
			*next = range->start;
	}
	return NULL;
}

static const char *reachable(const struct check_range *range)
{
	return range == &hv_system.hypervisor ? "hypervisor-reachable" : "trapped-device-reachable";
}

/* How far from pa on the cell's configuration declares ipa to be pa with these rights; pa when it does not. */
static uint64_t declared_until(const struct cell *cell, uint64_t ipa, uint64_t pa, uint64_t rights)
{
	for (unsigned int i = 0; i < cell->config->num_memory_regions; i++) {
		struct jh_memory m = config_memory(cell->config, i);
		uint64_t start = m.flags & JH_MEM_COMM_REGION ? (uint64_t)cell->comm : m.phys_start;

		if (pa >= start && pa - start < m.size && ipa - m.virt_start == pa - start && !memory_is_subpage(&m) &&
		    !(rights & ~m.flags) && !((rights ^ m.flags) & JH_MEM_IO))
			return start + m.size;
	}
	return pa;
}

/*
 * The same for what no configuration may declare: a cell its communication page, root the public area, the recorder and the rings, all of
 * them the CPU interface of a GICv2, which is another one for each CPU.
 */
static uint64_t granted_until(const struct cell *cell, uint64_t pa, uint64_t rights)
{
	const uint64_t device = JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO;
	struct check_range grant = hv_public();

	if (hv_gic.gicc && pa - hv_gic.gicc < PAGE_SIZE && rights == device)
		return hv_gic.gicc + PAGE_SIZE;
	if (cell != &root_cell)
		return pa - (uint64_t)cell->comm < JH_COMM_SIZE ? (uint64_t)cell->comm + JH_COMM_SIZE : pa;
	if (rights != JH_MEM_READ)
		return pa;
	if (contains(&grant, pa))
		return range_end(&grant);
	if (contains(&hv_system.recorder, pa))
		return range_end(&hv_system.recorder);
	for (unsigned int id = 1; id <= JH_CELL_ID_MAX; id++) {
		if (!cells[id])
			continue;
		grant = (struct check_range){ (uint64_t)cells[id]->page, CELL_PAGE_BYTES, NULL };
		if (contains(&grant, pa))
			return range_end(&grant);
	}
	return pa;
}

static uint64_t lower(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* One table's extent by itself: every page of it must be allowed. */
static int check_reach(void *context, const struct stage2_extent *e)
{
	struct audit *a = context;
	uint64_t pa = e->pa, end = e->pa + e->size, ipa, next, until;

	if (!extent_add(&a->list, e->pa, e->size, a->cell->id))
		return -HV_ENOMEM;
	for (; pa < end && !a->violated; pa = until) {
		const struct check_range *range = forbidden(pa, &next);

		ipa = e->ipa + (pa - e->pa);
		if (range) {
			until = granted_until(a->cell, pa, e->flags);
			if (until == pa)
				violation(a, pa, NULL,
					  reachable(range), range->name);
		} else {
			until = lower(declared_until(a->cell, ipa, pa, e->flags), next);
			if (until == pa)
				violation(a, pa, NULL, "page-undeclared", "its configuration does not say so");
		}
	}
	return 0;
}

/* Memory the cell declares as its own, which therefore nobody else may reach. */
static bool claims_alone(const struct cell *cell, uint64_t start, uint64_t size, bool towards_root)
{
	uint64_t shared = JH_MEM_ROOTSHARED | (towards_root && cell->loadable ? JH_MEM_LOADABLE : 0);

	for (unsigned int i = 0; i < cell->config->num_memory_regions; i++) {
		struct jh_memory m = config_pages(cell->config, i);

		if (!(m.flags & (shared | JH_MEM_COMM_REGION)) &&
		    ranges_overlap(start, size, m.phys_start, m.size))
			return true;
	}
	return false;
}

/* Whether the page is one's own: root has nothing of its own here, what is root's is everybody's to be given. */
static bool is_owner(const struct cell *cell, const struct cell *other, uint64_t start, uint64_t size)
{
	return cell != &root_cell && claims_alone(cell, start, size, other == &root_cell);
}

static void check_shared(void *context, const struct extent *x, const struct extent *y)
{
	struct audit *a = context;
	const struct cell *first = cells[x->cell], *second = cells[y->cell];
	uint64_t start = y->pa, size = lower(x->pa + x->size, y->pa + y->size) - start;

	if (!is_owner(first, second, start, size)) {
		const struct cell *other = first;

		if (!is_owner(second, first, start, size))
			return;
		first = second;
		second = other;
	}
	a->cell = first;
	violation(a, start, second, "page-shared", "not both of them declare it shared");
}

/* What EL2 touches for a cell is reached by the cell, though no table says so. */
static int check_subpages(struct audit *a)
{
	for (unsigned int i = 0; i < a->cell->subpages.count; i++) {
		uint64_t page = ALIGN_DOWN(a->cell->subpages.list[i].pa, PAGE_SIZE), next;
		const struct check_range *range = forbidden(page, &next);

		if (!extent_add(&a->list, page, PAGE_SIZE, a->cell->id))
			return -HV_ENOMEM;
		if (range)
			violation(a, page, NULL, reachable(range), range->name);
	}
	return 0;
}

static int walk_all(struct audit *a)
{
	uint64_t stray = 0;
	int err = 0;

	for (unsigned int id = 0; !err && id <= JH_CELL_ID_MAX; id++) {
		if (!cells[id])
			continue;
		a->cell = cells[id];
		a->found->cells++;
		err = stage2_walk(&cells[id]->s2, check_reach, a, &stray);
		if (err == -HV_EIO) {
			violation(a, stray, NULL, "table-outside-hypervisor",
				  "its tables go on there, outside the hypervisor");
			err = 0;
		}
		if (!err)
			err = check_subpages(a);
	}
	return err;
}

static int buffer_grow(void)
{
	size_t pages = 2 * buffer.pages;
	void *memory = pool_alloc(pages, 1);

	if (!memory)
		return -HV_ENOMEM;
	pool_free(buffer.memory, buffer.pages);
	buffer.memory = memory;
	buffer.pages = pages;
	return 0;
}

int audit_init(void)
{
	buffer.pages = BUFFER_PAGES;
	buffer.memory = pool_alloc(BUFFER_PAGES, 1);
	return buffer.memory ? 0 : -HV_ENOMEM;
}

/* Again from the start with more memory, until the extents fit: the next audit has the memory then. */
static int collect(struct audit *a)
{
	struct jh_audit *found = a->found;
	int err = 0;

	while (!err) {
		*a = (struct audit){ .found = found,
				     .list = { buffer.memory, 0, buffer.pages * PAGE_SIZE / sizeof(struct extent) } };
		found->cells = 0;
		if (walk_all(a) != -HV_ENOMEM)
			break;
		err = buffer_grow();
	}
	return err;
}

/* A reader in root sees a whole record or tries again. */
static void publish(const struct jh_audit *found)
{
	struct jh_audit *shown = &hv_status.audit;
	uint32_t sequence = shown->sequence;

	__atomic_store_n(&shown->sequence, sequence | 1, __ATOMIC_SEQ_CST);
	memcpy((char *)shown + sizeof(sequence), (const char *)found + sizeof(sequence),
	       sizeof(*found) - sizeof(sequence));
	__atomic_store_n(&shown->sequence, (sequence | 1) + 1, __ATOMIC_SEQ_CST);
}

int audit_run(const char *occasion)
{
	const int32_t before = hv_status.audit.audits ? hv_status.audit.result : -1;
	struct jh_audit found = hv_status.audit;
	struct audit a = { .found = &found };
	uint64_t start = time_us();

	if (!found.audits)
		found.first_cell = found.second_cell = JH_AUDIT_NO_CELL;
	found.result = collect(&a) ? JH_AUDIT_INCOMPLETE : JH_AUDIT_CLEAN;
	if (found.result == JH_AUDIT_CLEAN)
		extents_overlaps(&a.list, check_shared, &a);
	if (a.violated)
		found.result = JH_AUDIT_VIOLATION;
	found.audits++;
	found.violations += a.violated;
	found.extents = (uint32_t)a.list.count;
	found.pages = extents_pages(&a.list);
	found.duration_us = (uint32_t)(time_us() - start);
	publish(&found);
	if (found.result != before || found.result != JH_AUDIT_CLEAN)
		record(JH_RECORD_AUDIT, NULL, 0, "after %s: %s", occasion,
		       a.violated			 ? found.text :
		       found.result == JH_AUDIT_CLEAN ? "clean" :
							"incomplete");
	if (found.result != JH_AUDIT_CLEAN) {
		log_print("FATAL: audit after %s: %s\n", occasion,
			  a.violated ? found.text : "incomplete, the hypervisor's memory is used up");
		notify_root();
	}
	return found.result;
}
