// SPDX-License-Identifier: MIT
#include <jailhouse/hypercall.h>

#include "inmate.h"

#define BIT(n) (1u << (n))

/*
 * UARTs of boards; whoever started the board has set them up. Registers in bytes. A character may be sent when
 * (sender & mask) == ready, and one waits when that holds for the receiver's.
 */
static const struct uart {
	uint8_t type, sent, received;
	struct {
		uint8_t status;
		uint32_t mask, ready;
	} sender, receiver;
} uarts[] = {
	/* PL011 (DDI 0183): DR; FR with TXFF, RXFE */
	{ JH_CON_TYPE_PL011, 0x00, 0x00, { 0x18, BIT(5), 0 }, { 0x18, BIT(4), 0 } },
	/* i.MX UART: UTXD, URXD; UTS with TXFULL, RXEMPTY */
	{ JH_CON_TYPE_IMX, 0x40, 0x00, { 0xb4, BIT(4), 0 }, { 0xb4, BIT(5), 0 } },
	/* i.MX LPUART: DATA; STAT with TDRE, RDRF */
	{ JH_CON_TYPE_IMX_LPUART, 0x1c, 0x1c, { 0x14, BIT(23), BIT(23) }, { 0x14, BIT(21), BIT(21) } },
};

static const struct uart *uart_here(void)
{
	for (unsigned int i = 0; i < sizeof(uarts) / sizeof(uarts[0]); i++)
		if (uarts[i].type == INMATE_COMM->console.type)
			return &uarts[i];
	return 0;
}

static volatile uint32_t *uart_register(uint32_t offset)
{
	return (volatile uint32_t *)(INMATE_COMM->console.address + offset);
}

bool console_has_uart(void)
{
	return uart_here();
}

void console_putc(char c)
{
	const struct uart *uart = uart_here();
	uint32_t flags = INMATE_COMM->flags;

	if (uart) {
		while ((*uart_register(uart->sender.status) & uart->sender.mask) != uart->sender.ready)
			asm volatile("yield");
		*uart_register(uart->sent) = (uint8_t)c;
	}
	if ((flags & JH_COMM_CONSOLE_PERMITTED) && (flags & JH_COMM_CONSOLE_ACTIVE))
		hypercall(JH_HC_DEBUG_CONSOLE_PUTC, (uint8_t)c);
}

int console_getc(void)
{
	const struct uart *uart = uart_here();
	int64_t byte = -1;

	if (uart && (*uart_register(uart->receiver.status) & uart->receiver.mask) == uart->receiver.ready)
		return *uart_register(uart->received) & 0xff;
	if (INMATE_COMM->flags & JH_COMM_CONSOLE_PERMITTED)
		byte = hypercall(JH_HC_DEBUG_CONSOLE_GETC, 0);
	return byte < 0 ? -1 : (int)(byte & 0xff);
}
