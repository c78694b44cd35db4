// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "tool.h"

static bool told(const char *path, int error)
{
	fprintf(stderr, "%s: %s\n", path, strerror(error));
	return false;
}

bool file_take(const char *path, struct tool_file *file)
{
	bool own = strcmp(path, "-") != 0;
	FILE *stream = own ? fopen(path, "rb") : stdin;
	int error = errno;

	*file = (struct tool_file){ 0 };
	if (!stream)
		return told(path, error);
	/* One byte more than any definition may have, so that the library can say that it is too long. */
	file->bytes = malloc(DEFINITION_TEXT_MAX + 2);
	error = file->bytes ? 0 : ENOMEM;
	if (!error)
		file->size = fread(file->bytes, 1, DEFINITION_TEXT_MAX + 1, stream);
	if (!error && ferror(stream))
		error = errno ? errno : EIO;
	if (own)
		fclose(stream);
	if (error) {
		file_free(file);
		return told(path, error);
	}
	file->bytes[file->size] = '\0';
	return true;
}

void file_free(struct tool_file *file)
{
	free(file->bytes);
	*file = (struct tool_file){ 0 };
}

static bool fill(const char *path, const void *bytes, size_t size)
{
	FILE *stream = fopen(path, "wb");
	bool good = stream && fwrite(bytes, 1, size, stream) == size;

	if (stream)
		good &= fclose(stream) == 0;
	return good;
}

/* /dev/null, a pipe, a link to either: renaming over it would put a file in its place. */
static bool is_special(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

bool file_write(const char *path, const void *bytes, size_t size)
{
	char part[4096];

	if (!path || strcmp(path, "-") == 0)
		return (fwrite(bytes, 1, size, stdout) == size && fflush(stdout) == 0) ||
		       told("standard output", errno);
	if (snprintf(part, sizeof(part), "%s.part", path) >= (int)sizeof(part))
		return told(path, ENAMETOOLONG);
	if (is_special(path) ? fill(path, bytes, size) : fill(part, bytes, size) && rename(part, path) == 0)
		return true;
	told(path, errno);
	remove(part);
	return false;
}
