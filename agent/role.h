/* SPDX-License-Identifier: MIT */
/* Roles by name. */
#ifndef AGENT_ROLE_H
#define AGENT_ROLE_H

#include "api.h"

const char *role_name(enum api_role role); /* "none" for nobody */
bool role_of(const char *name, enum api_role *role); /* "viewer", "operator", "admin"; else false */

#endif
