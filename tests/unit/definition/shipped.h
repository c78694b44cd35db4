/* SPDX-License-Identifier: MIT */
/* Every definition that ships with the boards, and the published SHA-256 of those that the original compiles, too. */
#ifndef SHIPPED_H
#define SHIPPED_H

#include <stdbool.h>
#include <stddef.h>
#include "definition.h"

struct shipped {
	const char *file; /* below configs */
	const char *board; /* of a cell; NULL: it is a system */
	const char *sum; /* NULL: the original has no such file */
};

extern const struct shipped shipped[]; /* ends with a NULL file */

/* Zero-terminated; free()d by the caller. Fails the test when there is no such file. */
char *shipped_text(const char *file);
/* Compiles it; fails the test when it is refused. */
void shipped_compile(const struct shipped *row, struct definition_result *result);

#endif
