// SPDX-License-Identifier: MIT
/* EL2 stage 1: 4 KiB granule, 40 bits, so level 0 has two entries. DDI 0487, D8. */
#include "mmu.h"

#include <hv/cpu.h>
#include <hv/mmio.h>
#include <hv/pool.h>
#include <hv/reason.h>

#include "layout.h"
#include "sysreg.h"

#define ENTRY_VALID	BIT64(0)
#define ENTRY_TABLE	BIT64(1)
#define ENTRY_ADDRESS	GENMASK64(47, 12)
#define PAGE_NORMAL	(0ULL << 2)	/* index into MAIR */
#define PAGE_DEVICE	(1ULL << 2)
#define PAGE_RES1	BIT64(6)	/* AP[1], RES1 in EL2's regime */
#define PAGE_READONLY	BIT64(7)
#define PAGE_INNER	(3ULL << 8)
#define PAGE_AF		BIT64(10)
#define PAGE_XN		BIT64(54)

#define MAIR_VALUE	0x04ffULL	/* 0: normal write-back, 1: Device-nGnRE */
#define TCR_VALUE(pa_range) \
	(BIT64(31) | BIT64(23) | ((uint64_t)(pa_range) << 16) | (3ULL << 12) | BIT64(10) | BIT64(8) | (64 - 40))
#define SCTLR_RES1	0x30c50830ULL	/* as the kernel's stub leaves it: MMU and caches off */
#define SCTLR_M		BIT64(0)
#define SCTLR_C		BIT64(2)
#define SCTLR_I		BIT64(12)
#define SCTLR_WXN	BIT64(19)	/* what is writable is never executable, whatever a table says */

#pragma GCC visibility push(hidden)
extern char text_start[], rodata_start[], data_start[];	/* firmware.lds */
#pragma GCC visibility pop

#define WINDOW_VA	(BIT64(40) - MMU_WINDOW_SIZE)	/* no board has anything of ours there */

#define DEVICES_VA	(WINDOW_VA - BIT64(21))	/* a page for each CPU, the same level-3 table for all */

static uint64_t *root;
static uint64_t *devices;	/* the level-3 table of DEVICES_VA */
static uint64_t *window;	/* the level-3 table of the window */
static unsigned int window_pages;

static uint64_t *next_table(uint64_t *entry)
{
	uint64_t *table;

	if (!(*entry & ENTRY_VALID)) {
		table = pool_alloc(1, 1);
		if (!table)
			return NULL;
		dsb(ishst);
		*entry = (uint64_t)table | ENTRY_VALID | ENTRY_TABLE;
	}
	return (uint64_t *)(*entry & ENTRY_ADDRESS);
}

static uint64_t *page_entry(uint64_t va)
{
	uint64_t *table = root;

	for (unsigned int shift = 39; table && shift > 12; shift -= 9)
		table = next_table(&table[va >> shift & 511]);
	return table ? &table[va >> 12 & 511] : NULL;
}

static uint64_t page_of(uint64_t pa, uint64_t attributes)
{
	return pa | attributes | ENTRY_VALID | ENTRY_TABLE | PAGE_RES1 | PAGE_AF | PAGE_INNER;
}

static int map_pages(uint64_t start, uint64_t end, uint64_t attributes)
{
	uint64_t *entry = NULL;

	for (uint64_t va = start; va < end; va += PAGE_SIZE) {
		/* Entries of one level-3 table follow each other: walk once in 2 MiB. */
		entry = !entry || !(va & (BIT64(21) - 1)) ? page_entry(va) : entry + 1;
		if (!entry)
			return -HV_ENOMEM;
		*entry = page_of(va, attributes);
	}
	dsb(ishst);
	isb();
	return 0;
}

