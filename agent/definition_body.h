/* SPDX-License-Identifier: MIT */
/* A definition as it comes in a request. */
#ifndef AGENT_DEFINITION_BODY_H
#define AGENT_DEFINITION_BODY_H

#include "api.h"

/* The body, which is a JSON object; NULL and a problem reply otherwise. */
cJSON *definition_body(const struct api_request *request, struct api_reply *reply);
/* Takes `start_at_boot` out of it: the rest is the definition, judged by its compiler. *value stays when it is not there. */
bool definition_take_start_at_boot(cJSON *body, bool *value, struct api_reply *reply);

#endif
