/* SPDX-License-Identifier: MIT */
/* A set of addresses while it is put together: parts come and go in any order. */
#ifndef DEFINITION_SPANS_H
#define DEFINITION_SPANS_H

#include <stdbool.h>
#include "definition.h"

struct spans {
	struct definition_range *items;
	size_t count, room;
	bool no_memory;
};

void spans_add(struct spans *spans, struct definition_range range);
void spans_remove(struct spans *spans, struct definition_range range);
void spans_remove_all(struct spans *spans, const struct spans *others);
/* Sorted; what touches becomes one. */
void spans_settle(struct spans *spans);
void spans_free(struct spans *spans);

#endif
