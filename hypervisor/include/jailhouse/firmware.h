/* SPDX-License-Identifier: MIT */
/*
 * jailhouse.bin: header and entry protocol, between the driver and the hypervisor only.
 *
 * Hypervisor memory (all offsets from its start, hypervisor_memory.phys_start):
 *   0                                 the core: this header, vectors, text, data, bss
 *   core_size                         max_cpus blocks of percpu_size
 *   core_size + max_cpus*percpu_size  the system configuration, config_size bytes
 *   then, page aligned                the page pool
 *   the last JH_RECORDER_SIZE bytes   the flight recorder (recorder.h), which the driver reads before it places a firmware
 *                                     and never clears
 *
 * Entry, on every online CPU, at EL1 with interrupts off (Documentation/virt of Linux calls the other
 * side the hyp stub, asm/virt.h has its interface):
 *   hvc #0, x0 = 0 (set vectors), x1 = physical address of core + JH_FW_VECTORS
 *   hvc #0, x0 = JH_FW_ENTER, x1 = logical CPU, x2 = physical address of the core
 *     -> x0 = 0 and the caller goes on at EL1 below the hypervisor, or a negative errno, the same one
 *        on every CPU, and EL2 is back in the state before. x1 to x17 are clobbered.
 * The page at JH_FW_VECTORS is position independent and stays usable with the EL2 MMU off: it
 * answers the stub's interface (0 set vectors, 1 soft restart, 2 reset vectors, 3 finalise)
 * before enable and after disable. It sits at the same offset in every firmware, so that a new image
 * may be copied over an old one while EL2 still points there.
 */
#ifndef JAILHOUSE_FIRMWARE_H
#define JAILHOUSE_FIRMWARE_H

#define JH_FW_SIGNATURE		"ROTUNDA1"	/* 8 bytes, no NUL */
#define JH_FW_VECTORS		0x1000
#define JH_FW_ENTER		0x4a480001

#ifndef __ASSEMBLER__
#include "config.h"

struct jh_firmware_header {
	char signature[8];
	uint64_t core_size;		/* header to end of bss, a page multiple */
	uint64_t percpu_size;		/* bytes per CPU, a page multiple */
	uint64_t public_offset;		/* struct jh_log, then struct jh_status: JH_PUBLIC_SIZE bytes */
	uint32_t abi;			/* JH_ROTUNDA_ABI */
	uint32_t reserved;
	char version[32];		/* "0.1.0", NUL-terminated */
	/* Filled in by the driver before the first entry. */
	uint32_t max_cpus;		/* highest CPU of the root cell + 1 */
	uint32_t online_cpus;		/* how many will enter */
	uint64_t config_size;		/* bytes of the system configuration */
	uint64_t hypervisor_size;	/* bytes of hypervisor_memory */
};
JH_ABI_SIZE(struct jh_firmware_header, 96);
#endif

#endif
