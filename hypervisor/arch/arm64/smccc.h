/* SPDX-License-Identifier: MIT */
/* SMCCC: Arm DEN 0028, version 1.2. How calls are numbered, and how the firmware is called. */
#ifndef HV_ARCH_SMCCC_H
#define HV_ARCH_SMCCC_H

#include <stdint.h>

#define SMCCC_64		0x40000000u	/* arguments and results have 64 bits */

#define SMCCC_VERSION		0x80000000u
#define SMCCC_ARCH_FEATURES	0x80000001u
#define SMCCC_ARCH_SOC_ID	0x80000002u
#define SMCCC_WORKAROUND_1	0x80008000u	/* branch predictor: CVE-2017-5715 */
#define SMCCC_WORKAROUND_2	0x80007fffu	/* speculative store bypass: CVE-2018-3639 */
#define SMCCC_WORKAROUND_3	0x80003fffu	/* branch history: CVE-2022-23960 */

#define SMCCC_SUCCESS		0L
#define SMCCC_NOT_SUPPORTED	(-1L)

/* In vectors.S: SMC with x0 to x7, out gets x0 to x3. */
void call_firmware(const uint64_t in[8], uint64_t out[4]);

#endif
