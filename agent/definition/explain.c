// SPDX-License-Identifier: MIT
#include "explain.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "meaning.h"
#include "tree.h"
#include "words.h"

#define NAMES_MAX 512
#define FIRST_SPI 32u
#define GIC_SPI 0 /* first cell of an interrupt of the GIC: 0 shared, 1 private */

struct named {
	struct definition_range range; /* size 0: an interrupt */
	unsigned intid;
	char name[64];
};

struct explanation {
	FILE *out;
	const struct meaning *meaning;
	const struct definition_board *board; /* may be NULL */
	struct named *names;
	size_t num_names;
};

static void name_add(struct explanation *x, const struct tree *tree, int node, struct definition_range range,
		     unsigned intid)
{
	char path[TREE_PATH_MAX];

	if (x->num_names >= NAMES_MAX)
		return;
	tree_path(tree, node, path);
	x->names[x->num_names] = (struct named){ range, intid, "" };
	snprintf(x->names[x->num_names++].name, sizeof(x->names->name), "%.63s", path);
}

static void read_names(struct explanation *x)
{
	struct tree_reference reference;
	struct definition_range range;
	struct tree tree;

	if (!x->board || !x->board->device_tree || !tree_open(&tree, x->board->device_tree, x->board->device_tree_size))
		return;
	for (int node = tree_next(&tree, -1); node >= 0; node = tree_next(&tree, node)) {
		for (unsigned i = 0; i < 4 && tree_registers(&tree, node, i, &range) == 0; i++)
			name_add(x, &tree, node, range, 0);
		for (unsigned i = 0; i < 8 && tree_interrupt(&tree, node, i, &reference); i++)
			if (reference.count >= 2 && reference.cells[0] == GIC_SPI)
				name_add(x, &tree, node, (struct definition_range){ 0, 0 },
					 reference.cells[1] + FIRST_SPI);
	}
}

static const char *interrupt_name(const struct explanation *x, unsigned intid)
{
	const struct jh_cell_desc *cell = &x->meaning->view.cell;

	for (size_t i = 0; i < x->num_names; i++)
		if (!x->names[i].range.size && x->names[i].intid == intid)
			return x->names[i].name;
	if (cell->console.flags & JH_CON_EMULATED && cell->console.gate_nr == intid)
		return "the emulated console";
	if (cell->num_pci_devices && intid - FIRST_SPI - cell->vpci_irq_base < 4)
		return "virtual PCI (INTA to INTD follow each other)";
	if (x->meaning->is_system && x->meaning->view.system.arm.notify_irq == intid)
		return "news for root";
	if (x->board && x->board->virtual_intids[intid / 32] >> (intid % 32) & 1)
		return "no wire: for emulated devices";
	return "";
}

/* The smallest of the tree's devices that begins in the region, or in which it lies. */
static const char *device_name(const struct explanation *x, const struct definition_region *region)
{
	const struct named *best = NULL;

	for (size_t i = 0; i < x->num_names; i++) {
		const struct definition_range *range = &x->names[i].range;

		if (!range->size || region->physical < range->start || region->physical - range->start >= range->size ||
		    (best && best->range.size <= range->size))
			continue;
		best = &x->names[i];
	}
	return best ? best->name : NULL;
}

static void tell_owner(const struct explanation *x, const struct definition_region *region)
{
	const struct definition_board *board = x->board;
	const char *device = region->flags & JH_MEM_IO && !region->automatic ? device_name(x, region) : NULL;

	if (region->flags & JH_MEM_COMM_REGION)
		fprintf(x->out, "the communication page, with the hypervisor");
	else if (!region->size)
		fprintf(x->out, "absent");
	else if (x->meaning->is_system)
		fprintf(x->out, "root's");
	else if (region->flags & JH_MEM_ROOTSHARED)
		fprintf(x->out, "shared with root and all who share it");
	else if (region->automatic)
		fprintf(x->out, "its own, from the pool");
	else
		fprintf(x->out, "its own, taken from root");
	if (board && board->pool.size && !region->automatic && region->physical >= board->pool.start &&
	    region->physical - board->pool.start < board->pool.size && !(region->flags & JH_MEM_COMM_REGION))
		fprintf(x->out, " (in the pool)");
	if (device)
		fprintf(x->out, ": %s", device);
	else if (region->flags & JH_MEM_IO && board && board->console && region->physical == board->console)
		fprintf(x->out, ": the hypervisor's debug console");
}

