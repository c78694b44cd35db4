/* SPDX-License-Identifier: MIT */
/* System registers and the fields that we use. Arm Architecture Reference Manual, DDI 0487. */
#ifndef HV_ARCH_SYSREG_H
#define HV_ARCH_SYSREG_H

#include "../../lib/bits.h"

#define sysreg_name(name)	#name		/* a register without a name of its own may be a macro: S3_0_C12_C11_5 */
#define read_sysreg(name)                                                                          \
	({                                                                                         \
		uint64_t value_;                                                                   \
		asm volatile("mrs %0, " sysreg_name(name) : "=r"(value_));                         \
		value_;                                                                            \
	})
#define write_sysreg(name, value)                                                                  \
	do {                                                                                       \
		uint64_t written_ = (value);                                                       \
		asm volatile("msr " sysreg_name(name) ", %x0" : : "rZ"(written_) : "memory");        \
	} while (0)

#define isb()		asm volatile("isb" : : : "memory")
#define dsb(domain)	asm volatile("dsb " #domain : : : "memory")
#define dmb(domain)	asm volatile("dmb " #domain : : : "memory")
#define tlbi(operation)	asm volatile("tlbi " #operation : : : "memory")
#define wfe()		asm volatile("wfe" : : : "memory")
#define sev()		asm volatile("sev" : : : "memory")
#define wfi()		asm volatile("wfi" : : : "memory")

/* HCR_EL2 */
#define HCR_VM		BIT64(0)
#define HCR_SWIO	BIT64(1)	/* invalidate by set/way of a guest also cleans */
#define HCR_PTW		BIT64(2)	/* a stage-1 walk that hits device memory faults */
#define HCR_FMO		BIT64(3)
#define HCR_IMO		BIT64(4)
#define HCR_FB		BIT64(9)
#define HCR_BSU_IS	BIT64(10)
#define HCR_TWI		BIT64(13)
#define HCR_TID3	BIT64(18)	/* trap reads of ID registers */
#define HCR_TSC		BIT64(19)	/* trap SMC */
#define HCR_TIDCP	BIT64(20)	/* trap what is implementation defined */
#define HCR_TACR	BIT64(21)	/* trap ACTLR_EL1 */
#define HCR_RW		BIT64(31)	/* EL1 is AArch64 */
#define HCR_TLOR	BIT64(35)	/* trap limited ordering regions */
#define HCR_TERR	BIT64(36)	/* trap error records */
#define HCR_APK		BIT64(40)	/* pointer authentication keys: no trap */
#define HCR_API		BIT64(41)	/* pointer authentication instructions: no trap */
#define HCR_ENSCXT	BIT64(53)	/* SCXTNUM_ELx: no trap */

/* ESR_ELx */
#define ESR_EC		GENMASK64(31, 26)	/* needs the mask: bits 55:32 are ISS2 */
#define   EC_UNKNOWN	0x00
#define   EC_WFX	0x01
#define   EC_HVC64	0x16
#define   EC_SMC64	0x17
#define   EC_SYS64	0x18
#define   EC_IABT_LOWER	0x20
#define   EC_DABT_LOWER	0x24
#define   EC_IABT_CURRENT 0x21
#define   EC_DABT_CURRENT 0x25
#define   EC_SP_ALIGNMENT 0x26
#define   ESR_EC_COUNT	0x40
#define ESR_IL		BIT64(25)
#define ESR_IMMEDIATE	GENMASK64(15, 0)	/* HVC, SMC */

/* ISS of a trapped MSR or MRS: which register. */
#define SYS_KEY_MASK	0x3ffc1eULL	/* Op0, Op2, Op1, CRn, CRm */
#define SYS_KEY(esr)	((esr) & SYS_KEY_MASK)
#define SYS_OP0(key)	((key) >> 20 & 3)
#define SYS_OP2(key)	((key) >> 17 & 7)
#define SYS_OP1(key)	((key) >> 14 & 7)
#define SYS_CRN(key)	((key) >> 10 & 15)
#define SYS_CRM(key)	((key) >> 1 & 15)
#define SYS_RT		GENMASK64(9, 5)
#define SYS_READ	BIT64(0)
#define SYS(op0, op1, crn, crm, op2)                                                               \
	((uint64_t)(op0) << 20 | (uint64_t)(op2) << 17 | (uint64_t)(op1) << 14 |                   \
	 (uint64_t)(crn) << 10 | (uint64_t)(crm) << 1)

/* ISS of a data abort. SAS, SSE, SRT and SF mean nothing unless ISV is set. */
#define DABT_ISV	BIT64(24)
#define DABT_SAS	GENMASK64(23, 22)	/* access is 1 << SAS bytes */
#define   DABT_LOAD_WORD FIELD_PREP(DABT_SAS, 2)
#define DABT_SSE	BIT64(21)		/* a load that extends the sign */
#define DABT_SRT	GENMASK64(20, 16)	/* 31 is xzr, not sp */
#define DABT_SF		BIT64(15)		/* the register is 64 bits wide */
#define ABT_FNV		BIT64(10)		/* FAR is not valid */
#define DABT_CM		BIT64(8)		/* cache maintenance */
#define ABT_S1PTW	BIT64(7)		/* while walking the guest's own tables */
#define DABT_WNR	BIT64(6)		/* the guest was writing */
#define ABT_FSC		GENMASK64(5, 0)
#define ABT_FAULT	GENMASK64(5, 2)		/* its kind; bits 1:0 are the level */
#define   ABT_TRANSLATION 0x04
#define   FSC_LEVEL	3ULL
#define   FSC_EXTERNAL	0x10
#define   FSC_EXTERNAL_ON_WALK 0x14

/* VTCR_EL2 and VTTBR_EL2 */
#define VTCR_T0SZ(bits)	(64 - (bits))
#define VTCR_SL0_LEVEL1	BIT64(6)
#define VTCR_WBWA_IS	(BIT64(8) | BIT64(10) | (3ULL << 12))	/* walks: inner/outer write-back, inner shareable */
#define VTCR_PS(range)	((uint64_t)(range) << 16)
#define VTCR_RES1	BIT64(31)
#define VTTBR_VMID(id)	((uint64_t)(id) << 48)

/* PSTATE as SPSR_EL2 has it */
#define SPSR_EL1H_MASKED 0x3c5ULL	/* EL1, SP_EL1, DAIF set */
#define SPSR_SP_ELX	BIT64(0)
#define SPSR_EL		GENMASK64(3, 2)
#define SPSR_AARCH32	BIT64(4)
#define SPSR_T32	BIT64(5)	/* AArch32 only */
#define SPSR_BTYPE	GENMASK64(11, 10)	/* AArch64 only */
#define SPSR_IT_7_2	GENMASK64(15, 10)	/* AArch32 only; IT[1:0] are in 26:25 */
#define SPSR_IT_1_0	GENMASK64(26, 25)
#define SPSR_SSBS	BIT64(12)
#define SPSR_ALLINT	BIT64(13)
#define SPSR_SS		BIT64(21)
#define SPSR_PAN	BIT64(22)
#define SPSR_DIT	BIT64(24)
#define SPSR_TCO	BIT64(25)
#define SPSR_NZCV	GENMASK64(31, 28)

#endif
