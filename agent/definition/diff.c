// SPDX-License-Identifier: MIT
#include "diff.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "meaning.h"
#include "words.h"

#define FIRST_SPI 32u

struct comparison {
	FILE *out;
	const struct meaning *a, *b;
};

static void tell_text(const struct comparison *c, const char *what, const char *before, const char *after)
{
	if (strcmp(before, after) != 0)
		fprintf(c->out, "%s: \"%s\" becomes \"%s\".\n", what, before, after);
}

static void tell_hex(const struct comparison *c, const char *what, uint64_t before, uint64_t after)
{
	if (before != after)
		fprintf(c->out, "%s: 0x%" PRIx64 " becomes 0x%" PRIx64 ".\n", what, before, after);
}

static void diff_cpus(const struct comparison *c)
{
	uint64_t gone = c->a->result.cpus & ~c->b->result.cpus, added = c->b->result.cpus & ~c->a->result.cpus;
	char cpus[200];

	if (added)
		fprintf(c->out, "CPUs: it gets %s.\n", words_cpus(cpus, sizeof(cpus), added));
	if (gone)
		fprintf(c->out, "CPUs: it loses %s.\n", words_cpus(cpus, sizeof(cpus), gone));
}

/* Regions have no names: the same guest address is the same region, or else the same number. */
struct pairing {
	const struct definition_result *a, *b;
	bool *used; /* of b */
	size_t next; /* of b: most regions have their partner there, so that long lists are not searched */
};

static const struct definition_region *partner(struct pairing *pairing, const struct definition_region *region)
{
	for (size_t n = 0; n < pairing->b->num_regions; n++) {
		size_t i = (pairing->next + n) % pairing->b->num_regions;
		const struct definition_region *other = &pairing->b->regions[i];

		if (pairing->used[i] || other->guest != region->guest || !other->size != !region->size)
			continue;
		pairing->used[i] = true;
		pairing->next = i + 1;
		return other;
	}
	return NULL;
}

static void diff_flags(const struct comparison *c, const char *name, uint64_t before, uint64_t after)
{
	char words[200];

	if (after & ~before)
		fprintf(c->out, "%s: gets the flags %s.\n", name, words_flags(words, sizeof(words), after & ~before));
	if (before & ~after)
		fprintf(c->out, "%s: loses the flags %s.\n", name, words_flags(words, sizeof(words), before & ~after));
}

static void diff_region(const struct comparison *c, const struct definition_region *a,
			const struct definition_region *b)
{
	char name[64], before[48], after[48];

	snprintf(name, sizeof(name), "Memory at guest 0x%" PRIx64, a->guest);
	if (a->size != b->size)
		fprintf(c->out, "%s: %s from %s to %s.\n", name, b->size > a->size ? "grows" : "shrinks",
			words_size(before, sizeof(before), a->size), words_size(after, sizeof(after), b->size));
	if (!(a->flags & b->flags & JH_MEM_COMM_REGION) &&
	    strcmp(meaning_place(a, before), meaning_place(b, after)) != 0)
		fprintf(c->out, "%s: its physical address %s becomes %s.\n", name, before, after);
	diff_flags(c, name, a->flags, b->flags);
}

static void tell_region(const struct comparison *c, const struct definition_region *region, const char *what)
{
	char size[32], place[48], flags[200];

	if (region->size)
		fprintf(c->out, "Memory at guest 0x%" PRIx64 ": %s (%s, physical %s, %s).\n", region->guest, what,
			words_size(size, sizeof(size), region->size), meaning_place(region, place),
			words_flags(flags, sizeof(flags), region->flags));
}

static void diff_memory(const struct comparison *c)
{
	struct pairing pairing = { &c->a->result, &c->b->result,
				   calloc(c->b->result.num_regions + 1, sizeof(*pairing.used)), 0 };

	for (size_t i = 0; pairing.used && i < pairing.a->num_regions; i++) {
		const struct definition_region *region = &pairing.a->regions[i], *other = partner(&pairing, region);

		if (other)
			diff_region(c, region, other);
		else
			tell_region(c, region, "is gone");
	}
	for (size_t i = 0; pairing.used && i < pairing.b->num_regions; i++)
		if (!pairing.used[i])
			tell_region(c, &pairing.b->regions[i], "is new");
	free(pairing.used);
}

