// SPDX-License-Identifier: MIT
#include "port_driver.h"

#include "driver_news.h"
#include "jailhouse_client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOG_CHUNK 4096
#define DRIVER_LOG_MAX (1024 * 1024)

struct port_driver {
	struct jh_client_paths paths;
	char device[256], sysfs[256];
	struct driver_news *news;
};

struct port_driver *port_driver_new(const char *device, const char *sysfs)
{
	struct port_driver *port = calloc(1, sizeof(*port));

	if (!port)
		return NULL;
	snprintf(port->device, sizeof(port->device), "%s", device ? device : JH_CLIENT_DEVICE);
	snprintf(port->sysfs, sizeof(port->sysfs), "%s", sysfs ? sysfs : JH_CLIENT_SYSFS);
	port->paths = (struct jh_client_paths){ port->device, port->sysfs };
	port->news = driver_news_new(port->device, port->sysfs);
	if (!port->news) {
		free(port);
		return NULL;
	}
	return port;
}

void port_driver_free(struct port_driver *port)
{
	if (port)
		driver_news_free(port->news);
	free(port);
}

static void reason_copy(const struct jh_client *client, struct driver_reason *reason)
{
	const struct jh_client_reason *from = jh_client_reason(client);

	snprintf(reason->code, sizeof(reason->code), "%s", from->code);
	snprintf(reason->text, sizeof(reason->text), "%s", from->text);
	snprintf(reason->remedy, sizeof(reason->remedy), "%s", from->remedy);
}

/*
 * A client per command: reasons belong to an open file, and an agent that holds the device open could
 * not see the module leave and come back.
 */
static int command(struct port_driver *port, int (*run)(struct jh_client *client, void *context), void *context,
		   struct driver_reason *reason)
{
	struct jh_client *client;
	int err = jh_client_open(&client, &port->paths);

	if (err)
		return err == -ENOENT ? -ENODEV : err;
	err = run(client, context);
	if (err < 0 && reason)
		reason_copy(client, reason);
	jh_client_close(client);
	return err;
}

struct blob {
	const void *data;
	size_t size;
};

static int run_enable(struct jh_client *client, void *context)
{
	struct blob *blob = context;

	return jh_client_enable(client, blob->data, blob->size);
}

static int run_disable(struct jh_client *client, void *context)
{
	(void)context;
	return jh_client_disable(client);
}

static int run_create(struct jh_client *client, void *context)
{
	struct blob *blob = context;

	return jh_client_cell_create(client, blob->data, blob->size);
}

static int run_start(struct jh_client *client, void *name)
{
	return jh_client_cell_start(client, -1, name);
}

static int run_force(struct jh_client *client, void *name)
{
	return jh_client_cell_force_shutdown(client, -1, name);
}

static int run_destroy(struct jh_client *client, void *name)
{
	return jh_client_cell_destroy(client, -1, name);
}

static int run_console(struct jh_client *client, void *name)
{
	return jh_client_cell_console(client, -1, name);
}

struct loading {
	const char *name;
	const struct driver_image *images;
	size_t count;
};

static int run_load(struct jh_client *client, void *context)
{
	struct loading *loading = context;
	struct jh_client_image *images;
	int err;

	if (!loading->count)
		return jh_client_cell_shutdown(client, -1, loading->name);
	images = calloc(loading->count, sizeof(*images));
	if (!images)
		return -ENOMEM;
	for (size_t i = 0; i < loading->count; i++)
		images[i] = (struct jh_client_image){ loading->images[i].data, loading->images[i].size,
						      loading->images[i].target };
	err = jh_client_cell_load(client, -1, loading->name, images, loading->count);
	free(images);
	return err;
}

static bool driver_present(void *driver)
{
	struct port_driver *port = driver;
	struct jh_client_system system;

	return jh_client_system(port->sysfs, &system) == 0 && system.present;
}

static bool driver_enabled(void *driver)
{
	struct port_driver *port = driver;
	struct jh_client_system system;

	return jh_client_system(port->sysfs, &system) == 0 && system.enabled;
}

