/* SPDX-License-Identifier: MIT */
#ifndef CELL_REF_H
#define CELL_REF_H

#include "jailhouse_client.h"

struct cell_ref {
	int id; /* -1: by name */
	char name[32];
};

/* {ID | [--name] NAME}: returns how many arguments that took, 0 when there is no cell in them. */
int cell_ref_parse(struct cell_ref *ref, int argc, char **argv);

#endif
