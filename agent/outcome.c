// SPDX-License-Identifier: MIT
#include "outcome.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void outcome_refuse(struct outcome *outcome, int error, const char *code, const char *remedy, const char *format, ...)
{
	struct driver_reason *reason = &outcome->reason;
	va_list arguments;

	outcome->error = error;
	reason->pointer[0] = '\0';
	snprintf(reason->code, sizeof(reason->code), "%s", code);
	snprintf(reason->remedy, sizeof(reason->remedy), "%s", remedy);
	va_start(arguments, format);
	vsnprintf(reason->text, sizeof(reason->text), format, arguments);
	va_end(arguments);
}

/* The driver may know only a number (an older one, or a signal in between): never hand out an empty reason. */
void outcome_driver(struct outcome *outcome, int err, const char *what, const char *name)
{
	outcome->error = err;
	if (err && !outcome->reason.code[0])
		outcome_refuse(outcome, err, "driver-refused", "Look at the kernel log of the board.",
			       "The driver refused to %s%s%s: %s.", what, *name ? " " : "", name, strerror(-err));
}

static const char *text_of(const cJSON *error, const char *name, const char *otherwise)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(error, name));

	return text ? text : otherwise;
}

/* Code and remedy are the first one's; whoever mends that only would meet the next. */
static void add_others(struct driver_reason *reason, const cJSON *first)
{
	size_t used = strlen(reason->text);

	for (const cJSON *error = first ? first->next : NULL; error; error = error->next) {
		const char *text = text_of(error, "detail", "");

		if (used + 1 + strlen(text) >= sizeof(reason->text))
			return;
		used += (size_t)snprintf(reason->text + used, sizeof(reason->text) - used, " %s", text);
	}
}

void outcome_definition(struct outcome *outcome, int err, const cJSON *errors)
{
	const cJSON *first = errors ? errors->child : NULL;

	outcome_refuse(outcome, err, text_of(first, "code", "definition-refused"),
		       text_of(first, "remedy", "Correct the definition."), "%s",
		       text_of(first, "detail", "The definition does not compile."));
	add_others(&outcome->reason, first);
	snprintf(outcome->reason.pointer, sizeof(outcome->reason.pointer), "%s", text_of(first, "pointer", ""));
}
