// SPDX-License-Identifier: MIT
/* Binary to JSON and back: what ships, what a generator makes of every field, and bytes that were damaged. The same ones at every run. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jailhouse/config.h>
#include "shipped.h"

#define GENERATED 12000
#define DAMAGED 6000

static uint64_t random_state;

/* xorshift64*: good enough to reach every field, and the same everywhere. */
static uint64_t random_bits(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1dull;
}

static uint32_t below(uint32_t limit)
{
	return (uint32_t)((random_bits() >> 32) % limit);
}

/* Mostly what people write, sometimes any value. */
static uint64_t some(unsigned bits)
{
	uint64_t value = random_bits();

	switch (below(4)) {
	case 0:
		return 0;
	case 1:
		return value & 15;
	case 2:
		return bits < 64 ? value & ((1ull << bits) - 1) : value;
	default:
		return bits < 64 ? (value & ((1ull << bits) - 1)) >> below(bits) : value >> below(64);
	}
}

struct blob {
	uint8_t bytes[JH_CONFIG_MAX_SIZE];
	size_t size;
};

static void append(struct blob *blob, const void *record, size_t size)
{
	memcpy(blob->bytes + blob->size, record, size);
	blob->size += size;
}

static struct jh_console_desc some_console(bool may_be_emulated)
{
	struct jh_console_desc console = { 0 };

	if (below(3) == 0)
		return console;
	console = (struct jh_console_desc){ .address = some(64), .size = (uint32_t)some(32), .type = (uint16_t)some(16),
					    .flags = (uint16_t)(some(16) & ~(uint64_t)JH_CON_EMULATED),
					    .divider = (uint32_t)some(32), .gate_nr = (uint32_t)some(32),
					    .clock_reg = some(64) };
	if (may_be_emulated && below(3) == 0)
		console = (struct jh_console_desc){ .address = 0xff0000000000ull + 0x1000 * below(256),
						    .type = JH_CON_TYPE_PL011,
						    .flags = JH_CON_MMIO | JH_CON_REGDIST_4 | JH_CON_EMULATED,
						    .gate_nr = below(2) ? 32 + below(900) : 0 };
	return console;
}

static void some_name(char name[JH_CELL_NAME_LEN])
{
	static const char *const parts[] = { "rtos", "-", "\"", "\\", "ü", "细胞", " ", "0", "\x01", "🦀" };
	uint32_t count = 1 + below(6);

	memset(name, 0, JH_CELL_NAME_LEN);
	while (count--) /* at most 36 bytes, of which the last part may not fit */
		if (strlen(name) < JH_CELL_NAME_LEN - 6)
			strcat(name, parts[below(10)]);
}

static void append_regions(struct blob *blob, uint32_t count)
{
	uint64_t guest = 0;

	for (uint32_t i = 0; i < count; i++) {
		struct jh_memory region = { .phys_start = some(40),
					    .size = below(8) ? 1 + some(32) : 0,
					    .flags = some(64) };

		if (region.flags & JH_MEM_COMM_REGION)
			region.size = 0x1000;
		guest += some(36);
		region.virt_start = guest;
		guest += region.size;
		if (below(4) == 0 && region.virt_start)
			region.phys_start = region.virt_start;
		append(blob, &region, sizeof(region));
	}
}

static void append_chips(struct blob *blob, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct jh_irqchip chip = { .address = some(64),
					   .id = (uint32_t)some(32),
					   .pin_base = 32 * (1 + below(27)) };

		for (unsigned word = 0; word < 4; word++)
			chip.pin_bitmap[word] = (uint32_t)some(32);
		append(blob, &chip, sizeof(chip));
	}
}

/* Records of which every byte is a field. */
static void append_bytes(struct blob *blob, uint32_t count, size_t size)
{
	for (size_t i = 0; i < count * size; i++)
		blob->bytes[blob->size++] = (uint8_t)some(8);
}

static void append_cell(struct blob *blob, bool is_root)
{
	struct jh_cell_desc desc = { .id = (uint32_t)some(32),
				     .flags = (uint32_t)some(32),
				     .cpu_set_size = 8,
				     .num_memory_regions = below(12),
				     .num_cache_regions = below(2) * below(3),
				     .num_irqchips = below(4),
				     .num_pio_regions = below(2) * below(3),
				     .num_pci_devices = below(3),
				     .num_pci_caps = below(3),
				     .num_stream_ids = below(4),
				     .vpci_irq_base = (uint32_t)some(32),
				     .cpu_reset_address = some(64),
				     .msg_reply_timeout = some(64),
				     .console = some_console(!is_root) };
	uint8_t cpu;

	if (!is_root) {
		memcpy(desc.signature, JH_CELL_SIGNATURE, JH_SIGNATURE_LEN);
		desc.architecture = JH_CONFIG_ARCH_ARM64;
		desc.revision = JH_CONFIG_REVISION;
	}
	if (below(4) == 0)
		desc.cpu_set_size = 1 + below(40);
	some_name(desc.name);
	append(blob, &desc, sizeof(desc));
	append_bytes(blob, desc.cpu_set_size - 1, 1);
	cpu = (uint8_t)(1u << below(8));
	append(blob, &cpu, 1);
	append_regions(blob, desc.num_memory_regions);
	append_bytes(blob, desc.num_cache_regions, sizeof(struct jh_cache));
	append_chips(blob, desc.num_irqchips);
	append_bytes(blob, desc.num_pio_regions, sizeof(struct jh_pio));
	append_bytes(blob, desc.num_pci_devices, sizeof(struct jh_pci_device));
	append_bytes(blob, desc.num_pci_caps, sizeof(struct jh_pci_cap));
	append_bytes(blob, desc.num_stream_ids, 4);
}

