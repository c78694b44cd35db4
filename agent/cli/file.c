// SPDX-License-Identifier: MIT
/* Whole files in memory. Pipes work too: `zcat image.gz | jailhouse cell load c /dev/stdin`. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "problem.h"

#define CHUNK 65536u

/* A byte more than the file is long, so that the end is met without growing. */
static size_t size_guess(int fd)
{
	struct stat status;

	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size < CHUNK)
		return CHUNK;
	return (size_t)status.st_size + 1;
}

static int file_grow(struct file *file, size_t capacity)
{
	void *grown = realloc(file->data, capacity);

	if (!grown)
		return -ENOMEM;
	file->data = grown;
	return 0;
}

static int file_read(struct file *file, int fd)
{
	size_t capacity = size_guess(fd);
	ssize_t got = 1;
	int err = file_grow(file, capacity);

	while (!err && got != 0) {
		got = read(fd, (char *)file->data + file->size, capacity - file->size);
		if (got < 0 && errno != EINTR)
			return -errno;
		file->size += got > 0 ? (size_t)got : 0;
		if (file->size == capacity)
			err = file_grow(file, capacity *= 2);
	}
	return err;
}

int file_take(struct cli *cli, const char *path, struct file *file)
{
	static const struct problem problem = { "file-unreadable", "The file could not be read.",
						"Check its name and its permissions." };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err = fd < 0 ? -errno : 0;

	*file = (struct file){ 0 };
	if (!err) {
		err = file_read(file, fd);
		close(fd);
	}
	if (!err)
		return CLI_OK;
	free(file->data);
	*file = (struct file){ 0 };
	return problem_print(cli, path, err, &problem);
}
