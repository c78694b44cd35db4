/* SPDX-License-Identifier: MIT */
/* What is allocated between begin and end: aborts above the limit at any moment, and at the end when anything is left. */
#ifndef MEMORY_LIMIT_H
#define MEMORY_LIMIT_H

#include <stddef.h>

void memory_limit_begin(size_t bytes);
void memory_limit_end(void);

#endif
