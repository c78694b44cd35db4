// SPDX-License-Identifier: MIT
/* The end of what a cell does: it is asked, then its CPUs are stopped. */
#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/log.h>

#include "cell_parts.h"

#define REPLY_TIMEOUT_US	1000000		/* msg_reply_timeout of 0 */
#define REPLY_TIMEOUT_MAX_US	10000000	/* whatever the configuration says */
#define REQUEST_GIVEN_UP_US	5000000
#define STOP_TIMEOUT_US		1000000
#define KICK_AGAIN_US		1000

static bool is_parked(const struct cpu *cpu)
{
	/* run before state: a CPU takes run back only after it has left CPU_PARKED. */
	return !__atomic_load_n(&cpu->run, __ATOMIC_ACQUIRE) && cpu_state_stopped(cpu_state(cpu));
}

static bool each_is_parked(const struct cell *cell)
{
	for_each_cpu(cpu, cell->cpus)
		if (!is_parked(cpu))
			return false;
	return true;
}

/*
 * A CPU that was seen running may have turned on one that had already been looked at, and parked since; the one it
 * turned on cannot execute anything in an empty stage 2, so it turns on nobody: a second look is enough.
 */
static bool all_parked(const struct cell *cell)
{
	return each_is_parked(cell) && each_is_parked(cell); /* NOLINT(misc-redundant-expression) */
}

static void kick_the_others(const struct cell *cell)
{
	for_each_cpu(cpu, cell->cpus)
		if (!is_parked(cpu))
			cpu_wake(cpu);
}

/*
 * Nothing the cell does can prevent this: its next fetch faults, and a CPU that sleeps is woken. What one CPU of it writes to
 * the redistributor of another may undo a kick as long as it has not faulted itself, so the kick is repeated.
 */
static bool suspend(struct cell *cell)
{
	uint64_t now = time_us(), end = now + STOP_TIMEOUT_US, kick = now;

	__atomic_store_n(&cell->stopping, true, __ATOMIC_SEQ_CST);
	stage2_stop(&cell->s2);
	for (; !all_parked(cell) && now < end; now = time_us()) {
		if (now >= kick) {
			kick_the_others(cell);
			kick = now + KICK_AGAIN_US;
		}
		relax();
	}
	__atomic_store_n(&cell->stopping, false, __ATOMIC_SEQ_CST);
	return all_parked(cell);
}

static uint64_t reply_timeout(const struct cell *cell)
{
	uint64_t us = cell->config->msg_reply_timeout;

	if (!us)
		return REPLY_TIMEOUT_US;
	return us < REPLY_TIMEOUT_MAX_US ? us : REPLY_TIMEOUT_MAX_US;
}

/* One that nobody has asked after for so long was given up by who made it. */
static bool request_pending(const struct cell *cell, uint64_t now)
{
	return cell->request_end && now - cell->request_seen < REQUEST_GIVEN_UP_US;
}

/* 0: it agrees, or is silent and its time is up. -HV_EPERM: it denies. -HV_EAGAIN: it may still answer. */
static int ask_to_shut_down(struct cell *cell)
{
	uint64_t now = time_us();
	uint32_t reply;

	if (cell->config->flags & JH_CELL_PASSIVE_COMMREG)
		return 0;
	if (!request_pending(cell, now)) {
		cell->request_end = now + reply_timeout(cell);
		cell->comm->reply_from_cell = JH_REPLY_NONE;
		__atomic_store_n(&cell->comm->msg_to_cell, JH_MSG_SHUTDOWN_REQUEST, __ATOMIC_SEQ_CST);
	}
	cell->request_seen = now;
	if (cell_state(cell) >= JH_CELL_STATE_SHUT_DOWN)
		return 0;
	reply = __atomic_load_n(&cell->comm->reply_from_cell, __ATOMIC_ACQUIRE);
	if (reply != JH_REPLY_NONE)
		return reply == JH_REPLY_APPROVED ? 0 : -HV_EPERM;
	if (now < cell->request_end)
		return -HV_EAGAIN;
	log_print("Cell \"%s\" did not answer the shutdown request in time\n", cell->config->name);
	return 0;
}

int cell_stop(struct cell *cell, struct jh_reason *reason)
{
	if (!suspend(cell))
		return refuse(reason, -HV_EIO, "cpu-stuck", "A CPU of cell \"%s\" did not stop within %u us.",
			      cell->config->name, STOP_TIMEOUT_US);
	for_each_cpu(cpu, cell->cpus)
		cpu->failed = false;
	cell->ended = cell->resetting = false;
	cell->request_end = 0;
	return 0;
}

int cell_shut_down(struct cell *cell, struct jh_reason *reason)
{
	int err = cell->page->state == JH_CELL_STATE_RUNNING ? ask_to_shut_down(cell) : 0;

	if (err == -HV_EAGAIN)
		return err;
	cell->request_end = 0;
	if (err)
		return refuse(reason, err, "shutdown-denied", "Cell \"%s\" denied the request to shut down.",
			      cell->config->name);
	return cell_stop(cell, reason);
}
