// SPDX-License-Identifier: MIT
/* A cell's console: the ring that root reads, and the queue of what root typed. */
#include <hv/cell.h>
#include <hv/irq.h>
#include <hv/reason.h>
#include <hv/recorder.h>
#include <jailhouse/hypercall.h>

#define TAIL_LINES	8	/* of a cell that failed go into the flight recorder */
#define TAIL_BYTES	1024	/* but not more than these */
#define LINE_SIZE	200	/* of a longer line each piece is one of its own */

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

static char ring_at(const struct cell *cell, uint64_t position)
{
	const char *ring = (const char *)cell->page + JH_CELL_RING_OFFSET;

	return ring[position % JH_CELL_RING_SIZE];
}

static uint64_t tail_start(const struct cell *cell, uint64_t end)
{
	uint64_t oldest = end > TAIL_BYTES ? end - TAIL_BYTES : 0, start = end;

	for (unsigned int lines = 0; start > oldest; start--)
		if (start != end && ring_at(cell, start - 1) == '\n' && ++lines == TAIL_LINES)
			break;
	return start;
}

/* Without the lock: another CPU of the cell may be printing for ever, and what it changes meanwhile is only text. */
void cell_console_record(const struct cell *cell)
{
	const uint64_t end = __atomic_load_n(&cell->page->tail, __ATOMIC_ACQUIRE);
	char line[LINE_SIZE];
	unsigned int used = 0;

	for (uint64_t at = tail_start(cell, end); at < end; at++) {
		char c = ring_at(cell, at);

		if (c != '\n' && c != '\r')
			line[used++] = c >= ' ' && c <= '~' ? c : '.';
		if (used == LINE_SIZE - 1 || (used && (c == '\n' || at + 1 == end))) {
			line[used] = '\0';
			record(JH_RECORD_CONSOLE, cell, 0, "%s", line);
			used = 0;
		}
	}
}
