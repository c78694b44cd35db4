/* SPDX-License-Identifier: MIT */
/* Hypercalls of the test firmware: any cell may call them, and EL2 fails. Shared by faults.c and provoke.S. */
#ifndef FAULTS_H
#define FAULTS_H

#define FAULT_NULL		0x2000	/* reads address 0 */
#define FAULT_WRITE_TEXT	0x2001
#define FAULT_STACK		0x2002	/* recursion without end */
#define FAULT_LOCKED		0x2003	/* reads address 0 with hv_lock held */
#define FAULT_CONSOLE_LOCKED	0x2004	/* the same with the lock of the cell's console held */
#define FAULT_TWICE		0x2005	/* leaves no cell to tell: the last words fault as well */
#define FAULT_DEVICE		0x2006	/* x1: a device that answers with an abort; result 1: EL2 was told, and goes on */

#define FAULT_LOG_LOCKED	0x2007	/* reads address 0 with the lock of the log held */
#define FAULT_GIC_LOCKED	0x2008	/* the same with the lock of the distributor */

/* Names of systems whose enable fails. */
#define FAULT_ENABLE_EARLY	"fault-early"	/* the first CPU, its MMU off */
#define FAULT_ENABLE_FIRST	"fault-first"	/* the first CPU, which is preparing for all */
#define FAULT_ENABLE_OTHER	"fault-other"	/* CPU 5, while it arrives */

#endif
