/* SPDX-License-Identifier: MIT */
/*
 * Hypercalls: `hvc #0x4a48`, x0 = code, x1 and x2 = arguments, result (signed, negative errno) in x0.
 * A caller treats x1 to x3 as clobbered. Codes 0 to 8 are those of the Jailhouse ABI; Rotunda's own
 * start at 0x1000, a range that ABI never used.
 */
#ifndef JAILHOUSE_HYPERCALL_H
#define JAILHOUSE_HYPERCALL_H

#define JH_HVC_IMMEDIATE		0x4a48

/*
 * What stops a running cell asks it first. START, SET_LOADABLE, DESTROY and FORCE with JH_FORCE_NOTHING return -EAGAIN at once
 * while the answer is due, at most 10 s: the caller sleeps and makes the same call again. Who stays away for 5 s has given up.
 */
#define JH_HC_DISABLE			0	/* root, on every CPU */
#define JH_HC_CELL_CREATE		1	/* root; x1 = physical address of the configuration */
#define JH_HC_CELL_START		2	/* root; x1 = cell id */
#define JH_HC_CELL_SET_LOADABLE		3	/* root; x1 = cell id */
#define JH_HC_CELL_DESTROY		4	/* root; x1 = cell id */
#define JH_HC_HYPERVISOR_GET_INFO	5	/* x1 = JH_INFO_*; to cells -EPERM: not their business */
#define JH_HC_CELL_GET_STATE		6	/* root; x1 = cell id; result JH_CELL_STATE_* */
#define JH_HC_CPU_GET_INFO		7	/* x1 = logical CPU, x2 = JH_CPU_INFO_* */
#define JH_HC_DEBUG_CONSOLE_PUTC	8	/* x1 = character */

/* Rotunda's own. */
#define JH_HC_ABI_VERSION		0x1000	/* any cell; result JH_ROTUNDA_ABI */
#define JH_HC_CELL_INFO			0x1001	/* root; x1 = cell id, x2 = JH_CELL_INFO_* */
#define JH_HC_CELL_CONSOLE_ARM		0x1002	/* root; x1 = cell id, x2 = JH_CONSOLE_ARM_*: raises notify_irq once */
#define JH_HC_CELL_CONSOLE_INPUT	0x1003	/* root; x1 = JH_CONSOLE_INPUT(), x2 = bytes; result see there */
#define JH_HC_DEBUG_CONSOLE_GETC	0x1004	/* permitted cells; next input byte, -EAGAIN when there is none */
#define JH_HC_AUDIT			0x1005	/* root; audits all stage-2 tables; result JH_AUDIT_* */
#define JH_HC_CELL_FORCE 0x1006 /* root; x1 = cell id, x2 = JH_FORCE_*: stops a cell without making it loadable */

#define JH_ROTUNDA_ABI			4	/* bumped when any Rotunda extension changes */

/* What to tell of; 0 means output. Of room only while the input queue is full: look again after arming. */
#define JH_CONSOLE_ARM_OUTPUT		0x1
#define JH_CONSOLE_ARM_ROOM		0x2

/*
 * Input of a cell's console: up to eight bytes, the first in bits 7:0 of x2, or a break. The result is how many were queued, or
 * -EAGAIN when the queue is full. When not all were, notify_irq is raised as soon as half of the queue is empty.
 */
#define JH_CONSOLE_INPUT_MAX		8
#define JH_CONSOLE_INPUT(id, count)	((id) | (unsigned long)(count) << 32)
#define JH_CONSOLE_INPUT_BREAK		0xff	/* as count */

#define JH_INFO_MEM_POOL_SIZE		0	/* 4 KiB pages */
#define JH_INFO_MEM_POOL_USED		1
#define JH_INFO_REMAP_POOL_SIZE		2
#define JH_INFO_REMAP_POOL_USED		3
#define JH_INFO_NUM_CELLS		4	/* with the root cell */

#define JH_CPU_INFO_STATE		0	/* JH_CPU_RUNNING or JH_CPU_FAILED */
#define JH_CPU_INFO_STAT_BASE		1000
#define   JH_CPU_RUNNING		0
#define   JH_CPU_FAILED			2

#define JH_CPU_STAT_VMEXITS_TOTAL	0
#define JH_CPU_STAT_VMEXITS_MMIO	1
#define JH_CPU_STAT_VMEXITS_MANAGEMENT	2
#define JH_CPU_STAT_VMEXITS_HYPERCALL	3
#define JH_CPU_STAT_VMEXITS_MAINTENANCE	4
#define JH_CPU_STAT_VMEXITS_VIRT_IRQ	5
#define JH_CPU_STAT_VMEXITS_VIRT_SGI	6
#define JH_CPU_STAT_VMEXITS_PSCI	7
#define JH_CPU_STAT_VMEXITS_SMCCC	8
#define JH_NUM_CPU_STATS		9

#define JH_CELL_STATE_RUNNING		0
#define JH_CELL_STATE_RUNNING_LOCKED	1
#define JH_CELL_STATE_SHUT_DOWN		2
#define JH_CELL_STATE_FAILED		3
#define JH_CELL_STATE_FAILED_COMM_REV	4

#define JH_FORCE_SHUTDOWN 0 /* stops it, also when it denies that; state "shut down" */
#define JH_FORCE_DESTROY 1 /* and destroys it, also when another cell has locked the configuration */
#define JH_FORCE_NOTHING 2 /* asks it first as CELL_SET_LOADABLE does, but root does not get its memory */

#define JH_CELL_INFO_PAGE		0	/* physical address of the cell's struct jh_cell_page */
#define JH_CELL_INFO_PAGE_SIZE		1	/* bytes root may read there: header page and ring */

#endif
