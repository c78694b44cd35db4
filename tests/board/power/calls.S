/* SPDX-License-Identifier: MIT */
/* Calls with all registers that SMCCC speaks of, and the first instructions of the other CPU. */
	.macro	call name, instruction
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
	call	call_smc, "smc #0"
	call	call_hvc, "hvc #0"
	call	call_smc_1, "smc #1"

	/* x0 = context; x1 = what all the others hold, which should be nothing. */
	.global other_entry
other_entry:
	.irp	n, 2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
	orr	x1, x1, x\n
	.endr
	adrp	x2, other_stack_top
	add	x2, x2, :lo12:other_stack_top
	mov	sp, x2
	bl	other_main
1:	wfi
	b	1b

	.bss
	.balign	16
	.skip	4096
other_stack_top:
