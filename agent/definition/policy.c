// SPDX-License-Identifier: MIT
/* "restart", "watchdog", "after": what the agent does for a cell by itself. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "build.h"

#define DELAY_DEFAULT	  1 /* seconds */
#define MAX_DELAY_DEFAULT 60
#define LIMIT_DEFAULT	  5
#define WINDOW_DEFAULT	  600
#define SECONDS_MAX	  86400
#define LIMIT_MAX	  100 /* the agent remembers when each of them was */

/* The numbers of "restart", in seconds but for limit. */
struct pace {
	uint32_t delay, max_delay, limit, window;
};
_Static_assert(sizeof(struct pace) == 16, "record_restart in layout.c has its offsets");

static const char *const restarts[] = { "never", "on-failure", "always" };

static bool refuse_of_root(struct build *build, const cJSON *item, const char *at)
{
	if (item && build->is_root)
		compiler_refuse(&build->compiler, at, "policy-of-root", "Take it out.",
				"The root cell is started by the board: nobody watches it or starts it again.");
	return item && !build->is_root;
}

static void take_restart(struct build *build, const cJSON *word, const char *at)
{
	for (unsigned i = 0; cJSON_IsString(word) && i < sizeof(restarts) / sizeof(restarts[0]); i++)
		if (strcmp(word->valuestring, restarts[i]) == 0) {
			build->result->policy.restart = (enum policy_restart)i;
			return;
		}
	compiler_refuse(&build->compiler, at, "unknown-word", "Write \"never\", \"on-failure\" or \"always\".",
			"%s%.40s%s: the policies of restarts are never, on-failure, always.",
			cJSON_IsString(word) ? "There is no policy \"" : "No policy is named",
			cJSON_IsString(word) ? word->valuestring : "", cJSON_IsString(word) ? "\"" : "");
}

/* What is left out is 0 here, and what is written may not be: a delay of 0 would be a loop. */
static void bound(struct build *build, const cJSON *json, const char *at, const char *key, uint32_t value, uint32_t max)
{
	char below[128];

	if (!cJSON_GetObjectItemCaseSensitive(json, key) || (value >= 1 && value <= max))
		return;
	pointer_append(below, at, key);
	compiler_refuse(&build->compiler, below, "out-of-range", "Write a number in that range.",
			"\"%s\" is %" PRIu32 "; it can be 1 to %" PRIu32 ".", key, value, max);
}

static uint32_t or_default(uint32_t value, uint32_t otherwise)
{
	return value ? value : otherwise;
}

static void take_pace(struct build *build, const cJSON *json, const char *at)
{
	struct definition_policy *policy = &build->result->policy;
	struct pace pace = { 0 };

	if (cJSON_IsObject(json)) {
		record_compile(&build->compiler, &record_restart, json, at, (uint8_t *)&pace);
		bound(build, json, at, "delay", pace.delay, SECONDS_MAX);
		bound(build, json, at, "max_delay", pace.max_delay, SECONDS_MAX);
		bound(build, json, at, "limit", pace.limit, LIMIT_MAX);
		bound(build, json, at, "window", pace.window, SECONDS_MAX);
	}
	policy->delay_ms = or_default(pace.delay, DELAY_DEFAULT) * 1000;
	policy->max_delay_ms = or_default(pace.max_delay, MAX_DELAY_DEFAULT) * 1000;
	policy->limit = or_default(pace.limit, LIMIT_DEFAULT);
	policy->window_ms = or_default(pace.window, WINDOW_DEFAULT) * 1000;
	if (policy->max_delay_ms < policy->delay_ms)
		policy->max_delay_ms = policy->delay_ms;
}

static void compile_restart(struct build *build, const cJSON *json)
{
	const cJSON *restart = cJSON_GetObjectItemCaseSensitive(json, "restart");
	char at[128], below[128];

	build_pointer(at, build, "restart", -1);
	if (!refuse_of_root(build, restart, at))
		return;
	take_pace(build, restart, at);
	if (cJSON_IsObject(restart)) {
		const cJSON *word = cJSON_GetObjectItemCaseSensitive(restart, "policy");

		pointer_append(below, at, "policy");
		take_restart(build, word, word ? below : at);
	} else {
		take_restart(build, restart, at);
	}
}

