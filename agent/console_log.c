// SPDX-License-Identifier: MIT
#include "console_log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_DIGITS 16
#define PATH_LEN    512

struct segment {
	uint64_t start, size;
};

struct console_log {
	pthread_mutex_t lock; /* everything below, and the files */
	struct segment segments[CONSOLE_LOG_SEGMENTS];
	size_t count;
	uint64_t bytes;
	int fd; /* of the newest segment; -1: not open */
	bool removed;
	char folder[PATH_LEN - 24];
};

static void path_of(const struct console_log *log, uint64_t start, char path[PATH_LEN])
{
	snprintf(path, PATH_LEN, "%s/%0*" PRIx64, log->folder, NAME_DIGITS, start);
}

static bool is_segment(const char *name)
{
	return strlen(name) == NAME_DIGITS && strspn(name, "0123456789abcdef") == NAME_DIGITS;
}

static int by_start(const void *left, const void *right)
{
	const struct segment *a = left, *b = right;

	return a->start < b->start ? -1 : a->start > b->start;
}

static void drop_oldest_locked(struct console_log *log)
{
	char path[PATH_LEN];

	path_of(log, log->segments[0].start, path);
	unlink(path);
	log->bytes -= log->segments[0].size;
	memmove(log->segments, log->segments + 1, --log->count * sizeof(log->segments[0]));
}

