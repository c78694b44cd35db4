/* SPDX-License-Identifier: MIT */
/* One table per binary record, read in both directions: JSON to bytes, bytes to JSON. */
#ifndef DEFINITION_RECORD_H
#define DEFINITION_RECORD_H

#include <cjson/cJSON.h>
#include "definition.h"

struct word {
	const char *name;
	uint64_t value;
};

enum field_kind {
	FIELD_NUMBER,
	FIELD_BOOL, /* or a number, as it is a whole byte */
	FIELD_PLACE, /* a number or "auto", which leaves it 0 */
	FIELD_ENUM,
	FIELD_FLAGS,
	FIELD_BDF,
};

struct field {
	const char *key;
	size_t offset;
	unsigned width;	       /* bytes of one number */
	unsigned count;	       /* above 1: an array, shorter ones are filled up with 0 */
	enum field_kind kind;
	const struct word *words; /* FIELD_ENUM, FIELD_FLAGS; ends with a NULL name */
};

struct record {
	const struct field *fields; /* ends with a NULL key */
	size_t size;
	const char *const *others; /* keys that somebody else reads; ends with NULL, may be NULL */
};

extern const struct record record_memory, record_irqchip, record_pci_device, record_pci_cap, record_console,
	record_emulated, record_cell, record_system, record_iommu, record_cache, record_pio, record_stream_id,
	record_image, record_range, record_intids, record_interrupt, record_device, record_linux,
	record_restart, record_watchdog;

/* Every kind of object of the format, by its name in the schema. Ends with a NULL name. */
struct object {
	const char *name;
	const struct record *record;
};
extern const struct object objects[];

struct scan;

struct compiler {
	struct definition_problems *problems;
	bool no_memory;
	bool unchecked; /* nothing is judged but whether it can be written */
};

/* An error: nothing comes of the definition. A warning stands beside a result. Both may go on. */
__attribute__((format(printf, 5, 6))) void compiler_refuse(struct compiler *compiler, const char *pointer,
							   const char *code, const char *remedy,
							   const char *format, ...);
__attribute__((format(printf, 5, 6))) void compiler_warn(struct compiler *compiler, const char *pointer,
							 const char *code, const char *remedy, const char *format,
							 ...);
/* pointer = base/key, with the escapes of RFC 6901; cut at its end when it is too long. */
void pointer_append(char pointer[128], const char *base, const char *key);
/* Sorts the problems by their places in the text and gives each its line and column. */
void problems_settle(struct compiler *compiler, const struct scan *scan);
/* *scan must be freed, whatever is returned. */
cJSON *document_parse(struct compiler *compiler, struct scan *scan, const char *text, size_t length);

bool is_word(const cJSON *json, const char *word);
bool number_read(struct compiler *compiler, const cJSON *json, const char *pointer, uint64_t max,
		 uint64_t *value);
/* Keys that are neither the record's nor of its `others` are refused. */
void record_compile(struct compiler *compiler, const struct record *record, const cJSON *json,
		    const char *pointer, uint8_t *bytes);
/* Fields that are 0 are left out. NULL without memory. */
cJSON *record_decompile(const struct record *record, const uint8_t *bytes);

uint64_t bytes_get(const uint8_t *bytes, unsigned width);
void bytes_put(uint8_t *bytes, unsigned width, uint64_t value);

#endif
