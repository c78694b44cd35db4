// SPDX-License-Identifier: MIT
#include <hv/cell.h>

#include <hv/audit.h>
#include <hv/cpu.h>
#include <hv/gic.h>
#include <hv/log.h>
#include <hv/pool.h>
#include <hv/recorder.h>
#include <hv/vgic.h>
#include <jailhouse/hypercall.h>

#include "../lib/bits.h"
#include "../lib/string.h"
#include "cell_parts.h"

#define CELL_PAGES		(CELL_PAGE_BYTES / PAGE_SIZE)
#define STRUCT_PAGES		(ALIGN_UP(sizeof(struct cell), PAGE_SIZE) / PAGE_SIZE)

struct spinlock hv_lock;
struct cell root_cell;
struct cell *cells[JH_CELL_ID_MAX + 1];
struct hv_system hv_system;

void notify_root(void)
{
	hv_status.events++;
	if (hv_system.config->arm.notify_irq)
		irq_set_pending(hv_system.config->arm.notify_irq);
}

void cell_set_state(struct cell *cell, uint32_t state)
{
	cell->page->state = state;
	__atomic_store_n(&cell->comm->cell_state, state, __ATOMIC_SEQ_CST);
	notify_root();
}

uint32_t cell_state(const struct cell *cell)
{
	/* What the hypervisor knows counts more than what a cell says of itself. */
	if (cell == &root_cell || cell->page->state != JH_CELL_STATE_RUNNING)
		return cell == &root_cell ? JH_CELL_STATE_RUNNING : cell->page->state;
	return __atomic_load_n(&cell->comm->cell_state, __ATOMIC_ACQUIRE);
}

void collect_irqs(const struct jh_cell_desc *config, uint32_t irqs[IRQ_WORDS])
{
	unsigned int first;

	irqs[0] = hv_gic.banked;
	for (unsigned int i = 0; i < config->num_irqchips; i++) {
		struct jh_irqchip chip = config_irqchip(config, i);

		if (chip.address != hv_system.config->arm.gicd_base)
			continue;
		first = irq_index(chip.pin_base) / 32;
		for (unsigned int word = 0; word < 4; word++)
			irqs[first + word] |= chip.pin_bitmap[word] & hv_gic.irqs[first + word];
	}
}

static void cell_free(struct cell *cell)
{
	stage2_free(&cell->s2);
	if (cell->config)
		pool_free(cell->config, ALIGN_UP(config_size(cell->config), PAGE_SIZE) / PAGE_SIZE);
	if (cell->page) {
		stage2_unmap(&root_cell.s2, (uint64_t)cell->page, CELL_PAGES * PAGE_SIZE);
		stage2_flush(&root_cell.s2);
	}
	pool_free(cell->page, CELL_PAGES);
	pool_free(cell->comm, 1);
	pool_free(cell, STRUCT_PAGES);
}

static struct cell *cell_alloc(const struct jh_cell_desc *config)
{
	size_t size = config_size(config);
	struct cell *cell = pool_alloc(STRUCT_PAGES, 1);

	if (!cell)
		return NULL;
	cell->id = config->id;
	cell->config = pool_alloc(ALIGN_UP(size, PAGE_SIZE) / PAGE_SIZE, 1);
	if (cell->config)
		memcpy(cell->config, config, size);
	cell->comm = pool_alloc(1, 1);
	cell->page = pool_alloc(CELL_PAGES, 1);
	if (!cell->config || !cell->comm || !cell->page || stage2_init(&cell->s2, (uint16_t)cell->id) != 0) {
		cell_free(cell);
		return NULL;
	}
	cell->cpus = config_cpus(cell->config);
	collect_irqs(cell->config, cell->irqs);
	*cell->page = (struct jh_cell_page){ .magic = JH_CELL_PAGE_MAGIC,
					     .cell_id = cell->id,
					     .ring_offset = JH_CELL_RING_OFFSET,
					     .ring_size = JH_CELL_RING_SIZE };
	cell_console_init(cell);
	subpage_init(cell);
	return cell;
}

static int check_alive(uint64_t mask, struct jh_reason *reason)
{
	for_each_cpu(cpu, mask)
		if (cpu_state(cpu) == CPU_DEAD)
			return refuse(reason, -HV_EIO, "hypervisor-fault",
				      "CPU %u died in the hypervisor; it runs again after a reset of the board.",
				      cpu->id);
	return 0;
}

