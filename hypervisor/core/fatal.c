// SPDX-License-Identifier: MIT
#include <hv/fatal.h>

#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/gic.h>
#include <hv/irq.h>
#include <hv/log.h>
#include <hv/reason.h>

bool management_lock(void)
{
	return spin_lock_unless(&hv_lock, &hv_system.management_lost);
}

static void release(struct spinlock *lock, const struct cpu *cpu)
{
	if (lock->holder == cpu)
		spin_unlock(lock);
}

void fatal_release(const struct cpu *cpu)
{
	if (hv_lock.holder == cpu)
		__atomic_store_n(&hv_system.management_lost, true, __ATOMIC_RELEASE);
	release(&log_lock, cpu);
	release(&gicd_lock, cpu);
	for (unsigned int id = 1; id <= JH_CELL_ID_MAX; id++)
		if (cells[id])
			release(&cells[id]->console.lock, cpu);
}

/* Root may have chosen this CPU for its notifications: it would never hear of anything again. */
static void notify_another(const struct cpu *dead)
{
	for_each_cpu(cpu, root_cell.cpus)
		if (cpu != dead && cpu_state(cpu) == CPU_IN_GUEST)
			irq_send_to(hv_system.config->arm.notify_irq, cpu);
}

/* A CPU that dies on its way in has no cell yet: who enabled is told why that is refused. */
void fatal_tell(struct cpu *cpu, const char *text)
{
	refuse(&hv_status.fatal, -HV_EIO, "hypervisor-fault", "%s", text);
	cpu->failed = true;
	if (cpu_state(cpu) == CPU_ABSENT) {
		hv_status.refusal = hv_status.fatal;
		return;
	}
	if (cpu->cell == &root_cell)
		notify_another(cpu);
	else
		cell_fail(cpu->cell, "hypervisor-fault", text);
	notify_root();
}
