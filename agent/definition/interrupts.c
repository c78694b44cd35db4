// SPDX-License-Identifier: MIT
/* "irqchips" and "interrupts": the same thing as bitmaps and as a list; and the one of an emulated console. */
#include <inttypes.h>
#include <string.h>
#include <jailhouse/config.h>
#include "build.h"
#include "check.h"

#define FIRST_SPI 32
#define IRQCHIP_PINS 128

static void claim(struct build *build, unsigned intid, const char *at)
{
	check_interrupt(&build->compiler, build->board, at, intid);
	build->result->interrupts[intid / 32] |= 1u << (intid % 32);
}

static void claim_chip(struct build *build, const struct jh_irqchip *chip, const char *at)
{
	/* The hypervisor ignores chips that are not the distributor. */
	if (build->board && chip->address != build->board->gicd_base)
		return;
	for (unsigned pin = 0; pin < IRQCHIP_PINS; pin++) {
		uint64_t intid = (uint64_t)chip->pin_base + pin;

		if (chip->pin_bitmap[pin / 32] >> (pin % 32) & 1 && intid < 32 * DEFINITION_INTERRUPT_WORDS)
			claim(build, (unsigned)intid, at);
	}
}

static unsigned compile_chips(struct build *build, const cJSON *json)
{
	size_t before = build->size;
	unsigned count = build_list(build, json, "irqchips", &record_irqchip);
	struct jh_irqchip chip;
	char at[128];

	for (unsigned i = 0; i < count && !build->compiler.no_memory; i++) {
		memcpy(&chip, build->bytes + before + i * sizeof(chip), sizeof(chip));
		build_pointer(at, build, "irqchips", (int)i);
		claim_chip(build, &chip, at);
	}
	return count;
}

static void compile_interrupt(struct build *build, struct jh_irqchip chips[8], uint64_t intid, const char *at)
{
	struct jh_irqchip *chip = &chips[(intid - FIRST_SPI) / IRQCHIP_PINS];
	unsigned bit = (unsigned)((intid - FIRST_SPI) % IRQCHIP_PINS);

	chip->address = build->board ? build->board->gicd_base : 0;
	chip->pin_base = (uint32_t)(intid - bit);
	chip->pin_bitmap[bit / 32] |= 1u << (bit % 32);
	claim(build, (unsigned)intid, at);
}

/* "interrupts": [INTID, …] and the console's become as many irqchips as it takes. */
static unsigned compile_list(struct build *build, const cJSON *json)
{
	const cJSON *item, *list = cJSON_GetObjectItemCaseSensitive(json, "interrupts");
	int n = 0, count = build_list_size(build, json, "interrupts");
	struct jh_irqchip chips[8] = { 0 };
	unsigned used = 0;
	uint64_t intid;
	uint8_t *bytes;
	char at[128];

	if (count)
		cJSON_ArrayForEach(item, list) {
			build_pointer(at, build, "interrupts", n++);
			if (!number_read(&build->compiler, item, at, 1019, &intid))
				continue;
			if (intid < FIRST_SPI)
				compiler_refuse(&build->compiler, at, "not-an-spi",
						"Each CPU has its own 0 to 31; leave it out.",
						"INTID %" PRIu64 " is not a shared interrupt (32 to 1019).", intid);
			else
				compile_interrupt(build, chips, intid, at);
		}
	intid = console_interrupt(build);
	if (intid) {
		build_pointer(at, build, "console", -1);
		compile_interrupt(build, chips, intid, at);
	}
	for (unsigned i = 0; i < 8; i++) {
		bytes = chips[i].pin_base ? build_append(build, sizeof(chips[i])) : NULL;
		if (bytes) {
			memcpy(bytes, &chips[i], sizeof(chips[i]));
			used++;
		}
	}
	return used;
}

unsigned interrupts_compile(struct build *build, const cJSON *json)
{
	unsigned count = compile_chips(build, json);

	return count + compile_list(build, json);
}
