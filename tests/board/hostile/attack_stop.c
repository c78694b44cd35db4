// SPDX-License-Identifier: MIT
/* What shall make it hard to stop the cell. None of these comes back. */
#include <jailhouse/hypercall.h>

#include "hostile.h"

#define MASKED "msr daifset, #0xf\n"
#define SIBLING_FRAME (INMATE_COMM->gicr_base + SIBLING_CPU * 0x20000ULL + 0x10000)
#define OWN_FRAME     (INMATE_COMM->gicr_base + HOSTILE_CPU * 0x20000ULL + 0x10000)
#define MANAGEMENT    (1u << 15)

static void beat(void)
{
	REPORT->beats = REPORT->beats + 1;
}

static void close_interface(void)
{
	asm volatile(MASKED : : : "memory");
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
		psci(PSCI_CPU_SUSPEND, 0, 0, 0);
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
		write32(INMATE_COMM->gicd_base + 0x100 + HOSTILE_SPI / 32 * 4, ~0u);
		write32(INMATE_COMM->gicd_base + 0x180 + HOSTILE_SPI / 32 * 4, ~0u);
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

/* The other CPU is off again before it has done anything. */
void attack_cpu_storm(void)
{
	for (;;) {
		beat();
		psci(PSCI_CPU_ON, SIBLING_CPU, (uint64_t)turn_off, 0);
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
	if (cpu_affinity() == SIBLING_CPU)
		closed_wfi();
	for (;;) {
		beat();
		game(SIBLING_FRAME);
		game(OWN_FRAME);
	}
}

void attack_sgi_masked(void)
{
	on_both(master_of_games);
}

static void mark_active(void)
{
	uint64_t frame = cpu_affinity() == SIBLING_CPU ? SIBLING_FRAME : OWN_FRAME;

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
	write32(SIBLING_FRAME - 0x10000 + 0x14, 2);
	write32(OWN_FRAME - 0x10000 + 0x14, 2);
	closed_wfi();
}

void attack_waker(void)
{
	on_both(sleep_redistributor);
}

static void hold_priority(void)
{
	asm volatile(MASKED : : : "memory");
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

void attack_comm_lies(void)
{
	for (;;) {
		beat();
		/* It never says that it has ended: that would be true in the end. */
		INMATE_COMM->cell_state = (uint32_t)random64() & 1;
		INMATE_COMM->reply_from_cell = random64() & 1 ? JH_REPLY_NONE : 5 + ((uint32_t)random64() & 0xffff);
		INMATE_COMM->msg_to_cell = (uint32_t)random64();
		for (unsigned int i = 17; i < 1024; i++)
			((volatile uint32_t *)INMATE_COMM)[i] = (uint32_t)random64();
	}
}

void attack_comm_silence(void)
{
	for (;;)
		beat();
}

static void deny_as(uint32_t state)
{
	for (;;) {
		beat();
		INMATE_COMM->cell_state = state;
		INMATE_COMM->reply_from_cell = JH_REPLY_DENIED;
	}
}

void attack_comm_denial(void)
{
	deny_as(JH_CELL_STATE_RUNNING);
}

void attack_comm_lock(void)
{
	deny_as(JH_CELL_STATE_RUNNING_LOCKED);
}
