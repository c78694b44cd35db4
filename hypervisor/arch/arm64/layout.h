/* SPDX-License-Identifier: MIT */
/* Numbers that assembler and C share; static asserts in cpu.c and boot.c hold them against the structs. */
#ifndef HV_ARCH_LAYOUT_H
#define HV_ARCH_LAYOUT_H

/*
 * A CPU's block: struct cpu, then what it saves when it dies and a small stack for its last words; a page that is not mapped; the
 * EL2 stack down from the top.
 */
#define PERCPU_SIZE		0x5000
#define PERCPU_FATAL		0x600	/* struct fatal_frame */
#define PERCPU_GUARD		0x1000	/* the stack of the last words begins here, downwards */
#define PERCPU_STACK		0x2000
#define FATAL_SP		248
#define ENTRY_SIZE		128	/* what boot.S keeps of the kernel at the top of the stack */
#define REGS_SIZE		0x100	/* struct guest_regs: x0 to x30, complete */
#define REGS_X30		240
#define REGS_COMPLETE		248
#define HEADER_CORE_SIZE	8	/* offsets in struct jh_firmware_header */
#define HEADER_MAX_CPUS		72

#define STUB_SET_VECTORS	0	/* the kernel's hyp stub, asm/virt.h */
#define STUB_SOFT_RESTART	1
#define STUB_RESET_VECTORS	2
#define STUB_FINALISE		3
#define STUB_ERROR		0xbadca11

#endif
