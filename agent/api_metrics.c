// SPDX-License-Identifier: MIT
/* /metrics: the board for Prometheus. */
#include "boot.h"
#include "cell_table.h"
#include "created.h"
#include "exposition.h"
#include "follow.h"
#include "hypervisor_life.h"
#include "restarts.h"
#include "traffic.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define PAGE_BYTES 4096.0 /* of the hypervisor's pool */

/* A cell as it is at this moment: one look for all families. */
struct sample {
	char name[API_NAME_LEN];
	char state[16];
	bool created;
	uint64_t starts;
	struct driver_counter exits[DRIVER_COUNTERS];
	size_t num_exits;
	struct console_view console;
	struct restarts_view restarts;
};

struct samples {
	struct sample *list;
	size_t count;
};

static int add_sample(void *context, const struct store_cell *cell)
{
	struct samples *samples = context;
	struct sample *grown = realloc(samples->list, (samples->count + 1) * sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	samples->list = grown;
	grown[samples->count] = (struct sample){ .state = "defined" };
	snprintf(grown[samples->count++].name, API_NAME_LEN, "%s", cell->name);
	return 0;
}

struct look {
	struct agent *agent;
	struct samples *samples;
};

static int look_at(void *context, const struct driver_cell *cell)
{
	struct look *look = context;

	for (size_t i = 0; i < look->samples->count; i++) {
		struct sample *sample = &look->samples->list[i];

		if (strcmp(sample->name, cell->name) != 0)
			continue;
		sample->created = true;
		sample->starts = cell->starts;
		snprintf(sample->state, sizeof(sample->state), "%s", created_state(cell));
		if (look->agent->driver_ops->counters(look->agent->driver, cell->id, -1, sample->exits,
						      &sample->num_exits) != 0)
			sample->num_exits = 0;
	}
	return 0;
}

static void look_at_console(struct agent *agent, struct sample *sample)
{
	struct console *console = follow_take(agent, sample->name);

	if (console)
		console_view(console, &sample->console);
	console_release(console);
	restarts_view(agent, sample->name, &sample->restarts);
	cell_table_claimed(agent->cells, sample->name, sample->state);
}

static int take_samples(struct agent *agent, struct samples *samples)
{
	struct look look = { agent, samples };
	int err = agent->store_ops->cell_each(agent->store, add_sample, samples);

	if (err)
		return err;
	if (agent->driver_ops->present(agent->driver))
		agent->driver_ops->each(agent->driver, look_at, &look);
	for (size_t i = 0; i < samples->count; i++)
		look_at_console(agent, &samples->list[i]);
	return 0;
}

static void print_states(const struct samples *samples, FILE *file)
{
	static const char *const states[] = { "defined", "stopped", "starting", "running", "stopping", "failed" };

	exposition_family(file, "rotunda_cell_state", "gauge",
			  "1 for the state that the cell is in, 0 for the others.");
	for (size_t i = 0; i < samples->count; i++)
		for (size_t s = 0; s < sizeof(states) / sizeof(states[0]); s++)
			fprintf(file, "rotunda_cell_state{cell=\"%s\",state=\"%s\"} %d\n", samples->list[i].name,
				states[s], strcmp(samples->list[i].state, states[s]) == 0);
}

static void print_runs(const struct samples *samples, FILE *file)
{
	exposition_family(file, "rotunda_cell_starts_total", "counter",
			  "Starts of the cell since it was created, by commands and by itself.");
	for (size_t i = 0; i < samples->count; i++)
		if (samples->list[i].created)
			fprintf(file, "rotunda_cell_starts_total{cell=\"%s\"} %" PRIu64 "\n", samples->list[i].name,
				samples->list[i].starts);
	exposition_family(file, "rotunda_cell_exits_total", "counter",
			  "Exits of the cell to the hypervisor since it was created, by reason.");
	for (size_t i = 0; i < samples->count; i++)
		for (size_t e = 0; e < samples->list[i].num_exits; e++)
			if (strcmp(samples->list[i].exits[e].name, "total") != 0)
				fprintf(file, "rotunda_cell_exits_total{cell=\"%s\",reason=\"%s\"} %" PRIu64 "\n",
					samples->list[i].name, samples->list[i].exits[e].name,
					samples->list[i].exits[e].value);
}

static void print_restarts(const struct samples *samples, FILE *file)
{
	exposition_family(file, "rotunda_cell_restarts_total", "counter",
			  "Restarts of the cell by its own policy, since a person started it.");
	for (size_t i = 0; i < samples->count; i++)
		fprintf(file, "rotunda_cell_restarts_total{cell=\"%s\"} %u\n", samples->list[i].name,
			samples->list[i].restarts.total);
	exposition_family(file, "rotunda_cell_given_up", "gauge",
			  "1: the cell's policy does not start it again, it ended too often.");
	for (size_t i = 0; i < samples->count; i++)
		fprintf(file, "rotunda_cell_given_up{cell=\"%s\"} %d\n", samples->list[i].name,
			samples->list[i].restarts.given_up);
}

static void print_consoles(const struct samples *samples, FILE *file)
{
	exposition_family(file, "rotunda_cell_console_bytes_total", "counter",
			  "Output of the cell since it was defined, lost bytes included.");
	for (size_t i = 0; i < samples->count; i++)
		fprintf(file, "rotunda_cell_console_bytes_total{cell=\"%s\"} %" PRIu64 "\n", samples->list[i].name,
			samples->list[i].console.end);
	exposition_family(file, "rotunda_cell_console_lost_bytes_total", "counter",
			  "Output that was gone before it was read (where=ring) or did not get to disk (where=disk).");
	for (size_t i = 0; i < samples->count; i++)
		fprintf(file,
			"rotunda_cell_console_lost_bytes_total{cell=\"%s\",where=\"ring\"} %" PRIu64 "\n"
			"rotunda_cell_console_lost_bytes_total{cell=\"%s\",where=\"disk\"} %" PRIu64 "\n",
			samples->list[i].name, samples->list[i].console.lost, samples->list[i].name,
			samples->list[i].console.unrecorded);
}

static void print_hypervisor(struct agent *agent, FILE *file)
{
	bool enabled = strcmp(hypervisor_state(agent), "enabled") == 0;
	struct driver_reason ignored = { 0 };
	struct driver_audit audit = { 0 };
	uint64_t pages, used;

	exposition_single(file, "rotunda_driver_present", "gauge", "Whether the kernel module is loaded.",
			  agent->driver_ops->present(agent->driver));
	exposition_single(file, "rotunda_hypervisor_enabled", "gauge", "Whether the hypervisor is enabled.", enabled);
	if (!enabled)
		return;
	if (agent->driver_ops->pool(agent->driver, &pages, &used) == 0) {
		exposition_single(file, "rotunda_hypervisor_memory_pool_bytes", "gauge",
				  "Size of the memory that the hypervisor takes its tables from.",
				  (double)pages * PAGE_BYTES);
		exposition_single(file, "rotunda_hypervisor_memory_pool_used_bytes", "gauge",
				  "How much of it is in use.", (double)used * PAGE_BYTES);
	}
	if (agent->driver_ops->audit(agent->driver, false, &audit, &ignored) != 0)
		return;
	exposition_single(file, "rotunda_hypervisor_audits_total", "counter",
			  "Audits of the hypervisor's live tables since it was enabled.", (double)audit.audits);
	exposition_single(file, "rotunda_hypervisor_audit_violations_total", "counter",
			  "Violations of isolation that they found.", (double)audit.violations);
}

static unsigned int boot_results(const cJSON *boot, const char *result)
{
	unsigned int count = 0;
	const cJSON *cell;

	cJSON_ArrayForEach(cell, cJSON_GetObjectItemCaseSensitive(boot, "cells")) {
		const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(cell, "result"));

		count += text && strcmp(text, result) == 0;
	}
	return count;
}

