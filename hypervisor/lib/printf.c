// SPDX-License-Identifier: MIT
#include "printf.h"

#include <stdbool.h>
#include <stdint.h>

struct out {
	char *to;
	size_t size, used;
};

struct spec {
	bool zero, wide;
	unsigned int width;
};

static void put(struct out *out, char c)
{
	if (out->used + 1 < out->size)
		out->to[out->used++] = c;
}

static void put_number(struct out *out, uint64_t value, unsigned int base, const struct spec *spec)
{
	char digits[20];
	unsigned int n = 0;

	do
		digits[n++] = "0123456789abcdef"[value % base];
	while (value /= base);
	for (unsigned int i = n; i < spec->width; i++)
		put(out, spec->zero ? '0' : ' ');
	while (n)
		put(out, digits[--n]);
}

static const char *parse_spec(const char *format, struct spec *spec)
{
	*spec = (struct spec){ 0 };
	if (*format == '0') {
		spec->zero = true;
		format++;
	}
	for (; *format >= '0' && *format <= '9'; format++)
		spec->width = spec->width * 10 + (unsigned int)(*format - '0');
	for (; *format == 'l'; format++)
		spec->wide = true;
	return format;
}

static void put_string(struct out *out, const char *text)
{
	while (*text)
		put(out, *text++);
}

size_t hv_vsnprintf(char *to, size_t size, const char *format, va_list args)
{
	struct out out = { to, size, 0 };
	struct spec spec;
	int64_t number;

	for (; *format; format++) {
		if (*format != '%') {
			put(&out, *format);
			continue;
		}
		format = parse_spec(format + 1, &spec);
		switch (*format) {
		case 's':
			put_string(&out, va_arg(args, const char *));
			break;
		case 'c':
			put(&out, (char)va_arg(args, int));
			break;
		case 'd':
			number = spec.wide ? va_arg(args, long) : va_arg(args, int);
			if (number < 0)
				put(&out, '-');
			put_number(&out, number < 0 ? -(uint64_t)number : (uint64_t)number, 10, &spec);
			break;
		case 'u':
		case 'x':
			put_number(&out, spec.wide ? va_arg(args, unsigned long) : va_arg(args, unsigned int),
				   *format == 'x' ? 16 : 10, &spec);
			break;
		default:
			put(&out, *format);
			break;
		}
	}
	if (size)
		to[out.used] = '\0';
	return out.used;
}

size_t hv_snprintf(char *to, size_t size, const char *format, ...)
{
	va_list args;
	size_t used;

	va_start(args, format);
	used = hv_vsnprintf(to, size, format, args);
	va_end(args);
	return used;
}
