/* SPDX-License-Identifier: MIT */
/*
 * The output of one cell, bounded, with stream offsets that never go back: a watcher that comes again with the offset it saw last
 * misses nothing that is still kept, in memory or in the record on disk. Any thread.
 */
#ifndef AGENT_CONSOLE_H
#define AGENT_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONSOLE_KEPT (64 * 1024) /* in memory */

struct console;
struct console_log;

struct console *console_new(size_t kept);
struct console *console_hold(struct console *console); /* one more owner */
void console_release(struct console *console);

/*
 * Goes on where `log` ends (taken), and is recorded into it by whoever calls console_record(); news() says that there is something to
 * do, `now` that it should be done at once. Before the console is seen by others.
 */
typedef void (*console_news_fn)(void *context, bool now);
void console_attach(struct console *console, struct console_log *log, console_news_fn news, void *context);
/*
 * The driver's stream behind fd is what this console goes on with: one that was followed before, as `identity` says, is read from
 * where the record ends. "": nobody can tell, it is a new one.
 */
void console_adopt(struct console *console, const char *identity, int fd);

void console_append(struct console *console, const void *data, size_t size);
void console_lost(struct console *console, uint64_t bytes); /* overwritten before it could be read */
/* code, why: of a cell that does not run any more, in a word and in a sentence; "" without. */
void console_set_state(struct console *console, const char *state, const char *code, const char *why);
void console_close(struct console *console); /* the cell was deleted: watchers leave, the record goes */
void console_wake(struct console *console);  /* a watcher's own condition changed */

#define CONSOLE_WHY 256
#define CONSOLE_WRITER_LEN 64

struct console_view {
	uint64_t start, end; /* offsets of the oldest kept byte and behind the newest */
	uint64_t lost; /* bytes that the driver's ring overwrote before they were read, since the agent started */
	uint64_t unrecorded; /* that did not get to disk: too many, or no space */
	char state[16], code[40], why[CONSOLE_WHY];
	unsigned int state_changes, writer_changes, wakes;
	char writer_name[CONSOLE_WRITER_LEN]; /* "": nobody writes */
	const void *writer;
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

/* The end of what was said, as UTF-8 with its line ends and tabs, without other control characters. */
void console_tail(struct console *console, char *text, size_t size);

/* Waits for output behind `offset`, something else in `seen` (state, writer, closed), or console_wake(). */
void console_wait(struct console *console, uint64_t offset, const struct console_view *seen);

/*
 * Writes to the record what it has not yet, at most `allowance` bytes, by way of `buffer`; what is said last is on disk when the cell has
 * ended. Returns how much was written; *behind is what is left to do. One thread.
 */
size_t console_record(struct console *console, size_t allowance, void *buffer, size_t size, uint64_t *behind);
void console_record_sync(struct console *console);

/* Where input goes: the cell's console file, -1 for none. The console keeps its own copy. */
void console_set_input(struct console *console, int fd);

/*
 * One writes at a time: who wrote last has the console until console_leave(), a minute without input, or another takes it. -EBUSY: another
 * has it; -EAGAIN: not all went in, the cell does not read. `who` stands for a watcher, `name` is how others see him; *taken: bytes that
 * went in, also when it fails.
 */
#define CONSOLE_WRITER_IDLE 60 /* seconds */
int console_input(struct console *console, const void *who, const char *name, const void *data, size_t size,
		  size_t *taken);
void console_take(struct console *console, const void *who, const char *name);
void console_leave(struct console *console, const void *who);

#endif
