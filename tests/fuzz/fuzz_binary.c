// SPDX-License-Identifier: MIT
/*
 * Any bytes as a configuration binary, and binaries that were bent: what can be decompiled compiles to the same bytes, and is explained and checked.
 * Nothing may take more than 16 MiB.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <definition.h>
#include <explain.h>
#include <jailhouse/config.h>
#include <together.h>

#include "memory_limit.h"

#define PROMISE(condition) ((condition) ? (void)0 : abort())

struct cell {
	struct jh_cell_desc desc;
	uint64_t cpus;
	struct jh_memory memory[4];
	struct jh_irqchip chip;
	struct jh_pci_device device;
	struct jh_pci_cap capability;
	uint32_t stream;
} __attribute__((packed));

#define CELL(head, system)                                                                                             \
	{                                                                                                              \
		.desc = { .signature = head,                                                              \
			  .architecture = JH_CONFIG_ARCH_ARM64 * !(system),                               \
			  .revision = JH_CONFIG_REVISION * !(system),                                     \
			  .name = "good",                                                                 \
			  .cpu_set_size = 8,                                                              \
			  .num_memory_regions = 4,                                                        \
			  .num_irqchips = 1,                                                              \
			  .num_pci_devices = 1,                                                           \
			  .num_pci_caps = 1,                                                              \
			  .num_stream_ids = 1 },                                                                       \
		.cpus = 6,                                                                                             \
		.memory = { { 0x80000000, 0, 0x200000, JH_MEM_READ | JH_MEM_EXECUTE | JH_MEM_LOADABLE },               \
			    { 0, 0x80000000, 0x1000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_COMM_REGION },                \
			    { 0x98000000, 0x98000000, 0x1000, JH_MEM_READ | JH_MEM_ROOTSHARED },                       \
			    { 0x09000000, 0x09000000, 0x1000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO } },              \
		.chip = { 0x08000000, 0, 32, { 2 } },                                                     \
		.device = { .type = JH_PCI_IVSHMEM, .bdf = 8, .shmem_peers = 2 },                         \
	}

static const struct cell good_cell = CELL("JHCLL", false);
static const struct {
	uint8_t head[sizeof(struct jh_system_desc) - sizeof(struct jh_cell_desc)];
	struct cell root;
} __attribute__((packed)) good_system = { .root = CELL("", true) };

/* Three bytes each name a place and what to put there: a byte, or a word that means an address, a size, a count, a flag. */
static void bend(uint8_t *bytes, size_t size, const uint8_t *at, const uint8_t *end)
{
	static const uint64_t values[] = { 0,
					   1,
					   2,
					   0x1000,
					   0x200000,
					   0x80000000,
					   0xffffffff,
					   1ull << 40,
					   0x9000000,
					   0xffffffffffffffff,
					   0xfffffffffffff000,
					   0x20,
					   0x40,
					   0x80,
					   0x40000000,
					   0x100,
					   1020,
					   8,
					   16,
					   3,
					   0x010b };

	for (; end - at >= 3; at += 3) {
		size_t place = (size_t)(at[0] << 8 | at[1]) % (size - 8);
		uint64_t value = values[at[2] % (sizeof(values) / sizeof(values[0]))];

		memcpy(bytes + place, &value, at[2] & 128 ? 8 : at[2] & 64 ? 4 : 1);
	}
}

static size_t blob_of(const uint8_t *data, size_t size, uint8_t *blob)
{
	size_t used = data[0] & 2 ? sizeof(good_system) : sizeof(good_cell);
	uint16_t revision = JH_CONFIG_REVISION;

	if (data[0] & 1) {
		memcpy(blob, data + 1, size - 1);
		return size - 1;
	}
	memcpy(blob, data[0] & 2 ? (const void *)&good_system : &good_cell, used);
	if (data[0] & 2) {
		memcpy(blob, JH_SYSTEM_SIGNATURE, JH_SIGNATURE_LEN);
		blob[5] = JH_CONFIG_ARCH_ARM64;
		memcpy(blob + 6, &revision, 2);
		blob[offsetof(struct jh_system_desc, hypervisor_memory) + 18] = 1;
	}
	bend(blob, used, data + 1, data + size);
	return used;
}

static void come_back(const uint8_t *blob, size_t size, const char *text)
{
	bool is_system = definition_is_system(text, strlen(text));
	struct definition_words words = { text, strlen(text), true };
	struct definition_board nothing = { 0 };
	struct definition_problems problems;
	struct definition_result again;
	char *told;

	PROMISE((is_system ? definition_compile_system(text, words.length, NULL, &again) :
			     definition_compile_cell(text, words.length, NULL, &again)) == 0);
	PROMISE(again.size == size && memcmp(again.blob, blob, size) == 0);
	definition_result_free(&again);
	if (is_system)
		definition_compile_system(text, words.length, &nothing, &again);
	else
		definition_compile_cell(text, words.length, &nothing, &again);
	definition_result_free(&again);
	PROMISE(definition_explain(words, NULL, &told, &problems) == 0 && *told);
	definition_problems_free(&problems);
	free(told);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct definition_neighbour neighbour;
	struct definition_problems problems;
	uint8_t *blob = malloc(size + sizeof(good_system) + 1);
	size_t length = size ? blob_of(data, size, blob) : 0;
	char *text;
	int err;

	memory_limit_begin(16u << 20);
	err = definition_decompile(blob, length, &text, &problems);
	PROMISE(!err == !!text && (err ? problems.errors > 0 : 1));
	if (!err)
		come_back(blob, length, text);
	definition_problems_free(&problems);
	free(text);
	if (definition_neighbour_read(blob, length, &neighbour) == 0)
		definition_neighbour_free(&neighbour);
	memory_limit_end();
	free(blob);
	return 0;
}
