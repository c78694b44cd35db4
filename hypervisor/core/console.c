// SPDX-License-Identifier: MIT
/* A cell's console: the ring that root reads, and the queue of what root typed. */
#include <hv/cell.h>
#include <hv/reason.h>
#include <hv/recorder.h>

#define TAIL_LINES	8	/* of a cell that failed go into the flight recorder */
#define TAIL_BYTES	1024	/* but not more than these */
#define LINE_SIZE	200	/* of a longer line each piece is one of its own */

void cell_console_put(struct cell *cell, char c)
{
	struct jh_cell_page *page = cell->page;
	char *ring = (char *)page + JH_CELL_RING_OFFSET;
	bool ring_bell;

	spin_lock(&cell->console_lock);
	ring[page->tail % JH_CELL_RING_SIZE] = c;
	__atomic_store_n(&page->tail, page->tail + 1, __ATOMIC_RELEASE);
	ring_bell = cell->armed;
	cell->armed = false;
	spin_unlock(&cell->console_lock);
	/* Once per arming: a chatty cell cannot flood root with interrupts. */
	if (ring_bell && hv_system.config->arm.notify_irq)
		irq_set_pending(hv_system.config->arm.notify_irq);
}

void cell_console_arm(struct cell *cell)
{
	spin_lock(&cell->console_lock);
	cell->armed = true;
	spin_unlock(&cell->console_lock);
}

int cell_console_get(struct cell *cell)
{
	int c = -HV_EAGAIN;

	spin_lock(&cell->console_lock);
	if (cell->input_head != cell->input_tail)
		c = cell->input[cell->input_head++ % CELL_INPUT_SIZE];
	spin_unlock(&cell->console_lock);
	return c;
}

int cell_console_input(struct cell *cell, uint8_t byte)
{
	int err = 0;

	spin_lock(&cell->console_lock);
	if (cell->input_tail - cell->input_head < CELL_INPUT_SIZE) {
		cell->input[cell->input_tail++ % CELL_INPUT_SIZE] = byte;
	} else {
		cell->page->input_dropped++;
		err = -HV_EAGAIN;
	}
	spin_unlock(&cell->console_lock);
	return err;
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
