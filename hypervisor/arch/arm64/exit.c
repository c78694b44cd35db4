// SPDX-License-Identifier: MIT
/* Every way out of a guest. Each ends in: resumed, emulated, an exception for the guest, or "this cell failed". */
#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/hypercall.h>
#include <hv/log.h>
#include <hv/vgic.h>

#include "../../lib/printf.h"
#include "gic.h"
#include "guest.h"
#include "sysreg.h"

#define STUB_CALLS	4		/* x0 below this on `hvc #0` is the kernel's stub interface */
#define STUB_ERROR	0xbadca11ULL

static void skip_instruction(uint64_t esr)
{
	write_sysreg(elr_el2, read_sysreg(elr_el2) + (esr & ESR_IL ? 4 : 2));
}

/* IPA of an abort: HPFAR has the page, FAR the offset. */
static uint64_t abort_ipa(void)
{
	return (read_sysreg(hpfar_el2) & GENMASK64(39, 4)) << 8 | (read_sysreg(far_el2) & 0xfff);
}

/* A synchronous external abort, as if the bus had answered with an error. DDI 0487, D1.11 and ESR_EL1. */
static void inject_abort(uint64_t esr, bool fetch)
{
	uint64_t spsr = read_sysreg(spsr_el2), offset;
	bool from_el0 = (spsr & 0xf) == 0, sp_elx = spsr & 1;
	uint64_t ec = fetch ? EC_IABT_LOWER : EC_DABT_LOWER;

	offset = from_el0 ? 0x400 : sp_elx ? 0x200 : 0;
	write_sysreg(esr_el1, FIELD_PREP(ESR_EC, from_el0 ? ec : ec + 1) | (esr & ESR_IL) | 0x10);
	write_sysreg(far_el1, read_sysreg(far_el2));
	write_sysreg(elr_el1, read_sysreg(elr_el2));
	write_sysreg(spsr_el1, spsr);
	write_sysreg(elr_el2, read_sysreg(vbar_el1) + offset);
	write_sysreg(spsr_el2, SPSR_EL1H_MASKED);
}

static void inject_undefined(void)
{
	uint64_t spsr = read_sysreg(spsr_el2);
	uint64_t offset = (spsr & 0xf) == 0 ? 0x400 : spsr & 1 ? 0x200 : 0;

	write_sysreg(esr_el1, ESR_IL);
	write_sysreg(elr_el1, read_sysreg(elr_el2));
	write_sysreg(spsr_el1, spsr);
	write_sysreg(elr_el2, read_sysreg(vbar_el1) + offset);
	write_sysreg(spsr_el2, SPSR_EL1H_MASKED);
}

static void fail(struct cpu *cpu, struct guest_regs *regs, const char *code, const char *what, uint64_t address)
{
	char text[200];

	hv_snprintf(text, sizeof(text), "CPU %u: %s at guest address 0x%lx (PC 0x%lx, ESR 0x%lx).", cpu->id, what,
		    (unsigned long)address, (unsigned long)read_sysreg(elr_el2), (unsigned long)read_sysreg(esr_el2));
	cell_fail(cpu->cell, code, text);
	cpu_park(cpu, regs);
}

static void exit_hvc(struct cpu *cpu, struct guest_regs *regs, uint64_t esr)
{
	bool disabling = regs->x[0] == JH_HC_DISABLE;

	if ((esr & ESR_IMMEDIATE) == JH_HVC_IMMEDIATE) {
		cpu->stats[JH_CPU_STAT_VMEXITS_HYPERCALL]++;
		regs->x[0] = (uint64_t)hypercall(cpu, regs->x[0], regs->x[1], regs->x[2]);
		if (disabling && !regs->x[0])
			cpu_leave();
		return;
	}
	if (cpu->cell == &root_cell && (esr & ESR_IMMEDIATE) == 0 && regs->x[0] < STUB_CALLS) {
		regs->x[0] = STUB_ERROR;	/* KVM and kexec ask; the answer is that this is not the stub */
		return;
	}
	smccc_call(cpu, regs);
}

static uint64_t extend_load(uint64_t esr, uint64_t value, unsigned int size)
{
	unsigned int unused = 64 - 8 * size;

	value = value << unused >> unused;
	if (esr & DABT_SSE)
		value = (uint64_t)((int64_t)(value << unused) >> unused);
	return esr & DABT_SF ? value : (uint32_t)value;
}

