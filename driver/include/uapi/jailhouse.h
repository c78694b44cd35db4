/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * /dev/jailhouse: the contract between the driver and programs. Commands 0 to 5 are those of the
 * Jailhouse tools, byte for byte; 0x40 and up are Rotunda's.
 */
#ifndef UAPI_JAILHOUSE_H
#define UAPI_JAILHOUSE_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define JH_IOC_NAME_LEN		32

struct jh_ioc_create {
	__u64 config_address;
	__u32 config_size;
	__u32 padding;
};

struct jh_ioc_cell {
	__s32 id;			/* -1: look it up by name */
	__u32 padding;
	char name[JH_IOC_NAME_LEN];
};

struct jh_ioc_image {
	__u64 source_address;		/* in the caller's memory */
	__u64 size;
	__u64 target_address;		/* IPA of the cell */
	__u64 padding;
};

struct jh_ioc_load {
	struct jh_ioc_cell cell;
	__u32 num_images;
	__u32 padding;
	struct jh_ioc_image image[];
};

#define JH_IOC_ENABLE		_IOW(0, 0, void *)	/* the argument is the configuration itself */
#define JH_IOC_DISABLE		_IO(0, 1)
#define JH_IOC_CELL_CREATE	_IOW(0, 2, struct jh_ioc_create)
#define JH_IOC_CELL_LOAD	_IOW(0, 3, struct jh_ioc_load)
#define JH_IOC_CELL_START	_IOW(0, 4, struct jh_ioc_cell)
#define JH_IOC_CELL_DESTROY	_IOW(0, 5, struct jh_ioc_cell)

/*
 * Why the last command on this file was refused. error is 0 and the texts are empty when it was not.
 * code is stable and kebab-case, text one sentence with the values, remedy what to do about it.
 */
struct jh_ioc_reason {
	__s32 error;
	char code[40];
	char text[208];
	char remedy[260];
};
#define JH_IOC_LAST_ERROR	_IOR(0, 0x40, struct jh_ioc_reason)

/*
 * Opens the console of a cell: returns a file descriptor, or -1. Its position is the offset in the
 * cell's output stream: lseek(SEEK_SET) goes anywhere, SEEK_END is the newest byte, a read below the oldest
 * kept byte moves up to that one (the jump in the position is what was lost). read() blocks until there
 * is output unless O_NONBLOCK; it returns 0 for good once the cell is destroyed and everything was
 * read. write() is the cell's input. poll() works. The stream goes on over restarts of the cell.
 */
#define JH_IOC_CELL_CONSOLE	_IOW(0, 0x41, struct jh_ioc_cell)

/*
 * Makes an audit of all stage-2 tables and returns its outcome. The ioctl succeeds also when there is a violation. The last
 * violation since enable is kept in the record: code is empty when there never was one. Cells are ids, 0xffffffff = none.
 */
struct jh_ioc_audit {
	__s32 result;			/* 0 clean, 1 violation, 2 incomplete: nothing is proven */
	__u32 cells;			/* tables walked, root's included */
	__u64 audits, violations;	/* since enable; one is made after every change too */
	__u64 pages;			/* 4 KiB pages that some cell reaches */
	__u32 extents;			/* runs of such pages */
	__u32 duration_us;
	__u32 first_cell, second_cell;	/* of the violation */
	__u64 address;			/* physical */
	char code[40];
	char text[208];
};
#define JH_IOC_AUDIT		_IOR(0, 0x48, struct jh_ioc_audit)

/*
 * Overrules a cell: it is stopped without being asked. JH_IOC_FORCE_DESTROY also goes on when another cell has locked the
 * configuration. Without it such requests are refused with EPERM, as scripts expect.
 */
struct jh_ioc_force {
	struct jh_ioc_cell cell;
	__u32 what;			/* JH_IOC_FORCE_* */
	__u32 padding;			/* 0 */
};
#define JH_IOC_FORCE_SHUTDOWN	0
#define JH_IOC_FORCE_DESTROY	1
#define JH_IOC_CELL_FORCE	_IOW(0, 0x49, struct jh_ioc_force)

#endif
