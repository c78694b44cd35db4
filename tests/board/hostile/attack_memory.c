// SPDX-License-Identifier: MIT
/* Memory and devices that are not the cell's. */
#include "hostile.h"

#define SECRET 0x5ec2e75ec2e75ec2ULL
#define PAGE   0x1000ULL

/* The board's map: QEMU's hw/arm/virt documentation, and the device tree that it makes. */
struct range {
	uint64_t start, size;
};
static const struct range board[] = {
	{ 0x00000000, 0x08000000 }, /* flash */
	{ 0x08000000, 0x00010000 }, /* GICD */
	{ 0x08010000, 0x00010000 }, /* GICC */
	{ 0x08020000, 0x00001000 }, /* GICv2m */
	{ 0x08030000, 0x00010000 }, /* GICH */
	{ 0x08040000, 0x00010000 }, /* GICV */
	{ 0x08080000, 0x00020000 }, /* ITS */
	{ 0x080a0000, 0x00f60000 }, /* GICR */
	{ 0x09000000, 0x00001000 }, /* UART */
	{ 0x09010000, 0x00001000 }, /* RTC */
	{ 0x09020000, 0x00001000 }, /* fw_cfg */
	{ 0x09030000, 0x00001000 }, /* GPIO */
	{ 0x09040000, 0x00001000 }, /* second UART */
	{ 0x09050000, 0x00020000 }, /* SMMU */
	{ 0x09070000, 0x00001000 }, /* hot-plugged memory */
	{ 0x09080000, 0x00001000 }, /* ACPI's events */
	{ 0x09090000, 0x00001000 }, /* NVDIMM */
	{ 0x090a0000, 0x00010000 }, /* stolen time */
	{ 0x090b0000, 0x00001000 }, /* second GPIO */
	{ 0x090c0000, 0x00001000 }, /* PCI hot plug */
	{ 0x0a000000, 0x00001000 }, /* virtio, eight a page */
	{ 0x0a001000, 0x00001000 },
	{ 0x0a002000, 0x00001000 },
	{ 0x0a003000, 0x00001000 },
	{ HOSTILE_UART, 0x00001000 },
	{ 0x0c000000, 0x02000000 }, /* platform bus */
	{ 0x0e000000, 0x01000000 }, /* secure memory */
	{ 0x10000000, 0x2eff0000 }, /* PCI memory */
	{ 0x3eff0000, 0x00010000 }, /* PCI ports */
	{ 0x3f000000, 0x01000000 }, /* PCI configuration, low */
	{ 0x40000000, 0x3fc00000 }, /* RAM */
	{ HYPERVISOR_RAM, HYPERVISOR_SIZE },
	{ HOSTILE_RAM, HOSTILE_SIZE },
	{ VICTIM_RAM, VICTIM_SIZE },
	{ SECRET_RAM, SECRET_SIZE },
	{ VICTIM_2_RAM, VICTIM_SIZE },
	{ REPORT_AT, PAGE },
	{ WITNESS_AT, PAGE },
	{ WITNESS_2_AT, PAGE },
	{ 0xa0000000, 0x20000000 },	/* the end of RAM */
	{ 0x4010000000, 0x10000000 },	/* PCI configuration */
	{ 0x8000000000, 0x8000000000 }, /* PCI memory */
	{ 1ULL << 40, 1ULL << 40 },	/* beyond what stage 2 translates */
	{ 1ULL << 44, 1ULL << 44 },
	{ 1ULL << 47, (1ULL << 47) - 16 },
};

static bool in(uint64_t address, uint64_t start, uint64_t size)
{
	return address - start < size;
}

static bool is_own(uint64_t address)
{
	return in(address, 0, HOSTILE_SIZE) || in(address, SECRET_AT, SECRET_SIZE) || in(address, REPORT_AT, PAGE) ||
	       in(address, (uint64_t)INMATE_COMM, PAGE) || in(address, HOSTILE_UART, PAGE) ||
	       in(address, gicd(0), gicd_bytes()) ||
	       (has_gicv2() ? in(address, interface, 2 * PAGE) :
			      in(address, INMATE_COMM->gicr_base, NUM_CPUS * GICR_BYTES));
}