static void append_system_head(struct blob *blob)
{
	size_t head = sizeof(struct jh_system_desc) - sizeof(struct jh_cell_desc);
	struct jh_system_desc desc;

	append_bytes(blob, 1, head);
	memcpy(&desc, blob->bytes, head);
	memcpy(desc.signature, JH_SYSTEM_SIGNATURE, JH_SIGNATURE_LEN);
	desc.architecture = JH_CONFIG_ARCH_ARM64;
	desc.revision = JH_CONFIG_REVISION;
	desc.hypervisor_memory.phys_start = 1ull << 50 | some(32); /* above all that root has */
	desc.hypervisor_memory.size = 0x400000;
	desc.debug_console = some_console(false);
	for (uint32_t unit = below(9); unit < JH_IOMMU_UNITS; unit++)
		memset(&desc.iommu_units[unit], 0, sizeof(desc.iommu_units[unit]));
	memcpy(blob->bytes, &desc, head);
}

/* Whether the library kept every byte. Its own comparison does not count here. */
static bool comes_back(const void *bytes, size_t size, struct definition_problems *problems)
{
	bool system = memcmp(bytes, JH_SYSTEM_SIGNATURE, JH_SIGNATURE_LEN) == 0;
	struct definition_result again;
	char *text;
	int err = definition_decompile(bytes, size, &text, problems);

	if (err)
		return false;
	err = system ? definition_compile_system(text, strlen(text), NULL, &again) :
		       definition_compile_cell(text, strlen(text), NULL, &again);
	assert_int_equal(err, 0);
	assert_int_equal(again.size, size);
	assert_memory_equal(again.blob, bytes, size);
	definition_result_free(&again);
	free(text);
	return true;
}

static void must_come_back(const void *bytes, size_t size, const char *what, uint64_t number)
{
	struct definition_problems problems;

	if (comes_back(bytes, size, &problems))
		return;
	for (size_t i = 0; i < problems.count; i++)
		print_error("%s %llu: %s: %s [%s]\n", what, (unsigned long long)number, problems.items[i].pointer,
			    problems.items[i].text, problems.items[i].code);
	definition_problems_free(&problems);
	fail();
}

static void what_ships_comes_back(void **state)
{
	struct definition_result result;

	(void)state;
	for (const struct shipped *row = shipped; row->file; row++) {
		shipped_compile(row, &result);
		must_come_back(result.blob, result.size, row->file, 0);
		definition_result_free(&result);
	}
}

static void make(struct blob *blob, uint64_t number)
{
	bool system = number % 4 == 0;

	random_state = number * 0x9e3779b97f4a7c15ull + 1;
	blob->size = 0;
	if (system)
		append_system_head(blob);
	append_cell(blob, system);
}

static void generated_ones_come_back(void **state)
{
	static struct blob blob;

	(void)state;
	for (uint64_t number = 0; number < GENERATED; number++) {
		make(&blob, number);
		must_come_back(blob.bytes, blob.size, "generated", number);
	}
}

/* Kept to the byte, or refused with a sentence: never something else that looks right. */
static void damaged_ones_come_back_or_are_refused(void **state)
{
	static struct blob blob;
	size_t kept = 0, refused = 0;
	struct definition_problems problems;

	(void)state;
	for (uint64_t number = 0; number < DAMAGED; number++) {
		make(&blob, number);
		for (uint32_t flips = 1 + below(4); flips; flips--)
			blob.bytes[below((uint32_t)blob.size)] ^= (uint8_t)(1u << below(8));
		if (comes_back(blob.bytes, blob.size, &problems)) {
			kept++;
			continue;
		}
		refused++;
		assert_true(problems.count > 0);
		assert_true(problems.items[0].code[0] && problems.items[0].text[0] && problems.items[0].remedy[0]);
		definition_problems_free(&problems);
	}
	assert_true(kept > DAMAGED / 10 && refused > DAMAGED / 10);
}

static void refused_with(const struct blob *blob, const char *code)
{
	struct definition_problems problems;
	char *text;

	assert_int_equal(definition_decompile(blob->bytes, blob->size, &text, &problems), -EINVAL);
	assert_null(text);
	assert_string_equal(problems.items[0].code, code);
	definition_problems_free(&problems);
}

static void what_cannot_be_kept_is_named(void **state)
{
	static struct blob blob;
	const size_t name = offsetof(struct jh_cell_desc, name);

	(void)state;
	make(&blob, 1);
	must_come_back(blob.bytes, blob.size, "generated", 1);
	blob.bytes[name + 31] = 'x';
	refused_with(&blob, "name-with-tail");
	memset(blob.bytes + name, 'x', 32);
	refused_with(&blob, "name-without-end");
	memset(blob.bytes + name, 0, 32);
	refused_with(&blob, "bad-name");
	blob.bytes[name] = 0xff;
	refused_with(&blob, "name-not-text");
	make(&blob, 1);
	blob.size++;
	refused_with(&blob, "config-with-tail");
	blob.size -= 2;
	refused_with(&blob, "config-truncated");
	make(&blob, 1);
	blob.bytes[5] = 0;
	refused_with(&blob, "wrong-architecture");
	blob.bytes[5] = JH_CONFIG_ARCH_ARM64;
	blob.bytes[6] = 13;
	refused_with(&blob, "wrong-revision");
	make(&blob, 0);
	blob.bytes[offsetof(struct jh_system_desc, root_cell)] = 'J';
	refused_with(&blob, "byte-not-kept");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_ships_comes_back),
		cmocka_unit_test(generated_ones_come_back),
		cmocka_unit_test(damaged_ones_come_back_or_are_refused),
		cmocka_unit_test(what_cannot_be_kept_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
