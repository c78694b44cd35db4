// SPDX-License-Identifier: GPL-2.0-only
/* CPUs from the root cell to a cell and back. */
#include <linux/cpu.h>

#include "jailhouse.h"

static void cpus_online(struct jh_cell *cell)
{
	unsigned int cpu;
	int err;

	for_each_cpu(cpu, &cell->offlined) {
		err = add_cpu(cpu);
		if (err)
			pr_err("jailhouse: CPU %u does not come back online (error %d)\n", cpu, err);
	}
	cpumask_clear(&cell->offlined);
}

/* All or nothing. The caller moves them back when the hypervisor refuses the cell. */
int jh_cpus_take(struct jh_cell *cell, const cpumask_t *cpus, struct jh_ioc_reason *why)
{
	unsigned int cpu;
	int err;

	if (!cpumask_subset(cpus, &jh.root->cpus))
		return jh_refuse(why, -EBUSY, "cpu-not-owned", "Give the cell CPUs that no other cell has.",
				 "The cell wants CPUs %*pbl, the root cell has %*pbl.", cpumask_pr_args(cpus),
				 cpumask_pr_args(&jh.root->cpus));
	for_each_cpu(cpu, cpus) {
		if (!cpu_online(cpu))
			continue;
		err = remove_cpu(cpu);
		if (err) {
			cpus_online(cell);
			return jh_refuse(why, err, "cpu-stays-online", "Leave Linux at least one CPU.",
					 "Linux cannot take CPU %u offline (error %d).", cpu, err);
		}
		cpumask_set_cpu(cpu, &cell->offlined);
	}
	down_write(&jh.live);
	cpumask_copy(&cell->cpus, cpus);
	cpumask_andnot(&jh.root->cpus, &jh.root->cpus, cpus);
	up_write(&jh.live);
	return 0;
}

void jh_cpus_return(struct jh_cell *cell)
{
	down_write(&jh.live);
	cpumask_or(&jh.root->cpus, &jh.root->cpus, &cell->cpus);
	cpumask_clear(&cell->cpus);
	up_write(&jh.live);
	cpus_online(cell);
}
