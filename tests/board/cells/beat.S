/* SPDX-License-Identifier: MIT */
/* Two cells in one: `beat` prints a line a tenth of a second for ever, `stray` stops after three and reads outside its memory. */
	.text
	.global _start
_start:
	mov	x20, #0
next:	adr	x19, line
1:	ldrb	w1, [x19], #1
	cbz	w1, 2f
	mov	x0, #8			/* JH_HC_DEBUG_CONSOLE_PUTC */
	hvc	#0x4a48
	b	1b
2:	add	x20, x20, #1
	mrs	x2, cntfrq_el0
	mov	x4, #10
	udiv	x2, x2, x4
	mrs	x3, cntvct_el0
	add	x3, x3, x2
3:	mrs	x4, cntvct_el0
	yield
	cmp	x4, x3
	b.lo	3b
#ifdef STRAY
	cmp	x20, #3
	b.ne	next
	mov	x5, #0x50000000		/* root's memory, not ours */
	ldr	x6, [x5]
	b	.
#else
	b	next
#endif
line:	.asciz	"beat\n"
