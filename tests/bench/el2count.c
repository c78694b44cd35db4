// SPDX-License-Identifier: MIT
/*
 * Counts what EL2 executes on the root cell's CPUs while a command runs.
 *
 * usage: el2count NAME COMMAND [ARGUMENT...]      prints "count: NAME INSTRUCTIONS"
 *
 * perf_event_open() of the stock kernel can count INST_RETIRED with EL0 and EL1 excluded: what is left is EL2. Under QEMU's
 * -icount the event counts the instructions of all CPUs while this one is in EL2. So the CPU with the highest count is
 * reported and not the sum: when all CPUs enter together it has seen what each of them executed, and what a CPU
 * does alone is only in its own count.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_CPUS     64
#define INST_RETIRED 8 /* DDI 0487, PMU events */

static int open_counter(int cpu)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_RAW,
					.size = sizeof(attr),
					.config = INST_RETIRED,
					.disabled = 1,
					.pinned = 1,
					.exclude_user = 1,
					.exclude_kernel = 1 };

	return (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1, 0);
}

static int open_counters(int counters[MAX_CPUS])
{
	int count = 0;

	for (int cpu = 0; cpu < MAX_CPUS; cpu++) {
		counters[count] = open_counter(cpu);
		if (counters[count] >= 0)
			count++;
		else if (errno != ENODEV && errno != EINVAL) /* a CPU that is offline or not there */
			return -1;
	}
	return count ? count : -1;
}

static int run(char **command)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		execvp(command[0], command);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int highest(const int counters[MAX_CPUS], int count, uint64_t *result)
{
	uint64_t value;

	*result = 0;
	for (int i = 0; i < count; i++) {
		if (read(counters[i], &value, sizeof(value)) != (ssize_t)sizeof(value))
			return -1; /* a pinned counter that was not on the hardware all the time reads as end of file */
		*result = value > *result ? value : *result;
	}
	return 0;
}

int main(int argc, char **argv)
{
	int counters[MAX_CPUS], count, status;
	uint64_t result;

	if (argc < 3) {
		fprintf(stderr, "usage: el2count NAME COMMAND [ARGUMENT...]\n");
		return 2;
	}
	count = open_counters(counters);
	if (count < 0) {
		fprintf(stderr, "el2count: no counter: %s\n", strerror(errno));
		return 1;
	}
	for (int i = 0; i < count; i++)
		ioctl(counters[i], PERF_EVENT_IOC_ENABLE, 0);
	status = run(argv + 2);
	for (int i = 0; i < count; i++)
		ioctl(counters[i], PERF_EVENT_IOC_DISABLE, 0);
	if (status != 0 || highest(counters, count, &result) != 0) {
		fprintf(stderr, "el2count: %s: not measured (status %d)\n", argv[1], status);
		return 1;
	}
	printf("count: %s %llu\n", argv[1], (unsigned long long)result);
	return 0;
}
