// SPDX-License-Identifier: MIT
#include "traffic.h"

#include "exposition.h"

#include <inttypes.h>
#include <string.h>

static const struct {
	uint64_t nanoseconds;
	const char *seconds;
} bounds[TRAFFIC_BUCKETS - 1] = {
	{ 500000, "0.0005" },	  { 1000000, "0.001" },	  { 2500000, "0.0025" },  { 5000000, "0.005" },
	{ 10000000, "0.01" },	  { 50000000, "0.05" },	  { 250000000, "0.25" },  { 1000000000, "1.0" },
	{ 10000000000, "10.0" },  { 60000000000, "60.0" },
};

static const char *const kinds[TRAFFIC_KINDS] = { "dashboard", "api", "redfish", "metrics" };

static enum traffic_kind kind_of(const char *path)
{
	if (!path || strncmp(path, "/api/", 5) == 0)
		return TRAFFIC_API;
	if (strncmp(path, "/redfish", 8) == 0)
		return TRAFFIC_REDFISH;
	return strcmp(path, "/metrics") == 0 ? TRAFFIC_METRICS : TRAFFIC_DASHBOARD;
}

void traffic_count(struct traffic *traffic, const char *path, int status, uint64_t nanoseconds)
{
	enum traffic_kind kind = kind_of(path);
	size_t bucket = 0;

	while (bucket < TRAFFIC_BUCKETS - 1 && nanoseconds > bounds[bucket].nanoseconds)
		bucket++;
	atomic_fetch_add_explicit(&traffic->answers[kind][status >= 100 && status < 600 ? status / 100 : 5], 1,
				  memory_order_relaxed);
	atomic_fetch_add_explicit(&traffic->buckets[kind][bucket], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&traffic->nanoseconds[kind], nanoseconds, memory_order_relaxed);
}

static void print_histogram(struct traffic *traffic, enum traffic_kind kind, FILE *file)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < TRAFFIC_BUCKETS; i++) {
		sum += traffic->buckets[kind][i];
		fprintf(file, "rotunda_http_request_duration_seconds_bucket{service=\"%s\",le=\"%s\"} %" PRIu64 "\n",
			kinds[kind], i < TRAFFIC_BUCKETS - 1 ? bounds[i].seconds : "+Inf", sum);
	}
	fprintf(file, "rotunda_http_request_duration_seconds_sum{service=\"%s\"} %.9f\n", kinds[kind],
		(double)traffic->nanoseconds[kind] / 1e9);
	fprintf(file, "rotunda_http_request_duration_seconds_count{service=\"%s\"} %" PRIu64 "\n", kinds[kind], sum);
}

void traffic_print(struct traffic *traffic, FILE *file)
{
	exposition_family(file, "rotunda_http_requests_total", "counter",
			  "Requests answered, by service and class of status.");
	for (int kind = 0; kind < TRAFFIC_KINDS; kind++)
		for (int class = 1; class < 6; class ++)
			fprintf(file, "rotunda_http_requests_total{service=\"%s\",code=\"%dxx\"} %" PRIu64 "\n",
				kinds[kind], class, traffic->answers[kind][class]);
	exposition_family(file, "rotunda_http_request_duration_seconds", "histogram",
			  "From the request's head to the last byte of the answer.");
	for (int kind = 0; kind < TRAFFIC_KINDS; kind++)
		print_histogram(traffic, kind, file);
}