static int driver_enable(void *driver, const void *config, size_t size, struct driver_reason *reason)
{
	return command(driver, run_enable, &(struct blob){ config, size }, reason);
}

static int driver_disable(void *driver, struct driver_reason *reason)
{
	return command(driver, run_disable, NULL, reason);
}

static int driver_create(void *driver, const void *config, size_t size, struct driver_reason *reason)
{
	return command(driver, run_create, &(struct blob){ config, size }, reason);
}

static int driver_load(void *driver, const char *name, const struct driver_image *images, size_t count,
		       struct driver_reason *reason)
{
	return command(driver, run_load, &(struct loading){ name, images, count }, reason);
}

static int driver_start(void *driver, const char *name, struct driver_reason *reason)
{
	return command(driver, run_start, (void *)(uintptr_t)name, reason);
}

static int driver_force(void *driver, const char *name, struct driver_reason *reason)
{
	return command(driver, run_force, (void *)(uintptr_t)name, reason);
}

static int driver_destroy(void *driver, const char *name, struct driver_reason *reason)
{
	return command(driver, run_destroy, (void *)(uintptr_t)name, reason);
}

static int driver_console(void *driver, const char *name)
{
	return command(driver, run_console, (void *)(uintptr_t)name, NULL);
}

/* The board's start, and the inode of the cell's folder: sysfs gives each folder another one. */
static void driver_identity(void *driver, int id, char identity[DRIVER_IDENTITY_LEN])
{
	struct port_driver *port = driver;
	char path[320], boot[40] = "";
	struct stat status;
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	identity[0] = '\0';
	snprintf(path, sizeof(path), "%s/cells/%d", port->sysfs, id);
	if (file && fscanf(file, "%39s", boot) == 1 && stat(path, &status) == 0)
		snprintf(identity, DRIVER_IDENTITY_LEN, "%s-%llu", boot, (unsigned long long)status.st_ino);
	if (file)
		fclose(file);
}

static const char *failure_remedy(const char *code)
{
	static const struct {
		const char *code, *remedy;
	} known[] = {
		{ "memory-access",
		  "Give the cell what it reached for, or correct its program; with \"stray_access\": \"inject\" "
		  "it would get an external abort and go on." },
		{ "unsupported-access",
		  "Look for the instruction at that PC: reach emulated devices with plain loads and stores of "
		  "one general register (volatile accesses, no memcpy)." },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(code, known[i].code) == 0)
			return known[i].remedy;
	return "Correct the cell's program or definition, then restart it.";
}

/* The driver joins them as "code: sentence". */
static void failure_split(const char *failure, struct driver_reason *reason)
{
	size_t length = strcspn(failure, ":");

	memset(reason, 0, sizeof(*reason));
	if (!*failure)
		return;
	if (!failure[length] || length >= sizeof(reason->code)) {
		snprintf(reason->code, sizeof(reason->code), "cell-failed");
		snprintf(reason->text, sizeof(reason->text), "%s", failure);
	} else {
		memcpy(reason->code, failure, length);
		snprintf(reason->text, sizeof(reason->text), "%s", failure + length + 1 + (failure[length + 1] == ' '));
	}
	snprintf(reason->remedy, sizeof(reason->remedy), "%s", failure_remedy(reason->code));
}

static int driver_each(void *driver, int (*each)(void *context, const struct driver_cell *cell), void *context)
{
	struct port_driver *port = driver;
	struct jh_client_cell *cells = NULL;
	size_t count = 0;
	int err = jh_client_cells(port->sysfs, &cells, &count);

	for (size_t i = 0; !err && i < count; i++) {
		struct driver_cell cell = { .id = cells[i].id };

		snprintf(cell.name, sizeof(cell.name), "%s", cells[i].name);
		snprintf(cell.state, sizeof(cell.state), "%s", cells[i].state);
		snprintf(cell.cpus, sizeof(cell.cpus), "%.63s", cells[i].cpus);
		cell.starts = cells[i].starts;
		failure_split(cells[i].failure, &cell.failure);
		err = each(context, &cell);
	}
	free(cells);
	return err;
}

