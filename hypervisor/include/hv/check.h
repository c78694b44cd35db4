/* SPDX-License-Identifier: MIT */
/*
 * What a configuration must satisfy before anything is done with it. Root is taken for hostile: nothing is
 * assumed of a configuration but that the bytes config_size() counts can be read and do not change any more.
 */
#ifndef HV_CHECK_H
#define HV_CHECK_H

#include <hv/config.h>
#include <hv/reason.h>

#define HV_MAX_TRAPPED	8
#define HV_IPA_BITS	40	/* two concatenated level-1 tables, see arch/arm64/stage2.c */
struct check_range {
	uint64_t start, size;
	const char *name;	/* "the interrupt distributor" */
};

/* The state against which a new cell is checked. */
struct check_system {
	const struct jh_cell_desc *root;
	uint64_t root_cpus;		/* what root still has */
	const uint32_t *root_irqs;	/* see hv/irq.h: what root still has */
	struct check_range hypervisor;
	struct check_range trapped[HV_MAX_TRAPPED];	/* ends at size 0 */
	uint64_t gicd_base;
	unsigned int notify_irq;	/* 0: none */
	unsigned int caller_cpu;
};

/* Numbers, bounds and alignment of one configuration by itself. 0 or a negative errno with *reason filled in. */
int check_cell_shape(const struct jh_cell_desc *cell, struct jh_reason *reason);

/* The same of a cell's configuration file: what it is, and where its first CPU starts. */
int check_cell_file(const struct jh_cell_desc *cell, struct jh_reason *reason);

/* A new cell against hypervisor, trapped devices and root's ownership. */
int check_cell_claims(const struct jh_cell_desc *cell, const struct check_system *system, struct jh_reason *reason);

/* Its console, when the hypervisor shall emulate it: check_console.c. Memory and interrupts have been checked. */
int check_console(const struct jh_cell_desc *cell, const struct check_system *system, struct jh_reason *reason);

/* Regions below a page (hv/subpage.h), check_subpage.c: one by itself, memory region i, and how many the cell has. */
int check_subpage(const struct jh_memory *memory, unsigned int i, struct jh_reason *reason);
int check_subpage_count(const struct jh_cell_desc *cell, struct jh_reason *reason);

/* A new cell against one that exists. */
int check_cell_pair(const struct jh_cell_desc *cell, const struct jh_cell_desc *other, struct jh_reason *reason);

/* The system configuration: size is what the driver says it copied. */
int check_system_desc(const struct jh_system_desc *system, uint64_t size, struct jh_reason *reason);

#endif
