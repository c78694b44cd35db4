// SPDX-License-Identifier: MIT
#include "page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool page_number(const struct api_request *request, const char *name, int64_t low, int64_t high, int64_t *value,
		 struct api_reply *reply)
{
	char text[24], *end;
	long long number;

	if (!api_query(request, name, text, sizeof(text)))
		return true;
	number = strtoll(text, &end, 10);
	if (end != text && !*end && number >= low && number <= high) {
		*value = number;
		return true;
	}
	api_problem(reply, 400, "bad-request", "Correct the query.", "%s=%s is not a number from %lld to %lld.", name,
		    text, (long long)low, (long long)high);
	return false;
}

static bool begin(const struct api_request *request, struct page *page, struct api_reply *reply)
{
	int64_t limit = PAGE_MAX;

	memset(page, 0, sizeof(*page));
	if (!page_number(request, "limit", 1, PAGE_MAX, &limit, reply))
		return false;
	page->limit = (int)limit;
	return true;
}

bool page_by_name(const struct api_request *request, struct page *page, struct api_reply *reply)
{
	if (!begin(request, page, reply))
		return false;
	if (!api_query(request, "cursor", page->after, sizeof(page->after)) || api_name_valid(page->after))
		return true;
	api_problem(reply, 400, "bad-request", "Send the `next` of the page before.",
		    "cursor=%s is not one of this list.", page->after);
	return false;
}

bool page_by_number(const struct api_request *request, struct page *page, struct api_reply *reply)
{
	return begin(request, page, reply) && page_number(request, "cursor", 1, INT64_MAX, &page->below, reply);
}

static bool takes(struct page *page, const char *key)
{
	page->more = page->count == page->limit;
	if (page->more)
		return false;
	page->count++;
	snprintf(page->last, sizeof(page->last), "%s", key);
	return true;
}

bool page_takes_name(struct page *page, const char *name)
{
	return strcmp(name, page->after) > 0 && takes(page, name);
}

bool page_takes_number(struct page *page, int64_t number)
{
	char key[24];

	snprintf(key, sizeof(key), "%lld", (long long)number);
	return (!page->below || number < page->below) && takes(page, key);
}

void page_end(const struct page *page, cJSON *json)
{
	if (page->more)
		cJSON_AddStringToObject(json, "next", page->last);
	else
		cJSON_AddNullToObject(json, "next");
}
