// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include "record.h"
#include "words.h"

char *words_size(char *text, size_t size, uint64_t bytes)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
	unsigned unit = 0;

	while (unit < 4 && bytes && bytes % 1024 == 0) {
		bytes /= 1024;
		unit++;
	}
	snprintf(text, size, "%" PRIu64 " %s", bytes, units[unit]);
	return text;
}

char *words_range(char *text, size_t size, uint64_t start, uint64_t bytes)
{
	snprintf(text, size, "0x%" PRIx64 "-0x%" PRIx64, start, start + (bytes - 1));
	return text;
}

__attribute__((format(printf, 4, 5))) static void append(char *text, size_t size, size_t *used, const char *format, ...)
{
	va_list arguments;
	int more;

	if (*used >= size)
		return;
	va_start(arguments, format);
	more = vsnprintf(text + *used, size - *used, format, arguments);
	va_end(arguments);
	*used += more > 0 ? (size_t)more : 0;
}

char *words_cpus(char *text, size_t size, uint64_t cpus)
{
	size_t used = 0;
	unsigned last;

	snprintf(text, size, "none");
	for (unsigned cpu = 0; cpu < 64; cpu = last + 1) {
		last = cpu;
		if (!(cpus >> cpu & 1))
			continue;
		while (last < 63 && cpus >> (last + 1) & 1)
			last++;
		append(text, size, &used, last > cpu ? "%s%u-%u" : "%s%u", used ? ", " : "", cpu, last);
	}
	return text;
}

/* Of an MMU-500: the id in the lower half, bits that are ignored in the upper one; of an SMMUv3 one number. */
char *words_stream(char *text, size_t size, uint32_t stream)
{
	if (stream >> 16)
		snprintf(text, size, "0x%" PRIx32 " (ignoring 0x%" PRIx32 ")", stream & 0xffff, stream >> 16);
	else
		snprintf(text, size, "0x%" PRIx32, stream);
	return text;
}

char *words_bdf(char *text, size_t size, unsigned bdf)
{
	snprintf(text, size, "%02x:%02x.%x", bdf >> 8 & 255, bdf >> 3 & 31, bdf & 7);
	return text;
}

char *words_flags(char *text, size_t size, uint64_t flags)
{
	const struct field *field = record_memory.fields;
	size_t used = 0;

	while (field->kind != FIELD_FLAGS)
		field++;
	snprintf(text, size, "none");
	for (const struct word *word = field->words; word->name; word++) {
		if (flags & word->value)
			append(text, size, &used, "%s%s", used ? ", " : "", word->name);
		flags &= ~word->value;
	}
	if (flags)
		append(text, size, &used, "%s0x%" PRIx64, used ? ", " : "", flags);
	return text;
}
