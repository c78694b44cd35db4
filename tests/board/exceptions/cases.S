/* SPDX-License-Identifier: MIT */
/* The instructions. Those that an old assembler or CPU does not know are written by number: undefined then, here and there. */
#include "exceptions.h"

	.macro	case name, where, argument, instruction:vararg
1:	.ascii	"\name"
	.fill	24 - (. - 1b), 1, 0
	.quad	\argument
	.word	\where
	\instruction
	.endm

	.arch	armv8.5-a+fp+simd
	.section .rodata
	.balign	8
	.global	cases, cases_end
cases:
	/* An address where nobody answers. */
	case	"ldr", CASE_A64 | CASE_SHORT, NOWHERE, ldr x1, [x0]
	case	"ldrb", CASE_A64, NOWHERE + 3, ldrb w1, [x0]
	case	"ldrsh", CASE_A64, NOWHERE, ldrsh x1, [x0]
	case	"str", CASE_A64, NOWHERE, str w1, [x0]
	case	"ldp", CASE_A64, NOWHERE, ldp x1, x2, [x0]
	case	"stp", CASE_A64 | CASE_SHORT, NOWHERE, stp x1, x2, [x0]
	case	"ldr-post", CASE_A64, NOWHERE, ldr x1, [x0], #8
	case	"str-pre", CASE_A64, NOWHERE, str x1, [x0, #8]!
	case	"ldr-simd", CASE_A64, NOWHERE, ldr q0, [x0]
	case	"str-simd", CASE_A64, NOWHERE, str q0, [x0]
	case	"ldtr", CASE_A64, NOWHERE, ldtr x1, [x0]
	case	"ldar", CASE_A64, NOWHERE, ldar x1, [x0]
	case	"ldxr", CASE_A64, NOWHERE, ldxr x1, [x0]
	case	"ldr-page-end", CASE_A64, NOWHERE + 0xff8, ldr x1, [x0]
	case	"prfm", CASE_A64, NOWHERE, prfm pldl1keep, [x0]
	case	"fetch", CASE_A64 | CASE_SHORT, NOWHERE, br x0
	/* What does not exist, or not here. */
	case	"udf", CASE_A64 | CASE_SHORT, 0, udf #0
	case	"no-encoding", CASE_A64, 0, .inst 0x0000beef
	case	"hvc", CASE_EL0, 0, hvc #0
	case	"smc", CASE_EL0, 0, smc #0
	case	"svc", CASE_A64, 0, svc #0x123
	case	"brk", CASE_A64, 0, brk #0x123
	case	"hcr_el2", CASE_A64 | CASE_SHORT, 0, mrs x1, hcr_el2
	case	"vttbr_el2", CASE_A64, 0, msr vttbr_el2, x0
	case	"scr_el3", CASE_A64, 0, mrs x1, scr_el3
	case	"sctlr_el12", CASE_A64, 0, mrs x1, s3_5_c1_c0_0
	case	"tlbi-alle1", CASE_A64, 0, tlbi alle1
	case	"tlbi-ipas2", CASE_A64, 0, tlbi ipas2e1is, x0
	case	"at-s12e1r", CASE_A64, 0, at s12e1r, x0
	case	"id-write", CASE_A64, 0, msr s3_0_c0_c4_0, x0
	case	"id-pfr0", CASE_EL0, 0, mrs x1, id_aa64pfr0_el1
	case	"id-reserved", CASE_EL1, 0, mrs x1, s3_0_c0_c7_7
	case	"sctlr_el1", CASE_EL0, 0, mrs x1, sctlr_el1
	case	"daifset", CASE_EL0, 0, msr daifset, #2
	case	"cntpct_el0", CASE_EL0, 0, mrs x1, cntpct_el0
	case	"pmccntr_el0", CASE_EL0, 0, mrs x1, pmccntr_el0
	case	"pmevcntr30_el0", CASE_EL1, 0, mrs x1, pmevcntr30_el0
	case	"wfi", CASE_EL0, 0, wfi
	case	"dc-civac", CASE_EL0, NOWHERE, dc civac, x0
	case	"fmov", CASE_A64, 0, fmov d0, x0
	case	"sve-rdvl", CASE_A64, 0, .inst 0x04bf5021
	case	"pacia", CASE_A64, 0, .inst 0xdac10001
	case	"oslsr_el1", CASE_A64, 0, mrs x1, oslsr_el1
	case	"icc_igrpen0_el1", CASE_A64, 0, mrs x1, s3_0_c12_c12_6
	case	"icc_sre_el2", CASE_A64, 0, mrs x1, s3_4_c12_c9_5
	case	"amcr_el0", CASE_A64, 0, mrs x1, s3_3_c13_c2_0
	case	"mpam1_el1", CASE_A64, 0, mrs x1, s3_0_c10_c5_0
	/* What the machine may have and a cell has not. */
	case	"impl-sys", CASE_HIDDEN, 0, sys #3, c15, c1, #0, x0
	case	"pmscr_el1", CASE_HIDDEN | CASE_SHORT, 0, mrs x1, s3_0_c9_c9_0
	case	"pmblimitr_el1", CASE_HIDDEN, 0, msr s3_0_c9_c10_0, x0
	case	"trfcr_el1", CASE_HIDDEN, 0, mrs x1, s3_0_c1_c2_1
	case	"trblimitr_el1", CASE_HIDDEN, 0, msr s3_0_c9_c11_0, x0
	case	"trcprgctlr", CASE_HIDDEN, 0, mrs x1, s2_1_c0_c1_0
	case	"brbcr_el1", CASE_HIDDEN, 0, mrs x1, s2_1_c9_c0_0
	case	"erridr_el1", CASE_HIDDEN, 0, mrs x1, s3_0_c5_c3_0
	case	"errselr_el1", CASE_HIDDEN, 0, msr s3_0_c5_c3_1, x0
	case	"erxstatus_el1", CASE_HIDDEN, 0, mrs x1, s3_0_c5_c4_2
	case	"lorid_el1", CASE_HIDDEN, 0, mrs x1, s3_0_c10_c4_7
	case	"lorc_el1", CASE_HIDDEN, 0, msr s3_0_c10_c4_3, x0
	case	"smcr_el1", CASE_HIDDEN, 0, mrs x1, s3_0_c1_c2_6
	case	"svcr", CASE_HIDDEN, 0, mrs x1, s3_3_c4_c2_2
	case	"smstart-za", CASE_HIDDEN, 0, .inst 0xd503457f
	case	"rdsvl", CASE_HIDDEN, 0, .inst 0x04bf5821
	case	"gcr_el1", CASE_HIDDEN, 0, mrs x1, s3_0_c1_c0_6
	case	"rgsr_el1", CASE_HIDDEN, 0, msr s3_0_c1_c0_5, x0
	case	"tfsr_el1", CASE_HIDDEN, 0, mrs x1, s3_0_c5_c6_0
	/* 32-bit programs. */
	case	"a32-ldr", CASE_A32, NOWHERE, .word 0xe5901000
	case	"a32-strb", CASE_A32, NOWHERE, .word 0xe5c01000
	case	"a32-ldm", CASE_A32, NOWHERE, .word 0xe8b00006
	case	"a32-fetch", CASE_A32, NOWHERE, .word 0xe12fff10
	case	"a32-udf", CASE_A32, 0, .word 0xe7f000f0
	case	"a32-svc", CASE_A32, 0, .word 0xef000123
	case	"a32-hvc", CASE_A32, 0, .word 0xe1400070
	case	"a32-smc", CASE_A32, 0, .word 0xe1600070
	case	"a32-midr", CASE_A32, 0, .word 0xee101f10
	case	"a32-sctlr", CASE_A32, 0, .word 0xee111f10
	case	"a32-pmccntr", CASE_A32, 0, .word 0xee191f1d
	case	"t32-ldr", CASE_T32, NOWHERE, .word 0xdf016801
	case	"t32-str.w", CASE_T32, NOWHERE, .word 0x1000f8c0
	case	"t32-fetch", CASE_T32, NOWHERE, .word 0xdf014700
	case	"t32-udf", CASE_T32, 0, .word 0xdf01de00
	case	"t32-udf.w", CASE_T32, 0, .word 0xa000f7f0
	case	"t32-midr", CASE_T32, 0, .word 0x1f10ee10
cases_end:
