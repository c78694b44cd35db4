/* SPDX-License-Identifier: MIT */
/* Whether anything changed in a gic_model that does not belong to a cell. */
#ifndef GIC_WATCH_H
#define GIC_WATCH_H

#include "gic_model.h"

/* Remembers the model's state. */
void watch_start(void);

/* What of the state since watch_start() is not cell's and differs, or an access that no hardware defines; NULL when all is well. */
const char *watch_foreign_change(const struct cell *cell);

#endif
