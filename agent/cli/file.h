/* SPDX-License-Identifier: MIT */
#ifndef FILE_H
#define FILE_H

#include "cli.h"

struct file {
	void *data; /* free() */
	size_t size;
};

/* The whole file, or nothing and CLI_FAILED, and the reason has been told. */
int file_take(struct cli *cli, const char *path, struct file *file);

#endif
