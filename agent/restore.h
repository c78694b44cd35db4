/* SPDX-License-Identifier: MIT */
/* The supervisor's first command: leaves alone what runs, finishes what was begun, or brings back what should run. */
#ifndef AGENT_RESTORE_H
#define AGENT_RESTORE_H

#include "supervisor.h"

void life_restore(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);

#endif
