// SPDX-License-Identifier: MIT
#include "db_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[64];
char db_file_path[96];

int db_file_open(void **state)
{
	struct db *db = NULL;

	snprintf(folder, sizeof(folder), "/tmp/rotunda-db-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(db_file_path, sizeof(db_file_path), "%s/rotunda.db", folder);
	if (db_open(&db, db_file_path) != 0)
		return -1;
	*state = db;
	return 0;
}

int db_file_close(void **state)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	char name[128];

	db_close(*state);
	for (size_t i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", db_file_path, suffixes[i]);
		unlink(name);
	}
	return rmdir(folder);
}