int mmu_build(uint64_t core, uint64_t size)
{
	int err;

	root = pool_alloc(1, 1);
	window = root ? page_entry(WINDOW_VA) : NULL;
	devices = window ? page_entry(DEVICES_VA) : NULL;
	if (!devices)
		return -HV_ENOMEM;
	err = map_pages(core, (uint64_t)text_start, PAGE_NORMAL | PAGE_READONLY | PAGE_XN);	/* header, strings */
	if (!err)
		err = map_pages((uint64_t)text_start, (uint64_t)rodata_start, PAGE_NORMAL | PAGE_READONLY);
	if (!err)
		err = map_pages((uint64_t)rodata_start, (uint64_t)data_start, PAGE_NORMAL | PAGE_READONLY | PAGE_XN);
	if (!err)
		err = map_pages((uint64_t)data_start, core + size, PAGE_NORMAL | PAGE_XN);
	return err;
}

void mmu_guard(uint64_t page)
{
	*page_entry(page) = 0;
	dsb(ishst);
}

void mmu_on(uint64_t ttbr, uint64_t tcr, uint64_t mair, uint64_t sctlr);
void mmu_off(uint64_t sctlr);

void mmu_enable(void)
{
	uint64_t pa_range = read_sysreg(id_aa64mmfr0_el1) & 0xf;

	mmu_on((uint64_t)root, TCR_VALUE(pa_range > 5 ? 5 : pa_range), MAIR_VALUE,
	       SCTLR_RES1 | SCTLR_M | SCTLR_C | SCTLR_I | SCTLR_WXN);
}

/* What this CPU's stack holds must be in memory: with the caches off it is read from there. */
static void clean_stack(void)
{
	uint64_t block = read_sysreg(tpidr_el2), line = 4ULL << (read_sysreg(ctr_el0) >> 16 & 0xf);

	for (uint64_t p = block; p < block + PERCPU_SIZE; p += line)
		if (p - block < PERCPU_GUARD || p - block >= PERCPU_STACK)
			asm volatile("dc civac, %0" : : "r"(p) : "memory");
	dsb(sy);
}

void mmu_disable(void)
{
	clean_stack();
	mmu_off(SCTLR_RES1);
}

bool mmu_is_enabled(void)
{
	return read_sysreg(sctlr_el2) & SCTLR_M;
}

int mmu_map_device(uint64_t pa, uint64_t size)
{
	if (pa >= DEVICES_VA || size > DEVICES_VA - pa)
		return -HV_ERANGE;
	return map_pages(ALIGN_DOWN(pa, PAGE_SIZE), ALIGN_UP(pa + size, PAGE_SIZE), PAGE_DEVICE | PAGE_XN);
}

/* Other CPUs have no use for this CPU's page: whatever their TLBs may hold of it, only this one's matters. */
uint64_t mmio_open(uint64_t pa)
{
	uint32_t cpu = this_cpu()->id;

	devices[cpu] = page_of(ALIGN_DOWN(pa, PAGE_SIZE), PAGE_DEVICE | PAGE_XN);
	dsb(ishst);
	isb();
	return DEVICES_VA + cpu * PAGE_SIZE + (pa & PAGE_MASK);
}

void mmio_close(void)
{
	uint32_t cpu = this_cpu()->id;

	devices[cpu] = 0;
	dsb(ishst);
	asm volatile("tlbi vae2, %0" : : "r"((DEVICES_VA + cpu * PAGE_SIZE) >> 12) : "memory");
	dsb(nsh);
	isb();
}

void *mmu_open_window(uint64_t pa, uint64_t size, bool writable)
{
	uint64_t attributes = PAGE_NORMAL | PAGE_XN | (writable ? 0 : PAGE_READONLY);
	uint64_t first = ALIGN_DOWN(pa, PAGE_SIZE);

	window_pages = (unsigned int)((ALIGN_UP(pa + size, PAGE_SIZE) - first) / PAGE_SIZE);
	for (unsigned int i = 0; i < window_pages; i++)
		window[i] = page_of(first + i * PAGE_SIZE, attributes);
	dsb(ishst);
	isb();
	return (void *)(WINDOW_VA + (pa - first));
}

void mmu_close_window(void)
{
	for (unsigned int i = 0; i < window_pages; i++)
		window[i] = 0;
	dsb(ishst);
	tlbi(alle2is);
	dsb(ish);
	isb();
}
