/* SPDX-License-Identifier: MIT */
/* Cells of the fatal suite, RAM at 0: -DFAULT=x calls that hypercall once, without it the cell beats. */
#include <jailhouse/hypercall.h>
#include "faults.h"

	.text
	.global _start
_start:
#ifdef FAULT
	adr	x19, begins
	bl	puts
	movz	x0, #FAULT
	movz	x1, #0x0b00, lsl #16		/* nothing is there on this board */
	hvc	#JH_HVC_IMMEDIATE
	adr	x19, goes_on
	cmp	x0, #1
	b.eq	1f
	adr	x19, nothing
1:	bl	puts
	b	.
#else
1:	adr	x19, beat
	bl	puts
	mov	x20, #0x400000
2:	subs	x20, x20, #1
	b.ne	2b
	b	1b
#endif

puts:	ldrb	w1, [x19], #1
	cbz	w1, 1f
	mov	x0, #JH_HC_DEBUG_CONSOLE_PUTC
	hvc	#JH_HVC_IMMEDIATE
	b	puts
1:	ret
begins:	.asciz	"about to fail\n"
goes_on: .asciz	"goes on\n"
nothing: .asciz	"nothing happened\n"
beat:	.asciz	"beat\n"
