// SPDX-License-Identifier: MIT
/* "pci_devices", and what the ends of one ivshmem link say about it in different cells. */
#include <inttypes.h>
#include <stdio.h>
#include "check.h"
#include "words.h"

#define FIRST_SPI 32u
#define VIRTIO_FRONT 0x8000u /* + the virtio device's id; its back-end has 0xc000 + the same */
#define VIRTIO_SIDE 0x4000u

static void check_ivshmem_shape(const struct subject *subject, const struct jh_pci_device *device, const char *at)
{
	uint32_t regions = subject->view->cell.num_memory_regions;

	if ((uint64_t)device->shmem_regions_start + 2 + device->shmem_peers > regions)
		compiler_refuse(subject->compiler, at, "ivshmem-regions",
				"List state table, common section and an output section for each peer in \"memory\".",
				"The link takes %u memory regions from number %" PRIu32 " on, but there are %" PRIu32 ".",
				2u + device->shmem_peers, device->shmem_regions_start, regions);
	if (device->num_msix_vectors > JH_IVSHMEM_MAX_VECTORS || device->shmem_dev_id >= JH_IVSHMEM_MAX_PEERS)
		compiler_refuse(
			subject->compiler, at, "ivshmem-limits", "Take at most 16 vectors and a \"peer_id\" up to 11.",
			"The link has %u vectors and \"peer_id\" %u.", device->num_msix_vectors, device->shmem_dev_id);
}

void check_devices(const struct subject *subject)
{
	uint32_t capabilities = subject->view->cell.num_pci_caps;
	char at[128];

	for (uint32_t i = 0; i < subject->view->cell.num_pci_devices; i++) {
		struct jh_pci_device device = view_device(subject->view, i);

		subject_pointer(at, subject, "pci_devices", i);
		if (device.type < JH_PCI_DEVICE || device.type > JH_PCI_IVSHMEM)
			compiler_refuse(subject->compiler, at, "pci-type", "Write \"type\": \"device\", \"bridge\" or \"ivshmem\".",
					"The device has the type %u, which means nothing.", device.type);
		if ((uint32_t)device.caps_start + device.num_caps > capabilities)
			compiler_refuse(subject->compiler, at, "pci-capabilities",
					"List them in \"pci_caps\", or correct \"caps_start\" and \"caps_count\".",
					"The device uses %u capabilities from number %u on, but there are %" PRIu32 ".",
					device.num_caps, device.caps_start, capabilities);
		else if (device.type != JH_PCI_IVSHMEM)
			compiler_refuse(subject->compiler, at, "pci-not-supported", "Leave it out; only \"ivshmem\" is possible.",
					"The device is a physical one: nothing would keep it from all memory by DMA.");
		if (device.type == JH_PCI_IVSHMEM)
			check_ivshmem_shape(subject, &device, at);
	}
}

/* Its INTx: pin A to D by the device's number. */
static void check_interrupt_of(const struct subject *subject, const struct jh_pci_device *device, const char *at)
{
	uint64_t intid = (uint64_t)subject->view->cell.vpci_irq_base + FIRST_SPI + (device->bdf >> 3 & 3);
	char bdf[16];

	if (device->num_msix_vectors || intid >= 32 * DEFINITION_INTERRUPT_WORDS ||
	    subject->result->interrupts[intid / 32] >> (intid % 32) & 1)
		return;
	compiler_warn(subject->compiler, at, "ivshmem-no-interrupt", "Add that INTID to \"interrupts\", or correct \"vpci_irq_base\".",
		      "Device %s rings by interrupt %" PRIu64 " (SPI %" PRIu64 "), which the cell does not have.",
		      words_bdf(bdf, sizeof(bdf), device->bdf), intid, intid - FIRST_SPI);
}

/* Only the peer whose section it is may write it. */
static void check_sections(const struct subject *subject, const struct jh_pci_device *device)
{
	uint64_t first = device->shmem_regions_start;
	char at[128], bdf[16];

	words_bdf(bdf, sizeof(bdf), device->bdf);
	for (uint64_t peer = 0; peer < device->shmem_peers && first + 2 + peer < subject->result->num_regions; peer++) {
		const struct definition_region *region = &subject->result->regions[first + 2 + peer];
		bool own = peer == device->shmem_dev_id;

		if (!region->size || own == !!(region->flags & JH_MEM_WRITE))
			continue;
		subject_pointer(at, subject, "memory", (size_t)(first + 2 + peer));
		compiler_warn(subject->compiler, at, "ivshmem-section-rights",
			      own ? "Add \"write\" to its flags." : "Take \"write\" out of its flags.",
			      own ? "Region %" PRIu64 " is the section that peer %" PRIu64
				    " of device %s sends by, and is read-only." :
				    "Region %" PRIu64 " is the section of peer %" PRIu64
				    " of device %s, and this peer can write it.",
			      first + 2 + peer, peer, bdf);
	}
}

