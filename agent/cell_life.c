// SPDX-License-Identifier: MIT
#include "cell_life.h"

#include "cell_table.h"
#include "collector.h"
#include "images.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void refuse(struct outcome *outcome, int error, const char *code, const char *remedy, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

static void refuse(struct outcome *outcome, int error, const char *code, const char *remedy, const char *format, ...)
{
	va_list arguments;

	outcome->error = error;
	snprintf(outcome->reason.code, sizeof(outcome->reason.code), "%s", code);
	snprintf(outcome->reason.remedy, sizeof(outcome->reason.remedy), "%s", remedy);
	va_start(arguments, format);
	vsnprintf(outcome->reason.text, sizeof(outcome->reason.text), format, arguments);
	va_end(arguments);
}

/* The driver may know only a number (an older one, or a signal in between): never hand out an empty reason. */
static void driver_said(struct outcome *outcome, int err, const char *what, const char *name)
{
	outcome->error = err;
	if (err && !outcome->reason.code[0])
		refuse(outcome, err, "driver-refused", "Look at the kernel log of the board.",
		       "The driver refused to %s%s%s: %s.", what, *name ? " " : "", name, strerror(-err));
}

struct search {
	const char *name;
	struct driver_cell *cell;
	bool found;
};

static int search_each(void *context, const struct driver_cell *cell)
{
	struct search *search = context;

	if (cell->id != 0 && strcmp(cell->name, search->name) == 0) {
		*search->cell = *cell;
		search->found = true;
	}
	return 0;
}

int life_find(struct agent *agent, const char *name, struct driver_cell *cell)
{
	struct search search = { name, cell, false };
	int err;

	if (!agent->driver_ops->present(agent->driver))
		return -ENODEV;
	err = agent->driver_ops->each(agent->driver, search_each, &search);
	if (err)
		return err;
	return search.found ? 0 : -ENOENT;
}

bool life_runs(const struct driver_cell *cell)
{
	return strncmp(cell->state, "running", 7) == 0;
}

static bool hypervisor_ready(struct agent *agent, struct outcome *outcome)
{
	if (!agent->driver_ops->present(agent->driver)) {
		refuse(outcome, -ENODEV, "driver-missing", "Load the kernel module jailhouse.",
		       "The driver is not there: /dev/jailhouse does not exist.");
		return false;
	}
	if (!agent->driver_ops->enabled(agent->driver)) {
		refuse(outcome, -ENOTCONN, "hypervisor-not-enabled", "Enable the hypervisor first.",
		       "The hypervisor is not enabled.");
		return false;
	}
	return true;
}

static void follow(struct agent *agent, const char *name)
{
	struct console *console;
	int fd;

	if (collector_follows(agent->collector, name))
		return;
	fd = agent->driver_ops->console(agent->driver, name);
	if (fd < 0) {
		agent_log("warning", "cell %s: its console cannot be opened: %s", name, strerror(-fd));
		return;
	}
	console = cell_table_console(agent->cells, name);
	if (!console || collector_follow(agent->collector, name, console, fd) != 0)
		agent_log("warning", "cell %s: its console is not followed", name);
	console_release(console);
}

static void show_console_state(struct agent *agent, const char *name, const char *state)
{
	struct console *console = cell_table_console(agent->cells, name);

	if (console)
		console_set_state(console, state);
	console_release(console);
}

/* Definition text from the store, compiled. */
static int compile(struct agent *agent, const char *name, struct compiled_cell *compiled, struct outcome *outcome)
{
	struct store_cell cell;
	cJSON *errors = NULL;
	int err = agent->store_ops->cell_get(agent->store, name, &cell);

	if (err) {
		refuse(outcome, err, "cell-not-found", "List the cells.", "There is no cell \"%s\".", name);
		return err;
	}
	err = agent->compiler_ops->compile(agent->compiler, cell.definition, compiled, &errors);
	if (err) {
		const cJSON *first = errors ? errors->child : NULL;
		const char *detail = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(first, "detail"));

		refuse(outcome, err, "definition-refused", "Correct the definition.", "%s",
		       detail ? detail : "The definition does not compile.");
	}
	cJSON_Delete(errors);
	store_cell_free(&cell);
	return err;
}

