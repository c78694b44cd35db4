/* SPDX-License-Identifier: MIT */
/* Exits a second, measured from one request for a cell's counters to a later one. */
#ifndef AGENT_EXIT_RATES_H
#define AGENT_EXIT_RATES_H

#include "api.h"

struct exit_rates;

struct exit_rates *exit_rates_new(void);
void exit_rates_free(struct exit_rates *rates);

/*
 * Adds `per_second` beside each `exits` of a cell's counters, and `rate_seconds`: over how long they were measured, at least one. All
 * null when there is nothing to compare with: the first time, and after the cell was created anew.
 */
void exit_rates_add(struct exit_rates *rates, const char *cell, cJSON *stats);

#endif
