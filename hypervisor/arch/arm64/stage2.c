// SPDX-License-Identifier: MIT
/*
 * Stage-2 tables, 4 KiB granule, 40 bits of IPA: level 1 (1 GiB an entry, two tables in a row), level 2 (2 MiB), level 3
 * (4 KiB). DDI 0487, D8.2 and D8.3.
 */
#include <hv/pool.h>
#include <hv/reason.h>
#include <hv/stage2.h>
#include <jailhouse/config.h>

#include "../../lib/string.h"
#include "sysreg.h"

#define ROOT_ENTRIES	(512 * STAGE2_ROOT_PAGES)
#define ENTRY_VALID	BIT64(0)
#define ENTRY_TABLE	BIT64(1)	/* at level 3: a page */
#define ENTRY_ADDRESS	GENMASK64(47, 12)
#define LEAF_NORMAL	(0xfULL << 2)	/* inner and outer write-back */
#define LEAF_DEVICE	(0x1ULL << 2)	/* Device-nGnRE */
#define LEAF_READ	BIT64(6)
#define LEAF_WRITE	BIT64(7)
#define LEAF_INNER	(3ULL << 8)
#define LEAF_AF		BIT64(10)
#define LEAF_XN		BIT64(54)

static unsigned int shift_of(unsigned int level)
{
	return 39 - 9 * level;
}

static bool is_table(uint64_t entry, unsigned int level)
{
	return level < 3 && (entry & (ENTRY_VALID | ENTRY_TABLE)) == (ENTRY_VALID | ENTRY_TABLE);
}

static uint64_t *table_of(uint64_t entry)
{
	return (uint64_t *)(entry & ENTRY_ADDRESS);	/* EL2 is identity mapped */
}

static void free_below(uint64_t entry, unsigned int level)
{
	if (!is_table(entry, level))
		return;
	for (unsigned int i = 0; i < 512; i++)
		free_below(table_of(entry)[i], level + 1);
	pool_free(table_of(entry), 1);
}

static uint64_t leaf_attributes(uint64_t flags)
{
	uint64_t leaf = ENTRY_VALID | LEAF_AF | LEAF_INNER;

	leaf |= flags & JH_MEM_IO ? LEAF_DEVICE | LEAF_XN : LEAF_NORMAL;
	if (flags & JH_MEM_READ)
		leaf |= LEAF_READ;
	if (flags & JH_MEM_WRITE)
		leaf |= LEAF_WRITE;
	return leaf;
}

/* A table that says what the entry said: empty, or the block in 512 pieces. */
static uint64_t *split(uint64_t entry, unsigned int level)
{
	uint64_t *table = pool_alloc(1, 1);
	uint64_t step = BIT64(shift_of(level + 1));

	if (!table || !(entry & ENTRY_VALID))
		return table;
	if (level + 1 == 3)
		entry |= ENTRY_TABLE;
	for (unsigned int i = 0; i < 512; i++)
		table[i] = entry + i * step;
	return table;
}

struct change {
	const struct stage2 *s2;
	uint64_t pa;		/* goes with the start of the range */
	uint64_t leaf;		/* 0: unmap */
	bool huge;
};

static int change_range(const struct change *c, uint64_t *table, unsigned int level, uint64_t base, uint64_t start,
			uint64_t end);

static int descend(const struct change *c, uint64_t *entry, unsigned int level, uint64_t base, uint64_t start,
		   uint64_t end)
{
	uint64_t old = *entry;
	uint64_t *table;

	if (!is_table(old, level)) {
		if (!(old & ENTRY_VALID) && !c->leaf)
			return 0;
		table = split(old, level);
		if (!table)
			return -HV_ENOMEM;
		/* Break before make: no CPU may see a block and a table for the same address. */
		if (old & ENTRY_VALID) {
			*entry = 0;
			stage2_flush(c->s2);
		}
		dsb(ishst);
		*entry = (uint64_t)table | ENTRY_VALID | ENTRY_TABLE;
	}
	return change_range(c, table_of(*entry), level + 1, base, start, end);
}

