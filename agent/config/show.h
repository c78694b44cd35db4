/* SPDX-License-Identifier: MIT */
/* Problems as a good compiler shows them: the place, the line, a mark below it, what to do. */
#ifndef CONFIG_SHOW_H
#define CONFIG_SHOW_H

#include "source.h"

/* Colour only on a terminal, and not where NO_COLOR is set (no-color.org). */
void show_problems(FILE *out, const struct source *source, const struct definition_problems *problems);
void show_errors(FILE *out, const struct source *source, const struct definition_problems *problems);
/* "2 errors, 1 warning"; "no errors". */
void show_count(FILE *out, size_t errors, size_t warnings);
size_t show_warnings_of(const struct definition_problems *problems);

#endif
