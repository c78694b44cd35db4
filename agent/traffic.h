/* SPDX-License-Identifier: MIT */
/* How many requests were answered, how, and how long it took: counted without a lock. */
#ifndef AGENT_TRAFFIC_H
#define AGENT_TRAFFIC_H

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

#define TRAFFIC_BUCKETS 11 /* the last one: longer than all bounds */

enum traffic_kind { TRAFFIC_DASHBOARD, TRAFFIC_API, TRAFFIC_REDFISH, TRAFFIC_METRICS, TRAFFIC_KINDS };

struct traffic {
	_Atomic uint64_t answers[TRAFFIC_KINDS][6]; /* by the first digit of the status */
	_Atomic uint64_t buckets[TRAFFIC_KINDS][TRAFFIC_BUCKETS];
	_Atomic uint64_t nanoseconds[TRAFFIC_KINDS];
};

/* path NULL: what was asked for could not be read. */
void traffic_count(struct traffic *traffic, const char *path, int status, uint64_t nanoseconds);
void traffic_print(struct traffic *traffic, FILE *file); /* as Prometheus reads it */

#endif