static int driver_counters(void *driver, int id, int cpu, struct driver_counter *counters, size_t *count)
{
	static const char prefix[] = "vmexits_";
	struct jh_client_statistic list[JH_CLIENT_STATISTICS];
	struct port_driver *port = driver;
	int err = jh_client_statistics(port->sysfs, id, cpu, list, count);

	_Static_assert(JH_CLIENT_STATISTICS <= DRIVER_COUNTERS, "every counter has a place");
	for (size_t i = 0; !err && i < *count; i++) {
		size_t skip = strncmp(list[i].name, prefix, sizeof(prefix) - 1) == 0 ? sizeof(prefix) - 1 : 0;

		snprintf(counters[i].name, sizeof(counters[i].name), "%s", list[i].name + skip);
		counters[i].value = list[i].value;
	}
	return err;
}

struct log {
	char *text;
	size_t size;
};

/* Each open file reads the log from its beginning; -EAGAIN says that there is no more yet. */
static int run_log(struct jh_client *client, void *context)
{
	struct log *log = context;
	ssize_t count = 1;

	while (count > 0 && log->size < DRIVER_LOG_MAX) {
		char *grown = realloc(log->text, log->size + LOG_CHUNK + 1);

		if (!grown)
			return -ENOMEM;
		log->text = grown;
		count = read(jh_client_fd(client), grown + log->size, LOG_CHUNK);
		log->size += count > 0 ? (size_t)count : 0;
	}
	return count < 0 && errno != EAGAIN ? -errno : 0;
}

static int driver_log(void *driver, char **text, size_t *size)
{
	struct log log = { 0 };
	int err = command(driver, run_log, &log, NULL);

	if (err)
		free(log.text);
	*text = err ? NULL : log.text;
	*size = log.size;
	return err;
}

static int run_audit(struct jh_client *client, void *context)
{
	return jh_client_audit(client, context);
}

static int driver_audit(void *driver, bool now, struct driver_audit *audit, struct driver_reason *reason)
{
	static const char *const results[] = { "clean", "violation", "incomplete" };
	struct port_driver *port = driver;
	struct jh_client_audit found;
	int err = now ? command(driver, run_audit, &found, reason) : jh_client_audit_last(port->sysfs, &found);

	if (err)
		return err;
	memset(audit, 0, sizeof(*audit));
	snprintf(audit->result, sizeof(audit->result), "%s",
		 found.result >= 0 && found.result < 3 ? results[found.result] : "unknown");
	audit->audits = found.audits;
	audit->violations = found.violations;
	audit->pages = found.pages;
	audit->runs = found.extents;
	audit->cells = found.cells;
	audit->duration_us = found.duration_us;
	memcpy(audit->code, found.code, sizeof(audit->code));
	memcpy(audit->text, found.text, sizeof(audit->text));
	return 0;
}

static int driver_recorder(void *driver, bool previous, char **text, size_t *size)
{
	struct port_driver *port = driver;

	return jh_client_recorder(port->sysfs, previous, text, size);
}

static int driver_config(void *driver, int id, void **config, size_t *size)
{
	struct port_driver *port = driver;

	return jh_client_cell_config(port->sysfs, id, config, size);
}

static int driver_pool(void *driver, uint64_t *pages, uint64_t *used)
{
	struct port_driver *port = driver;
	struct jh_client_system system;
	int err = jh_client_system(port->sysfs, &system);

	if (err)
		return err;
	*pages = system.mem_pool_size;
	*used = system.mem_pool_used;
	return 0;
}

static void driver_wait(void *driver, int wake)
{
	struct port_driver *port = driver;

	driver_news_wait(port->news, wake);
}

const struct driver_ops port_driver_ops = {
	.present = driver_present,
	.enabled = driver_enabled,
	.enable = driver_enable,
	.disable = driver_disable,
	.create = driver_create,
	.load = driver_load,
	.start = driver_start,
	.force = driver_force,
	.destroy = driver_destroy,
	.each = driver_each,
	.counters = driver_counters,
	.audit = driver_audit,
	.recorder = driver_recorder,
	.log = driver_log,
	.config = driver_config,
	.console = driver_console,
	.identity = driver_identity,
	.pool = driver_pool,
	.wait = driver_wait,
};
