// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "check.h"
#include "neighbour.h"
#include "words.h"

#define KNOWN_FLAGS                                                                                                    \
	(JH_MEM_READ | JH_MEM_WRITE | JH_MEM_EXECUTE | JH_MEM_DMA | JH_MEM_IO | JH_MEM_COMM_REGION | JH_MEM_LOADABLE | \
	 JH_MEM_ROOTSHARED | JH_MEM_NO_HUGEPAGES | JH_MEM_IO_UNALIGNED | JH_MEM_IO_8 | JH_MEM_IO_16 | JH_MEM_IO_32 |   \
	 JH_MEM_IO_64)
#define SUBPAGE_FLAGS (JH_MEM_IO_8 | JH_MEM_IO_16 | JH_MEM_IO_32 | JH_MEM_IO_64)
#define FIRST_SPI 32u
#define LAST_CHIP 896u /* an irqchip has 128 interrupts, and the shared ones end before 1024 */
#define EXTENDED_FIRST 4096u /* GICv3.1, Arm IHI 0069: extended SPIs */
#define EXTENDED_LAST_CHIP 4992u

void subject_pointer(char pointer[128], const struct subject *subject, const char *list, size_t index)
{
	snprintf(pointer, 128, "%s/%s/%zu", subject->prefix, list, index);
}

bool subject_is_refused(const struct subject *subject, const char *at)
{
	const struct definition_problems *problems = subject->compiler->problems;

	for (size_t i = 0; i < problems->count; i++)
		if (!problems->items[i].warning && strncmp(problems->items[i].pointer, at, strlen(at)) == 0)
			return true;
	return false;
}

bool subject_has_memory(const struct subject *subject, size_t index)
{
	const struct definition_region *region = &subject->result->regions[index];

	return region->size && !(region->flags & JH_MEM_COMM_REGION) && !subject->broken[index];
}

void check_cpu(struct compiler *compiler, const struct definition_board *board, const char *pointer, uint64_t cpu)
{
	char remedy[160];

	for (size_t i = 0; !compiler->unchecked && board && cpu < 64 && i < board->num_neighbours; i++) {
		if (!(board->neighbours[i].cpus >> cpu & 1))
			continue;
		snprintf(remedy, sizeof(remedy), "Take another CPU, or stop cell \"%s\" first.",
			 board->neighbours[i].name);
		compiler_refuse(compiler, pointer, "cpu-of-another-cell", remedy,
				"CPU %" PRIu64 " belongs to cell \"%s\".", cpu, board->neighbours[i].name);
	}
}

static bool has_interrupt(const uint32_t *words, unsigned intid)
{
	return words[intid / 32] >> (intid % 32) & 1;
}

static void refuse_interrupt(struct compiler *compiler, const struct definition_neighbour *neighbour,
			     const char *pointer, unsigned intid)
{
	char remedy[160];

	snprintf(remedy, sizeof(remedy), "Take another interrupt, or stop cell \"%s\" first.", neighbour->name);
	compiler_refuse(compiler, pointer, "interrupt-of-another-cell", remedy,
			"Interrupt %u (SPI %u) belongs to cell \"%s\".", intid, intid - FIRST_SPI, neighbour->name);
}

void check_interrupt(struct compiler *compiler, const struct definition_board *board, const char *pointer,
		     unsigned intid)
{
	if (!board || compiler->unchecked)
		return;
	for (size_t i = 0; i < board->num_neighbours; i++)
		if (has_interrupt(board->neighbours[i].interrupts, intid))
			refuse_interrupt(compiler, &board->neighbours[i], pointer, intid);
	if (!board->num_memory || intid < FIRST_SPI)
		return;
	if (intid == board->notify_intid)
		compiler_refuse(compiler, pointer, "interrupt-reserved", "Take another one.",
				"By interrupt %u (SPI %u) the hypervisor tells root that something has changed.", intid,
				intid - FIRST_SPI);
	else if (!has_interrupt(board->interrupts, intid))
		compiler_refuse(compiler, pointer, "interrupt-not-of-root",
				"Take one that the system definition gives to root, or add it there.",
				"Interrupt %u (SPI %u) is not one of the root cell, so root cannot give it.", intid,
				intid - FIRST_SPI);
}

static void check_comm(struct compiler *compiler, const char *pointer, const struct jh_memory *region)
{
	if (region->size != CHECK_PAGE)
		compiler_refuse(compiler, pointer, "comm-region-size", "Write \"size\": \"4K\".",
				"The communication region has 0x%" PRIx64 " bytes; it is one page, 0x1000.",
				region->size);
	else if (region->virt_start % CHECK_PAGE)
		compiler_refuse(compiler, pointer, "region-unaligned", "Write a multiple of 0x1000 as \"guest\".",
				"The communication region is at guest address 0x%" PRIx64 ", in the middle of a page.",
				region->virt_start);
}

static bool is_in_range(uint64_t start, uint64_t size)
{
	return size <= CHECK_ADDRESSES && start <= CHECK_ADDRESSES - size;
}