static void tell_memory(const struct explanation *x)
{
	const struct definition_result *result = &x->meaning->result;
	char guest[48], physical[48], size[32], flags[200];

	fprintf(x->out, "\nMemory\n   #  %-29s %-14s %-9s %-34s whose\n", "guest", "physical", "size", "flags");
	for (size_t i = 0; i < result->num_regions; i++) {
		const struct definition_region *region = &result->regions[i];

		fprintf(x->out, "%4zu  %-29s %-14s %-9s %-34s ", i,
			region->size ? words_range(guest, sizeof(guest), region->guest, region->size) : "-",
			meaning_place(region, physical), words_size(size, sizeof(size), region->size),
			words_flags(flags, sizeof(flags), region->flags));
		tell_owner(x, region);
		fprintf(x->out, "\n");
	}
}

/* Runs of interrupts that nobody has a name for are one line. */
static void tell_interrupts(const struct explanation *x)
{
	unsigned at = 0, intid = meaning_interrupt(x->meaning, &at), last, next;
	const char *name;

	fprintf(x->out, "\nInterrupts%s\n", intid ? "\n    INTID       SPI  device" : ": none");
	for (; intid; intid = next) {
		name = interrupt_name(x, intid);
		last = intid;
		next = meaning_interrupt(x->meaning, &at);
		while (next == last + 1 && strcmp(interrupt_name(x, next), name) == 0) {
			last = next;
			next = meaning_interrupt(x->meaning, &at);
		}
		if (last > intid)
			fprintf(x->out, "%4u-%-4u %4u-%-4u  %s\n", intid, last, intid - FIRST_SPI, last - FIRST_SPI,
				name);
		else
			fprintf(x->out, "%9u %9u  %s\n", intid, intid - FIRST_SPI, name);
	}
}

static void tell_devices(const struct explanation *x)
{
	static const char *const types[] = { "unknown", "device", "bridge", "ivshmem" };
	char bdf[16];

	for (uint32_t i = 0; i < x->meaning->view.cell.num_pci_devices; i++) {
		struct jh_pci_device device = view_device(&x->meaning->view, i);

		fprintf(x->out, "%s  %s  %s", i ? "" : "\nPCI\n", words_bdf(bdf, sizeof(bdf), device.bdf),
			types[device.type <= 3 ? device.type : 0]);
		if (device.type == JH_PCI_IVSHMEM)
			fprintf(x->out, ": peer %u of %u, protocol 0x%x, memory from region %u on, %s",
				device.shmem_dev_id, device.shmem_peers, device.shmem_protocol,
				device.shmem_regions_start, device.num_msix_vectors ? "MSI-X" : "INTx");
		fprintf(x->out, "\n");
	}
}

static void tell_images(const struct explanation *x)
{
	const struct definition_result *result = &x->meaning->result;
	const struct definition_linux *boot = &result->boot;
	char size[32];

	if (boot->wanted)
		fprintf(x->out, "\nLinux\n  kernel %s\n", boot->kernel);
	if (boot->initrd[0])
		fprintf(x->out, "  RAM disk %s\n", boot->initrd);
	if (boot->command_line[0])
		fprintf(x->out, "  arguments %s\n", boot->command_line);
	for (size_t i = 0; i < result->num_images; i++)
		fprintf(x->out, "%s  %s goes to guest 0x%" PRIx64 ", at most %s\n", i ? "" : "\nImages\n",
			result->images[i].name, result->images[i].address,
			words_size(size, sizeof(size), result->images[i].limit));
}

