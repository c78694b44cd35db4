// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cell consoles as ttys: /dev/ttyJH<id>. What a cell prints is what the line receives, what is written to the line is the cell's
 * input. One work item per tty moves both: it runs when the hypervisor rings, when something was written, and when the line
 * discipline has room again. Nothing polls but on a board without notify_irq.
 *
 * What is printed while nobody has the tty open waits in the ring for the next who opens it. As with every line, what was received and
 * not read is gone with the last close.
 *
 * A tty belongs to a cell id and outlives cells: a process that keeps a hung-up tty open must not keep the next cell with that
 * id from having one.
 */
#include <linux/kfifo.h>
#include <linux/slab.h>
#include <linux/tty.h>
#include <linux/tty_driver.h>
#include <linux/tty_flip.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "jailhouse.h"

#define CHUNK 256
#define FIFO_SIZE 4096
#define ENTRY_BREAK 0x100 /* in the fifo, where others are bytes */
#define FULL_DELAY (HZ / 50)

struct jh_tty {
	struct tty_port port;
	struct delayed_work work;
	struct jh_console *console;	/* NULL: no cell; written with jh.live held for writing */
	u64 position;			/* of the next byte to be received; the work's own */
	bool throttled;			/* the line discipline is full */
	spinlock_t lock;		/* covers fifo */
	DECLARE_KFIFO(fifo, u16, FIFO_SIZE);
};

static struct tty_driver *driver;
static struct jh_tty *ttys[JH_CELL_ID_MAX + 1];	/* made on first use; entries never change again */

static void kick(struct jh_tty *own)
{
	mod_delayed_work(system_wq, &own->work, 0);
}

void jh_tty_kick(void)
{
	unsigned int id;

	for (id = 0; id <= JH_CELL_ID_MAX; id++)
		if (READ_ONCE(ttys[id]) && tty_port_initialized(&ttys[id]->port))
			kick(ttys[id]);
}

/* False: the line discipline is behind and has not said so yet. */
static bool receive_chunk(struct jh_tty *own, const u8 *chunk, size_t n, u64 at)
{
	size_t taken;

	if (at != own->position)
		tty_insert_flip_char(&own->port, 0, TTY_OVERRUN);
	taken = tty_insert_flip_string(&own->port, chunk, n);
	own->position = at + taken;
	tty_flip_buffer_push(&own->port);
	return taken == n;
}

static void receive(struct jh_tty *own)
{
	u8 chunk[CHUNK];
	size_t n;
	u64 at;

	while (tty_port_initialized(&own->port) && !READ_ONCE(own->throttled)) {
		if (!own->console->page && !own->console->rest)
			return;
		at = own->position;
		n = jh_console_copy(own->console, chunk, sizeof(chunk), &at);
		if (n && !receive_chunk(own, chunk, n, at)) {
			mod_delayed_work(system_wq, &own->work, FULL_DELAY);
			return;
		}
		if (!n && (!own->console->page || !jh_console_has_output(own->console, own->position)))
			return;
	}
}

/* Up to eight bytes, or one break: what one hypercall takes. -EAGAIN: the hypervisor rings when there is room. */
static long transmit_some(struct jh_tty *own)
{
	u16 entries[JH_CONSOLE_INPUT_MAX];
	u8 bytes[JH_CONSOLE_INPUT_MAX];
	unsigned int n = kfifo_out_peek(&own->fifo, entries, JH_CONSOLE_INPUT_MAX), i;
	long sent;

	if (!n)
		return 0;
	for (i = 0; i < n && entries[i] != ENTRY_BREAK; i++)
		bytes[i] = entries[i];
	sent = i ? jh_console_input(own->console, bytes, i) : jh_console_break(own->console);
	for (i = 0; (long)i < sent; i++)
		kfifo_skip(&own->fifo);
	return sent;
}

static void transmit(struct jh_tty *own)
{
	bool any = false;
	long sent;

	do {
		spin_lock_bh(&own->lock);
		sent = transmit_some(own);
		spin_unlock_bh(&own->lock);
		any |= sent > 0;
	} while (sent > 0);
	if (any)
		tty_port_tty_wakeup(&own->port);
}

