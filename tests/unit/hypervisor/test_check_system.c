// SPDX-License-Identifier: MIT
/* System configurations: those that are wrong are refused with their own code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <hv/check.h>

#include "check_fixture.h"

static uint8_t root_buffer[4096];

/* A system configuration around check_root; returns its size. */
static uint64_t build_system(struct jh_system_desc **system)
{
	static uint8_t bytes[8192];
	const struct jh_cell_desc *root = cell_build(&check_root, root_buffer, sizeof(root_buffer));

	memset(bytes, 0, sizeof(bytes));
	*system = (void *)bytes;
	memcpy((*system)->signature, JH_SYSTEM_SIGNATURE, JH_SIGNATURE_LEN);
	(*system)->architecture = JH_CONFIG_ARCH_ARM64;
	(*system)->revision = JH_CONFIG_REVISION;
	(*system)->arm.gic_version = 3;
	memcpy(bytes + offsetof(struct jh_system_desc, root_cell), root, config_size(root));
	return offsetof(struct jh_system_desc, root_cell) + config_size(root);
}

static void system_is_accepted_at_its_exact_size_only(void **state)
{
	struct jh_system_desc *system;
	uint64_t size = build_system(&system);

	(void)state;
	assert_int_equal(check_system_desc(system, size, &check_reason), 0);
	assert_int_equal(check_system_desc(system, size - 1, &check_reason), -HV_EINVAL);
	assert_string_equal(check_reason.code, "configuration-truncated");
	assert_int_equal(check_system_desc(system, sizeof(*system) - 1, &check_reason), -HV_EINVAL);
	assert_string_equal(check_reason.code, "not-a-system-configuration");
}

static void root_is_one_to_one(void **state)
{
	struct cell_builder bent = check_root;
	struct jh_system_desc *system;
	uint64_t size = build_system(&system);

	(void)state;
	bent.memory[1].virt_start += 0x1000;
	memcpy(&system->root_cell, cell_build(&bent, root_buffer, sizeof(root_buffer)),
	       size - offsetof(struct jh_system_desc, root_cell));
	assert_int_equal(check_system_desc(system, size, &check_reason), -HV_EINVAL);
	assert_string_equal(check_reason.code, "root-not-one-to-one");
}

static void devices_of_the_hypervisor_lie_outside_of_it(void **state)
{
	struct jh_system_desc *system;
	uint64_t size = build_system(&system);

	(void)state;
	system->hypervisor_memory = (struct jh_memory){ .phys_start = 0x7fc00000, .size = 0x400000 };
	system->arm.gicd_base = 0x7fc00000;
	assert_int_equal(check_system_desc(system, size, &check_reason), -HV_EINVAL);
	assert_string_equal(check_reason.code, "device-overlaps-hypervisor");
	system->arm.gicd_base = CHECK_GICD;
	system->arm.gicr_base = 0x7fbf0000;
	assert_int_equal(check_system_desc(system, size, &check_reason), -HV_EINVAL);
	assert_string_equal(check_reason.code, "device-overlaps-hypervisor");
	system->arm.gicr_base = 0x080a0004;
	assert_int_equal(check_system_desc(system, size, &check_reason), -HV_EINVAL);
	assert_string_equal(check_reason.code, "device-address");
	system->arm.gicr_base = 0x080a0000;
	system->debug_console.type = JH_CON_TYPE_PL011;
	system->debug_console.address = 0x7ffff000;
	assert_int_equal(check_system_desc(system, size, &check_reason), -HV_EINVAL);
	assert_string_equal(check_reason.code, "device-overlaps-hypervisor");
	system->debug_console.address = 0x09000000;
	assert_int_equal(check_system_desc(system, size, &check_reason), 0);
}

static void foreign_files_are_no_system(void **state)
{
	struct jh_system_desc *system;
	uint64_t size = build_system(&system);

	(void)state;
	system->revision = 13;
	assert_int_equal(check_system_desc(system, size, &check_reason), -HV_EINVAL);
	build_system(&system);
	system->architecture = 0;
	assert_int_equal(check_system_desc(system, size, &check_reason), -HV_EINVAL);
	build_system(&system);
	system->signature[4] = 'T';
	assert_int_equal(check_system_desc(system, size, &check_reason), -HV_EINVAL);
	build_system(&system);
	system->arm.gic_version = 4;
	assert_int_equal(check_system_desc(system, size, &check_reason), -HV_ENODEV);
	assert_string_equal(check_reason.code, "gic-version");
}

static void gicv2_needs_its_cpu_interface(void **state)
{
	struct jh_system_desc *system;
	uint64_t size = build_system(&system);

	(void)state;
	system->arm.gic_version = 2;
	assert_int_equal(check_system_desc(system, size, &check_reason), -HV_EINVAL);
	assert_string_equal(check_reason.code, "gicc-base");
	system->arm.gicc_base = 0x08010800;
	assert_int_equal(check_system_desc(system, size, &check_reason), -HV_EINVAL);
	assert_string_equal(check_reason.code, "gicc-base");
	system->arm.gicc_base = 0x08010000;
	assert_int_equal(check_system_desc(system, size, &check_reason), 0);
	((uint8_t *)&system->root_cell)[sizeof(struct jh_cell_desc) + 1] = 1;	/* CPU 8 */
	assert_int_equal(check_system_desc(system, size, &check_reason), -HV_EINVAL);
	assert_string_equal(check_reason.code, "gic-cpus");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK_TEST(system_is_accepted_at_its_exact_size_only),
		CHECK_TEST(root_is_one_to_one),
		CHECK_TEST(devices_of_the_hypervisor_lie_outside_of_it),
		CHECK_TEST(foreign_files_are_no_system),
		CHECK_TEST(gicv2_needs_its_cpu_interface),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
