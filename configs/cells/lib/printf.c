// SPDX-License-Identifier: MIT
#include <stdarg.h>

#include "inmate.h"

static void put(char c)
{
	if (c == '\n')
		console_putc('\r');
	console_putc(c);
}

static void put_string(const char *text)
{
	while (*text)
		put(*text++);
}

static void put_number(uint64_t value, unsigned int base, unsigned int width)
{
	char digits[20]; /* 2^64 has 20 decimal digits */
	unsigned int count = 0;

	do
		digits[count++] = "0123456789abcdef"[value % base];
	while ((value /= base) != 0);
	while (width > count && width--)
		put('0');
	while (count)
		put(digits[--count]);
}

static void put_signed(int64_t value, unsigned int width)
{
	if (value < 0)
		put('-');
	put_number(value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10, width);
}

static void put_conversion(char type, bool wide, unsigned int width, va_list *arguments)
{
	switch (type) {
	case 's':
		put_string(va_arg(*arguments, const char *));
		break;
	case 'c':
		put((char)va_arg(*arguments, int));
		break;
	case 'd':
		put_signed(wide ? va_arg(*arguments, int64_t) : va_arg(*arguments, int), width);
		break;
	case 'u':
	case 'x':
		put_number(wide ? va_arg(*arguments, uint64_t) : va_arg(*arguments, unsigned int),
			   type == 'x' ? 16 : 10, width);
		break;
	default:
		put(type);
	}
}

void print(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	for (; *format; format++) {
		unsigned int width = 0;
		bool wide = false;

		if (*format != '%') {
			put(*format);
			continue;
		}
		for (format++; *format >= '0' && *format <= '9'; format++)
			width = width * 10 + (unsigned int)(*format - '0');
		for (; *format == 'l'; format++)
			wide = true;
		if (!*format)
			break;
		put_conversion(*format, wide, width, &arguments);
	}
	va_end(arguments);
}
