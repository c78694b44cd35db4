/* SPDX-License-Identifier: MIT */
/*
 * The PL011 that a cell sees (Arm DDI 0183, revision r1p4): the registers, no wire. What is written to it is the cell's
 * output at once, so its transmit FIFO is always empty; its receive FIFO shows the first bytes of the console's input.
 *
 * Its interrupt is an SPI that no wire drives. An SPI can be made pending, but not be held like a level: so it is made
 * pending after every access of the guest that leaves the UART asking for service, and withdrawn when it stops asking.
 * A handler that leaves work undone is called again, and one that did its work is not.
 */
#ifndef HV_PL011_H
#define HV_PL011_H

#include <stdbool.h>
#include <stdint.h>
#include <hv/mmio.h>

struct console;

#define PL011_SIZE	0x1000

/* Bits of RIS, MIS, IMSC and ICR. */
#define PL011_INT_RX	0x010
#define PL011_INT_TX	0x020
#define PL011_INT_RT	0x040	/* something is in the FIFO and nothing more came for a while */
#define PL011_INT_BE	0x200	/* break */
#define PL011_INT_OE	0x400	/* overrun */
#define PL011_INT_ALL	0x7ff

struct pl011 {
	uint64_t address;	/* IPA */
	uint64_t size;		/* PL011_SIZE, or 0: this console has none */
	unsigned int intid;	/* SPI, 0 = none */
	bool pended;		/* intid was made pending and not withdrawn since */
	uint16_t ris, imsc;
	uint16_t cr, ibrd;
	uint8_t lcr_h, fbrd, ifls, ilpr, dmacr;
	uint8_t rsr;		/* errors of the byte that was read last */
};

/* As after a reset of the board: nothing enabled, nothing asked for. Address and INTID stay. */
void pl011_reset(struct pl011 *uart);

static inline bool pl011_covers(const struct pl011 *uart, uint64_t address)
{
	return address - uart->address < uart->size;
}

/*
 * An access of the cell to an address that is covered. False, and nothing has happened, when it is none that a PL011 has: 1, 2 or 4
 * bytes at the start of a register. A write of one byte leaves the rest of its register as it is.
 */
bool pl011_access(struct console *console, struct mmio *mmio);

/* What a store to the data register does. It is what printing consists of: exits that know it need nothing else. */
void pl011_send(struct console *console, uint8_t byte);

static inline bool pl011_is_data(const struct pl011 *uart, uint64_t address)
{
	return address == uart->address && uart->size;
}

/* The rest is console.c's, with its lock held. The newest entry of the input has been queued; the oldest has been taken. */
void pl011_received(struct console *console);
void pl011_taken(struct console *console);

void pl011_interrupt_change(struct pl011 *uart);

/* After each of them, before the lock is given back: the interrupt as the registers now want it. */
static inline void pl011_interrupt(struct pl011 *uart)
{
	if ((uart->ris & uart->imsc) || uart->pended)
		pl011_interrupt_change(uart);
}

#endif
