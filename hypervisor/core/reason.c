// SPDX-License-Identifier: MIT
#include <hv/reason.h>

#include "../lib/printf.h"

int refuse(struct jh_reason *reason, int error, const char *code, const char *format, ...)
{
	va_list args;

	/* Odd while it is written: a reader in the root cell sees a whole reason or tries again. */
	__atomic_store_n(&reason->sequence, reason->sequence | 1, __ATOMIC_SEQ_CST);
	reason->error = error;
	hv_snprintf(reason->code, sizeof(reason->code), "%s", code);
	va_start(args, format);
	hv_vsnprintf(reason->text, sizeof(reason->text), format, args);
	va_end(args);
	__atomic_store_n(&reason->sequence, reason->sequence + 1, __ATOMIC_SEQ_CST);
	return error;
}
