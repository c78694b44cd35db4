// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flight recorder (jailhouse/recorder.h): a line of text for each record, of the running hypervisor and of those before it.
 * Fields are separated by tabs: sequence, life, seconds, CPU, kind, cell's id, its name, text.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/vmalloc.h>

#include <jailhouse/recorder.h>

#include "jailhouse.h"

#define LINE_MAX_SIZE 400

/* A reader starts at 0 and sees one state of the ring, whatever is recorded while it reads on. */
struct jh_recorder_text {
	struct mutex lock;
	char *text;
	size_t size;
};

static struct jh_recorder_text running = { .lock = __MUTEX_INITIALIZER(running.lock) };
static struct jh_recorder_text previous = { .lock = __MUTEX_INITIALIZER(previous.lock) };
static void *recovered; /* a copy of the ring from before the last enable; covered by jh.live */

static const void *ring_of_hypervisor(void)
{
	return jh.memory + jh.memory_size - JH_RECORDER_SIZE;
}

static const struct jh_record *record_at(const void *ring, u32 slot)
{
	return (const struct jh_record *)(ring + JH_RECORDER_FIRST) + slot;
}

/* With jh.live held for writing, before the firmware is placed: afterwards a new hypervisor goes on writing there. */
void jh_recorder_recover(void)
{
	lockdep_assert_held_write(&jh.live);
	if (!recovered)
		recovered = vmalloc(JH_RECORDER_SIZE);
	if (!recovered)
		return;
	memcpy(recovered, ring_of_hypervisor(), JH_RECORDER_SIZE);
	if (!jh_recorder_valid(recovered))
		memset(recovered, 0, JH_RECORDER_SIZE);
}

void jh_recorder_exit(void)
{
	vfree(recovered);
	kvfree(running.text);
	kvfree(previous.text);
}

static const char *kind_name(u16 kind)
{
	static const char *const names[] = { "?",      "enable",  "disable", "create", "load",
					     "start",  "stop",	  "destroy", "reset",  "off",
					     "failed", "console", "refused", "audit",  "fatal" };

	return kind < ARRAY_SIZE(names) ? names[kind] : names[0];
}

/* Names and texts come from cells and from memory that nobody vouches for. */
static void make_printable(char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '.';
}

static size_t line_make(char *to, size_t size, const struct jh_record *record)
{
	u32 microseconds;
	u64 seconds = div_u64_rem(record->time_us, USEC_PER_SEC, &microseconds);
	char cell[12] = "-", name[sizeof(record->cell_name)], text[sizeof(record->text)];

	if (record->cell != JH_RECORD_NO_CELL)
		snprintf(cell, sizeof(cell), "%u", record->cell);
	strscpy(name, record->cell_name[0] ? record->cell_name : "-", sizeof(name));
	strscpy(text, record->text, sizeof(text));
	make_printable(name);
	make_printable(text);
	return scnprintf(to, size, "%llu\t%u\t%llu.%06u\t%u\t%s\t%s\t%s\t%s\n", record->sequence, record->life, seconds,
			 microseconds, record->cpu, kind_name(record->kind), cell, name, text);
}

static u64 latest_sequence(const void *ring)
{
	u64 latest = 0;
	u32 slot;

	for (slot = 0; slot < JH_RECORDER_RECORDS; slot++)
		if (jh_record_valid(record_at(ring, slot), slot))
			latest = max(latest, record_at(ring, slot)->sequence);
	return latest;
}

/* Oldest first; of the last life only, or all. The ring is a copy: nobody changes it. */
static size_t ring_print(char *text, size_t size, const void *ring, bool last_life)
{
	u64 latest = latest_sequence(ring), sequence;
	u32 life = latest ? record_at(ring, latest % JH_RECORDER_RECORDS)->life : 0;
	const struct jh_record *record;
	size_t used = 0;

	for (sequence = latest > JH_RECORDER_RECORDS ? latest - JH_RECORDER_RECORDS + 1 : 1; sequence <= latest;
	     sequence++) {
		record = record_at(ring, sequence % JH_RECORDER_RECORDS);
		if (record->sequence == sequence && jh_record_valid(record, sequence % JH_RECORDER_RECORDS) &&
		    (!last_life || record->life == life))
			used += line_make(text + used, size - used, record);
	}
	return used;
}

/* NULL: there is nothing to be had. */
static const void *ring_get(bool of_before, void *copy)
{
	const void *from = of_before ? recovered : jh.enabled ? ring_of_hypervisor() : NULL;

	return from ? memcpy(copy, from, JH_RECORDER_SIZE) : NULL;
}

static int text_make(struct jh_recorder_text *out, bool of_before)
{
	const size_t size = JH_RECORDER_RECORDS * LINE_MAX_SIZE;
	void *copy = vmalloc(JH_RECORDER_SIZE);
	const void *ring;

	if (!out->text)
		out->text = kvmalloc(size, GFP_KERNEL);
	if (!copy || !out->text) {
		vfree(copy);
		return -ENOMEM;
	}
	down_read(&jh.live);
	ring = ring_get(of_before, copy);
	up_read(&jh.live);
	out->size = ring ? ring_print(out->text, size, ring, !of_before) : 0;
	vfree(copy);
	return 0;
}

ssize_t jh_recorder_read(bool of_before, char *buffer, loff_t position, size_t size)
{
	struct jh_recorder_text *from = of_before ? &previous : &running;
	ssize_t result;

	mutex_lock(&from->lock);
	result = position ? 0 : text_make(from, of_before);
	if (!result)
		result = memory_read_from_buffer(buffer, size, &position, from->text, from->text ? from->size : 0);
	mutex_unlock(&from->lock);
	return result;
}
