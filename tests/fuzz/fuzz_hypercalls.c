// SPDX-License-Identifier: MIT
/*
 * Any sequence of hypercalls by a hostile root, over the real core and the real stage-2 tables. After each one the audit must be clean;
 * in the end everything is destroyed and root must have exactly what it had.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <hv/audit.h>
#include <hv/hypercall.h>
#include <hv/log.h>
#include <hv/reason.h>

#include "cell_builder.h"
#include "hv_world.h"

#define PROMISE(condition) ((condition) ? (void)0 : abort())
#define MAX_EXTENTS 256

struct input {
	const uint8_t *at, *end;
};

static uint8_t byte(struct input *in)
{
	return in->at < in->end ? *in->at++ : 0;
}

/* Places where something interesting begins or ends, and what lies just beside them. */
static uint64_t address(struct input *in)
{
	static const uint64_t places[] = { WORLD_RAM + 0x10000000,
					   WORLD_RAM + 0x10200000,
					   WORLD_RAM + 0x10201000,
					   WORLD_HIGH,
					   WORLD_HIGH + WORLD_HIGH_SIZE,
					   WORLD_HV - 0x200000,
					   WORLD_HV,
					   WORLD_HV + WORLD_HV_SIZE,
					   WORLD_GICD,
					   WORLD_GICR,
					   WORLD_GICR + WORLD_GICR_SIZE,
					   WORLD_UART,
					   0x8000000000,
					   0,
					   WORLD_RAM,
					   0xfffffffffffff000 };
	static const int64_t offsets[] = { 0,	    0,	    0,	      0,	0,	   0,	  0,	      0x1000,
					   -0x1000, 0x2000, 0x1ff000, 0x200000, -0x200000, 0x800, 0x40000000, 1 };
	uint8_t what = byte(in);

	return places[what & 15] + (uint64_t)offsets[what >> 4];
}

static uint64_t size_of(struct input *in)
{
	static const uint64_t sizes[] = { 0x1000,     0x1000,	    0x2000,    0x3000,
					  0x10000,    0x200000,	    0x200000,  0x201000,
					  0x400000,   0x1ff000,	    0x2000000, 0,
					  0x40000000, 0x8000000000, 0x800,     0xffffffffffffe000 };

	return sizes[byte(in) & 15];
}

static uint64_t flags(struct input *in)
{
	static const uint64_t usual[] = { WORLD_RWX,
					  WORLD_RWX | JH_MEM_LOADABLE,
					  JH_MEM_READ | JH_MEM_ROOTSHARED,
					  WORLD_RWX | JH_MEM_ROOTSHARED,
					  JH_MEM_READ | JH_MEM_WRITE,
					  WORLD_DEVICE,
					  WORLD_DEVICE | JH_MEM_ROOTSHARED,
					  WORLD_RWX | JH_MEM_NO_HUGEPAGES,
					  JH_MEM_READ | JH_MEM_WRITE | JH_MEM_COMM_REGION,
					  WORLD_RWX | JH_MEM_LOADABLE | JH_MEM_ROOTSHARED };
	uint8_t what = byte(in);

	return what < 0xf0 ? usual[what % 10] : (uint64_t)byte(in) << (what & 15);
}

/* Mostly cells that can be: unlikely ones are refused early and teach nothing. */
static struct cell_builder builder(struct input *in)
{
	static const char *const names[] = { "a", "b", "c", "d", "root", "" };
	uint8_t who = byte(in), how = byte(in);
	struct cell_builder b = { .name = names[who % 6], .id = who < 0xf0 ? 1 + who % 4 : who, .cpus = 2u << who % 3 };
	unsigned int regions = how % 5;

