/* SPDX-License-Identifier: MIT */
/* The page pool: what is left of the hypervisor's memory behind the configuration. Callers hold the management lock. */
#ifndef HV_POOL_H
#define HV_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Takes [start, start + size), both page aligned; the bitmap goes into the first pages of it. */
void pool_init(void *start, size_t size);

/* Zeroed pages, contiguous; align is in pages, a power of two, and holds for the address. NULL when there are none. */
void *pool_alloc(size_t pages, size_t align);
void pool_free(void *start, size_t pages);

/* Whether page is one that pool_alloc() handed out. */
bool pool_owns(const void *page);

size_t pool_total(void);
size_t pool_used(void);

#endif
