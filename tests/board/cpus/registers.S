/* SPDX-License-Identifier: MIT */
/*
 * Cells of the suite of CPU models, MMU off, RAM at 0. KIND_fill writes something into every register there is and says into how
 * many; KIND_look says which registers do not hold what a fresh CPU has; KIND_use uses what the CPU has a lot. x25: registers with something in them, x26: that do
 * not exist, x27: the instruction was undefined.
 */
#include <jailhouse/hypercall.h>

#define BUFFER	0x18000

	.macro	say text
	adr	x19, 9f
	bl	puts
	b	10f
9:	.asciz	"\text"
	.balign	4
10:
	.endm

	.text
	.global _start
_start:
#ifdef KIND_look
	/* Before anything else: nothing is in any of them. */
	.irp	n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
	orr	x0, x0, x\n
	.endr
	mov	x1, sp
	orr	x28, x0, x1
	mrs	x20, vbar_el1
	mrs	x21, elr_el1
	mrs	x22, esr_el1
	mrs	x23, cpacr_el1
#endif
	adr	x0, vectors
	msr	vbar_el1, x0
	mov	x25, xzr
	mov	x26, xzr
	mov	x0, #(3 << 20 | 3 << 16)	/* CPACR_EL1.FPEN, ZEN */
	msr	cpacr_el1, x0
	isb

#if defined(KIND_use)
	/* What the CPU has and the cell may use, and what is hidden from it and it uses all the same: an exit for none of it. */
	.arch_extension memtag
	mrs	x20, id_aa64pfr1_el1
	and	x20, x20, #0xf00		/* MTE */
	mrs	x0, id_aa64pfr1_el1
	and	x0, x0, #0xf000000		/* SME */
	orr	x20, x20, x0
	say	"mte and sme: "
	bl	puthex
	say	"\n"
	mrs	x0, sctlr_el1
	orr	x0, x0, #(1 << 31)		/* EnIA */
	msr	sctlr_el1, x0
	isb
	mrs	x21, id_aa64pfr0_el1
	ubfx	x21, x21, #32, #4		/* SVE */
	mrs	x22, id_aa64isar1_el1
	ubfx	x22, x22, #4, #8		/* APA, API */
	mov	x23, #10000
1:	fmov	d0, x23
	fadd	d0, d0, d0
	ldr	x2, =BUFFER
	irg	x1, x2
	stg	x1, [x2]
	ldg	x1, [x2]
	stzg	x1, [x2]
	cbz	x21, 2f
	rdvl	x1, #1
	add	z1.b, z1.b, z0.b
2:	cbz	x22, 3f
	pacia	x1, x2
	autia	x1, x2
3:	subs	x23, x23, #1
	b.ne	1b
	say	"used\n"
	b	.
#elif defined(KIND_fill)
	.macro	REG name, register, fill, fresh, mask
	mov	x27, xzr
	ldr	x0, =\fill
	msr	\register, x0
	isb
	mrs	x0, \register
	ands	x0, x0, #0xffffffffffffff
	cset	x1, ne
	cmp	x27, #0
	csel	x1, x1, xzr, eq
	cinc	x26, x26, ne
	add	x25, x25, x1
	.endm
	b	list
	.ltorg
list:
#include "list.inc"
	bl	fill_vectors
	say	"filled "
	mov	x20, x25
	bl	puthex
	say	" registers, "
	mov	x20, x26
	bl	puthex
	say	" do not exist\n"
	bl	fill_vectors			/* puts has not touched them, but who knows */
	ldr	x0, =0x5ec7e7
	msr	elr_el1, x0
	msr	esr_el1, x0
	mov	sp, x0
	.irp	n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
	mov	x\n, x0
	.endr
	b	.

	/* Only registers of vectors are touched. */