static int image_map(struct agent *agent, const struct compiled_image *wanted, struct driver_image *image,
		     struct outcome *outcome)
{
	struct store_image stored;
	void *data;
	int fd;

	if (agent->store_ops->image_get(agent->store, wanted->name, &stored) != 0) {
		refuse(outcome, -ENOENT, "image-missing", "PUT the image under that name.",
		       "The image \"%s\" is not on the board.", wanted->name);
		return -ENOENT;
	}
	if (stored.size > wanted->limit) {
		refuse(outcome, -EFBIG, "image-too-large", "Enlarge the region or take a smaller image.",
		       "The image \"%s\" has %" PRIu64 " bytes, its place in the cell has %" PRIu64 ".", wanted->name,
		       stored.size, wanted->limit);
		return -EFBIG;
	}
	fd = images_open(agent->options.data, stored.sha256);
	data = fd < 0 ? MAP_FAILED : mmap(NULL, (size_t)stored.size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	if (data == MAP_FAILED) {
		refuse(outcome, -EIO, "image-missing", "PUT the image again.",
		       "The bytes of the image \"%s\" are not readable.", wanted->name);
		return -EIO;
	}
	*image = (struct driver_image){ data, stored.size, wanted->target };
	return 0;
}

static void images_unmap(struct driver_image *images, size_t count)
{
	for (size_t i = 0; i < count; i++)
		munmap((void *)(uintptr_t)images[i].data, (size_t)images[i].size);
	free(images);
}

/* All images before the cell is touched: a missing one must change nothing. */
static struct driver_image *images_map(struct agent *agent, const struct compiled_cell *compiled,
				       struct outcome *outcome)
{
	struct driver_image *images = calloc(compiled->num_images + 1, sizeof(*images));

	for (size_t i = 0; images && i < compiled->num_images; i++)
		if (image_map(agent, &compiled->images[i], &images[i], outcome) != 0) {
			images_unmap(images, i);
			return NULL;
		}
	if (!images)
		refuse(outcome, -ENOMEM, "internal", "Try again.", "The agent ran out of memory.");
	return images;
}

static int destroy_now(struct agent *agent, const char *name, struct outcome *outcome)
{
	int err = agent->driver_ops->destroy(agent->driver, name, &outcome->reason);

	driver_said(outcome, err, "destroy", name);
	/* The file ends when all was read: the last words are in the buffer before anybody is told. */
	for (int i = 0; !err && i < 100 && collector_follows(agent->collector, name); i++)
		usleep(10000);
	return err;
}

static int load_and_start(struct agent *agent, const char *name, const struct driver_image *images, size_t count,
			  struct outcome *outcome)
{
	int err = agent->driver_ops->load(agent->driver, name, images, count, &outcome->reason);

	driver_said(outcome, err, "load", name);
	if (err)
		return err;
	err = agent->driver_ops->start(agent->driver, name, &outcome->reason);
	driver_said(outcome, err, "start", name);
	return err;
}

static int create_if_needed(struct agent *agent, const char *name, const struct compiled_cell *compiled,
			    bool *created, struct outcome *outcome)
{
	struct driver_cell cell;
	int err = life_find(agent, name, &cell);

	*created = false;
	if (!err && life_runs(&cell)) {
		refuse(outcome, -EALREADY, "cell-running", "Stop or restart it.", "The cell \"%s\" runs already.",
		       name);
		return -EALREADY;
	}
	if (err == -ENOENT) {
		err = agent->driver_ops->create(agent->driver, compiled->config, compiled->config_size,
						&outcome->reason);
		*created = !err;
	}
	driver_said(outcome, err, "create", name);
	return err;
}

static void run_compiled(struct agent *agent, const char *name, const struct compiled_cell *compiled,
			 struct outcome *outcome)
{
	struct driver_image *images = images_map(agent, compiled, outcome);
	struct outcome ignored = { 0 };
	bool created;

