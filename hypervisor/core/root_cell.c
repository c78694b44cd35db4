// SPDX-License-Identifier: MIT
/* The root cell: the whole board, but for the hypervisor and what is trapped. */
#include <hv/audit.h>
#include <hv/cell.h>
#include <hv/log.h>

#include "../lib/bits.h"
#include "cell_parts.h"

/* The log only when the system configuration permits it, the status always. */
struct check_range hv_public(void)
{
	bool log = hv_system.config->flags & JH_SYS_VIRTUAL_DEBUG_CONSOLE;
	uint64_t offset = log ? 0 : JH_PUBLIC_STATUS_OFFSET;

	return (struct check_range){ hv_system.public_area + offset, JH_PUBLIC_SIZE - offset, "the public area" };
}

int root_cell_init(void)
{
	const struct jh_system_desc *system = hv_system.config;
	const struct check_range public = hv_public();
	int err;

	cells[0] = &root_cell;
	root_cell.config = (struct jh_cell_desc *)&system->root_cell;
	root_cell.cpus = config_cpus(root_cell.config);
	collect_irqs(root_cell.config, root_cell.irqs);
	err = audit_init();
	if (!err)
		err = stage2_init(&root_cell.s2, 0);
	if (!err)
		err = root_memory_map(0, BIT64(HV_IPA_BITS));
	if (!err)
		err = stage2_unmap(&root_cell.s2, hv_system.hypervisor.start, hv_system.hypervisor.size);
	if (!err)
		err = carve_devices(&root_cell);
	if (!err)
		err = stage2_map(&root_cell.s2, public.start, public.start, public.size, JH_MEM_READ);
	if (!err)
		err = stage2_map(&root_cell.s2, hv_system.recorder.start, hv_system.recorder.start,
				 hv_system.recorder.size, JH_MEM_READ);
	if (!err && audit_run("enable") != JH_AUDIT_CLEAN)
		err = refuse(&hv_status.refusal, -HV_EIO, "audit-violation",
			     "The first audit of the stage-2 tables failed: %s", hv_status.audit.text);
	if (!err)
		cell_log_absent(&root_cell);
	return err;
}
