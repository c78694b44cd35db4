// SPDX-License-Identifier: MIT
#include "hv_machine.h"

#include <stdlib.h>
#include <string.h>

#include <hv/cell.h>

struct machine machine;
struct hv_system hv_system;
static struct jh_system_desc system_desc;
static unsigned int locks_held;

void machine_reset(void)
{
	memset(&machine, 0, sizeof(machine));
	system_desc.arm.notify_irq = MACHINE_NOTIFY_INTID;
	hv_system.config = &system_desc;
	locks_held = 0;
}

/* A lock that is taken twice, or given back by nobody, would hang the board. */
void spin_lock(struct spinlock *lock)
{
	if (lock->next != lock->owner)
		abort();
	lock->next++;
	locks_held++;
}

void spin_unlock(struct spinlock *lock)
{
	if (lock->next == lock->owner)
		abort();
	lock->owner++;
	locks_held--;
}

void irq_set_pending(unsigned int intid)
{
	if (intid == MACHINE_NOTIFY_INTID && !locks_held) {
		machine.notified++;
	} else if (intid == MACHINE_UART_INTID && locks_held) {
		machine.pending = true;
		machine.pended++;
	} else {
		abort();	/* root is not called with a lock held; the UART's state is what its lock says */
	}
}

void irq_clear_pending(unsigned int intid)
{
	if (intid != MACHINE_UART_INTID || !locks_held)
		abort();
	machine.pending = false;
}

bool machine_acknowledge(void)
{
	if (!machine.pending || machine.active)
		return false;
	machine.pending = false;
	machine.active = true;
	return true;
}

void machine_end_of_interrupt(void)
{
	machine.active = false;
}
