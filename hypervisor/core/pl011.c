// SPDX-License-Identifier: MIT
#include <hv/pl011.h>

#include <hv/console.h>
#include <hv/irq.h>

#include "../lib/string.h"

/* Registers: DDI 0183, table 3-1. */
#define DR	0x000
#define RSR	0x004	/* ECR when written */
#define FR	0x018
#define ILPR	0x020
#define IBRD	0x024
#define FBRD	0x028
#define LCR_H	0x02c
#define CR	0x030
#define IFLS	0x034
#define IMSC	0x038
#define RIS	0x03c
#define MIS	0x040
#define ICR	0x044
#define DMACR	0x048
#define ID_REGS	0xfe0

#define DR_BE		0x400	/* errors of RSR, above the byte */
#define DR_ERRORS	8	/* shift */
#define RSR_BE		0x4
#define RSR_OE		0x8
#define FR_CTS		0x001
#define FR_DSR		0x002
#define FR_DCD		0x004
#define FR_RXFE		0x010
#define FR_RXFF		0x040
#define FR_TXFE		0x080
#define LCR_H_FEN	0x10
#define CR_MASK		0xff87
#define CR_LBE		0x0080
#define CR_RESET	0x0300	/* RXE, TXE */
#define IFLS_RESET	0x12

#define FIFO_DEPTH	16

