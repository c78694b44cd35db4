/* SPDX-License-Identifier: MIT */
/* What console.c, console_record.c and console_writer.c share. */
#ifndef AGENT_CONSOLE_INNER_H
#define AGENT_CONSOLE_INNER_H

#include "console.h"

#include <pthread.h>
#include <time.h>

struct console {
	pthread_mutex_t lock; /* everything below */
	pthread_cond_t news;
	int owners;
	int input;
	uint64_t start, end; /* of what is in the ring */
	uint64_t lost;
	int64_t last_ms; /* when something was said last */
	char state[16], code[40], why[CONSOLE_WHY];
	unsigned int state_changes, writer_changes, wakes;
	bool closed;
	const void *writer;
	char writer_name[CONSOLE_WRITER_LEN];
	time_t written; /* the last input, monotonic seconds */
	size_t kept;
	/* The record. The pointers stay as they are once it is attached. */
	struct console_log *log;
	console_news_fn news_of_record;
	void *news_context;
	uint64_t recorded, lost_seen, unrecorded; /* up to where; `lost` when it was looked at last */
	bool sync;
	unsigned char ring[];
};

/* Copies from *offset on what the ring still has; *lost grows by what it has not any more. */
size_t console_ring_read_locked(struct console *console, uint64_t *offset, void *buffer, size_t size, uint64_t *lost);

#endif
