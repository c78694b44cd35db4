// SPDX-License-Identifier: MIT
#include "coding.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

/* 15: the largest window there is; 16: the wrapper is gzip's. */
#define GZIP_WINDOW (15 + 16)
#define GZIP_TRAILER 8 /* CRC32, ISIZE */

#define WEIGHT_FULL 1000
#define WEIGHT_UNSAID (-1)

/* Thousandths, 0 to 1000; `element` is one of the list, without the comma: "gzip;q=0.5". */
static int element_weight(const char *element, size_t length)
{
	const char *parameter = memchr(element, ';', length);
	int weight = 0;

	if (!parameter)
		return WEIGHT_FULL;
	parameter += 1 + strspn(parameter + 1, " \t");
	if (strncasecmp(parameter, "q=", 2) != 0)
		return 0; /* codings have no other parameter */
	if (parameter[2] == '1')
		return WEIGHT_FULL;
	for (int i = 0, digit = 100; parameter[2] == '0' && parameter[3] == '.' && i < 3; i++, digit /= 10) {
		if (parameter[4 + i] < '0' || parameter[4 + i] > '9')
			break;
		weight += (parameter[4 + i] - '0') * digit;
	}
	return weight;
}

static int weight_of(const char *accept, const char *coding)
{
	while (*accept) {
		size_t length, name;

		accept += strspn(accept, ", \t");
		length = strcspn(accept, ",");
		name = strcspn(accept, ",; \t");
		if (name == strlen(coding) && strncasecmp(accept, coding, name) == 0)
			return element_weight(accept, length);
		accept += length;
	}
	return WEIGHT_UNSAID;
}

bool coding_wants_gzip(const char *accept)
{
	int any, gzip, identity;

	if (!accept)
		return false; /* anything is welcome: plain text is what everybody can read */
	any = weight_of(accept, "*");
	gzip = weight_of(accept, "gzip");
	identity = weight_of(accept, "identity");
	if (gzip == WEIGHT_UNSAID)
		gzip = any;
	/* Not named, identity is still welcome, after all that is named. */
	return gzip > 0 && gzip >= identity;
}

static size_t member_content_size(const unsigned char *member, size_t member_size)
{
	const unsigned char *end = member + member_size;

	if (member_size < GZIP_TRAILER)
		return 0;
	return end[-4] | (size_t)end[-3] << 8 | (size_t)end[-2] << 16 | (size_t)end[-1] << 24;
}

void *coding_gunzip(const void *member, size_t member_size, size_t *size)
{
	size_t expected = member_content_size(member, member_size);
	/* zlib does not write through next_in, which is const only when asked to be. */
	z_stream stream = { .next_in = (unsigned char *)(uintptr_t)member, .avail_in = (uInt)member_size };
	unsigned char *content = malloc(expected ? expected : 1);
	int result;

	if (!content || inflateInit2(&stream, GZIP_WINDOW) != Z_OK) {
		free(content);
		return NULL;
	}
	stream.next_out = content;
	stream.avail_out = (uInt)expected;
	result = inflate(&stream, Z_FINISH);
	inflateEnd(&stream);
	if (result != Z_STREAM_END || stream.total_out != expected) {
		free(content);
		return NULL;
	}
	*size = expected;
	return content;
}
