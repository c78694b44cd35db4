// SPDX-License-Identifier: MIT
#include "memory_limit.h"

#include <sanitizer/allocator_interface.h>
#include <stdio.h>
#include <stdlib.h>

static size_t limit, used;
static int hooked;
static __thread int counted; /* libFuzzer has a thread of its own that allocates, too */

static void on_malloc(const volatile void *pointer, size_t size)
{
	(void)pointer;
	if (!limit || !counted)
		return;
	used += size;
	if (used > limit) {
		limit = 0;
		fprintf(stderr, "memory_limit: %zu bytes\n", used);
		abort();
	}
}

static void on_free(const volatile void *pointer)
{
	if (limit && counted && pointer)
		used -= __sanitizer_get_allocated_size(pointer);
}

void memory_limit_begin(size_t bytes)
{
	if (!hooked)
		hooked = __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
	counted = 1;
	used = 0;
	limit = bytes;
}

void memory_limit_end(void)
{
	limit = 0;
	if (used) {
		fprintf(stderr, "memory_limit: %zu bytes are left\n", used);
		abort();
	}
}
