/* SPDX-License-Identifier: MIT */
/*
 * An inmate written from the published interfaces alone: it shares no line and no header with the inmate library of
 * configs/cells, nor with the hypervisor.
 */
#ifndef INMATE_H
#define INMATE_H

#include <stdbool.h>
#include <stdint.h>

/* The communication region by its offsets. */
#define COMM		0x80000000UL
#define COMM_REVISION	6	/* u16 */
#define COMM_STATE	8
#define COMM_MESSAGE	12
#define COMM_REPLY	16
#define COMM_FLAGS	20
#define COMM_CONSOLE	24	/* address u64, size u32, type u16, flags u16 */
#define COMM_ECAM	56
#define COMM_GIC	64	/* u8 */
#define COMM_GICD	72
#define COMM_GICC	80
#define COMM_GICR	88
#define COMM_VPCI_IRQ	96

static inline uint8_t read8(uint64_t address)
{
	return *(volatile uint8_t *)address;
}
static inline uint16_t read16(uint64_t address)
{
	return *(volatile uint16_t *)address;
}
static inline uint32_t read32(uint64_t address)
{
	return *(volatile uint32_t *)address;
}
static inline uint64_t read64(uint64_t address)
{
	return *(volatile uint64_t *)address;
}
static inline void write8(uint64_t address, uint8_t value)
{
	*(volatile uint8_t *)address = value;
}
static inline void write16(uint64_t address, uint16_t value)
{
	*(volatile uint16_t *)address = value;
}
static inline void write32(uint64_t address, uint32_t value)
{
	*(volatile uint32_t *)address = value;
}
static inline void write64(uint64_t address, uint64_t value)
{
	*(volatile uint64_t *)address = value;
}

/* The command line: blank-separated name=value or name. */
uint64_t argument_number(const char *name, uint64_t otherwise);
bool argument_bool(const char *name, bool otherwise);
bool argument_text(const char *name, char *text, unsigned int size);

/* What is said goes into shared memory at the argument report=, where the suite reads it. */
void report_begin(void);
void report_check(const char *name, bool good, uint64_t got);
void report_end(void);

/* UART and virtual console, as the communication region and the command line say. */
void console_print(const char *text);

int64_t hypercall(uint64_t code, uint64_t arg1, uint64_t arg2);

void gic_begin(void);
void gic_enable(unsigned int intid);
void gic_pend(unsigned int intid);
uint64_t gic_taken(unsigned int intid);	/* how often; intid below 256 */

#endif
