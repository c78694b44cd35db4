// SPDX-License-Identifier: MIT
/*
 * A cell with a PL011 that it drives by interrupts, as an RTOS would. A line typed to it is a command:
 *   echo TEXT  print TEXT            order  digits, by UART and by hypercall in turn
 *   sizes      accesses of all sizes flood  200,000 bytes          total  what was received, and the interrupts for it
 *   deaf       take no input for 15 seconds                        wide   an access that a PL011 does not have
 */
#include <jailhouse/hypercall.h>

#include "inmate.h"

#define UART_DR 0x00
#define UART_FR 0x18
#define   FR_RXFE 0x10
#define UART_LCR_H 0x2c
#define   LCR_FIFOS 0x70
#define UART_CR 0x30
#define   CR_ON 0x301
#define UART_IMSC 0x38
#define UART_MIS 0x40
#define UART_ICR 0x44
#define   INT_RX 0x10
#define   INT_RT 0x40
#define   INT_BE 0x200
#define INTID 216
#define FLOOD 200000

static char line[80];
static unsigned int length;
static volatile bool command;
static volatile unsigned int received, interrupts, idle, sum;

static volatile uint32_t *uart(uint32_t offset)
{
	return (volatile uint32_t *)(INMATE_COMM->console.address + offset);
}

static void receive(uint32_t data)
{
	if (data & 0x400) {
		print("break\n");
		*uart(UART_IMSC) = INT_RX | INT_RT | INT_BE;
		return;
	}
	received++;
	sum = sum * 31 + (data & 0xff);
	if ((data & 0xff) == '\n')
		command = true;
	else if (length < sizeof(line) - 1)
		line[length++] = (char)data;
}

void inmate_interrupt(uint32_t intid)
{
	uint32_t status = *uart(UART_MIS);

	if (intid != INTID)
		return;
	interrupts++;
	idle += !status;
	if (status & INT_BE)
		*uart(UART_ICR) = INT_BE;
	/* A command is carried out before the next is read: what follows must stay in the UART, and be told again. */
	while (!command && !(*uart(UART_FR) & FR_RXFE))
		receive(*uart(UART_DR));
	if (command)
		*uart(UART_IMSC) = INT_BE;
}

static bool is(const char *word)
{
	const char *at = line;

	while (*word && *word == *at)
		word++, at++;
	return !*word;
}

static void order(void)
{
	for (char c = '0'; c <= '9'; c++)
		if (c % 2)
			hypercall(JH_HC_DEBUG_CONSOLE_PUTC, (uint8_t)c);
		else
			*uart(UART_DR) = (uint8_t)c;
	print("\n");
}

static void sizes(void)
{
	*(volatile uint8_t *)uart(UART_DR) = '1';
	*(volatile uint16_t *)uart(UART_DR) = '2';
	*uart(UART_DR) = '4';
	print(" bytes, id %x %x %x\n", *(volatile uint8_t *)uart(0xfe0), *(volatile uint16_t *)uart(0xfe4),
	      *uart(0xfe8));
}

static void flood(void)
{
	for (unsigned int i = 0; i < FLOOD; i++)
		*uart(UART_DR) = i % 64 == 63 ? '\n' : 'f';
}

static void deaf(void)
{
	uint64_t start = read_sysreg(cntvct_el0);

	while (read_sysreg(cntvct_el0) - start < 15 * read_sysreg(cntfrq_el0))
		asm volatile("yield");
}

static void carry_out(void)
{
	if (is("echo "))
		print("%s\n", line + 5);
	else if (is("order"))
		order();
	else if (is("sizes"))
		sizes();
	else if (is("flood"))
		flood();
	else if (is("total"))
		print("received %u sum %x, idle interrupts %u, fewer interrupts than bytes: %s\n", received, sum, idle,
		      interrupts < received ? "yes" : "no");
	else if (is("deaf"))
		deaf();
	else if (is("wide"))
		(void)*(volatile uint64_t *)uart(UART_DR);
}

void inmate_main(void)
{
	print("ready\n");
	*uart(UART_LCR_H) = LCR_FIFOS;
	*uart(UART_CR) = CR_ON;
	gic_enable_spi(INTID, true);
	*uart(UART_IMSC) = INT_RX | INT_RT | INT_BE;
	asm volatile("msr daifclr, #2");
	for (;;) {
		asm volatile("msr daifset, #2");
		if (!command)
			asm volatile("wfi");
		asm volatile("msr daifclr, #2\n isb");
		if (!command)
			continue;
		line[length] = '\0';
		length = 0;
		carry_out();
		command = false;
		/* With what has come meanwhile in it: unmasking must interrupt. */
		*uart(UART_IMSC) = INT_RX | INT_RT | INT_BE;
	}
}
