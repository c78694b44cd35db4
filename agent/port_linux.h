/* SPDX-License-Identifier: MIT */
/* What a cell that boots a Linux is loaded with: kernel and RAM disk from the store, and what agent/linux makes of them. */
#ifndef AGENT_PORT_LINUX_H
#define AGENT_PORT_LINUX_H

#include "ports.h"

/* compiler_ops.boot; loader: path of linux-loader.bin. */
int port_linux_boot(const char *loader, const struct compiled_cell *cell, const struct driver_image *images,
		    struct boot_images *boot, struct driver_reason *reason);
void port_linux_free(struct boot_images *boot);

#endif
