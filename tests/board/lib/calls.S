/* SPDX-License-Identifier: MIT */
/* calls.h */
	.macro	call name, instruction:vararg
	.global \name
\name:
	str	x0, [sp, #-16]!
	mov	x18, x0
	ldp	x16, x17, [x18, #128]
	ldp	x14, x15, [x18, #112]
	ldp	x12, x13, [x18, #96]
	ldp	x10, x11, [x18, #80]
	ldp	x8, x9, [x18, #64]
	ldp	x6, x7, [x18, #48]
	ldp	x4, x5, [x18, #32]
	ldp	x2, x3, [x18, #16]
	ldp	x0, x1, [x18]
	\instruction
	ldr	x18, [sp], #16
	stp	x0, x1, [x18]
	stp	x2, x3, [x18, #16]
	stp	x4, x5, [x18, #32]
	stp	x6, x7, [x18, #48]
	stp	x8, x9, [x18, #64]
	stp	x10, x11, [x18, #80]
	stp	x12, x13, [x18, #96]
	stp	x14, x15, [x18, #112]
	stp	x16, x17, [x18, #128]
	ret
	.endm

	.text
	call	call_smc, smc #0
	call	call_smc_1, smc #1
	call	call_smc_ffff, smc #0xffff
	call	call_hvc, hvc #0
	call	call_hvc_1, hvc #1
	call	call_hvc_ffff, hvc #0xffff
	call	call_hypercall, hvc #0x4a48
