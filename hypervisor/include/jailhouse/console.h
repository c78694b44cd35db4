/* SPDX-License-Identifier: MIT */
/*
 * What the root cell may read of the hypervisor's memory: its log, its last refusal, and one page
 * with a console ring per cell. All of it is mapped read-only at its own physical address.
 */
#ifndef JAILHOUSE_CONSOLE_H
#define JAILHOUSE_CONSOLE_H

#include "config.h"

/*
 * Hypervisor log, the first page of the public area. Byte k of the stream is content[k % 2048].
 * Reader: wait for busy == 0, note tail, read barrier, copy, read barrier, again if tail moved.
 */
#define JH_LOG_SIZE	2048
struct jh_log {
	uint32_t busy;
	uint32_t tail;			/* bytes ever written, wraps at 2^32 */
	char content[JH_LOG_SIZE];
};
JH_ABI_SIZE(struct jh_log, 2056);

/* Why a request was refused or a cell failed: a stable kebab-case code and one English sentence. */
struct jh_reason {
	uint32_t sequence;		/* odd while it is written; grows by 2 for every new reason */
	int32_t error;			/* the negative errno that went with it */
	char code[40];			/* "cpu-not-owned"; NUL-terminated */
	char text[208];			/* "CPU 2 belongs to cell 1, not to the root cell."; NUL-terminated */
};
JH_ABI_SIZE(struct jh_reason, 256);

/*
 * The last audit of all stage-2 tables, and the last violation that one found: the latter stays when later audits are
 * clean. Audits are made at enable, after every command that changes cells, and by JH_HC_AUDIT.
 */
struct jh_audit {
	uint32_t sequence;		/* odd while it is written; grows by 2 with every audit */
	int32_t result;			/* JH_AUDIT_* of the last audit */
	uint64_t audits;		/* since enable */
	uint64_t violations;		/* audits that found one, since enable */
	uint64_t pages;			/* 4 KiB pages that some cell reaches, root included */
	uint32_t extents;		/* runs of such pages */
	uint32_t cells;			/* tables walked, root's included */
	uint32_t duration_us;
	uint32_t first_cell;		/* of the violation; both JH_AUDIT_NO_CELL when there was none */
	uint32_t second_cell;		/* JH_AUDIT_NO_CELL: it concerns one cell and the hypervisor or a device */
	uint32_t reserved;
	uint64_t address;		/* physical */
	char code[40];			/* "page-shared"; NUL-terminated, empty when there was no violation */
	char text[208];			/* one sentence; NUL-terminated */
};
JH_ABI_SIZE(struct jh_audit, 312);

#define JH_AUDIT_CLEAN		0
#define JH_AUDIT_VIOLATION	1
#define JH_AUDIT_INCOMPLETE	2	/* nothing is proven: the hypervisor had no memory for it */
#define JH_AUDIT_NO_CELL	0xffffffff

/* Second page of the public area. */
struct jh_status {
	struct jh_reason refusal;	/* last refused hypercall or enable */
	uint32_t events;		/* grows with every change of a cell's state */
	uint32_t abi;			/* JH_ROTUNDA_ABI */
	struct jh_audit audit;
	struct jh_reason fatal;		/* the last CPU that died in the hypervisor; code empty when none has */
};
#define JH_PUBLIC_STATUS_OFFSET	0x1000	/* from the log */
#define JH_PUBLIC_SIZE		0x2000

/*
 * Per cell: header page, then the ring. Byte k of the stream is ring[k % ring_size]; the ring holds
 * bytes tail - ring_size to tail - 1. Only the hypervisor writes; a reader copies and then looks at
 * tail again to learn what was overwritten meanwhile.
 */
#define JH_CELL_PAGE_MAGIC	0x314c4c43	/* "CLL1" */
#define JH_CELL_RING_OFFSET	0x1000
#define JH_CELL_RING_SIZE	0x8000
struct jh_cell_page {
	uint32_t magic;
	uint32_t cell_id;
	uint32_t ring_offset;		/* from this struct, bytes */
	uint32_t ring_size;		/* a power of two */
	uint64_t tail;			/* bytes ever written by the cell */
	uint64_t input_dropped;		/* input bytes that were queued and lost: the cell was started before it took them */
	uint32_t starts;		/* how often the cell was started */
	uint32_t state;			/* JH_CELL_STATE_* as the hypervisor knows it, without the comm region */
	struct jh_reason failure;	/* why it failed; code empty when it did not */
	uint32_t input_size;		/* bytes that the input queue holds */
	uint32_t input_waiting;		/* bytes in it that the cell has not taken yet */
};

#endif
