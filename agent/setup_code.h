/* SPDX-License-Identifier: MIT */
/* The first-run code. It is shown at the board, so whoever knows it stands there; it ends after half an hour or ten failures. */
#ifndef AGENT_SETUP_CODE_H
#define AGENT_SETUP_CODE_H

#include <stdbool.h>
#include <stdint.h>

#define SETUP_CODE_SECONDS (30 * 60)
#define SETUP_CODE_FAILURES 10

/* No lock of its own. */
struct setup_code {
	char text[10]; /* "4821-7730" */
	int64_t made; /* seconds since 1970 */
	int failures;
};

void setup_code_make(struct setup_code *code, int64_t now);
/* Seconds until it ends; 0 when it has. */
int setup_code_left(const struct setup_code *code, int64_t now);
/* False for another text, which is counted. */
bool setup_code_matches(struct setup_code *code, const char *text);

#endif
