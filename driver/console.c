// SPDX-License-Identifier: GPL-2.0-only
/* Cell consoles as file descriptors. The position of a file is the offset in the cell's output. */
#include <linux/anon_inodes.h>
#include <linux/delay.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "jailhouse.h"

#define CONSOLE_RECHECK (HZ / 10)	/* a board without notify_irq tells nobody: look again */
#define CHUNK		256

struct jh_console *jh_console_new(int id)
{
	struct jh_console *console = kzalloc(sizeof(*console), GFP_KERNEL);

	if (!console)
		return NULL;
	kref_init(&console->kref);
	console->id = id;
	return console;
}

static void console_release(struct kref *kref)
{
	struct jh_console *console = container_of(kref, struct jh_console, kref);

	vfree(console->rest);
	kfree(console);
}

void jh_console_put(struct jh_console *console)
{
	kref_put(&console->kref, console_release);
}

/* Copies the ring; the cell is stopped. Without memory for it the rest is lost, the cell goes anyway. */
void jh_console_keep(struct jh_console *console)
{
	if (!console->page)
		return;
	if (!console->rest)
		console->rest = vmalloc(JH_CELL_RING_SIZE);
	if (!console->rest)
		return;
	memcpy(console->rest, (void *)console->page + JH_CELL_RING_OFFSET, JH_CELL_RING_SIZE);
	console->rest_end = READ_ONCE(console->page->tail);
	console->rest_start = console->rest_end - min_t(u64, console->rest_end, JH_CELL_RING_SIZE);
}

void jh_console_detach(struct jh_console *console)
{
	console->page = NULL;
}

static u64 console_tail(const struct jh_console *console)
{
	return console->page ? smp_load_acquire(&console->page->tail) : console->rest_end;
}

/* jh.live is held. Bytes from *position on, which moves up to the oldest kept byte first. */
static size_t console_copy(const struct jh_console *console, char *chunk, size_t size, u64 *position)
{
	const char *ring = console->page ? (const char *)console->page + JH_CELL_RING_OFFSET : console->rest;
	u64 tail = console_tail(console);
	size_t i;

	if (*position + JH_CELL_RING_SIZE < tail)
		*position = tail - JH_CELL_RING_SIZE;
	if (*position >= tail || !ring)
		return 0;
	size = min_t(u64, size, tail - *position);
	for (i = 0; i < size; i++)
		chunk[i] = ring[(*position + i) % JH_CELL_RING_SIZE];
	smp_rmb();
	tail = console_tail(console);	/* overwritten meanwhile: read again, from the oldest */
	if (*position + JH_CELL_RING_SIZE < tail)
		return console_copy(console, chunk, min_t(size_t, size, 1), position);
	return size;
}

/* 1: ready (data, or the cell is gone), 0: nothing yet; then the next output will ring. */
static int console_ready(struct jh_console *console, u64 position)
{
	int ready;

	down_read(&jh.live);
	if (console->page && console_tail(console) <= position)
		jh_hypercall(JH_HC_CELL_CONSOLE_ARM, console->id, 0);
	ready = !console->page || console_tail(console) > position;
	up_read(&jh.live);
	return ready;
}

static int console_wait(struct file *file, u64 position)
{
	struct jh_console *console = file->private_data;
	long left;

	while (!console_ready(console, position)) {
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		left = wait_event_interruptible_timeout(jh.output, console_ready(console, position),
							CONSOLE_RECHECK);
		if (left < 0)
			return -EINTR;
	}
	return 0;
}

static ssize_t console_read(struct file *file, char __user *buffer, size_t size, loff_t *position)
{
	struct jh_console *console = file->private_data;
	u64 at = *position;
	char chunk[CHUNK];
	size_t done = 0, n;
	int err = size ? console_wait(file, at) : 0;

	if (err)
		return err;
	while (done < size) {
		down_read(&jh.live);
		n = console_copy(console, chunk, min_t(size_t, size - done, CHUNK), &at);
		up_read(&jh.live);
		if (!n)
			break;
		if (copy_to_user(buffer + done, chunk, n))
			return done ? done : -EFAULT;
		at += n;
		done += n;
		*position = at;
	}
	return done;
}

static long console_input(const struct jh_console *console, u8 byte)
{
	long err = -EPIPE;

	down_read(&jh.live);
	if (console->page)
		err = jh_hypercall(JH_HC_CELL_CONSOLE_INPUT, console->id, byte);
	up_read(&jh.live);
	return err;
}

static ssize_t console_write(struct file *file, const char __user *buffer, size_t size, loff_t *position)
{
	size_t done = 0;
	long err = 0;
	u8 byte;

	while (done < size) {
		if (get_user(byte, buffer + done))
			return done ? done : -EFAULT;
		err = console_input(file->private_data, byte);
		if (err == -EAGAIN && !done && !(file->f_flags & O_NONBLOCK)) {
			if (msleep_interruptible(10))
				return -EINTR;
			continue;
		}
		if (err < 0)
			break;
		done++;
	}
	return done ? done : err;
}

/* Input is never waited for: the queue of a cell that does not read would block for ever. */
static __poll_t console_poll(struct file *file, poll_table *wait)
{
	struct jh_console *console = file->private_data;
	__poll_t mask = EPOLLOUT | EPOLLWRNORM;

	poll_wait(file, &jh.output, wait);
	if (console_ready(console, file->f_pos))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (!READ_ONCE(console->page))
		mask |= EPOLLHUP;
	return mask;
}

static loff_t console_llseek(struct file *file, loff_t offset, int whence)
{
	loff_t tail;

	down_read(&jh.live);
	tail = console_tail(file->private_data);
	up_read(&jh.live);
	return generic_file_llseek_size(file, offset, whence, S64_MAX, tail);
}

static int console_close(struct inode *inode, struct file *file)
{
	jh_console_put(file->private_data);
	return 0;
}

static const struct file_operations console_fops = {
	.owner = THIS_MODULE,
	.read = console_read,
	.write = console_write,
	.poll = console_poll,
	.llseek = console_llseek,
	.release = console_close,
};

int jh_console_open(struct jh_cell *cell, struct jh_ioc_reason *why)
{
	struct file *file;
	int fd;

	if (!cell->console || !cell->console->page)
		return jh_refuse(why, -ENODEV, "no-console", "Name a cell other than the root cell.",
				 "Cell \"%s\" has no console.", cell->name);
	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return fd;
	kref_get(&cell->console->kref);
	file = anon_inode_getfile("[jailhouse-console]", &console_fops, cell->console, O_RDWR);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		jh_console_put(cell->console);
		return PTR_ERR(file);
	}
	file->f_mode |= FMODE_LSEEK;
	fd_install(fd, file);
	return fd;
}
