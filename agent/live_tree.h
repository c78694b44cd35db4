/* SPDX-License-Identifier: MIT */
/* The device tree that the running kernel has, overlays included, flattened again. */
#ifndef AGENT_LIVE_TREE_H
#define AGENT_LIVE_TREE_H

#include <stddef.h>

#define LIVE_TREE "/proc/device-tree" /* readable by everybody, unlike /sys/firmware/fdt */

/* 0, or -errno: -ENOENT when the board has none. *blob is free()d by the caller. */
int live_tree_read(const char *folder, void **blob, size_t *size);

#endif
