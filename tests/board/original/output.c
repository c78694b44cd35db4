// SPDX-License-Identifier: MIT
/* What the inmate says: its report in shared memory, its console. */
#include "inmate.h"

#define REPORT_TEXT	16	/* word 0: done, word 1: length; then the text */
#define REPORT_SIZE	0x2000
#define REPORT_DONE	0x646f6e65
#define UART_DR		0x00
#define UART_FR		0x18
#define UART_FR_BUSY	(1u << 3 | 1u << 5)	/* sending, or no place to put more */
#define TYPE_PL011	3
#define PUTC_PERMITTED	1
#define PUTC_ACTIVE	2
#define HC_PUTC		8

static uint64_t report;
static uint32_t length;

static void put(char c)
{
	if (report && REPORT_TEXT + length + 1 < REPORT_SIZE)
		write8(report + REPORT_TEXT + length++, (uint8_t)c);
}

static void put_text(const char *text)
{
	while (*text)
		put(*text++);
}

static void put_hex(uint64_t value)
{
	put_text("0x");
	for (int shift = 60; shift >= 0; shift -= 4)
		put("0123456789abcdef"[value >> shift & 15]);
}

void report_begin(void)
{
	report = argument_number("report", 0);
	length = 0;
	if (report)
		write32(report, 0);
}

void report_check(const char *name, bool good, uint64_t got)
{
	put_text(good ? "ok: " : "NOT OK: ");
	put_text(name);
	if (!good) {
		put_text(": ");
		put_hex(got);
	}
	put('\n');
}

void report_end(void)
{
	if (!report)
		return;
	write32(report + 4, length);
	__asm__ volatile("dsb sy" ::: "memory");
	write32(report, REPORT_DONE);
}

int64_t hypercall(uint64_t code, uint64_t arg1, uint64_t arg2)
{
	register uint64_t x0 __asm__("x0") = code;
	register uint64_t x1 __asm__("x1") = arg1;
	register uint64_t x2 __asm__("x2") = arg2;

	__asm__ volatile("hvc #0x4a48" : "+r"(x0), "+r"(x1), "+r"(x2) : : "x3", "memory");
	return (int64_t)x0;
}

static bool is_pl011(void)
{
	char type[16];

	if (argument_text("con-type", type, sizeof(type)))
		return type[0] == 'P' && type[1] == 'L' && type[2] == '0';
	return read16(COMM + COMM_CONSOLE + 12) == TYPE_PL011;
}

static void put_out(char c)
{
	uint64_t uart = argument_number("con-base", read64(COMM + COMM_CONSOLE));
	uint32_t flags = read32(COMM + COMM_FLAGS);

	if (is_pl011()) {
		while (read32(uart + UART_FR) & UART_FR_BUSY)
			;
		write32(uart + UART_DR, (uint8_t)c);
	}
	if ((flags & PUTC_PERMITTED) && (flags & PUTC_ACTIVE || argument_bool("con-virtual", false)))
		hypercall(HC_PUTC, (uint8_t)c, 0);
}

void console_print(const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			put_out('\r');
		put_out(*text);
	}
}
