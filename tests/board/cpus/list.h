/* SPDX-License-Identifier: MIT */
/*
 * What a cell can write: REG name, register, what the hostile one writes, what a fresh CPU has, which bits count. A register that
 * this CPU, or a cell on it, does not have is undefined, and that is right too.
 */
	REG	SCTLR_EL1, sctlr_el1, 0x30d00800, 0x30d00800, 0xffffffff
	REG	ACTLR_EL1, actlr_el1, 0x5ec7e7, 0, -1
	REG	TTBR0_EL1, ttbr0_el1, 0x5ec7e000, 0, -1
	REG	TTBR1_EL1, ttbr1_el1, 0x5ec7e000, 0, -1
	REG	TCR_EL1, tcr_el1, 0x35193519, 0, -1
	REG	MAIR_EL1, mair_el1, 0x5ec7e7, 0, -1
	REG	AMAIR_EL1, amair_el1, 0x5ec7e7, 0, -1
	REG	CONTEXTIDR_EL1, contextidr_el1, 0x5ec7e7, 0, -1
	REG	PAR_EL1, par_el1, 0x5ec7e000, 0, -1
	REG	CSSELR_EL1, csselr_el1, 2, 0, -1
	REG	SPSR_EL1, spsr_el1, 0x300003c5, 0, -1
	REG	SPSR_abt, spsr_abt, 0x300003c5, 0, -1
	REG	SPSR_und, spsr_und, 0x300003c5, 0, -1
	REG	SPSR_irq, spsr_irq, 0x300003c5, 0, -1
	REG	SPSR_fiq, spsr_fiq, 0x300003c5, 0, -1
	REG	FAR_EL1, far_el1, 0x5ec7e7, 0, -1
	REG	AFSR0_EL1, afsr0_el1, 0x5ec7e7, 0, -1
	REG	AFSR1_EL1, afsr1_el1, 0x5ec7e7, 0, -1
	REG	DISR_EL1, s3_0_c12_c1_1, 0x5, 0, -1
	REG	SP_EL0, sp_el0, 0x5ec7e7, 0, -1
	REG	TPIDR_EL0, tpidr_el0, 0x5ec7e7, 0, -1
	REG	TPIDRRO_EL0, tpidrro_el0, 0x5ec7e7, 0, -1
	REG	TPIDR_EL1, tpidr_el1, 0x5ec7e7, 0, -1
	REG	TPIDR2_EL0, s3_3_c13_c0_5, 0x5ec7e7, 0, -1
	REG	SCXTNUM_EL0, s3_3_c13_c0_7, 0x5ec7e7, 0, -1
	REG	SCXTNUM_EL1, s3_0_c13_c0_7, 0x5ec7e7, 0, -1
	REG	CNTKCTL_EL1, cntkctl_el1, 0x303, 0, -1
	REG	CNTV_CVAL_EL0, cntv_cval_el0, 0x7fffffff5ec7e7, 0, -1
	REG	CNTP_CVAL_EL0, cntp_cval_el0, 0x7fffffff5ec7e7, 0, -1
	REG	CNTV_CTL_EL0, cntv_ctl_el0, 3, 0, 3
	REG	CNTP_CTL_EL0, cntp_ctl_el0, 3, 0, 3
	.irp	m, 1,2
	.irp	o, 0,1,2,3
	REG	APxKey_EL1, s3_0_c2_c\m\()_\o, 0x5ec7e7, 0, -1
	.endr
	.endr
	REG	APGAKeyLo_EL1, s3_0_c2_c3_0, 0x5ec7e7, 0, -1
	REG	APGAKeyHi_EL1, s3_0_c2_c3_1, 0x5ec7e7, 0, -1
	REG	RGSR_EL1, s3_0_c1_c0_5, 0x5ec7, 0, -1
	REG	GCR_EL1, s3_0_c1_c0_6, 0x5ec7, 0, -1
	REG	TFSR_EL1, s3_0_c5_c6_0, 1, 0, -1
	REG	TFSRE0_EL1, s3_0_c5_c6_1, 1, 0, -1
	REG	SMPRI_EL1, s3_0_c1_c2_4, 1, 0, -1
	REG	SMCR_EL1, s3_0_c1_c2_6, 1, 0, -1
	REG	LORC_EL1, s3_0_c10_c4_3, 1, 0, -1
	REG	ERRSELR_EL1, s3_0_c5_c3_1, 1, 0, -1
	REG	AMUSERENR_EL0, s3_3_c13_c2_3, 1, 0, -1
	REG	PMSCR_EL1, s3_0_c9_c9_0, 1, 0, -1
	REG	TRFCR_EL1, s3_0_c1_c2_1, 1, 0, -1
	REG	TRBLIMITR_EL1, s3_0_c9_c11_0, 1, 0, -1
	REG	PMCR_EL0, pmcr_el0, 0x11, 0, 0x3f
	REG	PMCNTENSET_EL0, pmcntenset_el0, 0x80000003, 0, -1
	REG	PMINTENSET_EL1, pmintenset_el1, 0x80000003, 0, -1
	REG	PMOVSSET_EL0, pmovsset_el0, 0x80000003, 0, -1
	REG	PMUSERENR_EL0, pmuserenr_el0, 0xf, 0, -1
	REG	PMSELR_EL0, pmselr_el0, 2, 0, -1
	REG	PMCCFILTR_EL0, pmccfiltr_el0, 0x80000000, 0, -1
	REG	PMCCNTR_EL0, pmccntr_el0, 0x5ec7e7, 0, -1
	.irp	n, 0,1,2,3,4,5
	REG	PMEVTYPER, pmevtyper\n\()_el0, 0x80000011, 0, -1
	REG	PMEVCNTR, pmevcntr\n\()_el0, 0x5ec7e7, 0, -1
	.endr
	REG	MDSCR_EL1, mdscr_el1, 0x1000, 0, -1
	REG	MDCCINT_EL1, mdccint_el1, 0x60000000, 0, -1
	REG	OSDTRRX_EL1, osdtrrx_el1, 0x5ec7e7, 0, -1
	REG	OSDTRTX_EL1, osdtrtx_el1, 0x5ec7e7, 0, -1
	REG	OSECCR_EL1, oseccr_el1, 0x5ec7e7, 0, -1
	REG	DBGPRCR_EL1, dbgprcr_el1, 1, 0, -1
	REG	DBGCLAIMCLR_EL1, dbgclaimclr_el1, 0, 0, -1
	.irp	n, 0,1,2,3,4,5,15
	REG	DBGBVR, dbgbvr\n\()_el1, 0x5ec7e8, 0, -1
	REG	DBGBCR, dbgbcr\n\()_el1, 0x1e4, 0, -1
	REG	DBGWVR, dbgwvr\n\()_el1, 0x5ec7e8, 0, -1
	REG	DBGWCR, dbgwcr\n\()_el1, 0x1ff8, 0, -1
	.endr
