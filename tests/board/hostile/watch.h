/* SPDX-License-Identifier: MIT */
/* What root sees of the others. */
#ifndef WATCH_H
#define WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attacks.h"
#include "jailhouse_client.h"

#define HOSTILE_ID 2
#define VICTIM_ID  1

/* Physical memory, uncached; the program ends when that is refused. */
volatile void *physical(uint64_t address, size_t size);

uint64_t now_us(void);

/* The word in a cell's file of sysfs, up to the line's end or, of a failure, to its code's. */
void cell_word(int id, const char *file, char *word, size_t size);
bool cell_is(int id, const char *state);

/* "ok", or what is wrong; valid until the next call. */
const char *victim_verdict(void);
const char *root_verdict(void);
const char *audit_verdict(struct jh_client *client);

#endif
