// SPDX-License-Identifier: MIT
/* What shall make it hard to stop the cell. None of these comes back. */
#include <jailhouse/hypercall.h>

#include "hostile.h"

#define MASKED "msr daifset, #0xf\n"
#define MANAGEMENT    (1u << 15)

static void beat(void)
{
	COUNT(beats);
}

/* The redistributor's first frame. */
static uint64_t gicr_of(uint64_t cpu)
{
	return INMATE_COMM->gicr_base + cpu * GICR_BYTES;
}

/* Where a CPU's SGIs and PPIs are set up: in GICv2 each CPU sees its own at the same place. */
static uint64_t frame_of(uint64_t cpu)
{
	return has_gicv2() ? gicd(0) : gicr_of(cpu) + 0x10000;
}

static void close_interface(void)
{
	asm volatile(MASKED : : : "memory");
	if (has_gicv2()) {
		write32(interface, 0);	   /* GICC_CTLR */
		write32(interface + 4, 0); /* GICC_PMR */
		return;
	}
	write_sysreg(S3_0_C12_C12_7, 0); /* ICC_IGRPEN1_EL1 */
	write_sysreg(S3_0_C4_C6_0, 0);	 /* ICC_PMR_EL1 */
	asm volatile("isb");
}

static void spin(void)
{
	asm volatile(MASKED : : : "memory");
	beat();
	for (;;)
		asm volatile("b .");
}

void attack_spin(void)
{
	on_both(spin);
}

static void closed_wfi(void)
{
	close_interface();
	beat();
	for (;;)
		asm volatile("wfi");
}

void attack_closed_wfi(void)
{
	on_both(closed_wfi);
}

static void wait_for_event(void)
{
	close_interface();
	beat();
	for (;;)
		asm volatile("wfe");
}

void attack_wfe(void)
{
	on_both(wait_for_event);
}

static void standby(void)
{
	close_interface();
	beat();
	for (;;)
		psci(PSCI_CPU_SUSPEND | SMCCC_64, 0, 0, 0);
}

void attack_suspend(void)
{
	on_both(standby);
}

static void timer_storm(void)
{
	keep_timers = 1;
	gic_enable_ppi(27);
	gic_enable_ppi(30);
	write_sysreg(cntv_cval_el0, 0);
	write_sysreg(cntp_cval_el0, 0);
	write_sysreg(cntv_ctl_el0, 1);
	write_sysreg(cntp_ctl_el0, 1);
	beat();
	asm volatile("msr daifclr, #0xf" : : : "memory");
	for (;;)
		asm volatile("b .");
}

void attack_timer_storm(void)
{
	on_both(timer_storm);
}

static void hypercall_storm(void)
{
	for (;;) {
		beat();
		hypercall(JH_HC_CELL_DESTROY, 1);
		hypercall(JH_HC_DEBUG_CONSOLE_PUTC, '.');
	}
}

void attack_hypercall_storm(void)
{
	on_both(hypercall_storm);
}

static void mmio_storm(void)
{
	for (;;) {
		beat();
		write32(gicd(0x100 + HOSTILE_SPI / 32 * 4), ~0u);
		write32(gicd(0x180 + HOSTILE_SPI / 32 * 4), ~0u);
	}
}

void attack_mmio_storm(void)
{
	on_both(mmio_storm);
}

static void fault_storm(void)
{
	beat();
	write_sysreg(vbar_el1, fault_vectors);
	asm volatile("isb\n udf #0" : : : "memory");
}

void attack_fault_storm(void)
{
	on_both(fault_storm);
}

static void sgi_storm(void)
{
	for (uint32_t intid = 0; intid < 16; intid++)
		gic_enable_ppi(intid);
	asm volatile("msr daifclr, #0xf" : : : "memory");
	for (;;) {
		beat();
		for (uint32_t intid = 0; intid < 16; intid++)
			gic_send_sgi_to_others(intid);
	}
}

void attack_sgi_storm(void)
{
	on_both(sgi_storm);
}

static void pending_storm(void)
{
	for (uint32_t intid = 0; intid < 32; intid++)
		gic_enable_ppi(intid);
	asm volatile("msr daifclr, #0xf" : : : "memory");
	for (;;) {
		beat();
		write32(frame_of(HOSTILE_CPU) + 0x200, ~0u);
		write32(frame_of(SIBLING_CPU) + 0x200, ~0u);
	}
}

void attack_pending_storm(void)
{
	on_both(pending_storm);
}

/* The other CPU is off again before it has done anything. */
void attack_cpu_storm(void)
{
	for (;;) {
		beat();
		psci(PSCI_CPU_ON | SMCCC_64, SIBLING_CPU, (uint64_t)turn_off, 0);
	}
}

static void game(uint64_t frame)
{
	write32(frame + 0x080, 0);	     /* IGROUPR0 */
	write32(frame + 0x180, ~0u);	     /* ICENABLER0 */
	write32(frame + 0x280, ~0u);	     /* ICPENDR0 */
	write32(frame + 0x300, ~0u);	     /* ISACTIVER0 */
	write32(frame + 0x40c, 0xffffffffu); /* IPRIORITYR of SGIs 12 to 15 */
}

static void master_of_games(void)
{
	close_interface();
	game(frame_of(cpu_affinity()));
	if (cpu_affinity() == SIBLING_CPU)
		closed_wfi();
	for (;;) {
		beat();
		game(frame_of(SIBLING_CPU));
		game(frame_of(HOSTILE_CPU));
	}
}

void attack_sgi_masked(void)
{
	on_both(master_of_games);
}

static void mark_active(void)
{
	uint64_t frame = frame_of(cpu_affinity());

	close_interface();
	write32(frame + 0x300, MANAGEMENT);
	write32(frame + 0x40c, 0xffffffffu);
	beat();
	for (;;)
		asm volatile("wfi");
}

void attack_sgi_active(void)
{
	on_both(mark_active);
}

static void sleep_redistributor(void)
{
	write32(gicr_of(SIBLING_CPU) + 0x14, 2);
	write32(gicr_of(HOSTILE_CPU) + 0x14, 2);
	closed_wfi();
}

void attack_waker(void)
{
	on_both(sleep_redistributor);
}

static void hold_priority(void)
{
	asm volatile(MASKED : : : "memory");
	if (has_gicv2())
		write32(interface + 0xd0, ~0u); /* GICC_APR0 */
	else
		write_sysreg(S3_0_C12_C9_0, 0xffffffff); /* ICC_AP1R0_EL1: every priority is active */
	asm volatile("isb");
	beat();
	for (;;) {
		asm volatile("wfi");
		beat();
	}
}

void attack_active_priority(void)
{
	on_both(hold_priority);
}

void attack_reset_loop(void)
{
	beat();
	psci(PSCI_SYSTEM_RESET, 0, 0, 0);
}

void attack_off(void)
{
	psci(PSCI_SYSTEM_OFF, 0, 0, 0);
	breach(0);
}
