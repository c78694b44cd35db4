// SPDX-License-Identifier: MIT
/* The PL011 that the hypervisor emulates for the cell: Arm DDI 0183. */
#include "hostile.h"

#define UART_BYTES 0x1000ULL

/* Loads and stores of a word, as drivers make them, at every word. */
static void sweep(void)
{
	for (uint64_t at = HOSTILE_UART; at < HOSTILE_UART + UART_BYTES; at += 4) {
		read32(at);
		write32(at, ~0u);
		write32(at, (uint32_t)random64());
		write32(at, 0);
		read32(at);
	}
}

void attack_uart(void)
{
	static const uint16_t offsets[] = { 0,	  1,	2,    3,    4,	  0x18, 0x20,  0x24,  0x28,  0x2c,
					    0x30, 0x34, 0x38, 0x3c, 0x40, 0x44, 0x48, 0x80, 0xfe0, 0xff0 };

	if (REPORT->step == 0)
		sweep();
	for_each_step(i, ARRAY_SIZE(offsets) * NUM_ACCESSES)
	{
		access(HOSTILE_UART + offsets[i / NUM_ACCESSES], (enum access)(i % NUM_ACCESSES), ~0ULL);
	}
	sweep();
}