static void compile_watchdog(struct build *build, const cJSON *json)
{
	const cJSON *watchdog = cJSON_GetObjectItemCaseSensitive(json, "watchdog");
	uint32_t silence = 0;
	char at[128];

	build_pointer(at, build, "watchdog", -1);
	if (!refuse_of_root(build, watchdog, at))
		return;
	record_compile(&build->compiler, &record_watchdog, watchdog, at, (uint8_t *)&silence);
	bound(build, watchdog, at, "console", silence, SECONDS_MAX);
	if (cJSON_IsObject(watchdog) && !cJSON_GetObjectItemCaseSensitive(watchdog, "console"))
		compiler_refuse(&build->compiler, at, "watchdog-empty", "Write {\"console\": 10}, in seconds.",
				"The watchdog does not say what it watches.");
	build->result->policy.silence_ms = silence <= SECONDS_MAX ? silence * 1000 : 0;
}

static bool is_cell_name(const cJSON *item)
{
	return cJSON_IsString(item) && item->valuestring[0] && strlen(item->valuestring) < JH_CELL_NAME_LEN &&
	       !strchr(item->valuestring, '/');
}

static void take_after(struct build *build, const cJSON *item, const char *at)
{
	struct definition_policy *policy = &build->result->policy;

	if (!is_cell_name(item))
		compiler_refuse(&build->compiler, at, "bad-name", "Write the name of a cell.",
				"%s is not the name of a cell.", at);
	else if (strcmp(item->valuestring, build->result->name) == 0)
		compiler_refuse(&build->compiler, at, "after-itself", "Take it out.",
				"The cell \"%s\" would have to run before it is started.", item->valuestring);
	else if (policy->num_after < POLICY_AFTER_MAX)
		memcpy(policy->after[policy->num_after++], item->valuestring, strlen(item->valuestring) + 1);
}

static void compile_after(struct build *build, const cJSON *json)
{
	const cJSON *item, *after = cJSON_GetObjectItemCaseSensitive(json, "after");
	int i = 0, count;
	char at[128];

	build_pointer(at, build, "after", -1);
	if (!refuse_of_root(build, after, at))
		return;
	count = build_list_size(build, json, "after");
	if (count > POLICY_AFTER_MAX)
		compiler_refuse(&build->compiler, at, "bad-list", "Take the surplus ones out.",
				"The list has %d cells; it takes at most %d.", count, POLICY_AFTER_MAX);
	cJSON_ArrayForEach(item, after) {
		if (!count)
			return; /* it is no list, and that was told */
		build_pointer(at, build, "after", i++);
		take_after(build, item, at);
	}
}

void policy_compile(struct build *build, const cJSON *json)
{
	compile_restart(build, json);
	compile_watchdog(build, json);
	compile_after(build, json);
}

void policy_words(const struct definition_policy *policy, struct policy_words *words)
{
	*words = (struct policy_words){ .restart = "never", .watchdog = "none", .after = "none" };
	if (policy->restart != POLICY_NEVER)
		snprintf(words->restart, sizeof(words->restart),
			 "%s, after %" PRIu32 " to %" PRIu32 " s, %" PRIu32 " times in %" PRIu32 " s",
			 restarts[policy->restart], policy->delay_ms / 1000, policy->max_delay_ms / 1000, policy->limit,
			 policy->window_ms / 1000);
	if (policy->silence_ms)
		snprintf(words->watchdog, sizeof(words->watchdog), "console, %" PRIu32 " s", policy->silence_ms / 1000);
	for (size_t i = 0, used = 0; i < policy->num_after; i++)
		used += (size_t)snprintf(words->after + used, sizeof(words->after) - used, "%s%s", i ? ", " : "",
					 policy->after[i]);
}
