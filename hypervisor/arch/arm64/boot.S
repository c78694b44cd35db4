/* SPDX-License-Identifier: MIT */
/*
 * The image's header, the resident vectors, and the way in from the stub at EL2 (MMU off) and out again.
 * Nothing here may use an absolute address: the image runs wherever hypervisor_memory is.
 */
#include <jailhouse/firmware.h>
#include <jailhouse/hypercall.h>
#include "layout.h"

/* core_size, percpu_size and public_offset stand between these two: the linker script writes them, as plain numbers. */
	.section .header.first, "a"
	.global image_start
image_start:
	.ascii	JH_FW_SIGNATURE
	.section .header.rest, "a"
1:	.word	JH_ROTUNDA_ABI
	.word	0
	.asciz	ROTUNDA_VERSION
	.org	1b + 40
	.word	0, 0				/* max_cpus, online_cpus */
	.quad	0, 0				/* config_size, hypervisor_size */

/*
 * Resident vectors: 16 entries of 0x80 bytes. Only "synchronous, from a lower EL in AArch64" (+0x400) is ever
 * taken while they are installed; anything else here is a bug of the firmware below us, and stops this CPU.
 */
	.section .resident, "ax"
	.balign	0x800
	.global resident_vectors
resident_vectors:
	.rept	8
	b	.
	.balign	0x80
	.endr
	b	resident_sync			/* +0x400 */
	.balign	0x80
	.rept	7
	b	.
	.balign	0x80
	.endr

resident_sync:
	cmp	x0, #STUB_SET_VECTORS
	b.eq	1f
	cmp	x0, #STUB_SOFT_RESTART
	b.eq	2f
	cmp	x0, #STUB_FINALISE
	b.ls	3f				/* nothing to do: these are the vectors, and there is no VHE */
	mov	w17, #(JH_FW_ENTER & 0xffff)
	movk	w17, #(JH_FW_ENTER >> 16), lsl #16
	cmp	x0, x17
	b.eq	enter
	movz	x0, #(STUB_ERROR & 0xffff)
	movk	x0, #(STUB_ERROR >> 16), lsl #16
	eret
1:	msr	vbar_el2, x1
3:	mov	x0, xzr
	eret
2:	mov	x17, x1				/* soft restart: to x1 at EL2, with x2 to x4 as x0 to x2 */
	mov	x0, x2
	mov	x1, x3
	mov	x2, x4
	br	x17

	.text
/* The kernel's x18 to x30 and where it goes on, at the top of the CPU's stack: an exception of EL2 overwrites ELR and SPSR. */
/* x1 = logical CPU, x2 = physical address of the core. SP_EL2 is nobody's. */
enter:
	/* Per-CPU block: core + core_size + cpu * PERCPU_SIZE. A CPU number the header does not know goes back. */
	ldr	w16, [x2, #HEADER_MAX_CPUS]			/* max_cpus */
	cmp	x1, x16
	b.hs	5f
	ldr	x16, [x2, #HEADER_CORE_SIZE]
	add	x16, x2, x16
	mov	x17, #PERCPU_SIZE
	madd	x16, x1, x17, x16
	add	x17, x16, x17
	mov	sp, x17
	msr	tpidr_el2, x16
	/* What the caller may keep in registers over a call: x18 to x30. */
	stp	x18, x19, [sp, #-ENTRY_SIZE]!
	stp	x20, x21, [sp, #16]
	stp	x22, x23, [sp, #32]
	stp	x24, x25, [sp, #48]
	stp	x26, x27, [sp, #64]
	stp	x28, x29, [sp, #80]
	mrs	x16, elr_el2
	mrs	x17, spsr_el2
	stp	x30, x16, [sp, #96]
	str	x17, [sp, #112]
	adrp	x16, hv_vectors
	add	x16, x16, :lo12:hv_vectors
	msr	vbar_el2, x16
	isb
	mov	x0, x1
	mov	x1, x2
	bl	boot_cpu
	/* int64_t result: with the MMU on below the hypervisor, or off as the CPU came. */
	.global boot_return
boot_return:
	mrs	x16, tpidr_el2
	add	x16, x16, #PERCPU_SIZE
	sub	sp, x16, #ENTRY_SIZE
	ldp	x30, x16, [sp, #96]
	ldr	x17, [sp, #112]
	msr	elr_el2, x16
	msr	spsr_el2, x17
	ldp	x28, x29, [sp, #80]
	ldp	x26, x27, [sp, #64]
	ldp	x24, x25, [sp, #48]
	ldp	x22, x23, [sp, #32]
	ldp	x20, x21, [sp, #16]
	ldp	x18, x19, [sp], #ENTRY_SIZE
	eret
5:	mov	x0, #-22			/* EINVAL */
	eret

/* void mmu_on(uint64_t ttbr, uint64_t tcr, uint64_t mair, uint64_t sctlr): identity map, so the next fetch is mapped. */
	.global mmu_on
mmu_on:
	msr	mair_el2, x2
	msr	tcr_el2, x1
	msr	ttbr0_el2, x0
	dsb	sy
	isb
	tlbi	alle2
	ic	iallu
	dsb	sy
	isb
	msr	sctlr_el2, x3
	isb
	ret

/* void mmu_off(uint64_t sctlr): written data must be in memory before caches are bypassed; the caller cleaned it. */
	.global mmu_off
mmu_off:
	dsb	sy
	msr	sctlr_el2, x0
	isb
	tlbi	alle2
	dsb	sy
	isb
	ret
