/* SPDX-License-Identifier: MIT */
/* Why something was refused: a stable code, one sentence, the errno that goes with it. */
#ifndef HV_REASON_H
#define HV_REASON_H

#include <jailhouse/console.h>

/* Overwrites *reason and returns error, so that a check reads: return refuse(reason, -HV_EBUSY, "cpu-…", "…", …); */
int refuse(struct jh_reason *reason, int error, const char *code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Linux errno values: part of the hypercall ABI, whatever the compiler's library says. */
#define HV_EPERM	1
#define HV_ENOENT	2
#define HV_EIO		5
#define HV_E2BIG	7
#define HV_EAGAIN	11
#define HV_ENOMEM	12
#define HV_EBUSY	16
#define HV_EEXIST	17
#define HV_ENODEV	19
#define HV_EINVAL	22
#define HV_ERANGE	34
#define HV_ENOSYS	38

#endif
