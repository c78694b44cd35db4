/* SPDX-License-Identifier: MIT */
#ifndef AGENT_TEXT_FILE_H
#define AGENT_TEXT_FILE_H

#include <stddef.h>

/* The whole file with a NUL behind it; free() it. NULL and errno: EFBIG above max bytes. */
char *text_file_read(const char *path, size_t max, size_t *size);

#endif
