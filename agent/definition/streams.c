// SPDX-License-Identifier: MIT
/* "stream_ids": a number for an SMMUv3, an id and the bits of it to ignore for an MMU-500. */
#include "devices.h"

static void compile_stream(struct build *build, const cJSON *json, const char *at, uint8_t bytes[4])
{
	uint64_t id;

	if (cJSON_IsObject(json))
		record_compile(&build->compiler, &record_stream_id, json, at, bytes);
	else if (number_read(&build->compiler, json, at, UINT32_MAX, &id))
		bytes_put(bytes, 4, id);
}

unsigned streams_compile(struct build *build, const cJSON *json)
{
	const cJSON *item, *list = cJSON_GetObjectItemCaseSensitive(json, "stream_ids");
	unsigned i = 0;
	char at[128];
	uint8_t *bytes;

	if (build_list_size(build, json, "stream_ids"))
		cJSON_ArrayForEach(item, list) {
			build_pointer(at, build, "stream_ids", (int)i++);
			bytes = build_append(build, record_stream_id.size);
			if (!bytes)
				break;
			compile_stream(build, item, at, bytes);
		}
	return i + devices_streams(build);
}
