// SPDX-License-Identifier: MIT
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "spelling.h"

#define LENGTH_MAX 40

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned smaller = a < b ? a : b;

	return smaller < c ? smaller : c;
}

static char plain(char c)
{
	return c == '_' || c == '-' || c == ' ' ? '_' : (char)tolower((unsigned char)c);
}

/* Letters put in, left out or exchanged (Levenshtein); _, - and capitals are not told apart. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[LENGTH_MAX + 1], above, saved;
	size_t length = strlen(b);

	for (unsigned j = 0; j <= length; j++)
		row[j] = j;
	for (unsigned i = 1; a[i - 1]; i++) {
		above = row[0];
		row[0] = i;
		for (size_t j = 1; j <= length; j++) {
			saved = row[j];
			row[j] = least(row[j] + 1, row[j - 1] + 1, above + (plain(a[i - 1]) != plain(b[j - 1])));
			above = saved;
		}
	}
	return row[length];
}

void spelling_offer(struct spelling *spelling, const char *candidate)
{
	size_t length = strlen(spelling->written);
	unsigned found;

	if (!length || length > LENGTH_MAX || strlen(candidate) > LENGTH_MAX)
		return;
	found = distance(spelling->written, candidate);
	/* A third of the letters may be wrong, or the beginning is all that was written. */
	if (found > (length < 6 ? 2 : length / 3) || found >= length)
		return;
	if (spelling->closest && found >= spelling->distance)
		return;
	spelling->closest = candidate;
	spelling->distance = found;
}

void spelling_remedy(const struct spelling *spelling, const char *otherwise, char *text, size_t size)
{
	if (spelling->closest)
		snprintf(text, size, "Did you mean \"%s\"?", spelling->closest);
	else
		snprintf(text, size, "%s", otherwise);
}
