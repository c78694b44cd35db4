/* SPDX-License-Identifier: MIT */
/* What the stored definition of a cell says about its life. */
#ifndef AGENT_POLICY_OF_H
#define AGENT_POLICY_OF_H

#include "agent.h"

/* All zero when there is no such cell, or its definition does not compile any more. */
void policy_of(struct agent *agent, const char *name, struct definition_policy *policy);

#endif
