// SPDX-License-Identifier: MIT
/* What a cell printed last, for the flight recorder. */
#include <hv/cell.h>
#include <hv/recorder.h>

#define TAIL_LINES	8	/* of a cell that failed go into the flight recorder */
#define TAIL_BYTES	1024	/* but not more than these */
#define LINE_SIZE	200	/* of a longer line each piece is one of its own */

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
