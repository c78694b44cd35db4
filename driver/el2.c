// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way to EL2 and back. The kernel that booted at EL2 left a stub there (asm/virt.h): hvc #0 with
 * x0 = 0 sets the vectors, an unknown x0 is answered with 0xbadca11.
 */
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/namei.h>
#include <linux/of.h>
#include <linux/smp.h>
#include <asm/cputype.h>
#include <asm/sysreg.h>

#include "jailhouse.h"

#define STUB_SET_VECTORS  0
#define STUB_UNKNOWN	  0x4a48ffff
#define STUB_ERROR	  0xbadca11
#define PFR0_EL2_SHIFT	  8	/* ID_AA64PFR0_EL1.EL2, Arm DDI 0487 D19.2.64 */
#define CTR_DMINLINE_SHIFT 16	/* CTR_EL0.DminLine: log2 of words */

static long hvc0(unsigned long a0, unsigned long a1, unsigned long a2)
{
	register unsigned long x0 asm("x0") = a0;
	register unsigned long x1 asm("x1") = a1;
	register unsigned long x2 asm("x2") = a2;

	asm volatile("hvc #0"
		     : "+r"(x0), "+r"(x1), "+r"(x2)
		     :
		     : "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17",
		       "cc", "memory");
	return x0;
}

long jh_hypercall(unsigned long code, unsigned long arg1, unsigned long arg2)
{
	register unsigned long x0 asm("x0") = code;
	register unsigned long x1 asm("x1") = arg1;
	register unsigned long x2 asm("x2") = arg2;

	asm volatile("hvc %[imm]" : "+r"(x0), "+r"(x1), "+r"(x2) : [imm] "i"(JH_HVC_IMMEDIATE) : "x3", "memory");
	return x0;
}

/* The hypervisor asks a running cell before it stops it, and keeps no CPU waiting for the answer. */
long jh_hypercall_asking(unsigned long code, unsigned long arg1, unsigned long arg2)
{
	long result = jh_hypercall(code, arg1, arg2);

	while (result == -EAGAIN) {
		if (fatal_signal_pending(current))
			return -EINTR;
		usleep_range(1000, 2000);
		result = jh_hypercall(code, arg1, arg2);
	}
	return result;
}

/* To the point of coherency: EL2 reads with its MMU off. The kernel's own loop is not exported. */
void jh_cache_clean(const void *start, size_t size)
{
	size_t line = 4UL << ((read_sysreg(ctr_el0) >> CTR_DMINLINE_SHIFT) & 0xf);
	unsigned long at = (unsigned long)start & ~(line - 1);

	for (; at < (unsigned long)start + size; at += line)
		asm volatile("dc civac, %0" : : "r"(at) : "memory");
	asm volatile("dsb sy; ic ialluis; dsb ish; isb" : : : "memory");
}

/* Behind a hypervisor PSCI goes by hvc: then an hvc of ours would reach that hypervisor. */
static bool conduit_is_hvc(void)
{
	struct device_node *node = of_find_node_by_path("/psci");
	const char *method = NULL;
	bool hvc;

	hvc = node && !of_property_read_string(node, "method", &method) && !strcmp(method, "hvc");
	of_node_put(node);
	return hvc;
}

static bool kvm_is_up(void)
{
	struct path path;

	if (kern_path("/sys/class/misc/kvm", LOOKUP_FOLLOW, &path))
		return false;
	path_put(&path);
	return true;
}

int jh_el2_check(struct jh_ioc_reason *why)
{
	if (read_sysreg(CurrentEL) == CurrentEL_EL2)
		return jh_refuse(why, -ENODEV, "kernel-at-el2", "Boot with kvm-arm.mode=none id_aa64mmfr1.vh=0.",
				 "The kernel itself runs at EL2 (VHE).");
	if (!((read_sysreg(id_aa64pfr0_el1) >> PFR0_EL2_SHIFT) & 0xf))
		return jh_refuse(why, -ENODEV, "no-el2",
				 "Use a board with EL2; in QEMU start with -M virt,virtualization=on.",
				 "This CPU has no exception level 2.");
	if (conduit_is_hvc())
		return jh_refuse(why, -ENODEV, "not-booted-at-el2",
				 "Let the boot firmware enter the kernel at EL2; do not run below another hypervisor.",
				 "PSCI is called by hvc: another hypervisor owns EL2.");
	if (kvm_is_up())
		return jh_refuse(why, -EBUSY, "kvm-owns-el2", "Boot with kvm-arm.mode=none.",
				 "KVM is initialised and uses EL2.");
	if (hvc0(STUB_UNKNOWN, 0, 0) != STUB_ERROR)
		return jh_refuse(why, -EBUSY, "no-stub-at-el2", "Boot with kvm-arm.mode=none.",
				 "EL2 does not answer as the kernel's stub does.");
	return 0;
}

/* Every CPU gets the same result from the hypervisor; the first error is kept. */
struct el2_result {
	atomic_t error;
};

static void enter_cpu(void *info)
{
	struct el2_result *result = info;
	long err;

	hvc0(STUB_SET_VECTORS, jh.memory_phys + JH_FW_VECTORS, 0);
	err = hvc0(JH_FW_ENTER, smp_processor_id(), jh.memory_phys);
	if (err)
		atomic_cmpxchg(&result->error, 0, (int)err);
}

/* The caller holds the CPU hotplug lock: a CPU that does not come would hang the others. */
int jh_el2_enter(struct jh_ioc_reason *why)
{
	struct el2_result result = { ATOMIC_INIT(0) };
	int err;

	on_each_cpu(enter_cpu, &result, 1);
	err = atomic_read(&result.error);
	return err ? jh_refuse_hypervisor(why, err) : 0;
}

static void leave_cpu(void *info)
{
	struct el2_result *result = info;
	long err = jh_hypercall(JH_HC_DISABLE, 0, 0);

	if (err)
		atomic_cmpxchg(&result->error, 0, (int)err);
}

int jh_el2_leave(void)
{
	struct el2_result result = { ATOMIC_INIT(0) };

	on_each_cpu(leave_cpu, &result, 1);
	return atomic_read(&result.error);
}
