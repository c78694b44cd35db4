// SPDX-License-Identifier: MIT
#include "gic_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GICR_BYTES	0x20000ULL

struct gic_model model;
struct cell root_cell, alpha, beta;
struct cell *cells[JH_CELL_ID_MAX + 1];
struct cpu *cpus[HV_MAX_CPUS];
struct cpu model_cpus[MODEL_CPUS];
static uint64_t now;

/* Two in one cluster each, then one with Aff0 above 15, then one with every level above zero. */
static const uint64_t affinities[MODEL_CPUS] = { 0x0, 0x1, 0x2, 0x3, 0x100, 0x101, 0x112, 0x0300020105 };

/* Not assert(): it must hold in every kind of build. */
static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "gic_model: %s\n", what);
	abort();
}

uint64_t time_us(void)
{
	return now++;
}

void relax(void)
{
}

void spin_lock(struct spinlock *lock)
{
	must(lock->next == lock->owner, "a lock is taken twice");
	lock->next++;
}

void spin_unlock(struct spinlock *lock)
{
	must(lock->next != lock->owner, "a lock is given back that nobody has");
	lock->owner++;
}

void gic_send_sgi(uint64_t value)
{
	must(model.num_sgis < MODEL_SGIS, "more SGIs than CPUs");
	model.sgi[model.num_sgis++] = value;
}

static void wrong(const char *why, uint64_t address)
{
	if (!model.wrong++)
		snprintf(model.what, sizeof(model.what), "%s at 0x%llx", why, (unsigned long long)address);
}

/* A register with one bit an interrupt: which of the flags, for which first interrupt of a list. */
static bool *flag_of(struct model_irq *irq, uint64_t base)
{
	switch (base) {
	case GIC_IGROUPR:
		return &irq->group;
	case GIC_ISENABLER:
	case GIC_ICENABLER:
		return &irq->enabled;
	case GIC_ISPENDR:
	case GIC_ICPENDR:
		return &irq->pending;
	default:
		return &irq->active;
	}
}

static uint32_t bits_read(struct model_irq *irqs, uint64_t base)
{
	uint32_t value = 0;

	for (unsigned int i = 0; i < 32; i++)
		value |= (uint32_t)*flag_of(&irqs[i], base) << i;
	return value;
}

static void bits_write(struct model_irq *irqs, uint64_t base, uint32_t value)
{
	bool clears = base == GIC_ICENABLER || base == GIC_ICPENDR || base == GIC_ICACTIVER;

	for (unsigned int i = 0; i < 32; i++) {
		if (base == GIC_IGROUPR)
			irqs[i].group = value >> i & 1;
		else if (value >> i & 1)
			*flag_of(&irqs[i], base) = !clears;
	}
}

enum kind { BITS, PRIORITY, CONFIG, ROUTE, TARGET, SGIR, SENDERS, DIR, CTLR, TYPER, WAKER, MESSAGE, FIXED, NOWHERE };

struct place {
	enum kind kind;
	struct model_irq *irqs;	/* of the first interrupt of the word (of the doubleword: ROUTE) */
	uint64_t base;
	uint32_t *reg;
	uint64_t fixed;
};

/* base: where the register of that kind would be without extensions. */
static struct place bits_at(struct model_irq *irqs, uint64_t base, uint64_t in_block)
{
	return (struct place){ .kind = BITS, .irqs = irqs + in_block / 4 * 32, .base = base };
}

static struct place place_in_gicd(uint64_t o)
{
	struct model_irq *spi = model.spi, *extended = model.typer & GICD_TYPER_ESPI ? &model.spi[1024] : NULL;

