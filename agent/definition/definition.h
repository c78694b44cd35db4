/* SPDX-License-Identifier: MIT */
/*
 * Cell and system definitions: JSON that people write, and the binary that the hypervisor reads.
 * A library without I/O and without global state: every function may be called from any thread.
 * docs/definitions.md describes the format.
 */
#ifndef DEFINITION_H
#define DEFINITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "policy.h"

#define DEFINITION_TEXT_MAX (1u << 20)

struct definition_problem {
	char code[40]; /* stable, kebab-case */
	char pointer[128]; /* JSON pointer of the field; "" = the document */
	char text[256]; /* one sentence with the values */
	char remedy[160];
	bool warning; /* it can be lived with */
	unsigned line, column; /* from 1, column in bytes; 0 when there is no text */
	unsigned length; /* bytes from there on that are meant, all on that line */
};

/* In the order of the text. */
struct definition_problems {
	struct definition_problem *items;
	size_t count; /* of items; there may have been more */
	size_t errors; /* not warnings */
};

struct definition_range {
	uint64_t start, size;
};

struct definition_region {
	uint64_t physical, guest, size, flags; /* JH_MEM_* */
	bool automatic; /* the compiler chose `physical` */
};

#define DEFINITION_INTERRUPT_WORDS 32 /* bit n of word w: INTID 32 * w + n */

/* One end of an ivshmem link: ends with the same bdf in different cells meet. */
struct definition_link {
	uint16_t bdf, protocol;
	uint8_t peer_id, peers;
	uint64_t physical; /* of the state table, which begins the shared memory */
	uint64_t state_size, common_size, output_size;
};

/* What a created cell has. definition_neighbour_free() what definition_neighbour_read() filled. */
struct definition_neighbour {
	char name[32];
	uint64_t cpus; /* bit n: CPU n */
	uint32_t interrupts[DEFINITION_INTERRUPT_WORDS];
	struct definition_region *regions;
	size_t num_regions;
	struct definition_link *links;
	size_t num_links;
	uint32_t *streams; /* stream ids of its DMA masters, as the binary has them */
	size_t num_streams;
	uint64_t console; /* physical address of its UART; 0 = it has none, or an emulated one */
};

/* What the hypervisor keeps to itself on the board. */
struct definition_device {
	const char *name; /* "the interrupt distributor"; static */
	uint64_t start, size;
};

#define DEFINITION_DEVICES_MAX 16

/* What a definition must fit into. The lists are the caller's. */
struct definition_board {
	/* of the system definition */
	struct definition_range pool; /* "physical": "auto" is placed here; size 0 = no pool */
	struct definition_range hypervisor; /* size 0 = unknown */
	uint64_t gicd_base;
	uint64_t cpus; /* bit n: CPU n; 0 = unknown */
	const struct definition_region *memory; /* of the root cell; part of the system definition's result */
	size_t num_memory; /* 0 = unknown */
	uint32_t interrupts[DEFINITION_INTERRUPT_WORDS];
	uint32_t virtual_intids[DEFINITION_INTERRUPT_WORDS]; /* no wire drives them: for emulated devices */
	struct definition_device devices[DEFINITION_DEVICES_MAX];
	size_t num_devices;
	const struct definition_link *links; /* of the root cell; part of the system definition's result */
	size_t num_links;
	uint64_t console; /* address of the debug console; 0 = none */
	unsigned notify_intid; /* 0 = none */
	/* of the moment */
	const void *device_tree; /* flattened; NULL = unknown, "devices" cannot be named */
	size_t device_tree_size;
	const struct definition_neighbour *neighbours; /* created cells: nothing of theirs may be taken */
	size_t num_neighbours;
	const struct definition_range *reserved; /* memory that automatic placement takes last */
	size_t num_reserved;
	const struct definition_range *earlier; /* where the automatic regions were before, in their order */
	size_t num_earlier;
	bool unchecked; /* nothing is judged but whether the binary can be written */
};

struct definition_image {
	char name[128];
	uint64_t address; /* guest */
	uint64_t limit; /* bytes from address to the end of its region */
};

/* A Linux that the cell boots: names of images, and the kernel's arguments. */
struct definition_linux {
	bool wanted;
	char kernel[128], initrd[128]; /* initrd "": none */
	char command_line[2048]; /* COMMAND_LINE_SIZE of the kernel on arm64 */
};

/* Everything in it belongs to it; definition_result_free(), whatever the compiler returned. */
struct definition_result {
	char name[32];
	void *blob; /* NULL when refused */
	size_t size;
	uint64_t cpus;
	uint32_t interrupts[DEFINITION_INTERRUPT_WORDS];
	struct definition_region *regions;
	size_t num_regions;
	struct definition_image *images;
	size_t num_images;
	struct definition_linux boot;
	struct definition_policy policy;
	struct definition_link *links;
	size_t num_links;
	uint64_t console; /* physical address of its UART; 0 = it has none, or an emulated one */
	struct definition_problems problems;
};

/*
 * 0, -EINVAL (result->problems says all of what is wrong), or -ENOMEM. result->problems has warnings too, whatever is returned.
 * Without a board nothing is judged but whether the binary can be written; a board of which nothing is known (all zero) has the cell
 * judged by itself.
 */
int definition_compile_cell(const char *text, size_t length, const struct definition_board *board,
			    struct definition_result *result);
/* *board receives what cells need, nothing of the moment; its memory belongs to *result. NULL: as for a cell without board. */
int definition_compile_system(const char *text, size_t length, struct definition_board *board,
			      struct definition_result *result);
/*
 * Of either kind; the text compiles to the same bytes. *text is free()d by the caller, *problems by definition_problems_free().
 * -EINVAL: *problems says what the format cannot keep, or why it is no such binary.
 */
int definition_decompile(const void *blob, size_t size, char **text, struct definition_problems *problems);
void definition_problems_free(struct definition_problems *problems);
/* A running board, or what is known of one. */
struct definition_machine {
	const void *device_tree; /* flattened */
	size_t device_tree_size;
	const char *iomem; /* text of /proc/iomem; NULL = not known */
	uint64_t cpus; /* bit n: CPU n; 0 = those of the device tree */
	/* What a person says; size 0 = what the device tree reserves by the names that docs/definitions.md has, or nothing. */
	struct definition_range hypervisor, pool;
	struct definition_range spare_intids; /* interrupts that no wire drives */
};

/*
 * A system definition of it: root gets everything but what is set aside. Results as those of definition_decompile(); *problems may have
 * warnings beside a text.
 */
int definition_create(const struct definition_machine *machine, char **text, struct definition_problems *problems);
/* JSON Schema of both kinds of definition, as text. Static. */
const char *definition_schema(void);
/* The resources in a cell's binary. -EINVAL: not such a binary. */
int definition_neighbour_read(const void *blob, size_t size, struct definition_neighbour *neighbour);
void definition_neighbour_free(struct definition_neighbour *neighbour);
void definition_result_free(struct definition_result *result);

#endif
