// SPDX-License-Identifier: MIT
#include <hv/power.h>

#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/log.h>
#include <hv/reason.h>
#include <hv/recorder.h>

#include "../lib/bits.h"

#define STOP_TIMEOUT_US		1000000

/*
 * A cell that resets itself in a loop takes the management lock and tells root each time: this long it waits in between, on
 * its own CPU and without the lock.
 */
#define RESET_PAUSE_US		10000

/* True with the lock held. A manager that waits for this CPU to park holds the lock meanwhile: then it is false. */
static bool lock_within(const struct cell *cell)
{
	while (!spin_trylock(&hv_lock)) {
		if (__atomic_load_n(&cell->stopping, __ATOMIC_ACQUIRE) ||
		    __atomic_load_n(&hv_system.management_lost, __ATOMIC_ACQUIRE))
			return false;
		relax();
	}
	return true;
}

static void stop_others(struct cell *cell)
{
	stage2_stop(&cell->s2);
	for_each_cpu(cpu, cell->cpus)
		if (cpu != this_cpu() && cpu_state(cpu) == CPU_IN_GUEST)
			cpu_wake(cpu);
}

static void end_locked(struct cell *cell, uint32_t state, const char *code, const char *text)
{
	if (cell->ended)
		return;
	cell->ended = true;
	refuse(&cell->page->failure, -HV_EIO, code, "%s", text);
	record(state == JH_CELL_STATE_FAILED ? JH_RECORD_FAILED : JH_RECORD_OFF, cell, 0, "%s: %s", code, text);
	if (state == JH_CELL_STATE_FAILED)
		cell_console_record(cell);
	log_print("%scell \"%s\": %s: %s\n", state == JH_CELL_STATE_FAILED ? "FATAL: " : "", cell->config->name, code,
		  text);
	stop_others(cell);
	cell_set_state(cell, state);
}

static void end(struct cell *cell, uint32_t state, const char *code, const char *text)
{
	const bool locked = lock_within(cell);

	/* When nobody can have the lock any more, nobody manages this cell any more. */
	if (locked || hv_system.management_lost)
		end_locked(cell, state, code, text);
	if (locked)
		spin_unlock(&hv_lock);
}

void cell_fail(struct cell *cell, const char *code, const char *text)
{
	this_cpu()->failed = true;
	end(cell, JH_CELL_STATE_FAILED, code, text);
}

void power_off_cell(struct cell *cell)
{
	end(cell, JH_CELL_STATE_SHUT_DOWN, "system-off", "The cell switched itself off (PSCI SYSTEM_OFF).");
}

static bool others_parked(const struct cell *cell)
{
	for_each_cpu(cpu, cell->cpus)
		if (cpu != this_cpu() && (__atomic_load_n(&cpu->run, __ATOMIC_ACQUIRE) || cpu_state(cpu) != CPU_PARKED))
			return false;
	return true;
}

/* False: a manager wants the cell stopped. A CPU that does not park in time is found by who looks afterwards. */
static bool wait_for_others(const struct cell *cell)
{
	uint64_t start = time_us(), waited;

	do {
		if (__atomic_load_n(&cell->stopping, __ATOMIC_ACQUIRE))
			return false;
		relax();
		waited = time_us() - start;
	} while (waited < RESET_PAUSE_US || (!others_parked(cell) && waited < STOP_TIMEOUT_US));
	return true;
}

/* A cell that resets itself for ever must not push everything else out of the recorder. */
static void record_reset(const struct cell *cell)
{
	if (!(cell->page->starts & (cell->page->starts - 1)))
		record(JH_RECORD_RESET, cell, 0, "reset itself, which was its %u. start", cell->page->starts);
}

/* False: the cell ends anyway, or another CPU of it resets it already. */
static bool begin_reset(struct cell *cell)
{
	bool first;

	if (!lock_within(cell))
		return false;
	first = !cell->ended && !cell->resetting;
	if (first) {
		cell->resetting = true;
		stop_others(cell);
	}
	spin_unlock(&hv_lock);
	return first;
}

void power_reset_cell(struct cell *cell)
{
	if (!begin_reset(cell))
		return;
	if (wait_for_others(cell) && lock_within(cell)) {
		if (!others_parked(cell)) {
			end_locked(cell, JH_CELL_STATE_FAILED, "cpu-stuck",
				   "A CPU did not stop for the reset of its cell.");
		} else if (!cell->ended) {
			/* Not worth a line in the log: a cell could fill it. The reason and the count of starts tell. */
			refuse(&cell->page->failure, 0, "system-reset", "The cell reset itself (PSCI SYSTEM_RESET).");
			cell_run(cell);
			record_reset(cell);
		}
		cell->resetting = false;
		spin_unlock(&hv_lock);
	}
}

bool power_entry_allowed(const struct cell *cell, uint64_t address)
{
	struct jh_memory m;

	for (unsigned int i = 0; i < cell->config->num_memory_regions && !(address & 3); i++) {
		m = config_memory(cell->config, i);
		if ((m.flags & JH_MEM_EXECUTE) && !(m.flags & JH_MEM_IO) && address >= m.virt_start &&
		    address - m.virt_start < m.size)
			return true;
	}
	return false;
}
