// SPDX-License-Identifier: MIT
/*
 * A cell with CPUs 2 and 3 asks PSCI and SMCCC everything, by SMC and by HVC #0, and says what it got: a line a check. Built
 * with KIND_loop it does nothing but reset itself.
 */
#include "calls.h"
#include "inmate.h"

extern char other_entry[];

static void (*conduit)(struct registers *registers);
static const char *conduit_name;

/* A loop, because the compiler would call memset for an initialiser, and there is none. */
static void fill(struct registers *r, uint64_t function, uint64_t step)
{
	r->x[0] = function;
	for (unsigned int i = 1; i < CALL_REGISTERS; i++)
		r->x[i] = step * i;
}

static int64_t call(uint64_t function, uint64_t a1, uint64_t a2, uint64_t a3)
{
	struct registers r;

	fill(&r, function, 0);
	r.x[1] = a1;
	r.x[2] = a2;
	r.x[3] = a3;
	conduit(&r);
	return (int64_t)r.x[0];
}

static void check(const char *what, bool good)
{
	print("%s: %s%s\n", good ? "ok" : "NOT OK", conduit_name, what);
}

static void expect(const char *what, int64_t got, int64_t wanted)
{
	check(what, got == wanted);
	if (got != wanted)
		print("    got %ld, not %ld\n", got, wanted);
}

static void all_kept(void)
{
	struct registers r;
	bool kept = true;

	fill(&r, PSCI_VERSION, 0x0807060504030201ull);
	conduit(&r);
	for (unsigned int i = 1; i < CALL_REGISTERS; i++)
		kept = kept && r.x[i] == 0x0807060504030201ull * i;
	check("a call keeps x1 to x17", kept && r.x[0] == 0x10001);
}

static void identification(void)
{
	expect("PSCI is 1.1", call(PSCI_VERSION, 0, 0, 0), 0x10001);
	expect("SMCCC is 1.2", call(SMCCC_VERSION, 0, 0, 0), 0x10002);
	expect("no OS to migrate", call(PSCI_MIGRATE_TYPE, 0, 0, 0), 2);
	expect("FEATURES has SMCCC", call(PSCI_FEATURES, 0x80000000, 0, 0), 0);
	expect("FEATURES has CPU_ON", call(PSCI_FEATURES, PSCI_CPU_ON | SMCCC_64, 0, 0), 0);
	expect("FEATURES: CPU_SUSPEND has the original format", call(PSCI_FEATURES, PSCI_CPU_SUSPEND, 0, 0), 0);
	expect("FEATURES has SYSTEM_RESET2", call(PSCI_FEATURES, PSCI_SYSTEM_RESET2, 0, 0), 0);
	expect("FEATURES has no 64-bit VERSION", call(PSCI_FEATURES, PSCI_VERSION | SMCCC_64, 0, 0),
	       PSCI_NOT_SUPPORTED);
	expect("FEATURES has no SYSTEM_SUSPEND", call(PSCI_FEATURES, 0x8400000e, 0, 0), PSCI_NOT_SUPPORTED);
	expect("SYSTEM_SUSPEND is not supported", call(0xc400000e, 0, 0, 0), PSCI_NOT_SUPPORTED);
	expect("a 64-bit VERSION is not supported", call(PSCI_VERSION | SMCCC_64, 0, 0, 0), PSCI_NOT_SUPPORTED);
	expect("ARCH_FEATURES has itself", call(SMCCC_ARCH_FEATURES, SMCCC_ARCH_FEATURES, 0, 0), 0);
	expect("workarounds are what the firmware says", call(SMCCC_ARCH_FEATURES, 0x80008000, 0, 0),
	       PSCI_NOT_SUPPORTED);
	expect("SOC_ID is what the firmware says", call(0x80000002, 0, 0, 0), PSCI_NOT_SUPPORTED);
	expect("the vendor's services are not supported", call(0x82000000, 0, 0, 0), PSCI_NOT_SUPPORTED);
	expect("a trusted OS is not supported", call(0xb2000000, 0, 0, 0), PSCI_NOT_SUPPORTED);
	expect("nonsense is not supported", call(0x539, 0, 0, 0), PSCI_NOT_SUPPORTED);
	all_kept();
}

