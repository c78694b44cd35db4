// SPDX-License-Identifier: MIT
#include "inmate.h"

#define CMDLINE_SIZE 256

extern char inmate_cmdline[CMDLINE_SIZE];

/* The value behind "name=", or NULL. */
static const char *find(const char *name)
{
	const char *p = inmate_cmdline;

	inmate_cmdline[CMDLINE_SIZE - 1] = 0; /* whoever loaded it may have left the NUL out */
	while (*p) {
		const char *n = name;

		while (*n && *n == *p)
			n++, p++;
		if (!*n && *p == '=')
			return p + 1;
		while (*p && *p != ' ')
			p++;
		while (*p == ' ')
			p++;
	}
	return 0;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

uint64_t cmdline_number(const char *name, uint64_t fallback)
{
	const char *p = find(name);
	int base = p && p[0] == '0' && p[1] == 'x' ? 16 : 10;
	uint64_t value = 0;

	if (!p)
		return fallback;
	p += base == 16 ? 2 : 0;
	if (digit(*p) >= base)
		return fallback;
	for (; digit(*p) < base; p++)
		value = value * (unsigned int)base + (unsigned int)digit(*p);
	return *p && *p != ' ' ? fallback : value;
}
