/* SPDX-License-Identifier: MIT */
#ifndef HV_LIB_PRINTF_H
#define HV_LIB_PRINTF_H

#include <stdarg.h>
#include <stddef.h>

/*
 * %s %c %d %u %x %%, with `0`, a width and `l` or `ll`. Always NUL-terminates; returns the bytes written without
 * the NUL (a result that was cut is cut silently: log lines and refusals are bounded by design).
 */
size_t hv_vsnprintf(char *to, size_t size, const char *format, va_list args);
size_t hv_snprintf(char *to, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
