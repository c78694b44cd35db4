// SPDX-License-Identifier: MIT
/*
 * The bytes that other programs see. Every offset below was taken from the published interface, not from our
 * headers: a header that moves a field fails here.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <jailhouse/comm.h>
#include <jailhouse/config.h>
#include <jailhouse/console.h>
#include <jailhouse/firmware.h>
#include <jailhouse/hypercall.h>
#include <uapi/jailhouse.h>

#define AT(type, field, offset) assert_int_equal(offsetof(struct type, field), offset)

static void console_descriptor_has_the_published_layout(void **state)
{
	(void)state;
	AT(jh_console_desc, address, 0);
	AT(jh_console_desc, size, 8);
	AT(jh_console_desc, type, 12);
	AT(jh_console_desc, flags, 14);
	AT(jh_console_desc, divider, 16);
	AT(jh_console_desc, gate_nr, 20);
	AT(jh_console_desc, clock_reg, 24);
}

static void cell_descriptor_has_the_published_layout(void **state)
{
	(void)state;
	AT(jh_cell_desc, architecture, 5);
	AT(jh_cell_desc, revision, 6);
	AT(jh_cell_desc, name, 8);
	AT(jh_cell_desc, id, 40);
	AT(jh_cell_desc, flags, 44);
	AT(jh_cell_desc, cpu_set_size, 48);
	AT(jh_cell_desc, num_memory_regions, 52);
	AT(jh_cell_desc, num_cache_regions, 56);
	AT(jh_cell_desc, num_irqchips, 60);
	AT(jh_cell_desc, num_pio_regions, 64);
	AT(jh_cell_desc, num_pci_devices, 68);
	AT(jh_cell_desc, num_pci_caps, 72);
	AT(jh_cell_desc, num_stream_ids, 76);
	AT(jh_cell_desc, vpci_irq_base, 80);
	AT(jh_cell_desc, cpu_reset_address, 84);
	AT(jh_cell_desc, msg_reply_timeout, 92);
	AT(jh_cell_desc, console, 100);
}

static void small_records_have_the_published_layout(void **state)
{
	(void)state;
	AT(jh_memory, virt_start, 8);
	AT(jh_memory, flags, 24);
	AT(jh_cache, flags, 10);
	AT(jh_irqchip, pin_base, 12);
	AT(jh_irqchip, pin_bitmap, 16);
	AT(jh_pci_cap, flags, 6);
	AT(jh_iommu, base, 4);
	AT(jh_iommu, arch, 16);
}

static void pci_device_has_the_published_layout(void **state)
{
	(void)state;
	AT(jh_pci_device, domain, 2);
	AT(jh_pci_device, bdf, 4);
	AT(jh_pci_device, bar_mask, 6);
	AT(jh_pci_device, caps_start, 30);
	AT(jh_pci_device, num_msi_vectors, 34);
	AT(jh_pci_device, msi_bits, 35);
	AT(jh_pci_device, num_msix_vectors, 36);
	AT(jh_pci_device, msix_region_size, 38);
	AT(jh_pci_device, msix_address, 40);
	AT(jh_pci_device, shmem_regions_start, 48);
	AT(jh_pci_device, shmem_dev_id, 52);
	AT(jh_pci_device, shmem_protocol, 54);
}

static void system_descriptor_has_the_published_layout(void **state)
{
	(void)state;
	AT(jh_system_desc, flags, 8);
	AT(jh_system_desc, hypervisor_memory, 12);
	AT(jh_system_desc, hypervisor_memory.size, 28);
	AT(jh_system_desc, debug_console, 44);
	AT(jh_system_desc, pci_mmconfig_base, 76);
	AT(jh_system_desc, pci_mmconfig_end_bus, 84);
	AT(jh_system_desc, pci_is_virtual, 85);
	AT(jh_system_desc, pci_domain, 86);
	AT(jh_system_desc, iommu_units, 88);
	AT(jh_system_desc, arm, 312);
	AT(jh_system_desc, arm.gic_version, 313);
	AT(jh_system_desc, arm.gicd_base, 316);
	AT(jh_system_desc, arm.gicc_base, 324);
	AT(jh_system_desc, arm.gich_base, 332);
	AT(jh_system_desc, arm.gicv_base, 340);
	AT(jh_system_desc, arm.gicr_base, 348);
	AT(jh_system_desc, root_cell, 356);
	AT(jh_system_desc, root_cell.name, 364);
	AT(jh_system_desc, root_cell.cpu_set_size, 404);
	AT(jh_system_desc, root_cell.console, 456);
}

static void comm_region_has_the_published_layout(void **state)
{
	(void)state;
	AT(jh_comm, revision, 6);
	AT(jh_comm, cell_state, 8);
	AT(jh_comm, msg_to_cell, 12);
	AT(jh_comm, reply_from_cell, 16);
	AT(jh_comm, flags, 20);
	AT(jh_comm, console, 24);
	AT(jh_comm, pci_mmconfig_base, 56);
	AT(jh_comm, gic_version, 64);
	AT(jh_comm, gicd_base, 72);
	AT(jh_comm, gicc_base, 80);
	AT(jh_comm, gicr_base, 88);
	AT(jh_comm, vpci_irq_base, 96);
}

static void ioctls_have_the_published_numbers(void **state)
{
	(void)state;
	assert_int_equal(JH_IOC_ENABLE, 0x40080000);
	assert_int_equal(JH_IOC_DISABLE, 0x00000001);
	assert_int_equal(JH_IOC_CELL_CREATE, 0x40100002);
	assert_int_equal(JH_IOC_CELL_LOAD, 0x40300003);
	assert_int_equal(JH_IOC_CELL_START, 0x40280004);
	assert_int_equal(JH_IOC_CELL_DESTROY, 0x40280005);
	assert_int_equal(JH_IOC_AUDIT, 0x81300048);
	assert_int_equal(JH_IOC_CELL_FORCE, 0x40300049);
	AT(jh_ioc_cell, name, 8);
	AT(jh_ioc_load, num_images, 40);
	AT(jh_ioc_load, image, 48);
	AT(jh_ioc_image, target_address, 16);
	assert_int_equal(sizeof(struct jh_ioc_image), 32);
	AT(jh_ioc_create, config_size, 8);
}

static void public_area_fits_its_pages(void **state)
{
	(void)state;
	AT(jh_log, tail, 4);
	AT(jh_log, content, 8);
	assert_true(sizeof(struct jh_log) <= JH_PUBLIC_STATUS_OFFSET);
	assert_true(JH_PUBLIC_STATUS_OFFSET + sizeof(struct jh_status) <= JH_PUBLIC_SIZE);
	assert_true(sizeof(struct jh_cell_page) <= JH_CELL_RING_OFFSET);
	assert_true(sizeof(struct jh_firmware_header) <= JH_FW_VECTORS);
	assert_int_equal(JH_CELL_RING_SIZE & (JH_CELL_RING_SIZE - 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(console_descriptor_has_the_published_layout),
		cmocka_unit_test(cell_descriptor_has_the_published_layout),
		cmocka_unit_test(small_records_have_the_published_layout),
		cmocka_unit_test(pci_device_has_the_published_layout),
		cmocka_unit_test(system_descriptor_has_the_published_layout),
		cmocka_unit_test(comm_region_has_the_published_layout),
		cmocka_unit_test(ioctls_have_the_published_numbers),
		cmocka_unit_test(public_area_fits_its_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
