/* SPDX-License-Identifier: MIT */
/* The four functions that the compiler may call by itself, and two for names. */
#ifndef HV_LIB_STRING_H
#define HV_LIB_STRING_H

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);
size_t strnlen(const char *text, size_t max);
int strncmp(const char *a, const char *b, size_t max);

#endif