fill_vectors:
	mrs	x0, id_aa64pfr0_el1
	ubfx	x0, x0, #32, #4
	cbz	x0, 1f
	mov	x0, #15
	msr	zcr_el1, x0
	isb
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	dup	z\n\().b, #0x5e
	.endr
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	ptrue	p\n\().b
	.endr
	wrffr	p0.b
	ret
1:
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	movi	v\n\().16b, #0x5e
	.endr
	mov	x0, #0x3000000
	msr	fpcr, x0
	mov	x0, #0x1f
	msr	fpsr, x0
	ret
#else
	.macro	clean name, value		/* the value is in a register that is not x0 to x3, x19 */
	mov	x20, \value
	cbz	x20, 8f
	add	x25, x25, #1
	say	"not clean: \name "
	bl	puthex
	say	"\n"
8:
	.endm
	.macro	REG name, register, fill, fresh, mask
	mov	x27, xzr
	mrs	x20, \register
	ldr	x0, =\fresh
	eor	x20, x20, x0
	ldr	x0, =\mask
	and	x20, x20, x0
	cmp	x27, #0
	csel	x20, x20, xzr, eq		/* undefined: then there is nothing to be seen */
	cinc	x26, x26, ne
	clean	\name, x20
	.endm
	/* Those first that the way here has touched. */
	mov	x24, x20
	clean	"x0 to x30, sp", x28
	clean	VBAR_EL1, x24
	clean	ELR_EL1, x21
	clean	ESR_EL1, x22
	eor	x23, x23, #(3 << 20)
	clean	CPACR_EL1, x23
	bl	look_at_vectors
	clean	"vector registers", x24
	mrs	x24, fpcr
	clean	FPCR, x24
	mrs	x24, fpsr
	clean	FPSR, x24
	b	list
	.ltorg
list:
#include "list.inc"
	mov	x20, x26
	bl	puthex
	say	" do not exist, "
	mov	x20, x25
	bl	puthex
	say	" are not clean\n"
	b	.

	/* x24: all bits of all of them. */
look_at_vectors:
	ldr	x1, =BUFFER
	mov	x24, xzr
	mrs	x0, id_aa64pfr0_el1
	ubfx	x0, x0, #32, #4
	cbz	x0, 1f
	mrs	x24, zcr_el1
	mov	x0, #15
	msr	zcr_el1, x0
	isb
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	str	z\n, [x1, #\n, mul vl]
	.endr
	addvl	x1, x1, #31
	addvl	x1, x1, #1
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	str	p\n, [x1, #\n, mul vl]
	.endr
	addpl	x1, x1, #16
	rdffr	p0.b
	str	p0, [x1]
	addpl	x1, x1, #1
	b	2f
1:
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	str	q\n, [x1], #16
	.endr
2:	ldr	x0, =BUFFER
3:	ldrh	w2, [x0], #2
	orr	x24, x24, x2
	cmp	x0, x1
	b.lo	3b
	ret
#endif

	/* x20 as 16 digits. */
puthex:	mov	x16, #16
	mov	x17, x30
1:	ror	x20, x20, #60
	and	x1, x20, #15
	cmp	x1, #10
	add	x2, x1, #'a' - 10
	add	x1, x1, #'0'
	csel	x1, x1, x2, lo
	mov	x0, #JH_HC_DEBUG_CONSOLE_PUTC
	hvc	#JH_HVC_IMMEDIATE
	subs	x16, x16, #1
	b.ne	1b
	ret	x17

puts:	ldrb	w1, [x19], #1
	cbz	w1, 1f
	mov	x0, #JH_HC_DEBUG_CONSOLE_PUTC
	hvc	#JH_HVC_IMMEDIATE
	b	puts
1:	ret

	/* An undefined instruction is stepped over and noted. */
	.balign	0x800
vectors:
	.rept	16
	mrs	x27, elr_el1
	add	x27, x27, #4
	msr	elr_el1, x27
	mov	x27, #1
	eret
	.balign	0x80
	.endr
