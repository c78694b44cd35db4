/* SPDX-License-Identifier: MIT */
/* One string, number or word of a JSON text, or what is wrong with it, said to the person who wrote it. */
#ifndef DEFINITION_SCAN_TOKEN_H
#define DEFINITION_SCAN_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

struct scan_token {
	const char *text; /* the whole; ends with NUL */
	uint32_t length, start;
	/* filled in */
	uint32_t end; /* behind the token, or behind what is wrong; start then moves to the place */
	const char *problem, *remedy; /* NULL: nothing is wrong */
};

bool scan_token_read(struct scan_token *token);
bool scan_token_is_word(char c);
uint32_t scan_token_word_end(const struct scan_token *token);

#endif
