/* SPDX-License-Identifier: MIT */
/* Lists of what is kept for each cell. The owner locks them. A member begins with struct by_name, and is freed by free(). */
#ifndef AGENT_BY_NAME_H
#define AGENT_BY_NAME_H

#include "api.h"

struct by_name {
	struct by_name *next;
	char name[API_NAME_LEN];
};

void *by_name_find(struct by_name *first, const char *name); /* NULL: there is none */
/* Found, or a new one of `size` bytes, zero but for its name. NULL: no memory. */
void *by_name_make(struct by_name **first, const char *name, size_t size);
void by_name_remove(struct by_name **first, const char *name);
void by_name_free(struct by_name **first); /* all of them */

#endif
