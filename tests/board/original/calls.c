// SPDX-License-Identifier: MIT
/*
 * The driver by its published numbers and records, without its header: calls before|after. Before enable, or with nothing but
 * root and "inmate-demo" (id 1, not running). Prints a line a check.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define ENABLE	0x40080000
#define DISABLE 0x00000001
#define CREATE	0x40100002
#define LOAD	0x40300003
#define START	0x40280004
#define DESTROY 0x40280005
#define NOWHERE 8UL

struct create {
	uint64_t address;
	uint32_t size, padding;
};
struct id {
	int32_t id;
	uint32_t padding;
	char name[32];
};
struct image {
	uint64_t source, size, target, padding;
};
struct load {
	struct id id;
	uint32_t count, padding;
	struct image image[2];
};
_Static_assert(sizeof(struct create) == 16 && sizeof(struct id) == 40 && sizeof(struct load) == 48 + 2 * 32,
	       "published");

static int device;
static uint8_t cell[4096], bent[4096];
static size_t cell_size;

static void check(const char *name, long got, long expected)
{
	printf(got == expected ? "ok: %s\n" : "NOT OK: %s: %ld, not %ld\n", name, got, expected);
}

static long call(unsigned long number, const void *argument)
{
	return ioctl(device, number, argument) < 0 ? -errno : 0;
}

static size_t take(const char *path, uint8_t *bytes)
{
	int fd = open(path, O_RDONLY);
	ssize_t size = fd < 0 ? -1 : read(fd, bytes, 4096);

	if (size <= 0) {
		perror(path);
		exit(2);
	}
	close(fd);
	return (size_t)size;
}

/* Like what was taken, with one byte another one. */
static long create(size_t size, size_t at, uint8_t value)
{
	struct create record = { (uintptr_t)bent, (uint32_t)size, 0 };

	memcpy(bent, cell, sizeof(bent));
	bent[at] = value;
	return call(CREATE, &record);
}

static long enable(size_t at, uint8_t value)
{
	memcpy(bent, cell, sizeof(bent));
	bent[at] = value;
	return call(ENABLE, bent);
}

static void interrupted(int signal)
{
	(void)signal;
}

/* What a read that blocks says to a signal after 300 ms. */
static long blocking_read(void)
{
	char bytes[4096];
	struct sigaction action = { .sa_handler = interrupted };
	int fd = open("/dev/jailhouse", O_RDONLY);
	long got;

	sigaction(SIGALRM, &action, NULL);
	do {
		ualarm(300000, 0);
		got = read(fd, bytes, sizeof(bytes));
	} while (got > 0);
	got = got < 0 ? -errno : got;
	close(fd);
	return got;
}

static void before(void)
{
	struct id root = { 0, 0, "" };
	struct load load = { .id = { -1, 0, "inmate-demo" } };
	char byte;

	check("a command that is not there", call(0x40080006, &root), -EINVAL);
	check("ENABLE as a 32-bit process encodes it", call(0x40040000, cell), -EINVAL);
	check("DISABLE before ENABLE", call(DISABLE, NULL), -EINVAL);
	check("CREATE before ENABLE", create(cell_size, 0, 'J'), -EINVAL);
	check("LOAD before ENABLE", call(LOAD, &load), -EINVAL);
	check("START before ENABLE", call(START, &root), -EINVAL);
	check("DESTROY before ENABLE", call(DESTROY, &root), -EINVAL);
	check("read without waiting before ENABLE", read(device, &byte, 1) < 0 ? -errno : 0, -EAGAIN);
	check("read that waits before ENABLE", blocking_read(), -EINTR);
	cell_size = take("/cells/qemu-arm64.cell", cell);
	check("ENABLE from nowhere", call(ENABLE, (void *)NOWHERE), -EFAULT);
	check("ENABLE: signature", enable(0, 'X'), -EINVAL);
	check("ENABLE: architecture", enable(5, 1), -EINVAL);
	check("ENABLE: revision", enable(6, 13), -EINVAL);
	check("ENABLE: a CPU fewer than are online", enable(489, 0x7f), -EINVAL);
	check("ENABLE: a CPU more than are online", enable(490, 1), -EINVAL);
	check("ENABLE: GIC version", enable(313, 4) < 0, 1);
}

