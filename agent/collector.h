/* SPDX-License-Identifier: MIT */
/* One thread that follows the consoles of all created cells into their buffers, watched or not. */
#ifndef AGENT_COLLECTOR_H
#define AGENT_COLLECTOR_H

#include "console.h"

struct collector;

struct collector *collector_start(void);
void collector_stop(struct collector *collector);

/* Follows fd (taken) into console (held). The file says the end of the stream by read() = 0. */
int collector_follow(struct collector *collector, const char *name, struct console *console, int fd);
bool collector_follows(struct collector *collector, const char *name);

#endif
