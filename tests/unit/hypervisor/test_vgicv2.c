// SPDX-License-Identifier: MIT
/* What only a GICv2 has: target lists, GICD_SGIR, banked registers, a management SGI that is nobody's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gic_guest.h"

/* CPU n has interface 7 - n: alpha's CPUs 2, 3 and 6 are bits 5, 4 and 1. */
#define ALPHA 0x32u

static int fresh(void **state)
{
	(void)state;
	model_reset_v2();
	watch_start();
	return 0;
}

static void target_is_a_cpu_of_the_cell(void **state)
{
	(void)state;
	gicd_put(GICD_ITARGETSR + 33, 1, 0x02);
	assert_int_equal(model.spi[33].route, 0x02);
	gicd_put(GICD_ITARGETSR + 33, 1, 0xff);
	assert_int_equal(model.spi[33].route, ALPHA);
	gicd_put(GICD_ITARGETSR + 33, 1, 0xcd);	/* others only */
	assert_int_equal(model.spi[33].route, ALPHA);
	gicd_put(GICD_ITARGETSR + 33, 1, 0);
	assert_int_equal(model.spi[33].route, 0);
	nothing_foreign_changed();
}

static void targets_of_the_neighbours_stay(void **state)
{
	(void)state;
	gicd_put(GICD_ITARGETSR + 32, 4, 0x10101010);	/* 33 and 35 are alpha's */
	assert_int_equal(gicd_get(GICD_ITARGETSR + 32, 4), 0x10001000);
	gicd_put(GICD_ITARGETSR + 34, 2, 0x2020);
	assert_int_equal(gicd_get(GICD_ITARGETSR + 34, 2), 0x2000);
	gicd_put(GICD_ITARGETSR + 96, 8, ~0ULL);
	assert_int_equal(gicd_get(GICD_ITARGETSR + 96, 8), 0);
	nothing_foreign_changed();
}

static void own_interface_number_can_be_read(void **state)
{
	(void)state;
	assert_int_equal(gicd_get(GICD_ITARGETSR, 4), 0x20202020);
	assert_int_equal(gicd_get(GICD_ITARGETSR + 31, 1), 0x20);
	gicd_put(GICD_ITARGETSR, 4, 0xffffffff);
	assert_int_equal(gicd_get(GICD_ITARGETSR, 4), 0x20202020);
	nothing_foreign_changed();
}

static void sent(uint32_t value, unsigned int count, uint32_t expected)
{
	model.num_sgis = 0;
	gicd_put(GICD_SGIR, 4, value);
	assert_int_equal(model.num_sgis, count);
	if (count)
		assert_int_equal(model.sgi[0], expected);
}

static void sgi_stays_in_the_cell(void **state)
{
	(void)state;
	sent(0x00ff0003, 1, ALPHA << 16 | 3);
	sent(0x00100003, 1, 0x00100003);
	sent(0x00cd0003, 0, 0);
	sent(0x01000003, 1, (ALPHA & ~0x20u) << 16 | 3);	/* all others */
	sent(0x02000003, 1, 0x00200003);			/* itself */
	sent(0x03ff0003, 0, 0);					/* reserved */
	sent(0x00ff8005, 1, ALPHA << 16 | 5);			/* NSATT is not the guest's to choose */
	nothing_foreign_changed();
}

static void management_sgi_is_nobodys(void **state)
{
	(void)state;
	sent(0x00ff000f, 0, 0);
	gicd_put(GIC_ICENABLER, 4, ~0u);
	gicd_put(GIC_IPRIORITYR + 12, 4, 0xffffffff);
	gicd_put(GIC_IPRIORITYR + 15, 1, 0xff);
	gicd_put(GICD_CPENDSGIR + 12, 4, ~0u);
	gicd_put(GICD_SPENDSGIR + 15, 1, 0xff);
	gicd_put(GIC_ISACTIVER, 4, ~0u);
	assert_int_equal(gicd_get(GIC_ISACTIVER, 4), 0xffff7fff);
	nothing_foreign_changed();
}

static void private_interrupts_are_this_cpus_own(void **state)
{
	(void)state;
	gicd_put(GIC_ICENABLER, 4, ~0u);
	gicd_put(GIC_ISENABLER, 4, 1u << 27 | 1);
	assert_int_equal(gicd_get(GIC_ISENABLER, 4), 1u << 27 | 1);
	gicd_put(GIC_IPRIORITYR + 27, 1, 0x40);
	assert_int_equal(model.private[2][27].priority, 0x40);
	nothing_foreign_changed();
}

