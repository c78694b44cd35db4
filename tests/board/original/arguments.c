// SPDX-License-Identifier: MIT
#include "inmate.h"

#include <stddef.h>

extern const char cmdline[256];

static bool same(const char *a, const char *b)
{
	for (; *a && *a == *b; a++, b++)
		;
	return *a == *b;
}

/* Where the value of name begins: behind "=", or at the blank or NUL behind the name alone. */
static const char *find(const char *name)
{
	const volatile char *start = cmdline;	/* loaded behind the compiler's back */
	const char *at = (const char *)start;
	unsigned int i;

	while (*at) {
		for (i = 0; name[i] && at[i] == name[i]; i++)
			;
		if (!name[i] && at[i] == '=')
			return at + i + 1;
		if (!name[i] && (at[i] == ' ' || !at[i]))
			return at + i;
		while (*at && *at != ' ')
			at++;
		while (*at == ' ')
			at++;
	}
	return NULL;
}

bool argument_text(const char *name, char *text, unsigned int size)
{
	const char *at = find(name);
	unsigned int i = 0;

	if (!at)
		return false;
	for (; at[i] && at[i] != ' ' && i + 1 < size; i++)
		text[i] = at[i];
	text[i] = 0;
	return true;
}

static unsigned int digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? (unsigned int)(c - 'a') + 10 : 16;
}

uint64_t argument_number(const char *name, uint64_t otherwise)
{
	const char *at = find(name);
	unsigned int base = 10;
	uint64_t value = 0;

	if (!at)
		return otherwise;
	if (at[0] == '0' && (at[1] | 0x20) == 'x') {
		base = 16;
		at += 2;
	}
	for (; digit(*at) < base; at++)
		value = value * base + digit(*at);
	return value;
}

bool argument_bool(const char *name, bool otherwise)
{
	char text[8];

	if (!argument_text(name, text, sizeof(text)))
		return otherwise;
	if (!text[0] || same(text, "true") || same(text, "1"))
		return true;
	return same(text, "false") || same(text, "0") ? false : otherwise;
}
