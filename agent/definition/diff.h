/* SPDX-License-Identifier: MIT */
#ifndef DEFINITION_DIFF_H
#define DEFINITION_DIFF_H

#include "together.h"

/*
 * What `after` says that `before` does not, a sentence a line; "" when they mean the same, however they are written. board may be NULL.
 * free() *text. -EINVAL: *problems say why one of them cannot be read; *blames_after which.
 */
int definition_diff(struct definition_words before, struct definition_words after, const struct definition_board *board,
		    char **text, struct definition_problems *problems, bool *blames_after);

#endif