	if (!images)
		return;
	if (create_if_needed(agent, name, compiled, &created, outcome) == 0) {
		follow(agent, name);
		if (load_and_start(agent, name, images, compiled->num_images, outcome) != 0 && created)
			destroy_now(agent, name, &ignored); /* as it was before: its CPUs go back */
	}
	images_unmap(images, compiled->num_images);
}

static void record(struct agent *agent, const char *name, const char *actor, const char *kind, const char *deed,
		   struct outcome *outcome)
{
	if (!outcome->error) {
		agent_event(agent, "info", kind, name, actor, "Cell \"%s\" was %s.", name, deed);
		cell_table_set_failure(agent->cells, name, &(struct driver_reason){ 0 });
		return;
	}
	cell_table_set_failure(agent->cells, name, &outcome->reason);
	agent_event(agent, "error", "command-refused", name, actor, "%s", outcome->reason.text);
}

static void start(struct agent *agent, const char *name, struct outcome *outcome)
{
	struct compiled_cell compiled;

	if (!hypervisor_ready(agent, outcome) || compile(agent, name, &compiled, outcome) != 0)
		return;
	run_compiled(agent, name, &compiled, outcome);
	agent->compiler_ops->free(&compiled);
	if (!outcome->error)
		show_console_state(agent, name, "running");
}

void life_start(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	start(agent, name, outcome);
	record(agent, name, actor, "cell-started", "started", outcome);
}

static bool created(struct agent *agent, const char *name, struct outcome *outcome)
{
	struct driver_cell cell;
	int err;

	if (!hypervisor_ready(agent, outcome))
		return false;
	err = life_find(agent, name, &cell);
	if (err == -ENOENT)
		refuse(outcome, err, "cell-not-created", "Start it first.",
		       "The cell \"%s\" is not created: there is nothing to stop.", name);
	else if (err)
		driver_said(outcome, err, "look for", name);
	return !err;
}

/* Asks by the communication region; the hypervisor waits a bounded time. Then the cell goes, willing or not. */
static void stop(struct agent *agent, const char *name, struct outcome *outcome)
{
	struct driver_reason unwilling = { 0 };
	int err;

	if (!created(agent, name, outcome))
		return;
	err = agent->driver_ops->load(agent->driver, name, NULL, 0, &unwilling);
	if (err)
		agent_event(agent, "warning", "stop-forced", name, "", "Cell \"%s\" was forced to stop: %s", name,
			    unwilling.text[0] ? unwilling.text : strerror(-err));
	if (destroy_now(agent, name, outcome) == 0)
		show_console_state(agent, name, "defined");
}

void life_stop(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	stop(agent, name, outcome);
	record(agent, name, actor, "cell-stopped", "stopped", outcome);
}

void life_destroy(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	if (created(agent, name, outcome) && destroy_now(agent, name, outcome) == 0)
		show_console_state(agent, name, "defined");
	record(agent, name, actor, "cell-destroyed", "destroyed", outcome);
}

void life_restart(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	struct driver_cell cell;

	if (life_find(agent, name, &cell) == 0)
		stop(agent, name, outcome);
	if (!outcome->error) {
		cell_table_show(agent->cells, name, "starting");
		start(agent, name, outcome);
	}
	record(agent, name, actor, "cell-restarted", "restarted", outcome);
}

static void *file_read(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rbe");
	/* JH_CONFIG_MAX_SIZE bounds what the driver takes; one byte more shows that it is larger. */
	char *data = file ? malloc(0x10001) : NULL;

	*size = data ? fread(data, 1, 0x10001, file) : 0;
	if (file)
		fclose(file);
	return data;
}

static void enable(struct agent *agent, struct outcome *outcome)
{
	char path[512];
	size_t size;
	void *config;

	snprintf(path, sizeof(path), "%s/system.cell", agent->options.board_dir);
	config = file_read(path, &size);
	if (!config || !size) {
		refuse(outcome, -ENOENT, "system-definition-missing", "Install the board's system definition.",
		       "The system definition %s cannot be read.", path);
	} else {
		int err = agent->driver_ops->enable(agent->driver, config, size, &outcome->reason);

		driver_said(outcome, err, "enable the hypervisor", "");
	}
	free(config);
}

static void want(struct agent *agent, const char *wanted)
{
	if (agent->store_ops->setting_put(agent->store, SETTING_HYPERVISOR_WANTED, wanted) != 0)
		agent_log("error", "the wanted state of the hypervisor was not stored");
}

static void record_hypervisor(struct agent *agent, const char *actor, const char *deed, struct outcome *outcome)
{
	char kind[32];

	snprintf(kind, sizeof(kind), "hypervisor-%s", outcome->error ? "refused" : deed);
	if (outcome->error)
		agent_event(agent, "error", kind, "", actor, "%s", outcome->reason.text);
	else
		agent_event(agent, "info", kind, "", actor, "The hypervisor was %s.", deed);
}

void life_enable(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	(void)name;
	if (!agent->driver_ops->present(agent->driver))
		refuse(outcome, -ENODEV, "driver-missing", "Load the kernel module jailhouse.",
		       "The driver is not there: /dev/jailhouse does not exist.");
	else if (agent->driver_ops->enabled(agent->driver))
		refuse(outcome, -EALREADY, "already-enabled", "Nothing needs to be done.",
		       "The hypervisor is enabled already.");
	else
		enable(agent, outcome);
	if (!outcome->error)
		want(agent, "enabled");
	record_hypervisor(agent, actor, "enabled", outcome);
}

static int mark_defined(void *context, const struct store_cell *cell)
{
	show_console_state(context, cell->name, "defined");
	return 0;
}

void life_disable(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	(void)name;
	if (hypervisor_ready(agent, outcome)) {
		int err = agent->driver_ops->disable(agent->driver, &outcome->reason);

		driver_said(outcome, err, "disable the hypervisor", "");
	}
	if (!outcome->error) {
		want(agent, "disabled");
		agent->store_ops->cell_each(agent->store, mark_defined, agent);
	}
	record_hypervisor(agent, actor, "disabled", outcome);
}

struct names {
	char (*list)[API_NAME_LEN];
	size_t count;
};

static int collect_boot(void *context, const struct store_cell *cell)
{
	struct names *names = context;
	void *grown;

	if (!cell->start_at_boot)
		return 0;
	grown = realloc(names->list, (names->count + 1) * sizeof(*names->list));
	if (!grown)
		return -ENOMEM;
	names->list = grown;
	snprintf(names->list[names->count++], API_NAME_LEN, "%s", cell->name);
	return 0;
}

static void start_chosen(struct agent *agent)
{
	struct names names = { 0 };

	agent->store_ops->cell_each(agent->store, collect_boot, &names);
	for (size_t i = 0; i < names.count; i++) {
		struct outcome outcome = { 0 };

		if (cell_table_claim(agent->cells, names.list[i], "starting") != 0)
			continue;
		life_start(agent, names.list[i], "boot", &outcome);
		cell_table_unclaim(agent->cells, names.list[i]);
	}
	free(names.list);
}

static int adopt_each(void *context, const struct driver_cell *cell)
{
	struct agent *agent = context;

	if (cell->id == 0)
		return 0;
	follow(agent, cell->name);
	show_console_state(agent, cell->name, life_runs(cell) ? "running" : "stopped");
	return 0;
}

void life_restore(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	char wanted[16] = "";

	(void)name;
	if (!agent->driver_ops->present(agent->driver))
		return;
	if (agent->driver_ops->enabled(agent->driver)) {
		/* The agent came back, the board did not: what runs is left alone, and so is what does not. */
		agent->driver_ops->each(agent->driver, adopt_each, agent);
		agent_event(agent, "info", "agent-adopted", "", actor, "The agent found the hypervisor enabled.");
		return;
	}
	agent->store_ops->setting_get(agent->store, SETTING_HYPERVISOR_WANTED, wanted, sizeof(wanted));
	if (strcmp(wanted, "enabled") != 0)
		return;
	enable(agent, outcome);
	record_hypervisor(agent, "boot", "enabled", outcome);
	if (!outcome->error)
		start_chosen(agent);
}