static void check_alignment(struct compiler *compiler, const char *pointer, const struct jh_memory *region)
{
	const char *what = region->phys_start % CHECK_PAGE ? "physical address" :
			   region->virt_start % CHECK_PAGE ? "guest address" :
							     "size";
	uint64_t value = region->phys_start % CHECK_PAGE ? region->phys_start :
			 region->virt_start % CHECK_PAGE ? region->virt_start :
							   region->size;
	char remedy[160];

	/* Registers in a part of a page: the hypervisor makes their accesses itself, by its own rules. */
	if (!(value % CHECK_PAGE) || (region->flags & JH_MEM_IO && region->flags & SUBPAGE_FLAGS))
		return;
	if (value < CHECK_PAGE)
		snprintf(remedy, sizeof(remedy), "Write 0x1000: memory is given in pages of 4 KiB.");
	else
		snprintf(remedy, sizeof(remedy),
			 "Write 0x%" PRIx64 " or 0x%" PRIx64 ": memory is given in pages of 4 KiB.",
			 value - value % CHECK_PAGE, value - value % CHECK_PAGE + CHECK_PAGE);
	compiler_refuse(compiler, pointer, "region-unaligned", remedy, "The %s 0x%" PRIx64 " is no multiple of 0x1000.",
			what, value);
}

void check_region(struct compiler *compiler, const struct definition_board *board, const char *pointer,
		  const struct jh_memory *region)
{
	if (!board || compiler->unchecked || !region->size)
		return;
	if (region->flags & ~(uint64_t)KNOWN_FLAGS)
		compiler_refuse(compiler, pointer, "region-flags", "Take them out; jailhouse config schema lists the words.",
				"The flags 0x%" PRIx64 " have no meaning.", region->flags & ~(uint64_t)KNOWN_FLAGS);
	else if (region->flags & JH_MEM_COMM_REGION)
		check_comm(compiler, pointer, region);
	else if (!is_in_range(region->phys_start, region->size) || !is_in_range(region->virt_start, region->size))
		compiler_refuse(compiler, pointer, "address-overflow", "Correct its address or its size.",
				"0x%" PRIx64 " bytes at physical 0x%" PRIx64 ", guest 0x%" PRIx64
				" end above the 40 bits that addresses have.",
				region->size, region->phys_start, region->virt_start);
	else if (is_subpage(region->virt_start, region->size, region->flags))
		check_subpage(compiler, pointer, region);
	else
		check_alignment(compiler, pointer, region);
}

uint64_t check_room(const struct definition_result *result, uint64_t address)
{
	for (size_t i = 0; i < result->num_regions; i++) {
		const struct definition_region *region = &result->regions[i];

		if ((region->flags & JH_MEM_LOADABLE) && address >= region->guest &&
		    address - region->guest < region->size)
			return region->size - (address - region->guest);
	}
	return 0;
}

/* Every CPU that is not a created cell's or this one's: one of them must be left. */
static void check_cpus(const struct subject *subject)
{
	uint64_t left = subject->board->cpus & ~subject->result->cpus;
	char at[128];

	snprintf(at, sizeof(at), "%s/cpus", subject->prefix);
	if (subject->view->cell.cpu_set_size % 8)
		compiler_refuse(subject->compiler, at, "cpu-set-size", "Leave \"cpu_set_size\" out.",
				"The CPU set has %u bytes; it must have a multiple of 8.",
				subject->view->cell.cpu_set_size);
	if (subject->is_root || !subject->board->cpus)
		return;
	for (size_t i = 0; i < subject->board->num_neighbours; i++)
		left &= ~subject->board->neighbours[i].cpus;
	if (!left)
		compiler_refuse(subject->compiler, at, "cpu-in-use", "Take one CPU less.",
				"With this cell root has no CPU left, and root's Linux needs one.");
}

/* Cells are called by their names. Who creates one anew leaves the one that stands out of the neighbours. */
static void check_name(const struct subject *subject)
{
	const struct definition_board *board = subject->board;

	for (size_t i = 0; !subject->is_root && subject->result->name[0] && i < board->num_neighbours; i++)
		if (strcmp(board->neighbours[i].name, subject->result->name) == 0)
			compiler_refuse(subject->compiler, "/name", "name-of-another-cell", "Give it another \"name\".",
					"There is a cell \"%s\" already.", subject->result->name);
}

static bool is_executable(const struct subject *subject, uint64_t address)
{
	for (size_t i = 0; i < subject->result->num_regions; i++) {
		const struct definition_region *region = &subject->result->regions[i];

		if ((region->flags & JH_MEM_EXECUTE) && !(region->flags & (JH_MEM_IO | JH_MEM_COMM_REGION)) &&
		    address >= region->guest && address - region->guest < region->size)
			return true;
	}
	return false;
}

static bool any_broken(const struct subject *subject)
{
	for (size_t i = 0; i < subject->result->num_regions; i++)
		if (subject->broken[i])
			return true;
	return false;
}

static bool any_memory(const struct subject *subject)
{
	for (size_t i = 0; i < subject->result->num_regions; i++)
		if (subject_has_memory(subject, i))
			return true;
	return false;
}