static void exit_dabt(struct cpu *cpu, struct guest_regs *regs, uint64_t esr)
{
	unsigned int rt = (unsigned int)FIELD_GET(DABT_SRT, esr);
	struct mmio mmio = { abort_ipa(), 1u << FIELD_GET(DABT_SAS, esr), esr & DABT_WNR, 0 };

	cpu->stats[JH_CPU_STAT_VMEXITS_MMIO]++;
	/* Pairs, writeback and SIMD do not say which register they use; a table walk has none. */
	if ((esr & DABT_ISV) && !(esr & ABT_S1PTW)) {
		mmio.value = mmio.write && rt != 31 ? regs->x[rt] : 0;
		if (vgic_access(cpu, &mmio)) {
			if (!mmio.write && rt != 31)
				regs->x[rt] = extend_load(esr, mmio.value, mmio.size);
			skip_instruction(esr);
			return;
		}
	}
	if (cpu->cell->s2.stopped)
		cpu_park(cpu, regs);
	else if (cpu->cell == &root_cell)
		inject_abort(esr, false);
	else
		fail(cpu, regs, "memory-access", mmio.write ? "write outside the cell" : "read outside the cell",
		     mmio.address);
}

static void exit_iabt(struct cpu *cpu, struct guest_regs *regs, uint64_t esr)
{
	if (cpu->cell->s2.stopped) {
		cpu->stats[JH_CPU_STAT_VMEXITS_MANAGEMENT]++;
		cpu_park(cpu, regs);
	} else if (cpu->cell == &root_cell) {
		inject_abort(esr, true);
	} else {
		fail(cpu, regs, "memory-access", "instruction fetch outside the cell", abort_ipa());
	}
}

static bool emulate_sysreg(struct cpu *cpu, uint64_t key, bool read, uint64_t *value)
{
	if (key != SYS(3, 0, 1, 0, 1))
		return gicv3_sysreg(cpu, key, read, value);
	*value = 0;	/* ACTLR_EL1: implementation defined, reads as zero, keeps nothing */
	return true;
}

static void exit_sys64(struct cpu *cpu, struct guest_regs *regs, uint64_t esr)
{
	unsigned int rt = (unsigned int)(esr >> 5 & 31);
	bool read = esr & 1;
	uint64_t value = rt == 31 ? 0 : regs->x[rt];

	if (!emulate_sysreg(cpu, SYS_KEY(esr), read, &value)) {
		inject_undefined();
		return;
	}
	if (read && rt != 31)
		regs->x[rt] = value;
	skip_instruction(esr);
}

void exit_sync(struct guest_regs *regs)
{
	struct cpu *cpu = this_cpu();
	uint64_t esr = read_sysreg(esr_el2);

	cpu->stats[JH_CPU_STAT_VMEXITS_TOTAL]++;
	switch (FIELD_GET(ESR_EC, esr)) {
	case EC_HVC64:
		exit_hvc(cpu, regs, esr);
		break;
	case EC_SMC64:
		/* Before the call: it may park this CPU and come back somewhere else. */
		skip_instruction(esr);
		smccc_call(cpu, regs);
		break;
	case EC_DABT_LOWER:
		exit_dabt(cpu, regs, esr);
		break;
	case EC_IABT_LOWER:
		exit_iabt(cpu, regs, esr);
		break;
	case EC_SYS64:
		exit_sys64(cpu, regs, esr);
		break;
	case EC_WFX:
		skip_instruction(esr);
		gic_guest_wfi(cpu);
		break;
	default:
		inject_undefined();
		break;
	}
}

void exit_serror(struct guest_regs *regs)
{
	struct cpu *cpu = this_cpu();

	cpu->stats[JH_CPU_STAT_VMEXITS_TOTAL]++;
	if (cpu->cell != &root_cell)
		fail(cpu, regs, "system-error", "SError", 0);
}

/* An exception of EL2 itself. This CPU is lost, but says so; nothing is trusted enough to go on. */
void exit_own_bug(uint64_t vector)
{
	log_print("FATAL: exception %lu in the hypervisor on CPU %u: ESR 0x%lx, PC 0x%lx, FAR 0x%lx\n",
		  (unsigned long)vector, this_cpu()->id, (unsigned long)read_sysreg(esr_el2),
		  (unsigned long)read_sysreg(elr_el2), (unsigned long)read_sysreg(far_el2));
	for (;;)
		wfe();
}
