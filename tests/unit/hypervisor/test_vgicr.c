// SPDX-License-Identifier: MIT
/* Redistributors as a cell sees them: all of it in its own, who they are for in the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gic_guest.h"

#define SGI(offset) (GICR_SGI_BASE + (offset))

static int fresh(void **state)
{
	(void)state;
	model_reset(true);
	watch_start();
	return 0;
}

static uint64_t get(unsigned int of, unsigned int offset, unsigned int size)
{
	return model_guest(guest, model_cpus[of].gicr + offset, size, false, 0);
}

static void put(unsigned int of, unsigned int offset, unsigned int size, uint64_t value)
{
	model_guest(guest, model_cpus[of].gicr + offset, size, true, value);
}

static void own_interrupts_can_be_set_up_completely(void **state)
{
	(void)state;
	for (unsigned int word = 0; word < 3; word++) {
		put(2, SGI(GIC_ISENABLER) + 4 * word, 4, ~0u);
		assert_int_equal(get(2, SGI(GIC_ICENABLER) + 4 * word, 4), 0xffffffff);
		put(2, SGI(GIC_ICENABLER) + 4 * word, 4, 0xf0f0f0f0);
		assert_int_equal(get(2, SGI(GIC_ISENABLER) + 4 * word, 4), 0x0f0f0f0f);
		put(2, SGI(GIC_ICPENDR) + 4 * word, 4, ~0u);
		put(2, SGI(GIC_ISPENDR) + 4 * word, 4, 0x10);
		assert_int_equal(get(2, SGI(GIC_ICPENDR) + 4 * word, 4), 0x10);
		put(2, SGI(GIC_ISACTIVER) + 4 * word, 4, ~0u);
		put(2, SGI(GIC_ICACTIVER) + 4 * word, 4, ~0x20u);
		assert_int_equal(get(2, SGI(GIC_ISACTIVER) + 4 * word, 4), 0x20);
	}
	put(2, SGI(GIC_ICFGR) + 4, 4, 0x00800000);
	assert_int_equal(model.private[2][27].config, 2);
	put(2, SGI(GIC_ICFGR) + 20, 4, 2);
	assert_int_equal(model.private[2][80].config, 2);
	nothing_foreign_changed();
}

static void own_priorities_by_byte_halfword_and_word(void **state)
{
	(void)state;
	put(2, SGI(GIC_IPRIORITYR) + 27, 1, 0x10);
	put(2, SGI(GIC_IPRIORITYR) + 24, 2, 0x3020);
	put(2, SGI(GIC_IPRIORITYR) + 92, 4, 0x40506070);
	assert_int_equal(model.private[2][27].priority, 0x10);
	assert_int_equal(get(2, SGI(GIC_IPRIORITYR) + 24, 4) & 0xffff, 0x3020);
	assert_int_equal(get(2, SGI(GIC_IPRIORITYR) + 25, 1), 0x30);
	assert_int_equal(get(2, SGI(GIC_IPRIORITYR) + 92, 4), 0x40506070);
	nothing_foreign_changed();
}

static void another_cpu_of_the_cell_is_its_own_too(void **state)
{
	(void)state;
	put(6, SGI(GIC_ICENABLER), 4, ~0u);
	put(6, SGI(GIC_ISENABLER), 4, 1 << 27);
	assert_int_equal(get(6, SGI(GIC_ISENABLER), 4), 1 << 27);
	nothing_foreign_changed();
}

static void foreign_redistributor_says_who_it_is_for_and_no_more(void **state)
{
	static const unsigned int quiet[] = { GICR_CTLR,	GICR_WAKER,	   SGI(GIC_ISENABLER),
					      SGI(GIC_ISPENDR), SGI(GIC_IGROUPR),  SGI(GIC_IPRIORITYR),
					      SGI(GIC_ICFGR),	SGI(GIC_ICFGR) + 4 };

	(void)state;
	assert_int_equal(get(4, GICR_TYPER + 4, 4), 0x100);
	assert_int_equal(get(7, GICR_TYPER, 8) >> 32, 0x03020105);
	assert_int_equal(get(4, GICR_IIDR, 4), 0x43b);
	assert_int_equal(get(4, GICD_PIDR2, 4), 0x43b);
	for (unsigned int i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++) {
		put(4, quiet[i], 4, ~0u);
		put(0, quiet[i], 4, ~0u);
		assert_int_equal(get(4, quiet[i], 4), 0);
	}
	nothing_foreign_changed();
}

static void last_is_the_last_of_the_window(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < MODEL_CPUS; i++)
		assert_int_equal(!!(get(i, GICR_TYPER, 8) & GICR_TYPER_LAST), i == MODEL_CPUS - 1);
}

static void lpis_are_not_offered_and_stay_off(void **state)
{
	(void)state;
	model.gicr_ctlr[2] = GICR_CTLR_LPIS | GICR_CTLR_RWP;
	watch_start();
	assert_int_equal(get(2, GICR_TYPER, 4) & (GICR_TYPER_PLPIS | GICR_TYPER_DIRECT_LPI), 0);
	assert_int_equal(get(2, GICR_CTLR, 4), GICR_CTLR_RWP);
	put(2, GICR_CTLR, 4, 0);
	put(2, 0x70, 8, ~0ULL);		/* PROPBASER */
	assert_int_equal(get(2, 0x70, 8), 0);
	nothing_foreign_changed();
}

