/* SPDX-License-Identifier: MIT */
/*
 * Stands in for arch/arm64/sysreg.h so that arch/arm64/stage2.c, as it is, runs on a PC. Included before the file by the
 * compiler's -include; the guard keeps the real one out.
 */
#ifndef HV_ARCH_SYSREG_H
#define HV_ARCH_SYSREG_H

#include <stdint.h>

#include "../../../hypervisor/lib/bits.h"

extern uint64_t fake_vttbr_el2;
extern unsigned int fake_tlbi_count;	/* invalidations so far */

#define read_sysreg(name)		(fake_##name)
#define write_sysreg(name, value)	(fake_##name = (value))
#define isb()				__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define dsb(domain)			__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define tlbi(operation)			((void)fake_tlbi_count++)

#define VTTBR_VMID(id)			((uint64_t)(id) << 48)

#endif
