/* SPDX-License-Identifier: MIT */
#ifndef IMAGE_H
#define IMAGE_H

#include <stdbool.h>

#include "cli.h"

/* One image as the command line gives it. */
struct image_source {
	const char *text; /* name of a file, or the string itself */
	bool is_string;
	uint64_t address;
};

/* The whole text as a number, 0x for hexadecimal. -EINVAL: it is none, or it is beyond 64 bits. */
int address_parse(const char *text, uint64_t *address);

/* {IMAGE | -s STRING} [-a ADDRESS] ... into sources, which has room for argc. The count, or -EINVAL. */
int image_sources_parse(struct cli *cli, struct image_source *sources, int argc, char **argv);

/* Reads what the source names; image->data is then owned by the caller. */
int image_take(struct cli *cli, const struct image_source *source, struct jh_client_image *image);

#endif
