// SPDX-License-Identifier: MIT
#include "by_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct by_name **place_of(struct by_name **link, const char *name)
{
	while (*link && strcmp((*link)->name, name) != 0)
		link = &(*link)->next;
	return link;
}

void *by_name_find(struct by_name *first, const char *name)
{
	return *place_of(&first, name);
}

void *by_name_make(struct by_name **first, const char *name, size_t size)
{
	struct by_name *member = by_name_find(*first, name);

	if (member)
		return member;
	member = calloc(1, size);
	if (!member)
		return NULL;
	snprintf(member->name, sizeof(member->name), "%s", name);
	member->next = *first;
	*first = member;
	return member;
}

void by_name_remove(struct by_name **first, const char *name)
{
	struct by_name **link = place_of(first, name), *member = *link;

	if (!member)
		return;
	*link = member->next;
	free(member);
}

void by_name_free(struct by_name **first)
{
	while (*first)
		by_name_remove(first, (*first)->name);
}
