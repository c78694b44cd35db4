// SPDX-License-Identifier: MIT
/*
 * Every error of the published interface, by its number: errnos SITUATION, a line a case. Hypercalls go through /dev/caller, so that no driver
 * stands between; ioctls through /dev/jailhouse without its header.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "caller/caller.h"

enum { DISABLE, CREATE, START, SET_LOADABLE, DESTROY, GET_INFO, GET_STATE, CPU_GET_INFO, PUTC };

#define IOC_ENABLE  0x40080000
#define IOC_DISABLE 0x00000001
#define IOC_CREATE  0x40100002
#define IOC_LOAD    0x40300003
#define IOC_START   0x40280004
#define IOC_DESTROY 0x40280005

struct create {
	uint64_t address;
	uint32_t size, padding;
};
struct load {
	int32_t id;
	uint32_t padding;
	char name[32];
	uint32_t count, padding2;
};

static int caller, device;
static void *volatile nowhere = (void *)8;	/* the compiler would know that nobody may read there */
static uint8_t bytes[CALLER_BUFFER];

static const char *name_of(long result)
{
	static char text[32];

	if (result >= 0)
		snprintf(text, sizeof(text), "%ld", result);
	else
		snprintf(text, sizeof(text), "-%s",
			 strerrorname_np((int)-result) ? strerrorname_np((int)-result) : "?");
	return text;
}

static void check(const char *name, long got, long expected)
{
	if (got == expected)
		printf("ok: %-60s %s\n", name, name_of(got));
	else
		printf("NOT OK: %s: %ld, not %s\n", name, got, name_of(expected));
}

/* -EAGAIN: the cell was asked and has not answered yet; whoever calls asks again. */
static long call(uint64_t code, uint64_t arg1, uint64_t arg2)
{
	struct caller_call call = { code, arg1, arg2, 0 };

	do {
		if (ioctl(caller, CALLER_CALL, &call) != 0)
			return -EIO;
	} while (call.result == -EAGAIN && usleep(1000) == 0);
	return call.result;
}

static size_t take(const char *path)
{
	int fd = open(path, O_RDONLY);
	ssize_t size = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));

	if (size <= 0) {
		perror(path);
		exit(2);
	}
	close(fd);
	return (size_t)size;
}

/* CREATE of a file, as the cell of this id. */
static long create(const char *path, uint32_t id)
{
	uint64_t address;
	size_t size = take(path);

	memcpy(bytes + 40, &id, sizeof(id));
	if (ioctl(caller, CALLER_ADDRESS, &address) || write(caller, bytes, size) != (ssize_t)size)
		return -EIO;
	return call(CREATE, address, 0);
}

static long request(unsigned long number, const void *argument)
{
	return ioctl(device, number, argument) < 0 ? -errno : 0;
}

static long request_create(const char *path, uint32_t size)
{
	struct create record = { (uintptr_t)bytes, 0, 0 };
	size_t real = take(path);

	record.size = size ? size : (uint32_t)real;
	return request(IOC_CREATE, &record);
}

static long request_on(unsigned long number, const char *name)
{
	struct load record = { .id = -1 };

	strcpy(record.name, name);
	return request(number, &record);
}

static void run_on(unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) != 0)
		perror("sched_setaffinity");
}

static void without_firmware(void)
{
	take("system.cell");
	check("ioctl ENABLE: there is no firmware", request(IOC_ENABLE, bytes), -ENOENT);
}

static void silent(void)
{
	char text[16];

	check("read of a hypervisor whose log root may not read", read(device, text, sizeof(text)) < 0 ? -errno : 0,
	      -EPERM);
	check("read of its log in sysfs",
	      read(open("/sys/devices/jailhouse/console", O_RDONLY), text, sizeof(text)) < 0 ? -errno : 0, -EPERM);
}

static void create_refused(void)
{
	check("hypercall CREATE: the configuration is nowhere", call(CREATE, 1ULL << 44, 0), -ENOMEM);
	check("hypercall CREATE: it is in the hypervisor", call(CREATE, 0x7fc00000, 0), -ENOMEM);
	check("hypercall CREATE: it is at the end of all addresses", call(CREATE, ~0xfffULL, 0), -ENOMEM);
	check("hypercall CREATE: its counts ask for 128 GiB", create("absurd.cell", 1), -E2BIG);
	check("hypercall CREATE: id 256", create("good.cell", 256), -E2BIG);
	check("hypercall CREATE: the root cell's id", create("good.cell", 0), -EEXIST);
	check("hypercall CREATE: the root cell's name", create("twin.cell", 1), -EEXIST);
	check("hypercall CREATE: another signature", create("signed.cell", 1), -EINVAL);
	check("hypercall CREATE: an irqchip at 33", create("bent.cell", 1), -EINVAL);
	check("hypercall CREATE: CPU 5 is not root's", create("absent.cell", 1), -EBUSY);
	check("hypercall CREATE: its CPU still runs root", create("good.cell", 1), -EBUSY);
	run_on(2);
	check("hypercall CREATE: from its very CPU", create("good.cell", 1), -EBUSY);
	run_on(0);
	check("ioctl CREATE: 64 KiB and a byte", request_create("good.cell", 0x10001), -E2BIG);
	check("ioctl CREATE: the root cell's name", request_create("twin.cell", 0), -EEXIST);
	check("ioctl CREATE: the hypervisor has not so much memory", request_create("huge.cell", 0), -ENOMEM);
}

