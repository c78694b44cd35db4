// SPDX-License-Identifier: MIT
#include <jailhouse/hypercall.h>

#include "inmate.h"

int64_t hypercall(uint64_t code, uint64_t argument)
{
	register uint64_t x0 asm("x0") = code;
	register uint64_t x1 asm("x1") = argument;

	asm volatile("hvc %2" : "+r"(x0), "+r"(x1) : "i"(JH_HVC_IMMEDIATE) : "x2", "x3", "memory");
	return (int64_t)x0;
}
