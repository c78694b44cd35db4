// SPDX-License-Identifier: MIT
/* Stage 1 that leads to foreign memory, and what goes by its addresses: caches, TLBs, the exclusive monitor. */
#include "hostile.h"

static const uint64_t foreign[] = { VICTIM_RAM, HYPERVISOR_RAM, ROOT_RAM, VICTIM_2_RAM, 0xf000000000 };

/* 4 KiB granule, T0SZ 25: TTBR0 is level 1. */
static uint64_t level1[512] __attribute__((aligned(4096)));
static uint64_t level2[512] __attribute__((aligned(4096)));
#define BLOCK_NORMAL (1ULL | 1ULL << 10 | 3ULL << 8)
#define BLOCK_TABLE  3ULL
#define FAR_AWAY     (64 * GIB)

static void mmu_off(void)
{
	write_sysreg(sctlr_el1, read_sysreg(sctlr_el1) & ~1ULL);
	asm volatile("isb\n tlbi vmalle1\n dsb sy\n isb" : : : "memory");
}

static void mmu_on(uint64_t ttbr)
{
	write_sysreg(mair_el1, 0xff);
	write_sysreg(tcr_el1, 25ULL | 1ULL << 8 | 1ULL << 10 | 3ULL << 12 | 1ULL << 23 | 2ULL << 32);
	write_sysreg(ttbr0_el1, ttbr);
	asm volatile("dsb sy\n tlbi vmalle1\n dsb sy\n isb" : : : "memory");
	write_sysreg(sctlr_el1, read_sysreg(sctlr_el1) | 1);
	asm volatile("isb" : : : "memory");
}

/* The first 4 GiB as they are, and FAR_AWAY through entry. */
static void map(uint64_t entry)
{
	for (unsigned int i = 0; i < 512; i++)
		level1[i] = i < 4 ? i * GIB | BLOCK_NORMAL : 0;
	level1[FAR_AWAY / GIB] = entry;
}

/*
 * For each foreign place: tables that lie there; own tables that lead there, then a load, a store, a fetch and the AT
 * instructions; an own entry that maps it. A load that brings something back is a breach.
 */
void attack_tables(void)
{
	for_each_step(i, ARRAY_SIZE(foreign) * 6)
	{
		uint64_t place = foreign[i / 6], before = skipped;

		map(i % 6 == 2 ? (place & ~(GIB - 1)) | BLOCK_NORMAL : place | BLOCK_TABLE);
		if (i % 6 == 0) {
			mmu_on(place);
			continue;
		}
		mmu_on((uint64_t)level1);
		if (i % 6 == 4)
			asm volatile("at s1e1r, %0\n at s1e1w, %0\n at s1e0r, %0\n isb" : : "r"(FAR_AWAY) : "memory");
		else
			access(FAR_AWAY + (i % 6 == 2 ? place & (GIB - 1) : 0),
			       i % 6 == 3 ? ACCESS_FETCH :
			       i % 6 == 5 ? ACCESS_STORE :
					    ACCESS_LOAD,
			       ~0ULL);
		if (i % 6 != 4 && skipped == before)
			breach(place);
		mmu_off();
	}
}

/* Each fetch is an abort then, that of the vector as well. */
void attack_abort_storm(void)
{
	COUNT(beats);
	mmu_on(HYPERVISOR_RAM);
}

/* LDXR of the cell's own memory; then the same virtual address is made another one; STXR. No exception comes between: it would disarm. */
static uint64_t store_remapped(uint64_t from, uint64_t to, uint64_t offset)
{
	uint64_t status = 1, value, address = FAR_AWAY + offset;

	level2[0] = from | BLOCK_NORMAL;
	map((uint64_t)level2 | BLOCK_TABLE);
	mmu_on((uint64_t)level1);
	asm volatile("ldxr	%1, [%2]\n"
		     "str	xzr, [%3]\n"
		     "dsb	sy\n"
		     "tlbi	vmalle1\n"
		     "dsb	sy\n"
		     "str	%4, [%3]\n"
		     "dsb	sy\n"
		     "isb\n"
		     "stxr	%w0, %1, [%2]\n"
		     : "+&r"(status), "=&r"(value)
		     : "r"(address), "r"(level2), "r"(to | BLOCK_NORMAL)
		     : "memory");
	mmu_off();
	return status;
}

/*
 * A monitor that goes by virtual addresses, as QEMU's does, is armed then; one that goes by physical addresses gives the store up.
 * The first step shows which: both addresses are the cell's.
 */
void attack_exclusive(void)
{
	const uint64_t offset = HOSTILE_SIZE - 4096;

	for_each_step(i, 1 + ARRAY_SIZE(foreign))
	{
		uint64_t before = skipped, status;

		*(volatile uint64_t *)offset = 0;
		*(volatile uint64_t *)(SECRET_AT + offset) = 0;
		status = store_remapped(0, i ? foreign[i - 1] : SECRET_AT, offset);
		if (skipped != before)
			COUNT(excepted);
		else if (i == 0 && status == 0)
			COUNT(own);
		else if (status == 1)
			COUNT(given_up);
		else
			breach(foreign[i - 1]);
	}
}

/* SYS with every op1 and op2, CRn = 7 and 8: cache maintenance and TLBI; where an address counts, it is somebody else's. */
void attack_cache_and_tlb(void)
{
	const uint64_t encodings = 2 * 8 * 16 * 8;

	for_each_step(i, encodings * ARRAY_SIZE(foreign))
	{
		uint32_t op2 = i & 7, crm = i >> 3 & 15, op1 = i >> 7 & 7, crn = 7 + (i >> 10 & 1);

		execute(0xd5080000 | op1 << 16 | crn << 12 | crm << 8 | op2 << 5, foreign[i / encodings]);
	}
}

/* DC ISW, CSW and CISW of a level. CCSIDR_EL1 says how many sets and ways it has, with FEAT_CCIDX in wider fields. */
static void clean_level(uint64_t level)
{
	uint64_t ccsidr, wide, sets, ways, line;

	write_sysreg(csselr_el1, level << 1);
	asm volatile("isb" : : : "memory");
	ccsidr = read_sysreg(ccsidr_el1);
	wide = read_sysreg(id_aa64mmfr2_el1) >> 20 & 0xf;
	sets = (wide ? ccsidr >> 32 & 0xffffff : ccsidr >> 13 & 0x7fff) + 1;
	ways = (ccsidr >> 3 & (wide ? 0x1fffff : 0x3ff)) + 1;
	line = (ccsidr & 7) + 4;
	for (uint64_t set = 0; set < sets; set++)
		for (uint64_t way = 0; way < ways; way++) {
			uint64_t operand =
				way << (ways > 1 ? __builtin_clz((uint32_t)ways - 1) : 0) | set << line | level << 1;

			/* Clean comes first: what invalidation alone would lose is the cell's own, and its code is there. */
			asm volatile("dc csw, %0\n dc cisw, %0\n dc isw, %0" : : "r"(operand) : "memory");
		}
}

static void clean_all(void)
{
	for (uint64_t level = 0; level < 7 && (read_sysreg(clidr_el1) >> 3 * level & 7) >= 2; level++)
		clean_level(level);
}

static void clean_for_ever(void)
{
	for (;;)
		clean_all();
}

void attack_set_way(void)
{
	on_sibling(clean_for_ever);
	for (unsigned int round = 0; round < 3; round++) {
		COUNT(beats);
		clean_all();
	}
}
