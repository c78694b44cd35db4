/* SPDX-License-Identifier: MIT */
/* A cell's console between the driver, the collector and those who watch. */
#ifndef AGENT_FOLLOW_H
#define AGENT_FOLLOW_H

#include "agent.h"

/* Opens the console of a created cell and keeps its output; nothing when that is done already. */
void follow_console(struct agent *agent, const char *name);
/* Tells those who watch; of a cell that does not run any more also why, in a word and in a sentence. */
void follow_state(struct agent *agent, const char *name, const char *state);
void follow_end(struct agent *agent, const char *name, const char *state, const char *code, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
/* The console of the cell with its record, as cell_table_console() has it; console_release() it. NULL: no memory. */
struct console *follow_take(struct agent *agent, const char *name);

#endif