static void sleeping_redistributor_is_only_told_so(void **state)
{
	(void)state;
	assert_int_equal(get(2, GICR_WAKER, 4), 0);
	put(2, GICR_WAKER, 4, GICR_WAKER_SLEEP);
	assert_int_equal(get(2, GICR_WAKER, 4), GICR_WAKER_SLEEP | GICR_WAKER_ASLEEP);
	put(2, GICR_WAKER, 4, 0);
	assert_int_equal(get(2, GICR_WAKER, 4), 0);
	nothing_foreign_changed();
}

static void group_0_is_out_of_reach(void **state)
{
	(void)state;
	put(2, SGI(GIC_IGROUPR), 4, 0);
	put(2, SGI(0xd00), 4, ~0u);	/* IGRPMODR0 */
	put(2, SGI(0xe00), 4, ~0u);	/* NSACR */
	assert_int_equal(get(2, SGI(GIC_IGROUPR), 4), 0xffffffff);
	assert_int_equal(get(2, SGI(0xd00), 4), 0);
	nothing_foreign_changed();
}

static void frames_of_a_gicv4_are_four(void **state)
{
	uint64_t before = model.accesses;

	(void)state;
	hv_gic.gicr_shift = 18;		/* four pairs of frames in the same window */
	model_cpus[2].gicr = MODEL_GICR + 0x40000;
	assert_int_equal(model_guest(guest, model_cpus[2].gicr + 0x20000 + 0x78, 8, false, 0), 0);	/* VPENDBASER */
	model_guest(guest, model_cpus[2].gicr + 0x30000 + 0x100, 4, true, ~0u);
	assert_int_equal(model.accesses, before);
	assert_int_equal(!!(model_guest(guest, MODEL_GICR + 0xc0000 + GICR_TYPER, 8, false, 0) & GICR_TYPER_LAST), 1);
}

static void no_access_reaches_what_is_not_the_cells(void **state)
{
	(void)state;
	for (unsigned int of = 0; of < MODEL_CPUS; of++)
		for (unsigned int offset = 0; offset < 0x20000; offset++)
			for (unsigned int size = 1; size <= 8; size *= 2) {
				put(of, offset, size, ~0ULL);
				get(of, offset, size);
			}
	nothing_foreign_changed();
}

#define CASE(name) cmocka_unit_test_setup(name, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(own_interrupts_can_be_set_up_completely),
		CASE(own_priorities_by_byte_halfword_and_word),
		CASE(another_cpu_of_the_cell_is_its_own_too),
		CASE(foreign_redistributor_says_who_it_is_for_and_no_more),
		CASE(last_is_the_last_of_the_window),
		CASE(lpis_are_not_offered_and_stay_off),
		CASE(sleeping_redistributor_is_only_told_so),
		CASE(group_0_is_out_of_reach),
		CASE(frames_of_a_gicv4_are_four),
		CASE(no_access_reaches_what_is_not_the_cells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
