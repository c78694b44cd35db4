/* SPDX-License-Identifier: MIT */
/* A guest's access to an emulated device, and EL2's own to the real one. */
#ifndef HV_MMIO_H
#define HV_MMIO_H

#include <stdbool.h>
#include <stdint.h>

struct mmio {
	uint64_t address;	/* IPA; devices are mapped 1:1 */
	unsigned int size;	/* bytes: 1, 2, 4, 8 */
	bool write;
	uint64_t value;		/* written by the guest, or what it shall read; bits above size are ignored */
};

struct cell;
struct cpu;

/*
 * A cell's access, on the CPU that made it, to an address where nothing is mapped for it: tries the interrupt controller,
 * the cell's emulated devices and its regions below a page. False, and no device was touched: there is none, or none that allows it.
 */
bool mmio_access(struct cpu *cpu, struct mmio *mmio);

/* Whether a device is emulated at this address of the cell: an access that mmio_access() cannot be asked for is none outside. */
bool mmio_covers(const struct cell *cell, uint64_t address);

/* Device registers at their physical address, naturally aligned. arch/arm64 touches the device, tests have a model. */
uint8_t mmio_read8(uint64_t address);
uint16_t mmio_read16(uint64_t address);
uint32_t mmio_read32(uint64_t address);
uint64_t mmio_read64(uint64_t address);
void mmio_write8(uint64_t address, uint8_t value);
void mmio_write16(uint64_t address, uint16_t value);
void mmio_write32(uint64_t address, uint32_t value);
void mmio_write64(uint64_t address, uint64_t value);

/*
 * A device that EL2 has not mapped: where the register at this physical address, and the rest of its page, is to be found until it
 * is closed. One at a time on each CPU, no lock, cannot fail.
 */
uint64_t mmio_open(uint64_t pa);
void mmio_close(void);

#endif
