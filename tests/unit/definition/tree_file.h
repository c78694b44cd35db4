/* SPDX-License-Identifier: MIT */
/* The device tree of trees/board.dts. */
#ifndef TREE_FILE_H
#define TREE_FILE_H

#include <stdio.h>
#include <stdlib.h>

struct tree_file {
	void *bytes;
	size_t size;
};

/* Fails by size 0. */
static inline struct tree_file tree_file_read(const char *path)
{
	struct tree_file file = { calloc(1, 65536), 0 };
	FILE *stream = fopen(path, "rb");

	if (stream && file.bytes)
		file.size = fread(file.bytes, 1, 65536, stream);
	if (stream)
		fclose(stream);
	return file;
}

#endif
