// SPDX-License-Identifier: GPL-2.0-only
/* Life of a cell: create, start, destroy. */
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "jailhouse.h"

static int need_enabled(struct jh_ioc_reason *why)
{
	if (jh.enabled)
		return 0;
	return jh_refuse(why, -EINVAL, "not-enabled", "Enable it first: jailhouse enable.",
			 "The hypervisor is not enabled.");
}

struct jh_cell *jh_cell_find(const struct jh_ioc_cell *arg, struct jh_ioc_reason *why)
{
	struct jh_cell *cell;
	int err = need_enabled(why);

	lockdep_assert_held(&jh.lock);
	if (err)
		return ERR_PTR(err);
	list_for_each_entry(cell, &jh.cells, node)
		if (arg->id == cell->id || (arg->id == -1 && !strncmp(arg->name, cell->name, sizeof(cell->name))))
			return cell;
	jh_refuse(why, -ENOENT, "no-such-cell", "See jailhouse cell list.", "There is no cell \"%.31s\" (id %d).",
		  arg->id == -1 ? arg->name : "", arg->id);
	return ERR_PTR(-ENOENT);
}

static int config_check(const struct jh_cell_desc *config, size_t size, struct jh_ioc_reason *why)
{
	struct jh_cell *cell;

	if (memcmp(config->signature, JH_CELL_SIGNATURE, JH_SIGNATURE_LEN))
		return jh_refuse(why, -EINVAL, "config-signature", "Give a compiled cell definition.",
				 "The configuration does not start with %s.", JH_CELL_SIGNATURE);
	if (config->revision != JH_CONFIG_REVISION || config->architecture != JH_CONFIG_ARCH_ARM64)
		return jh_refuse(why, -EINVAL, "config-revision", "Compile it for arm64, revision 14.",
				 "The configuration has revision %u and architecture %u.", config->revision,
				 config->architecture);
	if (jh_config_size(config) > size)
		return jh_refuse(why, -EINVAL, "config-truncated", "Compile the cell's definition again.",
				 "The configuration has %zu bytes, its counts need %zu.", size, jh_config_size(config));
	list_for_each_entry(cell, &jh.cells, node)
		if (!strcmp(cell->name, config->name))
			return jh_refuse(why, -EEXIST, "cell-exists", "Choose another name, or destroy that cell.",
					 "There is a cell \"%s\" already.", config->name);
	return 0;
}

/*
 * EL2 cannot know what of root's memory Linux uses: giving that away would be the end of Linux. What is shared stays in place, and a
 * communication region has no memory of its own.
 */
static int memory_check(const struct jh_cell_desc *config, struct jh_ioc_reason *why)
{
	const struct jh_memory *regions = (const void *)(config + 1) + config->cpu_set_size;
	struct jh_memory region;
	u32 i;

	for (i = 0; i < config->num_memory_regions; i++) {
		memcpy(&region, &regions[i], sizeof(region));
		if (!region.size || region.phys_start + region.size < region.phys_start ||
		    region.flags & (JH_MEM_COMM_REGION | JH_MEM_ROOTSHARED))
			continue;
		if (region_intersects(region.phys_start, region.size, IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) !=
		    REGION_DISJOINT)
			return jh_refuse(
				why, -EBUSY, "memory-of-linux",
				"Reserve it with no-map in the device tree, or keep Linux out of it with mem=.",
				"Memory region %u (0x%llx, size 0x%llx) is used by Linux.", i, region.phys_start,
				region.size);
	}
	return 0;
}

static struct jh_cell_desc *config_copy(const struct jh_ioc_create *arg, struct jh_ioc_reason *why)
{
	struct jh_cell_desc *config;
	int err;

	if (arg->config_size < sizeof(*config) || arg->config_size > JH_CONFIG_MAX_SIZE) {
		err = arg->config_size < sizeof(*config) ? -EINVAL : -E2BIG;
		jh_refuse(why, err, err == -E2BIG ? "config-oversized" : "config-truncated",
			  "Compile the cell's definition again.", "A configuration has 132 to 65536 bytes, not %u.",
			  arg->config_size);
		return ERR_PTR(err);
	}
	/* Not vmemdup_user(): EL2 reads it by physical address, it must be contiguous. */
	config = memdup_user(u64_to_user_ptr(arg->config_address), arg->config_size);
	if (IS_ERR(config))
		return config;
	config->name[sizeof(config->name) - 1] = 0;
	if (config->flags & JH_CELL_VIRTUAL_CONSOLE_ACTIVE)
		config->flags |= JH_CELL_VIRTUAL_CONSOLE_PERMITTED;
	err = config_check(config, arg->config_size, why);
	if (!err)
		err = memory_check(config, why);
	if (err) {
		kfree(config);
		return ERR_PTR(err);
	}
	return config;
}

