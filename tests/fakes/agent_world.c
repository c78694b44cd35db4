// SPDX-License-Identifier: MIT
#include "agent_world.h"

#include "supervisor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* One lock over the whole world: handlers, the supervisor and the test are different threads. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define LOCKED(result)                                                                                        \
	do {                                                                                                  \
		int locked_result;                                                                            \
		pthread_mutex_lock(&lock);                                                                    \
		locked_result = (result);                                                                     \
		pthread_mutex_unlock(&lock);                                                                  \
		return locked_result;                                                                         \
	} while (0)

/* --- store ---------------------------------------------------------------------------------------- */

static struct store_cell *cell_find(struct world *world, const char *name)
{
	for (size_t i = 0; i < world->num_cells; i++)
		if (strcmp(world->cells[i].name, name) == 0)
			return &world->cells[i];
	return NULL;
}

static char *text_copy(const char *text)
{
	char *copy = cJSON_malloc(strlen(text) + 1);

	strcpy(copy, text);
	return copy;
}

static int cell_get_locked(struct world *world, const char *name, struct store_cell *cell)
{
	struct store_cell *found = cell_find(world, name);

	if (!found)
		return -ENOENT;
	*cell = *found;
	cell->definition = text_copy(found->definition);
	return 0;
}

static int cell_get(void *store, const char *name, struct store_cell *cell)
{
	LOCKED(cell_get_locked(store, name, cell));
}

static int cell_each(void *store, int (*each)(void *, const struct store_cell *), void *context)
{
	struct world *world = store;
	int err = 0;

	pthread_mutex_lock(&lock);
	for (size_t i = 0; !err && i < world->num_cells; i++)
		err = each(context, &world->cells[i]);
	pthread_mutex_unlock(&lock);
	return err;
}

static int take_error(struct world *world)
{
	int err = world->store_error;

	world->store_error = 0;
	return err;
}

static int cell_put_locked(struct world *world, struct store_cell *cell, int64_t expected)
{
	struct store_cell *found = cell_find(world, cell->name);
	int err = take_error(world);

	if (err)
		return err;
	if (found && expected == 0)
		return -EEXIST;
	if (expected > 0 && (!found || found->version != expected))
		return -ESTALE;
	if (!found) {
		found = &world->cells[world->num_cells++];
		memset(found, 0, sizeof(*found));
	}
	cell->version = found->version + 1;
	cJSON_free(found->definition);
	*found = *cell;
	found->definition = text_copy(cell->definition);
	return 0;
}

static int cell_put(void *store, struct store_cell *cell, int64_t expected)
{
	LOCKED(cell_put_locked(store, cell, expected));
}

static int set_boot_locked(struct world *world, const char *name, bool on)
{
	struct store_cell *found = cell_find(world, name);

	if (!found)
		return -ENOENT;
	found->start_at_boot = on;
	return 0;
}

static int cell_set_start_at_boot(void *store, const char *name, bool on)
{
	LOCKED(set_boot_locked(store, name, on));
}

static int cell_delete_locked(struct world *world, const char *name)
{
	struct store_cell *found = cell_find(world, name);

	if (!found)
		return -ENOENT;
	cJSON_free(found->definition);
	*found = world->cells[--world->num_cells];
	return 0;
}

static int cell_delete(void *store, const char *name)
{
	LOCKED(cell_delete_locked(store, name));
}

static struct store_image *image_find(struct world *world, const char *name)
{
	for (size_t i = 0; i < world->num_images; i++)
		if (strcmp(world->images[i].name, name) == 0)
			return &world->images[i];
	return NULL;
}

static int image_get_locked(struct world *world, const char *name, struct store_image *image)
{
	struct store_image *found = image_find(world, name);

	if (!found)
		return -ENOENT;
	*image = *found;
	return 0;
}

static int image_get(void *store, const char *name, struct store_image *image)
{
	LOCKED(image_get_locked(store, name, image));
}

static int image_each(void *store, int (*each)(void *, const struct store_image *), void *context)
{
	struct world *world = store;
	int err = 0;

	pthread_mutex_lock(&lock);
	for (size_t i = 0; !err && i < world->num_images; i++)
		err = each(context, &world->images[i]);
	pthread_mutex_unlock(&lock);
	return err;
}

