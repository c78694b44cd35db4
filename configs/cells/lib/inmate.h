/* SPDX-License-Identifier: MIT */
/*
 * What a demo cell may use. The cell provides inmate_main(); the library has set up the MMU, the console and
 * the interrupt controller before, and has checked the communication region.
 */
#ifndef INMATE_H
#define INMATE_H

#include <jailhouse/comm.h>
#include <stdbool.h>
#include <stdint.h>

#define INMATE_COMM ((volatile struct jh_comm *)0x80000000ULL) /* the same address in every cell, by convention */

#define read_sysreg(name)                                                  \
	({                                                                 \
		uint64_t value_;                                           \
		asm volatile("mrs %0, " #name : "=r"(value_) : : "memory"); \
		value_;                                                    \
	})
#define write_sysreg(name, value) asm volatile("msr " #name ", %0" : : "r"((uint64_t)(value)) : "memory")

/* The cell itself. */
void inmate_main(void);

/* Called by start.S. */
void inmate_start(void);
void inmate_irq(void);
void inmate_secondary_start(void (*function)(void));
void inmate_fault(uint64_t esr, uint64_t elr, uint64_t far);

/* hypercall.c: `hvc #0x4a48`; negative errno in the result. */
int64_t hypercall(uint64_t code, uint64_t argument);

/* console.c: hypercalls when the hypervisor offers them, else the PL011 named in the communication region. */
void console_putc(char c);
bool console_has_uart(void);
int console_getc(void); /* -1: nothing there */

/* printf.c: %s %c %d %u %x with l and a zero-padded width; LF goes out as CR LF. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* mmu.c: identity map in 2 MiB blocks. */
void mmu_init(void);
void mmu_enable(void); /* on every further CPU */

/* gic.c: GICv3 or GICv2, whichever the communication region names. */
void gic_init(void); /* on every CPU */
void gic_enable_ppi(uint32_t intid);
void gic_enable_spi(uint32_t intid, bool edge);	  /* to this CPU */
void gic_route_spi(uint32_t intid, uint64_t mpidr); /* to another one of the cell */
void gic_send_sgi(uint32_t intid, uint64_t mpidr);
void gic_send_sgi_to_others(uint32_t intid);
void inmate_interrupt(uint32_t intid); /* what is not the timer; a cell may define it */

/* smp.c: PSCI. The stack ends at an address aligned to 16. */
int64_t cpu_on(uint64_t mpidr, void (*function)(void), void *stack_end); /* 0, or PSCI's negative error */
uint64_t cpu_affinity(void);				/* MPIDR, affinity bits only */

/* timer.c: the virtual timer, INTID 27. */
void timer_start(uint32_t hertz);
bool timer_tick(void); /* sleeps; true when a period has passed */
void timer_irq(void);

/* comm.c */
bool comm_valid(void);
void comm_answer(void); /* answers what was asked; does not return when the cell was asked to end */

/* cmdline.c: "name=value name=value" at base + 0x1000; fallback when it is not there or no number. */
uint64_t cmdline_number(const char *name, uint64_t fallback);

#endif
