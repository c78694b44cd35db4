// SPDX-License-Identifier: MIT
/* "images": what is loaded where before the cell starts. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "build.h"
#include "check.h"

static void compile_image(struct build *build, const cJSON *json, const char *at)
{
	const cJSON *name = cJSON_GetObjectItemCaseSensitive(json, "image");
	struct definition_result *result = build->result;
	struct definition_image *image = &result->images[result->num_images];
	uint8_t address[8] = { 0 };

	record_compile(&build->compiler, &record_image, json, at, address);
	if (!cJSON_IsString(name) || !name->valuestring[0] || strlen(name->valuestring) >= sizeof(image->name)) {
		compiler_refuse(&build->compiler, at, "no-image-name", "Write {\"image\": \"rtos.bin\"}.",
				"The entry names no image.");
		return;
	}
	snprintf(image->name, sizeof(image->name), "%s", name->valuestring);
	image->address = bytes_get(address, 8);
	image->limit = check_room(result, image->address);
	if (!image->limit && !build->compiler.unchecked)
		compiler_refuse(&build->compiler, at, "image-outside-memory",
				"Give it an \"address\" in a region with the flag \"loadable\".",
				"Image \"%.60s\" goes to 0x%" PRIx64 ", where the cell has no loadable memory.",
				image->name, image->address);
	result->num_images++;
}

void images_compile(struct build *build, const cJSON *json)
{
	const cJSON *item, *list = cJSON_GetObjectItemCaseSensitive(json, "images");
	int i = 0, count = build_list_size(build, json, "images");
	char at[128];

	if (!count)
		return;
	build->result->images = calloc((size_t)count, sizeof(*build->result->images));
	if (!build->result->images) {
		build->compiler.no_memory = true;
		return;
	}
	cJSON_ArrayForEach(item, list) {
		build_pointer(at, build, "images", i++);
		compile_image(build, item, at);
	}
}
