/* SPDX-License-Identifier: MIT */
/* /dev/caller: hypercalls of the root cell as they are, for a test that knows their published numbers only. */
#ifndef CALLER_H
#define CALLER_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define CALLER_BUFFER 0x20000	/* bytes; what is written to the device goes there, contiguous in physical memory */

struct caller_call {
	__u64 code, arg1, arg2;
	__s64 result;
};

#define CALLER_CALL	_IOWR('c', 0, struct caller_call)
#define CALLER_ADDRESS	_IOR('c', 1, __u64)	/* of the buffer, physical */

#endif
