/* SPDX-License-Identifier: MIT */
#ifndef HV_LOG_H
#define HV_LOG_H

#include <jailhouse/console.h>

/* The public area of the image; root reads it. */
extern struct jh_log hv_log;
extern struct jh_status hv_status;

/* To the ring that root reads and to the debug UART. */
void log_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
