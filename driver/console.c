// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cell consoles: the ring that the hypervisor fills, the input that it takes; and each as a file descriptor with any number of
 * readers. The position of a file is the offset in the cell's output. tty.c offers the same as a tty.
 */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>

#include "jailhouse.h"

#define CHUNK 256

struct jh_console *jh_console_new(int id)
{
	struct jh_console *console = kzalloc(sizeof(*console), GFP_KERNEL);

	if (!console)
		return NULL;
	kref_init(&console->kref);
	spin_lock_init(&console->lock);
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
}

void jh_console_detach(struct jh_console *console)
{
	console->page = NULL;
}

static u64 console_tail(const struct jh_console *console)
{
	return console->page ? smp_load_acquire(&console->page->tail) : console->rest_end;
}

/* Where it goes on for somebody who read up to position: margin bytes above the oldest when he was overtaken. */
static u64 console_start(u64 position, u64 tail, u64 margin)
{
	return position + JH_CELL_RING_SIZE < tail ? tail - JH_CELL_RING_SIZE + margin : position;
}

/* What nobody has read before it was overwritten is lost; several readers lose it once. */
static void console_account(struct jh_console *console, u64 start, u64 end)
{
	spin_lock(&console->lock);
	if (start > console->seen)
		console->lost += start - console->seen;
	if (end > console->seen)
		console->seen = end;
	spin_unlock(&console->lock);
}

u64 jh_console_lost(struct jh_console *console)
{
	u64 tail = console_tail(console), lost;

	spin_lock(&console->lock);
	lost = console->lost + (console_start(console->seen, tail, 0) - console->seen);
	spin_unlock(&console->lock);
	return lost;
}

/* A cell that prints faster than this copies gets further away from with each turn: then the margin grows. */
size_t jh_console_copy(struct jh_console *console, u8 *chunk, size_t size, u64 *position)
{
	const u8 *ring = console->page ? (const u8 *)console->page + JH_CELL_RING_OFFSET : (const u8 *)console->rest;
	u64 tail = console_tail(console), margin = 0;
	size_t n, i;

	if (!ring)
		return 0;
	do {
		*position = console_start(*position, tail, margin);
		if (*position >= tail)
			return 0;
		n = min_t(u64, size, tail - *position);
		for (i = 0; i < n; i++)
			chunk[i] = READ_ONCE(ring[(*position + i) % JH_CELL_RING_SIZE]);
		smp_rmb();
		tail = console_tail(console);
		margin = margin ? min_t(u64, 2 * margin, JH_CELL_RING_SIZE / 2) : CHUNK;
	} while (*position + JH_CELL_RING_SIZE < tail);
	console_account(console, *position, *position + n);
	return n;
}

/* The next output rings once it is armed, so it is looked at again afterwards. */
bool jh_console_has_output(struct jh_console *console, u64 position)
{
	if (!console->page || console_tail(console) > position)
		return true;
	jh_hypercall(JH_HC_CELL_CONSOLE_ARM, console->id, JH_CONSOLE_ARM_OUTPUT);
	return console_tail(console) > position;
}

static bool console_full(const struct jh_console *console)
{
	return console->page && READ_ONCE(console->page->input_waiting) >= console->page->input_size;
}

static bool console_has_room(struct jh_console *console)
{
	if (!console_full(console))
		return true;
	jh_hypercall(JH_HC_CELL_CONSOLE_ARM, console->id, JH_CONSOLE_ARM_ROOM);
	return !console_full(console);
}

/* How many were taken, or -EAGAIN: then the hypervisor rings when there is room. */
long jh_console_input(struct jh_console *console, const u8 *bytes, size_t size)
{
	size_t n = min_t(size_t, size, JH_CONSOLE_INPUT_MAX);
	u64 word = 0;
	size_t i;

	if (!console->page)
		return -EPIPE;
	for (i = 0; i < n; i++)
		word |= (u64)bytes[i] << 8 * i;
	return jh_hypercall(JH_HC_CELL_CONSOLE_INPUT, JH_CONSOLE_INPUT(console->id, n), word);
}

long jh_console_break(struct jh_console *console)
{
	if (!console->page)
		return -EPIPE;
	return jh_hypercall(JH_HC_CELL_CONSOLE_INPUT, JH_CONSOLE_INPUT(console->id, JH_CONSOLE_INPUT_BREAK), 0);
}

/*
 * The conditions below take jh.live and may sleep, which the condition of wait_event() must not: it is evaluated in the
 * state of a sleeper. wait_woken() remembers a wake-up that came meanwhile instead.
 */
static int console_wait(struct file *file, u64 position, bool (*ready)(struct jh_console *console, u64 position))
{
	struct jh_console *console = file->private_data;
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	int err = 0;
	bool done;

	add_wait_queue(&jh.output, &wait);
	for (;;) {
		down_read(&jh.live);
		done = ready(console, position);
		up_read(&jh.live);
		if (done)
			break;
		err = file->f_flags & O_NONBLOCK ? -EAGAIN : signal_pending(current) ? -ERESTARTSYS : 0;
		if (err)
			break;
		wait_woken(&wait, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
	}
	remove_wait_queue(&jh.output, &wait);
	return err;
}

static bool room_ready(struct jh_console *console, u64 position)
{
	return console_has_room(console);
}

static ssize_t console_read(struct file *file, char __user *buffer, size_t size, loff_t *position)
{
	struct jh_console *console = file->private_data;
	u8 chunk[CHUNK];
	size_t done = 0, n;
	u64 at;
	int err = size ? console_wait(file, *position, jh_console_has_output) : 0;

	if (err)
		return err;
	for (at = *position; done < size; at += n) {
		down_read(&jh.live);
		n = jh_console_copy(console, chunk, min_t(size_t, size - done, CHUNK), &at);
		up_read(&jh.live);
		if (!n)
			break;
		if (copy_to_user(buffer + done, chunk, n))
			return done ? done : -EFAULT;
		done += n;
		*position = at + n;
	}
	return done;
}

static long console_send(struct jh_console *console, const char __user *buffer, size_t size)
{
	u8 bytes[JH_CONSOLE_INPUT_MAX];
	size_t n = min_t(size_t, size, sizeof(bytes));
	long sent;

	if (copy_from_user(bytes, buffer, n))
		return -EFAULT;
	down_read(&jh.live);
	sent = jh_console_input(console, bytes, n);
	up_read(&jh.live);
	return sent;
}

static ssize_t console_write(struct file *file, const char __user *buffer, size_t size, loff_t *position)
{
	size_t done = 0;
	long sent = 0;

	while (done < size) {
		sent = console_send(file->private_data, buffer + done, size - done);
		if (sent == -EAGAIN) {
			sent = console_wait(file, 0, room_ready);
			if (!sent)
				continue;
		}
		if (sent < 0)
			break;
		done += sent;
	}
	return done ? done : sent;
}

static __poll_t console_poll(struct file *file, poll_table *wait)
{
	struct jh_console *console = file->private_data;
	__poll_t mask = 0;

	poll_wait(file, &jh.output, wait);
	down_read(&jh.live);
	if (jh_console_has_output(console, file->f_pos))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (console_has_room(console))
		mask |= EPOLLOUT | EPOLLWRNORM;
	if (!console->page)
		mask |= EPOLLHUP;
	up_read(&jh.live);
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
