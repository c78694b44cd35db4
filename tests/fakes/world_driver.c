// SPDX-License-Identifier: MIT
/* A driver of made-up cells. */
#include "world.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

void world_news_locked(struct world *world)
{
	eventfd_write(world->news, 1);
}

struct world_cell *world_created(struct world *world, const char *name)
{
	for (size_t i = 0; i < world->num_created; i++)
		if (strcmp(world->created[i].cell.name, name) == 0)
			return &world->created[i];
	return NULL;
}

static bool present(void *driver)
{
	LOCKED(((struct world *)driver)->present);
}

static bool enabled(void *driver)
{
	LOCKED(((struct world *)driver)->enabled);
}

static int because(int err, struct driver_reason *reason, const char *code)
{
	if (err) {
		snprintf(reason->code, sizeof(reason->code), "%s", code);
		snprintf(reason->text, sizeof(reason->text), "The driver says %s.", code);
	}
	return err;
}

/* What the store knew of the command when its first call came: a later one is of the same command. */
static void note_locked(struct world *world)
{
	memcpy(world->known, world->unfinished, sizeof(world->known));
}

static int enable(void *driver, const void *config, size_t size, struct driver_reason *reason)
{
	struct world *world = driver;

	(void)config;
	(void)size;
	pthread_mutex_lock(&world_lock);
	note_locked(world);
	if (!world->enable_error)
		world->enabled = true;
	pthread_mutex_unlock(&world_lock);
	return because(world->enable_error, reason, "kvm-owns-el2");
}

static void cell_end(struct world *world, struct world_cell *cell)
{
	close(cell->pipe[1]);
	if (cell->pipe[0] >= 0)
		close(cell->pipe[0]);
	free(cell->config.data);
	*cell = world->created[--world->num_created];
	world_news_locked(world);
}

static int disable(void *driver, struct driver_reason *reason)
{
	struct world *world = driver;

	(void)reason;
	pthread_mutex_lock(&world_lock);
	note_locked(world);
	while (world->num_created)
		cell_end(world, &world->created[0]);
	world->enabled = false;
	world_news_locked(world);
	pthread_mutex_unlock(&world_lock);
	return 0;
}

/* The configuration is a name, or a real one, which has the name at offset 8. */
static int create_locked(struct world *world, const char *config, size_t size)
{
	const char *name = size > 40 && memcmp(config, "JHCLL", 5) == 0 ? config + 8 : config;
	struct world_cell *made = &world->created[world->num_created];

	if (world->create_error)
		return world->create_error;
	memset(made, 0, sizeof(*made));
	made->cell.id = ++world->last_id;
	world->num_created++;
	snprintf(made->cell.name, sizeof(made->cell.name), "%s", name);
	snprintf(made->cell.state, sizeof(made->cell.state), "shut down");
	snprintf(made->cell.cpus, sizeof(made->cell.cpus), "2");
	made->config = (struct binary){ malloc(size), size };
	memcpy(made->config.data, config, size);
	world_news_locked(world);
	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, made->pipe) == 0 ? 0 : -errno;
}

static int create(void *driver, const void *config, size_t size, struct driver_reason *reason)
{
	int err;

	pthread_mutex_lock(&world_lock);
	err = because(create_locked(driver, config, size), reason, "cpu-not-owned");
	pthread_mutex_unlock(&world_lock);
	return err;
}

static bool denies(const struct world *world, const struct world_cell *cell)
{
	return cell && world->unwilling && strcmp(cell->cell.state, "running") == 0;
}

static int load(void *driver, const char *name, const struct driver_image *images, size_t count,
		struct driver_reason *reason)
{
	struct world *world = driver;
	struct world_cell *cell;

	(void)images;
	pthread_mutex_lock(&world_lock);
	note_locked(world);
	cell = world_created(world, name);
	if (denies(world, cell)) {
		pthread_mutex_unlock(&world_lock);
		return because(-EPERM, reason, "shutdown-denied");
	}
	if (cell && !world->load_error) {
		cell->loaded = count;
		snprintf(cell->cell.state, sizeof(cell->cell.state), "shut down");
	}
	pthread_mutex_unlock(&world_lock);
	return because(!cell ? -ENOENT : world->load_error, reason, "load-refused");
}

static int start(void *driver, const char *name, struct driver_reason *reason)
{
	struct world *world = driver;
	struct world_cell *cell;

	usleep(world->start_delay_ms * 1000);
	pthread_mutex_lock(&world_lock);
	cell = world_created(world, name);
	if (cell && !world->start_error)
		cell->cell.starts++;
	if (cell && !world->start_error)
		snprintf(cell->cell.state, sizeof(cell->cell.state), "running");
	pthread_mutex_unlock(&world_lock);
	return because(!cell ? -ENOENT : world->start_error, reason, "start-refused");
}