static void set_leaf(const struct change *c, uint64_t *entry, unsigned int level, uint64_t pa)
{
	uint64_t old = *entry;

	if (old & ENTRY_VALID) {
		*entry = 0;
		if (c->leaf || is_table(old, level))
			stage2_flush(c->s2);
		free_below(old, level);
	}
	if (c->leaf)
		*entry = pa | c->leaf | (level == 3 ? ENTRY_TABLE : 0);
}

/* base: the IPA that table[0] stands for; [start, end) lies within the table. */
static int change_range(const struct change *c, uint64_t *table, unsigned int level, uint64_t base, uint64_t start,
			uint64_t end)
{
	uint64_t step = BIT64(shift_of(level)), ipa = start, next;
	int err = 0;

	for (; !err && ipa < end; ipa = next) {
		uint64_t *entry = &table[(ipa - base) / step];
		uint64_t pa = c->pa + (ipa - start);
		struct change part = *c;
		bool whole;

		next = ALIGN_DOWN(ipa, step) + step;
		whole = !(ipa & (step - 1)) && next <= end;
		next = next < end ? next : end;
		if (whole && (!c->leaf || level == 3 || (c->huge && !(pa & (step - 1))))) {
			set_leaf(c, entry, level, pa);
			continue;
		}
		part.pa = pa;
		err = descend(&part, entry, level, ALIGN_DOWN(ipa, step), ipa, next);
	}
	return err;
}

static uint64_t *root_table(const struct stage2 *s2)
{
	return s2->stopped ? s2->kept : s2->live;
}

int stage2_map(struct stage2 *s2, uint64_t ipa, uint64_t pa, uint64_t size, uint64_t flags)
{
	const struct change change = { s2, pa, leaf_attributes(flags), !(flags & JH_MEM_NO_HUGEPAGES) };

	return change_range(&change, root_table(s2), 1, 0, ipa, ipa + size);
}

int stage2_unmap(struct stage2 *s2, uint64_t ipa, uint64_t size)
{
	const struct change change = { .s2 = s2 };

	return change_range(&change, root_table(s2), 1, 0, ipa, ipa + size);
}

uint64_t stage2_vttbr(const struct stage2 *s2)
{
	return (uint64_t)s2->live | VTTBR_VMID(s2->vmid);
}

/* TLBI acts on the VMID in VTTBR_EL2: borrow it. EL2's own accesses do not go through stage 2. */
void stage2_flush(const struct stage2 *s2)
{
	uint64_t mine = read_sysreg(vttbr_el2);

	dsb(ish);
	write_sysreg(vttbr_el2, stage2_vttbr(s2));
	isb();
	tlbi(vmalls12e1is);
	dsb(ish);
	write_sysreg(vttbr_el2, mine);
	isb();
}

void stage2_stop(struct stage2 *s2)
{
	if (!s2->stopped) {
		memcpy(s2->kept, s2->live, ROOT_ENTRIES * sizeof(uint64_t));
		memset(s2->live, 0, ROOT_ENTRIES * sizeof(uint64_t));
		s2->stopped = true;
	}
	stage2_flush(s2);
}

void stage2_resume(struct stage2 *s2)
{
	if (s2->stopped)
		memcpy(s2->live, s2->kept, ROOT_ENTRIES * sizeof(uint64_t));
	s2->stopped = false;
	stage2_flush(s2);
}

int stage2_init(struct stage2 *s2, uint16_t vmid)
{
	*s2 = (struct stage2){ .vmid = vmid };
	s2->live = pool_alloc(STAGE2_ROOT_PAGES, STAGE2_ROOT_PAGES);
	s2->kept = pool_alloc(STAGE2_ROOT_PAGES, 1);
	if (s2->live && s2->kept)
		return 0;
	stage2_free(s2);
	return -HV_ENOMEM;
}