/* Switched to edge while it is high, the timer of somebody else would not be seen again. */
static void what_ppis_are_triggered_by_is_nobodys(void **state)
{
	uint64_t before;

	(void)state;
	model.private[2][27].config = 2;
	watch_start();
	before = gicd_get(GIC_ICFGR + 4, 4);
	assert_int_equal(before & 0x00c00000, 0x00800000);
	gicd_put(GIC_ICFGR + 4, 4, 0xffffffff);
	gicd_put(GIC_ICFGR + 4, 4, 0);
	gicd_put(GIC_ICFGR, 4, 0);
	assert_int_equal(gicd_get(GIC_ICFGR + 4, 4), before);
	nothing_foreign_changed();
}

static void pending_sgis_are_set_and_taken_back(void **state)
{
	(void)state;
	gicd_put(GICD_SPENDSGIR + 4, 4, 0x00ff0200);
	assert_int_equal(gicd_get(GICD_SPENDSGIR + 4, 4), ALPHA << 16 | 0x0200);
	gicd_put(GICD_CPENDSGIR + 6, 1, 0x30);
	assert_int_equal(gicd_get(GICD_CPENDSGIR + 6, 1), 0x02);
	assert_int_equal(model.senders[2][5], 0x02);
	nothing_foreign_changed();
}

static void deactivate(uint32_t value)
{
	model_guest(guest, MODEL_GICC + GICC_DIR, 4, true, value);
}

static void only_own_interrupts_are_deactivated(void **state)
{
	(void)state;
	model.spi[33].active = model.spi[34].active = true;
	watch_start();
	deactivate(33);
	deactivate(34);
	assert_false(model.spi[33].active);
	assert_int_equal(model_guest(guest, MODEL_GICC + GICC_DIR, 4, false, 0), 0);
	nothing_foreign_changed();
}

static void interrupt_changes_hands_with_its_target(void **state)
{
	(void)state;
	irqs_reset(alpha.irqs, &model_cpus[6]);
	assert_int_equal(model.spi[33].route, 0x02);
	assert_int_equal(model.spi[34].route, 0x08);
	assert_int_equal(model.wrong, 0);
}

static void interrupt_of_root_leaves_a_cpu_that_is_gone(void **state)
{
	(void)state;
	model.spi[64].route = 0xa0;	/* root's CPU 0, and 2 that is alpha's now */
	model.spi[65].route = 0x40;
	irqs_confine_root();
	assert_int_equal(model.spi[64].route, 0x80);
	assert_int_equal(model.spi[65].route, 0x40);
	assert_int_equal(model.spi[33].route, 0x20);
	assert_int_equal(model.wrong, 0);
}

static void registers_of_a_gicv3_are_not_there(void **state)
{
	struct mmio mmio = { MODEL_GICD + GICD_IROUTER + 8 * 33, 8, true, 0 };

	(void)state;
	assert_false(vgic_access(guest, &mmio));
	gicd_put(GICD_SETSPI_NSR, 4, 33);
	assert_int_equal(gicd_get(0xfe8, 4), 0x2b);
	assert_int_equal(gicd_get(0xd00, 4), 0);
	nothing_foreign_changed();
}

static void no_access_reaches_what_is_not_the_cells(void **state)
{
	static const uint64_t values[] = { 0, ~0ULL, 0x0123456789abcdef };

	(void)state;
	for (unsigned int offset = 0; offset < 0x1000; offset++)
		for (unsigned int size = 1; size <= 8; size *= 2)
			for (unsigned int i = 0; i < 3; i++) {
				gicd_put(offset, size, values[i]);
				gicd_get(offset, size);
				model.num_sgis = 0;
			}
	nothing_foreign_changed();
}

#define CASE(name) cmocka_unit_test_setup(name, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(target_is_a_cpu_of_the_cell),
		CASE(targets_of_the_neighbours_stay),
		CASE(own_interface_number_can_be_read),
		CASE(sgi_stays_in_the_cell),
		CASE(management_sgi_is_nobodys),
		CASE(private_interrupts_are_this_cpus_own),
		CASE(what_ppis_are_triggered_by_is_nobodys),
		CASE(pending_sgis_are_set_and_taken_back),
		CASE(only_own_interrupts_are_deactivated),
		CASE(interrupt_changes_hands_with_its_target),
		CASE(interrupt_of_root_leaves_a_cpu_that_is_gone),
		CASE(registers_of_a_gicv3_are_not_there),
		CASE(no_access_reaches_what_is_not_the_cells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