/* ESR_EL1 of a synchronous external abort: Arm DDI 0487, DFSC and IFSC 0x10. */
static bool was_external_abort(void)
{
	uint64_t class = last_esr >> 26;

	return (class == 0x21 || class == 0x25) && (last_esr & 0x3f) == 0x10;
}

/*
 * Nothing of it may come back but by an exception. A store-exclusive does not reach for memory when the monitor was armed for
 * another address (Arm DDI 0487, STXR: then it is implementation defined whether an abort is taken; QEMU takes none), but it says
 * whether it has stored. attack_exclusive() arms the monitor for the address itself.
 */
static void must_fail(uint64_t address, enum access kind)
{
	uint64_t before = skipped, got;

	if (is_own(address)) {
		COUNT(own);
		return;
	}
	got = access(address, kind, ~0ULL);
	if (skipped != before && was_external_abort())
		COUNT(aborted);
	else if (skipped != before)
		COUNT(excepted);
	else if (kind == ACCESS_STORE_EXCLUSIVE && got == 1)
		COUNT(given_up);
	else
		breach(address | (uint64_t)kind << 56);
}

/* One access in each unit of memory, at a random place in it: loads, then stores of growing size. */
static void each_unit(uint64_t bytes, uint64_t count)
{
	for_each_step(i, count)
	{
		must_fail(i * bytes + (random64() & (bytes - 1) & ~0xfULL), (enum access)(i % NUM_SIZES));
	}
}

void attack_every_page(void)
{
	each_unit(PAGE, 4 * GIB / PAGE);
}

void attack_every_2_mib(void)
{
	each_unit(MIB_2, 1024 * GIB / MIB_2);
}

/* The last bytes of the gap before, the first and the last of the range, the first of the gap behind. */
static uint64_t edge(uint64_t number)
{
	const struct range *range = &board[number / 4];

	return range->start + (number & 2 ? range->size : 0) - (number & 1 ? 16 : 0);
}

void attack_physical_map(void)
{
	for_each_step(i, ARRAY_SIZE(board) * 4 * NUM_ACCESSES)
	{
		must_fail(edge(i / NUM_ACCESSES), (enum access)(i % NUM_ACCESSES));
	}
}

/* Random places in each of count units. */
static void each_kind(uint64_t start, uint64_t unit, uint64_t count)
{
	for_each_step(i, count * NUM_ACCESSES)
	{
		must_fail(start + i / NUM_ACCESSES * unit + (random64() & (PAGE - 1) & ~0xfULL),
			  (enum access)(i % NUM_ACCESSES));
	}
}

void attack_hypervisor_memory(void)
{
	each_kind(HYPERVISOR_RAM, PAGE, HYPERVISOR_SIZE / PAGE);
}

void attack_root_memory(void)
{
	each_kind(ROOT_RAM, MIB_2, (HYPERVISOR_RAM - ROOT_RAM) / MIB_2);
}

void attack_victim_memory(void)
{
	each_kind(VICTIM_RAM, PAGE, VICTIM_SIZE / PAGE);
}

static void second_victim(void)
{
	each_kind(VICTIM_2_RAM, PAGE, VICTIM_SIZE / PAGE);
}

void attack_memory_before(void)
{
	second_victim();
}

void attack_memory_during(void)
{
	second_victim();
}

void attack_memory_after(void)
{
	second_victim();
}

void attack_map_fails(void)
{
	for_each_step(i, ARRAY_SIZE(board) * 4)
	{
		must_fail(edge(i), (enum access)(i % NUM_SIZES));
	}
}

void attack_kinds_fail(void)
{
	static const uint64_t places[] = { HYPERVISOR_RAM, ROOT_RAM, VICTIM_RAM, VICTIM_2_RAM };

	for_each_step(i, ARRAY_SIZE(places) * NUM_ACCESSES)
	{
		must_fail(places[i / NUM_ACCESSES], (enum access)(i % NUM_ACCESSES));
	}
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