static void affinity(void)
{
	expect("this CPU is on", call(PSCI_AFFINITY_INFO, 2, 0, 0), 0);
	expect("the other one is off", call(PSCI_AFFINITY_INFO | SMCCC_64, 3, 0, 0), 1);
	expect("root's CPU is nobody", call(PSCI_AFFINITY_INFO, 0, 0, 0), PSCI_INVALID_PARAMETERS);
	expect("a cluster is on when one of it is", call(PSCI_AFFINITY_INFO, 3, 1, 0), 0);
	expect("so is the system", call(PSCI_AFFINITY_INFO, 3, 3, 0), 0);
	expect("there is no level 4", call(PSCI_AFFINITY_INFO, 3, 4, 0), PSCI_INVALID_PARAMETERS);
	expect("affinities have no other bits", call(PSCI_AFFINITY_INFO | SMCCC_64, 1ull << 31 | 3, 0, 0),
	       PSCI_INVALID_PARAMETERS);
}

/* --- the other CPU: does what it is told, then goes off. */
enum task { REPORT, SUSPEND, SPIN };
static volatile enum task task;
static volatile uint64_t arrived, context_seen, registers_seen, el1_seen;

void other_main(uint64_t context, uint64_t others);
void other_main(uint64_t context, uint64_t others)
{
	context_seen = context;
	registers_seen = others;
	el1_seen = read_sysreg(vbar_el1) | read_sysreg(ttbr0_el1) | read_sysreg(tpidr_el1);
	write_sysreg(tpidr_el1, 0x5ec7e7);
	arrived = arrived + 1;
	while (task == SPIN)
		;
	if (task == SUSPEND && arrived == 1) {
		/* Wakes by its timer, which goes on: the first PPI that is enabled. */
		gic_init();
		gic_enable_ppi(27);
		write_sysreg(cntv_cval_el0, read_sysreg(cntvct_el0) + read_sysreg(cntfrq_el0) / 100);
		write_sysreg(cntv_ctl_el0, 1);
		context_seen =
			(uint64_t)call(PSCI_CPU_SUSPEND | SMCCC_64, PSCI_POWERDOWN, (uint64_t)other_entry, context + 1);
		return;
	}
	call(PSCI_CPU_OFF, 0, 0, 0);
}

/* MMU and caches of the other CPU are off: what it wrote is looked at in memory. */
static bool wait_for(const volatile uint64_t *word, uint64_t value)
{
	uint64_t end = read_sysreg(cntvct_el0) + 2 * read_sysreg(cntfrq_el0);

	while (*word != value && read_sysreg(cntvct_el0) < end)
		asm volatile("yield");
	return *word == value;
}

static bool other_is(int64_t state)
{
	uint64_t end = read_sysreg(cntvct_el0) + 2 * read_sysreg(cntfrq_el0);

	while (call(PSCI_AFFINITY_INFO, 3, 0, 0) != state && read_sysreg(cntvct_el0) < end)
		asm volatile("yield");
	return call(PSCI_AFFINITY_INFO, 3, 0, 0) == state;
}

static void turn_on(enum task what, uint64_t function)
{
	task = what;
	arrived = 0;
	expect("CPU_ON", call(function, 3, (uint64_t)other_entry, 0x11112222), 0);
}

