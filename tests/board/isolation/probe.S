/* SPDX-License-Identifier: MIT */
/* Cells of the isolation suite, MMU off, RAM at 0, communication region at 0x80000000. KIND_x chooses what one does. */
#include <jailhouse/hypercall.h>

	.macro	say text
	adr	x19, 9f
	bl	puts
	b	10f
9:	.asciz	"\text\n"
	.balign	4
10:
	.endm

	.text
	.global _start
_start:
#if defined(KIND_beat)
	say	beat
	b	.
#endif

puts:	ldrb	w1, [x19], #1
	cbz	w1, 1f
	mov	x0, #JH_HC_DEBUG_CONSOLE_PUTC
	hvc	#JH_HVC_IMMEDIATE
	b	puts
1:	ret
