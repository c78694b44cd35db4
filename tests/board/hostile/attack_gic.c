// SPDX-License-Identifier: MIT
/* Interrupts and CPUs that are not the cell's, in the interrupt controller. GICv2: Arm IHI 0048; GICv3: Arm IHI 0069, chapter 12. */
#include "hostile.h"

#define SPIS	     256u
#define OWN_BIT	     (1u << HOSTILE_SPI % 32)
#define OWN_BITS     (OWN_BIT | 1u << HOSTILE_UART_SPI % 32) /* of one word */
#define OWN_TARGETS  (1u << HOSTILE_CPU | 1u << SIBLING_CPU) /* the board numbers CPU interfaces as CPUs */

/* Enable, pending, active: a bit each. What it reads of others is zero. */
static void bits(uint64_t group)
{
	for (unsigned int i = 1; i < SPIS / 32; i++) {
		uint64_t at = gicd(group + 4 * i);
		uint32_t own = i == HOSTILE_SPI / 32 ? OWN_BITS : 0;

		write32(at, ~own);
		write32(at, 0);
		if (read32(at) & ~own)
			breach(at);
	}
}

/* GICD_IROUTER, or the byte of GICD_ITARGETSR. */
static uint64_t route_register(unsigned int intid)
{
	return has_gicv2() ? gicd(0x800 + intid) : gicd(0x6000 + 8UL * intid);
}

static void write_route(unsigned int intid, uint64_t value)
{
	if (has_gicv2())
		write8(route_register(intid), (uint8_t)value);
	else
		write64(route_register(intid), value);
}

static uint64_t read_route(unsigned int intid)
{
	return has_gicv2() ? read8(route_register(intid)) : read64(route_register(intid));
}

static void bytes_and_routes(void)
{
	for (unsigned int intid = 32; intid < SPIS; intid++) {
		uint64_t priority = gicd(0x400 + intid);

		if (intid == HOSTILE_SPI || intid == HOSTILE_UART_SPI)
			continue;
		write8(priority, 0xff);
		write8(priority, 0);
		write_route(intid, has_gicv2() ? OWN_TARGETS : SIBLING_CPU);
		write_route(intid, has_gicv2() ? 0xff : 1ULL << 31);
		if (read8(priority) || read_route(intid))
			breach(route_register(intid));
		write32(gicd(0x40), intid); /* GICD_SETSPI_NSR */
		write32(gicd(0x48), intid); /* GICD_CLRSPI_NSR */
	}
}

static void words(uint64_t offset, uint64_t bytes, uint32_t value)
{
	for (uint64_t at = gicd(offset); at < gicd(offset + bytes); at += 4)
		write32(at, value);
}

void attack_distributor(void)
{
	static const uint16_t groups[] = { 0x100, 0x180, 0x200, 0x280, 0x300, 0x380 };

	for (unsigned int round = 0; round < 20; round++) {
		uint32_t ones = round & 1 ? ~0u : 0;

		COUNT(beats);
		for (unsigned int i = 0; i < ARRAY_SIZE(groups); i++)
			bits(groups[i]);
		/* Its own and its neighbours in one word. */
		words(0x80, SPIS / 8, ones);  /* IGROUPR */
		words(0x400, SPIS, ones);     /* IPRIORITYR */
		words(0xc00, SPIS / 4, ones); /* ICFGR */
		words(0xd00, SPIS / 8, ones); /* IGRPMODR */
		bytes_and_routes();
		write32(gicd(0), 0); /* GICD_CTLR */
	}
}

/* Loads and stores of all sizes, of zeroes and ones. */
static void every_size(uint64_t start, uint64_t end, uint64_t stride)
{
	for (uint64_t at = start; at < end; at += stride)
		for (unsigned int kind = 0; kind <= ACCESS_STORE_32; kind++)
			access(at, (enum access)kind, at / stride & 1 ? ~0ULL : 0);
}

void attack_distributor_sizes(void)
{
	for (unsigned int round = 0; round < 2; round++) {
		every_size(gicd(round), gicd(0x1000), 1);
		every_size(gicd(0x1000) + 4UL * round, gicd(gicd_bytes()), 12);
	}
}

/* To each CPU and to nobody; it stays with the cell's own CPUs. */
void attack_own_route(void)
{
	gic_enable_spi(HOSTILE_SPI, true);
	for (uint64_t i = 0; i < 512; i++) {
		uint64_t wanted = i < 256 ? i : random64() >> (random64() & 63), got;

		if (i % 8 == 7)
			wanted |= 1ULL << 31;
		write_route(HOSTILE_SPI, wanted);
		got = read_route(HOSTILE_SPI);
		if (has_gicv2() ? got & ~(uint64_t)OWN_TARGETS : got != HOSTILE_CPU && got != SIBLING_CPU)
			breach(wanted);
		write32(gicd(0x200 + HOSTILE_SPI / 32 * 4), OWN_BIT);
	}
}

