/* SPDX-License-Identifier: MIT */
/* cmocka fixture: a fresh store in a folder of its own, *state is the open struct db. */
#ifndef FAKES_DB_FILE_H
#define FAKES_DB_FILE_H

#include "db/db.h"

extern char db_file_path[96];

int db_file_open(void **state);
int db_file_close(void **state); /* *state may be NULL */

#endif
