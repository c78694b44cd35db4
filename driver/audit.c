// SPDX-License-Identifier: GPL-2.0-only
/* The hypervisor's audit of its own tables: asked for, and what the status page says of the last one. */
#include <linux/sysfs.h>
#include <linux/uaccess.h>

#include "jailhouse.h"

#define READ_TRIES 1000	/* the writer may be a CPU that died in the middle */

/* Callers hold jh.live for reading and have seen jh.enabled. */
static void record_read(struct jh_audit *record)
{
	const struct jh_status *status = jh.memory + jh.header.public_offset + JH_PUBLIC_STATUS_OFFSET;
	int tries = READ_TRIES;
	u32 sequence;

	do {
		sequence = READ_ONCE(status->audit.sequence);
		rmb();
		memcpy(record, &status->audit, sizeof(*record));
		rmb();
	} while ((sequence & 1 || READ_ONCE(status->audit.sequence) != sequence) && --tries);
	record->code[sizeof(record->code) - 1] = 0;
	record->text[sizeof(record->text) - 1] = 0;
}

int jh_audit(struct jh_ioc_audit __user *uarg, struct jh_ioc_reason *why)
{
	struct jh_ioc_audit out = { 0 };
	struct jh_audit record;
	long result;

	if (!jh.enabled)
		return jh_refuse(why, -EINVAL, "not-enabled", "Enable it first: jailhouse enable.",
				 "The hypervisor is not enabled.");
	result = jh_hypercall(JH_HC_AUDIT, 0, 0);
	if (result < 0)
		return jh_refuse_hypervisor(why, result);
	record_read(&record);
	if (result == JH_AUDIT_VIOLATION)
		jh_sysfs_changed();
	out.result = result;
	out.cells = record.cells;
	out.audits = record.audits;
	out.violations = record.violations;
	out.pages = record.pages;
	out.extents = record.extents;
	out.duration_us = record.duration_us;
	out.first_cell = record.first_cell;
	out.second_cell = record.second_cell;
	out.address = record.address;
	memcpy(out.code, record.code, sizeof(out.code));
	memcpy(out.text, record.text, sizeof(out.text));
	return copy_to_user(uarg, &out, sizeof(out)) ? -EFAULT : 0;
}

ssize_t jh_audit_show(char *buffer)
{
	static const char *const results[] = { "clean", "violation", "incomplete" };
	struct jh_audit record;

	down_read(&jh.live);
	if (!jh.enabled) {
		up_read(&jh.live);
		return 0;
	}
	record_read(&record);
	up_read(&jh.live);
	return sysfs_emit(
		buffer,
		"result %s\naudits %llu\nviolations %llu\npages %llu\nextents %u\ncells %u\n"
		"duration_us %u\n%s%s%s%s",
		record.result >= 0 && record.result < ARRAY_SIZE(results) ? results[record.result] : "invalid",
		record.audits, record.violations, record.pages, record.extents, record.cells, record.duration_us,
		record.code, record.code[0] ? ": " : "", record.text, record.code[0] ? "\n" : "");
}