	b.flags = how >> 5 & 1;
	b.memory[0] = (struct jh_memory){ WORLD_HIGH + 0x1000000 + 0x10000 * (who % 4), 0, 0x10000,
					  WORLD_RWX | JH_MEM_LOADABLE };
	for (unsigned int i = 1; i <= regions; i++) {
		b.memory[i].phys_start = address(in);
		/* Beside each other for the guest, but for one in sixteen. */
		b.memory[i].virt_start = how >= 0xf0 ? address(in) : i * 0x1000000000;
		b.memory[i].size = size_of(in);
		b.memory[i].flags = flags(in);
	}
	if (how & 0x40)
		b.irqchips[0] = (struct jh_irqchip){ WORLD_GICD, 0, 32u * byte(in), { byte(in), 0, 0, byte(in) } };
	if (how == 0xff)
		b.entry = address(in);
	return b;
}

/* The other CPUs' turn: the cells answer, the way the input has it. */
static uint8_t answer;
static void cells_answer(void)
{
	for (unsigned int id = 1; id <= JH_CELL_ID_MAX; id++) {
		if (!cells[id])
			continue;
		cells[id]->comm->reply_from_cell = answer & 7;
		if (answer & 8)
			cells[id]->comm->cell_state = answer >> 4;
	}
}

/* A parked CPU of root is what CPU_OFF leaves; cells use theirs as they like. */
static void park(uint8_t which)
{
	struct cpu *cpu = &world.cpu[1 + which % (WORLD_CPUS - 1)];

	cpu->state = which & 0x80 && cpu->cell == &root_cell ? CPU_IN_GUEST : CPU_PARKED;
}

static void step(struct input *in)
{
	uint8_t code = byte(in);
	struct cell_builder b;

	switch (code % 8) {
	case 0:
	case 1:
		b = builder(in);
		world_create(&b);
		break;
	case 2:
		park(byte(in));
		break;
	case 3:
		answer = byte(in);
		break;
	case 4:
		world_call(JH_HC_CELL_START + byte(in) % 3, byte(in) % 6, 0);
		break;
	case 5:
		world_call(0x1000 + byte(in) % 10, byte(in) % 6, byte(in) % 4);
		break;
	case 6:
		world_call(JH_HC_CELL_CREATE, address(in) + byte(in), 0);
		break;
	default:	/* DISABLE would end the game */
		world_call(5 + byte(in) % 5, byte(in), byte(in) * 8ULL);
	}
	PROMISE(hv_status.audit.result == JH_AUDIT_CLEAN);
}

struct picture {
	struct stage2_extent extents[MAX_EXTENTS];
	size_t count;
};

static int picture_add(void *context, const struct stage2_extent *extent)
{
	struct picture *picture = context;

	PROMISE(picture->count < MAX_EXTENTS);
	picture->extents[picture->count++] = *extent;
	return 0;
}

static void picture_take(struct picture *picture)
{
	uint64_t stray;

	memset(picture, 0, sizeof(*picture));
	PROMISE(stage2_walk(&root_cell.s2, picture_add, picture, &stray) == 0);
}

static void destroy_all(void)
{
	for (unsigned int id = 1; id <= JH_CELL_ID_MAX; id++)
		if (cells[id])
			PROMISE(world_call(JH_HC_CELL_FORCE, id, JH_FORCE_DESTROY) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct picture before, after;
	struct input in = { data, data + size };
	uint32_t irqs[IRQ_WORDS];

	PROMISE(world_start(0) == 0);
	for (unsigned int i = 1; i < WORLD_CPUS; i++)
		world_park(i);
	world.on_relax = cells_answer;
	world.scrubs_loadable = true;
	answer = JH_REPLY_APPROVED;
	memcpy(irqs, root_cell.irqs, sizeof(irqs));
	picture_take(&before);
	while (in.at < in.end)
		step(&in);
	destroy_all();
	picture_take(&after);
	PROMISE(memcmp(&before, &after, sizeof(before)) == 0);
	PROMISE(memcmp(irqs, root_cell.irqs, sizeof(irqs)) == 0);
	PROMISE(root_cell.cpus == (1 << WORLD_CPUS) - 1);
	PROMISE(hv_status.audit.violations == 0);
	return 0;
}
