// SPDX-License-Identifier: MIT
/*
 * The cell that nobody may harm. A timer of its own, a pattern in its memory, an SPI beside the hostile cell's; when root asks, it
 * looks at all of it.
 */
#include "attacks.h"
#include "inmate.h"

#define WITNESS	      ((struct witness *)WITNESS_AT)
#define HERTZ	      100
#define PATTERN_AT    0x100000ULL
#define PATTERN_END   0x200000ULL
#define PATTERN(at)   ((at) * 0x9e3779b97f4a7c15ULL + 1)
#define TIMER_INTID   27
#define SPI_WAIT      (1u << 24)
#define SCTLR_M_C     (1ULL | 1ULL << 2)

static volatile uint64_t spis;
static uint64_t started;

void inmate_interrupt(uint32_t intid)
{
	if (intid == VICTIM_SPI)
		spis = spis + 1;
	else
		WITNESS->strays = WITNESS->strays + 1;
}

static void fill(void)
{
	for (uint64_t at = PATTERN_AT; at < PATTERN_END; at += 8)
		*(volatile uint64_t *)at = PATTERN(at);
}

static uint64_t damage(void)
{
	uint64_t words = 0;

	for (uint64_t at = PATTERN_AT; at < PATTERN_END; at += 8)
		words += *(volatile uint64_t *)at != PATTERN(at);
	return words;
}

static uint32_t gicd(uint64_t offset)
{
	return *(volatile uint32_t *)(INMATE_COMM->gicd_base + offset);
}

/* As gic_enable_spi() left them: enabled, edge, priority 0x80, to this CPU; not active. */
static uint64_t changed(void)
{
	const uint32_t bit = 1u << VICTIM_SPI % 32, word = VICTIM_SPI / 32 * 4;
	uint64_t wrong = 0;

	wrong += !(gicd(0x100 + word) & bit);
	wrong += !!(gicd(0x200 + word) & bit);
	wrong += !!(gicd(0x300 + word) & bit);
	wrong += *(volatile uint8_t *)(INMATE_COMM->gicd_base + 0x400 + VICTIM_SPI) != 0x80;
	wrong += (gicd(0xc00 + VICTIM_SPI / 16 * 4) >> 2 * (VICTIM_SPI % 16) & 3) != 2;
	wrong += gicd(0x6000 + 8 * VICTIM_SPI) != cpu_affinity();
	wrong += !(gicd(0) & 2);
	return wrong;
}

static bool spi_arrives(void)
{
	uint64_t before = spis;

	*(volatile uint32_t *)(INMATE_COMM->gicd_base + 0x200 + VICTIM_SPI / 32 * 4) = 1u << VICTIM_SPI % 32;
	for (unsigned int i = 0; i < SPI_WAIT && spis == before; i++)
		asm volatile("yield");
	return spis == before + 1;
}

/* Compare values are added up: what has passed by the counter has been counted, once nothing is due. */
static uint64_t periods_behind(void)
{
	uint64_t period = read_sysreg(cntfrq_el0) / HERTZ, passed = (read_sysreg(cntvct_el0) - started) / period;

	return passed > WITNESS->beats + 1 ? passed - WITNESS->beats : 0;
}

static void catch_up(void)
{
	for (unsigned int i = 0; i < SPI_WAIT && periods_behind(); i++)
		if (timer_tick())
			WITNESS->beats = WITNESS->beats + 1;
}

static void answer(void)
{
	uint64_t asked = WITNESS->asked;

	if (asked == WITNESS->answered)
		return;
	WITNESS->damage = WITNESS->damage + damage();
	WITNESS->changed = WITNESS->changed + changed();
	WITNESS->lost = WITNESS->lost + !spi_arrives();
	catch_up();
	WITNESS->behind = periods_behind();
	asm volatile("dmb sy" : : : "memory");
	WITNESS->answered = asked;
}

void inmate_main(void)
{
	asm volatile("dsb sy" : : : "memory");
	write_sysreg(sctlr_el1, read_sysreg(sctlr_el1) & ~SCTLR_M_C);
	asm volatile("isb" : : : "memory");
	fill();
	gic_enable_spi(VICTIM_SPI, true);
	started = read_sysreg(cntvct_el0);
	timer_start(HERTZ);
	for (;;) {
		if (timer_tick())
			WITNESS->beats = WITNESS->beats + 1;
		answer();
		comm_answer();
	}
}