	if (o == GICD_CTLR)
		return (struct place){ .kind = CTLR, .reg = &model.ctlr };
	if (o == GICD_TYPER)
		return (struct place){ .kind = FIXED, .fixed = model.typer };
	if (o == GICD_IIDR || o >= GIC_ID_REGS)
		return (struct place){ .kind = FIXED, .fixed = 0x43b };
	if (o == GICD_SETSPI_NSR || o == GICD_CLRSPI_NSR)
		return (struct place){ .kind = MESSAGE, .fixed = o };
	if (o >= 0x80 && o < 0x400)
		return bits_at(spi, o & ~0x7fULL, o & 0x7f);
	if (o >= 0x400 && o < 0x800)
		return (struct place){ .kind = PRIORITY, .irqs = spi + (o - 0x400) };
	if (o >= 0xc00 && o < 0xd00)
		return (struct place){ .kind = CONFIG, .irqs = spi + (o - 0xc00) * 4 };
	if (o >= 0x6100 && o < 0x7fe0)
		return (struct place){ .kind = ROUTE, .irqs = spi + (o - 0x6000) / 8 };
	if (!extended)
		return (struct place){ .kind = NOWHERE };
	if (o >= 0x1000 && o < 0x1080)
		return bits_at(extended, GIC_IGROUPR, o - 0x1000);
	if (o >= 0x1200 && o < 0x1e00 && (o & 0x1ff) < 0x80)
		return bits_at(extended, 0x100 + (o - 0x1200) / 0x200 * 0x80, o & 0x7f);
	if (o >= 0x2000 && o < 0x2400)
		return (struct place){ .kind = PRIORITY, .irqs = extended + (o - 0x2000) };
	if (o >= 0x3000 && o < 0x3100)
		return (struct place){ .kind = CONFIG, .irqs = extended + (o - 0x3000) * 4 };
	if (o >= 0x8000 && o < 0xa000)
		return (struct place){ .kind = ROUTE, .irqs = extended + (o - 0x8000) / 8 };
	return (struct place){ .kind = NOWHERE };
}

/* Registers of SGIs and PPIs are there once for each CPU. */
static struct place place_in_gicd_v2(uint64_t o)
{
	struct model_irq *banked = model.private[model.current];
	struct place p;

	if (o >= 0x80 && o < 0x400 && !(o & 0x7c))
		return bits_at(banked, o & ~0x7fULL, 0);
	if (o >= 0x400 && o < 0x420)
		return (struct place){ .kind = PRIORITY, .irqs = banked + (o - 0x400) };
	if (o >= 0xc00 && o < 0xc08)
		return (struct place){ .kind = CONFIG, .irqs = banked + (o - 0xc00) * 4 };
	if (o >= 0x800 && o < 0xc00)
		return (struct place){ .kind = TARGET,
				       .irqs = o < 0x820 ? banked + (o - 0x800) : &model.spi[o - 0x800] };
	if (o == GICD_SGIR)
		return (struct place){ .kind = SGIR };
	if (o >= 0xf10 && o < 0xf30)
		return (struct place){ .kind = SENDERS, .base = o & ~0xfULL, .fixed = o & 0xf };
	if (o >= 0xfd0)
		return (struct place){ .kind = FIXED, .fixed = 0x2b };
	p = place_in_gicd(o);
	return p.kind == BITS || p.kind == PRIORITY || p.kind == CONFIG || o < 0x10 ? p :
										      (struct place){ .kind = NOWHERE };
}

static uint64_t gicr_typer(unsigned int cpu)
{
	uint64_t a = affinities[cpu];

	/* Last is set one too early, and LPIs are there: neither may reach a guest. PPInum 2: two words of extended PPIs. */
	return ((a >> 8 & 0xff000000) | (a & 0xffffff)) << 32 | 2 << 27 | (uint64_t)cpu << 8 |
	       (cpu == MODEL_CPUS - 2 ? GICR_TYPER_LAST : 0) | GICR_TYPER_PLPIS | GICR_TYPER_DIRECT_LPI;
}

static struct place place_in_gicr(unsigned int cpu, uint64_t o)
{
	struct model_irq *own = model.private[cpu];