static int id_choose(void)
{
	struct jh_cell *cell;
	int id = 0;
again:
	list_for_each_entry(cell, &jh.cells, node)
		if (cell->id == id) {
			id++;
			goto again;
		}
	return id;
}

/* Before sysfs knows it; afterwards the kobject's release frees it. */
static void cell_free(struct jh_cell *cell)
{
	if (cell->console)
		jh_console_put(cell->console);
	kfree(cell->config);
	kfree(cell);
}

static struct jh_cell *cell_alloc(struct jh_cell_desc *config, size_t size)
{
	struct jh_cell *cell = kzalloc(sizeof(*cell), GFP_KERNEL);

	if (!cell)
		return NULL;
	cell->id = id_choose();
	cell->state = -1; /* none yet: the first one is news */
	strscpy(cell->name, config->name, sizeof(cell->name));
	cell->console = jh_console_new(cell->id);
	if (!cell->console) {
		kfree(cell);
		return NULL;
	}
	config->id = cell->id;
	cell->config = config;
	cell->config_size = size;
	return cell;
}

static void console_attach(struct jh_cell *cell)
{
	long phys = jh_hypercall(JH_HC_CELL_INFO, cell->id, JH_CELL_INFO_PAGE);
	u64 offset = (u64)phys - jh.memory_phys;
	struct jh_cell_page *page;

	if (phys <= 0 || offset > jh.memory_size - JH_CELL_RING_OFFSET - JH_CELL_RING_SIZE)
		return;
	page = jh.memory + offset;
	if (page->magic != JH_CELL_PAGE_MAGIC || page->ring_size != JH_CELL_RING_SIZE)
		return;
	down_write(&jh.live);
	cell->console->page = page;
	up_write(&jh.live);
}

static int cell_give(struct jh_cell *cell, struct jh_ioc_reason *why)
{
	cpumask_t cpus;
	int err = jh_config_cpus(cell->config, &cpus, why);
	unsigned int cpu;

	if (!err)
		err = jh_cpus_take(cell, &cpus, why);
	if (err)
		return err;
	err = jh_hypercall(JH_HC_CELL_CREATE, virt_to_phys(cell->config), 0);
	if (err < 0) {
		jh_refuse_hypervisor(why, err);
		jh_cpus_return(cell);
		return err;
	}
	for_each_cpu(cpu, &cpus)
		jh_sysfs_cpu_move(jh.root, cell, cpu);
	return 0;
}

static int cell_create(struct jh_cell_desc *config, size_t size, struct jh_ioc_reason *why)
{
	struct jh_cell *cell = cell_alloc(config, size);
	int err;

	if (!cell) {
		kfree(config);
		return -ENOMEM;
	}
	if (cell->id > JH_CELL_ID_MAX) {
		cell_free(cell);
		return jh_refuse(why, -E2BIG, "too-many-cells", "Destroy a cell.", "There are 256 cells already.");
	}
	err = jh_sysfs_cell_add(cell); /* from here on the kobject owns it */
	if (err)
		return err;
	err = cell_give(cell, why);
	if (err) {
		jh_sysfs_cell_remove(cell);
		return err;
	}
	console_attach(cell);
	list_add_tail(&cell->node, &jh.cells);
	err = jh_tty_add(cell->console);
	if (err) {
		jh_refuse(why, err, "no-tty", "Free some memory, then try again.",
			  "There is no tty for the console of cell \"%s\".", cell->name);
		jh_cell_destroy_one(cell, true, why);
		return err;
	}
	jh_sysfs_changed();
	pr_info("Created Jailhouse cell \"%s\"\n", cell->name);
	return 0;
}

int jh_cell_create(const struct jh_ioc_create *arg, struct jh_ioc_reason *why)
{
	struct jh_cell_desc *config;
	int err = need_enabled(why);

	lockdep_assert_held(&jh.lock);
	if (err)
		return err;
	config = config_copy(arg, why);
	if (IS_ERR(config))
		return PTR_ERR(config);
	return cell_create(config, arg->config_size, why);
}

int jh_cell_start(const struct jh_ioc_cell *arg, struct jh_ioc_reason *why)
{
	struct jh_cell *cell = jh_cell_find(arg, why);
	long err;

	if (IS_ERR(cell))
		return PTR_ERR(cell);
	err = jh_hypercall_asking(JH_HC_CELL_START, cell->id, 0);
	if (err < 0)
		return jh_refuse_hypervisor(why, err);
	jh_sysfs_state_check(cell);
	return 0;
}

