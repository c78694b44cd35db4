// SPDX-License-Identifier: MIT
#include "linux_cell.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

int linux_refuse(struct linux_problem *problem, const char *code, const char *remedy, const char *format, ...)
{
	va_list values;

	snprintf(problem->code, sizeof(problem->code), "%s", code);
	snprintf(problem->remedy, sizeof(problem->remedy), "%s", remedy);
	va_start(values, format);
	vsnprintf(problem->text, sizeof(problem->text), format, values);
	va_end(values);
	return -EINVAL;
}
