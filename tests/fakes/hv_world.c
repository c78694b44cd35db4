// SPDX-License-Identifier: MIT
#include "hv_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <hv/gic.h>
#include <hv/hypercall.h>
#include <hv/log.h>
#include <hv/mmio.h>
#include <hv/pool.h>
#include <hv/recorder.h>
#include <hv/vgic.h>

#include "arm64/sysreg.h"
#include "cell_builder.h"

#define CONFIG_AT	(WORLD_RAM + 0x1000)	/* where root puts a cell's configuration */
#define CONFIG_SIZE	0x8000

struct world world;
struct cpu *cpus[HV_MAX_CPUS];
uint64_t fake_vttbr_el2;
unsigned int fake_tlbi_count;

static uint8_t system_bytes[8192];
static uint8_t gic_frames[0x200000];

/* Not assert(): a release build would leave it out. */
static void require(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "hv_world: %s\n", what);
	abort();
}

static bool is_memory(uint64_t pa, uint64_t size)
{
	return pa >= WORLD_RAM && pa + size <= WORLD_HIGH + WORLD_HIGH_SIZE;
}

static void map_once(void)
{
	static bool mapped;
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
	void *at = (void *)WORLD_RAM;
	size_t size = WORLD_HIGH + WORLD_HIGH_SIZE - WORLD_RAM;

	if (!mapped)
		require(mmap(at, size, PROT_READ | PROT_WRITE, flags, -1, 0) == at, "the physical addresses are taken");
	mapped = true;
}

static void build_system(void)
{
	static const struct cell_builder root = {
		.name = "root", .cpus = (1 << WORLD_CPUS) - 1,
		.memory = { { WORLD_RAM, WORLD_RAM, WORLD_HIGH + WORLD_HIGH_SIZE - WORLD_RAM, WORLD_RWX },
			    { 0x8000000, 0x8000000, 0x8000000, WORLD_DEVICE },
			    { 0x8000000000, 0x8000000000, 0x8000000000, WORLD_DEVICE } },
		.irqchips = { { WORLD_GICD, 0, 32, { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff } } },
	};
	struct jh_system_desc *system = (void *)system_bytes;
	static uint8_t buffer[4096];
	const struct jh_cell_desc *desc = cell_build(&root, buffer, sizeof(buffer));

	memset(system_bytes, 0, sizeof(system_bytes));
	memcpy(system->signature, JH_SYSTEM_SIGNATURE, JH_SIGNATURE_LEN);
	system->architecture = JH_CONFIG_ARCH_ARM64;
	system->revision = JH_CONFIG_REVISION;
	system->flags = JH_SYS_VIRTUAL_DEBUG_CONSOLE;
	system->arm.gic_version = 3;
	system->arm.gicd_base = WORLD_GICD;
	system->arm.gicr_base = WORLD_GICR;
	system->arm.notify_irq = WORLD_NOTIFY_IRQ;
	memcpy(&system->root_cell, desc, config_size(desc));
}

int world_start(size_t pages)
{
	const uint64_t pool = WORLD_HV + JH_PUBLIC_SIZE, end = WORLD_HV + WORLD_HV_SIZE - JH_RECORDER_SIZE;

	map_once();
	build_system();
	memset(&world, 0, sizeof(world));
	memset(cells, 0, sizeof(cells));
	memset(&root_cell, 0, sizeof(root_cell));
	memset(&hv_status, 0, sizeof(hv_status));
	memset(&hv_lock, 0, sizeof(hv_lock));
	memset(&log_lock, 0, sizeof(log_lock));
	memset(&gicd_lock, 0, sizeof(gicd_lock));
	memset(gic_frames, 0, sizeof(gic_frames));
	hv_gic = (struct gic){ .version = 3,
			       .gicd = WORLD_GICD,
			       .gicd_size = 0x10000,
			       .gicr = WORLD_GICR,
			       .gicr_size = WORLD_GICR_SIZE,
			       .gicr_shift = 17 };
	memset(&hv_gic.irqs[1], 0xff, 7 * sizeof(hv_gic.irqs[0]));	/* INTID 32 to 255 */
	cells[0] = &root_cell;
	hv_system = (struct hv_system){
		.config = (void *)system_bytes,
		.hypervisor = { WORLD_HV, WORLD_HV_SIZE, "the hypervisor" },
		.recorder = { end, JH_RECORDER_SIZE, "the flight recorder" },
		.public_area = WORLD_HV,
		.trapped = { { WORLD_GICD, 0x10000, "the interrupt distributor" },
			     { WORLD_GICR, WORLD_GICR_SIZE, "the interrupt redistributors" } },
	};
	pool_init((void *)pool, pages ? pages * 0x1000 : end - pool);
	for (unsigned int i = 0; i < WORLD_CPUS; i++) {
		world.cpu[i] = (struct cpu){ .id = i, .state = CPU_IN_GUEST, .cell = &root_cell, .mpidr = i };
		cpus[i] = &world.cpu[i];
	}
	world.caller = cpus[0];
	recorder_init((void *)end);
	return root_cell_init();
}

void world_park(unsigned int cpu)
{
	world.cpu[cpu].state = CPU_PARKED;
}

static bool asks_first(uint64_t code)
{
	return (code >= JH_HC_CELL_START && code <= JH_HC_CELL_DESTROY) || code == JH_HC_CELL_FORCE;
}

