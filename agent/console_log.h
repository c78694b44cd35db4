/* SPDX-License-Identifier: MIT */
/*
 * What a console said, on disk: a folder of segments, each named by the stream offset of its first byte (16 hexadecimal digits)
 * and holding the bytes as they are. A gap between two of them is what was not recorded. Old segments go when there are more than
 * CONSOLE_LOG_BYTES or CONSOLE_LOG_SEGMENTS. A power cut leaves a shorter file, never a wrong one. Any thread.
 */
#ifndef AGENT_CONSOLE_LOG_H
#define AGENT_CONSOLE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONSOLE_LOG_BYTES    (1024 * 1024)
#define CONSOLE_LOG_SEGMENT  (128 * 1024)
#define CONSOLE_LOG_SEGMENTS 64

struct console_log;

/* The folder is made with the first byte. NULL: no memory. */
struct console_log *console_log_open(const char *folder);
void console_log_close(struct console_log *log);
void console_log_remove(struct console_log *log); /* takes the files away; nothing is written any more */
void console_log_remove_folder(const char *folder);

/* Offsets of the oldest byte and behind the newest; equal: empty. */
void console_log_bounds(struct console_log *log, uint64_t *start, uint64_t *end);

/* offset: of the first byte, not below the end. 0 or -errno; a part may have been written, the end tells. */
int console_log_write(struct console_log *log, uint64_t offset, const void *data, size_t size);
void console_log_sync(struct console_log *log);

/*
 * Copies from *offset on, below `limit` and up to the next gap. Where nothing is recorded *offset moves to what comes next, or to
 * the limit, and *lost grows by how much.
 */
size_t console_log_read(struct console_log *log, uint64_t *offset, uint64_t limit, void *buffer, size_t size,
			uint64_t *lost);

/*
 * Which stream of the driver the record belongs to, by a text that no other ever has, and the offset that its first byte has here:
 * an agent that restarts goes on with the same stream.
 */
#define CONSOLE_STREAM_LEN 96
bool console_log_stream(struct console_log *log, const char *identity, uint64_t *base); /* false: it is another one */
void console_log_set_stream(struct console_log *log, const char *identity, uint64_t base);

#endif
