// SPDX-License-Identifier: GPL-2.0-only
/* Images into the memory of a loadable cell. */
#include <linux/io.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "jailhouse.h"

#define IMAGES_MAX 64

/* The first region that holds the target decides, as with the original. */
static int region_find(const struct jh_cell *cell, const struct jh_ioc_image *image, struct jh_memory *region)
{
	const struct jh_memory *regions = (const void *)(cell->config + 1) + cell->config->cpu_set_size;
	u32 i;

	for (i = 0; i < cell->config->num_memory_regions; i++) {
		memcpy(region, &regions[i], sizeof(*region));
		if (image->target_address >= region->virt_start &&
		    image->target_address - region->virt_start < region->size)
			return 0;
	}
	return -ENOENT;
}

static int image_check(const struct jh_cell *cell, const struct jh_ioc_image *image, struct jh_ioc_reason *why)
{
	const u64 needed = JH_MEM_WRITE | JH_MEM_LOADABLE;
	struct jh_memory region;

	if (!image->size)
		return 0;
	if (region_find(cell, image, &region))
		return jh_refuse(why, -EINVAL, "image-outside-memory", "Load it to an address that the cell has.",
				 "The cell has no memory at 0x%llx.", image->target_address);
	if ((region.flags & needed) != needed)
		return jh_refuse(why, -EINVAL, "region-not-loadable", "Flag the region loadable and writable.",
				 "The cell's memory at 0x%llx is not loadable.", region.virt_start);
	if (image->size > region.size - (image->target_address - region.virt_start))
		return jh_refuse(why, -EINVAL, "image-too-large", "Give the region more memory or load less.",
				 "The image has 0x%llx bytes, from 0x%llx the region has 0x%llx.", image->size,
				 image->target_address, region.size - (image->target_address - region.virt_start));
	return 0;
}

static int image_copy(const struct jh_cell *cell, const struct jh_ioc_image *image)
{
	struct jh_memory region;
	void *target;
	int err = 0;

	if (!image->size || region_find(cell, image, &region))
		return 0;
	target = memremap(region.phys_start + (image->target_address - region.virt_start), image->size, MEMREMAP_WB);
	if (!target)
		return -EBUSY;
	if (copy_from_user(target, u64_to_user_ptr(image->source_address), image->size))
		err = -EFAULT;
	/* The cell starts with its caches off. */
	jh_cache_clean(target, image->size);
	memunmap(target);
	return err;
}

static int images_load(struct jh_cell *cell, const struct jh_ioc_image *images, u32 count, struct jh_ioc_reason *why)
{
	long err = 0;
	u32 i;

	for (i = 0; !err && i < count; i++)
		err = image_check(cell, &images[i], why);
	if (err)
		return err; /* before the cell is stopped: bad input changes nothing */
	err = jh_hypercall_asking(JH_HC_CELL_SET_LOADABLE, cell->id, 0);
	if (err < 0)
		return jh_refuse_hypervisor(why, err);
	jh_sysfs_state_check(cell);
	for (i = 0, err = 0; !err && i < count; i++)
		err = image_copy(cell, &images[i]);
	return err;
}

int jh_cell_load(struct jh_ioc_load __user *uarg, struct jh_ioc_reason *why)
{
	struct jh_ioc_load load;
	struct jh_ioc_image *images = NULL;
	struct jh_cell *cell;
	int err;

	if (copy_from_user(&load, uarg, sizeof(load)))
		return -EFAULT;
	cell = jh_cell_find(&load.cell, why);
	if (IS_ERR(cell))
		return PTR_ERR(cell);
	if (cell == jh.root)
		return jh_refuse(why, -EINVAL, "root-cell", "Name another cell.", "The root cell cannot be loaded.");
	if (load.num_images > IMAGES_MAX)
		return jh_refuse(why, -E2BIG, "too-many-images", "Load them in several steps.",
				 "%u images at once are more than %u.", load.num_images, IMAGES_MAX);
	if (load.num_images)
		images = memdup_user(uarg->image, load.num_images * sizeof(*images));
	if (IS_ERR(images))
		return PTR_ERR(images);
	err = images_load(cell, images, load.num_images, why);
	kfree(images);
	return err;
}
