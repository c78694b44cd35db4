// SPDX-License-Identifier: MIT
/* `jailhouse cell load`. All images are read before the driver is asked: a missing file changes nothing. */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>

#include "cell_ref.h"
#include "image.h"
#include "problem.h"

static int images_load(struct cli *cli, const struct cell_ref *ref, const struct jh_client_image *images,
		       size_t count)
{
	struct jh_client *client = client_take(cli);
	int result, err;

	if (!client)
		return CLI_FAILED;
	err = jh_client_cell_load(client, ref->id, ref->name, images, count);
	result = err < 0 ? problem_request(cli, client, "JAILHOUSE_CELL_LOAD", err) : CLI_OK;
	jh_client_close(client);
	return result;
}

static int sources_load(struct cli *cli, const struct cell_ref *ref, const struct image_source *sources,
			size_t count)
{
	struct jh_client_image *images = calloc(count, sizeof(*images));
	int result = CLI_OK;
	size_t i, taken = 0;

	if (!images)
		return problem_memory(cli);
	while (result == CLI_OK && taken < count) {
		result = image_take(cli, &sources[taken], &images[taken]);
		taken += result == CLI_OK;
	}
	if (result == CLI_OK)
		result = images_load(cli, ref, images, count);
	for (i = 0; i < taken; i++)
		free((void *)images[i].data);
	free(images);
	return result;
}

/* No image at all is a usage error: as a request it would shut the cell down. */
int cell_load(struct cli *cli, int argc, char **argv)
{
	struct image_source *sources;
	struct cell_ref ref;
	int used = cell_ref_parse(&ref, argc, argv);
	int count, result;

	if (used == 0 || used == argc)
		return CLI_USAGE;
	sources = calloc((size_t)(argc - used), sizeof(*sources));
	if (!sources)
		return problem_memory(cli);
	count = image_sources_parse(cli, sources, argc - used, argv + used);
	result = count < 0 ? CLI_USAGE : sources_load(cli, &ref, sources, (size_t)count);
	free(sources);
	return result;
}
