// SPDX-License-Identifier: MIT
/* Memory and devices that are not the cell's. */
#include "hostile.h"

#define GIB		(1ULL << 30)
#define MIB_2		(2ULL << 20)
#define SECRET		0x5ec2e75ec2e75ec2ULL
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static bool is_own(uint64_t address)
{
	const uint64_t gicr = INMATE_COMM->gicr_base, gicd = INMATE_COMM->gicd_base;

	return address < HOSTILE_SIZE || (address >= SECRET_AT && address < SECRET_AT + SECRET_SIZE) ||
	       (address & ~0xfffULL) == (uint64_t)INMATE_COMM || (address & ~0xfffULL) == REPORT_AT ||
	       (address >= gicd && address < gicd + 0x10000) || (address >= gicr && address < gicr + 5 * 0x20000);
}

/* Nothing of it may come back but by an exception. */
static void must_fail(uint64_t address, enum access kind)
{
	uint64_t before = skipped;

	if (is_own(address))
		return;
	access(address, kind);
	/* A store-exclusive to another address than was armed may be given up before it reaches for memory. */
	if (skipped == before && kind != ACCESS_STORE_EXCLUSIVE)
		breach(address | (uint64_t)kind << 56);
}

void attack_every_gib(void)
{
	for_each_step(i, 2 * 1024)
	{
		must_fail((i / 2) * GIB + (random64() & 0x3ffff8) + 0x400000 * (i / 2 == 0),
			  i & 1 ? ACCESS_STORE : ACCESS_LOAD);
	}
}

void attack_every_2_mib(void)
{
	for_each_step(i, 2048)
	{
		must_fail(i * MIB_2 + (random64() & 0x1ffff8), i & 1 ? ACCESS_STORE_32 : ACCESS_LOAD_32);
	}
}

void attack_devices(void)
{
	static const uint64_t windows[] = { 0x08080000, 0x08160000, 0x09000000, 0x09010000, 0x09020000, 0x09030000,
					    0x09040000, 0x0a000000, 0x0a003e00, 0x0c000000, 0x10000000, 0x3efe0000,
					    0x3eff0000, 0x4010000000, 0x8000000000 };

	for_each_step(i, ARRAY_SIZE(windows) * 8)
	{
		must_fail(windows[i / 8], (enum access)(i % 8));
	}
}

static void each_kind(uint64_t start, uint64_t stride, uint64_t count)
{
	for_each_step(i, count * NUM_ACCESSES)
	{
		must_fail(start + i / NUM_ACCESSES * stride, (enum access)(i % NUM_ACCESSES));
	}
}

void attack_hypervisor_memory(void)
{
	each_kind(HYPERVISOR_RAM, 0x11000, 60);
}

void attack_root_memory(void)
{
	each_kind(0x40200000, 0x3000000, 20);
}

void attack_victim_memory(void)
{
	each_kind(VICTIM_RAM, 0x1000, 32);
}

void attack_nobodys_memory(void)
{
	each_kind(0x88000000, 0x10000, 16);
}

void attack_leave_secret(void)
{
	for (uint64_t at = SECRET_AT; at < SECRET_AT + SECRET_SIZE; at += 8)
		*(volatile uint64_t *)at = SECRET;
}

void attack_find_secret(void)
{
	for (uint64_t at = SECRET_AT; at < SECRET_AT + SECRET_SIZE; at += 8)
		if (*(volatile uint64_t *)at)
			breach(at);
}

/* SYS with op1, CRn = 7 and 8: cache maintenance and TLBI; where an address counts, it is somebody else's. */
void attack_zero_foreign(void)
{
	static const uint64_t foreign[] = { VICTIM_RAM, HYPERVISOR_RAM, 0x40200000, 0x88000000 };
	const uint64_t encodings = 2 * 8 * 16 * 8;

	for_each_step(i, encodings * ARRAY_SIZE(foreign))
	{
		uint32_t op2 = i & 7, crm = i >> 3 & 15, op1 = i >> 7 & 7, crn = 7 + (i >> 10 & 1);

		execute(0xd5080000 | op1 << 16 | crn << 12 | crm << 8 | op2 << 5, foreign[i / encodings]);
	}
}

/* Stage 1, 4 KiB granule, 40-bit addresses from level 0's only entry: TTBR0 is level 1 with T0SZ 25. */
static uint64_t level1[512] __attribute__((aligned(4096)));
#define BLOCK_NORMAL (1ULL | 1ULL << 10 | 3ULL << 8)
#define BLOCK_TABLE  3ULL
#define FAR_AWAY     (64 * GIB)

static void tables_on(uint64_t ttbr, bool mmu)
{
	write_sysreg(mair_el1, 0xff);
	write_sysreg(tcr_el1, 25ULL | 1ULL << 8 | 1ULL << 10 | 3ULL << 12 | 1ULL << 23 | 2ULL << 32);
	write_sysreg(ttbr0_el1, ttbr);
	asm volatile("dsb sy\n tlbi vmalle1\n dsb sy\n isb" : : : "memory");
	write_sysreg(sctlr_el1, (read_sysreg(sctlr_el1) & ~1ULL) | mmu);
	asm volatile("isb" : : : "memory");
}

/*
 * For each foreign place: tables that lie there; own tables that lead there, then a load, a store, a fetch and the AT
 * instructions; an own entry that maps it. A load that brings something back is a breach.
 */
void attack_tables(void)
{
	static const uint64_t foreign[] = { VICTIM_RAM, HYPERVISOR_RAM, 0x40200000, 0x88000000, 0xf000000000 };

	for_each_step(i, ARRAY_SIZE(foreign) * 6)
	{
		uint64_t place = foreign[i / 6], before = skipped;

		for (unsigned int entry = 0; entry < 512; entry++)
			level1[entry] = entry < 4 ? entry * GIB | BLOCK_NORMAL : 0;
		level1[FAR_AWAY / GIB] = i % 6 == 2 ? (place & ~(GIB - 1)) | BLOCK_NORMAL : place | BLOCK_TABLE;
		if (i % 6 == 0) {
			tables_on(place, true);
			continue;
		}
		tables_on((uint64_t)level1, true);
		if (i % 6 == 4)
			asm volatile("at s1e1r, %0\n at s1e1w, %0\n at s1e0r, %0\n isb" : : "r"(FAR_AWAY) : "memory");
		else
			access(FAR_AWAY + (i % 6 == 2 ? place & (GIB - 1) : 0), i % 6 == 3 ? ACCESS_FETCH :
										i % 6 == 5 ? ACCESS_STORE :
											     ACCESS_LOAD);
		if (i % 6 != 4 && skipped == before)
			breach(place);
		tables_on(0, false);
	}
	tables_on(0, false);
}