static int force(void *driver, const char *name, struct driver_reason *reason)
{
	struct world *world = driver;
	struct world_cell *cell;

	(void)reason;
	pthread_mutex_lock(&world_lock);
	note_locked(world);
	cell = world_created(world, name);
	if (cell)
		snprintf(cell->cell.state, sizeof(cell->cell.state), "shut down");
	pthread_mutex_unlock(&world_lock);
	return cell ? 0 : -ENOENT;
}

static int destroy(void *driver, const char *name, struct driver_reason *reason)
{
	struct world *world = driver;
	struct world_cell *cell;
	int err = -ENOENT;

	pthread_mutex_lock(&world_lock);
	cell = world_created(world, name);
	if (denies(world, cell)) {
		err = -EPERM;
	} else if (cell) {
		cell_end(world, cell);
		err = 0;
	}
	pthread_mutex_unlock(&world_lock);
	return because(err, reason, "shutdown-denied");
}

static int driver_each(void *driver, int (*each)(void *, const struct driver_cell *), void *context)
{
	struct world *world = driver;
	struct driver_cell copy[WORLD_MAX + 1] = { { .id = 0, .name = "root", .state = "running", .cpus = "0-1,3" } };
	size_t count = 1;
	int err = 0;

	pthread_mutex_lock(&world_lock);
	for (size_t i = 0; i < world->num_created; i++)
		copy[count++] = world->created[i].cell;
	pthread_mutex_unlock(&world_lock);
	for (size_t i = 0; world->enabled && !err && i < count; i++)
		err = each(context, &copy[i]);
	return err;
}

static int counters(void *driver, int id, int cpu, struct driver_counter *counters, size_t *count)
{
	(void)driver;
	(void)id;
	*count = 2;
	counters[0] = (struct driver_counter){ "mmio", cpu < 0 ? 7 : 5 };
	counters[1] = (struct driver_counter){ "total", UINT64_MAX };
	return 0;
}

static int audit_locked(struct world *world, bool now, struct driver_audit *audit)
{
	if (!world->enabled)
		return -ENOTCONN;
	world->audit.audits += now;
	*audit = world->audit;
	return 0;
}

static int audit(void *driver, bool now, struct driver_audit *found, struct driver_reason *reason)
{
	(void)reason;
	LOCKED(audit_locked(driver, now, found));
}

static int recorder(void *driver, bool previous, char **text, size_t *size)
{
	struct world *world = driver;

	if (!world->present)
		return -ENOENT;
	*text = strdup(previous ? "1 before\n" : "2 now\n3\t1\t0.5\t2\tfailed\t1\tbeat\tmemory-access\n");
	*size = strlen(*text);
	return 0;
}

static int read_log(void *driver, char **text, size_t *size)
{
	(void)driver;
	*text = strdup("Initializing\n");
	*size = strlen(*text);
	return 0;
}

static int config_locked(struct world *world, int id, void **data, size_t *size)
{
	for (size_t i = 0; i < world->num_created; i++)
		if (world->created[i].cell.id == id) {
			*size = world->created[i].config.size;
			*data = malloc(*size);
			memcpy(*data, world->created[i].config.data, *size);
			return 0;
		}
	return -ENOENT;
}

static int config(void *driver, int id, void **data, size_t *size)
{
	LOCKED(config_locked(driver, id, data, size));
}

static int console_locked(struct world *world, const char *name)
{
	struct world_cell *cell = world_created(world, name);
	int fd = cell ? cell->pipe[0] : -ENOENT;

	if (cell)
		cell->pipe[0] = -1;
	return fd;
}

static int driver_console(void *driver, const char *name)
{
	LOCKED(console_locked(driver, name));
}

static int pool(void *driver, uint64_t *pages, uint64_t *used)
{
	(void)driver;
	*pages = 960;
	*used = 100;
	return 0;
}

static void wait_for_news(void *driver, int wake)
{
	struct world *world = driver;
	struct pollfd fds[] = { { .fd = wake, .events = POLLIN }, { .fd = world->news, .events = POLLIN } };
	eventfd_t ignored;

	poll(fds, 2, -1);
	if (fds[1].revents)
		eventfd_read(world->news, &ignored);
}

const struct driver_ops world_driver_ops = {
	.present = present,
	.enabled = enabled,
	.enable = enable,
	.disable = disable,
	.create = create,
	.load = load,
	.start = start,
	.force = force,
	.destroy = destroy,
	.each = driver_each,
	.counters = counters,
	.audit = audit,
	.recorder = recorder,
	.log = read_log,
	.config = config,
	.console = driver_console,
	.pool = pool,
	.wait = wait_for_news,
};