static void cpu_on_and_off(void)
{
	uint64_t entry = (uint64_t)other_entry;

	expect("CPU_ON of a foreign CPU", call(PSCI_CPU_ON, 1, entry, 0), PSCI_INVALID_PARAMETERS);
	expect("CPU_ON of an absent CPU", call(PSCI_CPU_ON, 0x100, entry, 0), PSCI_INVALID_PARAMETERS);
	expect("CPU_ON of itself", call(PSCI_CPU_ON, 2, entry, 0), PSCI_ALREADY_ON);
	expect("CPU_ON at an address outside", call(PSCI_CPU_ON, 3, 0x50000000, 0), PSCI_INVALID_ADDRESS);
	expect("CPU_ON in the communication region", call(PSCI_CPU_ON, 3, 0x80000000, 0), PSCI_INVALID_ADDRESS);
	expect("CPU_ON at an odd address", call(PSCI_CPU_ON, 3, entry + 2, 0), PSCI_INVALID_ADDRESS);
	check("refusals turn nothing on", other_is(1));
	for (unsigned int i = 0; i < 2; i++) {
		turn_on(REPORT, i ? PSCI_CPU_ON : PSCI_CPU_ON | SMCCC_64);
		check("it arrives", wait_for(&arrived, 1));
		check("with the context in x0", context_seen == 0x11112222);
		check("and nothing in the others", registers_seen == 0 && el1_seen == 0);
		check("CPU_OFF turns it off", other_is(1));
	}
	turn_on(SPIN, PSCI_CPU_ON);
	check("it spins", wait_for(&arrived, 1));
	expect("CPU_ON of a running CPU", call(PSCI_CPU_ON, 3, entry, 0), PSCI_ALREADY_ON);
	task = REPORT;
	check("CPU_OFF after that", other_is(1));
}

static void suspend(void)
{
	expect("CPU_SUSPEND with reserved bits", call(PSCI_CPU_SUSPEND, 1 << 20, 0, 0), PSCI_INVALID_PARAMETERS);
	expect("powerdown with an entry outside", call(PSCI_CPU_SUSPEND, PSCI_POWERDOWN, 0x50000000, 0),
	       PSCI_INVALID_ADDRESS);
	gic_enable_ppi(27);
	write_sysreg(cntv_cval_el0, read_sysreg(cntvct_el0) + read_sysreg(cntfrq_el0) / 100);
	write_sysreg(cntv_ctl_el0, 1);
	expect("standby returns", call(PSCI_CPU_SUSPEND, 0, 0, 0), 0);
	check("when its timer is due", read_sysreg(cntv_ctl_el0) & 4);
	write_sysreg(cntv_ctl_el0, 0);
	turn_on(SUSPEND, PSCI_CPU_ON);
	check("powerdown wakes at its entry", wait_for(&arrived, 2));
	check("with its own context", context_seen == 0x11112223);
	check("and nothing else", registers_seen == 0 && el1_seen == 0);
	check("CPU_OFF after that", other_is(1));
}

static void all(void (*by)(struct registers *registers), const char *name)
{
	struct registers r;

	fill(&r, PSCI_VERSION, 0);
	conduit = by;
	conduit_name = name;
	identification();
	affinity();
	cpu_on_and_off();
	suspend();
	call_smc_1(&r);
	expect("other immediates are nobody's", (int64_t)r.x[0], PSCI_NOT_SUPPORTED);
}

/* In .data: a start loads it, a reset keeps it. */
static volatile uint64_t boots __attribute__((section(".data"))) = 0;

static void reset(uint64_t function)
{
	call(function, 0, 0, 0);
	print("NOT OK: a reset came back\n");
}

void inmate_main(void)
{
	boots = boots + 1;
	conduit = call_smc;
	conduit_name = "";
#ifdef KIND_loop
	reset(PSCI_SYSTEM_RESET);
#endif
	if (boots == 1) {
		all(call_smc, "smc: ");
		all(call_hvc, "hvc: ");
		expect("a vendor's reset is refused", call(PSCI_SYSTEM_RESET2, 1u << 31, 0, 0),
		       PSCI_INVALID_PARAMETERS);
		turn_on(SPIN, PSCI_CPU_ON);
		wait_for(&arrived, 1);
		reset(PSCI_SYSTEM_RESET);
	} else if (boots == 2) {
		check("SYSTEM_RESET starts the cell again with its memory", true);
		check("the other CPU is off after it", other_is(1));
		check("MMU and registers are fresh", read_sysreg(tpidr_el1) == 0);
		write_sysreg(tpidr_el1, 0x5ec7e7);
		conduit = call_hvc;
		reset(PSCI_SYSTEM_RESET2 | SMCCC_64);
	} else if (boots < 10) {
		reset(PSCI_SYSTEM_RESET);
	}
	check("SYSTEM_RESET2 and seven more resets", boots == 10 && read_sysreg(tpidr_el1) == 0);
	print("power: done\n");
	call(PSCI_SYSTEM_OFF, 0, 0, 0);
	print("NOT OK: SYSTEM_OFF came back\n");
}
