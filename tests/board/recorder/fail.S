/* SPDX-License-Identifier: MIT */
/* Says three lines and reads where it has nothing. */
#include <jailhouse/hypercall.h>

	.text
	.global _start
_start:
	adr	x19, text
1:	ldrb	w1, [x19], #1
	cbz	w1, 2f
	mov	x0, #JH_HC_DEBUG_CONSOLE_PUTC
	hvc	#JH_HVC_IMMEDIATE
	b	1b
2:	mov	x20, #0x7fc00000
	ldr	x21, [x20]
	b	.
text:	.asciz	"valve 1 open\nvalve 2 open\npressure too high"
