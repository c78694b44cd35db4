/* SPDX-License-Identifier: MIT */
/* What became of a command, and why it was refused. */
#ifndef AGENT_OUTCOME_H
#define AGENT_OUTCOME_H

#include "ports.h"

struct outcome {
	int error; /* 0 or -errno */
	struct driver_reason reason;
};

void outcome_refuse(struct outcome *outcome, int error, const char *code, const char *remedy, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* err of a driver call that may have filled outcome->reason: what = "start", name = the cell or "". */
void outcome_driver(struct outcome *outcome, int err, const char *what, const char *name);

/* The first of a compiler's errors, with its own code and pointer. */
void outcome_definition(struct outcome *outcome, int err, const cJSON *errors);

#endif
