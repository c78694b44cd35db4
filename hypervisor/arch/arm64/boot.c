// SPDX-License-Identifier: MIT
/*
 * The way in. All CPUs come here with the MMU off; the lowest CPU of the root cell builds everything, the others wait. Either
 * all of them go back to the kernel below the hypervisor, or all of them go back as they came, with the same errno.
 */
#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/log.h>
#include <hv/pool.h>
#include <hv/recorder.h>
#include <hv/uart.h>
#include <jailhouse/firmware.h>

#include "../../lib/bits.h"
#include "../../lib/string.h"
#include "guest.h"
#include "layout.h"
#include "mmu.h"
#include "sysreg.h"
#include "traps.h"

_Static_assert(offsetof(struct jh_firmware_header, core_size) == HEADER_CORE_SIZE, "boot.S reads core_size");
_Static_assert(offsetof(struct jh_firmware_header, max_cpus) == HEADER_MAX_CPUS, "boot.S reads max_cpus");

struct rela {
	uint64_t offset, info;
	int64_t addend;
};

/* Hidden: addressed from the PC, not through the GOT, which is yet to be relocated. */
#pragma GCC visibility push(hidden)
extern char resident_vectors[];
extern const struct rela rela_start[], rela_end[];
void boot_return(int64_t result) __attribute__((noreturn));	/* boot.S: to the kernel, as boot_cpu() does */
#pragma GCC visibility pop

/* Written by the first CPU with its caches off, so they live in memory until the others have theirs on. */
static uint32_t tables_ready, system_ready, tables_error;
static int32_t system_error;
static uint32_t arrived, failed;

static const struct jh_system_desc *config_of(const struct jh_firmware_header *header)
{
	return (const void *)((const char *)header + header->core_size +
			      (uint64_t)header->max_cpus * header->percpu_size);
}

/* R_AARCH64_RELATIVE is the only kind in a static PIE without imports: add where we are to what the linker wrote. */
static void relocate(uint64_t core)
{
	for (unsigned int i = 0; &rela_start[i] < rela_end; i++)
		*(uint64_t *)(core + rela_start[i].offset) = core + (uint64_t)rela_start[i].addend;
	dsb(sy);
}

static uint32_t build_tables(const struct jh_firmware_header *header, uint64_t core)
{
	const struct jh_system_desc *config = config_of(header);
	uint64_t pool = ALIGN_UP((uint64_t)config + header->config_size, PAGE_SIZE);
	uint64_t end = core + header->hypervisor_size - JH_RECORDER_SIZE;
	int err;

	if (header->hypervisor_size <= JH_RECORDER_SIZE || pool >= end)
		return HV_ENOMEM;
	hv_system.config = config;
	hv_system.hypervisor = (struct check_range){ core, header->hypervisor_size, "the hypervisor" };
	hv_system.public_area = core + header->public_offset;
	hv_system.recorder = (struct check_range){ end, JH_RECORDER_SIZE, "the flight recorder" };
	pool_init((void *)pool, end - pool);
	err = mmu_build(core, header->hypervisor_size);
	for (uint32_t cpu = 0; !err && cpu < header->max_cpus; cpu++)
		mmu_guard(core + header->core_size + cpu * header->percpu_size + PERCPU_GUARD);
	return (uint32_t)-err;
}

static int init_system(const struct jh_firmware_header *header)
{
	const struct jh_system_desc *config = hv_system.config;
	int err = check_system_desc(config, header->config_size, &hv_status.refusal);

	if (!err && uart_is_driven(&config->debug_console))
		err = mmu_map_device(config->debug_console.address, PAGE_SIZE);
	if (err)
		return err;
	hv_status.abi = JH_ROTUNDA_ABI;
	recorder_init((void *)hv_system.recorder.start);
	record(JH_RECORD_ENABLE, NULL, 0, "Rotunda %s, %u CPUs", header->version, header->online_cpus);
	log_print("\nInitializing Jailhouse hypervisor %s on CPU %u\n", header->version, this_cpu()->id);
	err = gic_init();
	if (!err)
		err = root_cell_init();
	if (!err)
		log_print("Page pool usage after early setup: mem %lu/%lu, remap 0/0\n", (unsigned long)pool_used(),
			  (unsigned long)pool_total());
	return err;
}

