// SPDX-License-Identifier: MIT
/*
 * A device tree of what a cell has, by the bindings of the kernel (Documentation/devicetree/bindings): the cell's CPUs, the
 * interrupt controller and the timer that it shares with the board, its console.
 */
#include "linux_cell.h"

#include <errno.h>
#include <inttypes.h>
#include <libfdt.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#define TREE_SIZE 0x10000u

#define GIC_PHANDLE   1u
#define CLOCK_PHANDLE 2u
#define UART_HERTZ    24000000u /* nothing is slower or faster for it: no byte waits for a wire */

/* arm,gic-v3.yaml: kind, number, trigger. */
#define SPI	    0u
#define PPI	    1u
#define EDGE_RISING 1u
#define LEVEL_HIGH  4u
#define FIRST_SPI   32u
#define FIRST_PPI   16u

/* arm,arch_timer.yaml: secure, physical, virtual, hypervisor; the INTIDs of the Base System Architecture (DEN0094). */
static const uint32_t timer_intids[] = { 29, 30, 27, 26 };

/* Every function goes on after an error, which is the first of them. */
struct writer {
	void *tree;
	int err;
};

static void note(struct writer *writer, int err)
{
	if (!writer->err)
		writer->err = err;
}

static void node(struct writer *writer, const char *name, uint64_t unit)
{
	char full[64];

	snprintf(full, sizeof(full), unit == UINT64_MAX ? "%s" : "%s@%" PRIx64, name, unit);
	note(writer, fdt_begin_node(writer->tree, full));
}

static void plain_node(struct writer *writer, const char *name)
{
	note(writer, fdt_begin_node(writer->tree, name));
}

static void end(struct writer *writer)
{
	note(writer, fdt_end_node(writer->tree));
}

static void bytes(struct writer *writer, const char *name, const void *value, size_t size)
{
	note(writer, fdt_property(writer->tree, name, value, (int)size));
}

static void text(struct writer *writer, const char *name, const char *value)
{
	bytes(writer, name, value, strlen(value) + 1);
}

static void number(struct writer *writer, const char *name, uint32_t value)
{
	note(writer, fdt_property_u32(writer->tree, name, value));
}

static void numbers(struct writer *writer, const char *name, const uint32_t *values, size_t count)
{
	fdt32_t out[16];

	for (size_t i = 0; i < count; i++)
		out[i] = cpu_to_fdt32(values[i]);
	bytes(writer, name, out, count * sizeof(out[0]));
}

/* Addresses and sizes have two cells each. */
static void spans(struct writer *writer, const char *name, const struct linux_span *span, size_t count)
{
	fdt64_t out[2 * LINUX_RAM_MAX];

	for (size_t i = 0; i < count; i++) {
		out[2 * i] = cpu_to_fdt64(span[i].start);
		out[2 * i + 1] = cpu_to_fdt64(span[i].size);
	}
	bytes(writer, name, out, 2 * count * sizeof(out[0]));
}

static void add_cpus(struct writer *writer, const struct linux_machine *machine, const struct linux_board *board)
{
	plain_node(writer, "cpus");
	number(writer, "#address-cells", 2);
	number(writer, "#size-cells", 0);
	for (unsigned cpu = 0; cpu < LINUX_CPUS_MAX; cpu++) {
		const struct linux_cpu *known = &board->cpus[cpu];

		if (!(machine->cpus >> cpu & 1))
			continue;
		node(writer, "cpu", known->affinity);
		text(writer, "device_type", "cpu");
		text(writer, "compatible", known->compatible);
		note(writer, fdt_property_u64(writer->tree, "reg", known->affinity));
		text(writer, "enable-method", "psci");
		end(writer);
	}
	end(writer);
}

static void add_psci(struct writer *writer)
{
	static const char compatible[] = "arm,psci-1.0\0arm,psci-0.2";

	plain_node(writer, "psci");
	bytes(writer, "compatible", compatible, sizeof(compatible));
	text(writer, "method", "smc");
	end(writer);
}

static void add_gic(struct writer *writer, const struct linux_board *board)
{
	const struct linux_span spaces[] = { board->gicd, board->gic_cpus };

	node(writer, "interrupt-controller", board->gicd.start);
	text(writer, "compatible", board->gic_version == 2 ? "arm,cortex-a15-gic" : "arm,gic-v3");
	bytes(writer, "interrupt-controller", NULL, 0);
	number(writer, "#interrupt-cells", 3);
	number(writer, "#address-cells", 0);
	spans(writer, "reg", spaces, 2);
	number(writer, "phandle", GIC_PHANDLE);
	end(writer);
}

