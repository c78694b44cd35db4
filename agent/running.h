/* SPDX-License-Identifier: MIT */
/* Whether cells run, and whether they have run without a break. */
#ifndef AGENT_RUNNING_H
#define AGENT_RUNNING_H

#include "agent.h"

#define RUNNING_SIGNATURE 2048

bool running(struct agent *agent, const char *name);
/* The same text as the last time when all of them run and none was started again in between; "" when one does not run. */
void running_signature(struct agent *agent, char (*names)[API_NAME_LEN], size_t count,
		       char signature[RUNNING_SIGNATURE]);
int64_t running_now_ms(void); /* since the board's reset, also across an agent that ended */

#endif
