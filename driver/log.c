// SPDX-License-Identifier: GPL-2.0-only
/* The hypervisor's log: a ring that only EL2 writes. */
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "jailhouse.h"

#define LOG_POLL (HZ / 10)	/* nobody tells when there is more */
#define LOG_TRIES 1000		/* a writer that died in the middle must not hold the reader */

static void log_copy(struct jh_log *copy)
{
	const volatile struct jh_log *log = jh.memory + jh.header.public_offset;
	int tries = LOG_TRIES;
	u32 tail;

	do {
		while (log->busy && --tries > 0)
			cpu_relax();
		tail = log->tail;
		rmb();
		memcpy(copy, (const void *)log, sizeof(*copy));
		rmb();
	} while ((log->busy || log->tail != tail) && --tries > 0);
}

static bool log_permitted(void)
{
	return jh.system.flags & JH_SYS_VIRTUAL_DEBUG_CONSOLE;
}

/* After disable and after a failed enable the last words stay readable. */
void jh_log_keep(void)
{
	if (!jh.kept_log)
		jh.kept_log = kmalloc(sizeof(*jh.kept_log), GFP_KERNEL);
	if (jh.kept_log && log_permitted())
		log_copy(jh.kept_log);
}

static int log_get(struct jh_log *copy)
{
	int err = 0;

	down_read(&jh.live);
	if (jh.memory && !log_permitted())
		err = -EPERM;
	else if (jh.enabled)
		log_copy(copy);
	else if (jh.kept_log)
		memcpy(copy, jh.kept_log, sizeof(*copy));
	else
		err = -EAGAIN;
	up_read(&jh.live);
	return err;
}

static ssize_t log_take(const struct jh_log *log, char __user *buffer, size_t size, u32 *position)
{
	u32 available = log->tail - *position, i;
	char line[64];

	if (available > log->tail)
		available = log->tail, *position = 0;	/* a new hypervisor started a new stream */
	if (available > JH_LOG_SIZE) {
		i = scnprintf(line, sizeof(line), "<missed %u bytes of console log>\n", available - JH_LOG_SIZE);
		if (copy_to_user(buffer, line, min_t(size_t, i, size)))
			return -EFAULT;
		*position = log->tail - JH_LOG_SIZE;
		return min_t(size_t, i, size);
	}
	size = min_t(size_t, size, available);
	for (i = 0; i < size; i++)
		if (put_user(log->content[(*position + i) % JH_LOG_SIZE], buffer + i))
			return -EFAULT;
	*position += size;
	return size;
}

ssize_t jh_log_read(struct file *file, char __user *buffer, size_t size, u32 *position)
{
	struct jh_log *copy = kmalloc(sizeof(*copy), GFP_KERNEL);
	ssize_t done;

	if (!copy)
		return -ENOMEM;
	for (;;) {
		done = log_get(copy);
		if (!done)
			done = log_take(copy, buffer, size, position);
		if (done != 0 && done != -EAGAIN)
			break;
		if (file->f_flags & O_NONBLOCK || !size)
			break;
		if (schedule_timeout_interruptible(LOG_POLL) && signal_pending(current)) {
			done = -EINTR;
			break;
		}
		if (signal_pending(current)) {
			done = -EINTR;
			break;
		}
	}
	kfree(copy);
	return done;
}

ssize_t jh_log_show(char *buffer)
{
	struct jh_log *copy = kmalloc(sizeof(*copy), GFP_KERNEL);
	u32 start, i;
	int err;

	if (!copy)
		return -ENOMEM;
	err = jh.enabled ? log_get(copy) : -EAGAIN;
	if (err) {
		kfree(copy);
		return err == -EAGAIN ? 0 : err;
	}
	start = copy->tail > JH_LOG_SIZE ? copy->tail - JH_LOG_SIZE : 0;
	for (i = 0; start + i != copy->tail; i++)
		buffer[i] = copy->content[(start + i) % JH_LOG_SIZE];
	kfree(copy);
	return i;
}
