// SPDX-License-Identifier: MIT
/* The last line of a console, fit for a list: what a terminal would act on is left out, what is no UTF-8 is "?". */
#include "console.h"

#include <stdlib.h>
#include <string.h>

#define TAIL 512 /* bytes looked at; a longer line shows its end */

/* Bytes of the UTF-8 character at `text`, 0 when it is none (RFC 3629: no overlong forms, no surrogates). */
static size_t utf8_length(const unsigned char *text, size_t left)
{
	size_t length = text[0] < 0x80 ? 1 : text[0] < 0xc2 ? 0 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;

	if (!length || length > left || text[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] > 0x9f) ||
	    (text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] > 0x8f))
		return 0;
	return length;
}

/* ECMA-48: CSI is ESC [, parameters, one final byte; other sequences here are ESC and one byte. */
static size_t escape_length(const unsigned char *text, size_t left)
{
	size_t length = 2;

	if (left < 2 || text[1] != '[')
		return left < 2 ? left : 2;
	while (length < left && (text[length] < 0x40 || text[length] > 0x7e))
		length++;
	return length < left ? length + 1 : left;
}

static void clean(const unsigned char *text, size_t left, const char *kept, char *line, size_t size)
{
	size_t used = 0, taken;

	for (; left && used + 4 < size; text += taken, left -= taken) {
		taken = text[0] == 0x1b ? escape_length(text, left) : utf8_length(text, left);
		if (!taken) {
			taken = 1;
			line[used++] = '?';
		} else if ((text[0] >= ' ' && text[0] != 0x7f) || (text[0] && strchr(kept, text[0]))) {
			memcpy(line + used, text, taken);
			used += taken;
		}
	}
	line[used] = '\0';
}

static bool ends_line(unsigned char byte)
{
	return byte == '\n' || byte == '\r';
}

void console_last_line(struct console *console, char *line, size_t size)
{
	unsigned char tail[TAIL];
	struct console_view view;
	uint64_t offset, lost;
	size_t end, start;

	console_view(console, &view);
	offset = view.end - view.start > TAIL ? view.end - TAIL : view.start;
	end = console_read(console, &offset, tail, sizeof(tail), &lost);
	while (end && (ends_line(tail[end - 1]) || tail[end - 1] == ' '))
		end--;
	for (start = end; start && !ends_line(tail[start - 1]); start--)
		;
	/* A line longer than the tail: do not begin inside a character. */
	if (start == 0 && view.end - view.start > TAIL)
		while (start < end && (tail[start] & 0xc0) == 0x80)
			start++;
	clean(tail + start, end - start, "", line, size);
}

void console_tail(struct console *console, char *text, size_t size)
{
	unsigned char *tail = malloc(size);
	struct console_view view;
	uint64_t offset, lost;
	size_t length, start = 0;

	text[0] = '\0';
	if (!tail)
		return;
	console_view(console, &view);
	offset = view.end - view.start > size ? view.end - size : view.start;
	length = console_read(console, &offset, tail, size, &lost);
	/* Not from inside a character. */
	while (start < length && start < 4 && (tail[start] & 0xc0) == 0x80)
		start++;
	clean(tail + start, length - start, "\n\t", text, size);
	free(tail);
}
