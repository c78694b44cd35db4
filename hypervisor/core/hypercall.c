// SPDX-License-Identifier: MIT
#include <hv/hypercall.h>

#include <hv/audit.h>
#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/fatal.h>
#include <hv/log.h>
#include <hv/pool.h>
#include <hv/recorder.h>

#include "../lib/bits.h"
#include "../lib/string.h"

static struct jh_reason *refusal(void)
{
	return &hv_status.refusal;
}

static int64_t not_root(const char *what)
{
	/* A cell may ask as often as it likes; only root's refusals are worth root's attention. */
	(void)what;
	return -HV_EPERM;
}

/* The configuration lies in root memory: it is copied before it is looked at, root may change it meanwhile. */
static int copy_config(struct jh_cell_desc *copy, uint64_t address)
{
	struct jh_cell_desc head;
	size_t size;

	if (!root_memory_copy(&head, address, sizeof(head)))
		return refuse(refusal(), -HV_ENOMEM, "configuration-address",
			      "The configuration at 0x%lx is not in the root cell's memory.", (unsigned long)address);
	size = config_size(&head);
	if (!size || !root_memory_copy(copy, address, size))
		return refuse(refusal(), -HV_E2BIG, "configuration-too-large",
			      "The configuration asks for more bytes than a configuration may have.");
	*copy = head;	/* the counts that size was made from */
	return 0;
}

static int64_t create_from(uint64_t address, unsigned int caller)
{
	size_t pages = JH_CONFIG_MAX_SIZE / PAGE_SIZE;
	struct jh_cell_desc *copy = pool_alloc(pages, 1);
	int err;

	if (!copy)
		return refuse(refusal(), -HV_ENOMEM, "pool-exhausted", "There is no memory for the configuration.");
	err = copy_config(copy, address);
	if (!err)
		err = cell_create(copy, caller, refusal());
	pool_free(copy, pages);
	return err;
}

static int64_t on_cell(uint64_t code, uint64_t id, uint64_t arg)
{
	struct cell *cell = id <= JH_CELL_ID_MAX ? cells[id] : NULL;

	if (!cell)
		return refuse(refusal(), -HV_ENOENT, "no-such-cell", "There is no cell with id %lu.",
			      (unsigned long)id);
	if (cell == &root_cell)
		return refuse(refusal(), -HV_EINVAL, "root-cell",
			      "The root cell cannot be started, loaded or destroyed.");
	switch (code) {
	case JH_HC_CELL_START:
		return cell_start(cell, refusal());
	case JH_HC_CELL_SET_LOADABLE:
		return cell_set_loadable(cell, refusal());
	case JH_HC_CELL_FORCE:
		return cell_force(cell, arg, refusal());
	default:
		return cell_destroy(cell, refusal());
	}
}

static unsigned int count_cells(void)
{
	unsigned int count = 0;

	for (unsigned int id = 0; id <= JH_CELL_ID_MAX; id++)
		count += cells[id] != NULL;
	return count;
}

static COLD int64_t get_info(const struct cpu *cpu, uint64_t type)
{
	switch (type) {
	case JH_INFO_MEM_POOL_SIZE:
		return cpu->cell == &root_cell ? (int64_t)pool_total() : -HV_EPERM;
	case JH_INFO_MEM_POOL_USED:
		return cpu->cell == &root_cell ? (int64_t)pool_used() : -HV_EPERM;
	case JH_INFO_REMAP_POOL_SIZE:
	case JH_INFO_REMAP_POOL_USED:
		return 0;	/* EL2 is identity mapped: there is no such pool */
	case JH_INFO_NUM_CELLS:
		return cpu->cell == &root_cell ? (int64_t)count_cells() : -HV_EPERM;
	default:
		return -HV_EINVAL;
	}
}

/* Each exit is counted once, under its kind or, when it has none, in the place of the total: one increment an exit. */
static uint32_t cpu_statistic(const struct cpu *cpu, unsigned int which)
{
	uint32_t total = 0;

	if (which != JH_CPU_STAT_VMEXITS_TOTAL)
		return cpu->stats[which];
	for (unsigned int i = 0; i < JH_NUM_CPU_STATS; i++)
		total += cpu->stats[i];
	return total;
}

static COLD int64_t cpu_get_info(const struct cpu *caller, uint64_t id, uint64_t type)
{
	const struct cpu *cpu = id < HV_MAX_CPUS ? cpus[id] : NULL;

	if (!cpu)
		return -HV_EINVAL;
	if (caller->cell != &root_cell && cpu->cell != caller->cell)
		return -HV_EPERM;
	if (type == JH_CPU_INFO_STATE)
		return cpu->failed || cpu_state(cpu) == CPU_DEAD ? JH_CPU_FAILED : JH_CPU_RUNNING;
	if (type >= JH_CPU_INFO_STAT_BASE && type < JH_CPU_INFO_STAT_BASE + JH_NUM_CPU_STATS)
		return cpu_statistic(cpu, (unsigned int)type - JH_CPU_INFO_STAT_BASE) & 0x7fffffff;
	return -HV_EINVAL;
}

static int64_t console_input(struct cell *cell, uint32_t count, uint64_t bytes)
{
	if (count == JH_CONSOLE_INPUT_BREAK)
		return cell_console_break(cell);
	return cell_console_input(cell, bytes, count);
}