static int image_put_locked(struct world *world, const struct store_image *image)
{
	struct store_image *found = image_find(world, image->name);
	int err = take_error(world);

	if (err)
		return err;
	*(found ? found : &world->images[world->num_images++]) = *image;
	return 0;
}

static int image_put(void *store, const struct store_image *image)
{
	LOCKED(image_put_locked(store, image));
}

static int image_delete_locked(struct world *world, const char *name)
{
	struct store_image *found = image_find(world, name);

	if (!found)
		return -ENOENT;
	*found = world->images[--world->num_images];
	return 0;
}

static int image_delete(void *store, const char *name)
{
	LOCKED(image_delete_locked(store, name));
}

static int event_add_locked(struct world *world, const struct store_event *event)
{
	if (world->num_events == 256)
		return -ENOSPC;
	world->events[world->num_events] = *event;
	world->num_events++;
	world->events[world->num_events - 1].id = (int64_t)world->num_events;
	return 0;
}

static int event_add(void *store, const struct store_event *event)
{
	LOCKED(event_add_locked(store, event));
}

static int event_each(void *store, const struct store_event_filter *filter,
		      int (*each)(void *, const struct store_event *), void *context)
{
	struct world *world = store;
	int err = 0, given = 0;

	pthread_mutex_lock(&lock);
	for (size_t i = world->num_events; !err && i > 0 && given < filter->limit; i--) {
		const struct store_event *event = &world->events[i - 1];

		if ((filter->before && event->id >= filter->before) ||
		    (filter->cell && strcmp(filter->cell, event->cell) != 0))
			continue;
		err = each(context, event);
		given++;
	}
	pthread_mutex_unlock(&lock);
	return err;
}

static int setting_get_locked(struct world *world, char *value, size_t size)
{
	if (!world->wanted[0])
		return -ENOENT;
	snprintf(value, size, "%s", world->wanted);
	return 0;
}

static int setting_get(void *store, const char *key, char *value, size_t size)
{
	(void)key;
	LOCKED(setting_get_locked(store, value, size));
}

static int setting_put(void *store, const char *key, const char *value)
{
	struct world *world = store;

	(void)key;
	LOCKED(snprintf(world->wanted, sizeof(world->wanted), "%s", value) < 0);
}

static const struct store_ops store_ops = {
	cell_get,  cell_each,  cell_put,  cell_set_start_at_boot, cell_delete, image_get,   image_each,
	image_put, image_delete, event_add, event_each,		    setting_get, setting_put,
};

/* --- auth ----------------------------------------------------------------------------------------- */

static bool setup_needed(void *auth)
{
	return !((struct world *)auth)->set_up;
}

static int setup(void *auth, const char *code, const char *username, const char *password, const char *remote,
		 int *retry_after)
{
	struct world *world = auth;

	(void)username;
	(void)remote;
	(void)retry_after;
	if (world->set_up)
		return -EALREADY;
	if (strcmp(code, "4821-7730") != 0)
		return -EACCES;
	if (strlen(password) < 10)
		return -EINVAL;
	world->set_up = true;
	return 0;
}

static int login(void *auth, const char *username, const char *password, const char *remote,
		 char session[AUTH_SECRET_LEN], struct api_identity *who, int *retry_after)
{
	(void)auth;
	(void)remote;
	if (strcmp(password, "again and again") == 0) {
		*retry_after = 30;
		return -EAGAIN;
	}
	if (strcmp(username, "admin") != 0 || strcmp(password, "correct horse") != 0)
		return -EACCES;
	snprintf(session, AUTH_SECRET_LEN, "session-of-admin");
	snprintf(who->username, sizeof(who->username), "admin");
	who->role = API_ROLE_ADMIN;
	return 0;
}

static int session_check(void *auth, const char *session, struct api_identity *who)
{
	(void)auth;
	if (strcmp(session, "session-that-ended") == 0)
		return -EKEYEXPIRED;
	if (strcmp(session, "session-of-admin") != 0)
		return -ENOENT;
	snprintf(who->username, sizeof(who->username), "admin");
	who->role = API_ROLE_ADMIN;
	return 0;
}

