// SPDX-License-Identifier: MIT
#include "live_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libfdt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TREE_SIZE (4u << 20) /* the kernel takes none above 2 MiB at boot */
#define PROPERTY_MAX 65536u
#define DEPTH_MAX 32

struct flattening {
	void *blob;
	char *property;
	int depth;
};

/* libfdt's errors are not errno's; there is but one that can happen to a tree of the kernel. */
static int error_of(int fdt_error)
{
	return fdt_error ? -EFBIG : 0;
}

static int add_property(struct flattening *flattening, int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	ssize_t size = 0, got = 1;

	if (fd < 0)
		return -errno;
	while (got > 0 && (size_t)size < PROPERTY_MAX) {
		got = read(fd, flattening->property + size, PROPERTY_MAX - (size_t)size);
		size += got > 0 ? got : 0;
	}
	close(fd);
	if (got)
		return got < 0 ? -errno : -EFBIG;
	return error_of(fdt_property(flattening->blob, name, flattening->property, (int)size));
}

static int add_node(struct flattening *flattening, int parent, const char *path, const char *name);

/* The specification has a node's properties in front of its children. */
static int add_entries(struct flattening *flattening, DIR *stream, bool nodes)
{
	struct dirent *entry;
	struct stat status;
	int err = 0;

	rewinddir(stream);
	while (!err && (entry = readdir(stream))) {
		/* "name" is the kernel's own, and it gives links beside the nodes. */
		if (entry->d_name[0] == '.' || strcmp(entry->d_name, "name") == 0 ||
		    fstatat(dirfd(stream), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		if (nodes && S_ISDIR(status.st_mode))
			err = add_node(flattening, dirfd(stream), entry->d_name, entry->d_name);
		else if (!nodes && S_ISREG(status.st_mode))
			err = add_property(flattening, dirfd(stream), entry->d_name);
	}
	return err;
}

static int add_node(struct flattening *flattening, int parent, const char *path, const char *name)
{
	int err, fd = openat(parent, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);

	if (!stream) {
		err = -errno;
		if (fd >= 0)
			close(fd);
		return err;
	}
	err = ++flattening->depth > DEPTH_MAX ? -ELOOP : error_of(fdt_begin_node(flattening->blob, name));
	if (!err)
		err = add_entries(flattening, stream, false);
	if (!err)
		err = add_entries(flattening, stream, true);
	if (!err)
		err = error_of(fdt_end_node(flattening->blob));
	flattening->depth--;
	closedir(stream);
	return err;
}

static int flatten(struct flattening *flattening, const char *folder)
{
	int err = error_of(fdt_create(flattening->blob, TREE_SIZE));

	if (!err)
		err = error_of(fdt_finish_reservemap(flattening->blob));
	if (!err)
		err = add_node(flattening, AT_FDCWD, folder, "");
	return err ? err : error_of(fdt_finish(flattening->blob));
}

int live_tree_read(const char *folder, void **blob, size_t *size)
{
	struct flattening flattening = { .blob = malloc(TREE_SIZE), .property = malloc(PROPERTY_MAX) };
	int err = flattening.blob && flattening.property ? flatten(&flattening, folder) : -ENOMEM;

	free(flattening.property);
	if (err) {
		free(flattening.blob);
		return err;
	}
	*size = fdt_totalsize(flattening.blob);
	*blob = realloc(flattening.blob, *size);
	if (!*blob)
		*blob = flattening.blob;
	return 0;
}