static void tty_work(struct work_struct *work)
{
	struct jh_tty *own = container_of(work, struct jh_tty, work.work);

	down_read(&jh.live);
	if (own->console) {
		transmit(own);
		receive(own);
	}
	up_read(&jh.live);
}

static struct jh_tty *to_own(struct tty_struct *tty)
{
	return container_of(tty->port, struct jh_tty, port);
}

static int jh_tty_open(struct tty_struct *tty, struct file *file)
{
	struct jh_tty *own = to_own(tty);
	int err;

	if (!READ_ONCE(own->console))
		return -EIO;
	err = tty_port_open(&own->port, tty, file);
	/* What was printed before is received first, as far as the ring still has it. */
	if (!err)
		kick(own);
	return err;
}

static void jh_tty_close(struct tty_struct *tty, struct file *file)
{
	tty_port_close(tty->port, tty, file);
}

static void jh_tty_hangup(struct tty_struct *tty)
{
	tty_port_hangup(tty->port);
}

static compat_tty_written_t jh_tty_write(struct tty_struct *tty, const u8 *bytes, compat_tty_count_t count)
{
	struct jh_tty *own = to_own(tty);
	compat_tty_count_t done = 0;

	if (!READ_ONCE(own->console))
		return -EIO;
	spin_lock_bh(&own->lock);
	while (done < count && kfifo_put(&own->fifo, bytes[done]))
		done++;
	spin_unlock_bh(&own->lock);
	kick(own);
	return done;
}

static unsigned int jh_tty_write_room(struct tty_struct *tty)
{
	return kfifo_avail(&to_own(tty)->fifo);
}

static unsigned int jh_tty_chars_in_buffer(struct tty_struct *tty)
{
	return kfifo_len(&to_own(tty)->fifo);
}

static void fifo_forget(struct jh_tty *own)
{
	spin_lock_bh(&own->lock);
	kfifo_reset(&own->fifo);
	spin_unlock_bh(&own->lock);
}

static void jh_tty_flush_buffer(struct tty_struct *tty)
{
	fifo_forget(to_own(tty));
	tty_wakeup(tty);
}

static void jh_tty_throttle(struct tty_struct *tty)
{
	WRITE_ONCE(to_own(tty)->throttled, true);
}

static void jh_tty_unthrottle(struct tty_struct *tty)
{
	WRITE_ONCE(to_own(tty)->throttled, false);
	kick(to_own(tty));
}

static int jh_tty_break_ctl(struct tty_struct *tty, int state)
{
	struct jh_tty *own = to_own(tty);
	int err = 0;

	if (!state)
		return 0;	/* its end: a break has no length here */
	spin_lock_bh(&own->lock);
	if (!kfifo_put(&own->fifo, ENTRY_BREAK))
		err = -EBUSY;
	spin_unlock_bh(&own->lock);
	kick(own);
	return err;
}

/* The line is always there and always ready. */
static int jh_tty_tiocmget(struct tty_struct *tty)
{
	return TIOCM_DTR | TIOCM_RTS | TIOCM_CTS | TIOCM_CAR | TIOCM_DSR;
}

static int jh_tty_tiocmset(struct tty_struct *tty, unsigned int set, unsigned int clear)
{
	return 0;
}

/* There are no wires: every speed and frame is as good as another. Without this the tty would refuse to be set up. */
static void jh_tty_set_termios(struct tty_struct *tty, const struct ktermios *old)
{
}

static const struct tty_operations tty_ops = {
	.open = jh_tty_open,
	.close = jh_tty_close,
	.hangup = jh_tty_hangup,
	.write = jh_tty_write,
	.write_room = jh_tty_write_room,
	.chars_in_buffer = jh_tty_chars_in_buffer,
	.flush_buffer = jh_tty_flush_buffer,
	.set_termios = jh_tty_set_termios,
	.throttle = jh_tty_throttle,
	.unthrottle = jh_tty_unthrottle,
	.break_ctl = jh_tty_break_ctl,
	.tiocmget = jh_tty_tiocmget,
	.tiocmset = jh_tty_tiocmset,
};

