/* SPDX-License-Identifier: MIT */
/*
 * EL2's vectors while the hypervisor is active. Only synchronous exceptions of guests are expected: interrupts
 * belong to the guests (HCR_EL2.IMO = FMO = 0) and are never taken here.
 *
 * C gives x19 to x29 back as it found them (AAPCS64) and is compiled without x18. So an exit saves x0 to x17 and x30 only, and the
 * rest when exit_sync() asks for it: an emulated access may name any register.
 */
#include "layout.h"

	.macro	save_scratch
	sub	sp, sp, #REGS_SIZE
	stp	x0, x1, [sp, #0]
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x30, xzr, [sp, #REGS_X30]	/* and guest_regs.complete */
	mrs	x0, tpidr_el2
	mov	x1, sp
	mrs	x2, esr_el2
	.endm

	.macro	return_to_guest
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldr	x30, [sp, #REGS_X30]
	ldp	x0, x1, [sp, #0]
	add	sp, sp, #REGS_SIZE
	eret
	.endm

	/* The stack may be what went wrong. EL2 uses no timer: the compare value of its own is a place for one register. */
	.macro	own_bug kind
	msr	cnthp_cval_el2, x0
	mrs	x0, tpidr_el2
	add	x0, x0, #PERCPU_FATAL
	stp	x2, x3, [x0, #16]
	mov	x2, #\kind
	b	own_bug
	.balign	0x80
	.endm

	/* 29 instructions: a vector has room for 32. */
	.macro	guest_sync
	save_scratch
	bl	exit_sync
	cbz	w0, again
	return_to_guest
	.balign	0x80
	.endm

	/* First in the text, where its alignment costs nothing. */
	.section .vectors, "ax"
	.balign	0x800
	.global hv_vectors
hv_vectors:
	/* From EL2 itself, SP_EL0 and SP_ELx: a bug of ours. */
	own_bug	0
	own_bug	1
	own_bug	2
	own_bug	3
	own_bug	4
	own_bug	5
	own_bug	6
	own_bug	7
	/* From a guest in AArch64. */
	guest_sync
	own_bug	9
	own_bug	10
	b	serror
	.balign	0x80
	/* From a guest in AArch32: its EL0 has x0 to x14 for registers. */
	guest_sync
	own_bug	13
	own_bug	14
	b	serror
	.balign	0x80

	.text
	/* Nothing has been done but a look at the syndrome: with all registers it is. */
again:
	stp	x18, x19, [sp, #144]
	stp	x20, x21, [sp, #160]
	stp	x22, x23, [sp, #176]
	stp	x24, x25, [sp, #192]
	stp	x26, x27, [sp, #208]
	stp	x28, x29, [sp, #224]
	mov	w1, #1
	str	x1, [sp, #REGS_COMPLETE]
	mrs	x0, tpidr_el2
	mov	x1, sp
	mrs	x2, esr_el2
	bl	exit_sync
	ldp	x18, x19, [sp, #144]
	ldp	x20, x21, [sp, #160]
	ldp	x22, x23, [sp, #176]
	ldp	x24, x25, [sp, #192]
	ldp	x26, x27, [sp, #208]
	ldp	x28, x29, [sp, #224]
	return_to_guest

own_bug:
	mrs	x3, cnthp_cval_el2
	stp	x3, x1, [x0, #0]
	stp	x4, x5, [x0, #32]
	stp	x6, x7, [x0, #48]
	stp	x8, x9, [x0, #64]
	stp	x10, x11, [x0, #80]
	stp	x12, x13, [x0, #96]
	stp	x14, x15, [x0, #112]
	stp	x16, x17, [x0, #128]
	stp	x18, x19, [x0, #144]
	stp	x20, x21, [x0, #160]
	stp	x22, x23, [x0, #176]
	stp	x24, x25, [x0, #192]
	stp	x26, x27, [x0, #208]
	stp	x28, x29, [x0, #224]
	mov	x3, sp
	stp	x30, x3, [x0, #REGS_X30]	/* FATAL_SP */
	mov	x1, x0
	mrs	x0, tpidr_el2
	add	x3, x0, #PERCPU_GUARD
	mov	sp, x3
	bl	fatal_exception
	/* Back into EL2, where an access was stepped over; what it was to load may be in any register but x18. */
	mrs	x0, tpidr_el2
	add	x0, x0, #PERCPU_FATAL
	ldp	x30, x3, [x0, #REGS_X30]
	mov	sp, x3
	ldp	x2, x3, [x0, #16]
	ldp	x4, x5, [x0, #32]
	ldp	x6, x7, [x0, #48]
	ldp	x8, x9, [x0, #64]
	ldp	x10, x11, [x0, #80]
	ldp	x12, x13, [x0, #96]
	ldp	x14, x15, [x0, #112]
	ldp	x16, x17, [x0, #128]
	ldp	x20, x21, [x0, #160]
	ldp	x22, x23, [x0, #176]
	ldp	x24, x25, [x0, #192]
	ldp	x26, x27, [x0, #208]
	ldp	x28, x29, [x0, #224]
	ldr	x19, [x0, #152]
	ldp	x0, x1, [x0, #0]
	eret

serror:
	save_scratch
	bl	exit_serror
	return_to_guest

/* void guest_start(uint64_t context): a CPU's first instruction, at ELR_EL2 with SPSR_EL2. What the stack held is over. */
	.global guest_start
guest_start:
	mrs	x1, tpidr_el2
	add	x1, x1, #PERCPU_SIZE
	mov	sp, x1
	.irp	n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
	mov	x\n, xzr
	.endr
	eret

/* void call_firmware(const uint64_t in[8], uint64_t out[4]): SMC with x0 to x7; SMCCC 1.0 clobbers x0 to x17, as C does. */
	.global call_firmware
call_firmware:
	stp	x29, x30, [sp, #-32]!
	str	x1, [sp, #16]
	mov	x16, x0
	ldp	x0, x1, [x16, #0]
	ldp	x2, x3, [x16, #16]
	ldp	x4, x5, [x16, #32]
	ldp	x6, x7, [x16, #48]
	smc	#0
	ldr	x16, [sp, #16]
	stp	x0, x1, [x16, #0]
	stp	x2, x3, [x16, #16]
	ldp	x29, x30, [sp], #32
	ret
