/* SPDX-License-Identifier: MIT */
/* Cells: who owns what, and their life. */
#ifndef HV_CELL_H
#define HV_CELL_H

#include <stdbool.h>
#include <stdint.h>
#include <hv/arch.h>
#include <hv/check.h>
#include <hv/console.h>
#include <hv/irq.h>
#include <hv/stage2.h>
#include <hv/subpage.h>
#include <jailhouse/comm.h>
#include <jailhouse/console.h>

/* CPUs that one write of ICC_SGI1R_EL1 reaches: its affinity and range fields, and its target list. */
struct sgi_cluster {
	uint64_t address, list;
};

struct cell {
	uint32_t id;
	struct jh_cell_desc *config;	/* our copy */
	uint64_t cpus;			/* what it has now; root's shrinks and grows */
	uint32_t irqs[IRQ_WORDS];	/* see hv/irq.h; the same */
	struct sgi_cluster sgi_clusters[HV_MAX_CPUS];	/* of cpus */
	unsigned int num_sgi_clusters;
	uint8_t gic_targets;		/* GICv2: the bits of cpus in target lists */
	struct stage2 s2;
	struct jh_comm *comm;		/* a page the cell may write: never believed */
	struct jh_cell_page *page;	/* header and ring, root reads */
	bool loadable;			/* root may write its loadable memory */
	bool ended;			/* by itself: it failed or switched itself off */
	bool resetting;			/* one of its CPUs is starting it again */
	bool stopping;			/* a CPU that waits for the management lock must park instead */
	uint64_t request_end;		/* us: a shutdown request that is silent until then is agreed to; 0: there is none */
	uint64_t request_seen;		/* us: when somebody last looked for the answer */
	struct subpages subpages;
	struct console console;
};

/* The management lock: configurations, ownership, stage-2 tables, the pool. Never taken by a CPU of a cell while it may
 * be waited for, see cell_fail(). */
extern struct spinlock hv_lock;
extern struct cell root_cell;
extern struct cell *cells[JH_CELL_ID_MAX + 1];

/* The system as configured; set once by init. */
struct hv_system {
	const struct jh_system_desc *config;
	struct check_range hypervisor;
	struct check_range recorder;	/* the end of it, see hv/recorder.h */
	uint64_t public_area;	/* JH_PUBLIC_SIZE bytes of it, see hv_public() */
	struct check_range trapped[HV_MAX_TRAPPED];
	bool management_lost;	/* a CPU died with hv_lock: it stays taken for ever */
	bool leaving;		/* a CPU has left by DISABLE: nothing new is accepted */
};
extern struct hv_system hv_system;

/* NOLINTBEGIN(bugprone-macro-parentheses): cpu is the name that is declared */
#define for_each_cpu(cpu, mask)                                                                    \
	for (uint64_t left_ = (mask); left_; left_ &= left_ - 1)                                   \
		for (struct cpu *cpu = cpus[__builtin_ctzll(left_)]; cpu; cpu = NULL)
/* NOLINTEND(bugprone-macro-parentheses) */

int root_cell_init(void);

/* What root may read of the hypervisor besides the cells' pages. */
struct check_range hv_public(void);

/* Tells root that something in its status page changed. */
void notify_root(void);

#define CELL_PAGE_BYTES	(JH_CELL_RING_OFFSET + JH_CELL_RING_SIZE)	/* at cell->page: root may read them */

/*
 * All five: 0 or a negative errno with *reason filled in. Called on a root CPU with hv_lock held. Those that ask the cell first
 * return -HV_EAGAIN without a reason until it has answered or its time is up; nothing has changed then.
 */
int cell_create(const struct jh_cell_desc *config, unsigned int caller_cpu, struct jh_reason *reason);
int cell_start(struct cell *cell, struct jh_reason *reason);
int cell_set_loadable(struct cell *cell, struct jh_reason *reason);
int cell_destroy(struct cell *cell, struct jh_reason *reason);
int cell_force(struct cell *cell, uint64_t what, struct jh_reason *reason);	/* what: JH_FORCE_* */

/* With hv_lock held and all CPUs of the cell parked, or about to: from its entry, with a fresh communication region. */
void cell_run(struct cell *cell);
void cell_set_state(struct cell *cell, uint32_t state);

/*
 * Called on a CPU of the cell that did something it must not; the caller parks it afterwards. The cell's other CPUs stop
 * as well. In core/power.c, with the other ways in which a cell ends by itself.
 */
void cell_fail(struct cell *cell, const char *code, const char *text);

uint32_t cell_state(const struct cell *cell);

#endif