static void diff_interrupts_one_way(const struct comparison *c, const struct meaning *of, const struct meaning *other,
				    const char *verb)
{
	unsigned at = 0, intid, listed = 0;

	while ((intid = meaning_interrupt(of, &at)))
		if (!meaning_has_interrupt(other, intid))
			fprintf(c->out, "%s%u (SPI %u)", listed++ ? ", " : verb, intid, intid - FIRST_SPI);
	if (listed)
		fprintf(c->out, ".\n");
}

static void diff_images(const struct comparison *c)
{
	const struct definition_result *a = &c->a->result, *b = &c->b->result;

	if (c->a->from_binary || c->b->from_binary)
		return;
	for (size_t i = 0; i < a->num_images || i < b->num_images; i++) {
		if (i >= b->num_images)
			fprintf(c->out, "Images: \"%s\" is not loaded any more.\n", a->images[i].name);
		else if (i >= a->num_images)
			fprintf(c->out, "Images: \"%s\" is loaded to guest 0x%" PRIx64 ", too.\n", b->images[i].name,
				b->images[i].address);
		else if (strcmp(a->images[i].name, b->images[i].name) != 0)
			fprintf(c->out, "Images: \"%s\" is loaded instead of \"%s\".\n", b->images[i].name,
				a->images[i].name);
		else if (a->images[i].address != b->images[i].address)
			fprintf(c->out, "Images: \"%s\" is loaded to guest 0x%" PRIx64 " instead of 0x%" PRIx64 ".\n",
				a->images[i].name, b->images[i].address, a->images[i].address);
	}
}

/* Only a text names them; in the binary they are an entry like any other. */
static void diff_linux(const struct comparison *c)
{
	const struct definition_linux *a = &c->a->result.boot, *b = &c->b->result.boot;

	if (c->a->from_binary || c->b->from_binary)
		return;
	if (a->wanted != b->wanted)
		fprintf(c->out, b->wanted ? "It boots a Linux.\n" : "It boots no Linux any more.\n");
	tell_text(c, "Kernel", a->kernel, b->kernel);
	tell_text(c, "RAM disk", a->initrd, b->initrd);
	tell_text(c, "Command line", a->command_line, b->command_line);
}

static void diff_devices(const struct comparison *c)
{
	uint32_t a = c->a->view.cell.num_pci_devices, b = c->b->view.cell.num_pci_devices;
	char bdf[16];

	for (uint32_t i = 0; i < a || i < b; i++) {
		struct jh_pci_device before = i < a ? view_device(&c->a->view, i) : (struct jh_pci_device){ 0 };
		struct jh_pci_device after = i < b ? view_device(&c->b->view, i) : (struct jh_pci_device){ 0 };

		if (i >= a || i >= b)
			fprintf(c->out, "PCI device %s is %s.\n",
				words_bdf(bdf, sizeof(bdf), i < a ? before.bdf : after.bdf), i < a ? "gone" : "new");
		else if (memcmp(&before, &after, sizeof(before)) != 0)
			fprintf(c->out, "PCI device %s (number %" PRIu32 ") is described differently.\n",
				words_bdf(bdf, sizeof(bdf), after.bdf), i);
	}
}

