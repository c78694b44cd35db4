// SPDX-License-Identifier: MIT
/*
 * A cell that tries out what it was given of the interrupt controller: its CPUs, SGIs in every encoding, its timer, its SPI.
 * Command line: cpus=N how many it should find; spi=N the SPI that it owns.
 */
#include "inmate.h"

#define CALL	    3	/* an SGI that every other CPU counts, and answers */
#define ANSWER	    4
#define CPUS_MAX    16
#define STACK_BYTES 4096
#define TRIES	    50000000u
#define GICD_ISPENDR 0x200

struct seat {
	uint64_t mpidr;
	volatile uint64_t calls, answers, spis;
};

static struct seat seats[CPUS_MAX];
static uint8_t stacks[CPUS_MAX][STACK_BYTES] __attribute__((aligned(16)));
static volatile unsigned int count; /* of seats taken; the first is the first CPU's */
static uint64_t first;
static uint32_t spi;

static struct seat *own_seat(void)
{
	for (unsigned int i = 0; i < count; i++)
		if (seats[i].mpidr == cpu_affinity())
			return &seats[i];
	return &seats[0];
}

void inmate_interrupt(uint32_t intid)
{
	struct seat *seat = own_seat();

	if (intid == CALL) {
		seat->calls++;
		gic_send_sgi(ANSWER, first);
	} else if (intid == ANSWER) {
		seat->answers++;
	} else if (intid == spi) {
		seat->spis++;
	} else {
		print("probe: NOT OK: interrupt %u was never asked for\n", intid);
	}
}

static void say(const char *what, bool good)
{
	print("probe: %s: %s\n", good ? "ok" : "NOT OK", what);
}

static bool reaches(const volatile uint64_t *value, uint64_t wanted)
{
	for (unsigned int i = 0; i < TRIES && *value < wanted; i++)
		asm volatile("yield");
	return *value == wanted;
}

/* A CPU of its own: takes its seat, then sleeps and answers for ever. */
static void sit_down(void)
{
	gic_enable_ppi(CALL);
	asm volatile("dmb ish" : : : "memory");
	count = count + 1;
	asm volatile("msr daifclr, #2");
	for (;;)
		asm volatile("wfi");
}

/* Affinities as emulated boards number them: 16 to a cluster with GICv3, 8 with GICv2. The others are refused. */
static void start_cpus(void)
{
	for (uint64_t aff1 = 0; aff1 < 4; aff1++)
		for (uint64_t aff0 = 0; aff0 < 16; aff0++) {
			unsigned int before = count;

			if ((aff1 << 8 | aff0) == first)
				continue;
			seats[before].mpidr = aff1 << 8 | aff0;
			if (cpu_on(aff1 << 8 | aff0, sit_down, stacks[before] + STACK_BYTES) != 0)
				continue;
			for (unsigned int i = 0; i < TRIES && count == before; i++)
				asm volatile("yield");
		}
}

static bool each_is_called(uint64_t calls)
{
	bool good = true;

	for (unsigned int i = 1; i < count; i++)
		good = reaches(&seats[i].calls, calls) && good;
	return good;
}

static void try_sgis(void)
{
	bool answered = true;

	/* One at a time: an SGI that is pending already does not count twice, whoever sends it. */
	for (unsigned int i = 1; i < count; i++) {
		gic_send_sgi(CALL, seats[i].mpidr);
		answered = reaches(&seats[0].answers, i) && answered;
	}
	say("an SGI to each CPU by its affinity", each_is_called(1));
	say("each of them answers", answered);
	gic_send_sgi_to_others(CALL);
	say("an SGI to all others", each_is_called(2));
	say("which is not sent to itself", seats[0].calls == 0);
	gic_send_sgi(CALL, first);
	say("an SGI to itself", reaches(&seats[0].calls, 1));
}

static void pend_spi(void)
{
	*(volatile uint32_t *)(INMATE_COMM->gicd_base + GICD_ISPENDR + spi / 32 * 4) = 1u << spi % 32;
}

static void try_spi(void)
{
	gic_enable_spi(spi, true);
	pend_spi();
	say("its SPI arrives", reaches(&seats[0].spis, 1));
	gic_route_spi(spi, seats[count - 1].mpidr);
	pend_spi();
	say("its SPI arrives at another CPU", count == 1 || reaches(&seats[count - 1].spis, 1));
}

static void try_timer(void)
{
	unsigned int ticks = 0;

	timer_start(100);
	while (ticks < 10)
		ticks += timer_tick();
	say("ten ticks of its timer", true);
}

void inmate_main(void)
{
	first = cpu_affinity();
	seats[0].mpidr = first;
	count = 1;
	spi = (uint32_t)cmdline_number("spi", 0);
	gic_enable_ppi(CALL);
	gic_enable_ppi(ANSWER);
	asm volatile("msr daifclr, #2");
	start_cpus();
	print("probe: %u CPUs, the first is 0x%lx\n", count, first);
	say("all CPUs of the cell", count == cmdline_number("cpus", 0));
	try_sgis();
	try_spi();
	try_timer();
	print("probe: done\n");
	for (;;) {
		timer_tick();
		comm_answer();
	}
}
