/* SPDX-License-Identifier: MIT */
/* Image files under DATA/images, named by their SHA-256: equal bytes are kept once. */
#ifndef AGENT_IMAGES_H
#define AGENT_IMAGES_H

#include "agent.h"

#define IMAGE_MAX ((uint64_t)512 << 20)

struct image_file {
	char sha256[65];
	uint64_t size;
};

/* Received, synced, not yet under its final name. */
struct image_upload {
	char path[512];
	char sha256[65];
	uint64_t size;
};

int images_prepare(const char *data); /* makes the folder, removes uploads that were cut off */

/*
 * Streams to a `.part` file and syncs it: whatever is interrupted leaves no half image. -EFBIG, -ENOSPC, or
 * what the stream gave. Then either keep (rename, sync the folder) or discard.
 */
int images_receive(const char *data, const struct api_stream *stream, struct image_upload *upload);
int images_keep(const char *data, const struct image_upload *upload, struct image_file *file);
void images_discard(const struct image_upload *upload);
int images_open(const char *data, const char *sha256); /* a file descriptor or -errno */
int images_remove(const char *data, const char *sha256);

#endif
