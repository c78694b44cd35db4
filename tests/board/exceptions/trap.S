/* SPDX-License-Identifier: MIT */
/* Executes something with any PSTATE, and notes every detail of the exception that ends it. Flags stay as they are meanwhile. */
	.text
	.global	run_case
run_case:
	stp	x29, x30, [sp, #-96]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	mov	x9, sp
	str	x9, [x3, #56]
	str	xzr, [x3]
	msr	tpidr_el1, x3
	msr	elr_el1, x0
	msr	spsr_el1, x1
	ldr	x9, =0x5ec7e7
	msr	far_el1, x9
	msr	esr_el1, xzr
	mov	x0, x2
	isb
	eret

taken:	mrs	x10, tpidr_el1
	ldr	x11, [x10]
	cbnz	x11, again
	mov	x11, #1
	stp	x11, x9, [x10]
	mrs	x11, esr_el1
	mrs	x12, elr_el1
	stp	x11, x12, [x10, #16]
	mrs	x11, spsr_el1
	mrs	x12, far_el1
	stp	x11, x12, [x10, #32]
	svc	#0			/* tells PSTATE as it was at the vector */
again:	mrs	x11, spsr_el1
	ldr	x12, [x10, #56]
	str	x11, [x10, #48]
	mov	sp, x12
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	x29, x30, [sp], #96
	ret

	.balign	0x800
	.global	trap_vectors
trap_vectors:
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	mov	x9, #\n * 0x80
	b	taken
	.balign	0x80
	.endr
