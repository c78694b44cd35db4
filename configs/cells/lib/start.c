// SPDX-License-Identifier: MIT
#include <jailhouse/hypercall.h>

#include "inmate.h"

/* A comm region of another revision may only be told so, and only its cell_state is sure to be in place. */
void inmate_start(void)
{
	if (!comm_valid()) {
		INMATE_COMM->cell_state = JH_CELL_STATE_FAILED_COMM_REV;
		return;
	}
	mmu_init();
	gic_init();
	inmate_main();
}

void inmate_fault(uint64_t esr, uint64_t elr, uint64_t far)
{
	print("inmate: exception, ESR 0x%lx ELR 0x%lx FAR 0x%lx\n", esr, elr, far);
	INMATE_COMM->cell_state = JH_CELL_STATE_FAILED;
	for (;;)
		asm volatile("msr daifset, #0xf\n wfi");
}
