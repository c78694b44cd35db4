// SPDX-License-Identifier: MIT
/* Requests to /dev/jailhouse. Reading of sysfs is in jailhouse_sysfs.c. */
#include "jailhouse_client.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <jailhouse/config.h>
#include <uapi/jailhouse.h>

struct jh_client {
	int fd;
	struct jh_client_reason reason;
};

int jh_client_open(struct jh_client **client, const struct jh_client_paths *paths)
{
	const char *device = paths && paths->device ? paths->device : JH_CLIENT_DEVICE;
	struct jh_client *new_client = calloc(1, sizeof(*new_client));
	int err;

	if (!new_client)
		return -ENOMEM;
	new_client->fd = open(device, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (new_client->fd < 0) {
		err = -errno;
		free(new_client);
		return err;
	}
	*client = new_client;
	return 0;
}

void jh_client_close(struct jh_client *client)
{
	if (!client)
		return;
	close(client->fd);
	free(client);
}

int jh_client_fd(const struct jh_client *client)
{
	return client->fd;
}

const struct jh_client_reason *jh_client_reason(const struct jh_client *client)
{
	return &client->reason;
}

static void reason_set(struct jh_client *client, int error, const char *code, const char *text,
		       const char *remedy)
{
	struct jh_client_reason *reason = &client->reason;

	reason->error = error;
	snprintf(reason->code, sizeof(reason->code), "%s", code);
	snprintf(reason->text, sizeof(reason->text), "%s", text);
	snprintf(reason->remedy, sizeof(reason->remedy), "%s", remedy);
}

/* An older driver has no LAST_ERROR: then only the errno is known. */
static void reason_fetch(struct jh_client *client, int error)
{
	struct jh_ioc_reason raw = { 0 };

	reason_set(client, error, "", "", "");
	if (ioctl(client->fd, JH_IOC_LAST_ERROR, &raw) != 0 || raw.error == 0)
		return;
	raw.code[sizeof(raw.code) - 1] = 0;
	raw.text[sizeof(raw.text) - 1] = 0;
	raw.remedy[sizeof(raw.remedy) - 1] = 0;
	reason_set(client, error, raw.code, raw.text, raw.remedy);
}

/* Returns what ioctl() returned, or -errno with the reason filled in. */
static int request(struct jh_client *client, unsigned long command, const void *argument)
{
	int result = ioctl(client->fd, command, argument);
	int error = errno;

	if (result < 0) {
		reason_fetch(client, error);
		return -error;
	}
	memset(&client->reason, 0, sizeof(client->reason));
	return result;
}

static int refuse(struct jh_client *client, const char *code, const char *text, const char *remedy)
{
	reason_set(client, EINVAL, code, text, remedy);
	return -EINVAL;
}

static int refuse_size(struct jh_client *client, uint64_t size, uint64_t needed, const char *by)
{
	char text[sizeof(client->reason.text)];

	snprintf(text, sizeof(text), "The system configuration has %" PRIu64 " bytes, its %s need %" PRIu64 ".", size,
		 by, needed);
	return refuse(client, "config-truncated", text, "Give a compiled system definition; compile it again.");
}

/* Sum of what the descriptor's counts promise; 64 bits cannot overflow with 32-bit counts. */
static uint64_t cell_size(const struct jh_cell_desc *desc)
{
	return sizeof(*desc) + (uint64_t)desc->cpu_set_size +
	       (uint64_t)desc->num_memory_regions * sizeof(struct jh_memory) +
	       (uint64_t)desc->num_cache_regions * sizeof(struct jh_cache) +
	       (uint64_t)desc->num_irqchips * sizeof(struct jh_irqchip) +
	       (uint64_t)desc->num_pio_regions * sizeof(struct jh_pio) +
	       (uint64_t)desc->num_pci_devices * sizeof(struct jh_pci_device) +
	       (uint64_t)desc->num_pci_caps * sizeof(struct jh_pci_cap) +
	       (uint64_t)desc->num_stream_ids * sizeof(uint32_t);
}

/* ENABLE passes no length: the driver would read beyond a short blob, into whatever follows. */
int jh_client_enable(struct jh_client *client, const void *config, size_t size)
{
	struct jh_system_desc desc;
	uint64_t needed;

	if (size < sizeof(desc))
		return refuse_size(client, size, sizeof(desc), "header");
	memcpy(&desc, config, sizeof(desc));
	needed = sizeof(desc) - sizeof(desc.root_cell) + cell_size(&desc.root_cell);
	if (size < needed)
		return refuse_size(client, size, needed, "counts");
	return request(client, JH_IOC_ENABLE, config);
}

int jh_client_disable(struct jh_client *client)
{
	return request(client, JH_IOC_DISABLE, NULL);
}

int jh_client_cell_create(struct jh_client *client, const void *config, size_t size)
{
	struct jh_ioc_create create = { .config_address = (uintptr_t)config };

	if (size > JH_CONFIG_MAX_SIZE)
		return refuse(client, "config-oversized", "The cell configuration is larger than 64 KiB.",
			      "Give the file that the definition compiler made.");
	create.config_size = (uint32_t)size;
	return request(client, JH_IOC_CELL_CREATE, &create);
}

static struct jh_ioc_cell cell_record(int id, const char *name)
{
	struct jh_ioc_cell cell = { .id = id };

	/* The original cuts names at 31 characters, and so do the names in configurations. */
	if (id < 0 && name)
		snprintf(cell.name, sizeof(cell.name), "%s", name);
	if (id < 0)
		cell.id = -1;
	return cell;
}

int jh_client_cell_load(struct jh_client *client, int id, const char *name,
			const struct jh_client_image *images, size_t count)
{
	struct jh_ioc_load *load;
	size_t i;
	int result;

	if (count > UINT16_MAX)
		return -E2BIG;
	load = calloc(1, sizeof(*load) + count * sizeof(load->image[0]));
	if (!load)
		return -ENOMEM;
	load->cell = cell_record(id, name);
	load->num_images = (uint32_t)count;
	for (i = 0; i < count; i++) {
		load->image[i].source_address = (uintptr_t)images[i].data;
		load->image[i].size = images[i].size;
		load->image[i].target_address = images[i].target;
	}
	result = request(client, JH_IOC_CELL_LOAD, load);
	free(load);
	return result;
}

/* A load of nothing stops the cell and leaves it loadable. */
int jh_client_cell_shutdown(struct jh_client *client, int id, const char *name)
{
	return jh_client_cell_load(client, id, name, NULL, 0);
}

static int cell_request(struct jh_client *client, unsigned long command, int id, const char *name)
{
	struct jh_ioc_cell cell = cell_record(id, name);

	return request(client, command, &cell);
}

int jh_client_cell_start(struct jh_client *client, int id, const char *name)
{
	return cell_request(client, JH_IOC_CELL_START, id, name);
}

int jh_client_cell_destroy(struct jh_client *client, int id, const char *name)
{
	return cell_request(client, JH_IOC_CELL_DESTROY, id, name);
}

static int force_request(struct jh_client *client, uint32_t what, int id, const char *name)
{
	struct jh_ioc_force force = { .cell = cell_record(id, name), .what = what };

	return request(client, JH_IOC_CELL_FORCE, &force);
}

int jh_client_cell_force_shutdown(struct jh_client *client, int id, const char *name)
{
	return force_request(client, JH_IOC_FORCE_SHUTDOWN, id, name);
}

int jh_client_cell_force_destroy(struct jh_client *client, int id, const char *name)
{
	return force_request(client, JH_IOC_FORCE_DESTROY, id, name);
}

int jh_client_cell_console(struct jh_client *client, int id, const char *name)
{
	return cell_request(client, JH_IOC_CELL_CONSOLE, id, name);
}

int jh_client_audit(struct jh_client *client, struct jh_client_audit *audit)
{
	struct jh_ioc_audit raw = { 0 };
	int err = request(client, JH_IOC_AUDIT, &raw);

	if (err < 0)
		return err;
	*audit = (struct jh_client_audit){ .result = raw.result,
					   .cells = raw.cells,
					   .extents = raw.extents,
					   .duration_us = raw.duration_us,
					   .pages = raw.pages,
					   .audits = raw.audits,
					   .violations = raw.violations };
	snprintf(audit->code, sizeof(audit->code), "%.39s", raw.code);
	snprintf(audit->text, sizeof(audit->text), "%.207s", raw.text);
	return 0;
}
