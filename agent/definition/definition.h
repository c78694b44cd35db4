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

#define DEFINITION_TEXT_MAX (1u << 20)

struct definition_problem {
	char code[40];	   /* stable, kebab-case */
	char pointer[128]; /* JSON pointer of the field; "" = the document */
	char text[256];	   /* one sentence with the values */
	char remedy[160];
	unsigned line, column; /* from 1; 0 when there is no text */
};

struct definition_problems {
	struct definition_problem *items;
	size_t count;
};

struct definition_range {
	uint64_t start, size;
};

/* What the system definition says to cells. */
struct definition_board {
	struct definition_range pool;	    /* "memory": "auto" is placed here; size 0 = no pool */
	struct definition_range hypervisor; /* size 0 = unknown */
	uint64_t gicd_base;
	uint64_t cpus;			      /* bit n: CPU n; 0 = unknown */
	const struct definition_range *taken; /* memory of the other cells; the caller's */
	size_t num_taken;
};

struct definition_region {
	uint64_t physical, guest, size, flags; /* JH_MEM_* */
};

struct definition_image {
	char name[128];
	uint64_t address; /* guest */
	uint64_t limit;	  /* bytes from address to the end of its region */
};

/* Everything in it belongs to it; definition_result_free(), whatever the compiler returned. */
struct definition_result {
	char name[32];
	void *blob; /* NULL when refused */
	size_t size;
	uint64_t cpus;
	struct definition_region *regions;
	size_t num_regions;
	struct definition_image *images;
	size_t num_images;
	struct definition_problems problems;
};

/* 0, -EINVAL (result->problems says all of what is wrong), or -ENOMEM. */
int definition_compile_cell(const char *text, size_t length, const struct definition_board *board,
			    struct definition_result *result);
/* *board (may be NULL) receives what cells need; its taken list is empty. */
int definition_compile_system(const char *text, size_t length, struct definition_board *board,
			      struct definition_result *result);
/*
 * Of either kind. *text is free()d by the caller. -EINVAL: not such a binary. Bytes that the format does not
 * use (behind the name, the root cell's own signature) are not kept.
 */
int definition_decompile(const void *blob, size_t size, char **text);
void definition_result_free(struct definition_result *result);

#endif