/* Peripheral and cell identification: PL011 of Arm, revision 2 (r1p4): the last one whose FIFOs have 16 bytes. */
static const uint8_t ids[8] = { 0x11, 0x10, 0x24, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

void pl011_reset(struct pl011 *uart)
{
	*uart = (struct pl011){ .address = uart->address,
				.size = uart->size,
				.intid = uart->intid,
				.pended = uart->pended,
				.cr = CR_RESET,
				.ifls = IFLS_RESET };
}

/* Without FIFOs one byte is held. */
static unsigned int depth(const struct pl011 *uart)
{
	return uart->lcr_h & LCR_H_FEN ? FIFO_DEPTH : 1;
}

/* Bytes from which on the receive interrupt is asserted: 1/8, 1/4, 1/2, 3/4, 7/8 of the FIFO. */
static unsigned int trigger(const struct pl011 *uart)
{
	static const uint8_t levels[8] = { 2, 4, 8, 12, 14, 14, 14, 14 };

	return uart->lcr_h & LCR_H_FEN ? levels[uart->ifls >> 3 & 7] : 1;
}

static unsigned int level(const struct console *console)
{
	unsigned int waiting = console_waiting(console), most = depth(&console->uart);

	return waiting < most ? waiting : most;
}

/* Nothing comes slowly here: the time of the timeout interrupt is over as soon as a byte has come. */
static void fifo_filled(struct console *console)
{
	console->uart.ris |= PL011_INT_RT;
	if (level(console) >= trigger(&console->uart))
		console->uart.ris |= PL011_INT_RX;
}

void pl011_received(struct console *console)
{
	if (console->input[(console->tail - 1) % CONSOLE_INPUT_SIZE] == CONSOLE_BREAK)
		console->uart.ris |= PL011_INT_BE;
	if (console_waiting(console) <= depth(&console->uart))
		fifo_filled(console);
}

void pl011_taken(struct console *console)
{
	struct pl011 *uart = &console->uart;

	if (level(console) < trigger(uart))
		uart->ris &= (uint16_t)~PL011_INT_RX;
	if (!console_waiting(console))
		uart->ris &= (uint16_t)~PL011_INT_RT;
	else if (console_waiting(console) >= depth(uart))
		fifo_filled(console);	/* by the byte that waited behind it */
}

static uint32_t read_data(struct console *console)
{
	struct pl011 *uart = &console->uart;
	uint16_t entry;

	if (!console_waiting(console))
		return 0;
	entry = console_take_locked(console);
	uart->rsr = entry == CONSOLE_BREAK ? RSR_BE : 0;
	return (entry & 0xff) | (uint32_t)uart->rsr << DR_ERRORS;
}

/* The line is always there and always ready, so that nobody waits for a carrier. */
static uint32_t flags(const struct console *console)
{
	uint32_t fr = FR_TXFE | FR_CTS | FR_DSR | FR_DCD;

	if (!console_waiting(console))
		fr |= FR_RXFE;
	if (level(console) == depth(&console->uart))
		fr |= FR_RXFF;
	return fr;
}

static uint32_t read_register(struct console *console, unsigned int offset)
{
	const struct pl011 *uart = &console->uart;

	switch (offset) {
	case DR:
		return read_data(console);
	case RSR:
		return uart->rsr;
	case FR:
		return flags(console);
	case ILPR:
		return uart->ilpr;
	case IBRD:
		return uart->ibrd;
	case FBRD:
		return uart->fbrd;
	case LCR_H:
		return uart->lcr_h;
	case CR:
		return uart->cr;
	case IFLS:
		return uart->ifls;
	case IMSC:
		return uart->imsc;
	case RIS:
		return uart->ris;
	case MIS:
		return uart->ris & uart->imsc;
	case DMACR:
		return uart->dmacr;
	default:
		return offset >= ID_REGS && offset < PL011_SIZE ? ids[(offset - ID_REGS) / 4] : 0;
	}
}

static void loop_back(struct console *console, uint8_t byte)
{
	if (console_queue_locked(console, byte))
		return;
	console->uart.ris |= PL011_INT_OE;
	console->uart.rsr |= RSR_OE;
	console->page->input_dropped++;
}

/* The transmit interrupt says that the FIFO has emptied to its level: it does that with every byte. */
static inline void write_data(struct console *console, uint8_t byte)
{
	console->uart.ris |= PL011_INT_TX;
	if (console->uart.cr & CR_LBE)
		loop_back(console, byte);
	else
		console_put_locked(console, byte);
}

static void write_register(struct console *console, unsigned int offset, uint32_t value, unsigned int size)
{
	struct pl011 *uart = &console->uart;
	/* Of the registers that have more than a byte, a byte access leaves the rest as it is. */
	uint16_t rest = size == 1 ? 0xff00 : 0;
	uint16_t lane = (uint16_t)(size == 1 ? value & 0xff : value);

	switch (offset) {
	case RSR:
		uart->rsr = 0;
		break;
	case ILPR:
		uart->ilpr = (uint8_t)value;
		break;
	case IBRD:
		uart->ibrd = (uart->ibrd & rest) | lane;
		break;
	case FBRD:
		uart->fbrd = value & 0x3f;
		break;
	case LCR_H:
		uart->lcr_h = (uint8_t)value;
		break;
	case CR:
		uart->cr = ((uart->cr & rest) | lane) & CR_MASK;
		break;
	case IFLS:
		uart->ifls = value & 0x3f;
		break;
	case IMSC:
		uart->imsc = ((uart->imsc & rest) | lane) & PL011_INT_ALL;
		break;
	case ICR:
		uart->ris &= (uint16_t)~lane;
		break;
	case DMACR:
		uart->dmacr = value & 7;	/* there is no DMA controller behind it */
		break;
	default:
		break;
	}
}

void pl011_interrupt_change(struct pl011 *uart)
{
	bool asks = uart->ris & uart->imsc;

	if (uart->intid && asks)
		irq_set_pending(uart->intid);
	else if (uart->intid && uart->pended)
		irq_clear_pending(uart->intid);
	uart->pended = asks;
}

void pl011_send(struct console *console, uint8_t byte)
{
	spin_lock(&console->lock);
	write_data(console, byte);
	pl011_interrupt(&console->uart);
	console_unlock(console);
}

bool pl011_access(struct console *console, struct mmio *mmio)
{
	unsigned int offset = (unsigned int)(mmio->address - console->uart.address);

	if (mmio->size > 4 || offset % 4)
		return false;
	if (mmio->write && offset == DR) {
		pl011_send(console, (uint8_t)mmio->value);
		return true;
	}
	spin_lock(&console->lock);
	if (!mmio->write)
		mmio->value = read_register(console, offset);
	else
		write_register(console, offset, (uint32_t)mmio->value, mmio->size);
	pl011_interrupt(&console->uart);
	console_unlock(console);
	return true;
}
