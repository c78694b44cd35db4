// SPDX-License-Identifier: MIT
/* Every way out of a guest. Each ends in: resumed, emulated, an exception for the guest, or "this cell failed". */
#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/hypercall.h>
#include <hv/log.h>
#include <hv/mmio.h>
#include <hv/vgic.h>

#include "../../lib/printf.h"
#include "gic.h"
#include "guest.h"
#include "inject.h"
#include "layout.h"
#include "sysreg.h"
#include "traps.h"

#define ICC_SGI1R_EL1	SYS(3, 0, 12, 11, 5)
#define REGISTER_ZR	31	/* as a source zero, as a destination nowhere */

_Static_assert(sizeof(struct guest_regs) == REGS_SIZE, "vectors.S saves struct guest_regs");
_Static_assert(offsetof(struct guest_regs, x[30]) == REGS_X30, "vectors.S saves x30");
_Static_assert(offsetof(struct guest_regs, complete) == REGS_COMPLETE, "vectors.S says when all are saved");

/* Whether the access can be emulated with the registers that were saved. */
static bool register_saved(const struct guest_regs *regs, unsigned int rt)
{
	return rt < 18 || rt >= 30 || regs->complete;
}

static uint64_t register_read(const struct guest_regs *regs, unsigned int rt)
{
	return rt == REGISTER_ZR ? 0 : regs->x[rt];
}

static void register_write(struct guest_regs *regs, unsigned int rt, uint64_t value)
{
	if (rt != REGISTER_ZR)
		regs->x[rt] = value;
}

/* ITSTATE moves on with every T32 instruction: its upper three bits are the condition, the others are shifted out. */
static uint64_t advance_it(uint64_t spsr)
{
	uint64_t it = FIELD_GET(SPSR_IT_7_2, spsr) << 2 | FIELD_GET(SPSR_IT_1_0, spsr);

	it = it & 7 ? (it & 0xe0) | (it << 1 & 0x1f) : 0;
	spsr &= ~(SPSR_IT_7_2 | SPSR_IT_1_0);
	return spsr | FIELD_PREP(SPSR_IT_7_2, it >> 2) | FIELD_PREP(SPSR_IT_1_0, it & 3);
}

/* What executing an instruction does to PSTATE: a single step is over, the target of a branch has been reached. */
static COLD void advance_state(uint64_t spsr)
{
	if (!(spsr & SPSR_AARCH32))
		spsr &= ~SPSR_BTYPE;
	else if (spsr & SPSR_T32)
		spsr = advance_it(spsr);
	write_sysreg(spsr_el2, spsr & ~SPSR_SS);
}

static uint64_t instruction_size(uint64_t esr)
{
	return 2 + 2 * FIELD_GET(ESR_IL, esr);
}

/* size is 4 where the exception comes from AArch64 only. */
static inline void skip_instruction(uint64_t size)
{
	uint64_t spsr = read_sysreg(spsr_el2);

	write_sysreg(elr_el2, read_sysreg(elr_el2) + size);
	if (spsr & (SPSR_AARCH32 | SPSR_SS | SPSR_BTYPE))
		advance_state(spsr);
}

/* IPA of a translation fault: HPFAR has the page, FAR the offset. */
static uint64_t abort_ipa(void)
{
	return (read_sysreg(hpfar_el2) & GENMASK64(39, 4)) << 8 | (read_sysreg(far_el2) & 0xfff);
}

static COLD void __attribute__((noreturn)) fail(struct cpu *cpu, const char *code, const char *what, uint64_t address)
{
	char text[200];

	hv_snprintf(text, sizeof(text), "CPU %u: %s at guest address 0x%lx (virtual 0x%lx, PC 0x%lx, ESR 0x%lx).",
		    cpu->id, what, (unsigned long)address, (unsigned long)read_sysreg(far_el2),
		    (unsigned long)read_sysreg(elr_el2), (unsigned long)read_sysreg(esr_el2));
	cell_fail(cpu->cell, code, text);
	cpu_park(cpu);
}

