// SPDX-License-Identifier: MIT
#include "start_order.h"

#include "policy_of.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEEN_MAX  256
#define DEPTH_MAX 32 /* as many cells as a board may have CPUs for, one behind the other */

struct member {
	char name[API_NAME_LEN];
	struct definition_policy policy;
	bool placed;
};

static bool waits(const struct member *members, size_t count, const struct member *member)
{
	for (size_t i = 0; i < member->policy.num_after; i++)
		for (size_t other = 0; other < count; other++)
			if (!members[other].placed && strcmp(members[other].name, member->policy.after[i]) == 0)
				return true;
	return false;
}

/* Of those left, the first that waits for none of them. In a circle, which no definition should make, the first of all. */
static size_t next_of(const struct member *members, size_t count)
{
	size_t first = count;

	for (size_t i = count; i-- > 0;)
		if (!members[i].placed)
			first = i;
	for (size_t i = 0; i < count; i++)
		if (!members[i].placed && !waits(members, count, &members[i]))
			return i;
	return first;
}

void start_order_sort(struct agent *agent, char (*names)[API_NAME_LEN], size_t count)
{
	struct member *members = calloc(count + 1, sizeof(*members));

	if (!members)
		return;
	for (size_t i = 0; i < count; i++) {
		snprintf(members[i].name, API_NAME_LEN, "%s", names[i]);
		policy_of(agent, names[i], &members[i].policy);
	}
	for (size_t i = 0; i < count; i++) {
		struct member *next = &members[next_of(members, count)];

		next->placed = true;
		memcpy(names[i], next->name, API_NAME_LEN);
	}
	free(members);
}

struct search {
	struct agent *agent;
	const char *wanted;
	char path[DEPTH_MAX][API_NAME_LEN];
	size_t depth;
	char seen[SEEN_MAX][API_NAME_LEN]; /* each is followed once, however many lead there */
	size_t num_seen;
};

static bool is_seen(struct search *search, const char *name)
{
	for (size_t i = 0; i < search->num_seen; i++)
		if (strcmp(search->seen[i], name) == 0)
			return true;
	if (search->num_seen < SEEN_MAX)
		snprintf(search->seen[search->num_seen++], API_NAME_LEN, "%s", name);
	return search->num_seen == SEEN_MAX;
}

static bool leads_back(struct search *search, const char *name, const struct definition_policy *policy)
{
	struct definition_policy *next;
	bool found = false;

	if (search->depth == DEPTH_MAX || is_seen(search, name))
		return false;
	next = malloc(sizeof(*next));
	if (!next)
		return false;
	snprintf(search->path[search->depth++], API_NAME_LEN, "%s", name);
	for (size_t i = 0; i < policy->num_after && !found; i++) {
		found = strcmp(policy->after[i], search->wanted) == 0;
		if (found)
			break;
		policy_of(search->agent, policy->after[i], next);
		found = leads_back(search, policy->after[i], next);
	}
	free(next);
	search->depth -= !found; /* what was found stays, to be told */
	return found;
}

bool start_order_circle(struct agent *agent, const char *name, const struct definition_policy *policy, char *circle,
			size_t size)
{
	struct search search = { .agent = agent, .wanted = name };
	size_t used = 0;

	if (!leads_back(&search, name, policy))
		return false;
	for (size_t i = 0; i < search.depth && used < size; i++)
		used += (size_t)snprintf(circle + used, size - used, "\"%s\", ", search.path[i]);
	if (used < size)
		snprintf(circle + used, size - used, "\"%s\"", name);
	return true;
}
