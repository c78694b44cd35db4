// SPDX-License-Identifier: MIT
/*
 * The debug UARTs that EL2 itself drives. Linux has set them up, we only transmit. Arm PrimeCell UART: DDI 0183; i.MX UART and
 * LPUART: reference manuals of i.MX8MP and i.MX8QM.
 */
#include <hv/arch.h>
#include <hv/cell.h>
#include <hv/uart.h>

#include "../lib/bits.h"

#define READY_LIMIT	100000	/* a UART that never drains must not hold EL2 */

/* Registers by their offset in bytes. A character may be written when that bit of `status` is `ready`. */
static const struct uart_model {
	uint8_t type, data, status;
	uint8_t enable;		/* register whose bit 0 says that the UART is on; 0: it has none */
	uint8_t bit, ready;
} models[] = {
	{ JH_CON_TYPE_PL011, 0x00, 0x18, 0, 5, 0 },			/* DR, FR: TXFF */
	{ JH_CON_TYPE_IMX, 0x40, 0xb4, 0x80, 6, 1 },		/* UTXD, UTS: TXEMPTY, UCR1: UARTEN */
	{ JH_CON_TYPE_IMX_LPUART, 0x1c, 0x14, 0, 23, 1 },	/* DATA, STAT: TDRE */
};

static const struct uart_model *model_of(const struct jh_console_desc *console)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(models); i++)
		if (models[i].type == console->type && console->flags & JH_CON_MMIO)
			return &models[i];
	return NULL;
}

bool uart_is_driven(const struct jh_console_desc *console)
{
	return model_of(console);
}

static void put(const struct uart_model *model, volatile uint32_t *uart, char c)
{
	for (unsigned int i = 0; (uart[model->status / 4] >> model->bit & 1) != model->ready && i < READY_LIMIT; i++)
		relax();
	uart[model->data / 4] = (uint8_t)c;
}

void uart_write(const char *text, unsigned int size)
{
	const struct jh_console_desc *console;
	const struct uart_model *model;
	volatile uint32_t *uart;

	/* A CPU that dies at enable may have something to say before there is a configuration. */
	if (!hv_system.config)
		return;
	console = &hv_system.config->debug_console;
	model = model_of(console);
	if (!model)
		return;
	uart = (volatile uint32_t *)console->address;
	/* Switched off by Linux, it would never be ready, and some abort. */
	if (model->enable && !(uart[model->enable / 4] & 1))
		return;
	for (; size; size--, text++) {
		if (*text == '\n')
			put(model, uart, '\r');
		put(model, uart, *text);
	}
}
