/* SPDX-License-Identifier: MIT */
/*
 * The flight recorder: a ring of records in the last JH_RECORDER_SIZE bytes of the hypervisor's memory, whatever the firmware.
 * RAM keeps its contents over a warm reset, and the driver does not clear this part when it places a firmware: what a
 * hypervisor wrote before its board was reset is read afterwards.
 *
 * No byte of it is believed. A record counts when its checksum fits, which no other content of memory does by
 * accident; there is no index that could be torn, the order is that of the sequence numbers. Each record is pushed to the point
 * of coherency as it is written.
 *
 * Only the hypervisor writes. Root may read it, read-only, at its physical address.
 */
#ifndef JAILHOUSE_RECORDER_H
#define JAILHOUSE_RECORDER_H

#include "config.h"

#define JH_RECORDER_SIZE	0x10000
#define JH_RECORDER_MAGIC	0x315448474c4652ULL	/* "RFLGHT1" */
#define JH_RECORDER_VERSION	1
#define JH_RECORDER_RECORDS	200

struct jh_recorder_header {
	uint64_t magic;			/* JH_RECORDER_MAGIC */
	uint32_t version;		/* JH_RECORDER_VERSION: of struct jh_record */
	uint32_t record_size;
	uint32_t num_records;
	uint32_t reserved;
	uint64_t checksum;		/* jh_recorder_checksum() of what is above */
};
JH_ABI_SIZE(struct jh_recorder_header, 32);

#define JH_RECORD_ENABLE	1	/* the hypervisor took over; text: version */
#define JH_RECORD_DISABLE	2
#define JH_RECORD_CREATE	3	/* of cells */
#define JH_RECORD_LOAD		4	/* root may load it */
#define JH_RECORD_START		5
#define JH_RECORD_STOP		6
#define JH_RECORD_DESTROY	7
#define JH_RECORD_RESET		8	/* a cell reset itself; of many resets those with a power of two in `starts` */
#define JH_RECORD_OFF		9	/* a cell switched itself off */
#define JH_RECORD_FAILED	10	/* text: code and reason */
#define JH_RECORD_CONSOLE	11	/* one of the last lines on the console of a cell that failed */
#define JH_RECORD_REFUSED	12	/* a hypercall of root that was refused; text: code and reason */
#define JH_RECORD_AUDIT		13	/* an audit with another result than the one before, or with a violation */
#define JH_RECORD_FATAL		14	/* an exception of the hypervisor itself, in several records */

#define JH_RECORD_NO_CELL	0xffffffff

struct jh_record {
	uint64_t checksum;		/* jh_recorder_checksum() of all that follows */
	uint64_t sequence;		/* 1 and up, over all lives; the record's slot is sequence % JH_RECORDER_RECORDS */
	uint64_t time_us;		/* since the board's counter began, which a reset does again */
	uint32_t life;			/* which enable since the ring was made, from 1 on */
	uint16_t cpu;
	uint16_t kind;			/* JH_RECORD_* */
	uint32_t cell;			/* its id, or JH_RECORD_NO_CELL */
	int32_t error;			/* the negative errno of what was refused, else 0 */
	char cell_name[32];		/* NUL-terminated */
	char text[248];			/* NUL-terminated */
};
JH_ABI_SIZE(struct jh_record, 320);

/* After the header, in the space of one record. */
#define JH_RECORDER_FIRST	sizeof(struct jh_record)

typedef uint64_t __attribute__((may_alias)) jh_word;	/* whatever it is that is summed up */

/* FNV-1a over 64-bit words, with the upper bits folded in. size is a multiple of 8. */
static inline uint64_t jh_recorder_checksum(const void *data, uint32_t size)
{
	const jh_word *words = (const jh_word *)data;
	uint64_t sum = 0xcbf29ce484222325ULL;
	uint32_t i;

	for (i = 0; i < size / 8; i++) {
		sum = (sum ^ words[i]) * 0x100000001b3ULL;
		sum ^= sum >> 32;
	}
	return sum;
}

static inline uint64_t jh_record_checksum(const struct jh_record *record)
{
	return jh_recorder_checksum(&record->sequence, sizeof(*record) - sizeof(record->checksum));
}

/* Whether this is a record that belongs into this slot; the last bytes of its texts are 0 then. */
static inline int jh_record_valid(const struct jh_record *record, uint32_t slot)
{
	return record->sequence && !(record->sequence >> 56) && record->sequence % JH_RECORDER_RECORDS == slot &&
	       record->life && record->life != 0xffffffff && record->checksum == jh_record_checksum(record) &&
	       !record->cell_name[sizeof(record->cell_name) - 1] && !record->text[sizeof(record->text) - 1];
}

static inline int jh_recorder_valid(const struct jh_recorder_header *header)
{
	return header->magic == JH_RECORDER_MAGIC && header->version == JH_RECORDER_VERSION &&
	       header->record_size == sizeof(struct jh_record) && header->num_records == JH_RECORDER_RECORDS &&
	       header->checksum ==
		       jh_recorder_checksum(header, sizeof(*header) - sizeof(header->checksum));
}

#endif
