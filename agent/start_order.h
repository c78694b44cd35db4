/* SPDX-License-Identifier: MIT */
/* In which order cells are started, by the "after" of their definitions. */
#ifndef AGENT_START_ORDER_H
#define AGENT_START_ORDER_H

#include "agent.h"

/* Each behind those of the list that it is started after; otherwise they keep their order. */
void start_order_sort(struct agent *agent, char (*names)[API_NAME_LEN], size_t count);

/*
 * Whether a cell of this name and policy would wait for itself, through the cells that are stored; the circle in words: "a, b, a". Cells that
 * are not there yet wait for nobody.
 */
bool start_order_circle(struct agent *agent, const char *name, const struct definition_policy *policy, char *circle,
			size_t size);

#endif
