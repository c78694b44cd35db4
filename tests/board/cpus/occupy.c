// SPDX-License-Identifier: MIT
/* A program of root that leaves something in the vector registers of CPU 3: it stays there until it is killed. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <sys/auxv.h>

#define HWCAP_SVE_BIT (1 << 22) /* asm/hwcap.h of arm64 */

static void fill_simd(void)
{
	asm volatile("movi v0.16b, #0x5e\n movi v1.16b, #0x5e\n movi v15.16b, #0x5e\n movi v31.16b, #0x5e"
		     :
		     :
		     : "v0", "v1", "v15", "v31");
}

static void fill_sve(void)
{
	asm volatile("dup z1.b, #0x5e\n dup z31.b, #0x5e\n ptrue p0.b\n ptrue p15.b\n wrffr p0.b" : : : "v1", "v31");
}

int main(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(3, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus)) {
		perror("occupy: CPU 3");
		return 1;
	}
	if (getauxval(AT_HWCAP) & HWCAP_SVE_BIT)
		fill_sve();
	fill_simd();
	puts("occupied");
	fflush(stdout);
	fill_simd();
	for (;;)
		asm volatile("yield");
}
