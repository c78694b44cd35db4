// SPDX-License-Identifier: MIT
/* GICv2 (IHI 0048): banked distributor registers, the CPU interface in memory. */
#include "gic.h"
#include "inmate.h"

#define GICC_CTLR     0x00
#define GICC_PMR      0x04
#define GICC_IAR      0x0c
#define GICC_EOIR     0x10
#define SGIR_OTHERS   (1u << 24)
#define SGIR_CPUS(cpus) ((uint32_t)(cpus) << 16)
#define CPUS_MAX      8

/* CPU interface numbers are not affinities: each CPU notes its own, which reads back from its banked ITARGETSR0. */
static struct {
	uint64_t mpidr;
	uint32_t target;
} interfaces[CPUS_MAX];

static bool gicv2_init(void)
{
	uint32_t target = *gic_register(INMATE_COMM->gicd_base, GICD_ITARGETSR) & 0xff;

	if (!target)
		return false;
	interfaces[__builtin_ctz(target)].mpidr = cpu_affinity();
	interfaces[__builtin_ctz(target)].target = target;
	*gic_register(INMATE_COMM->gicd_base, GICD_CTLR) = 1;
	*gic_register(INMATE_COMM->gicc_base, GICC_PMR) = 0xf0;
	*gic_register(INMATE_COMM->gicc_base, GICC_CTLR) = 1;
	asm volatile("dsb sy" : : : "memory");
	return true;
}

static uint64_t ppi_registers(void)
{
	return INMATE_COMM->gicd_base;
}

/* 0: a CPU that has not noted its own yet. */
static uint32_t target_of(uint64_t mpidr)
{
	for (unsigned int i = 0; i < CPUS_MAX; i++)
		if (interfaces[i].target && interfaces[i].mpidr == mpidr)
			return interfaces[i].target;
	return 0;
}

static void route(uint32_t intid, uint64_t mpidr)
{
	*(volatile uint8_t *)(INMATE_COMM->gicd_base + GICD_ITARGETSR + intid) = (uint8_t)target_of(mpidr);
}

static void send(uint32_t intid, uint64_t mpidr)
{
	asm volatile("dsb ish" : : : "memory");
	*gic_register(INMATE_COMM->gicd_base, GICD_SGIR) = SGIR_CPUS(target_of(mpidr)) | intid;
}

static void send_to_others(uint32_t intid)
{
	asm volatile("dsb ish" : : : "memory");
	*gic_register(INMATE_COMM->gicd_base, GICD_SGIR) = SGIR_OTHERS | intid;
}

static uint32_t acknowledge(void)
{
	return *gic_register(INMATE_COMM->gicc_base, GICC_IAR);
}

static void end(uint32_t acknowledged)
{
	*gic_register(INMATE_COMM->gicc_base, GICC_EOIR) = acknowledged;
}

const struct gic_ops gicv2 = { gicv2_init, ppi_registers, route, send, send_to_others, acknowledge, end };