static int check_new(const struct jh_cell_desc *config, unsigned int caller_cpu, struct jh_reason *reason)
{
	struct check_system system = { .root = root_cell.config,
				       .root_cpus = root_cell.cpus,
				       .root_irqs = root_cell.irqs,
				       .hypervisor = hv_system.hypervisor,
				       .caller_cpu = caller_cpu,
				       .gicd_base = hv_system.config->arm.gicd_base,
				       .notify_irq = hv_system.config->arm.notify_irq };
	int err = check_cell_file(config, reason);

	memcpy(system.trapped, hv_system.trapped, sizeof(system.trapped));
	if (!err && config->id > JH_CELL_ID_MAX)
		return refuse(reason, -HV_E2BIG, "cell-id", "Cell id %u is above %u.", config->id,
			      JH_CELL_ID_MAX);
	if (!err && cells[config->id])
		return refuse(reason, -HV_EEXIST, "cell-exists", "There is already a cell with id %u.", config->id);
	if (!err)
		err = check_cell_claims(config, &system, reason);
	for (unsigned int id = 0; !err && id <= JH_CELL_ID_MAX; id++) {
		if (!cells[id])
			continue;
		if (!strncmp(cells[id]->config->name, config->name, JH_CELL_NAME_LEN))
			return refuse(reason, -HV_EEXIST, "cell-exists", "There is already a cell \"%s\".",
				      config->name);
		if (cells[id] == &root_cell)
			continue;
		if (cell_state(cells[id]) == JH_CELL_STATE_RUNNING_LOCKED)
			return refuse(reason, -HV_EPERM, "configuration-locked",
				      "Cell \"%s\" has locked the configuration.", cells[id]->config->name);
		err = check_cell_pair(config, cells[id]->config, reason);
	}
	if (!err)
		err = check_alive(config_cpus(config), reason);
	for_each_cpu(cpu, err ? 0 : config_cpus(config))
		if (cpu_state(cpu) != CPU_PARKED)
			return refuse(reason, -HV_EBUSY, "cpu-online",
				      "CPU %u still runs the root cell; take it offline first.", cpu->id);
	return err;
}

static void move_ownership(struct cell *from, struct cell *to, uint64_t mask, const uint32_t which[IRQ_WORDS])
{
	uint32_t irqs[IRQ_WORDS];

	/* which is from's own map when a cell ends: it changes below. */
	memcpy(irqs, which, sizeof(irqs));
	from->cpus &= ~mask;
	to->cpus |= mask;
	/* Word 0: what is banked for each CPU stays with each cell. */
	for (unsigned int i = 1; i < IRQ_WORDS; i++) {
		from->irqs[i] &= ~irqs[i];
		to->irqs[i] |= irqs[i];
	}
	for_each_cpu(cpu, mask) {
		cpu->cell = to;
		cpu->failed = false;
		memset(cpu->stats, 0, sizeof(cpu->stats));
	}
	vsgi_prepare(from);
	vsgi_prepare(to);
	irqs_reset(irqs, cpus[__builtin_ctzll(to->cpus)]);
	irqs_confine_root();
}

static void send_to_all(const struct cell *but, uint32_t message)
{
	for (unsigned int id = 1; id <= JH_CELL_ID_MAX; id++) {
		if (!cells[id] || cells[id] == but || (cells[id]->config->flags & JH_CELL_PASSIVE_COMMREG))
			continue;
		/* Its answer would be taken for the one to the request. */
		if (cells[id]->request_end)
			continue;
		/* For information only: nobody waits for the answer. */
		cells[id]->comm->reply_from_cell = JH_REPLY_NONE;
		__atomic_store_n(&cells[id]->comm->msg_to_cell, message, __ATOMIC_SEQ_CST);
	}
}

void cell_log_absent(const struct cell *cell)
{
	/* The checks let no other PCI devices in. Their regions are ordinary shared memory. */
	if (cell->config->num_pci_devices)
		log_print("Cell \"%s\": ivshmem devices left out: %u\n", cell->config->name,
			  cell->config->num_pci_devices);
}

int cell_create(const struct jh_cell_desc *config, unsigned int caller_cpu, struct jh_reason *reason)
{
	struct cell *cell;
	int err = check_new(config, caller_cpu, reason);

	if (err)
		return err;
	cell = cell_alloc(config);
	err = cell ? cell_memory_map(cell) : -HV_ENOMEM;
	if (!err)
		err = stage2_map(&root_cell.s2, (uint64_t)cell->page, (uint64_t)cell->page, CELL_PAGES * PAGE_SIZE,
				 JH_MEM_READ);
	if (!err)
		err = cell_memory_take(cell);
	if (err) {
		if (cell) {
			cell_memory_untake(cell);
			cell_free(cell);
		}
		return refuse(reason, err, "pool-exhausted", "The hypervisor's memory is used up (%lu of %lu pages).",
			      (unsigned long)pool_used(), (unsigned long)pool_total());
	}
	stage2_stop(&cell->s2);
	cells[cell->id] = cell;
	move_ownership(&root_cell, cell, cell->cpus, cell->irqs);
	cell_set_state(cell, JH_CELL_STATE_SHUT_DOWN);
	send_to_all(cell, JH_MSG_RECONFIG_COMPLETED);
	record(JH_RECORD_CREATE, cell, 0, "created");
	log_print("Created cell \"%s\"\n", cell->config->name);
	cell_log_absent(cell);
	return 0;
}