static void check_entry(const struct subject *subject)
{
	uint64_t entry = subject->view->cell.cpu_reset_address;

	/* With "linux", memory and entry were judged already. */
	if (subject->is_root || any_broken(subject) ||
	    (subject_is_refused(subject, "/memory") && !any_memory(subject)) ||
	    (subject->result->boot.wanted && subject->compiler->problems->errors))
		return;
	if (!any_memory(subject))
		compiler_refuse(subject->compiler, "/memory", "no-memory", "Write \"memory\": [{\"size\": \"64M\"}].",
				"The cell has no memory, so there is nothing that it could run.");
	else if (entry % 4)
		compiler_refuse(subject->compiler, "/entry", "entry-unaligned", "Write a multiple of 4.",
				"The entry 0x%" PRIx64 " is in the middle of an instruction.", entry);
	else if (!is_executable(subject, entry))
		compiler_refuse(
			subject->compiler, "/entry", "entry-not-executable",
			"Set \"entry\" to an address in a region with the flag \"execute\", or move a region there.",
			"The cell starts at guest address 0x%" PRIx64 ", where it has no executable memory.", entry);
}

/* What this version of the hypervisor does not do. */
static void check_limits(const struct subject *subject)
{
	const struct jh_cell_desc *cell = &subject->view->cell;
	char at[128];

	snprintf(at, sizeof(at), "%s/memory", subject->prefix);
	if (cell->num_memory_regions > JH_MEMORY_REGIONS_MAX)
		compiler_refuse(subject->compiler, at, "too-many-regions", "Merge neighbouring regions.",
				"There are %" PRIu32 " memory regions, at most %u are possible.",
				cell->num_memory_regions, JH_MEMORY_REGIONS_MAX);
	snprintf(at, sizeof(at), "%s/stream_ids", subject->prefix);
	if (cell->num_stream_ids && !subject->is_root)
		compiler_warn(subject->compiler, at, "stream-ids-not-supported", "Leave them out for this hypervisor.",
			      "The hypervisor drives no SMMU yet: it will refuse to create a cell with stream ids.");
}

static void check_flags(const struct subject *subject)
{
	if (subject->view->cell.flags & JH_CELL_AARCH32 && !subject->result->boot.wanted)
		compiler_refuse(subject->compiler, "/flags", "aarch32", "Take \"aarch32\" out, and load 64-bit code.",
				"The cell wants to start in AArch32; cells start in AArch64.");
}

static void check_irqchips(const struct subject *subject)
{
	char at[128];

	for (uint32_t i = 0; i < subject->view->cell.num_irqchips; i++) {
		uint32_t first = view_irqchip(subject->view, i).pin_base;
		bool shared = first >= FIRST_SPI && first <= LAST_CHIP;
		bool extended = first >= EXTENDED_FIRST && first <= EXTENDED_LAST_CHIP;

		subject_pointer(at, subject, "irqchips", i);
		if (first % 32 || !(shared || extended))
			compiler_refuse(subject->compiler, at, "irqchip-first-intid",
					"Write a multiple of 32 from 32 to 896, or name INTIDs in \"interrupts\".",
					"\"first_intid\" is %" PRIu32 ", where no 128 shared interrupts begin.", first);
	}
}

/* Pointers of problems so far that lead into a region. */
static void note_broken(const struct subject *subject)
{
	const struct definition_problems *problems = subject->compiler->problems;
	char start[32];
	size_t length = (size_t)snprintf(start, sizeof(start), "%s/memory/", subject->prefix);

	for (size_t i = 0; i < problems->count; i++) {
		unsigned long index;
		char *end;

		if (strncmp(problems->items[i].pointer, start, length) != 0)
			continue;
		index = strtoul(problems->items[i].pointer + length, &end, 10);
		if (!problems->items[i].warning && index < subject->result->num_regions)
			subject->broken[index] = true;
	}
}

static void check_all(const struct subject *subject)
{
	check_name(subject);
	check_cpus(subject);
	check_flags(subject);
	check_limits(subject);
	check_irqchips(subject);
	check_guest_memory(subject);
	check_subpages(subject);
	check_claims(subject);
	check_entry(subject);
	check_devices(subject);
	check_streams(subject);
	check_links(subject);
	check_console(subject);
}

void check_cell(struct compiler *compiler, const struct definition_board *board, struct definition_result *result,
		const char *prefix, const uint8_t *bytes, size_t size)
{
	struct subject subject = {
		.compiler = compiler, .board = board, .result = result, .prefix = prefix, .is_root = *prefix
	};
	struct view view = { 0 };

	if (compiler->no_memory || view_open_cell(&view, bytes, size) != 0)
		return;
	subject.view = &view;
	result->console = neighbour_console(&view.cell);
	if (neighbour_links(&view, &result->links, &result->num_links) != 0)
		compiler->no_memory = true;
	if (!board || compiler->unchecked || compiler->no_memory)
		return;
	subject.broken = calloc(result->num_regions + 1, sizeof(*subject.broken));
	if (!subject.broken) {
		compiler->no_memory = true;
		return;
	}
	note_broken(&subject);
	check_all(&subject);
	free(subject.broken);
}
