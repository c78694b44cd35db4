// SPDX-License-Identifier: MIT
#include "inmate.h"

/* Stage 1, 4 KiB granule, 39-bit addresses: level 1 has 1 GiB entries, level 2 has 2 MiB blocks (DDI 0487, D8.3). */
#define ENTRIES	      512
#define BLOCK	      0x200000ULL
#define DESC_BLOCK    0x1ULL
#define DESC_TABLE    0x3ULL
#define DESC_ADDRESS  0xfffffffff000ULL
#define DESC_DEVICE   (0ULL << 2)  /* MAIR attribute 0 */
#define DESC_NORMAL   (1ULL << 2)  /* MAIR attribute 1 */
#define DESC_INNER    (3ULL << 8)  /* inner shareable */
#define DESC_ACCESSED (1ULL << 10)
#define DESC_XN	      (3ULL << 53) /* neither EL0 nor EL1 executes it */
#define MAIR_VALUE    0xff00ULL    /* 0: device nGnRnE, 1: normal write-back */
/* T0SZ 25, tables inner shareable and cached, TTBR1 not used (EPD1), 40-bit physical addresses. */
#define TCR_VALUE     (25ULL | 1ULL << 8 | 1ULL << 10 | 3ULL << 12 | 1ULL << 23 | 2ULL << 32)
#define REDISTRIBUTORS (64 * 0x20000ULL) /* bytes */
#define SCTLR_M_C_I   (1ULL | 1ULL << 2 | 1ULL << 12)

static uint64_t level1[ENTRIES] __attribute__((aligned(4096)));
static uint64_t level2[4][ENTRIES] __attribute__((aligned(4096))); /* image, comm region, GIC, UART: at most one each */
static unsigned int level2_used;
extern char inmate_entry[];

static void map_block(uint64_t address, uint64_t attributes)
{
	uint64_t *entry = &level1[address >> 30];
	uint64_t *table;

	if (!*entry)
		*entry = (uint64_t)level2[level2_used++] | DESC_TABLE;
	table = (uint64_t *)(*entry & DESC_ADDRESS);
	table[address / BLOCK % ENTRIES] =
		(address & ~(BLOCK - 1)) | attributes | DESC_INNER | DESC_ACCESSED | DESC_BLOCK;
}

void mmu_enable(void)
{
	write_sysreg(mair_el1, MAIR_VALUE);
	write_sysreg(tcr_el1, TCR_VALUE);
	write_sysreg(ttbr0_el1, (uint64_t)level1);
	asm volatile("dsb sy\n tlbi vmalle1\n dsb sy\n isb" : : : "memory");
	write_sysreg(sctlr_el1, read_sysreg(sctlr_el1) | SCTLR_M_C_I);
	asm volatile("isb" : : : "memory");
}

/* Which redistributor is this CPU's is yet to be found: as many as a board may have CPUs. */
static void map_interrupt_controller(void)
{
	uint64_t base = INMATE_COMM->gicr_base;

	if (INMATE_COMM->gic_version == 2)
		map_block(INMATE_COMM->gicc_base, DESC_DEVICE | DESC_XN);
	else
		for (uint64_t at = base; at < base + REDISTRIBUTORS; at += BLOCK)
			map_block(at, DESC_DEVICE | DESC_XN);
}

void mmu_init(void)
{
	map_block((uint64_t)INMATE_COMM, DESC_NORMAL | DESC_XN);
	map_block(INMATE_COMM->gicd_base, DESC_DEVICE | DESC_XN);
	map_interrupt_controller();
	if (console_has_uart())
		map_block(INMATE_COMM->console.address, DESC_DEVICE | DESC_XN);
	map_block((uint64_t)inmate_entry, DESC_NORMAL);
	mmu_enable();
}