static void fill_comm(struct cell *cell)
{
	const struct jh_system_desc *system = hv_system.config;
	struct jh_comm *comm = cell->comm;

	memset(comm, 0, JH_COMM_SIZE);
	memcpy(comm->signature, JH_COMM_SIGNATURE, sizeof(comm->signature));
	comm->revision = JH_COMM_REVISION;
	if (cell->config->flags & JH_CELL_VIRTUAL_CONSOLE_PERMITTED)
		comm->flags |= JH_COMM_CONSOLE_PERMITTED;
	if (cell->config->flags & JH_CELL_VIRTUAL_CONSOLE_ACTIVE)
		comm->flags |= JH_COMM_CONSOLE_ACTIVE;
	comm->console = cell->config->console;
	comm->pci_mmconfig_base = system->pci_mmconfig_base;
	comm->gic_version = system->arm.gic_version;
	comm->gicd_base = system->arm.gicd_base;
	comm->gicc_base = system->arm.gicc_base;
	comm->gicr_base = system->arm.gicr_base;
	comm->vpci_irq_base = cell->config->vpci_irq_base;
}

void cell_run(struct cell *cell)
{
	struct cpu *first = cpus[__builtin_ctzll(cell->cpus)];

	fill_comm(cell);
	irqs_reset(cell->irqs, first);
	cell->page->starts++;
	cell_console_reset(cell);
	stage2_resume(&cell->s2);
	cell_set_state(cell, JH_CELL_STATE_RUNNING);
	cpu_run(first, cell->config->cpu_reset_address, 0);
}

int cell_start(struct cell *cell, struct jh_reason *reason)
{
	int err = check_alive(cell->cpus, reason);

	if (!err)
		err = cell_shut_down(cell, reason);
	if (err)
		return err;
	/* Unmapping whole regions that were mapped as such needs no memory. */
	if (cell->loadable)
		cell_memory_loadable(cell, false);
	cell->loadable = false;
	cell->page->failure = (struct jh_reason){ .sequence = cell->page->failure.sequence };
	cell_run(cell);
	record(JH_RECORD_START, cell, 0, "started, for the %u. time", cell->page->starts);
	log_print("Started cell \"%s\"\n", cell->config->name);
	return 0;
}

int cell_set_loadable(struct cell *cell, struct jh_reason *reason)
{
	int err = cell_shut_down(cell, reason);

	if (err || cell->loadable)
		return err;
	err = cell_memory_loadable(cell, true);
	if (err)
		return refuse(reason, err, "pool-exhausted", "The hypervisor's memory is used up (%lu of %lu pages).",
			      (unsigned long)pool_used(), (unsigned long)pool_total());
	cell->loadable = true;
	cell_set_state(cell, JH_CELL_STATE_SHUT_DOWN);
	record(JH_RECORD_LOAD, cell, 0, "root may load it");
	log_print("Cell \"%s\" can be loaded\n", cell->config->name);
	return 0;
}

static void cell_end(struct cell *cell)
{
	record(JH_RECORD_DESTROY, cell, 0, "destroyed");
	log_print("Closing cell \"%s\"\n", cell->config->name);
	cells[cell->id] = NULL;
	cell_memory_return(cell);
	move_ownership(cell, &root_cell, cell->cpus, cell->irqs);
	cell_free(cell);
	send_to_all(NULL, JH_MSG_RECONFIG_COMPLETED);
	notify_root();
}

int cell_destroy(struct cell *cell, struct jh_reason *reason)
{
	int err;

	for (unsigned int id = 1; id <= JH_CELL_ID_MAX; id++)
		if (cells[id] && cells[id] != cell && cell_state(cells[id]) == JH_CELL_STATE_RUNNING_LOCKED)
			return refuse(reason, -HV_EPERM, "configuration-locked",
				      "Cell \"%s\" has locked the configuration.", cells[id]->config->name);
	err = cell_shut_down(cell, reason);
	if (!err)
		cell_end(cell);
	return err;
}

/* A person has decided: the cell is not asked (but for JH_FORCE_NOTHING), and a lock of another one does not count. */
int cell_force(struct cell *cell, uint64_t what, struct jh_reason *reason)
{
	int err;

	if (what > JH_FORCE_NOTHING)
		return refuse(reason, -HV_EINVAL, "force-unknown", "There is nothing with number %lu to be forced.",
			      (unsigned long)what);
	err = what == JH_FORCE_NOTHING ? cell_shut_down(cell, reason) : cell_stop(cell, reason);
	if (err)
		return err;
	record(JH_RECORD_STOP, cell, 0, "stopped%s", what == JH_FORCE_NOTHING ? "" : " by force");
	log_print("Cell \"%s\" was stopped%s\n", cell->config->name, what == JH_FORCE_NOTHING ? "" : " by force");
	cell_set_state(cell, JH_CELL_STATE_SHUT_DOWN);
	if (what == JH_FORCE_DESTROY)
		cell_end(cell);
	return 0;
}
