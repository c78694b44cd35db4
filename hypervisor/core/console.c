// SPDX-License-Identifier: MIT
/* A cell's console: the ring that root reads, and the queue of what root typed. */
#include <hv/cell.h>
#include <hv/irq.h>
#include <hv/reason.h>
#include <jailhouse/hypercall.h>

/* Root is called without the lock: it may come back at once. */
void console_unlock_and_ring(struct console *console)
{
	console->ring = false;
	spin_unlock(&console->lock);
	if (hv_system.config->arm.notify_irq)
		irq_set_pending(hv_system.config->arm.notify_irq);
}

bool console_queue_locked(struct console *console, uint16_t entry)
{
	if (console_waiting(console) == CONSOLE_INPUT_SIZE)
		return false;
	console->input[console->tail++ % CONSOLE_INPUT_SIZE] = entry;
	console->page->input_waiting = console_waiting(console);
	pl011_received(console);
	return true;
}

uint16_t console_take_locked(struct console *console)
{
	uint16_t entry = console->input[console->head++ % CONSOLE_INPUT_SIZE];

	console->page->input_waiting = console_waiting(console);
	pl011_taken(console);
	/* Half empty: root comes once with many bytes, not with one byte many times. */
	if (console->refused && console_waiting(console) <= CONSOLE_INPUT_SIZE / 2) {
		console->refused = false;
		console->ring = true;
	}
	return entry;
}

void cell_console_init(struct cell *cell)
{
	const struct jh_console_desc *desc = &cell->config->console;
	struct console *console = &cell->console;

	console->page = cell->page;
	console->page->input_size = CONSOLE_INPUT_SIZE;
	if (!(desc->flags & JH_CON_EMULATED))
		return;
	console->uart.address = desc->address;
	console->uart.size = PL011_SIZE;
	console->uart.intid = desc->gate_nr;
	pl011_reset(&console->uart);
}

void cell_console_reset(struct cell *cell)
{
	struct console *console = &cell->console;

	spin_lock(&console->lock);
	console->page->input_dropped += console_waiting(console);
	console->head = console->tail;
	console->page->input_waiting = 0;
	console->ring |= console->refused;
	console->refused = false;
	pl011_reset(&console->uart);
	pl011_interrupt(&console->uart);
	console_unlock(console);
}

void cell_console_put(struct cell *cell, char c)
{
	spin_lock(&cell->console.lock);
	console_put_locked(&cell->console, (uint8_t)c);
	console_unlock(&cell->console);
}

int cell_console_get(struct cell *cell)
{
	struct console *console = &cell->console;
	int c = -HV_EAGAIN;

	spin_lock(&console->lock);
	while (c < 0 && console_waiting(console)) {
		c = console_take_locked(console);
		if (c == CONSOLE_BREAK)
			c = -HV_EAGAIN;	/* a break is for those who have a line */
	}
	pl011_interrupt(&console->uart);
	console_unlock(console);
	return c;
}

int cell_console_input(struct cell *cell, uint64_t bytes, unsigned int count)
{
	struct console *console = &cell->console;
	unsigned int done = 0;

	if (count > JH_CONSOLE_INPUT_MAX)
		return -HV_EINVAL;
	spin_lock(&console->lock);
	while (done < count && console_queue_locked(console, (uint8_t)(bytes >> 8 * done)))
		done++;
	console->refused |= done < count;
	pl011_interrupt(&console->uart);
	console_unlock(console);
	return done || !count ? (int)done : -HV_EAGAIN;
}

int cell_console_break(struct cell *cell)
{
	struct console *console = &cell->console;
	bool queued;

	spin_lock(&console->lock);
	queued = console_queue_locked(console, CONSOLE_BREAK);
	console->refused |= !queued;
	pl011_interrupt(&console->uart);
	console_unlock(console);
	return queued ? 1 : -HV_EAGAIN;
}

int cell_console_arm(struct cell *cell, uint64_t what)
{
	struct console *console = &cell->console;

	if (what & ~(uint64_t)(JH_CONSOLE_ARM_OUTPUT | JH_CONSOLE_ARM_ROOM))
		return -HV_EINVAL;
	spin_lock(&console->lock);
	if (!what || (what & JH_CONSOLE_ARM_OUTPUT))
		console->armed = true;
	if ((what & JH_CONSOLE_ARM_ROOM) && console_waiting(console) == CONSOLE_INPUT_SIZE)
		console->refused = true;
	spin_unlock(&console->lock);
	return 0;
}
