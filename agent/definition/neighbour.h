/* SPDX-License-Identifier: MIT */
#ifndef DEFINITION_NEIGHBOUR_H
#define DEFINITION_NEIGHBOUR_H

#include "view.h"

/* Its ends of ivshmem links; free(*links). -ENOMEM. */
int neighbour_links(const struct view *view, struct definition_link **links, size_t *count);
/* Address of its UART; 0 = none of its own. */
uint64_t neighbour_console(const struct jh_cell_desc *desc);

#endif
