// SPDX-License-Identifier: MIT
/* Looks at all that a cell is promised, reports it, then does what its command line says until it is told to stop. */
#include "inmate.h"

#include <stddef.h>

#define STATE_SHUT_DOWN	2
#define STATE_MISMATCH	4
#define MSG_SHUTDOWN	1
#define MSG_RECONFIG	2
#define REPLY_UNKNOWN	1
#define REPLY_DENIED	2
#define REPLY_APPROVED	3
#define REPLY_RECEIVED	4
#define TIMER		27
#define EPERM		(-1)
#define EINVAL		(-22)
#define ENOSYS		(-38)
#define PATIENCE	10000000UL	/* turns, not time */

/* Filled in by entry.S. */
struct {
	uint64_t registers, daif, level, sctlr, cpacr, sp;
} at_entry;

static void check_entry(void)
{
	report_check("general registers start as zero", at_entry.registers == 0, at_entry.registers);
	report_check("interrupts start masked", at_entry.daif == 0x3c0, at_entry.daif);
	report_check("the cell starts at EL1", at_entry.level == 4, at_entry.level);
	report_check("SCTLR_EL1 starts with MMU and caches off", at_entry.sctlr == 0x30d00800, at_entry.sctlr);
	report_check("floating point is there", (at_entry.cpacr >> 20 & 3) == 3, at_entry.cpacr);
	report_check("SP starts as zero", at_entry.sp == 0, at_entry.sp);
}

static void check_arguments(void)
{
	char text[16];

	report_check("a decimal argument", argument_number("decimal", 0) == 1234, argument_number("decimal", 0));
	report_check("a hexadecimal argument", argument_number("hex", 0) == 0xdeadbeef12, argument_number("hex", 0));
	report_check("a bool by its name alone", argument_bool("alone", false), 0);
	report_check("a bool that is true", argument_bool("yes", false), 0);
	report_check("a bool that is 0", !argument_bool("no", true), 1);
	report_check("an argument that is not there", argument_number("absent", 7) == 7, argument_number("absent", 7));
	report_check("the string ends with its NUL",
		     argument_text("last", text, sizeof(text)) && text[0] == 'z' && !text[1], (uint64_t)text[1]);
}

static void check_word(const char *name, uint64_t got, uint64_t expected)
{
	report_check(name, got == expected, got);
}

static void check_comm(void)
{
	uint64_t rest = 0;

	check_word("comm region: revision", read16(COMM + COMM_REVISION), 2);
	check_word("comm region: state", read32(COMM + COMM_STATE), 0);
	check_word("comm region: no message", read32(COMM + COMM_MESSAGE), 0);
	check_word("comm region: no reply", read32(COMM + COMM_REPLY), 0);
	check_word("comm region: flags", read32(COMM + COMM_FLAGS), argument_number("comm-flags", 0));
	check_word("comm region: console address", read64(COMM + COMM_CONSOLE), 0x09000000);
	check_word("comm region: console type", read16(COMM + COMM_CONSOLE + 12), 3);
	check_word("comm region: console flags", read16(COMM + COMM_CONSOLE + 14), 3);
	check_word("comm region: ECAM", read64(COMM + COMM_ECAM), 0x08e00000);
	check_word("comm region: GIC version", read8(COMM + COMM_GIC), 3);
	check_word("comm region: GICD", read64(COMM + COMM_GICD), 0x08000000);
	check_word("comm region: GICC", read64(COMM + COMM_GICC), 0);
	check_word("comm region: GICR", read64(COMM + COMM_GICR), 0x080a0000);
	check_word("comm region: vpci_irq_base", read32(COMM + COMM_VPCI_IRQ), argument_number("vpci", 0));
	for (uint64_t at = COMM + 104; at < COMM + 0x1000; at += 8)
		rest |= read64(at);
	check_word("comm region: the rest is zero", rest | read32(COMM + 100), 0);
}

static void check_interrupts(void)
{
	unsigned int own = 32 + read32(COMM + COMM_VPCI_IRQ), foreign = own - 1;
	uint64_t frequency;

	gic_enable(own);
	gic_enable(foreign);
	gic_pend(own);
	gic_pend(foreign);
	for (uint64_t i = 0; i < PATIENCE && !gic_taken(own); i++)
		;
	check_word("its own SPI, set pending by itself, arrives once", gic_taken(own), 1);
	check_word("an SPI of others does not", gic_taken(foreign), 0);
	gic_enable(TIMER);
	__asm__ volatile("mrs %0, cntfrq_el0" : "=r"(frequency));
	__asm__ volatile("msr cntv_tval_el0, %0" : : "r"(frequency / 1000));
	__asm__ volatile("msr cntv_ctl_el0, %0; isb" : : "r"(1UL));
	for (uint64_t i = 0; i < PATIENCE && !gic_taken(TIMER); i++)
		;
	check_word("the virtual timer's interrupt arrives", gic_taken(TIMER), 1);
}