static void add_timer(struct writer *writer, const struct linux_board *board)
{
	/* GICv2 has a mask of CPUs beside the trigger of a PPI (arm,gic.yaml). */
	uint32_t flags = LEVEL_HIGH | (board->gic_version == 2 ? 0xff00 : 0);
	uint32_t lines[12];

	for (unsigned i = 0; i < 4; i++) {
		lines[3 * i] = PPI;
		lines[3 * i + 1] = timer_intids[i] - FIRST_PPI;
		lines[3 * i + 2] = flags;
	}
	plain_node(writer, "timer");
	text(writer, "compatible", "arm,armv8-timer");
	numbers(writer, "interrupts", lines, 12);
	bytes(writer, "always-on", NULL, 0);
	if (board->timer_hertz)
		number(writer, "clock-frequency", board->timer_hertz);
	end(writer);
}

static void add_uart(struct writer *writer, const struct linux_machine *machine)
{
	static const char compatible[] = "arm,pl011\0arm,primecell", clocks[] = "uartclk\0apb_pclk";
	const uint32_t line[] = { SPI, machine->uart_intid - FIRST_SPI, EDGE_RISING };
	const uint32_t phandles[] = { CLOCK_PHANDLE, CLOCK_PHANDLE };
	const struct linux_span space = { machine->uart, 0x1000 };

	plain_node(writer, "clock");
	text(writer, "compatible", "fixed-clock");
	number(writer, "#clock-cells", 0);
	number(writer, "clock-frequency", UART_HERTZ);
	number(writer, "phandle", CLOCK_PHANDLE);
	end(writer);
	node(writer, "serial", machine->uart);
	bytes(writer, "compatible", compatible, sizeof(compatible));
	spans(writer, "reg", &space, 1);
	numbers(writer, "interrupts", line, 3);
	numbers(writer, "clocks", phandles, 2);
	bytes(writer, "clock-names", clocks, sizeof(clocks));
	end(writer);
}

static void add_reserved(struct writer *writer, const struct linux_span *comm)
{
	if (!comm->size)
		return;
	plain_node(writer, "reserved-memory");
	number(writer, "#address-cells", 2);
	number(writer, "#size-cells", 2);
	bytes(writer, "ranges", NULL, 0);
	node(writer, "comm", comm->start);
	text(writer, "compatible", "jailhouse,comm-region");
	spans(writer, "reg", comm, 1);
	bytes(writer, "no-map", NULL, 0);
	end(writer);
	end(writer);
}

static void add_root(struct writer *writer, const struct linux_machine *machine)
{
	static const char compatible[] = "rotunda,cell\0jailhouse,cell";

	plain_node(writer, "");
	number(writer, "#address-cells", 2);
	number(writer, "#size-cells", 2);
	number(writer, "interrupt-parent", GIC_PHANDLE);
	bytes(writer, "compatible", compatible, sizeof(compatible));
	text(writer, "model", machine->name);
}

static void add_all(struct writer *writer, const struct linux_machine *machine, const struct linux_board *board)
{
	char path[64];

	add_root(writer, machine);
	add_cpus(writer, machine, board);
	add_psci(writer);
	add_gic(writer, board);
	add_timer(writer, board);
	add_uart(writer, machine);
	add_reserved(writer, &machine->comm);
	plain_node(writer, "hypervisor");
	text(writer, "compatible", "jailhouse,cell");
	end(writer);
	snprintf(path, sizeof(path), "/serial@%" PRIx64, machine->uart);
	plain_node(writer, "chosen");
	text(writer, "stdout-path", path);
	end(writer);
	end(writer);
}

static int check(const struct linux_machine *machine, const struct linux_board *board, struct linux_problem *problem)
{
	if (!machine->has_uart)
		return linux_refuse(
			problem, "linux-console", "Write \"console\": \"pl011\", or give a device tree of your own.",
			"The cell \"%s\" has no emulated PL011, which is the console that a stock Linux finds.",
			machine->name);
	if (machine->uart_intid < FIRST_SPI)
		return linux_refuse(problem, "linux-console", "Take \"intid\" out of \"console\".",
				    "The PL011 of the cell \"%s\" has no interrupt, Linux's driver needs it.",
				    machine->name);
	for (unsigned cpu = 0; cpu < LINUX_CPUS_MAX; cpu++)
		if (machine->cpus >> cpu & 1 && !board->cpus[cpu].known)
			return linux_refuse(problem, "linux-cpu", "Take a CPU of the board.",
					    "The board's device tree does not know CPU %u of the cell.", cpu);
	return 0;
}

int linux_tree_make(const struct linux_machine *machine, const struct linux_board *board, void **tree,
		    struct linux_problem *problem)
{
	struct writer writer = { 0 };
	int err = check(machine, board, problem);

	if (err)
		return err;
	writer.tree = calloc(1, TREE_SIZE);
	if (!writer.tree)
		return -ENOMEM;
	note(&writer, fdt_create(writer.tree, TREE_SIZE));
	note(&writer, fdt_finish_reservemap(writer.tree));
	add_all(&writer, machine, board);
	note(&writer, fdt_finish(writer.tree));
	if (!writer.err) {
		*tree = writer.tree;
		return 0;
	}
	free(writer.tree);
	return linux_refuse(problem, "linux-tree", "Give the cell fewer CPUs.", "The device tree cannot be made: %s.",
			    fdt_strerror(writer.err));
}
