/* SPDX-License-Identifier: MIT */
/*
 * A boot as it is told: what was to run, what became of it, whether the board got healthy. Boots that do not are counted, and after
 * BOOT_FAILED_MAX in a row the board starts with no cells. On the supervisor's thread, but for boot_json().
 */
#ifndef AGENT_BOOT_H
#define AGENT_BOOT_H

#include "agent.h"
#include "outcome.h"

#define BOOT_FAILED_MAX 3

/* Counts this boot, once, as failed until it is healthy. False: it is a safe start, and people were told why. */
bool boot_begin(struct agent *agent);
/* The cells that are to run, in the order in which they are started; free() *names. */
size_t boot_cells(struct agent *agent, char (**names)[API_NAME_LEN]);
void boot_cell(struct agent *agent, const char *name, const struct outcome *outcome);
/* All was tried; outcome of the enabling. What runs is looked at again after its healthy time. */
void boot_end(struct agent *agent, const struct outcome *outcome);
/* An agent that comes back while a boot is judged. */
void boot_resume(struct agent *agent);
/* A person decided what runs: failed boots count no more. */
void boot_forgive(struct agent *agent);
/* The agent is ended in order, while nothing was wrong yet: this boot has not failed. */
void boot_not_judged(struct agent *agent);

cJSON *boot_json(struct agent *agent);

#endif
