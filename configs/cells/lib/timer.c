// SPDX-License-Identifier: MIT
#include "inmate.h"

#define TIMER_INTID 27

static uint64_t period;
static volatile uint64_t due; /* periods that the interrupt has counted */
static uint64_t taken;	      /* periods that timer_tick() has reported */

void timer_start(uint32_t hertz)
{
	period = read_sysreg(cntfrq_el0) / hertz;
	gic_enable_ppi(TIMER_INTID);
	write_sysreg(cntv_cval_el0, read_sysreg(cntvct_el0) + period);
	write_sysreg(cntv_ctl_el0, 1);
	asm volatile("isb\n msr daifclr, #2" : : : "memory");
}

/* Compare values are added up, so that no delay makes the clock slow. */
void timer_irq(void)
{
	write_sysreg(cntv_cval_el0, read_sysreg(cntv_cval_el0) + period);
	due = due + 1;
	asm volatile("isb");
}

/* Interrupts are masked between the look and the sleep: WFI still wakes, and no tick is lost between them. */
bool timer_tick(void)
{
	asm volatile("msr daifset, #2" : : : "memory");
	if (due == taken)
		asm volatile("wfi" : : : "memory");
	asm volatile("msr daifclr, #2\n isb" : : : "memory");
	if (due == taken)
		return false;
	taken++;
	return true;
}
