// SPDX-License-Identifier: GPL-2.0-only
/* Refusals that say more than a number. */
#include <linux/kernel.h>
#include <linux/string.h>

#include "jailhouse.h"

int jh_refuse(struct jh_ioc_reason *why, int error, const char *code, const char *remedy, const char *format, ...)
{
	va_list args;

	why->error = error;
	strscpy(why->code, code, sizeof(why->code));
	strscpy(why->remedy, remedy, sizeof(why->remedy));
	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	return error;
}

bool jh_fatal_get(struct jh_reason *fatal)
{
	const struct jh_status *status = jh.memory + jh.header.public_offset + JH_PUBLIC_STATUS_OFFSET;

	/* Written once or seldom, by a CPU that is dying: a sentence that is torn is better than none. */
	memcpy(fatal, &status->fatal, sizeof(*fatal));
	fatal->code[sizeof(fatal->code) - 1] = 0;
	fatal->text[sizeof(fatal->text) - 1] = 0;
	return fatal->code[0];
}

/* The hypervisor wrote its own sentence; a stale one (another error) is not passed on. */
int jh_refuse_hypervisor(struct jh_ioc_reason *why, int error)
{
	const struct jh_status *status = jh.memory + jh.header.public_offset + JH_PUBLIC_STATUS_OFFSET;
	struct jh_reason reason;

	memcpy(&reason, &status->refusal, sizeof(reason));
	reason.code[sizeof(reason.code) - 1] = 0;
	reason.text[sizeof(reason.text) - 1] = 0;
	if (reason.error != error || !reason.code[0])
		return jh_refuse(why, error, "hypervisor-refused", "Read the hypervisor's log: jailhouse console.",
				 "The hypervisor refused the request with error %d.", error);
	return jh_refuse(why, error, reason.code, "Correct what the sentence names, then try again.", "%s",
			 reason.text);
}
