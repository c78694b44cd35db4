// SPDX-License-Identifier: MIT
/* For the fatal suite: `echo CPU CODE > /sys/module/root_faults/parameters/call` makes a hypercall on that CPU and does not wait for it. */
#include <linux/module.h>
#include <linux/smp.h>
#include <jailhouse/hypercall.h>

static void call(void *info)
{
	register unsigned long x0 asm("x0") = (unsigned long)info;
	register unsigned long x1 asm("x1") = 0;
	register unsigned long x2 asm("x2") = 0;

	asm volatile("hvc %[imm]" : "+r"(x0), "+r"(x1), "+r"(x2) : [imm] "i"(JH_HVC_IMMEDIATE) : "x3", "memory");
}

static int call_set(const char *text, const struct kernel_param *param)
{
	unsigned long code;
	int cpu;

	if (sscanf(text, "%d %lx", &cpu, &code) != 2)
		return -EINVAL;
	return smp_call_function_single(cpu, call, (void *)code, 0);
}

static const struct kernel_param_ops call_ops = { .set = call_set };
module_param_cb(call, &call_ops, NULL, 0200);

MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("Makes CPUs of root fail in a hypervisor that was built for it");
