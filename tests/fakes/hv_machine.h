/* SPDX-License-Identifier: MIT */
/*
 * The machine below the hypervisor's policy, as far as consoles need it: one SPI, pending and active as the distributor
 * keeps it, and the interrupt that calls root.
 */
#ifndef FAKES_HV_MACHINE_H
#define FAKES_HV_MACHINE_H

#include <stdbool.h>

#define MACHINE_UART_INTID	200
#define MACHINE_NOTIFY_INTID	212

struct machine {
	bool pending, active;	/* the UART's SPI */
	unsigned int pended;	/* how often it was made pending */
	unsigned int notified;	/* how often root was called */
};
extern struct machine machine;

void machine_reset(void);

/* What a CPU interface does: true, and active from then on, when it was pending. */
bool machine_acknowledge(void);
void machine_end_of_interrupt(void);

#endif
