/* SPDX-License-Identifier: MIT */
/* Values as people say them. Each writes at most `size` bytes, the NUL among them, and returns `text`. */
#ifndef DEFINITION_WORDS_H
#define DEFINITION_WORDS_H

#include <stddef.h>
#include <stdint.h>

char *words_size(char *text, size_t size, uint64_t bytes); /* "64 MiB", "4097 bytes" */
char *words_range(char *text, size_t size, uint64_t start, uint64_t bytes); /* "0x80000000-0x83ffffff" */
char *words_cpus(char *text, size_t size, uint64_t cpus); /* "0-2, 5"; "none" */
char *words_stream(char *text, size_t size, uint32_t stream); /* "0x10", "0x10 (ignoring 0x7f8)" */
char *words_bdf(char *text, size_t size, unsigned bdf); /* "00:01.0" */
char *words_flags(char *text, size_t size, uint64_t flags); /* of a memory region: "read, write" */

#endif
