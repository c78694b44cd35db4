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
static uint32_t spi, trigger;

void inmate_interrupt(uint32_t intid)
{
	if (intid == spi)
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

/* To this CPU, as gic_enable_spi() left it. */
static bool is_routed_here(void)
{
	if (INMATE_COMM->gic_version == 2) /* what ITARGETSR0 says of this CPU's own interrupts is this CPU */
		return (gicd(0x800 + spi / 4 * 4) >> 8 * (spi % 4) & 0xff) == (gicd(0x800) & 0xff);
	return gicd(0x6000 + 8 * spi) == cpu_affinity();
}

/* ICFGR1: which PPIs are edge-triggered. */
static uint32_t trigger_of_ppis(void)
{
	if (INMATE_COMM->gic_version == 2)
		return gicd(0xc04);
	return *(volatile uint32_t *)(INMATE_COMM->gicr_base + cpu_affinity() * 0x20000 + 0x10c04);
}

/* As gic_enable_spi() left them: enabled, edge, priority 0x80; not active. */
static uint64_t changed(void)
{
	const uint32_t bit = 1u << spi % 32, word = spi / 32 * 4;
	const uint32_t on = INMATE_COMM->gic_version == 2 ? 1 : 2; /* GICD_CTLR: the group's enable bit */
	uint64_t wrong = 0;

	wrong += !(gicd(0x100 + word) & bit);
	wrong += !!(gicd(0x200 + word) & bit);
	wrong += !!(gicd(0x300 + word) & bit);
	wrong += (gicd(0x400 + spi / 4 * 4) >> 8 * (spi % 4) & 0xff) != 0x80;
	wrong += (gicd(0xc00 + spi / 16 * 4) >> 2 * (spi % 16) & 3) != 2;
	wrong += !is_routed_here();
	wrong += !(gicd(0) & on);
	wrong += trigger_of_ppis() != trigger;
	return wrong;
}

static bool spi_arrives(void)
{
	uint64_t before = spis;

	*(volatile uint32_t *)(INMATE_COMM->gicd_base + 0x200 + spi / 32 * 4) = 1u << spi % 32;
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
	spi = (uint32_t)cmdline_number("spi", VICTIM_SPI);
	gic_enable_spi(spi, true);
	/* Nobody sends them: what arrives is a stray. */
	for (uint32_t sgi = 0; sgi < 16; sgi++)
		gic_enable_ppi(sgi);
	trigger = trigger_of_ppis();
	started = read_sysreg(cntvct_el0);
	timer_start(HERTZ);
	for (;;) {
		if (timer_tick())
			WITNESS->beats = WITNESS->beats + 1;
		answer();
		comm_answer();
	}
}
