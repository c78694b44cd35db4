// SPDX-License-Identifier: MIT
/*
 * Any sequence of accesses of a cell to the interrupt controller, any SGI it sends: nothing of another cell or of root
 * changes, and the hardware never sees an access that it does not define. Input: records of 16 bytes. The mutator adds
 * whole records, so that a run of minutes gets to where blind bytes would need days.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gic_model.h"
#include "gic_watch.h"

struct record {
	uint8_t what;		/* bits 1:0 log2 of the size, 2 write, 3 redistributors, 4 and 5 (of the first) extended SPIs, GICv2; 7 an SGI */
	uint8_t cpu;
	uint8_t bank;		/* an entry of banks[] */
	uint8_t alignment;
	uint32_t offset;	/* from there */
	uint64_t value;
};
_Static_assert(sizeof(struct record) == 16, "one record");

/* Where registers stand close together; the last one is everything. */
static const struct bank {
	uint32_t start, bytes;
} gicd_banks[] = {
	{ GICD_CTLR, 0x80 }, { GIC_IGROUPR, 0x80 }, { GIC_ISENABLER, 0x300 }, { GIC_IPRIORITYR, 0x400 }, { GIC_ICFGR, 0x100 },
	{ GICD_IGROUPRE, 0xe80 }, { GICD_IPRIORITYRE, 0x400 }, { GICD_ICFGRE, 0x100 }, { GICD_IROUTER, 0x2000 },
	{ GICD_IROUTER + 8 * 32, 0x100 }, { GICD_IROUTERE, 0x2000 }, { 0, 0x10000 },
}, gicv2_banks[] = {
	{ GICD_CTLR, 0x80 }, { GIC_IGROUPR, 0x380 }, { GIC_IPRIORITYR, 0x400 }, { GICD_ITARGETSR, 0x400 }, { GIC_ICFGR, 0x100 },
	{ GICD_SGIR, 4 }, { GICD_CPENDSGIR, 0x20 }, { MODEL_GICC + GICC_DIR - MODEL_GICD, 0x20 }, { 0, 0x1000 },
}, gicr_banks[] = {
	{ GICR_CTLR, 0x20 }, { GICR_SGI_BASE + GIC_IGROUPR, 0x380 }, { GICR_SGI_BASE + GIC_IPRIORITYR, 0x60 },
	{ GICR_SGI_BASE + GIC_ICFGR, 0x20 }, { 0, 0x20000 },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	struct record record;
	uint8_t *bytes = (uint8_t *)&record;

	srand(seed);
	if (seed % 8 == 0 || max < sizeof(record))
		return LLVMFuzzerMutate(data, size, max);
	size -= size % sizeof(record);
	for (unsigned int n = seed % 32; n && size + sizeof(record) <= max; n--, size += sizeof(record)) {
		for (size_t i = 0; i < sizeof(record); i++)
			bytes[i] = (uint8_t)(rand() >> 8);
		/* Most registers have four bytes. */
		record.what = rand() % 4 ? (record.what & ~3) | 2 : record.what;
		memcpy(data + size, &record, sizeof(record));
	}
	return size ? size : LLVMFuzzerMutate(data, size, max);
}

static void stays_in_cell(const struct cpu *cpu, uint64_t sgir)
{
	if (!(sgir & ~GICD_SGIR_INTID & ~((uint64_t)cpu->cell->gic_targets << 16)) &&
	    (sgir & GICD_SGIR_INTID) != GIC_MANAGEMENT_SGI)
		return;
	fprintf(stderr, "an SGI left the cell: GICD_SGIR 0x%llx\n", (unsigned long long)sgir);
	abort();
}

static void send(const struct cpu *cpu, uint64_t value)
{
	model.num_sgis = 0;
	vsgi_send(cpu, value);
	for (unsigned int i = 0; i < model.num_sgis; i++) {
		/* Each bit of each list must be a CPU of the cell. */
		for (uint64_t list = model.sgi[i] & 0xffff; list; list &= list - 1) {
			uint64_t sgi = model.sgi[i], aff0 = (sgi >> 44 & 0xf) * 16 + (uint64_t)__builtin_ctzll(list);
			uint64_t mpidr =
				(sgi >> 48 & 0xff) << 32 | (sgi >> 32 & 0xff) << 16 | (sgi >> 16 & 0xff) << 8 | aff0;
			bool found = false;

			for (unsigned int n = 0; n < MODEL_CPUS; n++)
				found |= model_cpus[n].cell == cpu->cell && model_cpus[n].mpidr == mpidr;
			if (!found) {
				fprintf(stderr, "an SGI 0x%llx left the cell\n", (unsigned long long)sgi);
				abort();
			}
		}
	}
}

static void act(const struct record *r)
{
	struct cpu *cpu = &model_cpus[(r->cpu & 1) ? 2 + r->cpu / 2 % 2 : 4 + r->cpu / 2 % 4];
	bool v2 = hv_gic.version == 2, gicr = !v2 && (r->what & 8);
	const struct bank *bank = v2   ? &gicv2_banks[r->bank % 9] :
				  gicr ? &gicr_banks[r->bank % 5] :
					 &gicd_banks[r->bank % 12];
	uint64_t base = gicr ? model_cpus[r->cpu / 16 % MODEL_CPUS].gicr : MODEL_GICD, size = 1u << (r->what & 3);
	/* Every other access goes to the first interrupts, where those of the cells stand side by side. */
	uint64_t address = base + bank->start + (r->offset >> 1) % (r->offset & 1 ? bank->bytes : bank->bytes / 16 + 8);
	const char *change;

	if ((r->what & 0x80) && !v2) {
		send(cpu, r->value);
		return;
	}
	/* Three of four are aligned. */
	address = r->alignment % 4 ? address & ~(size - 1) : address;
	model.num_sgis = 0;
	watch_start();
	model_guest(cpu, address, (unsigned int)size, r->what & 4, r->value);
	for (unsigned int i = 0; v2 && i < model.num_sgis; i++)
		stays_in_cell(cpu, model.sgi[i]);
	change = watch_foreign_change(cpu->cell);
	if (change) {
		fprintf(stderr, "CPU %u, %u bytes at 0x%llx, value 0x%llx: %s\n", cpu->id, (unsigned int)size,
			(unsigned long long)address, (unsigned long long)r->value, change);
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record record;

	if (size && (data[0] & 32))
		model_reset_v2();
	else
		model_reset(size == 0 || data[0] & 16);
	for (size_t at = 0; at + sizeof(record) <= size; at += sizeof(record)) {
		memcpy(&record, data + at, sizeof(record));
		act(&record);
	}
	return 0;
}
