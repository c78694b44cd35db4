/* SPDX-License-Identifier: MIT */
/* Lists in pages: `limit` items behind `cursor`, which is the `next` of the page before. */
#ifndef AGENT_PAGE_H
#define AGENT_PAGE_H

#include "api.h"

#define PAGE_MAX 1000 /* items, also for those who do not say */

struct page {
	int limit, count;
	char after[API_NAME_LEN]; /* lists by name: names behind this one */
	int64_t below; /* lists by number, the newest first: numbers below; 0: all */
	char last[API_NAME_LEN];
	bool more;
};

/* A whole number of the query into *value; as it was when it is absent. False: a problem is in the reply. */
bool page_number(const struct api_request *request, const char *name, int64_t low, int64_t high, int64_t *value,
		 struct api_reply *reply);

/* Reads the query of a list by name, or by number. False: a problem is in the reply. */
bool page_by_name(const struct api_request *request, struct page *page, struct api_reply *reply);
bool page_by_number(const struct api_request *request, struct page *page, struct api_reply *reply);

/* Whether an item is on the page: asked of each in the order of the list. */
bool page_takes_name(struct page *page, const char *name);
bool page_takes_number(struct page *page, int64_t number);

/* Adds `next`: the cursor of the next page, null on the last. */
void page_end(const struct page *page, cJSON *json);

#endif
