/* SPDX-License-Identifier: MIT */
/* Exceptions that a guest gets from EL2 as if its hardware had raised them. */
#ifndef HV_ARCH_INJECT_H
#define HV_ARCH_INJECT_H

#include <stdint.h>

/* The instruction does not exist for this guest. */
void inject_undefined(void);

/* Nobody answers at this address: a synchronous external abort. esr is the syndrome of the abort taken to EL2. */
void inject_external_abort(uint64_t esr);

#endif
