/* SPDX-License-Identifier: MIT */
/* The emulated board in small, a cell that may be created on it, and the checks between them. */
#ifndef CHECK_FIXTURE_H
#define CHECK_FIXTURE_H

#include <hv/check.h>
#include <hv/irq.h>

#include "cell_builder.h"

#define CHECK_GICD	0x08000000ULL
#define CHECK_RWX	(JH_MEM_READ | JH_MEM_WRITE | JH_MEM_EXECUTE)

extern const struct cell_builder check_root;
extern uint32_t check_root_irqs[IRQ_WORDS];	/* all but the banked ones */
extern struct jh_reason check_reason;		/* of the last refusal */
extern uint8_t check_bytes[16384];		/* of the cell that is built at the moment */

struct cell_builder check_good_cell(void);
struct check_system check_system_now(void);

/* Shape and claims of one cell: 0 or the error. */
int check_cell(const struct cell_builder *builder);
/* It is refused with this errno and code, and a sentence that ends. */
void check_refused(const struct cell_builder *builder, int error, const char *code);

int check_setup(void **state);
#define CHECK_TEST(name) cmocka_unit_test_setup(name, check_setup)

#endif
