// SPDX-License-Identifier: MIT
/* What a cell says in its communication region when it is asked to end, or does not say. None of these comes back. */
#include <jailhouse/hypercall.h>

#include "hostile.h"

void attack_comm_lies(void)
{
	for (;;) {
		COUNT(beats);
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
		COUNT(beats);
}

static void deny_as(uint32_t state)
{
	for (;;) {
		COUNT(beats);
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
