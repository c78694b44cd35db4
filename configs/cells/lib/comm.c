// SPDX-License-Identifier: MIT
#include <jailhouse/hypercall.h>

#include "inmate.h"

bool comm_valid(void)
{
	for (unsigned int i = 0; i < sizeof(JH_COMM_SIGNATURE) - 1; i++)
		if (INMATE_COMM->signature[i] != JH_COMM_SIGNATURE[i])
			return false;
	return INMATE_COMM->revision == JH_COMM_REVISION;
}

/* The message goes first: a manager that sees the reply may send the next message at once. */
static void reply(uint32_t code)
{
	INMATE_COMM->msg_to_cell = JH_MSG_NONE;
	asm volatile("dmb ish" : : : "memory");
	INMATE_COMM->reply_from_cell = code;
}

static void __attribute__((noreturn)) end(void)
{
	print("inmate: shutting down as asked\n");
	reply(JH_REPLY_APPROVED);
	INMATE_COMM->cell_state = JH_CELL_STATE_SHUT_DOWN;
	asm volatile("msr daifset, #0xf\n dsb sy" : : : "memory");
	for (;;)
		asm volatile("wfi");
}

void comm_answer(void)
{
	switch (INMATE_COMM->msg_to_cell) {
	case JH_MSG_NONE:
		break;
	case JH_MSG_SHUTDOWN_REQUEST:
		end();
	case JH_MSG_RECONFIG_COMPLETED:
		reply(JH_REPLY_RECEIVED);
		break;
	default:
		reply(JH_REPLY_UNKNOWN);
	}
}