/* What a cell that is not root gets for each code. */
static void check_hypercalls(void)
{
	static const struct {
		const char *name;
		uint64_t code, arg1, arg2;
		int64_t expected;
	} calls[] = {
		{ "DISABLE", 0, 0, 0, EPERM },
		{ "CELL_CREATE", 1, 0x70000000, 0, EPERM },
		{ "CELL_START", 2, 1, 0, EPERM },
		{ "CELL_START of root", 2, 0, 0, EPERM },
		{ "CELL_SET_LOADABLE", 3, 1, 0, EPERM },
		{ "CELL_DESTROY", 4, 1, 0, EPERM },
		{ "CELL_GET_STATE", 6, 0, 0, EPERM },
		/* The original tells every cell. Here nobody learns what others do. */
		{ "GET_INFO: pages of the pool", 5, 0, 0, EPERM },
		{ "GET_INFO: pages in use", 5, 1, 0, EPERM },
		{ "GET_INFO: number of cells", 5, 4, 0, EPERM },
		{ "GET_INFO of an unknown type", 5, 5, 0, EINVAL },
		{ "CPU_GET_INFO of a CPU that is not there", 7, 1000, 0, EINVAL },
		{ "CPU_GET_INFO of a CPU of root", 7, 15, 0, EPERM },
		{ "a code that is not there", 9, 0, 0, ENOSYS },
		{ "a code far away", ~0ULL, 0, 0, ENOSYS },
	};
	uint64_t cpu = argument_number("cpu", 0);
	int64_t putc = argument_number("comm-flags", 0) & 1 ? 0 : EPERM;

	for (unsigned int i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		check_word(calls[i].name, (uint64_t)hypercall(calls[i].code, calls[i].arg1, calls[i].arg2),
			   (uint64_t)calls[i].expected);
	check_word("GET_INFO: the remap pool, which is none", (uint64_t)hypercall(5, 2, 0), 0);
	check_word("CPU_GET_INFO: its CPU runs", (uint64_t)hypercall(7, cpu, 0), 0);
	report_check("CPU_GET_INFO: exits for hypercalls", hypercall(7, cpu, 1003) > 10,
		     (uint64_t)hypercall(7, cpu, 1003));
	report_check("CPU_GET_INFO: the last counter", hypercall(7, cpu, 1008) >= 0, (uint64_t)hypercall(7, cpu, 1008));
	check_word("CPU_GET_INFO: the type behind it", (uint64_t)hypercall(7, cpu, 1009), (uint64_t)EINVAL);
	check_word("CPU_GET_INFO: the type before the counters", (uint64_t)hypercall(7, cpu, 1), (uint64_t)EINVAL);
	check_word("DEBUG_CONSOLE_PUTC", (uint64_t)hypercall(8, '.', 0), (uint64_t)putc);
}

static void answer(uint32_t reply)
{
	write32(COMM + COMM_MESSAGE, 0);
	__asm__ volatile("dmb sy" ::: "memory");
	write32(COMM + COMM_REPLY, reply);
}

/* A millisecond: sixteen emulated CPUs share few real ones, and polling without a pause would take one of those. */
static void rest(void)
{
	uint64_t frequency;

	gic_enable(TIMER);
	__asm__ volatile("mrs %0, cntfrq_el0" : "=r"(frequency));
	__asm__ volatile("msr cntv_tval_el0, %0" : : "r"(frequency / 1000));
	/* Masked: an interrupt that is taken before WFI would leave nothing to wake it. */
	__asm__ volatile("msr daifset, #2; msr cntv_ctl_el0, %0; isb; wfi; msr daifclr, #2; isb" : : "r"(1UL));
}

/* Polls for messages; silent cells never look. Counts the information it got into the report's third word. */
static void __attribute__((noreturn)) serve(void)
{
	uint64_t shutdown = argument_number("reply", REPLY_APPROVED), report = argument_number("report", 0);
	uint32_t informed = 0, message;

	for (;;) {
		rest();
		message = argument_bool("silent", false) ? 0 : read32(COMM + COMM_MESSAGE);
		if (message == MSG_SHUTDOWN) {
			answer((uint32_t)shutdown);
			if (shutdown == REPLY_APPROVED) {
				write32(COMM + COMM_STATE, STATE_SHUT_DOWN);
				for (;;)
					__asm__ volatile("wfi");
			}
		} else if (message == MSG_RECONFIG) {
			answer(REPLY_RECEIVED);
			write32(report + 8, ++informed);
		} else if (message) {
			answer(REPLY_UNKNOWN);
		}
	}
}

static bool signature_matches(void)
{
	static const char expected[] = "JHCOMM";

	for (unsigned int i = 0; i < 6; i++)
		if (read8(COMM + i) != (uint8_t)expected[i])
			return false;
	return read16(COMM + COMM_REVISION) == argument_number("revision", 2);
}

int main(void)
{
	if (!signature_matches()) {
		write32(COMM + COMM_STATE, STATE_MISMATCH);
		return 1;
	}
	report_begin();
	gic_begin();
	if (!argument_bool("quick", false)) {
		check_entry();
		check_arguments();
		check_comm();
		check_interrupts();
		check_hypercalls();
	}
	if (argument_bool("hello", false))
		console_print("Hello from an inmate!\n");
	report_end();
	if (argument_number("state", 0))
		write32(COMM + COMM_STATE, (uint32_t)argument_number("state", 0));
	if (argument_number("read", 0)) {
		uint64_t at = argument_number("read", 0);
		uint64_t size = argument_number("width", 4);

		(void)(size == 1 ? read8(at) : size == 2 ? read16(at) : size == 4 ? read32(at) : read64(at));
	}
	serve();
}