/* Before the cell is stopped: a refused request changes nothing. */
static int lock_check(const struct jh_cell *but, struct jh_ioc_reason *why)
{
	struct jh_cell *cell;

	list_for_each_entry(cell, &jh.cells, node)
		if (cell != jh.root && cell != but &&
		    jh_hypercall(JH_HC_CELL_GET_STATE, cell->id, 0) == JH_CELL_STATE_RUNNING_LOCKED)
			return jh_refuse(why, -EPERM, "configuration-locked",
					 "Shut that cell down first, or overrule it: --force.",
					 "Cell \"%s\" has locked the configuration.", cell->name);
	return 0;
}

/*
 * Stopped first, so that the ring does not change while it is kept for those who still read it. Not by SET_LOADABLE: root
 * would reach the cell's memory before it is scrubbed.
 */
static long cell_stop(const struct jh_cell *cell, bool force)
{
	return jh_hypercall_asking(JH_HC_CELL_FORCE, cell->id, force ? JH_FORCE_SHUTDOWN : JH_FORCE_NOTHING);
}

static long cell_end(const struct jh_cell *cell, bool force)
{
	if (force)
		return jh_hypercall_asking(JH_HC_CELL_FORCE, cell->id, JH_FORCE_DESTROY);
	return jh_hypercall_asking(JH_HC_CELL_DESTROY, cell->id, 0);
}

int jh_cell_destroy_one(struct jh_cell *cell, bool force, struct jh_ioc_reason *why)
{
	cpumask_t cpus = cell->cpus;
	unsigned int cpu;
	long err = force ? 0 : lock_check(cell, why);

	if (err)
		return err;
	err = cell_stop(cell, force);
	if (err < 0)
		return jh_refuse_hypervisor(why, err);
	down_write(&jh.live);
	jh_console_keep(cell->console);
	err = cell_end(cell, force);
	if (err >= 0)
		jh_console_detach(cell->console);
	up_write(&jh.live);
	if (err < 0)
		return jh_refuse_hypervisor(why, err);
	wake_up_interruptible(&jh.output);
	jh_tty_remove(cell->console);
	list_del(&cell->node);
	for_each_cpu(cpu, &cpus)
		jh_sysfs_cpu_move(cell, jh.root, cpu);
	jh_cpus_return(cell);
	pr_info("Destroyed Jailhouse cell \"%s\"\n", cell->name);
	jh_sysfs_cell_remove(cell);
	jh_sysfs_changed();
	return 0;
}

static int root_check(const struct jh_cell *cell, struct jh_ioc_reason *why)
{
	if (cell != jh.root)
		return 0;
	return jh_refuse(why, -EINVAL, "root-cell", "Use jailhouse disable.", "The root cell cannot be destroyed.");
}

int jh_cell_force(const struct jh_ioc_force *arg, struct jh_ioc_reason *why)
{
	struct jh_cell *cell = jh_cell_find(&arg->cell, why);
	long err;

	if (IS_ERR(cell))
		return PTR_ERR(cell);
	err = root_check(cell, why);
	if (err)
		return err;
	if (arg->what > JH_IOC_FORCE_DESTROY || arg->padding)
		return jh_refuse(why, -EINVAL, "force-unknown", "Use a program of this driver's version.",
				 "There is nothing with number %u to be forced.", arg->what);
	if (arg->what == JH_IOC_FORCE_DESTROY)
		return jh_cell_destroy_one(cell, true, why);
	err = cell_stop(cell, true);
	if (err < 0)
		return jh_refuse_hypervisor(why, err);
	sysfs_notify(&cell->kobj, NULL, "state");
	return 0;
}

int jh_cell_destroy(const struct jh_ioc_cell *arg, struct jh_ioc_reason *why)
{
	struct jh_cell *cell = jh_cell_find(arg, why);
	int err;

	if (IS_ERR(cell))
		return PTR_ERR(cell);
	err = root_check(cell, why);
	return err ? err : jh_cell_destroy_one(cell, false, why);
}

int jh_cell_add_root(const cpumask_t *cpus)
{
	struct jh_cell *root = kzalloc(sizeof(*root), GFP_KERNEL);
	unsigned int cpu;
	int err;

	if (!root)
		return -ENOMEM;
	memcpy(root->name, jh.system.root_cell.name, sizeof(root->name) - 1);
	cpumask_copy(&root->cpus, cpus);
	err = jh_sysfs_cell_add(root);
	if (err)
		return err;
	jh.root = root;
	list_add(&root->node, &jh.cells);
	for_each_cpu(cpu, cpus)
		jh_sysfs_cpu_move(NULL, root, cpu);
	return 0;
}

void jh_cell_remove_root(void)
{
	struct jh_cell *root = jh.root;
	unsigned int cpu;

	list_del(&root->node);
	jh.root = NULL;
	for_each_cpu(cpu, &root->cpus)
		jh_sysfs_cpu_move(root, NULL, cpu);
	jh_sysfs_cell_remove(root);
}
