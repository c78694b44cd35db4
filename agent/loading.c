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

void loading_unmap(struct driver_image *images, size_t count)
{
	for (size_t i = 0; i < count; i++)
		munmap((void *)(uintptr_t)images[i].data, (size_t)images[i].size);
	free(images);
}

/* All images before the cell is touched: a missing one must change nothing. */
struct driver_image *loading_map(struct agent *agent, const struct compiled_cell *compiled, struct outcome *outcome)
{
	struct driver_image *images = calloc(compiled->num_images + 1, sizeof(*images));

	for (size_t i = 0; images && i < compiled->num_images; i++)
		if (image_map(agent, &compiled->images[i], &images[i], outcome) != 0) {
			loading_unmap(images, i);
			return NULL;
		}
	if (!images)
		outcome_refuse(outcome, -ENOMEM, "internal", "Try again.", "The agent ran out of memory.");
	return images;
}