static int token_check(void *auth, const char *token, struct api_identity *who)
{
	(void)auth;
	if (strcmp(token, WORLD_ADMIN_TOKEN) == 0)
		who->role = API_ROLE_ADMIN;
	else if (strcmp(token, WORLD_VIEWER_TOKEN) == 0)
		who->role = API_ROLE_VIEWER;
	else
		return -EACCES;
	snprintf(who->username, sizeof(who->username), "fleet");
	return 0;
}

static int logout(void *auth, const char *session)
{
	(void)auth;
	(void)session;
	return 0;
}

static const struct auth_ops auth_ops = { setup_needed, setup, login, session_check, token_check, logout };

/* --- driver --------------------------------------------------------------------------------------- */

static struct world_cell *created_find(struct world *world, const char *name)
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

static int enable(void *driver, const void *config, size_t size, struct driver_reason *reason)
{
	struct world *world = driver;

	(void)config;
	(void)size;
	if (!world->enable_error)
		world->enabled = true;
	return because(world->enable_error, reason, "kvm-owns-el2");
}

static int disable(void *driver, struct driver_reason *reason)
{
	struct world *world = driver;

	(void)reason;
	world->enabled = false;
	return 0;
}

static int create_locked(struct world *world, const char *name)
{
	struct world_cell *made = &world->created[world->num_created];

	if (world->create_error)
		return world->create_error;
	memset(made, 0, sizeof(*made));
	made->cell.id = (int)++world->num_created;
	snprintf(made->cell.name, sizeof(made->cell.name), "%s", name);
	snprintf(made->cell.state, sizeof(made->cell.state), "shut down");
	snprintf(made->cell.cpus, sizeof(made->cell.cpus), "2");
	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, made->pipe) == 0 ? 0 : -errno;
}

static int create(void *driver, const void *config, size_t size, struct driver_reason *reason)
{
	int err;

	(void)size;
	pthread_mutex_lock(&lock);
	err = because(create_locked(driver, config), reason, "cpu-not-owned");
	pthread_mutex_unlock(&lock);
	return err;
}

static int load(void *driver, const char *name, const struct driver_image *images, size_t count,
		struct driver_reason *reason)
{
	struct world *world = driver;
	struct world_cell *cell;

	(void)images;
	pthread_mutex_lock(&lock);
	cell = created_find(world, name);
	if (cell && !world->load_error) {
		cell->loaded = count;
		snprintf(cell->cell.state, sizeof(cell->cell.state), "shut down");
	}
	pthread_mutex_unlock(&lock);
	return because(!cell ? -ENOENT : world->load_error, reason, "load-refused");
}

static int start(void *driver, const char *name, struct driver_reason *reason)
{
	struct world *world = driver;
	struct world_cell *cell;

	usleep(world->start_delay_ms * 1000);
	pthread_mutex_lock(&lock);
	cell = created_find(world, name);
	if (cell && !world->start_error)
		snprintf(cell->cell.state, sizeof(cell->cell.state), "running");
	pthread_mutex_unlock(&lock);
	return because(!cell ? -ENOENT : world->start_error, reason, "start-refused");
}

static int destroy(void *driver, const char *name, struct driver_reason *reason)
{
	struct world *world = driver;
	struct world_cell *cell;

	(void)reason;
	pthread_mutex_lock(&lock);
	cell = created_find(world, name);
	if (cell) {
		close(cell->pipe[1]);
		if (cell->pipe[0] >= 0)
			close(cell->pipe[0]);
		*cell = world->created[--world->num_created];
	}
	pthread_mutex_unlock(&lock);
	return cell ? 0 : -ENOENT;
}

static int driver_each(void *driver, int (*each)(void *, const struct driver_cell *), void *context)
{
	struct world *world = driver;
	struct driver_cell copy[WORLD_MAX + 1] = { { .id = 0, .name = "root", .state = "running", .cpus = "0-1,3" } };
	size_t count = 1;
	int err = 0;

	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < world->num_created; i++)
		copy[count++] = world->created[i].cell;
	pthread_mutex_unlock(&lock);
	for (size_t i = 0; world->enabled && !err && i < count; i++)
		err = each(context, &copy[i]);
	return err;
}