static void commands_refused(void)
{
	static const char *const names[] = { "START", "SET_LOADABLE", "DESTROY" };
	char text[64];

	for (unsigned int i = 0; i < 3; i++) {
		snprintf(text, sizeof(text), "hypercall %s: there is no cell 7", names[i]);
		check(text, call(START + i, 7, 0), -ENOENT);
		snprintf(text, sizeof(text), "hypercall %s: nor one far away", names[i]);
		check(text, call(START + i, 1ULL << 32, 0), -ENOENT);
		snprintf(text, sizeof(text), "hypercall %s: the root cell", names[i]);
		check(text, call(START + i, 0, 0), -EINVAL);
	}
}

static void questions_refused(void)
{
	check("hypercall GET_INFO: number of cells", call(GET_INFO, 4, 0), 1);
	check("hypercall GET_INFO: an unknown type", call(GET_INFO, 5, 0), -EINVAL);
	check("hypercall GET_STATE: root", call(GET_STATE, 0, 0), 0);
	check("hypercall GET_STATE: there is no cell 7", call(GET_STATE, 7, 0), -ENOENT);
	check("hypercall GET_STATE: nor one far away", call(GET_STATE, 1ULL << 32, 0), -ENOENT);
	check("hypercall CPU_GET_INFO: CPU 5 is not there", call(CPU_GET_INFO, 5, 0), -EINVAL);
	check("hypercall CPU_GET_INFO: nor one far away", call(CPU_GET_INFO, 1ULL << 32, 0), -EINVAL);
	check("hypercall CPU_GET_INFO: an unknown type", call(CPU_GET_INFO, 0, 1), -EINVAL);
	check("hypercall CPU_GET_INFO: a counter too many", call(CPU_GET_INFO, 0, 1009), -EINVAL);
	check("hypercall PUTC: root may not", call(PUTC, 'x', 0), -EPERM);
	check("hypercall 9", call(9, 0, 0), -ENOSYS);
	check("hypercall 2^32", call(1ULL << 32, 0, 0), -ENOSYS);
	check("hypercall -1", call(~0ULL, 0, 0), -ENOSYS);
}

static void enabled(void)
{
	char text[16];

	check("ioctl ENABLE twice", (take("system.cell"), request(IOC_ENABLE, bytes)), -EBUSY);
	check("read into nowhere", read(device, nowhere, sizeof(text)) < 0 ? -errno : 0, -EFAULT);
	create_refused();
	commands_refused();
	questions_refused();
}

/* CPU 1 is offline: root does not run on all that it has. */
static void offline(void)
{
	check("ioctl DISABLE: one of root's CPUs is offline", request(IOC_DISABLE, NULL), -EBUSY);
	check("hypercall GET_INFO: it is still enabled", call(GET_INFO, 4, 0), 1);
}

/* Cell 1 runs and denies every request. */
static void denied(void)
{
	check("hypercall START: the cell denies it", call(START, 1, 0), -EPERM);
	check("hypercall SET_LOADABLE: the cell denies it", call(SET_LOADABLE, 1, 0), -EPERM);
	check("hypercall DESTROY: the cell denies it", call(DESTROY, 1, 0), -EPERM);
	check("hypercall CREATE: its id is taken", create("good.cell", 1), -EEXIST);
	check("hypercall CREATE: its CPU is taken", create("good.cell", 2), -EBUSY);
	check("hypercall DISABLE: a cell exists", call(DISABLE, 0, 0), -EBUSY);
	check("ioctl START: the cell denies it", request_on(IOC_START, "deny"), -EPERM);
	check("ioctl LOAD: the cell denies it", request_on(IOC_LOAD, "deny"), -EPERM);
	check("ioctl DESTROY: the cell denies it", request_on(IOC_DESTROY, "deny"), -EPERM);
	check("ioctl CREATE: its CPU is taken", request_create("good.cell", 0), -EBUSY);
	check("hypercall GET_STATE: it runs", call(GET_STATE, 1, 0), 0);
}

/* Cell 1 is there; cell 2 has locked the configuration. */
static void locked(void)
{
	check("hypercall CREATE: the configuration is locked", create("third.cell", 3), -EPERM);
	check("ioctl CREATE: the configuration is locked", request_create("third.cell", 0), -EPERM);
	check("hypercall DESTROY: the configuration is locked", call(DESTROY, 1, 0), -EPERM);
	check("ioctl DESTROY: the configuration is locked", request_on(IOC_DESTROY, "odd"), -EPERM);
	check("hypercall GET_STATE: running/locked", call(GET_STATE, 2, 0), 1);
	check("hypercall GET_STATE: what the cell wrote is no state", call(GET_STATE, 1, 0), -EINVAL);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} situations[] = {
		{ "without-firmware", without_firmware }, { "silent", silent }, { "enabled", enabled },
		{ "offline", offline },			  { "denied", denied }, { "locked", locked },
	};

	caller = open("/dev/caller", O_RDWR);
	device = open("/dev/jailhouse", O_RDONLY | O_NONBLOCK);
	run_on(0);
	for (size_t i = 0; argc == 2 && i < sizeof(situations) / sizeof(situations[0]); i++)
		if (strcmp(argv[1], situations[i].name) == 0) {
			situations[i].run();
			return caller < 0 || device < 0;
		}
	fputs("usage: errnos SITUATION\n", stderr);
	return 2;
}
