/* SPDX-License-Identifier: MIT */
/* Lines for whoever stands at the board: a terminal, or a pipe that the board's scripts read. */
#ifndef AGENT_NOTICE_H
#define AGENT_NOTICE_H

#include "agent.h"

/* A descriptor for agent->notice; -1 when the path cannot be written, which is logged. */
int notice_open(const char *path);

/* One line; lost when nobody reads. Not in the log: it may hold the set-up code. */
void notice_line(struct agent *agent, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