	if (o == GICR_CTLR)
		return (struct place){ .kind = CTLR, .reg = &model.gicr_ctlr[cpu] };
	if (o == GICR_TYPER || o == GICR_TYPER + 4)
		return (struct place){ .kind = TYPER, .fixed = gicr_typer(cpu) };
	if (o == GICR_WAKER)
		return (struct place){ .kind = WAKER, .reg = &model.gicr_waker[cpu] };
	if (o == GICR_IIDR || (o >= GIC_ID_REGS && o < GICR_FRAME))
		return (struct place){ .kind = FIXED, .fixed = 0x43b };
	if (o < GICR_SGI_BASE)
		return (struct place){ .kind = NOWHERE };
	o -= GICR_SGI_BASE;
	if (o >= 0x80 && o < 0x400 && (o & 0x7f) < 12)
		return bits_at(own, o & ~0x7fULL, o & 0x7f);
	if (o >= 0x400 && o < 0x460)
		return (struct place){ .kind = PRIORITY, .irqs = own + (o - 0x400) };
	if (o >= 0xc00 && o < 0xc18)
		return (struct place){ .kind = CONFIG, .irqs = own + (o - 0xc00) * 4 };
	return (struct place){ .kind = NOWHERE };
}

static struct place place_of(uint64_t address, unsigned int size)
{
	model.accesses++;
	if (address & (size - 1))
		wrong("misaligned", address);
	if (hv_gic.version == 2) {
		if (address == MODEL_GICC + GICC_DIR)
			return (struct place){ .kind = DIR };
		return address - MODEL_GICD < 0x1000 ? place_in_gicd_v2(address - MODEL_GICD) :
						       (struct place){ .kind = NOWHERE };
	}
	if (address - MODEL_GICD < 0x10000)
		return place_in_gicd(address - MODEL_GICD);
	if (address - MODEL_GICR < MODEL_CPUS * GICR_BYTES)
		return place_in_gicr((unsigned int)((address - MODEL_GICR) / GICR_BYTES),
				     (address - MODEL_GICR) % GICR_BYTES);
	return (struct place){ .kind = NOWHERE };
}

uint32_t mmio_read32(uint64_t address)
{
	struct place p = place_of(address, 4);
	uint32_t value = 0;

	switch (p.kind) {
	case BITS:
		return bits_read(p.irqs, p.base);
	case PRIORITY:
		for (unsigned int i = 0; i < 4; i++)
			value |= (uint32_t)p.irqs[i].priority << 8 * i;
		return value;
	case TARGET:
		for (unsigned int i = 0; i < 4; i++)
			value |= (uint32_t)p.irqs[i].route << 8 * i;
		return value;
	case SENDERS:
		for (unsigned int i = 0; i < 4; i++)
			value |= (uint32_t)model.senders[model.current][p.fixed + i] << 8 * i;
		return value;
	case CONFIG:
		for (unsigned int i = 0; i < 16; i++)
			value |= (uint32_t)p.irqs[i].config << 2 * i;
		return value;
	case CTLR:
	case WAKER:
		return *p.reg;
	case FIXED:
		return (uint32_t)p.fixed;
	case TYPER:
	case ROUTE:
		wrong("half of a 64-bit register read", address);
		return 0;
	default:
		return 0;
	}
}

uint64_t mmio_read64(uint64_t address)
{
	struct place p = place_of(address, 8);

	if (p.kind == ROUTE)
		return p.irqs->route;
	if (p.kind == TYPER)
		return p.fixed;
	wrong("64-bit read of a 32-bit register", address);
	return 0;
}

void mmio_write8(uint64_t address, uint8_t value)
{
	struct place p = place_of(address, 1);

	if (p.kind == PRIORITY)
		p.irqs->priority = value;
	else if (p.kind == TARGET && p.irqs >= model.spi && p.irqs < model.spi + 32 * IRQ_WORDS)
		p.irqs->route = value;
	else
		wrong("byte written to a register that has none", address);
}

static void senders_write(uint64_t base, uint64_t first, uint32_t value)
{
	for (unsigned int i = 0; i < 4; i++) {
		uint8_t *senders = &model.senders[model.current][first + i], byte = (uint8_t)(value >> 8 * i);

		*senders = base == GICD_SPENDSGIR ? *senders | byte : *senders & (uint8_t)~byte;
	}
}

