/* SPDX-License-Identifier: MIT */
/* The binary of one definition while it is made. */
#ifndef DEFINITION_BUILD_H
#define DEFINITION_BUILD_H

#include <jailhouse/config.h>
#include "record.h"

#define BUILD_CPU_SET_MAX 512 /* bytes */
#define BUILD_CPU_SET_DEFAULT 8

/* The PL011 that the hypervisor emulates for the cell. */
struct build_uart {
	bool wanted, automatic_address, automatic_intid;
	uint64_t address;
	uint32_t intid; /* 0: none */
};

struct devices;

struct build {
	struct compiler compiler;
	const struct definition_board *board; /* NULL: nothing is checked */
	struct definition_result *result;
	bool is_root;
	const char *prefix; /* "" or "/root" */
	struct build_uart uart;
	struct devices *devices;
	uint64_t guest_next; /* where a region without an address goes */
	uint8_t *bytes;
	size_t size;
};

/* Zeroed; NULL without memory, which is remembered. Valid until the next call. */
uint8_t *build_append(struct build *build, size_t size);
/* JSON pointer of a member of the cell, or of an element of it (index from 0; -1: the member itself). */
void build_pointer(char pointer[128], const struct build *build, const char *key, int index);
/* Elements of a list; 0 and a problem when it is none. */
int build_list_size(struct build *build, const cJSON *json, const char *key);
unsigned build_list(struct build *build, const cJSON *json, const char *key, const struct record *record);

/* As definition_compile_system(), and *board is filled in although nothing is judged. */
int compile_unchecked_system(const char *text, size_t length, struct definition_board *board,
			     struct definition_result *result);
void system_compile(struct build *build, const cJSON *json, struct definition_board *board);
void cell_compile(struct build *build, const cJSON *json);
/* One more region behind those that there are: 1, or 0 without memory. */
unsigned memory_append(struct build *build, const struct jh_memory *region);
/* Number of records that were appended. */
unsigned memory_compile(struct build *build, const cJSON *json);
unsigned interrupts_compile(struct build *build, const cJSON *json);
unsigned streams_compile(struct build *build, const cJSON *json);
void images_compile(struct build *build, const cJSON *json);
/* Puts a list in the place of a chip's "bitmap" where that is easier to read. */
void interrupts_decompile(const struct jh_irqchip *chip, cJSON *json);

/* In this order: what is wished; after the cell's other interrupts, the INTID to add to them (0: none); after its memory, the rest. */
void console_compile(struct build *build, const cJSON *json, struct jh_cell_desc *desc);
uint32_t console_interrupt(struct build *build);
void console_settle(struct build *build, struct jh_cell_desc *desc);

/* Before the memory, whose place it changes; and after memory and console. */
void linux_begin(struct build *build, const cJSON *json);
void linux_compile(struct build *build, const cJSON *json, struct jh_cell_desc *desc);
void linux_check_board(struct build *build);

/* "restart", "watchdog", "after", into the result. After the name is known. */
void policy_compile(struct build *build, const cJSON *json);

/* has_interrupt: its INTID, if any, is among the cell's. */
cJSON *console_decompile(const struct jh_console_desc *desc, uint32_t cell_flags, bool has_interrupt);

#endif