static bool exit_hvc(struct cpu *cpu, struct guest_regs *regs, uint64_t esr)
{
	uint64_t immediate = esr & ESR_IMMEDIATE, code = regs->x[0];

	if (immediate == JH_HVC_IMMEDIATE) {
		cpu->stats[JH_CPU_STAT_VMEXITS_HYPERCALL]++;
		regs->x[0] = (uint64_t)hypercall(cpu, code, regs->x[1], regs->x[2]);
		if (code == JH_HC_DISABLE && !regs->x[0])
			cpu_leave();
	} else if (cpu->cell == &root_cell && immediate == 0 && code <= STUB_FINALISE) {
		regs->x[0] = STUB_ERROR;	/* KVM and kexec ask; the answer is that this is not the stub */
	} else {
		smccc_call(cpu, regs, immediate);
	}
	return true;
}

static bool exit_smc(struct cpu *cpu, struct guest_regs *regs, uint64_t esr)
{
	/* Before the call: it may start this CPU somewhere else. */
	skip_instruction(4);
	smccc_call(cpu, regs, esr & ESR_IMMEDIATE);
	return true;
}

static uint64_t extend_load(uint64_t esr, uint64_t value, unsigned int size)
{
	unsigned int unused = 64 - 8 * size;

	value = value << unused >> unused;
	if (esr & DABT_SSE)
		value = (uint64_t)((int64_t)(value << unused) >> unused);
	return esr & DABT_SF ? value : (uint32_t)value;
}

/* For who looks for the instruction. No line is longer than one of the log may be. */
static COLD void log_registers(const struct guest_regs *regs)
{
	for (unsigned int i = 0; i < 31; i++)
		log_print("%sx%u 0x%lx%s", i % 8 ? " " : "  ", i, (unsigned long)regs->x[i],
			  i % 8 == 7 || i == 30 ? "\n" : "");
}

/* A load or store of an emulated device that cannot be done. Walks and fetches of a device's address find nothing there. */
static bool is_device_access(const struct cpu *cpu, uint64_t esr)
{
	return FIELD_GET(ESR_EC, esr) == EC_DABT_LOWER && (esr & (ABT_S1PTW | ABT_FAULT)) == ABT_TRANSLATION &&
	       mmio_covers(cpu->cell, abort_ipa());
}

static const char *direction(uint64_t esr, const char *read, const char *write)
{
	return esr & DABT_WNR ? write : read;
}

/* False: not all registers are saved, and nothing was done. */
static COLD bool fail_access(struct cpu *cpu, const struct guest_regs *regs, const char *code, const char *what)
{
	if (!regs->complete)
		return false;
	cpu->stats[JH_CPU_STAT_VMEXITS_TOTAL]++;
	log_registers(regs);
	fail(cpu, code, what, abort_ipa());
}

/* Without a syndrome nobody knows registers and width, and to look for the instruction through the cell's tables could abort EL2. */
static COLD bool fail_device_access(struct cpu *cpu, const struct guest_regs *regs, uint64_t esr)
{
	if ((esr & DABT_ISV) && subpage_covers(cpu->cell, abort_ipa()))
		return fail_access(
			cpu, regs, "region-access",
			"access of a width, alignment or direction that the flags of its region do not allow");
	if (esr & DABT_ISV)
		return fail_access(cpu, regs, "console-access",
				   "access of a size, alignment or kind that the PL011 does not have");
	return fail_access(cpu, regs, "unsupported-access",
			   direction(esr, "read that cannot be emulated (pair, writeback, SIMD, exclusive)",
				     "write that cannot be emulated (pair, writeback, SIMD, exclusive)"));
}

/* An access that is none of the cell's memory and was not emulated. */
static COLD bool access_outside(struct cpu *cpu, const struct guest_regs *regs, uint64_t esr, const char *what)
{
	if (cpu->cell->s2.stopped) {
		cpu->stats[JH_CPU_STAT_VMEXITS_MANAGEMENT]++;
		cpu_park(cpu);
	}
	if (cpu->cell != &root_cell && is_device_access(cpu, esr))
		return fail_device_access(cpu, regs, esr);
	if (cpu->cell != &root_cell && !(cpu->cell->config->flags & JH_CELL_STRAY_INJECT))
		return fail_access(cpu, regs, "memory-access", what);
	cpu->stats[JH_CPU_STAT_VMEXITS_TOTAL]++;
	inject_external_abort(esr);
	return true;
}

