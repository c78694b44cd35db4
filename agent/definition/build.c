// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "build.h"

#define ELEMENTS_MAX 20000

uint8_t *build_append(struct build *build, size_t size)
{
	uint8_t *bytes = realloc(build->bytes, build->size + size);

	if (!bytes) {
		build->compiler.no_memory = true;
		return NULL;
	}
	build->bytes = bytes;
	memset(bytes + build->size, 0, size);
	build->size += size;
	return bytes + build->size - size;
}

void build_pointer(char pointer[128], const struct build *build, const char *key, int index)
{
	if (index < 0)
		snprintf(pointer, 128, "%s/%s", build->prefix, key);
	else
		snprintf(pointer, 128, "%s/%s/%d", build->prefix, key, index);
}

int build_list_size(struct build *build, const cJSON *json, const char *key)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(json, key);
	char at[128];

	build_pointer(at, build, key, -1);
	if (!list)
		return 0;
	if (cJSON_IsArray(list) && cJSON_GetArraySize(list) <= ELEMENTS_MAX)
		return cJSON_GetArraySize(list);
	if (cJSON_IsArray(list))
		compiler_refuse(&build->compiler, at, "list-too-long", "Take out what is not needed.",
				"The list has %d elements, more than %d.", cJSON_GetArraySize(list), ELEMENTS_MAX);
	else
		compiler_refuse(&build->compiler, at, "not-a-list", "Put [ ] around it.",
				"\"%s\" is a list, and something else stands here.", key);
	return 0;
}

unsigned build_list(struct build *build, const cJSON *json, const char *key, const struct record *record)
{
	const cJSON *item, *list = cJSON_GetObjectItemCaseSensitive(json, key);
	int i = 0, count = build_list_size(build, json, key);
	char at[128];
	uint8_t *bytes;

	if (!count)
		return 0;
	cJSON_ArrayForEach(item, list) {
		build_pointer(at, build, key, i++);
		bytes = build_append(build, record->size);
		if (!bytes)
			break;
		record_compile(&build->compiler, record, item, at, bytes);
	}
	return (unsigned)i;
}
