// SPDX-License-Identifier: MIT
#include <hv/pool.h>

#include "../lib/bits.h"
#include "../lib/string.h"

static struct {
	uint8_t *start;
	uint64_t *map;		/* one bit a page, set = taken */
	size_t pages, used;
	size_t hint;		/* no free page below this one */
} pool;

static bool page_taken(size_t page)
{
	return pool.map[page / 64] & BIT64(page % 64);
}

static void mark(size_t page, size_t pages, bool taken)
{
	for (; pages; pages--, page++) {
		if (taken)
			pool.map[page / 64] |= BIT64(page % 64);
		else
			pool.map[page / 64] &= ~BIT64(page % 64);
	}
}

void pool_init(void *start, size_t size)
{
	size_t map_bytes = ALIGN_UP(size / PAGE_SIZE, 64) / 8;
	size_t map_pages = ALIGN_UP(map_bytes, PAGE_SIZE) / PAGE_SIZE;

	pool.start = start;
	pool.map = start;
	pool.pages = size / PAGE_SIZE;
	pool.used = map_pages;
	pool.hint = map_pages;
	memset(pool.map, 0, map_bytes);
	mark(0, map_pages, true);
}

static bool run_is_free(size_t page, size_t pages)
{
	for (size_t i = 0; i < pages; i++)
		if (page_taken(page + i))
			return false;
	return true;
}

void *pool_alloc(size_t pages, size_t align)
{
	uintptr_t unit = align * PAGE_SIZE;
	uint8_t *first = (uint8_t *)ALIGN_UP((uintptr_t)pool.start + pool.hint * PAGE_SIZE, unit);
	size_t page = (size_t)(first - pool.start) / PAGE_SIZE;

	for (; page + pages <= pool.pages; page += align) {
		if (!run_is_free(page, pages))
			continue;
		mark(page, pages, true);
		pool.used += pages;
		if (page == pool.hint)
			pool.hint += pages;
		return memset(pool.start + page * PAGE_SIZE, 0, pages * PAGE_SIZE);
	}
	return NULL;
}

void pool_free(void *start, size_t pages)
{
	size_t page;

	if (!start)
		return;
	page = (size_t)((uint8_t *)start - pool.start) / PAGE_SIZE;
	mark(page, pages, false);
	pool.used -= pages;
	if (page < pool.hint)
		pool.hint = page;
}

bool pool_owns(const void *page)
{
	uintptr_t offset = (uintptr_t)page - (uintptr_t)pool.start;

	return !(offset & PAGE_MASK) && offset / PAGE_SIZE < pool.pages && page_taken(offset / PAGE_SIZE);
}

size_t pool_total(void)
{
	return pool.pages;
}

size_t pool_used(void)
{
	return pool.used;
}
