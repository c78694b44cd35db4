// SPDX-License-Identifier: MIT
#include "factory.h"

#include "images.h"
#include "outcome.h"
#include "text_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX (256 * 1024)
#define SETTING_FACTORY "factory.imported"

static long file_read(void *context, void *buffer, size_t size)
{
	size_t count = fread(buffer, 1, size, context);

	return ferror((FILE *)context) ? -EIO : (long)count;
}

static int import_image(struct agent *agent, const char *name, const char *folder)
{
	struct store_image image = { .created = time(NULL) };
	struct image_upload upload;
	struct image_file stored;
	char path[512];
	FILE *file;
	int err;

	snprintf(path, sizeof(path), "%s/%s.bin", folder, name);
	file = fopen(path, "rbe");
	if (!file)
		return -errno;
	err = images_receive(agent->options.data, &(struct api_stream){ file_read, file, -1 }, &upload);
	fclose(file);
	if (!err)
		err = images_keep(agent->options.data, &upload, &stored);
	if (err)
		return err;
	snprintf(image.name, sizeof(image.name), "%s", name);
	memcpy(image.sha256, stored.sha256, sizeof(image.sha256));
	image.size = stored.size;
	return agent->store_ops->image_put(agent->store, &image);
}

static void import_images(struct agent *agent, const struct compiled_cell *compiled, const char *folder)
{
	for (size_t i = 0; i < compiled->num_images; i++) {
		int err = import_image(agent, compiled->images[i].name, folder);

		if (err)
			agent_log("warning", "the image %s was not imported: %s", compiled->images[i].name,
				  strerror(-err));
	}
}

static void import_cell(struct agent *agent, const char *path, const char *images)
{
	struct compiled_cell compiled;
	struct store_cell cell = { 0 };
	cJSON *errors = NULL;
	size_t size;
	char *text = text_file_read(path, TEXT_MAX, &size);

	if (text && agent->compiler_ops->compile(agent->compiler, text, NULL, &compiled, &errors) == 0) {
		snprintf(cell.name, sizeof(cell.name), "%s", compiled.name);
		snprintf(cell.author, sizeof(cell.author), "factory");
		cell.definition = text;
		import_images(agent, &compiled, images);
		if (agent->store_ops->cell_put(agent->store, &cell, 0) == 0)
			agent_event(agent, "info", "cell-defined", cell.name, "factory",
				    "Cell \"%s\" came with the board.", cell.name);
		agent->compiler_ops->free(&compiled);
	} else {
		struct outcome why = { 0 };

		outcome_definition(&why, -EINVAL, errors);
		agent_event(agent, "error", "factory-refused", "", "factory",
			    "The definition %s is refused at \"%s\": %s", path, why.reason.pointer, why.reason.text);
	}
	cJSON_Delete(errors);
	free(text);
}

void factory_import(struct agent *agent, const char *definitions, const char *images)
{
	char done[8], path[512];
	struct dirent *entry;
	DIR *folder;

	if (agent->store_ops->setting_get(agent->store, SETTING_FACTORY, done, sizeof(done)) == 0)
		return;
	folder = opendir(definitions);
	while (folder && (entry = readdir(folder))) {
		size_t length = strlen(entry->d_name);

		if (length <= 5 || strcmp(entry->d_name + length - 5, ".json") != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", definitions, entry->d_name);
		import_cell(agent, path, images);
	}
	if (folder)
		closedir(folder);
	/* Once: a person who deletes a cell of the factory does not want it back. */
	agent->store_ops->setting_put(agent->store, SETTING_FACTORY, "1");
}
