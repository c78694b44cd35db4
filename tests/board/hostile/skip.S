/* SPDX-License-Identifier: MIT */
/* What needs exact instructions: vectors that survive everything, accesses of every kind, a word to execute. */
	.arch	armv8-a+fp+simd+lse
	.text
skip_sync:
	stp	x0, x1, [sp, #-16]!
	mrs	x0, esr_el1
	adrp	x1, last_esr
	str	x0, [x1, :lo12:last_esr]
	lsr	x0, x0, #26
	mov	x1, #0x22
	cmp	x0, #0x21		/* a fetch: back to who called */
	ccmp	x0, x1, #4, ne		/* and one from an address that is no multiple of 4: 4 bytes on is none either */
	mrs	x1, elr_el1
	add	x1, x1, #4
	csel	x1, x30, x1, eq
	msr	elr_el1, x1
	adrp	x1, skipped
	add	x1, x1, :lo12:skipped
	ldr	x0, [x1]
	add	x0, x0, #1
	str	x0, [x1]
	ldp	x0, x1, [sp], #16
	eret

skip_irq:
	stp	x0, x1, [sp, #-16]!
	adrp	x1, keep_timers
	add	x1, x1, :lo12:keep_timers
	ldr	x0, [x1]
	cbnz	x0, 1f
	msr	cntv_ctl_el0, xzr
	msr	cntp_ctl_el0, xzr
1:	adrp	x1, interface
	ldr	x1, [x1, :lo12:interface]
	cbnz	x1, 2f
	mrs	x0, S3_0_C12_C12_0	/* ICC_IAR1_EL1 */
	msr	S3_0_C12_C12_1, x0	/* ICC_EOIR1_EL1 */
	b	3f
2:	ldr	w0, [x1, #0xc]		/* GICC_IAR */
	str	w0, [x1, #0x10]		/* GICC_EOIR */
3:	isb
	ldp	x0, x1, [sp], #16
	eret

	.macro	vector target
	.balign	0x80
	b	\target
	.endm

	.balign	0x800
	.global	skip_vectors
skip_vectors:
	.rept	4
	vector	skip_sync
	vector	skip_irq
	vector	skip_irq
	vector	skip_sync
	.endr

	/* Each entry is undefined itself. */
	.balign	0x800
	.global	fault_vectors
fault_vectors:
	.rept	16
	.balign	0x80
	udf	#0
	.endr

	.macro	kind instructions:vararg
	.balign	32
	\instructions
	ret
	.endm

	/* access.h: x0 = address, x1 = kind, x2 = what a store stores */
	.global	access
access:	adr	x3, kinds
	add	x3, x3, x1, lsl #5
	mov	x1, x2
	br	x3
	.balign	32
kinds:	kind	ldr x0, [x0]
	kind	str x1, [x0]
	kind	ldrb w0, [x0]
	kind	strb w1, [x0]
	kind	ldrh w0, [x0]
	kind	strh w1, [x0]
	kind	ldr w0, [x0]
	kind	str w1, [x0]
	kind	ldp x0, x1, [x0]
	kind	stp x1, x1, [x0]
	kind	ldrsb x0, [x0]
	kind	ldar x0, [x0]
	kind	stlr x1, [x0]
	kind	ldtr x0, [x0]
	kind	sttr x1, [x0]
	kind	ldr x3, [x0], #8
	kind	str x1, [x0], #8
	kind	ldr q0, [x0]
	kind	str q0, [x0]
	kind	ldxr x0, [x0]
	kind	ldxp x0, x1, [x0]
	.balign	32
	mov	w4, #1
	ldxr	x3, [sp]		/* armed, although for another address */
	stxr	w4, x1, [x0]
	mov	w0, w4
	ret
	kind	ldadd x1, x0, [x0]
	.balign	32
	mov	x3, x0
	cas	x1, x1, [x3]
	ret
	kind	dc zva, x0
	.balign	32
	stp	x29, x30, [sp, #-16]!
	blr	x0
	ldp	x29, x30, [sp], #16
	ret

	.global	execute
execute:
	adrp	x2, slot
	add	x2, x2, :lo12:slot
	str	w0, [x2]
	dc	cvau, x2
	dsb	ish
	ic	ivau, x2
	dsb	ish
	isb
	mov	x0, x1
	stp	x29, x30, [sp, #-16]!
	blr	x2
	isb
	ldp	x29, x30, [sp], #16
	ret

	.global	turn_off
turn_off:
	movz	w0, #0x8400, lsl #16
	movk	w0, #2
	smc	#0
	b	.

	.data
	.balign	8
	.global	skipped, last_esr, keep_timers, interface
skipped:
	.quad	0
last_esr:
	.quad	0
keep_timers:
	.quad	0
interface:
	.quad	0
	.balign	4096
slot:	nop
	ret
	.balign	4096
