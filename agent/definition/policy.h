/* SPDX-License-Identifier: MIT */
/* What a definition says about a cell's life: when it is started again, what it waits for. Not part of the binary; the agent follows it. */
#ifndef DEFINITION_POLICY_H
#define DEFINITION_POLICY_H

#include <stddef.h>
#include <stdint.h>

#define POLICY_AFTER_MAX 16

enum policy_restart { POLICY_NEVER, POLICY_ON_FAILURE, POLICY_ALWAYS };

/* All zero: nothing is done by itself. */
struct definition_policy {
	enum policy_restart restart;
	uint32_t delay_ms,
		max_delay_ms; /* before the first restart; each further one waits twice as long, at most that */
	uint32_t limit, window_ms; /* restarts within a window, then it is given up; limit 0: never */
	uint32_t silence_ms; /* console watchdog; 0: none */
	size_t num_after;
	char after[POLICY_AFTER_MAX][32]; /* cells that must run before it is started */
};

/* For people; "none", "never" where nothing is said. */
struct policy_words {
	char restart[96], watchdog[48], after[POLICY_AFTER_MAX * 34 + 8];
};
void policy_words(const struct definition_policy *policy, struct policy_words *words);

#endif