static void load_entry(struct console_log *log, DIR *folder, const char *name)
{
	struct stat status;

	if (!is_segment(name) || fstatat(dirfd(folder), name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	if (!S_ISREG(status.st_mode) || !status.st_size || log->count == CONSOLE_LOG_SEGMENTS) {
		unlinkat(dirfd(folder), name, 0);
		return;
	}
	log->segments[log->count++] = (struct segment){ strtoull(name, NULL, 16), (uint64_t)status.st_size };
	log->bytes += (uint64_t)status.st_size;
}

static void load(struct console_log *log)
{
	DIR *folder = opendir(log->folder);
	struct dirent *entry;

	if (!folder)
		return;
	while ((entry = readdir(folder)))
		load_entry(log, folder, entry->d_name);
	closedir(folder);
	qsort(log->segments, log->count, sizeof(log->segments[0]), by_start);
}

struct console_log *console_log_open(const char *folder)
{
	struct console_log *log = calloc(1, sizeof(*log));

	if (!log)
		return NULL;
	pthread_mutex_init(&log->lock, NULL);
	snprintf(log->folder, sizeof(log->folder), "%s", folder);
	log->fd = -1;
	load(log);
	return log;
}

static void segment_close_locked(struct console_log *log)
{
	if (log->fd >= 0)
		close(log->fd);
	log->fd = -1;
}

void console_log_close(struct console_log *log)
{
	if (!log)
		return;
	segment_close_locked(log);
	pthread_mutex_destroy(&log->lock);
	free(log);
}

void console_log_remove_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	if (!folder)
		return;
	while ((entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(folder), entry->d_name, 0);
	closedir(folder);
	rmdir(path);
}

void console_log_remove(struct console_log *log)
{
	pthread_mutex_lock(&log->lock);
	segment_close_locked(log);
	console_log_remove_folder(log->folder);
	log->removed = true;
	log->count = 0;
	log->bytes = 0;
	pthread_mutex_unlock(&log->lock);
}

static uint64_t end_locked(const struct console_log *log)
{
	const struct segment *last = log->count ? &log->segments[log->count - 1] : NULL;

	return last ? last->start + last->size : 0;
}

void console_log_bounds(struct console_log *log, uint64_t *start, uint64_t *end)
{
	pthread_mutex_lock(&log->lock);
	*start = log->count ? log->segments[0].start : 0;
	*end = end_locked(log);
	pthread_mutex_unlock(&log->lock);
}

static int segment_new_locked(struct console_log *log, uint64_t start)
{
	char path[PATH_LEN];

	segment_close_locked(log);
	while (log->count && (log->count == CONSOLE_LOG_SEGMENTS ||
			      log->bytes + CONSOLE_LOG_SEGMENT > CONSOLE_LOG_BYTES))
		drop_oldest_locked(log);
	if (mkdir(log->folder, 0700) != 0 && errno != EEXIST)
		return -errno;
	path_of(log, start, path);
	log->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (log->fd < 0)
		return -errno;
	log->segments[log->count++] = (struct segment){ start, 0 };
	return 0;
}

/* The newest one is gone on with: also after a restart. */
static int segment_for_locked(struct console_log *log, uint64_t offset)
{
	struct segment *last = log->count ? &log->segments[log->count - 1] : NULL;
	char path[PATH_LEN];

	if (!last || last->start + last->size != offset || last->size >= CONSOLE_LOG_SEGMENT)
		return segment_new_locked(log, offset);
	if (log->fd >= 0)
		return 0;
	path_of(log, last->start, path);
	log->fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	return log->fd < 0 ? segment_new_locked(log, offset) : 0;
}

static int write_locked(struct console_log *log, uint64_t offset, const char *bytes, size_t size)
{
	while (size) {
		int err = log->removed ? -ENOENT : segment_for_locked(log, offset);
		ssize_t written = err ? err : write(log->fd, bytes, size);

		if (written < 0)
			return err ? err : -errno;
		log->segments[log->count - 1].size += (uint64_t)written;
		log->bytes += (uint64_t)written;
		bytes += written;
		offset += (uint64_t)written;
		size -= (size_t)written;
	}
	return 0;
}

int console_log_write(struct console_log *log, uint64_t offset, const void *data, size_t size)
{
	int err;

	pthread_mutex_lock(&log->lock);
	err = write_locked(log, offset, data, size);
	pthread_mutex_unlock(&log->lock);
	return err;
}

void console_log_sync(struct console_log *log)
{
	int fd;

	pthread_mutex_lock(&log->lock);
	fd = log->fd < 0 ? -1 : fcntl(log->fd, F_DUPFD_CLOEXEC, 3);
	pthread_mutex_unlock(&log->lock);
	if (fd < 0)
		return;
	fdatasync(fd); /* takes its time: readers go on meanwhile */
	close(fd);
}

/* The segment with that byte, or the next one; NULL: none behind it. */
static const struct segment *segment_from_locked(const struct console_log *log, uint64_t offset)
{
	for (size_t i = 0; i < log->count; i++)
		if (log->segments[i].start + log->segments[i].size > offset)
			return &log->segments[i];
	return NULL;
}

static size_t segment_read_locked(const struct console_log *log, const struct segment *segment, uint64_t offset,
				  void *buffer, size_t size)
{
	char path[PATH_LEN];
	ssize_t count;
	int fd;

	path_of(log, segment->start, path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	count = pread(fd, buffer, size, (off_t)(offset - segment->start));
	close(fd);
	return count > 0 ? (size_t)count : 0;
}

static size_t read_locked(struct console_log *log, uint64_t *offset, uint64_t limit, void *buffer, size_t size,
			  uint64_t *lost)
{
	const struct segment *segment = segment_from_locked(log, *offset);
	uint64_t from = segment && segment->start > *offset ? segment->start : *offset, end;
	size_t count = 0;

	if (segment && from < limit) {
		end = segment->start + segment->size;
		end = end < limit ? end : limit;
		size = size < end - from ? size : (size_t)(end - from);
		count = segment_read_locked(log, segment, from, buffer, size);
		if (!count)
			from = end; /* somebody took the file away */
	} else {
		from = limit;
	}
	*lost += from - *offset;
	*offset = from + count;
	return count;
}

size_t console_log_read(struct console_log *log, uint64_t *offset, uint64_t limit, void *buffer, size_t size,
			uint64_t *lost)
{
	size_t count = 0;

	pthread_mutex_lock(&log->lock);
	while (!count && *offset < limit)
		count = read_locked(log, offset, limit, buffer, size, lost);
	pthread_mutex_unlock(&log->lock);
	return count;
}

bool console_log_stream(struct console_log *log, const char *identity, uint64_t *base)
{
	char path[PATH_LEN], known[CONSOLE_STREAM_LEN] = "";
	FILE *file;
	bool same;

	snprintf(path, sizeof(path), "%s/stream", log->folder);
	file = fopen(path, "re");
	if (!file)
		return false;
	same = fscanf(file, "%95s %" SCNu64, known, base) == 2 && strcmp(known, identity) == 0;
	fclose(file);
	return same;
}

void console_log_set_stream(struct console_log *log, const char *identity, uint64_t base)
{
	char path[PATH_LEN], part[PATH_LEN];
	FILE *file;
	bool whole;

	if (mkdir(log->folder, 0700) != 0 && errno != EEXIST)
		return;
	snprintf(path, sizeof(path), "%s/stream", log->folder);
	snprintf(part, sizeof(part), "%s/stream.part", log->folder);
	file = fopen(part, "we");
	if (!file)
		return;
	whole = fprintf(file, "%s %" PRIu64 "\n", identity, base) > 0;
	whole = fclose(file) == 0 && whole;
	/* Not synced: after a power cut it is another stream in any case. */
	if (!whole || rename(part, path) != 0)
		unlink(part);
}
