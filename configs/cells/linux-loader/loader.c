// SPDX-License-Identifier: MIT
/*
 * Starts a Linux: kernel=ADDRESS dtb=ADDRESS, as the original's linux-loader.bin has it, a page above the image. And
 * copy=FROM:TO:SIZE, as often as wished: a kernel changes itself while it runs, so what a cell that resets itself is to find
 * again is kept elsewhere and copied each time. The MMU is off: every access is one to memory, and what caches hold of
 * the target from an earlier life must be gone before and after.
 */
#include <stdbool.h>
#include <stdint.h>

#define BLOCK 64u /* bytes a step of a copy takes */
#define PSCI_SYSTEM_OFF 0x84000008u
#define HYPERCALL_PUTC 8 /* JH_HC_DEBUG_CONSOLE_PUTC of jailhouse/hypercall.h */

/* In x0 and x1, where entry.S takes them from. */
struct jump {
	uint64_t kernel, tree;
};

struct jump loader_main(const char *parameters);

static void print(const char *text)
{
	for (; *text; text++) {
		register uint64_t code asm("x0") = HYPERCALL_PUTC;
		register uint64_t byte asm("x1") = (uint8_t)*text;

		asm volatile("hvc #0x4a48" : "+r"(code) : "r"(byte) : "memory");
	}
}

static void cell_off(void)
{
	register uint64_t function asm("x0") = PSCI_SYSTEM_OFF;

	asm volatile("smc #0" : "+r"(function) : : "memory", "x1", "x2", "x3");
	for (;;)
		asm volatile("wfi");
}

static void give_up(const char *reason)
{
	print("linux-loader: ");
	print(reason);
	print("\n");
	cell_off();
}

static unsigned int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? (unsigned int)(c - 'a') + 10 : 16;
}

/* 0x… or decimal; *text is left behind it. */
static uint64_t number(const char **text)
{
	bool hexadecimal = (*text)[0] == '0' && ((*text)[1] | 0x20) == 'x';
	unsigned int base = hexadecimal ? 16 : 10;
	uint64_t value = 0;

	for (*text += hexadecimal ? 2 : 0; digit_of(**text) < base; ++*text)
		value = value * base + digit_of(**text);
	return value;
}

static bool starts(const char **text, const char *word)
{
	const char *at = *text;

	while (*word && *at == *word)
		at++, word++;
	if (*word)
		return false;
	*text = at;
	return true;
}

static uint64_t cache_line(void)
{
	uint64_t ctr;

	asm("mrs %0, ctr_el0" : "=r"(ctr));
	return 4ULL << (ctr >> 16 & 0xf); /* DminLine: words (DDI 0487, CTR_EL0) */
}

static void cache_flush(uint64_t start, uint64_t end)
{
	uint64_t line = cache_line();

	asm volatile("dsb sy" : : : "memory");
	for (uint64_t at = start & ~(line - 1); at < end; at += line)
		asm volatile("dc civac, %0" : : "r"(at) : "memory");
	asm volatile("dsb sy" : : : "memory");
}

static void block_copy(uint64_t from, uint64_t to)
{
	uint64_t a, b, c, d;

	for (unsigned int i = 0; i < BLOCK; i += 32)
		asm volatile("ldp %0, %1, [%4]\n\tldp %2, %3, [%4, #16]\n\tstp %0, %1, [%5]\n\tstp %2, %3, [%5, #16]"
			     : "=&r"(a), "=&r"(b), "=&r"(c), "=&r"(d)
			     : "r"(from + i), "r"(to + i)
			     : "memory");
}

static void copy(const char **text)
{
	uint64_t from = number(text), to, size;

	if (!starts(text, ":"))
		give_up("copy= wants FROM:TO:SIZE");
	to = number(text);
	if (!starts(text, ":"))
		give_up("copy= wants FROM:TO:SIZE");
	size = number(text);
	if ((from | to) % 16)
		give_up("copy= wants addresses that are multiples of 16");
	cache_flush(to, to + size);
	for (uint64_t at = 0; at < size; at += BLOCK)
		block_copy(from + at, to + at);
	cache_flush(to, to + size);
}

struct jump loader_main(const char *parameters)
{
	struct jump jump = { 0, 0 };

	for (const char *at = parameters; *at;) {
		if (starts(&at, "kernel="))
			jump.kernel = number(&at);
		else if (starts(&at, "dtb="))
			jump.tree = number(&at);
		else if (starts(&at, "copy="))
			copy(&at);
		else
			at++;
	}
	if (!jump.kernel || !jump.tree)
		give_up("there is no kernel= and dtb= a page above it");
	return jump;
}