/* Questions of root about a cell, and its console. */
static int64_t ask_cell(uint64_t code, uint64_t arg1, uint64_t arg)
{
	uint64_t id = code == JH_HC_CELL_CONSOLE_INPUT ? (uint32_t)arg1 : arg1;
	struct cell *cell = id <= JH_CELL_ID_MAX ? cells[id] : NULL;
	uint32_t state;

	if (!cell)
		return -HV_ENOENT;
	if (code == JH_HC_CELL_GET_STATE) {
		state = cell_state(cell);
		return state <= JH_CELL_STATE_FAILED_COMM_REV ? (int64_t)state : -HV_EINVAL;
	}
	if (cell == &root_cell)
		return -HV_EINVAL;
	if (code == JH_HC_CELL_CONSOLE_INPUT)
		return console_input(cell, (uint32_t)(arg1 >> 32), arg);
	if (code == JH_HC_CELL_INFO && arg == JH_CELL_INFO_PAGE)
		return (int64_t)(uint64_t)cell->page;
	if (code == JH_HC_CELL_INFO && arg == JH_CELL_INFO_PAGE_SIZE)
		return JH_CELL_RING_OFFSET + JH_CELL_RING_SIZE;
	if (code != JH_HC_CELL_CONSOLE_ARM)
		return -HV_EINVAL;
	return cell_console_arm(cell, arg);
}

static int64_t disable(void)
{
	if (count_cells() > 1)
		return refuse(refusal(), -HV_EBUSY, "cells-exist", "%u cells exist; destroy them first.",
			      count_cells() - 1);
	if (!hv_system.leaving) {
		log_print("Shutting down hypervisor\n");
		record(JH_RECORD_DISABLE, NULL, 0, "disabled");
	}
	hv_system.leaving = true;
	return 0;
}

/* What changes cells is followed by a look at what the tables really say, also when it was refused half way. */
static const char *change_name(uint64_t code)
{
	switch (code) {
	case JH_HC_CELL_CREATE:
		return "create";
	case JH_HC_CELL_START:
		return "start";
	case JH_HC_CELL_SET_LOADABLE:
		return "set loadable";
	case JH_HC_CELL_DESTROY:
		return "destroy";
	case JH_HC_CELL_FORCE:
		return "force";
	default:
		return NULL;
	}
}

/* A CPU died while it managed. What cells are can still be told, because nobody changes it any more. */
static int64_t manage_without_lock(uint64_t code, uint64_t arg1, uint64_t arg2)
{
	if (!change_name(code) && code != JH_HC_DISABLE && code != JH_HC_AUDIT)
		return ask_cell(code, arg1, arg2);
	return refuse(refusal(), -HV_EIO, "hypervisor-fault",
		      "The hypervisor can manage cells again after a reset of the board: %s", hv_status.fatal.text);
}

static COLD int64_t manage(const struct cpu *cpu, uint64_t code, uint64_t arg1, uint64_t arg2)
{
	int64_t result;

	if (cpu->cell != &root_cell)
		return not_root("manage");
	if (!management_lock())
		return manage_without_lock(code, arg1, arg2);
	if (code == JH_HC_DISABLE)
		result = disable();
	else if (hv_system.leaving)
		result = refuse(refusal(), -HV_EBUSY, "leaving", "The hypervisor is being disabled.");
	else if (code == JH_HC_AUDIT)
		result = audit_run("request");
	else if (code == JH_HC_CELL_CREATE)
		result = create_from(arg1, cpu->id);
	else if (change_name(code))
		result = on_cell(code, arg1, arg2);
	else
		result = ask_cell(code, arg1, arg2);
	if (result < 0 && result != -HV_EAGAIN && (change_name(code) || code == JH_HC_DISABLE))
		record(JH_RECORD_REFUSED, NULL, (int)result, "%s: %s", refusal()->code, refusal()->text);
	if (change_name(code) && result != -HV_EAGAIN && !hv_system.leaving)
		audit_run(change_name(code));
	spin_unlock(&hv_lock);
	return result;
}

static bool may_print(const struct cell *cell)
{
	return cell != &root_cell && (cell->config->flags & JH_CELL_VIRTUAL_CONSOLE_PERMITTED);
}

static int64_t put_character(struct cell *cell, char c)
{
	if (cell == &root_cell && (root_cell.config->flags & JH_CELL_VIRTUAL_CONSOLE_PERMITTED)) {
		log_print("%c", c);
		return 0;
	}
	if (!may_print(cell))
		return -HV_EPERM;
	cell_console_put(cell, c);
	return 0;
}

int64_t hypercall(struct cpu *cpu, uint64_t code, uint64_t arg1, uint64_t arg2)
{
	switch (code) {
	case JH_HC_DEBUG_CONSOLE_PUTC:
		return put_character(cpu->cell, (char)arg1);
	case JH_HC_DEBUG_CONSOLE_GETC:
		return may_print(cpu->cell) ? cell_console_get(cpu->cell) : -HV_EPERM;
	case JH_HC_ABI_VERSION:
		return JH_ROTUNDA_ABI;
	case JH_HC_HYPERVISOR_GET_INFO:
		return get_info(cpu, arg1);
	case JH_HC_CPU_GET_INFO:
		return cpu_get_info(cpu, arg1, arg2);
	case JH_HC_DISABLE:
	case JH_HC_CELL_CREATE:
	case JH_HC_CELL_START:
	case JH_HC_CELL_SET_LOADABLE:
	case JH_HC_CELL_DESTROY:
	case JH_HC_CELL_GET_STATE:
	case JH_HC_CELL_INFO:
	case JH_HC_CELL_CONSOLE_ARM:
	case JH_HC_CELL_CONSOLE_INPUT:
	case JH_HC_AUDIT:
	case JH_HC_CELL_FORCE:
		return manage(cpu, code, arg1, arg2);
	default:
		return -HV_ENOSYS;
	}
}
