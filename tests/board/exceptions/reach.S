/* SPDX-License-Identifier: MIT */
/* A cell that does one thing to one address, MMU off: REACH, with x0 = ADDRESS, x8 and x20 known. Then it lives on. */
	.arch	armv8-a+fp+simd
	.text
	.global	_start
_start:
	mov	x1, #(3 << 20)		/* CPACR_EL1.FPEN */
	msr	cpacr_el1, x1
	isb
	ldr	x0, =ADDRESS
	ldr	x8, =0x5ec7e708
	ldr	x20, =0x5ec7e720
	.global	reach
reach:	REACH
	b	.
