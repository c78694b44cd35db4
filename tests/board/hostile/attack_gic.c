// SPDX-License-Identifier: MIT
/* Interrupts and CPUs that are not the cell's, in the interrupt controller. GICv3: Arm IHI 0069, chapter 12. */
#include "hostile.h"

#define SPIS	     256u
#define GICD_BYTES   0x10000u
#define GICR_BYTES   0x20000u
#define GICR_FRAMES  5u
#define OWN_BIT	     (1u << HOSTILE_SPI % 32)

static uint64_t gicd(uint64_t offset)
{
	return INMATE_COMM->gicd_base + offset;
}

/* Enable, pending, active: a bit each. What it reads of others is zero. */
static void bits(uint64_t group)
{
	for (unsigned int i = 1; i < SPIS / 32; i++) {
		uint64_t at = gicd(group + 4 * i);
		uint32_t own = i == HOSTILE_SPI / 32 ? OWN_BIT : 0;

		write32(at, ~own);
		write32(at, 0);
		if (read32(at) & ~own)
			breach(at);
	}
}

static void bytes_and_routes(void)
{
	for (unsigned int intid = 32; intid < SPIS; intid++) {
		uint64_t priority = gicd(0x400 + intid), route = gicd(0x6000 + 8UL * intid);

		if (intid == HOSTILE_SPI)
			continue;
		write8(priority, 0xff);
		write8(priority, 0);
		write64(route, SIBLING_CPU);
		write64(route, 1ULL << 31);
		if (read8(priority) || read64(route))
			breach(route);
		write32(gicd(0x40), intid); /* GICD_SETSPI_NSR */
		write32(gicd(0x48), intid); /* GICD_CLRSPI_NSR */
	}
}

void attack_distributor(void)
{
	static const uint16_t groups[] = { 0x80, 0x100, 0x180, 0x200, 0x280, 0x300, 0x380, 0xc00, 0xd00 };

	for (unsigned int round = 0; round < 20; round++) {
		REPORT->beats = REPORT->beats + 1;
		for (unsigned int i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
			if (groups[i] != 0x80 && groups[i] < 0xc00)
				bits(groups[i]);
		for (uint64_t at = gicd(0x400); at < gicd(0x400 + SPIS); at += 4)
			write32(at, round & 1 ? ~0u : 0); /* its own and its neighbours in one word */
		for (uint64_t at = gicd(0xc00); at < gicd(0xc00 + SPIS / 4); at += 4)
			write32(at, round & 1 ? ~0u : 0);
		bytes_and_routes();
		write32(gicd(0), 0); /* GICD_CTLR */
		write32(gicd(0xf00), 0x00ff0000 | round % 16); /* GICD_SGIR */
	}
}

/* Loads and stores of 64, 8, 16 and 32 bits. */
static void every_size(uint64_t start, uint64_t end, uint64_t stride)
{
	for (uint64_t at = start; at < end; at += stride)
		for (unsigned int kind = ACCESS_LOAD; kind <= ACCESS_STORE_32; kind++)
			access(at, (enum access)kind);
}

void attack_distributor_sizes(void)
{
	every_size(gicd(0), gicd(0x1000), 1);
	every_size(gicd(0x1000), gicd(GICD_BYTES), 12);
}

void attack_redistributors(void)
{
	uint64_t base = INMATE_COMM->gicr_base, own = base + HOSTILE_CPU * GICR_BYTES;

	for (uint64_t at = base; at < base + GICR_FRAMES * GICR_BYTES;
	     at += at & 0xffff && (at & 0xffff) >= 0x1000 ? 0x404 : 4) {
		bool mine = at >= own && at < own + 2 * GICR_BYTES;
		uint64_t offset = at & (GICR_BYTES - 1);

		write32(at, ~0u);
		write32(at, 0);
		/* TYPER, IIDR and ID registers of others are there for all to find their own. */
		if (!mine && offset >= 0x10 && (offset & 0xffff) < 0xffd0 && read32(at))
			breach(at);
	}
	every_size(base, base + 0x100, 1);
	every_size(base + 0x10080, base + 0x10500, 3);
	every_size(own + 0x10080, own + 0x10500, 3);
}

void attack_odd_accesses(void)
{
	const uint64_t places[] = { gicd(0),
				    gicd(0x100),
				    gicd(0x420),
				    gicd(0x6000 + 8 * 33),
				    INMATE_COMM->gicr_base,
				    INMATE_COMM->gicr_base + 0x10400,
				    INMATE_COMM->gicr_base + HOSTILE_CPU * GICR_BYTES + 0x10100 };

	for_each_step(i, sizeof(places) / sizeof(places[0]) * (NUM_ACCESSES - ACCESS_LOAD_PAIR))
	{
		access(places[i / (NUM_ACCESSES - ACCESS_LOAD_PAIR)],
		       (enum access)(ACCESS_LOAD_PAIR + i % (NUM_ACCESSES - ACCESS_LOAD_PAIR)));
	}
}

static void send_everywhere(uint64_t value)
{
	write_sysreg(S3_0_C12_C11_5, value); /* ICC_SGI1R_EL1 */
	write_sysreg(S3_0_C12_C11_6, value); /* ICC_ASGI1R_EL1 */
	write_sysreg(S3_0_C12_C11_7, value); /* ICC_SGI0R_EL1 */
}

void attack_sgis(void)
{
	for (uint64_t intid = 0; intid < 16; intid++) {
		REPORT->beats = REPORT->beats + 1;
		for (uint64_t range = 0; range < 16; range++)
			for (uint64_t affinity = 0; affinity < 8; affinity++)
				send_everywhere(intid << 24 | range << 44 | 0xffff | (affinity & 1) << 16 |
						(affinity >> 1 & 1) << 32 | (affinity >> 2) << 48);
		send_everywhere(intid << 24 | 1ULL << 40);
		send_everywhere(intid << 24 | 1ULL << 40 | 0xffff);
	}
	for (unsigned int i = 0; i < 5000; i++)
		send_everywhere(random64());
}

void attack_ends(void)
{
	for (unsigned int round = 0; round < 4; round++) {
		write_sysreg(S3_0_C12_C12_4, round & 1 ? 2 : 0); /* ICC_CTLR_EL1.EOImode */
		asm volatile("isb");
		for (uint64_t intid = 0; intid < 1024; intid++) {
			write_sysreg(S3_0_C12_C12_1, intid); /* ICC_EOIR1_EL1 */
			write_sysreg(S3_0_C12_C11_1, intid); /* ICC_DIR_EL1 */
		}
		for (uint64_t intid = 4096; intid < 8200; intid += 3)
			write_sysreg(S3_0_C12_C11_1, intid);
	}
	write_sysreg(S3_0_C12_C12_4, 0);
}
