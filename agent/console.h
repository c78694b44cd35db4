/* SPDX-License-Identifier: MIT */
/*
 * The output of one cell, bounded, with stream offsets that never go back: a watcher that comes again
 * with the offset it saw last misses nothing that is still kept.
 */
#ifndef AGENT_CONSOLE_H
#define AGENT_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONSOLE_KEPT (256 * 1024)

struct console;

struct console *console_new(size_t kept);
struct console *console_hold(struct console *console); /* one more owner */
void console_release(struct console *console);

void console_append(struct console *console, const void *data, size_t size);
void console_lost(struct console *console, uint64_t bytes); /* overwritten before it could be read */
void console_set_state(struct console *console, const char *state);
void console_close(struct console *console); /* the cell was deleted: watchers leave */
void console_wake(struct console *console);  /* a watcher's own condition changed */

struct console_view {
	uint64_t start, end; /* offsets of the oldest kept byte and behind the newest */
	char state[16];
	unsigned int state_changes;
	int64_t last_ms; /* of CLOCK_MONOTONIC, when something was said last; 0: never */
	bool closed;
};

void console_view(struct console *console, struct console_view *view);

/*
 * Copies from *offset on. When *offset is older than what is kept (or from the future), it moves, and *lost
 * says by how much it moved forward.
 */
size_t console_read(struct console *console, uint64_t *offset, void *buffer, size_t size, uint64_t *lost);

/* The last line that is not empty, as UTF-8 without control characters; "" when there is none. */
#define CONSOLE_LINE 256
void console_last_line(struct console *console, char *line, size_t size);

/* Waits for output behind `offset`, another state than `seen`, closing, or console_wake(). */
void console_wait(struct console *console, uint64_t offset, unsigned int seen, int timeout_ms);

/* Where input goes: the cell's console file, -1 for none. The console keeps its own copy. */
void console_set_input(struct console *console, int fd);
int console_input(struct console *console, const void *data, size_t size);

#endif