static void print_boot(struct agent *agent, FILE *file)
{
	cJSON *boot = boot_json(agent);

	exposition_family(file, "rotunda_boot_cell_starts", "gauge",
			  "Cells that the last boot was to bring back, by what became of it.");
	fprintf(file, "rotunda_boot_cell_starts{result=\"started\"} %u\nrotunda_boot_cell_starts{result=\"refused\"} %u\n",
		boot_results(boot, "started"), boot_results(boot, "refused"));
	exposition_single(file, "rotunda_boot_failures", "gauge", "Boots in a row that did not get healthy.",
			  cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(boot, "failed_boots")));
	cJSON_Delete(boot);
}

static void print_file_size(struct agent *agent, const char *leaf, const char *label, FILE *file)
{
	struct stat status;
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", agent->options.data, leaf);
	fprintf(file, "rotunda_database_size_bytes{file=\"%s\"} %lld\n", label,
		stat(path, &status) == 0 ? (long long)status.st_size : 0LL);
}

static void print_disk(struct agent *agent, FILE *file)
{
	struct statvfs disk;

	exposition_family(file, "rotunda_database_size_bytes", "gauge",
			  "Size of the database and of its write-ahead log.");
	print_file_size(agent, "rotunda.db", "main", file);
	print_file_size(agent, "rotunda.db-wal", "wal", file);
	if (statvfs(agent->options.data, &disk) != 0)
		return;
	exposition_single(file, "rotunda_data_filesystem_size_bytes", "gauge", "Size of the file system with database and images.",
			  (double)disk.f_blocks * (double)disk.f_frsize);
	exposition_single(file, "rotunda_data_filesystem_free_bytes", "gauge", "How much of it is free for the agent.",
			  (double)disk.f_bavail * (double)disk.f_frsize);
}

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void print_process(struct agent *agent, FILE *file)
{
	unsigned long size = 0, resident = 0;
	FILE *statm = fopen("/proc/self/statm", "re");
	struct rusage usage;

	if (statm && fscanf(statm, "%lu %lu", &size, &resident) == 2)
		exposition_single(file, "process_resident_memory_bytes", "gauge", "Resident memory of the agent.",
				  (double)resident * (double)sysconf(_SC_PAGESIZE));
	if (statm)
		fclose(statm);
	if (getrusage(RUSAGE_SELF, &usage) == 0)
		exposition_single(file, "process_cpu_seconds_total", "counter", "CPU time of the agent.",
				  seconds(usage.ru_utime) + seconds(usage.ru_stime));
	exposition_single(file, "process_start_time_seconds", "gauge", "When the agent started, since 1970.",
			  (double)agent->started);
}

static void print(struct agent *agent, const struct samples *samples, FILE *file)
{
	exposition_family(file, "rotunda_build_info", "gauge", "Always 1; the version is in the label.");
	fprintf(file, "rotunda_build_info{version=\"%s\"} 1\n", ROTUNDA_VERSION);
	print_hypervisor(agent, file);
	print_states(samples, file);
	print_runs(samples, file);
	print_restarts(samples, file);
	print_consoles(samples, file);
	print_boot(agent, file);
	print_disk(agent, file);
	traffic_print(&agent->traffic, file);
	print_process(agent, file);
}

void api_metrics(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct samples samples = { 0 };
	int err = take_samples(agent, &samples);
	FILE *file = err ? NULL : open_memstream(&reply->body, &reply->size);

	(void)request;
	if (file) {
		print(agent, &samples, file);
		err = fclose(file) == 0 ? 0 : -ENOMEM;
	}
	free(samples.list);
	if (err || !file) {
		api_problem(reply, 500, "internal", "Try again.", "The state of the board could not be read.");
		return;
	}
	reply->status = 200;
	reply->type = "text/plain; version=0.0.4; charset=utf-8";
}
