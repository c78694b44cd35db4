/* SPDX-License-Identifier: MIT */
#ifndef HV_LOG_H
#define HV_LOG_H

#include <stddef.h>
#include <hv/arch.h>
#include <jailhouse/console.h>

/* The public area of the image; root reads it. */
extern struct jh_log hv_log;
extern struct jh_status hv_status;

/* To the ring that root reads and to the debug UART. */
extern struct spinlock log_lock;
void log_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* One line of it, with the lock held or where there can be none: exclusive accesses need the MMU. */
void log_put_locked(const char *line, size_t size);

#endif
