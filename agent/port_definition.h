/* SPDX-License-Identifier: MIT */
/* struct compiler_ops over agent/definition. */
#ifndef AGENT_PORT_DEFINITION_H
#define AGENT_PORT_DEFINITION_H

#include "ports.h"

struct port_definition;

extern const struct compiler_ops port_definition_ops;

/* Reads BOARD_DIR/system.json; without it definitions are judged without knowledge of the board. */
struct port_definition *port_definition_new(const char *board_dir, const char *loader);
void port_definition_free(struct port_definition *port);

#endif
