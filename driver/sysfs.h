/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of sysfs share among themselves; jailhouse.h has what the others see. */
#ifndef DRIVER_SYSFS_H
#define DRIVER_SYSFS_H

#include <linux/kobject.h>

/* A hypercall's result, -ENODEV when it is not enabled. Takes jh.live. */
long jh_sysfs_query(unsigned long code, unsigned long arg1, unsigned long arg2);

/* Files with the sums over the CPUs of the cell that is the parent of `statistics`; they go with it. */
int jh_sysfs_sums_add(struct kobject *statistics);

#endif