static void created(void)
{
	struct create nowhere = { NOWHERE, (uint32_t)cell_size, 0 };

	check("ENABLE twice", enable(0, 'J'), -EBUSY);
	check("CREATE: the record is nowhere", call(CREATE, (void *)NOWHERE), -EFAULT);
	check("CREATE: the configuration is nowhere", call(CREATE, &nowhere), -EFAULT);
	check("CREATE: 131 bytes", create(131, 0, 'J'), -EINVAL);
	check("CREATE: fewer bytes than its counts ask for", create(cell_size - 1, 0, 'J'), -EINVAL);
	check("CREATE: signature", create(cell_size, 0, 'X'), -EINVAL);
	check("CREATE: revision", create(cell_size, 6, 13), -EINVAL);
	check("CREATE: architecture", create(cell_size, 5, 0), -EINVAL);
	check("CREATE: its name exists", create(cell_size, 0, 'J'), -EEXIST);
	check("CREATE: CPUs of another cell", create(cell_size, 8, 'X'), -EBUSY);
	check("CREATE: no CPU", create(cell_size, 132, 0) < 0, 1);
}

static long load_one(const char *name, const void *source, uint64_t size, uint64_t target)
{
	struct load load = { .id = { -1, 0, "" }, .count = 1, .image = { { (uintptr_t)source, size, target, 0 } } };

	strcpy(load.id.name, name);
	return call(LOAD, &load);
}

static void loaded(void)
{
	static uint8_t image[0x10001];

	check("LOAD: the record is nowhere", call(LOAD, (void *)NOWHERE), -EFAULT);
	check("LOAD: no such cell", load_one("nobody", image, 16, 0), -ENOENT);
	check("LOAD: the root cell", load_one("qemu-arm64", image, 16, 0), -EINVAL);
	check("LOAD: all of a region", load_one("inmate-demo", image, 0x10000, 0), 0);
	check("LOAD: a byte more", load_one("inmate-demo", image, 0x10001, 0), -EINVAL);
	check("LOAD: where nothing is", load_one("inmate-demo", image, 16, 0x20000), -EINVAL);
	check("LOAD: a region that is not loadable", load_one("inmate-demo", image, 16, 0x09000000), -EINVAL);
	check("LOAD: the comm region", load_one("inmate-demo", image, 16, 0x80000000), -EINVAL);
	check("LOAD: the image is nowhere", load_one("inmate-demo", (void *)NOWHERE, 16, 0), -EFAULT);
	check("LOAD: an image without bytes is skipped", load_one("inmate-demo", (void *)NOWHERE, 0, 0x20000), 0);
}

static void named(void)
{
	struct id nobody = { -1, 0, "nobody" }, high = { 7, 0, "inmate-demo" }, root = { 0, 0, "" };
	struct id padded = { 1, 0xffffffff, "nobody" };

	check("START: no such name", call(START, &nobody), -ENOENT);
	check("START: no such id, whatever the name", call(START, &high), -ENOENT);
	check("START: the root cell", call(START, &root), -EINVAL);
	check("START: the record is nowhere", call(START, (void *)NOWHERE), -EFAULT);
	check("DESTROY: no such name", call(DESTROY, &nobody), -ENOENT);
	check("DESTROY: the root cell", call(DESTROY, &root), -EINVAL);
	check("DESTROY by id: the name and the padding do not count", call(DESTROY, &padded), 0);
	check("DESTROY: gone", call(DESTROY, &padded), -ENOENT);
}

/* Three times as much as the ring holds, while one reader stands still. */
static void overtaken(void)
{
	static const char missed[] = "<missed ";
	struct id first = { 1, 0, "" };
	char bytes[4096];
	long got;

	for (int i = 0; i < 40; i++)
		if (create(cell_size, 0, 'J') || load_one("inmate-demo", cell, 16, 0) || call(DESTROY, &first))
			printf("NOT OK: round %d of create and destroy\n", i);
	got = read(device, bytes, sizeof(bytes) - 1);
	bytes[got > 0 ? got : 0] = 0;
	check("a reader that was overtaken is told", strncmp(bytes, missed, strlen(missed)), 0);
	check("in one line", strcmp(strchr(bytes, ' ') ? strrchr(bytes, ' ') : bytes, " log>\n"), 0);
	got = read(device, bytes, sizeof(bytes));
	check("and then reads what the ring still has", got, 2048);
	check("and then nothing", read(device, bytes, sizeof(bytes)), 0);
	check("a reader that waits goes on to wait", blocking_read(), -EINTR);
}

int main(int argc, char **argv)
{
	device = open("/dev/jailhouse", O_RDONLY | O_NONBLOCK);	/* programs open it for reading only */
	cell_size = take("/cells/inmate-demo.cell", cell);
	if (device < 0 || argc < 2)
		return 2;
	if (!strcmp(argv[1], "before")) {
		before();
	} else {
		created();
		loaded();
		named();
		overtaken();
	}
	return fflush(stdout) != 0;
}
