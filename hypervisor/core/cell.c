// SPDX-License-Identifier: MIT
#include <hv/cell.h>

#include <hv/audit.h>
#include <hv/cpu.h>
#include <hv/gic.h>
#include <hv/log.h>
#include <hv/pool.h>
#include <hv/vgic.h>
#include <jailhouse/hypercall.h>

#include "../lib/bits.h"
#include "../lib/string.h"

#define MESSAGE_TIMEOUT_US	1000000		/* msg_reply_timeout of 0 */
#define MESSAGE_TIMEOUT_MAX_US	10000000	/* whatever the configuration says */
#define STOP_TIMEOUT_US		1000000
#define CELL_PAGES		(CELL_PAGE_BYTES / PAGE_SIZE)
#define STRUCT_PAGES		(ALIGN_UP(sizeof(struct cell), PAGE_SIZE) / PAGE_SIZE)

struct spinlock hv_lock;
struct cell root_cell;
struct cell *cells[JH_CELL_ID_MAX + 1] = { &root_cell };
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

static void collect_irqs(const struct jh_cell_desc *config, uint32_t irqs[IRQ_WORDS])
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

/* Memory that changes hands: not the shared, not the communication region, not what is never mapped. */
static bool changes_hands(const struct jh_memory *m)
{
	return m->size && !(m->flags & (JH_MEM_COMM_REGION | JH_MEM_ROOTSHARED)) && !memory_is_subpage(m);
}

/* Gives root what its configuration says about [start, start + size). */
static int map_to_root(uint64_t start, uint64_t size)
{
	const struct jh_cell_desc *config = root_cell.config;
	int err = 0;

	for (unsigned int i = 0; !err && i < config->num_memory_regions; i++) {
		struct jh_memory m = config_memory(config, i);
		uint64_t from = m.phys_start > start ? m.phys_start : start;
		uint64_t to = m.phys_start + m.size < start + size ? m.phys_start + m.size : start + size;

		if (from < to && !memory_is_subpage(&m))
			err = stage2_map(&root_cell.s2, from, from, to - from, m.flags);
	}
	return err;
}

static int take_from_root(const struct cell *cell)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < cell->config->num_memory_regions; i++) {
		struct jh_memory m = config_memory(cell->config, i);

		if (changes_hands(&m))
			err = stage2_unmap(&root_cell.s2, m.phys_start, m.size);
	}
	stage2_flush(&root_cell.s2);
	return err;
}

/* Trapped devices are not there for a cell, whatever its configuration says; the CPU interface of a GICv2 is its own. */
static int carve_devices(struct cell *cell)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < HV_MAX_TRAPPED && hv_system.trapped[i].size; i++)
		err = stage2_unmap(&cell->s2, hv_system.trapped[i].start, hv_system.trapped[i].size);
	if (!err && hv_gic.gicc)
		err = stage2_map(&cell->s2, hv_gic.gicc, hv_gic.gicc, PAGE_SIZE,
				 JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO);
	return err;
}

static int map_cell(struct cell *cell)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < cell->config->num_memory_regions; i++) {
		struct jh_memory m = config_memory(cell->config, i);
		uint64_t pa = m.flags & JH_MEM_COMM_REGION ? (uint64_t)cell->comm : m.phys_start;

		if (m.size && !memory_is_subpage(&m))
			err = stage2_map(&cell->s2, m.virt_start, pa, m.size, m.flags);
	}
	return err ? err : carve_devices(cell);
}

static void return_to_root(const struct cell *cell)
{
	for (unsigned int i = 0; i < cell->config->num_memory_regions; i++) {
		struct jh_memory m = config_memory(cell->config, i);

		if (!changes_hands(&m))
			continue;
		/* Only what can be read back as memory holds secrets; devices would take the zeroes for commands. */
		if (!(m.flags & JH_MEM_IO))
			memory_scrub(m.phys_start, m.size);
		if (map_to_root(m.phys_start, m.size) != 0)
			log_print("Cell \"%s\": no memory to give region %u back\n", cell->config->name, i);
	}
	stage2_flush(&root_cell.s2);
}

