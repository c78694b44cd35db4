// SPDX-License-Identifier: MIT
/*
 * Software-generated interrupts stay within a cell. ICC_SGI1R_EL1: Aff3 55:48, RS 47:44, IRM 40, Aff2 39:32, INTID 27:24,
 * Aff1 23:16, and a list of the 16 CPUs whose Aff0 starts at 16 * RS.
 */
#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/vgic.h>

#include "../lib/bits.h"

#define SGI1R_LIST	GENMASK64(15, 0)
#define SGI1R_INTID	GENMASK64(27, 24)
#define SGI1R_OTHERS	BIT64(40)
#define SGI1R_CLUSTER	(GENMASK64(55, 44) | GENMASK64(39, 32) | GENMASK64(23, 16))

static struct sgi_cluster cluster_of(const struct cpu *cpu)
{
	uint64_t aff0 = cpu->mpidr & 0xff, aff1 = cpu->mpidr >> 8 & 0xff, aff2 = cpu->mpidr >> 16 & 0xff,
		 aff3 = cpu->mpidr >> 32 & 0xff;

	return (struct sgi_cluster){ aff3 << 48 | (aff0 / 16) << 44 | aff2 << 32 | aff1 << 16, BIT64(aff0 % 16) };
}

static void cluster_add(struct cell *cell, struct sgi_cluster one)
{
	unsigned int i = 0;

	while (i < cell->num_sgi_clusters && cell->sgi_clusters[i].address != one.address)
		i++;
	if (i == cell->num_sgi_clusters)
		cell->sgi_clusters[cell->num_sgi_clusters++] = one;
	else
		cell->sgi_clusters[i].list |= one.list;
}

void vsgi_prepare(struct cell *cell)
{
	cell->num_sgi_clusters = 0;
	cell->gic_targets = 0;
	for (uint64_t left = cell->cpus; left; left &= left - 1) {
		cluster_add(cell, cluster_of(cpus[__builtin_ctzll(left)]));
		cell->gic_targets |= cpus[__builtin_ctzll(left)]->gic_target;
	}
}

static void send(const struct sgi_cluster *cluster, uint64_t value, uint64_t list)
{
	if (list)
		gic_send_sgi(cluster->address | (value & SGI1R_INTID) | list);
}

static COLD void send_to_others(const struct cpu *sender, uint64_t value)
{
	struct sgi_cluster self = cluster_of(sender);

	for (unsigned int i = 0; i < sender->cell->num_sgi_clusters; i++) {
		const struct sgi_cluster *cluster = &sender->cell->sgi_clusters[i];

		send(cluster, value, cluster->list & ~(cluster->address == self.address ? self.list : 0));
	}
}

/* The list form names one cluster, and most cells have one: this is what an IPI costs. */
void vsgi_send(const struct cpu *sender, uint64_t value)
{
	const struct sgi_cluster *cluster = sender->cell->sgi_clusters;
	const struct sgi_cluster *end = cluster + sender->cell->num_sgi_clusters;

	if (value & SGI1R_OTHERS) {
		send_to_others(sender, value);
		return;
	}
	for (; cluster < end; cluster++) {
		if (cluster->address == (value & SGI1R_CLUSTER)) {
			send(cluster, value, cluster->list & value);
			return;
		}
	}
}