static int init_cpu(struct cpu *cpu)
{
	uint64_t pa_range = read_sysreg(id_aa64mmfr0_el1) & 0xf;
	int err;

	cpu->mpidr = read_sysreg(mpidr_el1) & 0xff00ffffffULL;
	cpu->cell = &root_cell;
	if (!(root_cell.cpus & BIT64(cpu->id)))
		return refuse(&hv_status.refusal, -HV_EINVAL, "cpu-not-in-root-cell",
			      "CPU %u is online but not in the root cell's CPU set.", cpu->id);
	err = gic_cpu_init(cpu);
	if (err)
		return err;
	if (pa_range < 2)
		return refuse(&hv_status.refusal, -HV_EIO, "address-range",
			      "CPU %u has fewer than 40 bits of physical addresses.", cpu->id);
	cpu_register(cpu);
	cpu->state = CPU_IN_GUEST;
	return 0;
}

static void activate(const struct cpu *cpu)
{
	uint64_t pa_range = read_sysreg(id_aa64mmfr0_el1) & 0xf;

	write_sysreg(vtcr_el2, VTCR_RES1 | VTCR_T0SZ(HV_IPA_BITS) | VTCR_SL0_LEVEL1 | VTCR_WBWA_IS |
				       VTCR_PS(pa_range > 5 ? 5 : pa_range));
	cpu_load_cell(cpu);
}

/* EL2 as the kernel's stub would have it, with the resident vectors in the stub's place. */
static void restore_el2(void)
{
	write_sysreg(vttbr_el2, 0);
	/* What the kernel lets through depends on the CPU (pointer authentication, tags); a trap would find no handler. */
	write_sysreg(hcr_el2, this_cpu()->stub_hcr);
	isb();
	asm volatile("tlbi alle1" : : : "memory");
	write_sysreg(vbar_el2, (uint64_t)resident_vectors);
	mmu_disable();
}

void cpu_leave(void)
{
	restore_el2();
}

static void wait_for(const uint32_t *flag)
{
	while (!*(const volatile uint32_t *)flag)
		relax();
	dmb(sy);
}

static bool all_arrived(const struct jh_firmware_header *header)
{
	return __atomic_load_n(&arrived, __ATOMIC_ACQUIRE) >= header->online_cpus;
}

static void arrive(int err)
{
	if (err)
		__atomic_store_n(&failed, (uint32_t)-err, __ATOMIC_RELEASE);
	__atomic_fetch_add(&arrived, 1, __ATOMIC_ACQ_REL);
}

/* With the MMU off it is the first CPU, alone, and nobody arrives anywhere: exclusive accesses need the MMU. */
void boot_abandon(void)
{
	if (!tables_ready) {
		tables_error = HV_EIO;
		dsb(sy);
		tables_ready = 1;
		dsb(sy);
	} else {
		system_error = -HV_EIO;
		__atomic_store_n(&system_ready, 1, __ATOMIC_RELEASE);
		arrive(-HV_EIO);
	}
	restore_el2();
	boot_return(-HV_EIO);
}

int64_t boot_cpu(uint64_t id, uint64_t core)
{
	const struct jh_firmware_header *header = (const void *)core;
	bool first =
		(config_cpus(&config_of(header)->root_cell) & -config_cpus(&config_of(header)->root_cell)) >> id & 1;
	struct cpu *cpu = this_cpu();
	int err;

	memset(cpu, 0, sizeof(*cpu));
	cpu->id = (uint32_t)id;
	traps_remember(cpu);
	if (first) {
		relocate(core);
		tables_error = build_tables(header, core);
		dsb(sy);
		tables_ready = 1;
		dsb(sy);
	}
	wait_for(&tables_ready);
	if (tables_error) {
		restore_el2();
		return -(int64_t)tables_error;
	}
	mmu_enable();
	if (first) {
		system_error = init_system(header);
		__atomic_store_n(&system_ready, 1, __ATOMIC_RELEASE);
	}
	wait_for(&system_ready);
	err = system_error ? system_error : init_cpu(cpu);
	arrive(err);
	while (!all_arrived(header))
		relax();
	err = -(int)__atomic_load_n(&failed, __ATOMIC_ACQUIRE);
	if (err)
		restore_el2();
	else
		activate(cpu);
	if (first && !err)
		log_print("Activating hypervisor\n");
	return err;
}
