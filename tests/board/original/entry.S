/* SPDX-License-Identifier: MIT */
/* The first instruction, what the CPU looked like before it, and the interrupt vector. */
	.section .entry, "ax"
	.global _start
_start:
	/* Every general register is to be zero. x0 holds what was found, x1 is free afterwards. */
	.irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
	orr x0, x0, x\n
	.endr
	mrs x2, daif
	mrs x3, CurrentEL
	mrs x4, sctlr_el1
	mrs x5, cpacr_el1
	mov x6, sp
	adrp x1, bss_start
	add x1, x1, :lo12:bss_start
	adrp x7, bss_end
	add x7, x7, :lo12:bss_end
1:	cmp x1, x7
	b.hs 2f
	stp xzr, xzr, [x1], #16
	b 1b
2:	adrp x1, stack_top
	mov sp, x1
	adrp x1, at_entry
	add x1, x1, :lo12:at_entry
	stp x0, x2, [x1]
	stp x3, x4, [x1, #16]
	stp x5, x6, [x1, #32]
	adrp x1, vectors
	add x1, x1, :lo12:vectors
	msr vbar_el1, x1
	bl mmu_enable
	bl main
3:	wfi
	b 3b

	.section .cmdline, "a"
	.global cmdline
cmdline:
	.fill 256, 1, 0

	.macro vector target
	.balign 0x80
	b \target
	.endm

	.text
	.balign 0x800
	.type vectors, %object
vectors:
	.rept 5
	vector unexpected
	.endr
	vector interrupted
	.rept 10
	vector unexpected
	.endr

/* Stops here: the suite sees that the report is not finished. */
unexpected:
	wfi
	b unexpected

interrupted:
	sub sp, sp, #176
	stp x0, x1, [sp]
	stp x2, x3, [sp, #16]
	stp x4, x5, [sp, #32]
	stp x6, x7, [sp, #48]
	stp x8, x9, [sp, #64]
	stp x10, x11, [sp, #80]
	stp x12, x13, [sp, #96]
	stp x14, x15, [sp, #112]
	stp x16, x17, [sp, #128]
	stp x18, x30, [sp, #144]
	bl interrupt
	ldp x0, x1, [sp]
	ldp x2, x3, [sp, #16]
	ldp x4, x5, [sp, #32]
	ldp x6, x7, [sp, #48]
	ldp x8, x9, [sp, #64]
	ldp x10, x11, [sp, #80]
	ldp x12, x13, [sp, #96]
	ldp x14, x15, [sp, #112]
	ldp x16, x17, [sp, #128]
	ldp x18, x30, [sp, #144]
	add sp, sp, #176
	eret