static void check_shared(const struct subject *subject, const struct jh_pci_device *device)
{
	uint64_t first = device->shmem_regions_start;
	char at[128], bdf[16];

	for (uint64_t i = first; i < first + 2 + device->shmem_peers && i < subject->result->num_regions; i++) {
		const struct definition_region *region = &subject->result->regions[i];

		if (!region->size || region->flags & JH_MEM_ROOTSHARED)
			continue;
		subject_pointer(at, subject, "memory", (size_t)i);
		compiler_warn(subject->compiler, at, "ivshmem-not-shared", "Add \"root-shared\" to its flags.",
			      "Region %" PRIu64
			      " of link %s is taken from root when the cell is created: nobody shares it.",
			      i, words_bdf(bdf, sizeof(bdf), device->bdf));
	}
}

/* The other end. */
struct other {
	const char *name; /* with quotes: cell "a", the root cell */
	const struct definition_link *link;
};

static bool is_virtio_pair(unsigned a, unsigned b)
{
	return (a ^ b) == VIRTIO_SIDE && a >= VIRTIO_FRONT && b >= VIRTIO_FRONT;
}

static void compare_numbers(const struct subject *subject, const struct definition_link *link,
			    const struct other *other, const char *at, const char *bdf)
{
	if (link->peer_id == other->link->peer_id)
		compiler_refuse(
			subject->compiler, at, "ivshmem-peer-twice", "Give it a \"peer_id\" that no other cell has.",
			"On link %s this cell is peer %u, and %s is that too.", bdf, link->peer_id, other->name);
	if (link->peers != other->link->peers)
		compiler_warn(subject->compiler, at, "ivshmem-peers-differ",
			      "Write the same \"peers\" in all cells of the link.",
			      "Link %s: \"peers\" is %u here and %u for %s.", bdf, link->peers, other->link->peers,
			      other->name);
	if (link->protocol != other->link->protocol && !is_virtio_pair(link->protocol, other->link->protocol))
		compiler_warn(
			subject->compiler, at, "ivshmem-protocol-differs",
			"Write the same \"protocol\" on both sides; only virtio has two, 0x8000 and 0xc000 + its id.",
			"Link %s speaks protocol 0x%x here and 0x%x for %s.", bdf, link->protocol,
			other->link->protocol, other->name);
}

static void compare_memory(const struct subject *subject, const struct definition_link *link, const struct other *other,
			   const char *at, const char *bdf)
{
	if (link->physical != other->link->physical)
		compiler_warn(subject->compiler, at, "ivshmem-memory-differs", "Write the same \"physical\" addresses in both cells.",
			      "Link %s is at physical 0x%" PRIx64 " here and at 0x%" PRIx64
			      " for %s: they ring each other's bell and share nothing.",
			      bdf, link->physical, other->link->physical, other->name);
	else if (link->state_size != other->link->state_size || link->common_size != other->link->common_size ||
		 link->output_size != other->link->output_size)
		compiler_warn(subject->compiler, at, "ivshmem-sections-differ", "Write the same sizes in both cells.",
			      "Link %s has sections of 0x%" PRIx64 ", 0x%" PRIx64 ", 0x%" PRIx64
			      " bytes here and 0x%" PRIx64 ", 0x%" PRIx64 ", 0x%" PRIx64 " for %s.",
			      bdf, link->state_size, link->common_size, link->output_size, other->link->state_size,
			      other->link->common_size, other->link->output_size, other->name);
}

static void compare(const struct subject *subject, const struct definition_link *link, const char *at, const char *name,
		    const struct definition_link *links, size_t count)
{
	char bdf[16];

	words_bdf(bdf, sizeof(bdf), link->bdf);
	for (size_t i = 0; i < count; i++) {
		struct other other = { name, &links[i] };

		if (links[i].bdf != link->bdf)
			continue;
		compare_numbers(subject, link, &other, at, bdf);
		compare_memory(subject, link, &other, at, bdf);
	}
}

static void compare_all(const struct subject *subject, const struct definition_link *link, const char *at)
{
	const struct definition_board *board = subject->board;
	char name[48];

	compare(subject, link, at, "the root cell", board->links, board->num_links);
	for (size_t i = 0; i < board->num_neighbours; i++) {
		snprintf(name, sizeof(name), "cell \"%s\"", board->neighbours[i].name);
		compare(subject, link, at, name, board->neighbours[i].links, board->neighbours[i].num_links);
	}
}

void check_links(const struct subject *subject)
{
	size_t nth = 0;
	char at[128];

	for (uint32_t i = 0; i < subject->view->cell.num_pci_devices; i++) {
		struct jh_pci_device device = view_device(subject->view, i);

		if (device.type != JH_PCI_IVSHMEM)
			continue;
		subject_pointer(at, subject, "pci_devices", i);
		if (subject_is_refused(subject, at)) {
			nth++;
			continue;
		}
		check_interrupt_of(subject, &device, at);
		check_sections(subject, &device);
		if (device.shmem_dev_id >= device.shmem_peers)
			compiler_warn(subject->compiler, at, "ivshmem-peer-beyond",
				      "Write in \"peers\" how many the link has.",
				      "\"peer_id\" %u is none of the link's %u peers, who count from 0.",
				      device.shmem_dev_id, device.shmem_peers);
		if (!subject->is_root) {
			check_shared(subject, &device);
			compare_all(subject, &subject->result->links[nth], at);
		}
		nth++;
	}
}
