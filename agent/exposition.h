/* SPDX-License-Identifier: MIT */
/* The text format that Prometheus reads, version 0.0.4. Names of cells need no escapes: see api_name_valid(). */
#ifndef AGENT_EXPOSITION_H
#define AGENT_EXPOSITION_H

#include <inttypes.h>
#include <stdio.h>

static inline void exposition_family(FILE *file, const char *name, const char *type, const char *help)
{
	fprintf(file, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* A family of one sample without labels. */
static inline void exposition_single(FILE *file, const char *name, const char *type, const char *help, double value)
{
	exposition_family(file, name, type, help);
	fprintf(file, "%s %.17g\n", name, value);
}

#endif
