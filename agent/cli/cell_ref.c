// SPDX-License-Identifier: MIT
/* Which cell the command line means. */
#include "cell_ref.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -1 unless the whole text is a number from 0 up, in decimal, 0x hexadecimal or 0 octal. */
static int id_parse(const char *text)
{
	char *end;
	long id;

	errno = 0;
	id = strtol(text, &end, 0);
	if (errno || end == text || *end || id < 0 || id > INT_MAX)
		return -1;
	return (int)id;
}

/* Names in configurations end at 31 characters, so a longer one can only mean its beginning. */
static void name_set(struct cell_ref *ref, const char *name)
{
	snprintf(ref->name, sizeof(ref->name), "%.31s", name);
}

int cell_ref_parse(struct cell_ref *ref, int argc, char **argv)
{
	*ref = (struct cell_ref){ .id = -1 };
	if (argc >= 1 && strcmp(argv[0], "--name") == 0) {
		if (argc < 2)
			return 0;
		name_set(ref, argv[1]);
		return 2;
	}
	if (argc < 1)
		return 0;
	ref->id = id_parse(argv[0]);
	if (ref->id < 0)
		name_set(ref, argv[0]);
	return 1;
}
