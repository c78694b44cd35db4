// SPDX-License-Identifier: MIT
/* The victim's own account, root's timer, UART and CPUs, and EL2's audit. */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "watch.h"

#define GICD	    0x08000000
#define UART_INTID  33

volatile void *physical(uint64_t address, size_t size)
{
	static int fd = -1;
	void *at;

	if (fd < 0)
		fd = open("/dev/mem", O_RDWR | O_SYNC);
	at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)address);
	if (at == MAP_FAILED) {
		perror("/dev/mem");
		exit(1);
	}
	return at;
}

uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static const char *changes(const struct witness *then, volatile struct witness *now)
{
	static char text[100];

	if (now->beats <= then->beats)
		return "no beat";
	if (!now->behind && now->damage == then->damage && now->strays == then->strays &&
	    now->changed == then->changed && now->lost == then->lost)
		return "ok";
	snprintf(text, sizeof(text), "behind %lu damage %lu strays %lu changed %lu lost %lu",
		 (unsigned long)now->behind, (unsigned long)(now->damage - then->damage),
		 (unsigned long)(now->strays - then->strays), (unsigned long)(now->changed - then->changed),
		 (unsigned long)(now->lost - then->lost));
	return text;
}

static volatile struct witness *witness(bool second)
{
	static volatile struct witness *pages[2];

	if (!pages[second])
		pages[second] = physical(second ? WITNESS_2_AT : WITNESS_AT, 0x1000);
	return pages[second];
}

static struct witness seen[2];

void victim2_forget(void)
{
	*witness(true) = (struct witness){ 0 };
	seen[1] = (struct witness){ 0 };
}

const char *victim_verdict(bool second)
{
	volatile struct witness *now = witness(second);
	uint64_t end = now_us() + PATIENCE_US;
	const char *verdict;

	now->asked = now->asked + 1;
	while (now->answered != now->asked) {
		if (now_us() > end)
			return "silent";
		usleep(1000);
	}
	verdict = changes(&seen[second], now);
	seen[second] = (struct witness){ .beats = now->beats,
					 .damage = now->damage,
					 .strays = now->strays,
					 .changed = now->changed,
					 .lost = now->lost };
	return cell_is(second ? VICTIM_2_ID : VICTIM_ID, "running") ? verdict : "not running";
}

/* Of all CPUs. */
static uint64_t interrupts(const char *name)
{
	FILE *stream = fopen("/proc/interrupts", "r");
	uint64_t sum = 0;
	char line[400], *at;

	while (stream && fgets(line, sizeof(line), stream)) {
		unsigned long count;
		int used;

		if (!strstr(line, name))
			continue;
		at = strchr(line, ':');
		for (at = at ? at + 1 : line; sscanf(at, "%lu%n", &count, &used) == 1; at += used)
			sum += count;
	}
	if (stream)
		fclose(stream);
	return sum;
}

static bool grows(const char *name, uint64_t before)
{
	uint64_t end = now_us() + PATIENCE_US;

	while (interrupts(name) <= before) {
		if (now_us() > end)
			return false;
		usleep(1000);
	}
	return true;
}

static bool each_cpu_answers(void)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	cpu_set_t set;

	for (int cpu = 0; cpu < 2; cpu++) {
		CPU_ZERO(&set);
		CPU_SET(cpu, &set);
		if (sched_setaffinity(0, sizeof(set), &set) || sched_getcpu() != cpu)
			return false;
	}
	memset(&set, 0xff, sizeof(set));
	return !sched_setaffinity(0, sizeof(set), &set) && cpus >= 2;
}

const char *root_verdict(void)
{
	static volatile uint32_t *distributor;
	uint64_t ticks = interrupts("arch_timer"), characters = interrupts("uart-pl011");

	if (!each_cpu_answers())
		return "a CPU is gone";
	if (!grows("arch_timer", ticks))
		return "no tick";
	/* The emulated UART is always fast enough to need no interrupt: its line is made pending. */
	if (!distributor)
		distributor = physical(GICD, 0x1000);
	distributor[(0x200 + UART_INTID / 32 * 4) / 4] = 1u << UART_INTID % 32;
	return grows("uart-pl011", characters) ? "ok" : "no UART interrupt";
}

const char *audit_verdict(void)
{
	static struct jh_client_audit audit;

	if (jh_client_audit(client, &audit))
		return "refused";
	return audit.result == JH_CLIENT_AUDIT_CLEAN && !audit.violations ? "clean" : audit.code;
}
