/* SPDX-License-Identifier: MIT */
/* Communication region: one page per cell, shared by the cell and the hypervisor. */
#ifndef JAILHOUSE_COMM_H
#define JAILHOUSE_COMM_H

#include "config.h"

#define JH_COMM_SIGNATURE	"JHCOMM"	/* 6 bytes, no NUL */
#define JH_COMM_REVISION	2
#define JH_COMM_SIZE		0x1000

struct jh_comm {
	char signature[6];
	uint16_t revision;
	uint32_t cell_state;		/* JH_CELL_STATE_*; the cell may write 0 to 4 while it runs */
	uint32_t msg_to_cell;		/* JH_MSG_*; cleared by the cell */
	uint32_t reply_from_cell;	/* JH_REPLY_* */
	uint32_t flags;			/* JH_COMM_* */
	struct jh_console_desc console;
	uint64_t pci_mmconfig_base;
	uint8_t gic_version;
	uint8_t padding[7];
	uint64_t gicd_base;
	uint64_t gicc_base;
	uint64_t gicr_base;
	uint32_t vpci_irq_base;
} __attribute__((packed, aligned(4)));	/* both sides poll words: each must be read and written as one */
JH_ABI_SIZE(struct jh_comm, 100);

#define JH_COMM_CONSOLE_PERMITTED	0x1
#define JH_COMM_CONSOLE_ACTIVE		0x2

#define JH_MSG_NONE			0
#define JH_MSG_SHUTDOWN_REQUEST		1
#define JH_MSG_RECONFIG_COMPLETED	2

#define JH_REPLY_NONE			0
#define JH_REPLY_UNKNOWN		1
#define JH_REPLY_DENIED			2
#define JH_REPLY_APPROVED		3
#define JH_REPLY_RECEIVED		4

#endif
