// SPDX-License-Identifier: MIT
#include "role.h"

#include <string.h>

static const char *const names[] = { [API_ROLE_NONE] = "none",
				     [API_ROLE_VIEWER] = "viewer",
				     [API_ROLE_OPERATOR] = "operator",
				     [API_ROLE_ADMIN] = "admin" };

const char *role_name(enum api_role role)
{
	return names[role <= API_ROLE_ADMIN ? role : API_ROLE_NONE];
}

bool role_of(const char *name, enum api_role *role)
{
	for (int i = API_ROLE_VIEWER; i <= API_ROLE_ADMIN; i++)
		if (strcmp(names[i], name) == 0) {
			*role = (enum api_role)i;
			return true;
		}
	return false;
}
