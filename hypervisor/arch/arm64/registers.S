/* SPDX-License-Identifier: MIT */
/*
 * System registers by number: an instruction names its register, so there is one for each. An entry of a table has 8 bytes. The
 * caller must know that the register exists: EL2 survives no undefined instruction.
 */
	.macro	table name
	.global \name
\name:
	adr	x2, 1f
	add	x2, x2, x0, lsl #3
	br	x2
1:
	.endm

	.text
/* uint64_t id_register_read(uint64_t index): op0 = 3, op1 = CRn = 0; index is CRm * 8 + op2. */
	table	id_register_read
	.irp	m, 0,1,2,3,4,5,6,7
	.irp	o, 0,1,2,3,4,5,6,7
	mrs	x0, s3_0_c0_c\m\()_\o
	ret
	.endr
	.endr

/* uint64_t debug_register_read(uint64_t index): 16 times DBGBVR, DBGBCR, DBGWVR, DBGWCR. */
	table	debug_register_read
	.irp	m, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	.irp	o, 4,5,6,7
	mrs	x0, s2_0_c0_c\m\()_\o
	ret
	.endr
	.endr

/* void debug_register_write(uint64_t index, uint64_t value) */
	table	debug_register_write
	.irp	m, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	.irp	o, 4,5,6,7
	msr	s2_0_c0_c\m\()_\o, x1
	ret
	.endr
	.endr

/* uint64_t pmu_register_read(uint64_t index): 32 PMEVCNTR, of which 31 exist, 31 PMEVTYPER, PMCCFILTR. */
	table	pmu_register_read
	.irp	m, 8,9,10,11,12,13,14,15
	.irp	o, 0,1,2,3,4,5,6,7
	mrs	x0, s3_3_c14_c\m\()_\o
	ret
	.endr
	.endr

/* void pmu_register_write(uint64_t index, uint64_t value) */
	table	pmu_register_write
	.irp	m, 8,9,10,11,12,13,14,15
	.irp	o, 0,1,2,3,4,5,6,7
	msr	s3_3_c14_c\m\()_\o, x1
	ret
	.endr
	.endr
