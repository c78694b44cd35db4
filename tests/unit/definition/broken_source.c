// SPDX-License-Identifier: MIT
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "broken_source.h"
#include "shipped.h"

#define BINARY_MAX 0x20000

struct binary {
	uint8_t bytes[BINARY_MAX];
	size_t size;
};

static void write_hex(uint8_t *at, const char *hex)
{
	unsigned byte;

	for (; sscanf(hex, "%2x", &byte) == 1; hex += 2)
		*at++ = (uint8_t)byte;
}

static void edit(struct binary *binary, const char *word)
{
	size_t number = strtoul(word + (*word == '-'), NULL, 0), bytes;
	const char *hex = *word == '+' ? word + 1 : strchr(word, '=') + 1;

	if (*word == '-') {
		assert_true(number < binary->size);
		binary->size -= number;
		return;
	}
	bytes = strlen(hex) / 2;
	if (*word == '+') {
		number = binary->size;
		binary->size += bytes;
	}
	assert_true(number + bytes <= binary->size && binary->size <= BINARY_MAX);
	write_hex(binary->bytes + number, hex);
}

static void compile(const char *file, struct binary *binary)
{
	char path[256];
	struct definition_result result;
	char *text;

	snprintf(path, sizeof(path), "boards/%.200s", file);
	text = shipped_text(path);
	assert_int_equal(strstr(file, "system.json") ? definition_compile_system(text, strlen(text), NULL, &result) :
						       definition_compile_cell(text, strlen(text), NULL, &result),
			 0);
	memcpy(binary->bytes, result.blob, result.size);
	binary->size = result.size;
	definition_result_free(&result);
	free(text);
}

void broken_binary(const char *line, struct definition_problems *problems)
{
	struct binary *binary = calloc(1, sizeof(*binary));
	char words[512], *rest = words, *word;

	snprintf(words, sizeof(words), "%s", line);
	compile(strtok_r(rest, " ", &rest), binary);
	while ((word = strtok_r(rest, " ", &rest)))
		edit(binary, word);
	assert_int_equal(definition_decompile(binary->bytes, binary->size, &word, problems), -EINVAL);
	free(binary);
}

struct tree_file broken_tree(const char *name)
{
	char path[512];
	struct tree_file file;

	snprintf(path, sizeof(path), TREES "/%.100s.dtb", name);
	file = tree_file_read(path);
	assert_true(file.size > 0);
	return file;
}

void broken_board(const char *line, struct definition_problems *problems)
{
	size_t length = strcspn(line, " ");
	bool is_none = strcmp(line, "none") == 0;
	char name[64], *text;
	struct definition_machine machine = { .iomem = line[length] ? line + length + 1 : NULL };
	struct tree_file tree = { 0 };
	int err;

	snprintf(name, sizeof(name), "%.*s", (int)length, line);
	if (!is_none)
		tree = broken_tree(name);
	machine.device_tree = tree.bytes;
	machine.device_tree_size = tree.size;
	err = definition_create(&machine, &text, problems);
	assert_int_equal(err, problems->errors ? -EINVAL : 0);
	free(text);
	free(tree.bytes);
}