/* The distributor's word of PPIs is one for all CPUs here, as it is in QEMU's GICv2: that it is banked is nothing to rely on. */
static void config_write(struct model_irq *irqs, uint32_t value, bool gicd)
{
	struct model_irq *own = model.private[model.current];
	bool is_private = irqs >= own && irqs < own + 32;

	for (unsigned int i = 0; i < 16; i++) {
		irqs[i].config = value >> 2 * i & 3;
		for (unsigned int cpu = 0; cpu < MODEL_CPUS && gicd && is_private; cpu++)
			model.private[cpu][irqs - own + i].config = irqs[i].config;
	}
}

void mmio_write32(uint64_t address, uint32_t value)
{
	struct place p = place_of(address, 4);
	bool gicd = address - MODEL_GICD < 0x10000;

	switch (p.kind) {
	case BITS:
		if (gicd && p.base == GIC_IGROUPR && gicd_lock.next == gicd_lock.owner)
			wrong("shared register written without the lock", address);
		bits_write(p.irqs, p.base, value);
		break;
	case PRIORITY:
		for (unsigned int i = 0; i < 4; i++)
			p.irqs[i].priority = (uint8_t)(value >> 8 * i);
		break;
	case CONFIG:
		if (gicd && gicd_lock.next == gicd_lock.owner)
			wrong("shared register written without the lock", address);
		config_write(p.irqs, value, gicd);
		break;
	case SGIR:
		gic_send_sgi(value);
		break;
	case SENDERS:
		senders_write(p.base, p.fixed, value);
		break;
	case DIR:
		if (irq_index(value & 0x3ff) >= 32)
			model.spi[value & 0x3ff].active = false;
		break;
	case MESSAGE:
		if (irq_index(value) != IRQ_NONE)
			model.spi[irq_index(value)].pending = p.fixed == GICD_SETSPI_NSR;
		break;
	case CTLR:
	case WAKER:
		*p.reg = value;
		break;
	default:
		wrong("written where nothing can be", address);
	}
}

void mmio_write64(uint64_t address, uint64_t value)
{
	struct place p = place_of(address, 8);

	if (p.kind == ROUTE)
		p.irqs->route = value;
	else
		wrong("64-bit write of a 32-bit register", address);
}

static void own(struct cell *cell, unsigned int first, unsigned int end)
{
	for (unsigned int intid = first; intid < end; intid++) {
		unsigned int index = irq_index(intid);

		if (!(hv_gic.irqs[index / 32] >> index % 32 & 1))
			continue;
		root_cell.irqs[index / 32] &= ~(1u << index % 32);
		cell->irqs[index / 32] |= 1u << index % 32;
	}
}

static void build_cells(void)
{
	root_cell = (struct cell){ .cpus = 0x03 };
	alpha = (struct cell){ .id = 1, .cpus = 0x4c };
	beta = (struct cell){ .id = 2, .cpus = 0xb0 };
	memset(cells, 0, sizeof(cells));
	cells[0] = &root_cell, cells[1] = &alpha, cells[2] = &beta;
	memcpy(root_cell.irqs, hv_gic.irqs, sizeof(root_cell.irqs));
	/* Single ones between foreign ones, whole words, both ends of the ranges. */
	own(&alpha, 33, 34), own(&alpha, 35, 37), own(&alpha, 96, 128), own(&alpha, 1019, 1020);
	own(&alpha, 4096, 4097), own(&alpha, 4130, 4192), own(&alpha, 5119, 5120);
	own(&beta, 34, 35), own(&beta, 38, 64), own(&beta, 1018, 1019), own(&beta, 4097, 4100);
}

static void build_cpus(void)
{
	for (unsigned int i = 0; i < MODEL_CPUS; i++) {
		struct cell *cell = alpha.cpus >> i & 1 ? &alpha : beta.cpus >> i & 1 ? &beta : &root_cell;

		model_cpus[i] = (struct cpu){
			.id = i, .cell = cell, .mpidr = affinities[i], .gicr = MODEL_GICR + i * GICR_BYTES
		};
		cpus[i] = &model_cpus[i];
	}
}

