// SPDX-License-Identifier: MIT
#include "exit_rates.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CELLS_MAX 64 /* of a board; of more, those looked at last */
#define WINDOW_S 1.0

struct sample {
	cJSON *stats; /* counters as they were; NULL: none */
	double at;
};

struct entry {
	char cell[API_NAME_LEN];
	struct sample base, next; /* next becomes the base when it is old enough */
	double used;
};

struct exit_rates {
	pthread_mutex_t lock; /* the entries */
	struct entry entries[CELLS_MAX];
};

struct exit_rates *exit_rates_new(void)
{
	struct exit_rates *rates = calloc(1, sizeof(*rates));

	if (rates)
		pthread_mutex_init(&rates->lock, NULL);
	return rates;
}

static void entry_clear(struct entry *entry)
{
	cJSON_Delete(entry->base.stats);
	cJSON_Delete(entry->next.stats);
	memset(entry, 0, sizeof(*entry));
}

void exit_rates_free(struct exit_rates *rates)
{
	if (!rates)
		return;
	for (int i = 0; i < CELLS_MAX; i++)
		entry_clear(&rates->entries[i]);
	pthread_mutex_destroy(&rates->lock);
	free(rates);
}

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct entry *entry_of(struct exit_rates *rates, const char *cell)
{
	struct entry *oldest = &rates->entries[0];

	for (int i = 0; i < CELLS_MAX; i++) {
		struct entry *entry = &rates->entries[i];

		if (strcmp(entry->cell, cell) == 0)
			return entry;
		if (entry->used < oldest->used)
			oldest = entry;
	}
	entry_clear(oldest);
	snprintf(oldest->cell, sizeof(oldest->cell), "%s", cell);
	return oldest;
}

static const cJSON *member(const cJSON *json, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(json, name);
}

static uint64_t counter(const cJSON *exits, const char *name)
{
	const char *text = cJSON_GetStringValue(member(exits, name));

	return text ? strtoull(text, NULL, 10) : 0;
}

static bool exits_grew(const cJSON *now, const cJSON *before)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, now)
		if (counter(now, item->string) < counter(before, item->string))
			return false;
	return true;
}

/* Of one life of the cell: other CPUs, or counters that went back, are those of another. */
static bool comparable(const cJSON *now, const cJSON *before)
{
	const cJSON *cpus = member(now, "cpus"), *old = member(before, "cpus");
	int count = cJSON_GetArraySize(cpus);
	bool same =
		before && count == cJSON_GetArraySize(old) && exits_grew(member(now, "exits"), member(before, "exits"));

	for (int i = 0; same && i < count; i++) {
		const cJSON *cpu = cJSON_GetArrayItem(cpus, i), *other = cJSON_GetArrayItem(old, i);

		same = cJSON_GetNumberValue(member(cpu, "id")) == cJSON_GetNumberValue(member(other, "id")) &&
		       exits_grew(member(cpu, "exits"), member(other, "exits"));
	}
	return same;
}

/* before NULL: there is nothing to compare with. */
static void add_rates(cJSON *json, const cJSON *before, double seconds)
{
	const cJSON *exits = member(json, "exits"), *item;
	cJSON *rates;

	if (!before) {
		cJSON_AddNullToObject(json, "per_second");
		return;
	}
	rates = cJSON_AddObjectToObject(json, "per_second");
	cJSON_ArrayForEach(item, exits)
		cJSON_AddNumberToObject(rates, item->string,
					(double)(counter(exits, item->string) -
						 counter(member(before, "exits"), item->string)) /
						seconds);
}

static void add_all(cJSON *stats, const struct sample *base, double now)
{
	double seconds = now - base->at;
	int count = cJSON_GetArraySize(member(stats, "cpus"));

	for (int i = 0; i < count; i++)
		add_rates(cJSON_GetArrayItem(member(stats, "cpus"), i),
			  base->stats ? cJSON_GetArrayItem(member(base->stats, "cpus"), i) : NULL, seconds);
	add_rates(stats, base->stats, seconds);
	if (base->stats)
		cJSON_AddNumberToObject(stats, "rate_seconds", seconds);
	else
		cJSON_AddNullToObject(stats, "rate_seconds");
}

static void sample_move(struct sample *to, struct sample *from)
{
	cJSON_Delete(to->stats);
	*to = *from;
	*from = (struct sample){ 0 };
}

void exit_rates_add(struct exit_rates *rates, const char *cell, cJSON *stats)
{
	struct sample none = { 0 };
	double now = now_s();
	struct entry *entry;

	pthread_mutex_lock(&rates->lock);
	entry = entry_of(rates, cell);
	entry->used = now;
	if (entry->next.stats && now - entry->next.at >= WINDOW_S)
		sample_move(&entry->base, &entry->next);
	if (entry->base.stats && !comparable(stats, entry->base.stats)) {
		sample_move(&entry->base, &none);
		sample_move(&entry->next, &none);
	}
	if (!entry->next.stats)
		entry->next = (struct sample){ cJSON_Duplicate(stats, true), now };
	add_all(stats, &entry->base, now);
	pthread_mutex_unlock(&rates->lock);
}