void stage2_free(struct stage2 *s2)
{
	for (unsigned int i = 0; s2->live && i < ROOT_ENTRIES; i++)
		free_below(root_table(s2)[i], 1);
	pool_free(s2->live, STAGE2_ROOT_PAGES);
	pool_free(s2->kept, STAGE2_ROOT_PAGES);
	*s2 = (struct stage2){ 0 };
}

struct walk {
	stage2_visit visit;
	void *context;
	uint64_t *stray;
	struct stage2_extent run;	/* grows until a piece does not continue it */
};

static uint64_t leaf_flags(uint64_t leaf)
{
	uint64_t flags = leaf & LEAF_READ ? JH_MEM_READ : 0;

	if (leaf & LEAF_WRITE)
		flags |= JH_MEM_WRITE;
	return (leaf & LEAF_NORMAL) == LEAF_NORMAL ? flags : flags | JH_MEM_IO;
}

static int walk_end_run(struct walk *w)
{
	return w->run.size ? w->visit(w->context, &w->run) : 0;
}

/* count leaves in a row, each of step bytes. */
static int walk_leaf(struct walk *w, uint64_t ipa, uint64_t leaf, uint64_t step, unsigned int count)
{
	const struct stage2_extent piece = { ipa, leaf & ENTRY_ADDRESS & ~(step - 1), count * step, leaf_flags(leaf) };
	struct stage2_extent *run = &w->run;
	int err;

	if (run->size && piece.ipa == run->ipa + run->size && piece.pa == run->pa + run->size &&
	    piece.flags == run->flags) {
		run->size += piece.size;
		return 0;
	}
	err = walk_end_run(w);
	*run = piece;
	return err;
}

/* Tables are mostly empty, and an audit's time is mostly this loop. */
static unsigned int skip_empty(const uint64_t *table, unsigned int i, unsigned int entries)
{
	while (i < entries && !table[i])
		i++;
	return i;
}

/* How many entries from i on go on where the one before ended: most blocks and pages do. */
static unsigned int run_length(const uint64_t *table, unsigned int i, unsigned int entries, uint64_t step)
{
	unsigned int first = i;
	uint64_t next = table[i] + step;

	for (i++; i < entries && table[i] == next; i++)
		next += step;
	return i - first;
}

static int walk_table(struct walk *w, const uint64_t *table, unsigned int entries, unsigned int level, uint64_t ipa)
{
	uint64_t step = BIT64(shift_of(level));
	unsigned int length;
	int err = 0;

	for (unsigned int i = skip_empty(table, 0, entries); !err && i < entries;
	     i = skip_empty(table, i + length, entries)) {
		uint64_t entry = table[i];

		length = 1;
		if (is_table(entry, level)) {
			*w->stray = entry & ENTRY_ADDRESS;
			/* Memory that a guest may write would be a table that it may write. */
			err = pool_owns(table_of(entry)) ?
				      walk_table(w, table_of(entry), 512, level + 1, ipa + i * step) :
				      -HV_EIO;
		} else if (entry & ENTRY_VALID && (level < 3 || entry & ENTRY_TABLE)) {
			length = run_length(table, i, entries, step);
			err = walk_leaf(w, ipa + i * step, entry, step, length);
		}
	}
	return err;
}

int stage2_walk(const struct stage2 *s2, stage2_visit visit, void *context, uint64_t *stray)
{
	struct walk walk = { .visit = visit, .context = context, .stray = stray };
	int err = walk_table(&walk, s2->live, ROOT_ENTRIES, 1, 0);

	/* What will be live again counts as well; a live table that should be empty does anyway. */
	if (!err && s2->stopped)
		err = walk_table(&walk, s2->kept, ROOT_ENTRIES, 1, 0);
	return err ? err : walk_end_run(&walk);
}