static int map_loadable(const struct cell *cell, bool into_root)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < cell->config->num_memory_regions; i++) {
		struct jh_memory m = config_memory(cell->config, i);

		if (!changes_hands(&m) || !(m.flags & JH_MEM_LOADABLE))
			continue;
		err = into_root ? map_to_root(m.phys_start, m.size) :
				  stage2_unmap(&root_cell.s2, m.phys_start, m.size);
	}
	stage2_flush(&root_cell.s2);
	return err;
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
	return cell;
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
	if (!err && (!config->id || config->id > JH_CELL_ID_MAX))
		return refuse(reason, -HV_E2BIG, "cell-id", "Cell id %u is not in 1 to %u.", config->id,
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
		/* For information only: nobody waits for the answer. */
		cells[id]->comm->reply_from_cell = JH_REPLY_NONE;
		__atomic_store_n(&cells[id]->comm->msg_to_cell, message, __ATOMIC_SEQ_CST);
	}
}

int cell_create(const struct jh_cell_desc *config, unsigned int caller_cpu, struct jh_reason *reason)
{
	struct cell *cell;
	int err = check_new(config, caller_cpu, reason);

	if (err)
		return err;
	cell = cell_alloc(config);
	err = cell ? map_cell(cell) : -HV_ENOMEM;
	if (!err)
		err = stage2_map(&root_cell.s2, (uint64_t)cell->page, (uint64_t)cell->page, CELL_PAGES * PAGE_SIZE,
				 JH_MEM_READ);
	if (!err)
		err = take_from_root(cell);
	if (err) {
		if (cell) {
			for (unsigned int i = 0; i < cell->config->num_memory_regions; i++) {
				struct jh_memory m = config_memory(cell->config, i);

				if (changes_hands(&m))
					map_to_root(m.phys_start, m.size);
			}
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
	log_print("Created cell \"%s\"\n", cell->config->name);
	return 0;
}

static bool each_is_parked(const struct cell *cell)
{
	/* run before state: a CPU takes run back only after it has left CPU_PARKED. */
	for_each_cpu(cpu, cell->cpus)
		if (__atomic_load_n(&cpu->run, __ATOMIC_ACQUIRE) || cpu_state(cpu) != CPU_PARKED)
			return false;
	return true;
}

/*
 * A CPU that was seen running may have turned on one that had already been looked at, and parked since; the one it
 * turned on cannot execute anything in an empty stage 2, so it turns on nobody: a second look is enough.
 */
static bool all_parked(const struct cell *cell)
{
	return each_is_parked(cell) && each_is_parked(cell);
}

/* Nothing the cell does can prevent this: its next fetch faults, and a CPU that sleeps is woken. */
static bool suspend(struct cell *cell)
{
	uint64_t end = time_us() + STOP_TIMEOUT_US;

	__atomic_store_n(&cell->stopping, true, __ATOMIC_SEQ_CST);
	stage2_stop(&cell->s2);
	for_each_cpu(cpu, cell->cpus)
		if (cpu_state(cpu) != CPU_PARKED)
			cpu_wake(cpu);
	while (!all_parked(cell) && time_us() < end)
		relax();
	__atomic_store_n(&cell->stopping, false, __ATOMIC_SEQ_CST);
	return all_parked(cell);
}

static uint64_t message_timeout(const struct cell *cell)
{
	uint64_t us = cell->config->msg_reply_timeout;

	if (!us)
		return MESSAGE_TIMEOUT_US;
	return us < MESSAGE_TIMEOUT_MAX_US ? us : MESSAGE_TIMEOUT_MAX_US;
}

/* False: the cell denied. A silent cell has agreed when its time is up. */
static bool ask_to_shut_down(struct cell *cell)
{
	uint64_t end = time_us() + message_timeout(cell);
	uint32_t reply = JH_REPLY_NONE, state;

	if (cell->config->flags & JH_CELL_PASSIVE_COMMREG)
		return true;
	cell->comm->reply_from_cell = JH_REPLY_NONE;
	__atomic_store_n(&cell->comm->msg_to_cell, JH_MSG_SHUTDOWN_REQUEST, __ATOMIC_SEQ_CST);
	while (time_us() < end) {
		state = cell_state(cell);
		if (state >= JH_CELL_STATE_SHUT_DOWN)
			return true;
		reply = __atomic_load_n(&cell->comm->reply_from_cell, __ATOMIC_ACQUIRE);
		if (reply != JH_REPLY_NONE)
			return reply == JH_REPLY_APPROVED;
		relax();
	}
	log_print("Cell \"%s\" did not answer the shutdown request in time\n", cell->config->name);
	return true;
}

static int stop(struct cell *cell, struct jh_reason *reason)
{
	if (!suspend(cell))
		return refuse(reason, -HV_EIO, "cpu-stuck", "A CPU of cell \"%s\" did not stop within %u us.",
			      cell->config->name, STOP_TIMEOUT_US);
	for_each_cpu(cpu, cell->cpus)
		cpu->failed = false;
	cell->ended = cell->resetting = false;
	return 0;
}

static int shut_down(struct cell *cell, struct jh_reason *reason)
{
	if (cell->page->state == JH_CELL_STATE_RUNNING && !ask_to_shut_down(cell))
		return refuse(reason, -HV_EPERM, "shutdown-denied", "Cell \"%s\" denied the request to shut down.",
			      cell->config->name);
	return stop(cell, reason);
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
	cell->page->failure = (struct jh_reason){ .sequence = cell->page->failure.sequence };
	cell->page->starts++;
	cell->input_head = cell->input_tail = 0;
	stage2_resume(&cell->s2);
	cell_set_state(cell, JH_CELL_STATE_RUNNING);
	cpu_run(first, cell->config->cpu_reset_address, 0);
}

int cell_start(struct cell *cell, struct jh_reason *reason)
{
	int err = shut_down(cell, reason);

	if (err)
		return err;
	if (cell->loadable)
		map_loadable(cell, false);	/* unmapping whole regions that were mapped as such needs no memory */
	cell->loadable = false;
	cell_run(cell);
	log_print("Started cell \"%s\"\n", cell->config->name);
	return 0;
}

int cell_set_loadable(struct cell *cell, struct jh_reason *reason)
{
	int err = shut_down(cell, reason);

	if (err || cell->loadable)
		return err;
	err = map_loadable(cell, true);
	if (err)
		return refuse(reason, err, "pool-exhausted", "The hypervisor's memory is used up (%lu of %lu pages).",
			      (unsigned long)pool_used(), (unsigned long)pool_total());
	cell->loadable = true;
	cell_set_state(cell, JH_CELL_STATE_SHUT_DOWN);
	log_print("Cell \"%s\" can be loaded\n", cell->config->name);
	return 0;
}

static void cell_end(struct cell *cell)
{
	log_print("Closing cell \"%s\"\n", cell->config->name);
	cells[cell->id] = NULL;
	return_to_root(cell);
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
	err = shut_down(cell, reason);
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
	err = what == JH_FORCE_NOTHING ? shut_down(cell, reason) : stop(cell, reason);
	if (err)
		return err;
	log_print("Cell \"%s\" was stopped%s\n", cell->config->name, what == JH_FORCE_NOTHING ? "" : " by force");
	cell_set_state(cell, JH_CELL_STATE_SHUT_DOWN);
	if (what == JH_FORCE_DESTROY)
		cell_end(cell);
	return 0;
}

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

	root_cell.config = (struct jh_cell_desc *)&system->root_cell;
	root_cell.cpus = config_cpus(root_cell.config);
	collect_irqs(root_cell.config, root_cell.irqs);
	err = audit_init();
	if (!err)
		err = stage2_init(&root_cell.s2, 0);
	if (!err)
		err = map_to_root(0, BIT64(HV_IPA_BITS));
	if (!err)
		err = stage2_unmap(&root_cell.s2, hv_system.hypervisor.start, hv_system.hypervisor.size);
	if (!err)
		err = carve_devices(&root_cell);
	if (!err)
		err = stage2_map(&root_cell.s2, public.start, public.start, public.size, JH_MEM_READ);
	if (!err && audit_run("enable") != JH_AUDIT_CLEAN)
		err = refuse(&hv_status.refusal, -HV_EIO, "audit-violation",
			     "The first audit of the stage-2 tables failed: %s", hv_status.audit.text);
	return err;
}