static int by_value(const void *a, const void *b)
{
	const uint32_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static void diff_streams_one_way(const struct comparison *c, const struct view *of, const struct view *other,
				 const char *verb)
{
	uint32_t *sorted = calloc((size_t)other->cell.num_stream_ids + 1, sizeof(*sorted)), stream, listed = 0;
	char text[48];

	for (uint32_t i = 0; sorted && i < other->cell.num_stream_ids; i++)
		sorted[i] = view_stream(other, i);
	if (sorted)
		qsort(sorted, other->cell.num_stream_ids, sizeof(*sorted), by_value);
	for (uint32_t i = 0; sorted && i < of->cell.num_stream_ids; i++) {
		stream = view_stream(of, i);
		if (!bsearch(&stream, sorted, other->cell.num_stream_ids, sizeof(*sorted), by_value))
			fprintf(c->out, "%s%s", listed++ ? ", " : verb, words_stream(text, sizeof(text), stream));
	}
	if (listed)
		fprintf(c->out, ".\n");
	free(sorted);
}

static void diff_bytes(const struct comparison *c, const char *what, const void *a, size_t a_size, const void *b,
		       size_t b_size)
{
	if (a_size != b_size || memcmp(a, b, a_size) != 0)
		fprintf(c->out, "%s are different.\n", what);
}

static void diff_cell(const struct comparison *c)
{
	const struct jh_cell_desc *a = &c->a->view.cell, *b = &c->b->view.cell;
	const struct view *va = &c->a->view, *vb = &c->b->view;
	char before[160], after[160];

	tell_text(c, "Name", c->a->result.name, c->b->result.name);
	diff_cpus(c);
	tell_hex(c, "Entry", a->cpu_reset_address, b->cpu_reset_address);
	meaning_console(c->a, before);
	meaning_console(c->b, after);
	tell_text(c, "Console", before, after);
	meaning_flags(c->a, before);
	meaning_flags(c->b, after);
	tell_text(c, "Flags", before, after);
	diff_memory(c);
	diff_interrupts_one_way(c, c->b, c->a, "Interrupts: it gets ");
	diff_interrupts_one_way(c, c->a, c->b, "Interrupts: it loses ");
	diff_images(c);
	diff_linux(c);
	diff_devices(c);
	tell_hex(c, "First interrupt of virtual PCI (SPI)", a->vpci_irq_base, b->vpci_irq_base);
	tell_hex(c, "Time to answer (microseconds)", a->msg_reply_timeout, b->msg_reply_timeout);
	diff_streams_one_way(c, vb, va, "Stream ids: it gets ");
	diff_streams_one_way(c, va, vb, "Stream ids: it loses ");
	diff_bytes(c, "The PCI capabilities", va->capabilities, a->num_pci_caps * sizeof(struct jh_pci_cap),
		   vb->capabilities, b->num_pci_caps * sizeof(struct jh_pci_cap));
	diff_bytes(c, "The cache regions", va->caches, a->num_cache_regions * sizeof(struct jh_cache), vb->caches,
		   b->num_cache_regions * sizeof(struct jh_cache));
}

static void diff_range(const struct comparison *c, const char *what, uint64_t a, uint64_t a_size, uint64_t b,
		       uint64_t b_size)
{
	char before[48], after[48];

	if (a == b && a_size == b_size)
		return;
	snprintf(before, sizeof(before), "nothing");
	snprintf(after, sizeof(after), "nothing");
	if (a_size)
		words_range(before, sizeof(before), a, a_size);
	if (b_size)
		words_range(after, sizeof(after), b, b_size);
	fprintf(c->out, "%s: %s becomes %s.\n", what, before, after);
}

static void diff_system(const struct comparison *c)
{
	const struct jh_system_desc *a = &c->a->view.system, *b = &c->b->view.system;
	char before[160], after[160];

	diff_range(c, "The hypervisor's memory", a->hypervisor_memory.phys_start, a->hypervisor_memory.size,
		   b->hypervisor_memory.phys_start, b->hypervisor_memory.size);
	diff_range(c, "The pool", c->a->board.pool.start, c->a->board.pool.size, c->b->board.pool.start,
		   c->b->board.pool.size);
	meaning_uart(&a->debug_console, before);
	meaning_uart(&b->debug_console, after);
	tell_text(c, "Debug console", before, after);
	tell_hex(c, "System flags", a->flags, b->flags);
	tell_hex(c, "GIC version", a->arm.gic_version, b->arm.gic_version);
	tell_hex(c, "Maintenance interrupt", a->arm.maintenance_irq, b->arm.maintenance_irq);
	tell_hex(c, "Notification interrupt", a->arm.notify_irq, b->arm.notify_irq);
	tell_hex(c, "Distributor", a->arm.gicd_base, b->arm.gicd_base);
	tell_hex(c, "Redistributors", a->arm.gicr_base, b->arm.gicr_base);
	tell_hex(c, "GIC's CPU interface", a->arm.gicc_base, b->arm.gicc_base);
	tell_hex(c, "GIC's hypervisor interface", a->arm.gich_base, b->arm.gich_base);
	tell_hex(c, "GIC's virtual CPU interface", a->arm.gicv_base, b->arm.gicv_base);
	tell_hex(c, "PCI configuration space", a->pci_mmconfig_base, b->pci_mmconfig_base);
	tell_hex(c, "Its last bus", a->pci_mmconfig_end_bus, b->pci_mmconfig_end_bus);
	tell_hex(c, "Its host is emulated", a->pci_is_virtual, b->pci_is_virtual);
	tell_hex(c, "PCI domain", a->pci_domain, b->pci_domain);
	diff_bytes(c, "The IOMMUs", a->iommu_units, sizeof(a->iommu_units), b->iommu_units, sizeof(b->iommu_units));
	diff_bytes(c, "The interrupts for emulated devices", c->a->board.virtual_intids,
		   sizeof(c->a->board.virtual_intids), c->b->board.virtual_intids, sizeof(c->b->board.virtual_intids));
}

/* Not in the bytes: what the agent does by itself. */
static void diff_policy(const struct comparison *c)
{
	struct policy_words before, after;

	policy_words(&c->a->result.policy, &before);
	policy_words(&c->b->result.policy, &after);
	tell_text(c, "Restart", before.restart, after.restart);
	tell_text(c, "Watchdog", before.watchdog, after.watchdog);
	tell_text(c, "Started after", before.after, after.after);
}

/* Automatic places are chosen anew each time, and the rest of the bytes follows from what was told: but nothing may be kept back. */
static void diff_rest(const struct comparison *c, long told)
{
	const struct definition_result *a = &c->a->result, *b = &c->b->result;
	bool automatic = c->a->automatic_intid || c->b->automatic_intid;

	for (size_t i = 0; i < a->num_regions; i++)
		automatic |= a->regions[i].automatic;
	if (!told && !automatic && (a->size != b->size || memcmp(a->blob, b->blob, a->size) != 0))
		fprintf(c->out, "They say the same in another order or with other details.\n");
}

static int compare(struct comparison *c, char **text)
{
	size_t size;
	bool bad;

	c->out = open_memstream(text, &size);
	if (!c->out)
		return -ENOMEM;
	if (c->a->is_system != c->b->is_system) {
		fprintf(c->out, "One is a system definition, the other is a cell.\n");
	} else {
		if (c->a->is_system)
			diff_system(c);
		diff_cell(c);
		diff_policy(c);
		diff_rest(c, ftell(c->out));
	}
	bad = ferror(c->out);
	bad |= fclose(c->out) != 0;
	if (!bad)
		return 0;
	free(*text);
	*text = NULL;
	return -ENOMEM;
}

int definition_diff(struct definition_words before, struct definition_words after, const struct definition_board *board,
		    char **text, struct definition_problems *problems, bool *blames_after)
{
	struct definition_problems more = { 0 };
	struct meaning a, b = { 0 };
	struct comparison comparison = { .a = &a, .b = &b };
	int err = meaning_read(&a, before, board, problems);

	*text = NULL;
	*blames_after = !err;
	if (!err) {
		err = meaning_read(&b, after, board, &more);
		definition_problems_free(problems);
		*problems = more;
	}
	if (!err)
		err = compare(&comparison, text);
	meaning_end(&a);
	meaning_end(&b);
	return err;
}
