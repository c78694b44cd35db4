// SPDX-License-Identifier: MIT
/*
 * Each of these may be caused by a guest, and a device may answer with an external abort: where they are is written down, so that
 * fatal.c can step over them.
 */
#include <hv/mmio.h>

#define ACCESS(instruction, registers...)                           \
	asm volatile("1: " instruction "\n"                         \
		     ".pushsection .mmio_table, \"a\"\n"            \
		     ".word 1b - .\n"                               \
		     ".popsection\n" registers)

uint8_t mmio_read8(uint64_t address)
{
	uint32_t value;

	ACCESS("ldrb %w0, [%1]", : "=r"(value) : "r"(address) : "memory");
	return (uint8_t)value;
}

uint16_t mmio_read16(uint64_t address)
{
	uint32_t value;

	ACCESS("ldrh %w0, [%1]", : "=r"(value) : "r"(address) : "memory");
	return (uint16_t)value;
}

uint32_t mmio_read32(uint64_t address)
{
	uint32_t value;

	ACCESS("ldr %w0, [%1]", : "=r"(value) : "r"(address) : "memory");
	return value;
}

uint64_t mmio_read64(uint64_t address)
{
	uint64_t value;

	ACCESS("ldr %0, [%1]", : "=r"(value) : "r"(address) : "memory");
	return value;
}

void mmio_write8(uint64_t address, uint8_t value)
{
	ACCESS("strb %w0, [%1]", : : "rZ"(value), "r"(address) : "memory");
}

void mmio_write16(uint64_t address, uint16_t value)
{
	ACCESS("strh %w0, [%1]", : : "rZ"(value), "r"(address) : "memory");
}

void mmio_write32(uint64_t address, uint32_t value)
{
	ACCESS("str %w0, [%1]", : : "rZ"(value), "r"(address) : "memory");
}

void mmio_write64(uint64_t address, uint64_t value)
{
	ACCESS("str %x0, [%1]", : : "rZ"(value), "r"(address) : "memory");
}
