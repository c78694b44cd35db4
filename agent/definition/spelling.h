/* SPDX-License-Identifier: MIT */
#ifndef DEFINITION_SPELLING_H
#define DEFINITION_SPELLING_H

#include <stddef.h>

/* The word that somebody who wrote `written` may have meant: the candidates are offered one after the other. */
struct spelling {
	const char *written;
	const char *closest; /* NULL: none is like it */
	unsigned distance; /* of the closest */
};

void spelling_offer(struct spelling *spelling, const char *candidate);
/* A remedy that names the closest, or `otherwise`. */
void spelling_remedy(const struct spelling *spelling, const char *otherwise, char *text, size_t size);

#endif
