/* SPDX-License-Identifier: MIT */
#ifndef DEFINITION_EXPLAIN_H
#define DEFINITION_EXPLAIN_H

#include "together.h"

/*
 * A definition as a table for people: memory with its owner, interrupts with their devices, CPUs, console. board may be NULL; its device
 * tree, if it is known, gives names to addresses and interrupts. free() *text. -EINVAL: *problems say why it cannot be read.
 */
int definition_explain(struct definition_words words, const struct definition_board *board, char **text,
		       struct definition_problems *problems);

#endif
