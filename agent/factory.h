/* SPDX-License-Identifier: MIT */
/* What a board brings from the factory. */
#ifndef AGENT_FACTORY_H
#define AGENT_FACTORY_H

#include "agent.h"

/* On the first start: DEFINITIONS/NAME.json and the images IMAGES/NAME.bin go into the store. */
void factory_import(struct agent *agent, const char *definitions, const char *images);

#endif