/* Every interrupt in another state, so that whatever is overwritten shows. */
static void fill(struct model_irq *irq, unsigned int n, uint64_t route)
{
	*irq = (struct model_irq){
		n % 2, n % 3 == 1, n % 5 == 1, true, (uint8_t)(n * 8 + 8), n % 7 == 1 ? 2 : 0, route
	};
}

static uint64_t first_route(unsigned int index)
{
	const struct cell *owner = &root_cell;

	if (alpha.irqs[index / 32] >> index % 32 & 1)
		owner = &alpha;
	if (beta.irqs[index / 32] >> index % 32 & 1)
		owner = &beta;
	return affinities[__builtin_ctzll(owner->cpus)];
}

void model_reset(bool extended)
{
	memset(&model, 0, sizeof(model));
	model.ctlr = 0x53;
	model.typer = 31 | GICD_TYPER_MBIS | GICD_TYPER_LPIS | 15 << 19 | 5 << 11 |
		      (extended ? 31u << 27 | GICD_TYPER_ESPI : 0);
	hv_gic = (struct gic){ .version = 3,
			       .gicd = MODEL_GICD,
			       .gicd_size = 0x10000,
			       .gicr = MODEL_GICR,
			       .gicr_size = MODEL_CPUS * GICR_BYTES,
			       .gicr_shift = 17 };
	memset(&hv_gic.irqs[1], 0xff, 30 * sizeof(uint32_t));
	hv_gic.irqs[31] = 0x0fffffff;
	if (extended)
		memset(&hv_gic.irqs[IRQ_EXTENDED_WORD], 0xff, 32 * sizeof(uint32_t));
	gicd_lock = (struct spinlock){ 0 };
	build_cells();
	build_cpus();
	for (unsigned int i = 0; i < 32 * IRQ_WORDS; i++)
		fill(&model.spi[i], i, first_route(i));
	for (unsigned int cpu = 0; cpu < MODEL_CPUS; cpu++)
		for (unsigned int i = 0; i < MODEL_PRIVATE; i++)
			fill(&model.private[cpu][i], i + cpu, 0);
	vsgi_prepare(&root_cell);
	vsgi_prepare(&alpha);
	vsgi_prepare(&beta);
}

void model_reset_v2(void)
{
	model_reset(false);
	hv_gic = (struct gic){
		.version = 2, .gicd = MODEL_GICD, .gicd_size = 0x1000, .gicc = MODEL_GICC, .banked = 0xffff7fff
	};
	memset(&hv_gic.irqs[1], 0xff, 30 * sizeof(uint32_t));
	hv_gic.irqs[31] = 0x0fffffff;
	model.ctlr = 1;
	model.typer = 31 | 7 << 5;
	root_cell.irqs[0] = alpha.irqs[0] = beta.irqs[0] = hv_gic.banked;
	for (unsigned int cpu = 0; cpu < MODEL_CPUS; cpu++) {
		model_cpus[cpu].gic_target = (uint8_t)(0x80 >> cpu);
		for (unsigned int i = 0; i < 32; i++)
			model.private[cpu][i].route = model_cpus[cpu].gic_target;
	}
	vsgi_prepare(&root_cell);
	vsgi_prepare(&alpha);
	vsgi_prepare(&beta);
	for (unsigned int i = 32; i < 32 * IRQ_WORDS; i++)
		model.spi[i].route = alpha.irqs[i / 32] >> i % 32 & 1 ? 0x20 :
				     beta.irqs[i / 32] >> i % 32 & 1  ? 0x08 :
									0x80;
}

uint64_t model_guest(struct cpu *cpu, uint64_t address, unsigned int size, bool write, uint64_t value)
{
	struct mmio mmio = { address, size, write, write ? value : 0xdeadbeefdeadbeef };

	model.current = cpu->id;
	must(vgic_access(cpu, &mmio), "an access to the controller is nobody's");
	return size == 8 ? mmio.value : mmio.value & ((1ULL << 8 * size) - 1);
}
