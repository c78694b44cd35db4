// SPDX-License-Identifier: MIT
/*
 * An exception that EL2 took from itself. One is expected: a device that aborts an access which a guest has caused. After any
 * other this CPU has said all it can and runs nobody any more. vectors.S comes here on a stack of its own.
 */
#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/fatal.h>
#include <hv/log.h>
#include <hv/recorder.h>

#include "../../lib/printf.h"
#include "guest.h"
#include "layout.h"
#include "mmu.h"
#include "sysreg.h"

#define BOOT_DEPTH	3	/* faults of a CPU that is on its way in; after so many not even the way back is there */
#define VECTOR_SYNC	4	/* synchronous, from EL2 with SP_EL2 */
#define STACK_WORDS	16	/* of the dead CPU's stack are told */
#define PREFIX		"FATAL: "
#define PREFIX_SIZE	(sizeof(PREFIX) - 1)

_Static_assert(sizeof(struct cpu) <= PERCPU_FATAL, "struct cpu lies below its fatal frame");
_Static_assert(sizeof(struct fatal_frame) == 256, "vectors.S writes the frame");
_Static_assert(PERCPU_FATAL + sizeof(struct fatal_frame) + 0x800 <= PERCPU_GUARD, "the dump has a stack");

#pragma GCC visibility push(hidden)
extern const int32_t mmio_table_start[], mmio_table_end[];	/* firmware.lds; mmio.c writes the entries */
#pragma GCC visibility pop

static bool is_mmio(uint64_t pc)
{
	for (const int32_t *entry = mmio_table_start; entry < mmio_table_end; entry++)
		if ((uint64_t)entry + (uint64_t)(int64_t)*entry == pc)
			return true;
	return false;
}

/* The load or store of mmio.c is stepped over: what was to be loaded reads as zero, and whoever caused the access is told. */
static bool skip_mmio(struct cpu *cpu, struct fatal_frame *frame)
{
	uint64_t esr = read_sysreg(esr_el2), pc = read_sysreg(elr_el2);
	unsigned int rt;

	if (cpu->mmio_guard == MMIO_TRUSTED || FIELD_GET(ESR_EC, esr) != EC_DABT_CURRENT ||
	    (esr & ABT_FSC) != FSC_EXTERNAL || !is_mmio(pc))
		return false;
	rt = *(const uint32_t *)pc & 31;
	if (!(esr & DABT_WNR) && rt != 31)
		frame->x[rt] = 0;
	cpu->mmio_guard = MMIO_ABORTED;
	write_sysreg(elr_el2, pc + 4);
	return true;
}

static const char *exception_name(const struct cpu *cpu, uint64_t vector, uint64_t esr, uint64_t far)
{
	uint64_t guard = (uint64_t)cpu + PERCPU_GUARD;

	if (vector % 4 == 3)
		return "SError";
	if (vector % 4)
		return "interrupt";
	switch (FIELD_GET(ESR_EC, esr)) {
	case EC_UNKNOWN:
		return "undefined instruction";
	case EC_IABT_CURRENT:
		return "instruction abort";
	case EC_DABT_CURRENT:
		return far - guard < PERCPU_STACK - PERCPU_GUARD ? "stack overflow" : "data abort";
	case EC_SP_ALIGNMENT:
		return "misaligned stack";
	default:
		return "exception";
	}
}

static void __attribute__((format(printf, 2, 3))) say(const struct cell *cell, const char *format, ...)
{
	char line[200] = PREFIX;
	va_list args;
	size_t size;

	va_start(args, format);
	size = PREFIX_SIZE + hv_vsnprintf(line + PREFIX_SIZE, sizeof(line) - PREFIX_SIZE - 1, format, args);
	va_end(args);
	record(JH_RECORD_FATAL, cell, 0, "%s", line + PREFIX_SIZE);
	line[size] = '\n';
	if (mmu_is_enabled())
		spin_lock(&log_lock);
	log_put_locked(line, size + 1);
	if (mmu_is_enabled())
		spin_unlock(&log_lock);
}

static void say_words(const struct cell *cell, const char *what, unsigned int first, const uint64_t *w)
{
	say(cell, "%s%u: %016lx %016lx %016lx %016lx %016lx %016lx %016lx %016lx", what, first, (unsigned long)w[0],
	    (unsigned long)w[1], (unsigned long)w[2], (unsigned long)w[3], (unsigned long)w[4], (unsigned long)w[5],
	    (unsigned long)w[6], (unsigned long)w[7]);
}

static void dump(const struct cpu *cpu, const struct fatal_frame *frame)
{
	uint64_t top = (uint64_t)cpu + PERCPU_SIZE, stack = (uint64_t)cpu + PERCPU_STACK;

	say(cpu->cell, "ESR %lx ELR %lx FAR %lx SPSR %lx HCR %lx VTTBR %lx", (unsigned long)read_sysreg(esr_el2),
	    (unsigned long)read_sysreg(elr_el2), (unsigned long)read_sysreg(far_el2),
	    (unsigned long)read_sysreg(spsr_el2), (unsigned long)read_sysreg(hcr_el2),
	    (unsigned long)read_sysreg(vttbr_el2));
	/* The last of the 32 words is SP. */
	for (unsigned int i = 0; i < 32; i += 8)
		say_words(cpu->cell, "x", i, &frame->x[i]);
	for (unsigned int i = 0; i < STACK_WORDS; i += 8)
		if (frame->sp % 8 == 0 && frame->sp >= stack && frame->sp + 8 * (i + 8) <= top)
			say_words(cpu->cell, "stack+", 8 * i, (const uint64_t *)frame->sp + i);
}

static void describe(char *text, size_t size, const struct cpu *cpu, uint64_t vector)
{
	uint64_t esr = read_sysreg(esr_el2), elr = read_sysreg(elr_el2), far = read_sysreg(far_el2);

	hv_snprintf(text, size, "CPU %u died in the hypervisor: %s at image offset 0x%lx (vector %lu, ESR 0x%lx, FAR 0x%lx).",
		    cpu->id, exception_name(cpu, vector, esr, far), (unsigned long)(elr - hv_system.hypervisor.start),
		    (unsigned long)vector, (unsigned long)esr, (unsigned long)far);
}

/* Each step may fault itself and brings this CPU here again, with the next depth: without the dump, then without anything. */
static void last_words(struct cpu *cpu, const struct fatal_frame *frame, uint64_t vector)
{
	uint32_t depth = cpu->dying++;
	char text[160];

	fatal_release(cpu);
	if (depth > 1)
		return;
	describe(text, sizeof(text), cpu, vector);
	if (depth == 0) {
		say(cpu->cell, "%s", text);
		dump(cpu, frame);
	}
	fatal_tell(cpu, text);
}

bool fatal_exception(struct cpu *cpu, struct fatal_frame *frame, uint64_t vector)
{
	if (vector == VECTOR_SYNC && skip_mmio(cpu, frame))
		return true;
	last_words(cpu, frame, vector);
	if (cpu_state(cpu) == CPU_ABSENT && cpu->dying <= BOOT_DEPTH)
		boot_abandon();
	/* Only now: who sees this takes the cell away. */
	__atomic_store_n(&cpu->state, CPU_DEAD, __ATOMIC_SEQ_CST);
	for (;;)
		wfe();
}