static int port_activate(struct tty_port *port, struct tty_struct *tty)
{
	WRITE_ONCE(container_of(port, struct jh_tty, port)->throttled, false);
	return 0;
}

static void port_shutdown(struct tty_port *port)
{
	fifo_forget(container_of(port, struct jh_tty, port));
}

static const struct tty_port_operations port_ops = {
	.activate = port_activate,
	.shutdown = port_shutdown,
};

static struct jh_tty *tty_new(void)
{
	struct jh_tty *own = kzalloc(sizeof(*own), GFP_KERNEL);

	if (!own)
		return NULL;
	tty_port_init(&own->port);
	own->port.ops = &port_ops;
	INIT_DELAYED_WORK(&own->work, tty_work);
	spin_lock_init(&own->lock);
	INIT_KFIFO(own->fifo);
	return own;
}

static void set_console(struct jh_tty *own, struct jh_console *console)
{
	down_write(&jh.live);
	WRITE_ONCE(own->console, console);
	up_write(&jh.live);
}

int jh_tty_add(struct jh_console *console)
{
	struct jh_tty *own = ttys[console->id];
	struct device *device;

	lockdep_assert_held(&jh.lock);
	if (!own) {
		own = tty_new();
		if (!own)
			return -ENOMEM;
		WRITE_ONCE(ttys[console->id], own);
	}
	own->position = 0;
	kref_get(&console->kref);
	set_console(own, console);
	device = tty_port_register_device(&own->port, driver, console->id, jh.device);
	if (!IS_ERR(device))
		return 0;
	set_console(own, NULL);
	jh_console_put(console);
	return PTR_ERR(device);
}

/* The cell is gone; its last words are received, then the line hangs up. */
void jh_tty_remove(struct jh_console *console)
{
	struct jh_tty *own = ttys[console->id];
	struct tty_struct *tty;

	lockdep_assert_held(&jh.lock);
	if (!own || own->console != console)
		return;
	kick(own);
	flush_delayed_work(&own->work);
	set_console(own, NULL);
	cancel_delayed_work_sync(&own->work);
	fifo_forget(own);	/* so that a close that waits for it to drain ends */
	tty = tty_port_tty_get(&own->port);
	if (tty) {
		tty_wakeup(tty);
		tty_vhangup(tty);
		tty_kref_put(tty);
	}
	tty_unregister_device(driver, console->id);
	jh_console_put(console);
}

int jh_tty_init(void)
{
	int err;

	/* Not REAL_RAW: that would be a promise not to signal overruns. */
	driver = tty_alloc_driver(JH_CELL_ID_MAX + 1, TTY_DRIVER_DYNAMIC_DEV);
	if (IS_ERR(driver))
		return PTR_ERR(driver);
	driver->driver_name = "jailhouse";
	driver->name = "ttyJH";
	driver->type = TTY_DRIVER_TYPE_SERIAL;
	driver->subtype = SERIAL_TYPE_NORMAL;
	/* Raw, and no echo: the cell echoes by itself, and what it prints must not come back to it as typed. */
	driver->init_termios = tty_std_termios;
	driver->init_termios.c_iflag = 0;
	driver->init_termios.c_oflag = 0;
	driver->init_termios.c_cflag = B115200 | CS8 | CREAD | CLOCAL | HUPCL;
	driver->init_termios.c_lflag = 0;
	driver->init_termios.c_ispeed = 115200;
	driver->init_termios.c_ospeed = 115200;
	tty_set_operations(driver, &tty_ops);
	err = tty_register_driver(driver);
	if (err)
		tty_driver_kref_put(driver);
	return err;
}

/* Nobody has one open: that would hold the module. */
void jh_tty_exit(void)
{
	unsigned int id;

	tty_unregister_driver(driver);
	for (id = 0; id <= JH_CELL_ID_MAX; id++) {
		if (!ttys[id])
			continue;
		cancel_delayed_work_sync(&ttys[id]->work);
		tty_port_destroy(&ttys[id]->port);
		kfree(ttys[id]);
	}
	tty_driver_kref_put(driver);
}