static int console_locked(struct world *world, const char *name)
{
	struct world_cell *cell = created_find(world, name);
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

static const struct driver_ops driver_ops = {
	present, enabled, enable, disable, create, load, start, destroy, driver_each, driver_console, pool,
};

/* --- compiler ------------------------------------------------------------------------------------- */

static int compile(void *compiler, const char *text, struct compiled_cell *compiled, cJSON **errors)
{
	cJSON *json = cJSON_Parse(text);
	const char *name = cJSON_GetStringValue(cJSON_GetObjectItem(json, "name"));
	const char *image = cJSON_GetStringValue(cJSON_GetObjectItem(json, "image"));
	const cJSON *cpu = cJSON_GetObjectItem(json, "cpu");

	(void)compiler;
	if (!name || !cJSON_IsNumber(cpu) || !image || cJSON_GetArraySize(json) != 3) {
		cJSON *error = cJSON_CreateObject();

		cJSON_AddStringToObject(error, "code", "unknown-member");
		cJSON_AddStringToObject(error, "detail", "The definition needs name, cpu and image, nothing else.");
		*errors = cJSON_CreateArray();
		cJSON_AddItemToArray(*errors, error);
		cJSON_Delete(json);
		return -EINVAL;
	}
	memset(compiled, 0, sizeof(*compiled));
	snprintf(compiled->name, sizeof(compiled->name), "%s", name);
	compiled->config = strdup(name);
	compiled->config_size = strlen(name) + 1;
	compiled->cpus = 1ull << cpu->valueint;
	compiled->regions = calloc(1, sizeof(*compiled->regions));
	compiled->regions[0] = (struct compiled_region){ 0x80000000, 0x100000 };
	compiled->num_regions = 1;
	compiled->images = calloc(1, sizeof(*compiled->images));
	snprintf(compiled->images[0].name, API_NAME_LEN, "%s", image);
	compiled->images[0].limit = 64;
	compiled->num_images = 1;
	cJSON_Delete(json);
	return 0;
}

static void compiled_free(struct compiled_cell *compiled)
{
	free(compiled->config);
	free(compiled->regions);
	free(compiled->images);
}

static const struct compiler_ops compiler_ops = { compile, compiled_free };

/* --- the world ------------------------------------------------------------------------------------ */

void world_open(struct world *world, struct agent *agent)
{
	char path[128];
	FILE *file;

	memset(world, 0, sizeof(*world));
	memset(agent, 0, sizeof(*agent));
	world->present = true;
	snprintf(world->data, sizeof(world->data), "/tmp/rotunda-test-XXXXXX");
	if (!mkdtemp(world->data))
		abort();
	snprintf(path, sizeof(path), "%s/system.cell", world->data);
	file = fopen(path, "w");
	fputs("JHSYS", file);
	fclose(file);
	agent->options = (struct agent_options){ .data = world->data,
						 .board_dir = world->data,
						 .listen = "127.0.0.1",
						 .workers = 8,
						 .body_deadline_ms = 1500 };
	agent->store_ops = &store_ops;
	agent->auth_ops = &auth_ops;
	agent->driver_ops = &driver_ops;
	agent->compiler_ops = &compiler_ops;
	agent->store = agent->auth = agent->driver = agent->compiler = world;
	if (agent_start(agent) != 0)
		abort();
}

static void folder_remove(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		char below[512];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
		if (unlink(below) != 0)
			folder_remove(below);
	}
	if (folder)
		closedir(folder);
	rmdir(path);
}

void world_close(struct world *world, struct agent *agent)
{
	struct driver_reason reason;

	agent_stop(agent);
	while (world->num_created)
		destroy(world, world->created[0].cell.name, &reason);
	for (size_t i = 0; i < world->num_cells; i++)
		cJSON_free(world->cells[i].definition);
	folder_remove(world->data);
}

void world_say(struct world *world, const char *name, const char *text)
{
	struct world_cell *cell;

	pthread_mutex_lock(&lock);
	cell = created_find(world, name);
	if (!cell || write(cell->pipe[1], text, strlen(text)) != (ssize_t)strlen(text))
		abort();
	pthread_mutex_unlock(&lock);
}
