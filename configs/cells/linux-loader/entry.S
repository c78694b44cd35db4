/* SPDX-License-Identifier: MIT */
/*
 * The first instructions of a Linux cell: EL1, MMU off, everything masked. Runs wherever a page begins; the stack ends
 * where the parameters begin, above the code.
 */
	.section .entry, "ax"
	.globl loader_entry
loader_entry:
	adr	x0, loader_entry
	add	x0, x0, #0x1000
	mov	sp, x0
	bl	loader_main

	/*
	 * x0 = kernel, x1 = device tree. The kernel's image was written past the instruction cache. (Linux
	 * Documentation/arm64/booting.rst: MMU off, x0 = tree, x1 to x3 = 0.)
	 */
	mov	x4, x0
	mov	x0, x1
	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
	ic	iallu
	dsb	sy
	isb
	br	x4

	/* Filled in by who loads the cell. The image brings the zeroes that end the text. */
	.section .parameters, "aw"
	.fill	1024, 1, 0
