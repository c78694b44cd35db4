/* SPDX-License-Identifier: MIT */
/* What the kernel shows of the device tree as files: everybody may read those, unlike /proc/iomem's addresses. */
#ifndef AGENT_DEVICE_TREE_H
#define AGENT_DEVICE_TREE_H

#include <stddef.h>
#include <stdint.h>

#define DEVICE_TREE "/proc/device-tree"

/* "" when there is none. */
void device_tree_model(const char *tree, char *model, size_t size);

typedef int (*device_tree_range_fn)(void *context, uint64_t start, uint64_t size);

/* RAM: the `reg` of the nodes memory and memory@…. A callback's value other than 0 ends the walk. */
int device_tree_memory(const char *tree, device_tree_range_fn each, void *context);
/* Children of /reserved-memory with `no-map`: Linux does not touch them. */
int device_tree_unmapped(const char *tree, device_tree_range_fn each, void *context);

/* Bytes of a property that were read, 0 when there is none. node is the folder of a node. */
size_t device_tree_property(const char *node, const char *name, void *buffer, size_t size);
/* Cells of 32 bits, most significant byte first. */
uint64_t device_tree_number(const unsigned char *bytes, size_t cells);
/* Each entry of the node's `reg`. */
int device_tree_ranges(const char *parent, const char *node, device_tree_range_fn each, void *context);

#endif
