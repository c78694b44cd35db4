// SPDX-License-Identifier: MIT
#include "loading.h"

#include "images.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static int image_map(struct agent *agent, const struct compiled_image *wanted, struct driver_image *image,
		     struct outcome *outcome)
{
	struct store_image stored;
	void *data;
	int fd;

	if (agent->store_ops->image_get(agent->store, wanted->name, &stored) != 0) {
		outcome_refuse(outcome, -ENOENT, "image-missing", "PUT the image under that name.",
			       "The image \"%s\" is not on the board.", wanted->name);
		return -ENOENT;
	}
	if (stored.size > wanted->limit) {
		outcome_refuse(outcome, -EFBIG, "image-too-large", "Enlarge the region or take a smaller image.",
			       "The image \"%s\" has %" PRIu64 " bytes, its place in the cell has %" PRIu64 ".",
			       wanted->name, stored.size, wanted->limit);
		return -EFBIG;
	}
	fd = images_open(agent->options.data, stored.sha256);
	data = fd < 0 ? MAP_FAILED : mmap(NULL, (size_t)stored.size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	if (data == MAP_FAILED) {
		outcome_refuse(outcome, -EIO, "image-missing", "PUT the image again.",
			       "The bytes of the image \"%s\" are not readable.", wanted->name);
		return -EIO;
	}
	*image = (struct driver_image){ data, stored.size, wanted->target };
	return 0;
}

static int map_all(struct agent *agent, const struct compiled_cell *compiled, struct loading *loading,
		   struct outcome *outcome)
{
	int err = 0;

	loading->mapped = calloc(compiled->num_images + 1, sizeof(*loading->mapped));
	if (!loading->mapped)
		return -ENOMEM;
	for (size_t i = 0; !err && i < compiled->num_images; i++) {
		err = image_map(agent, &compiled->images[i], &loading->mapped[i], outcome);
		loading->num_mapped += !err;
	}
	return err;
}

static int boot(struct agent *agent, const struct compiled_cell *compiled, struct loading *loading,
		struct outcome *outcome)
{
	int err = agent->compiler_ops->boot(agent->compiler, compiled, loading->mapped, &loading->boot,
					    &outcome->reason);

	if (err)
		outcome->error = err;
	loading->images = loading->boot.images;
	loading->count = loading->boot.count;
	return err;
}

/* All images before the cell is touched: a missing one must change nothing. */
bool loading_open(struct agent *agent, const struct compiled_cell *compiled, struct loading *loading,
		  struct outcome *outcome)
{
	int err;

	*loading = (struct loading){ 0 };
	err = map_all(agent, compiled, loading, outcome);
	loading->images = loading->mapped;
	loading->count = loading->num_mapped;
	if (!err && compiled->command_line)
		err = boot(agent, compiled, loading, outcome);
	if (!err)
		return true;
	loading_close(agent, loading);
	if (err == -ENOMEM)
		outcome_refuse(outcome, err, "internal", "Try again.", "The agent ran out of memory.");
	return false;
}

void loading_close(struct agent *agent, struct loading *loading)
{
	if (loading->boot.owner)
		agent->compiler_ops->boot_free(&loading->boot);
	for (size_t i = 0; i < loading->num_mapped; i++)
		munmap((void *)(uintptr_t)loading->mapped[i].data, (size_t)loading->mapped[i].size);
	free(loading->mapped);
	*loading = (struct loading){ 0 };
}