void attack_redistributors(void)
{
	uint64_t base = INMATE_COMM->gicr_base, own = base + HOSTILE_CPU * GICR_BYTES;

	for (uint64_t at = base; at < base + NUM_CPUS * GICR_BYTES;
	     at += at & 0xffff && (at & 0xffff) >= 0x1000 ? 0x404 : 4) {
		bool mine = at >= own && at < own + 2 * GICR_BYTES;
		uint64_t offset = at & (GICR_BYTES - 1);

		write32(at, ~0u);
		write32(at, 0);
		/* TYPER, IIDR and ID registers of others are there for all to find their own. */
		if (!mine && offset >= 0x10 && (offset & 0xffff) < 0xffd0 && read32(at))
			breach(at);
	}
	for (uint64_t cpu = 0; cpu < NUM_CPUS; cpu++) {
		every_size(base + cpu * GICR_BYTES, base + cpu * GICR_BYTES + 0x100, 1);
		every_size(base + cpu * GICR_BYTES + 0x10080, base + cpu * GICR_BYTES + 0x10500, 3);
	}
}

void attack_odd_accesses(void)
{
	const uint64_t gicr = has_gicv2() ? interface + 0x1000 : INMATE_COMM->gicr_base; /* GICC_DIR's page */
	const uint64_t places[] = { gicd(0),
				    gicd(0x100),
				    gicd(0x420),
				    has_gicv2() ? gicd(0xf00) : gicd(0x6000 + 8 * 33),
				    gicr,
				    has_gicv2() ? gicr + 0xff0 : gicr + 0x10400,
				    has_gicv2() ? gicd(0x800) : gicr + HOSTILE_CPU * GICR_BYTES + 0x10100 };

	for_each_step(i, ARRAY_SIZE(places) * NUM_ACCESSES)
	{
		access(places[i / NUM_ACCESSES], (enum access)(i % NUM_ACCESSES), ~0ULL);
	}
}

/* The page that is the guest's, and the one with GICC_DIR. Of what is left of its interface nobody else notices. */
void attack_cpu_interface(void)
{
	for (uint64_t at = interface; at < interface + 0x2000; at += 4) {
		write32(at, ~0u);
		write32(at, (uint32_t)random64());
		write32(at, 0);
	}
	every_size(interface, interface + 0x110, 1);
	every_size(interface + 0x1000, interface + 0x1010, 1);
	every_size(interface + 0x1010, interface + 0x2000, 28);
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
		COUNT(beats);
		for (uint64_t range = 0; range < 16; range++)
			for (uint64_t affinity = 0; affinity < 8; affinity++)
				send_everywhere(intid << 24 | range << 44 | 0xffff | (affinity & 1) << 16 |
						(affinity >> 1 & 1) << 32 | (affinity >> 2) << 48);
		send_everywhere(intid << 24 | 1ULL << 40);
		send_everywhere(intid << 24 | 1ULL << 40 | 0xffff);
	}
	for (unsigned int i = 0; i < 100000; i++)
		send_everywhere(random64());
}

static void send_in_v2(uint32_t value)
{
	write32(gicd(0xf00), value);
}

/* Each filter (two bits), list of CPUs and SGI; the pending bits of SGIs as every sender's. */
void attack_sgir(void)
{
	for (uint32_t filter = 0; filter < 4; filter++) {
		COUNT(beats);
		for (uint32_t cpus = 0; cpus < 256; cpus++)
			for (uint32_t intid = 0; intid < 16; intid++)
				send_in_v2(filter << 24 | cpus << 16 | intid);
	}
	for (unsigned int i = 0; i < 5000; i++)
		send_in_v2((uint32_t)random64());
	every_size(gicd(0xf00), gicd(0xf40), 1);
	for (uint64_t at = 0xf20; at < 0xf30; at++) { /* GICD_SPENDSGIR */
		write8(gicd(at), 0xff);
		if (read8(gicd(at)) & ~OWN_TARGETS)
			breach(gicd(at));
	}
}

static void end_in_v2(uint32_t intid)
{
	write32(interface + 0x10, intid);   /* GICC_EOIR */
	write32(interface + 0x20, intid);   /* GICC_AEOIR */
	write32(interface + 0x1000, intid); /* GICC_DIR */
}

static void end(uint64_t intid)
{
	write_sysreg(S3_0_C12_C12_1, intid); /* ICC_EOIR1_EL1 */
	write_sysreg(S3_0_C12_C11_1, intid); /* ICC_DIR_EL1 */
}

static void set_eoimode(bool split)
{
	if (has_gicv2())
		write32(interface, split ? 0x201 : 1); /* GICC_CTLR: EOImodeNS, or EOImode with one security state */
	else
		write_sysreg(S3_0_C12_C12_4, split ? 2 : 0); /* ICC_CTLR_EL1 */
	asm volatile("isb");
}

void attack_ends(void)
{
	for (unsigned int round = 0; round < 4; round++) {
		set_eoimode(round & 1);
		for (uint32_t intid = 0; intid < (has_gicv2() ? 0x2000 : 1024); intid++)
			has_gicv2() ? end_in_v2(intid) : end(intid);
		for (uint64_t intid = 4096; intid < 8200 && !has_gicv2(); intid += 3)
			write_sysreg(S3_0_C12_C11_1, intid);
	}
	set_eoimode(false);
}
