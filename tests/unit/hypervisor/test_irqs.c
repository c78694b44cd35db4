// SPDX-License-Identifier: MIT
/* Interrupts that change hands, and software-generated interrupts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gic_guest.h"

#define LIST(cpus)	((uint64_t)(cpus))
#define OTHERS		(1ULL << 40)
#define INTID(n)	((uint64_t)(n) << 24)
#define AFF1(n)		((uint64_t)(n) << 16)
#define AFF2(n)		((uint64_t)(n) << 32)
#define RANGE(n)	((uint64_t)(n) << 44)
#define AFF3(n)		((uint64_t)(n) << 48)

static int fresh(void **state)
{
	(void)state;
	model_reset(true);
	watch_start();
	return 0;
}

static void interrupt_that_changes_hands_is_as_after_a_reset(void **state)
{
	(void)state;
	irqs_reset(alpha.irqs, &model_cpus[6]);
	for (unsigned int i = 0; i < 32 * IRQ_WORDS; i++) {
		const struct model_irq *irq = &model.spi[i];

		if (!(alpha.irqs[i / 32] >> i % 32 & 1))
			continue;
		assert_false(irq->enabled || irq->pending || irq->active);
		assert_true(irq->group);
		assert_int_equal(irq->config, 0);
		assert_int_equal(irq->priority, GIC_PRIORITY);
		assert_int_equal(irq->route, model_cpus[6].mpidr);
	}
	nothing_foreign_changed();
}

static void group_of_a_fresh_interrupt_is_1(void **state)
{
	(void)state;
	model.spi[33].group = false;
	irqs_reset(alpha.irqs, &model_cpus[2]);
	assert_true(model.spi[33].group);
}

/* Alpha's CPU 2 was root's a moment ago. */
static void interrupt_of_root_leaves_a_cpu_that_is_gone(void **state)
{
	uint64_t betas = model.spi[34].route;

	(void)state;
	model.spi[32].route = model_cpus[2].mpidr;
	model.spi[64].route = 1ULL << 31;	/* any CPU */
	model.spi[65].route = model_cpus[1].mpidr;
	irqs_confine_root();
	assert_int_equal(model.spi[32].route, model_cpus[0].mpidr);
	assert_int_equal(model.spi[64].route, model_cpus[0].mpidr);
	assert_int_equal(model.spi[65].route, model_cpus[1].mpidr);
	assert_int_equal(model.spi[34].route, betas);
	assert_int_equal(model.wrong, 0);
}

static void pending_is_set_for_what_exists(void **state)
{
	(void)state;
	model.spi[32].pending = model.spi[1024 + 7].pending = false;
	irq_set_pending(32);
	irq_set_pending(4096 + 7);
	irq_set_pending(5);
	irq_set_pending(1020);
	irq_set_pending(8192);
	assert_true(model.spi[32].pending);
	assert_true(model.spi[1024 + 7].pending);
	assert_int_equal(model.accesses, 2);
}

static void sent(unsigned int from, uint64_t value, unsigned int count, uint64_t first)
{
	model.num_sgis = 0;
	vsgi_send(&model_cpus[from], value);
	assert_int_equal(model.num_sgis, count);
	if (count)
		assert_int_equal(model.sgi[0], first);
}

static void sgi_list_keeps_the_cells_own_cpus(void **state)
{
	(void)state;
	sent(2, INTID(3) | LIST(0xffff), 1, INTID(3) | LIST(0xc));
	sent(2, INTID(15) | LIST(0x4), 1, INTID(15) | LIST(0x4));
	sent(2, INTID(3) | LIST(0x3), 0, 0);
	sent(2, 0, 0, 0);
}

static void sgi_by_affinity_reaches_every_level(void **state)
{
	(void)state;
	sent(2, INTID(1) | AFF1(1) | LIST(0xffff), 0, 0);			/* beta's 4 and 5 */
	sent(2, INTID(1) | AFF1(1) | RANGE(1) | LIST(0xffff), 1, INTID(1) | AFF1(1) | RANGE(1) | LIST(0x4));
	sent(4, INTID(2) | AFF3(3) | AFF2(2) | AFF1(1) | LIST(0x20), 1,
	     INTID(2) | AFF3(3) | AFF2(2) | AFF1(1) | LIST(0x20));
	sent(4, INTID(2) | AFF3(3) | AFF2(2) | AFF1(1) | RANGE(1) | LIST(0x20), 0, 0);
	sent(2, INTID(2) | AFF3(3) | AFF2(2) | AFF1(1) | LIST(0x20), 0, 0);
}

static void sgi_to_all_others_stays_in_the_cell(void **state)
{
	(void)state;
	sent(2, INTID(5) | OTHERS, 2, INTID(5) | LIST(0x8));
	assert_int_equal(model.sgi[1], INTID(5) | AFF1(1) | RANGE(1) | LIST(0x4));
	/* The affinity fields and the list mean nothing then. */
	sent(6, INTID(5) | OTHERS | AFF1(1) | LIST(0xffff), 1, INTID(5) | LIST(0xc));
}

static void reserved_bits_of_an_sgi_go_nowhere(void **state)
{
	(void)state;
	sent(2, 0xff000e00f0000000ULL | INTID(3) | LIST(0xf), 1, INTID(3) | LIST(0xc));
	sent(2, 0xff000e00f0000000ULL | INTID(3) | AFF3(0xf0) | LIST(0xf), 0, 0);
}

static void only_own_interrupts_can_be_deactivated(void **state)
{
	(void)state;
	assert_true(vgic_may_deactivate(&alpha, 0));
	assert_true(vgic_may_deactivate(&alpha, 31));
	assert_true(vgic_may_deactivate(&alpha, 33));
	assert_true(vgic_may_deactivate(&alpha, 1056));
	assert_true(vgic_may_deactivate(&alpha, 4096));
	assert_false(vgic_may_deactivate(&alpha, 34));
	assert_false(vgic_may_deactivate(&alpha, 1021));
	assert_false(vgic_may_deactivate(&alpha, 4097));
	assert_false(vgic_may_deactivate(&alpha, 8192));
	assert_false(vgic_may_deactivate(&alpha, 0xffffff));
}

#define CASE(name) cmocka_unit_test_setup(name, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(interrupt_that_changes_hands_is_as_after_a_reset),
		CASE(group_of_a_fresh_interrupt_is_1),
		CASE(interrupt_of_root_leaves_a_cpu_that_is_gone),
		CASE(pending_is_set_for_what_exists),
		CASE(sgi_list_keeps_the_cells_own_cpus),
		CASE(sgi_by_affinity_reaches_every_level),
		CASE(sgi_to_all_others_stays_in_the_cell),
		CASE(reserved_bits_of_an_sgi_go_nowhere),
		CASE(only_own_interrupts_can_be_deactivated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
