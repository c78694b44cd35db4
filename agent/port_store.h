/* SPDX-License-Identifier: MIT */
/* struct store_ops over db; the object is a struct db. */
#ifndef AGENT_PORT_STORE_H
#define AGENT_PORT_STORE_H

#include "ports.h"

extern const struct store_ops port_store_ops;

#endif