/* As the driver does it: it sleeps, and makes the call again. */
int64_t world_call(uint64_t code, uint64_t arg1, uint64_t arg2)
{
	int64_t result = hypercall(&world.cpu[0], code, arg1, arg2);

	while (result == -HV_EAGAIN && asks_first(code)) {
		relax();
		world.now += 1000;
		result = hypercall(&world.cpu[0], code, arg1, arg2);
	}
	return result;
}

int64_t world_create(const struct cell_builder *builder)
{
	return world_call(JH_HC_CELL_CREATE, (uint64_t)cell_build(builder, (void *)CONFIG_AT, CONFIG_SIZE), 0);
}

/* hv/arch.h and hv/cpu.h */

struct cpu *this_cpu(void)
{
	return world.caller;
}

uint64_t time_us(void)
{
	return world.now++;
}

void relax(void)
{
	if (world.on_relax)
		world.on_relax();
}

void cpu_run(struct cpu *cpu, uint64_t entry, uint64_t context)
{
	cpu->entry = entry;
	cpu->context = context;
	cpu->state = CPU_IN_GUEST;
}

/* It faults at once, sees the empty stage 2 and parks. A sibling may have undone the kick. */
void cpu_wake(struct cpu *cpu)
{
	if (world.deaf) {
		world.deaf--;
		return;
	}
	cpu->run = RUN_NO;
	cpu->state = CPU_PARKED;
}

static int reaches(void *context, const struct stage2_extent *extent)
{
	const struct check_range *range = context;

	return extent->pa < range->start + range->size && range->start < extent->pa + extent->size;
}

void memory_scrub(uint64_t pa, uint64_t size)
{
	struct check_range range = { pa, size, NULL };
	uint64_t stray;

	require(is_memory(pa, size), "EL2 zeroes what is no memory");
	require(world.scrubs_loadable || !stage2_walk(&root_cell.s2, reaches, &range, &stray),
		"root reaches memory before it is scrubbed");
	/* Fresh pages: zeroing half a gigabyte is no work then. */
	require(!madvise((void *)pa, size, MADV_DONTNEED), "the memory is gone");
	world.scrubbed += size;
}

void memory_push(const void *start, size_t size)
{
	(void)start;
	world.pushed += size;
}

const void *memory_open(uint64_t pa, uint64_t size)
{
	require(is_memory(pa, size), "EL2 reads what is no memory");
	return (void *)pa;
}

void memory_close(void)
{
}

/* hv/mmio.h and hv/gic.h: a controller that keeps what is written and interrupts nobody */

static void *gic_register(uint64_t address)
{
	if (world.opened && address - world.opened < sizeof(world.device)) {
		world.touched++;
		return world.device + (address - world.opened);
	}
	require(address >= WORLD_GICD && address < WORLD_GICD + sizeof(gic_frames), "EL2 touches what is no device");
	return gic_frames + (address - WORLD_GICD);
}

uint64_t mmio_open(uint64_t pa)
{
	require(!world.opened && !is_memory(pa & ~0xfffULL, 0x1000), "EL2 opens memory, or two pages at once");
	world.opened = pa & ~0xfffULL;
	return pa;
}

void mmio_close(void)
{
	require(world.opened, "EL2 closes what is not open");
	world.opened = 0;
}

uint8_t mmio_read8(uint64_t address)
{
	return *(uint8_t *)gic_register(address);
}

uint16_t mmio_read16(uint64_t address)
{
	uint16_t value;

	memcpy(&value, gic_register(address), sizeof(value));
	return value;
}

uint32_t mmio_read32(uint64_t address)
{
	uint32_t value;

	memcpy(&value, gic_register(address), sizeof(value));
	return value;
}

uint64_t mmio_read64(uint64_t address)
{
	uint64_t value;

	memcpy(&value, gic_register(address), sizeof(value));
	return value;
}

void mmio_write8(uint64_t address, uint8_t value)
{
	memcpy(gic_register(address), &value, sizeof(value));
}

void mmio_write16(uint64_t address, uint16_t value)
{
	memcpy(gic_register(address), &value, sizeof(value));
}

void mmio_write32(uint64_t address, uint32_t value)
{
	if (address == WORLD_GICD + GIC_ISPENDR + WORLD_NOTIFY_IRQ / 32 * 4)
		world.notified++;
	memcpy(gic_register(address), &value, sizeof(value));
}

void mmio_write64(uint64_t address, uint64_t value)
{
	memcpy(gic_register(address), &value, sizeof(value));
}

void gic_send_sgi(uint64_t value)
{
	(void)value;
}

void spin_lock(struct spinlock *lock)
{
	require(spin_trylock(lock), "a lock is taken twice: nobody could give it back");
}

bool spin_lock_unless(struct spinlock *lock, const bool *lost)
{
	require(lock->next == lock->owner || *lost, "a lock is taken twice: nobody could give it back");
	return spin_trylock(lock);
}

bool spin_trylock(struct spinlock *lock)
{
	if (lock->next != lock->owner)
		return false;
	lock->next++;
	lock->holder = this_cpu();
	return true;
}

void spin_unlock(struct spinlock *lock)
{
	lock->holder = NULL;
	lock->owner++;
}

void uart_write(const char *text, unsigned int size)
{
	size_t used = strlen(world.log);

	if (used + size >= sizeof(world.log))
		used = 0;
	snprintf(world.log + used, sizeof(world.log) - used, "%.*s", (int)size, text);
}
