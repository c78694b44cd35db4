// SPDX-License-Identifier: MIT
#include "setup_code.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

void setup_code_make(struct setup_code *code, int64_t now)
{
	snprintf(code->text, sizeof(code->text), "%04u-%04u", randombytes_uniform(10000), randombytes_uniform(10000));
	code->made = now;
	code->failures = 0;
}

int setup_code_left(const struct setup_code *code, int64_t now)
{
	int64_t age = now - code->made;

	/* A clock that was set back would make it last longer than was promised. */
	if (age < 0 || age >= SETUP_CODE_SECONDS || code->failures >= SETUP_CODE_FAILURES)
		return 0;
	return (int)(SETUP_CODE_SECONDS - age);
}

bool setup_code_matches(struct setup_code *code, const char *text)
{
	char given[sizeof(code->text)] = "";

	snprintf(given, sizeof(given), "%s", text);
	if (strlen(text) + 1 == sizeof(code->text) && sodium_memcmp(given, code->text, sizeof(given)) == 0)
		return true;
	code->failures++;
	return false;
}
