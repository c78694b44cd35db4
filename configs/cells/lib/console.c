// SPDX-License-Identifier: MIT
#include <jailhouse/hypercall.h>

#include "inmate.h"

/* PL011 (DDI 0183): data, flags, and the flags "receive FIFO empty" and "transmit FIFO full". */
#define UART_DR	  0x00
#define UART_FR	  0x18
#define   FR_RXFE 0x10
#define   FR_TXFF 0x20

static volatile uint32_t *uart_register(uint32_t offset)
{
	return (volatile uint32_t *)(INMATE_COMM->console.address + offset);
}

static bool has_uart(void)
{
	return INMATE_COMM->console.type == JH_CON_TYPE_PL011;
}

void console_putc(char c)
{
	uint32_t flags = INMATE_COMM->flags;

	if (has_uart()) {
		while (*uart_register(UART_FR) & FR_TXFF)
			asm volatile("yield");
		*uart_register(UART_DR) = (uint8_t)c;
	}
	if ((flags & JH_COMM_CONSOLE_PERMITTED) && (flags & JH_COMM_CONSOLE_ACTIVE))
		hypercall(JH_HC_DEBUG_CONSOLE_PUTC, (uint8_t)c);
}

int console_getc(void)
{
	int64_t byte = -1;

	if (has_uart() && !(*uart_register(UART_FR) & FR_RXFE))
		return *uart_register(UART_DR) & 0xff;
	if (INMATE_COMM->flags & JH_COMM_CONSOLE_PERMITTED)
		byte = hypercall(JH_HC_DEBUG_CONSOLE_GETC, 0);
	return byte < 0 ? -1 : (int)(byte & 0xff);
}
