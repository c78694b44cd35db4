/* SPDX-License-Identifier: MIT */
/* What is known of a cell at the moment it fails, kept with the event: a restart would overwrite all of it. */
#ifndef AGENT_LAST_WORDS_H
#define AGENT_LAST_WORDS_H

#include "agent.h"

/*
 * JSON text: the reason, the end of its console, its lines in the flight recorder, the end of the hypervisor's log, which has the registers
 * where the hypervisor had them. cJSON_free() it; NULL without memory.
 */
char *last_words(struct agent *agent, const char *name, const struct driver_reason *reason);

#endif
