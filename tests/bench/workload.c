// SPDX-License-Identifier: MIT
/*
 * What root Linux does all day, timed: a byte through two pipes to another CPU and back, and usleep(100).
 *
 * usage: workload pipe|usleep NAME      prints "count: NAME NANOSECONDS"
 *
 * The same binary runs on the same kernel with and without the hypervisor below. Under -icount a nanosecond is an instruction that some
 * CPU executed, or time in which all of them slept.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PIPE_ROUNDS   20000
#define USLEEP_ROUNDS 5000

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) != 0)
		die("workload: sched_setaffinity");
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void move(int fd, int in)
{
	char byte = 0;

	if ((in ? read(fd, &byte, 1) : write(fd, &byte, 1)) != 1)
		die("workload: pipe");
}

static void echo(int from, int to)
{
	pin(1);
	for (int i = 0; i <= PIPE_ROUNDS; i++) {
		move(from, 1);
		move(to, 0);
	}
	_exit(0);
}

static uint64_t pipe_rounds(void)
{
	int there[2], back[2], status;
	uint64_t start = 0;
	pid_t child;

	if (pipe(there) != 0 || pipe(back) != 0)
		die("workload: pipe");
	child = fork();
	if (child < 0)
		die("workload: fork");
	if (child == 0)
		echo(there[0], back[1]);
	pin(0);
	for (int i = 0; i <= PIPE_ROUNDS; i++) {
		move(there[1], 0);
		move(back[0], 1);
		start = i ? start : now(); /* the first round waits for the child to start */
	}
	start = now() - start;
	if (waitpid(child, &status, 0) != child || status != 0)
		die("workload: child");
	return start;
}

static uint64_t usleep_rounds(void)
{
	uint64_t start;

	pin(1);
	start = now();
	for (int i = 0; i < USLEEP_ROUNDS; i++)
		usleep(100);
	return now() - start;
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: workload pipe|usleep NAME\n");
		return 2;
	}
	printf("count: %s %llu\n", argv[2],
	       (unsigned long long)(strcmp(argv[1], "pipe") == 0 ? pipe_rounds() : usleep_rounds()));
	return 0;
}
