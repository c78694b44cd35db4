/* SPDX-License-Identifier: MIT */
/* The first instructions of the other CPU. x0 = context; x1 = what all the others hold, which should be nothing. */
	.text
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