static void tell_policy(const struct explanation *x)
{
	const struct definition_policy *policy = &x->meaning->result.policy;
	struct policy_words words;

	policy_words(policy, &words);
	if (policy->restart != POLICY_NEVER)
		fprintf(x->out, "Restart    %s\n", words.restart);
	if (policy->silence_ms)
		fprintf(x->out, "Watchdog   %s\n", words.watchdog);
	if (policy->num_after)
		fprintf(x->out, "After      %s\n", words.after);
}

static void tell_cell(const struct explanation *x)
{
	const struct jh_cell_desc *cell = &x->meaning->view.cell;
	char cpus[200], text[160];

	fprintf(x->out, "CPUs       %s\n", words_cpus(cpus, sizeof(cpus), x->meaning->result.cpus));
	if (!x->meaning->is_system) {
		fprintf(x->out, "Starts at  guest 0x%" PRIx64 "\n", cell->cpu_reset_address);
		meaning_console(x->meaning, text);
		fprintf(x->out, "Console    %s\n", text);
	}
	meaning_flags(x->meaning, text);
	fprintf(x->out, "Flags      %s\n", text);
	tell_policy(x);
	tell_memory(x);
	tell_interrupts(x);
	tell_devices(x);
	tell_images(x);
	if (cell->num_stream_ids)
		fprintf(x->out, "\nStream ids of DMA masters\n");
	for (uint32_t i = 0; i < cell->num_stream_ids; i++)
		fprintf(x->out, "  %s\n", words_stream(text, sizeof(text), view_stream(&x->meaning->view, i)));
}

static void tell_system(const struct explanation *x)
{
	const struct jh_system_desc *system = &x->meaning->view.system;
	const struct definition_board *board = &x->meaning->board;
	char range[48], size[32], text[160];

	fprintf(x->out, "Hypervisor %s, %s\n",
		words_range(range, sizeof(range), system->hypervisor_memory.phys_start, system->hypervisor_memory.size),
		words_size(size, sizeof(size), system->hypervisor_memory.size));
	if (system->debug_console.type) {
		meaning_uart(&system->debug_console, text);
		fprintf(x->out, "Prints to  %s\n", text);
	}
	fprintf(x->out, "GIC        version %u\n", system->arm.gic_version);
	if (board->pool.size)
		fprintf(x->out, "Pool       %s, %s\n", words_range(range, sizeof(range), board->pool.start, board->pool.size),
			words_size(size, sizeof(size), board->pool.size));
	fprintf(x->out, "\nKept by the hypervisor\n");
	for (size_t i = 0; i < board->num_devices; i++)
		fprintf(x->out, "  %-29s %s\n",
			words_range(range, sizeof(range), board->devices[i].start, board->devices[i].size),
			board->devices[i].name);
	fprintf(x->out, "\nRoot cell\n");
}

static int explain(struct explanation *x, char **text)
{
	size_t size;
	bool bad;

	x->names = calloc(NAMES_MAX, sizeof(*x->names));
	x->out = x->names ? open_memstream(text, &size) : NULL;
	if (!x->out) {
		free(x->names);
		return -ENOMEM;
	}
	read_names(x);
	fprintf(x->out, "%s \"%s\"\n", x->meaning->is_system ? "System" : "Cell", x->meaning->result.name);
	if (x->meaning->is_system)
		tell_system(x);
	tell_cell(x);
	bad = ferror(x->out);
	bad |= fclose(x->out) != 0;
	free(x->names);
	if (!bad)
		return 0;
	free(*text);
	*text = NULL;
	return -ENOMEM;
}

int definition_explain(struct definition_words words, const struct definition_board *board, char **text,
		       struct definition_problems *problems)
{
	struct meaning meaning;
	struct explanation x = { .meaning = &meaning, .board = board };
	int err = meaning_read(&meaning, words, board, problems);

	*text = NULL;
	if (!err)
		err = explain(&x, text);
	meaning_end(&meaning);
	return err;
}
