// SPDX-License-Identifier: MIT
/* From a console's ring to its record on disk. */
#include "console_inner.h"
#include "console_log.h"

/* What the driver lost is a gap of the stream, not of the record. */
static void count_unrecorded_locked(struct console *console, uint64_t missing)
{
	uint64_t drivers = console->lost - console->lost_seen;

	console->lost_seen = console->lost;
	console->unrecorded += missing > drivers ? missing - drivers : 0;
}

/* False: it could not be written, and counts as not recorded. */
static bool record_chunk(struct console *console, void *buffer, size_t size, size_t *count)
{
	uint64_t missing = 0, offset;
	int err;

	pthread_mutex_lock(&console->lock);
	*count = console_ring_read_locked(console, &console->recorded, buffer, size, &missing);
	offset = console->recorded - *count;
	count_unrecorded_locked(console, missing);
	pthread_mutex_unlock(&console->lock);
	err = *count ? console_log_write(console->log, offset, buffer, *count) : 0;
	if (!err)
		return true;
	pthread_mutex_lock(&console->lock);
	console->unrecorded += console->end - offset;
	console->recorded = console->end;
	pthread_mutex_unlock(&console->lock);
	return false;
}

static uint64_t left_to_record(struct console *console, bool *sync)
{
	uint64_t left;

	pthread_mutex_lock(&console->lock);
	left = console->end - console->recorded;
	*sync = !left && console->sync;
	if (*sync)
		console->sync = false;
	pthread_mutex_unlock(&console->lock);
	return left;
}

size_t console_record(struct console *console, size_t allowance, void *buffer, size_t size, uint64_t *behind)
{
	size_t done = 0, count = 1;
	bool sync;

	*behind = 0;
	if (!console->log)
		return 0;
	for (; count && done < allowance; done += count)
		if (!record_chunk(console, buffer, size < allowance - done ? size : allowance - done, &count))
			break;
	*behind = left_to_record(console, &sync);
	if (sync)
		console_log_sync(console->log);
	return done;
}

void console_record_sync(struct console *console)
{
	console_log_sync(console->log);
}
