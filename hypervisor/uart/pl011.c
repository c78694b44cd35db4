// SPDX-License-Identifier: MIT
/* Arm PrimeCell UART (DDI 0183): Linux has set it up, we only transmit. */
#include <hv/arch.h>
#include <hv/cell.h>

#define UART_DR		0x00
#define UART_FR		0x18
#define UART_FR_TXFF	(1u << 5)
#define FULL_LIMIT	100000	/* a UART that never drains must not hold EL2 */

static void put(volatile uint32_t *uart, char c)
{
	for (unsigned int i = 0; (uart[UART_FR / 4] & UART_FR_TXFF) && i < FULL_LIMIT; i++)
		relax();
	uart[UART_DR / 4] = (uint32_t)c;
}

void uart_write(const char *text, unsigned int size)
{
	const struct jh_console_desc *console = &hv_system.config->debug_console;
	volatile uint32_t *uart;

	/* A CPU that dies at enable may have something to say before there is a configuration. */
	if (!hv_system.config || console->type != JH_CON_TYPE_PL011 || !(console->flags & JH_CON_MMIO))
		return;
	uart = (volatile uint32_t *)console->address;
	for (; size; size--, text++) {
		if (*text == '\n')
			put(uart, '\r');
		put(uart, *text);
	}
}
