/* SPDX-License-Identifier: MIT */
/* The first instructions of a cell, and the exception vectors. EL1, everything masked, MMU off. */
	.section .entry, "ax"
	.globl inmate_entry
inmate_entry:
	adrp	x0, stack_top
	add	x0, x0, :lo12:stack_top
	mov	sp, x0
	adrp	x0, bss_start
	add	x0, x0, :lo12:bss_start
	adrp	x1, bss_end
	add	x1, x1, :lo12:bss_end
1:	cmp	x0, x1
	b.hs	2f
	stp	xzr, xzr, [x0], #16
	b	1b
2:	adrp	x0, vectors
	add	x0, x0, :lo12:vectors
	msr	vbar_el1, x0
	isb
	bl	inmate_start
3:	wfi
	b	3b

	/* The same for a CPU that cpu_on() has started: x0 = its function and its stack. */
	.globl inmate_secondary
inmate_secondary:
	ldp	x0, x1, [x0]
	mov	sp, x1
	adrp	x2, vectors
	add	x2, x2, :lo12:vectors
	msr	vbar_el1, x2
	isb
	bl	inmate_secondary_start
4:	wfi
	b	4b

	/* Filled in by the loader: a NUL-terminated string, see inmate.h. */
	.section .cmdline, "aw"
	.globl inmate_cmdline
inmate_cmdline:
	.fill	256, 1, 0

	/* What a C function may clobber (AAPCS64), and where to return to. */
	.macro save
	sub	sp, sp, #192
	stp	x0, x1, [sp]
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x30, [sp, #144]
	mrs	x0, elr_el1
	mrs	x1, spsr_el1
	stp	x0, x1, [sp, #160]
	.endm

	.text
irq_entry:
	save
	bl	inmate_irq
	ldp	x0, x1, [sp, #160]
	msr	elr_el1, x0
	msr	spsr_el1, x1
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x30, [sp, #144]
	ldp	x0, x1, [sp], #192
	eret

fault_entry:
	mrs	x0, esr_el1
	mrs	x1, elr_el1
	mrs	x2, far_el1
	bl	inmate_fault
1:	wfi
	b	1b

	.macro vector target
	.balign	0x80
	b	\target
	.endm

	/* 16 entries of 0x80 bytes (DDI 0487, D1.10.2). A cell runs at EL1 with SP_EL1: the second group of four. */
	.balign	0x800
vectors:
	.rept 5
	vector	fault_entry
	.endr
	vector	irq_entry
	.rept 10
	vector	fault_entry
	.endr
