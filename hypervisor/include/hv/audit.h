/* SPDX-License-Identifier: MIT */
/*
 * The audit: reads the live stage-2 tables of root and all cells, not what was meant to be in them, and proves that
 * - a page that two of them reach is shared by both (ROOTSHARED; towards root also LOADABLE while the cell is loadable),
 * - none reaches the hypervisor but for what it may: its communication page, root the log, the status and the rings,
 * - none reaches a trapped device,
 * - each reaches only what its configuration declares, where it says and with no more rights, root 1:1,
 * - the tables themselves are pages of the hypervisor.
 * Time goes with the number of table entries and of extents, not of pages: a 1 GiB block is one step.
 */
#ifndef HV_AUDIT_H
#define HV_AUDIT_H

#include <jailhouse/console.h>

/* Once: the memory that audits need. 0 or -HV_ENOMEM. */
int audit_init(void);

/*
 * Makes an audit and publishes it in hv_status.audit. Anything but JH_AUDIT_CLEAN is logged as fatal and told to root;
 * occasion says after what ("enable"). Called with hv_lock held.
 */
int audit_run(const char *occasion);

#endif
