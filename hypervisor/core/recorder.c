// SPDX-License-Identifier: MIT
#include <hv/recorder.h>

#include <hv/arch.h>
#include <hv/cell.h>
#include <hv/cpu.h>

#include "../lib/bits.h"
#include "../lib/printf.h"
#include "../lib/string.h"

_Static_assert(JH_RECORDER_FIRST + JH_RECORDER_RECORDS * sizeof(struct jh_record) <= JH_RECORDER_SIZE, "the ring fits");
_Static_assert(sizeof(struct jh_recorder_header) <= JH_RECORDER_FIRST, "the header fits");

static struct jh_record *records;	/* NULL: nobody records yet */
static uint64_t next_sequence;
static uint32_t life;

/* Before anything else of it changes: a record that a reset tears has no sum, or one that does not fit. */
static void forget(struct jh_record *slot)
{
	__atomic_store_n(&slot->checksum, 0, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
}

static void continue_ring(void)
{
	const struct jh_record *latest = NULL;

	for (uint32_t i = 0; i < JH_RECORDER_RECORDS; i++)
		if (jh_record_valid(&records[i], i) && (!latest || records[i].sequence > latest->sequence))
			latest = &records[i];
	next_sequence = latest ? latest->sequence + 1 : 1;
	life = latest ? latest->life + 1 : 1;
}

static void make_ring(struct jh_recorder_header *header)
{
	for (uint32_t i = 0; i < JH_RECORDER_RECORDS; i++) {
		forget(&records[i]);
		memory_push(&records[i].checksum, sizeof(records[i].checksum));
	}
	*header = (struct jh_recorder_header){ .magic = JH_RECORDER_MAGIC,
					       .version = JH_RECORDER_VERSION,
					       .record_size = sizeof(struct jh_record),
					       .num_records = JH_RECORDER_RECORDS };
	header->checksum = jh_recorder_checksum(header, offsetof(struct jh_recorder_header, checksum));
	memory_push(header, sizeof(*header));
	next_sequence = life = 1;
}

void recorder_init(void *memory)
{
	struct jh_recorder_header *header = memory;

	records = (struct jh_record *)((char *)memory + JH_RECORDER_FIRST);
	if (jh_recorder_valid(header))
		continue_ring();
	else
		make_ring(header);
}

/* Two CPUs get the same slot only when one of them sleeps through a whole round: then the sum fits neither. */
static void keep(const struct jh_record *entry)
{
	struct jh_record *slot = &records[entry->sequence % JH_RECORDER_RECORDS];
	const size_t sum = sizeof(entry->checksum);

	forget(slot);
	memcpy((char *)slot + sum, (const char *)entry + sum, sizeof(*slot) - sum);
	__atomic_store_n(&slot->checksum, jh_record_checksum(entry), __ATOMIC_RELEASE);
	memory_push(slot, sizeof(*slot));
}

void record(unsigned int kind, const struct cell *cell, int error, const char *format, ...)
{
	struct jh_record entry;
	va_list args;

	if (!records)
		return;
	memset(&entry, 0, sizeof(entry));
	entry.sequence = __atomic_fetch_add(&next_sequence, 1, __ATOMIC_RELAXED);
	entry.time_us = time_us();
	entry.life = life;
	entry.cpu = (uint16_t)this_cpu()->id;
	entry.kind = (uint16_t)kind;
	entry.cell = cell ? cell->id : JH_RECORD_NO_CELL;
	entry.error = error;
	if (cell)
		hv_snprintf(entry.cell_name, sizeof(entry.cell_name), "%s", cell->config->name);
	va_start(args, format);
	hv_vsnprintf(entry.text, sizeof(entry.text), format, args);
	va_end(args);
	keep(&entry);
}
