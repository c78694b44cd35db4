// SPDX-License-Identifier: MIT
/* A cell's console: the ring that root reads, and the queue of what root typed. */
#include <hv/cell.h>
#include <hv/reason.h>

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
