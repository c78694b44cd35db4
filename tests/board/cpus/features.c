// SPDX-License-Identifier: MIT
/*
 * A program of root that uses what its kernel says there is, on each CPU that is online: a line each. Whether the hypervisor is
 * below or not must make no difference.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

/* asm/hwcap.h, asm/mman.h, linux/prctl.h and asm-generic/siginfo.h of arm64. */
#define HAS_SVE	     (1ul << 22)
#define HAS_PACA     (1ul << 30)
#define HAS2_MTE     (1ul << 18)
#define HAS2_SME     (1ul << 23)
#define TAGGED	     0x20
#define TAG_CONTROL  55
#define TAG_SYNC     (1ul | 1ul << 1 | 0xfffeul << 3) /* tagged addresses, synchronous faults, tags 1 to 15 */
#define WRONG_TAG    9

/* What only the CPUs know that say so. */
asm(".arch armv8.5-a+sve+memtag");

static sigjmp_buf back;
static volatile int fault_code;

static void on_fault(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	fault_code = info->si_code;
	siglongjmp(back, 1);
}

static const char *word(int good)
{
	return good ? "works" : "DOES NOT WORK";
}

/* A tag is stored, read back, and an access with another one faults. */
static const char *tagging(void)
{
	struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
	char *page, *tagged, *seen = NULL;

	if (!(getauxval(AT_HWCAP2) & HAS2_MTE))
		return "is not there";
	if (prctl(TAG_CONTROL, TAG_SYNC, 0, 0, 0) || sigaction(SIGSEGV, &action, NULL))
		return "REFUSED";
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | TAGGED, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return "REFUSED";
	seen = page;
	asm volatile("irg %0, %2\n stg %0, [%0]\n ldg %1, [%1]" : "=&r"(tagged), "+r"(seen) : "r"(page) : "memory");
	*(volatile char *)tagged = 1;
	fault_code = 0;
	if (!sigsetjmp(back, 1))
		*(volatile char *)page = 2;	/* tag 0 */
	munmap(page, 4096);
	return word(tagged != page && seen == tagged && fault_code == WRONG_TAG);
}

static const char *authentication(void)
{
	uint64_t plain = 0x12345678, signed_ = plain, back_;

	if (!(getauxval(AT_HWCAP) & HAS_PACA))
		return "is not there";
	asm volatile("pacia %0, %1" : "+r"(signed_) : "r"(0x5ec7e7ul));
	back_ = signed_;
	asm volatile("autia %0, %1" : "+r"(back_) : "r"(0x5ec7e7ul));
	return word(signed_ != plain && back_ == plain);
}

static uint64_t vector_bytes(void)
{
	uint64_t bytes = 0;

	if (getauxval(AT_HWCAP) & HAS_SVE)
		asm volatile("dup z1.b, #0x5e\n .inst 0x04bf5020\n mov %0, x0"
			     : "=r"(bytes)
			     :
			     : "x0", "v1"); /* rdvl x0, #1 */
	return bytes;
}

static uint64_t streaming_bytes(void)
{
	uint64_t bytes = 0;

	if (getauxval(AT_HWCAP2) & HAS2_SME)	/* smstart; rdvl x0, #1; smstop */
		asm volatile(".inst 0xd503477f, 0x04bf5020, 0xd503467f\n mov %0, x0"
			     : "=r"(bytes)
			     :
			     : "x0", "v0", "v1", "v31");
	return bytes;
}

static int run_on(unsigned int cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	return sched_setaffinity(0, sizeof(cpus), &cpus);
}

int main(void)
{
	for (unsigned int cpu = 0; cpu < 4; cpu++) {
		if (run_on(cpu))
			continue;
		printf("CPU %u: tagging %s, pointer authentication %s, SVE %lu bytes, SME %lu bytes\n", cpu, tagging(),
		       authentication(), (unsigned long)vector_bytes(), (unsigned long)streaming_bytes());
	}
	return 0;
}
