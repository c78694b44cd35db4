/* SPDX-License-Identifier: GPL-2.0-only */
/* What the driver's files offer each other. README.md has the lock order. */
#ifndef DRIVER_JAILHOUSE_H
#define DRIVER_JAILHOUSE_H

#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include <jailhouse/config.h>
#include <jailhouse/console.h>
#include <jailhouse/firmware.h>
#include <jailhouse/hypercall.h>
#include <uapi/jailhouse.h>

/* Output of one cell. Outlives the cell while somebody has it open. */
struct jh_console {
	struct kref kref;
	int id;
	const struct jh_cell_page *page; /* NULL once the cell is gone; covered by jh.live */
	char *rest; /* what the ring held when the cell went; covered by jh.live */
	u64 rest_end;				/* stream offset behind the last byte of rest */
	spinlock_t lock;			/* covers the next two */
	u64 seen;				/* somebody has read up to here */
	u64 lost;				/* bytes below it that were overwritten before anybody did */
};

struct jh_cell {
	struct list_head node; /* covered by jh.lock */
	struct kobject kobj;
	struct kobject *statistics;
	int id;
	char name[JH_CELL_NAME_LEN];
	cpumask_t cpus; /* covered by jh.live */
	cpumask_t offlined; /* these were online before create */
	long state; /* that pollers know; covered by jh.lock */
	u32 starts; /* the same */
	struct kobject *cpu_kobj[NR_CPUS];
	struct jh_cell_desc *config; /* NULL for the root cell */
	size_t config_size;
	struct jh_console *console; /* NULL for the root cell */
};

struct jh_driver {
	struct mutex lock; /* every command; outermost */
	struct rw_semaphore live; /* held for reading while hypervisor memory is read or a query is made */
	bool enabled; /* written with both locks */
	struct device *device; /* /sys/devices/jailhouse */
	struct kobject *cells_kobj;
	struct list_head cells; /* root first */
	struct jh_cell *root;
	struct jh_system_desc system; /* of the last enable */
	void *memory; /* hypervisor memory, mapped; NULL before the first enable */
	phys_addr_t memory_phys;
	size_t memory_size;
	struct jh_firmware_header header;
	struct jh_log *kept_log; /* copy of the log after disable or a failed enable */
	struct jh_ioc_reason last_error; /* covered by lock */
	wait_queue_head_t output; /* consoles, log */
};
extern struct jh_driver jh;

/* reason.c */
__printf(5, 6) int jh_refuse(struct jh_ioc_reason *why, int error, const char *code, const char *remedy,
			     const char *format, ...);
int jh_refuse_hypervisor(struct jh_ioc_reason *why, int error);
/* With jh.live held and jh.enabled seen: whether a CPU died in the hypervisor, and what it said. */
bool jh_fatal_get(struct jh_reason *fatal);

/* el2.c */
int jh_el2_check(struct jh_ioc_reason *why);
int jh_el2_enter(struct jh_ioc_reason *why);
long jh_hypercall(unsigned long code, unsigned long arg1, unsigned long arg2);
long jh_hypercall_asking(unsigned long code, unsigned long arg1, unsigned long arg2); /* may sleep for 10 s, killable */
int jh_el2_leave(void);
void jh_cache_clean(const void *start, size_t size);

/* firmware.c */
int jh_firmware_load(const struct jh_system_desc *system, const void *config, size_t config_size,
		     struct jh_ioc_reason *why);
void jh_firmware_unmap(void);

/* hypervisor.c: all with jh.lock held */
int jh_enable(const void __user *config, struct jh_ioc_reason *why);
int jh_disable(struct jh_ioc_reason *why);
size_t jh_config_size(const struct jh_cell_desc *desc);
int jh_config_cpus(const struct jh_cell_desc *desc, cpumask_t *cpus, struct jh_ioc_reason *why);

/* cpus.c */
int jh_cpus_take(struct jh_cell *cell, const cpumask_t *cpus, struct jh_ioc_reason *why);
void jh_cpus_return(struct jh_cell *cell);

/* cell.c: all with jh.lock held */
int jh_cell_create(const struct jh_ioc_create *arg, struct jh_ioc_reason *why);
int jh_cell_start(const struct jh_ioc_cell *arg, struct jh_ioc_reason *why);
int jh_cell_destroy(const struct jh_ioc_cell *arg, struct jh_ioc_reason *why);
int jh_cell_destroy_one(struct jh_cell *cell, bool force, struct jh_ioc_reason *why);
int jh_cell_force(const struct jh_ioc_force *arg, struct jh_ioc_reason *why);
int jh_cell_add_root(const cpumask_t *cpus);
void jh_cell_remove_root(void);
struct jh_cell *jh_cell_find(const struct jh_ioc_cell *arg, struct jh_ioc_reason *why);

/* image.c */
int jh_cell_load(struct jh_ioc_load __user *uarg, struct jh_ioc_reason *why);

/* console.c */
struct jh_console *jh_console_new(int id);
void jh_console_put(struct jh_console *console);
void jh_console_keep(struct jh_console *console);
void jh_console_detach(struct jh_console *console);
/* These with jh.live held for reading, which keeps the page. */
size_t jh_console_copy(struct jh_console *console, u8 *chunk, size_t size, u64 *position);
bool jh_console_has_output(struct jh_console *console, u64 position);
long jh_console_input(struct jh_console *console, const u8 *bytes, size_t size);
long jh_console_break(struct jh_console *console);
u64 jh_console_lost(struct jh_console *console);
int jh_console_open(struct jh_cell *cell, struct jh_ioc_reason *why);

/* tty.c: add and remove with jh.lock held */
int jh_tty_init(void);
void jh_tty_exit(void);
int jh_tty_add(struct jh_console *console);
void jh_tty_remove(struct jh_console *console);
void jh_tty_kick(void);

/* log.c */
ssize_t jh_log_read(struct file *file, char __user *buffer, size_t size, u32 *position);
ssize_t jh_log_show(char *buffer);
void jh_log_keep(void);

/* audit.c; the first with jh.lock held */
int jh_audit(struct jh_ioc_audit __user *uarg, struct jh_ioc_reason *why);
ssize_t jh_audit_show(char *buffer);

/* recorder.c */
void jh_recorder_recover(void);
ssize_t jh_recorder_read(bool of_before, char *buffer, loff_t position, size_t size);
void jh_recorder_exit(void);

/* notify.c */
void jh_notify_start(void);
void jh_notify_stop(void);

/* sysfs.c, sysfs_cell.c, sysfs_cpu.c */
int jh_sysfs_init(void);
void jh_sysfs_exit(void);
int jh_sysfs_cell_add(struct jh_cell *cell);
void jh_sysfs_cell_remove(struct jh_cell *cell);
void jh_sysfs_changed(void);
void jh_sysfs_fatal_check(void);
void jh_sysfs_state_check(struct jh_cell *cell);
void jh_sysfs_cpu_move(struct jh_cell *from, struct jh_cell *to, unsigned int cpu);

/* chardev.c */
int jh_chardev_init(void);
void jh_chardev_exit(void);

#endif
