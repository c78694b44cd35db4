/* SPDX-License-Identifier: MIT */
/*
 * A cell's console: output goes to a ring that root reads, input waits in a queue. The cell uses it by hypercall, through the
 * PL011 in front of it, or both: it is one stream in the order of the accesses.
 */
#ifndef HV_CONSOLE_H
#define HV_CONSOLE_H

#include <stdbool.h>
#include <stdint.h>
#include <hv/arch.h>
#include <hv/mmio.h>
#include <hv/pl011.h>
#include <jailhouse/console.h>

struct cell;

#define CONSOLE_INPUT_SIZE	256	/* a power of two */
#define CONSOLE_BREAK		0x100	/* an entry of the queue that is no byte: root sent a break */

struct console {
	struct spinlock lock;		/* covers all of this and what page points at */
	struct jh_cell_page *page;	/* header and ring, root reads */
	bool armed;			/* the next output raises notify_irq */
	bool refused;			/* input did not fit: room for it raises notify_irq */
	bool ring;			/* notify_irq is due as soon as the lock is free */
	uint16_t input[CONSOLE_INPUT_SIZE];
	uint32_t head, tail;		/* both count on and wrap at 2^32 */
	struct pl011 uart;
};

static inline unsigned int console_waiting(const struct console *console)
{
	return console->tail - console->head;
}

/*
 * For console.c and pl011.c, with the lock held. Every byte that a cell prints comes through the first and the last of them: they
 * are inlined because their cost is what printing costs.
 */
static inline void console_put_locked(struct console *console, uint8_t byte)
{
	struct jh_cell_page *page = console->page;
	uint64_t tail = page->tail;

	((uint8_t *)page)[JH_CELL_RING_OFFSET + tail % JH_CELL_RING_SIZE] = byte;
	__atomic_store_n(&page->tail, tail + 1, __ATOMIC_RELEASE);
	/* Once per arming: a chatty cell cannot flood root with interrupts. */
	if (console->armed) {
		console->armed = false;
		console->ring = true;
	}
}

bool console_queue_locked(struct console *console, uint16_t entry);	/* false: full */
uint16_t console_take_locked(struct console *console);			/* only when something waits */
void console_unlock_and_ring(struct console *console);

static inline void console_unlock(struct console *console)
{
	if (console->ring)
		console_unlock_and_ring(console);
	else
		spin_unlock(&console->lock);
}

/* At create: what the configuration says of a PL011. At start: as after a reset; input nobody took is lost, and counted. */
void cell_console_init(struct cell *cell);
void cell_console_reset(struct cell *cell);

/* The cell's hypercalls. get: -HV_EAGAIN when there is nothing. */
void cell_console_put(struct cell *cell, char c);
int cell_console_get(struct cell *cell);

/* Root's. input: how many of the first count bytes of `bytes` (lowest first) were queued, or -HV_EAGAIN; then root is notified
 * when there is room again. */
int cell_console_input(struct cell *cell, uint64_t bytes, unsigned int count);
int cell_console_break(struct cell *cell);
int cell_console_arm(struct cell *cell, uint64_t what);	/* JH_CONSOLE_ARM_* */

/* The last lines of a cell that failed, into the flight recorder. */
void cell_console_record(const struct cell *cell);

#endif
