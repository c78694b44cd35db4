/* SPDX-License-Identifier: MIT */
/* An event as the list and the stream show it. */
#ifndef AGENT_EVENT_JSON_H
#define AGENT_EVENT_JSON_H

#include "ports.h"

cJSON *event_json(const struct store_event *event);

/* An `each` callback of the store: adds it to the array `context`. */
int event_json_add(void *context, const struct store_event *event);

#endif