/* The syndrome names the register, and HPFAR is valid; pairs, writeback, SIMD and table walks do not. */
static bool can_emulate(uint64_t esr)
{
	return (esr & (DABT_ISV | ABT_S1PTW | ABT_FAULT)) == (DABT_ISV | ABT_TRANSLATION);
}

static inline void finish(struct cpu *cpu, uint64_t esr)
{
	cpu->stats[JH_CPU_STAT_VMEXITS_MMIO]++;
	skip_instruction(instruction_size(esr));
}

/* What an exception of EL2 overwrites. From here to exit_kept() a device may abort. */
static inline void exit_keep(struct cpu *cpu)
{
	cpu->exit_elr = read_sysreg(elr_el2);
	cpu->exit_spsr = read_sysreg(spsr_el2);
	cpu->exit_far = read_sysreg(far_el2);
	cpu->mmio_guard = MMIO_OF_GUEST;
}

/* False: a device has aborted, and the registers are those of EL2's own exception. */
static inline bool exit_kept(struct cpu *cpu)
{
	bool kept = cpu->mmio_guard != MMIO_ABORTED;

	cpu->mmio_guard = MMIO_TRUSTED;
	return kept;
}

/* The device behind an emulated access answered with an abort: that is the guest's, and EL2 goes on. */
static COLD void device_aborted(struct cpu *cpu, uint64_t esr)
{
	write_sysreg(elr_el2, cpu->exit_elr);
	write_sysreg(spsr_el2, cpu->exit_spsr);
	write_sysreg(far_el2, cpu->exit_far);
	write_sysreg(esr_el2, esr);
	isb();
	cpu->stats[JH_CPU_STAT_VMEXITS_TOTAL]++;
	if (cpu->cell != &root_cell)
		fail(cpu, "device-abort", "the device did not answer", abort_ipa());
	inject_external_abort(esr);
}

/* False: nobody took the access, and no device was touched. */
static COLD bool emulate(struct cpu *cpu, struct guest_regs *regs, uint64_t esr)
{
	unsigned int rt = (unsigned int)FIELD_GET(DABT_SRT, esr);
	struct mmio mmio = { abort_ipa(), 1u << FIELD_GET(DABT_SAS, esr), esr & DABT_WNR, 0 };
	bool taken;

	if (mmio.write)
		mmio.value = register_read(regs, rt);
	exit_keep(cpu);
	taken = mmio_access(cpu, &mmio);
	if (!exit_kept(cpu)) {
		device_aborted(cpu, esr);
		return true;
	}
	if (!taken)
		return false;
	if (!mmio.write)
		register_write(regs, rt, extend_load(esr, mmio.value, mmio.size));
	finish(cpu, esr);
	return true;
}

/*
 * The two short ways below touch registers that every such device has, or none: an abort there would be EL2's own.
 * An aligned word of the interrupt distributor is by far what is emulated most.
 */
static inline bool load_word(const struct cpu *cpu, struct guest_regs *regs, uint64_t esr, uint64_t ipa)
{
	uint64_t offset = ipa - hv_gic.gicd, value;

	if ((esr & (DABT_SAS | DABT_SSE)) != DABT_LOAD_WORD || offset >= hv_gic.gicd_size || (offset & 3) ||
	    !vgicd_load(cpu->cell, (unsigned int)offset, &value))
		return false;
	register_write(regs, (unsigned int)FIELD_GET(DABT_SRT, esr), value);
	return true;
}

