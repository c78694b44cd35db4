// SPDX-License-Identifier: MIT
/* Prints a numbered beat every second, driven by the virtual timer's interrupt. */
#include "inmate.h"

#define TICKS_PER_SECOND 20 /* how soon a request to shut down is seen */

void inmate_main(void)
{
	uint64_t period = cmdline_number("beat-ms", 1000) * TICKS_PER_SECOND / 1000;
	uint64_t beat = 0, ticks = 0;

	print("heartbeat: CPU %lu, timer at %lu Hz\n", read_sysreg(mpidr_el1) & 0xff, read_sysreg(cntfrq_el0));
	timer_start(TICKS_PER_SECOND);
	for (;;) {
		if (timer_tick() && ++ticks >= period) {
			ticks = 0;
			print("heartbeat: beat %lu\n", ++beat);
		}
		comm_answer();
	}
}
