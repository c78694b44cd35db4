/* SPDX-License-Identifier: MIT */
/*
 * What a stock arm64 Linux needs to start in a cell: a device tree of what the cell has, places for kernel, tree and initial RAM
 * disk, and a loader that hands over. A library over libfdt and zlib, without I/O but for linux_board_read(), and without global
 * state: every function may be called from any thread. docs/linux-cells.md has the whole story.
 *
 * Functions return 0, -EINVAL (*problem says why), or -ENOMEM. A function that fails leaves nothing to be freed.
 */
#ifndef LINUX_CELL_H
#define LINUX_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINUX_COMMAND_LINE_MAX 2048 /* with its NUL: COMMAND_LINE_SIZE of the kernel on arm64 */
#define LINUX_RAM_MAX	       16
#define LINUX_CPUS_MAX	       64
#define LINUX_IMAGES_MAX       5
#define LINUX_LOADER_SIZE      0x2000u /* linux-loader.bin, whose parameters are a page above it */
#define LINUX_TREE_MAX	       (1u << 21) /* the kernel maps no larger device tree (Linux Documentation/arm64/booting.rst) */

struct linux_problem {
	char code[40]; /* stable, kebab-case */
	char text[256]; /* one sentence with the values */
	char remedy[160];
};

__attribute__((format(printf, 4, 5))) int linux_refuse(struct linux_problem *problem, const char *code,
						       const char *remedy, const char *format, ...);

struct linux_span {
	uint64_t start, size; /* bytes */
};

/* What the cell has; addresses are guest addresses. */
struct linux_machine {
	char name[32];
	uint64_t cpus; /* bit n: Linux's CPU n */
	uint64_t entry;
	bool entry_loadable; /* there is room for the loader */
	struct linux_span ram[LINUX_RAM_MAX]; /* readable, writable, executable, for DMA, not shared */
	bool loadable[LINUX_RAM_MAX];
	size_t num_ram;
	struct linux_span comm; /* size 0: none */
	uint64_t uart; /* the PL011 that the hypervisor emulates */
	uint32_t uart_intid; /* 0: it has no interrupt */
	bool has_uart;
};

int linux_machine_read(const void *config, size_t size, struct linux_machine *machine, struct linux_problem *problem);

struct linux_cpu {
	bool known;
	uint64_t affinity; /* MPIDR_EL1, affinity fields */
	char compatible[64];
};

/* What the cell shares with the board, and sees at the same addresses. */
struct linux_board {
	struct linux_cpu cpus[LINUX_CPUS_MAX];
	unsigned gic_version; /* 2 or 3 */
	struct linux_span gicd;
	struct linux_span gic_cpus; /* GICv3: redistributors; GICv2: CPU interface */
	uint32_t timer_hertz; /* 0: CNTFRQ_EL0 is right */
};

#define LINUX_BOARD_CPUS "/sys/devices/system/cpu"
#define LINUX_BOARD_TREE "/proc/device-tree"

/* From what root Linux shows of its own device tree. */
int linux_board_read(const char *cpus, const char *tree, struct linux_board *board, struct linux_problem *problem);

/* An Image (Linux Documentation/arm64/booting.rst), unpacked when it was compressed with gzip. */
struct linux_kernel {
	const void *data;
	size_t size; /* of the file */
	uint64_t text_offset;
	uint64_t image_size; /* what it takes in memory, more than the file */
	void *unpacked; /* NULL: data is the caller's */
};

/* limit: bytes that may come of it; more is no kernel for this cell. data must live as long as the kernel. */
int linux_kernel_open(const void *data, size_t size, uint64_t limit, struct linux_kernel *kernel,
		      struct linux_problem *problem);
void linux_kernel_close(struct linux_kernel *kernel);

/* Where everything goes. A kernel changes itself and frees its RAM disk: both are kept at the end of the RAM and copied at each start. */
struct linux_plan {
	struct linux_span tree, kernel, initrd; /* as the kernel finds them; initrd.size 0: none */
	struct linux_span kept_kernel, kept_initrd; /* sizes of the files */
	struct linux_span kept; /* both, whole pages */
	uint64_t parameters; /* of the loader; the loader itself is at the entry */
};

/* tree_size: bytes. factor: of the original's -k, 0 = the RAM disk follows the kernel. */
int linux_plan_make(const struct linux_machine *machine, const struct linux_kernel *kernel, uint64_t tree_size,
		    uint64_t initrd_size, unsigned factor, struct linux_plan *plan, struct linux_problem *problem);

/* A device tree of the cell, without what linux_tree_finish() adds. free() *tree. */
int linux_tree_make(const struct linux_machine *machine, const struct linux_board *board, void **tree,
		    struct linux_problem *problem);
/* Whether it is one, and whether it has what the rest needs. */
int linux_tree_check(const void *tree, size_t size, struct linux_problem *problem);
/* Whether one that was checked names PSCI and the timer. */
int linux_tree_needs(const void *tree, struct linux_problem *problem);
/* A copy with memory, kernel arguments, RAM disk and reserved memory; *size bytes. free() *finished. */
int linux_tree_finish(const void *tree, const struct linux_machine *machine, const struct linux_plan *plan,
		      const char *command_line, void **finished, struct linux_problem *problem);
size_t linux_tree_size(const void *tree);

/* What a person gives. */
struct linux_parts {
	const void *loader, *kernel, *initrd, *tree; /* initrd NULL: none; tree NULL: it is made */
	size_t loader_size, kernel_size, initrd_size, tree_size;
	const char *command_line;
	unsigned factor;
};

struct linux_image {
	const char *what; /* "loader", "kernel", "tree", "initrd", "parameters" */
	const void *data;
	size_t size;
	uint64_t address;
};

/* Ready for the driver, in the original's order. The parts must live as long; linux_load_free(). */
struct linux_load {
	struct linux_image images[LINUX_IMAGES_MAX];
	size_t count;
	struct linux_kernel kernel;
	void *tree;
	char parameters[256];
};

/* board NULL: not needed because the parts have a tree. */
int linux_load_make(const struct linux_machine *machine, const struct linux_board *board,
		    const struct linux_parts *parts, struct linux_load *load, struct linux_problem *problem);
void linux_load_free(struct linux_load *load);

#endif