/* A byte for the emulated UART: what printing consists of. */
static inline bool store_data(const struct cpu *cpu, const struct guest_regs *regs, uint64_t esr, uint64_t ipa)
{
	struct console *console = &cpu->cell->console;

	if (FIELD_GET(DABT_SAS, esr) == 3 || !pl011_is_data(&console->uart, ipa))
		return false;
	pl011_send(console, (uint8_t)register_read(regs, (unsigned int)FIELD_GET(DABT_SRT, esr)));
	return true;
}

static inline bool emulate_fast(const struct cpu *cpu, struct guest_regs *regs, uint64_t esr)
{
	uint64_t ipa = abort_ipa();

	return esr & DABT_WNR ? store_data(cpu, regs, esr, ipa) : load_word(cpu, regs, esr, ipa);
}

static bool exit_dabt(struct cpu *cpu, struct guest_regs *regs, uint64_t esr)
{
	if (can_emulate(esr)) {
		if (!register_saved(regs, (unsigned int)FIELD_GET(DABT_SRT, esr)))
			return false;
		if (emulate_fast(cpu, regs, esr)) {
			finish(cpu, esr);
			return true;
		}
		if (emulate(cpu, regs, esr))
			return true;
	}
	return access_outside(cpu, regs, esr, direction(esr, "read outside the cell", "write outside the cell"));
}

static bool exit_iabt(struct cpu *cpu, struct guest_regs *regs, uint64_t esr)
{
	return access_outside(cpu, regs, esr, "instruction fetch outside the cell");
}

static COLD void emulate_sysreg(struct cpu *cpu, struct guest_regs *regs, uint64_t esr)
{
	unsigned int rt = (unsigned int)FIELD_GET(SYS_RT, esr);
	uint64_t value = register_read(regs, rt);
	bool read = esr & SYS_READ;

	cpu->stats[JH_CPU_STAT_VMEXITS_TOTAL]++;
	if (!traps_sysreg(SYS_KEY(esr), read, &value) && !gicv3_sysreg(cpu, SYS_KEY(esr), read, &value)) {
		inject_undefined();
		return;
	}
	if (read)
		register_write(regs, rt, value);
	skip_instruction(4);
}

static bool exit_sys64(struct cpu *cpu, struct guest_regs *regs, uint64_t esr)
{
	unsigned int rt = (unsigned int)FIELD_GET(SYS_RT, esr);

	if (!register_saved(regs, rt))
		return false;
	if ((esr & (SYS_KEY_MASK | SYS_READ)) == ICC_SGI1R_EL1) {
		cpu->stats[JH_CPU_STAT_VMEXITS_VIRT_SGI]++;
		vsgi_send(cpu, register_read(regs, rt));
		skip_instruction(4);
	} else {
		emulate_sysreg(cpu, regs, esr);
	}
	return true;
}

static bool exit_wfx(struct cpu *cpu, struct guest_regs *regs, uint64_t esr)
{
	(void)regs;
	cpu->stats[JH_CPU_STAT_VMEXITS_TOTAL]++;
	skip_instruction(instruction_size(esr));
	gic_guest_wfi(cpu);
	return true;
}

static COLD bool exit_unknown(struct cpu *cpu)
{
	cpu->stats[JH_CPU_STAT_VMEXITS_TOTAL]++;
	inject_undefined();
	return true;
}

static bool (*const exits[ESR_EC_COUNT])(struct cpu *cpu, struct guest_regs *regs, uint64_t esr) = {
	[EC_WFX] = exit_wfx,
	[EC_HVC64] = exit_hvc,
	[EC_SMC64] = exit_smc,
	[EC_SYS64] = exit_sys64,
	[EC_IABT_LOWER] = exit_iabt,
	[EC_DABT_LOWER] = exit_dabt,
};

bool exit_sync(struct cpu *cpu, struct guest_regs *regs, uint64_t esr)
{
	uint64_t ec = FIELD_GET(ESR_EC, esr);

	return exits[ec] ? exits[ec](cpu, regs, esr) : exit_unknown(cpu);
}

void exit_serror(struct cpu *cpu)
{
	if (cpu->cell != &root_cell)
		fail(cpu, "system-error", "SError", 0);
}
