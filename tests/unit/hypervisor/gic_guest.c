// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gic_guest.h"

struct cpu *const guest = &model_cpus[2];

uint64_t gicd_get(unsigned int offset, unsigned int size)
{
	return model_guest(guest, MODEL_GICD + offset, size, false, 0);
}

void gicd_put(unsigned int offset, unsigned int size, uint64_t value)
{
	model_guest(guest, MODEL_GICD + offset, size, true, value);
}

void nothing_foreign_changed(void)
{
	const char *change = watch_foreign_change(&alpha);

	if (change)
		fail_msg("%s", change);
}
