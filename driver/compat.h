/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the kernels that the module is built for, 6.1 and up; nobody else looks at the version.
 * tests/kernels builds and boots the module on each kernel of a Debian release.
 */
#ifndef DRIVER_COMPAT_H
#define DRIVER_COMPAT_H

#include <linux/sysfs.h>
#include <linux/version.h>

/* linux/sysfs.h: the attribute that read() gets is const from 6.17 on. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 17, 0)
typedef const struct bin_attribute compat_bin_attribute_t;
#else
typedef struct bin_attribute compat_bin_attribute_t;
#endif

/* linux/tty_driver.h: what write() of a tty takes and returns, from 6.6 on. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
typedef size_t compat_tty_count_t;
typedef ssize_t compat_tty_written_t;
#else
typedef int compat_tty_count_t;
typedef int compat_tty_written_t;
#endif

#endif
