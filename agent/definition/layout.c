// SPDX-License-Identifier: MIT
/* The tables: keys of the JSON, offsets of jailhouse/config.h. */
#include <jailhouse/config.h>
#include "record.h"

#define NUMBER(key, type, member) \
	{ key, offsetof(struct type, member), sizeof(((struct type *)0)->member), 1, FIELD_NUMBER, NULL }
#define NUMBERS(key, type, member, width, count) \
	{ key, offsetof(struct type, member), width, count, FIELD_NUMBER, NULL }
#define WORDS(key, type, member, kind, words) \
	{ key, offsetof(struct type, member), sizeof(((struct type *)0)->member), 1, kind, words }
#define RECORD(name, fields, type) const struct record name = { fields, sizeof(struct type) }

static const struct word memory_flags[] = {
	{ "read", JH_MEM_READ },
	{ "write", JH_MEM_WRITE },
	{ "execute", JH_MEM_EXECUTE },
	{ "dma", JH_MEM_DMA },
	{ "io", JH_MEM_IO },
	{ "comm", JH_MEM_COMM_REGION },
	{ "loadable", JH_MEM_LOADABLE },
	{ "root-shared", JH_MEM_ROOTSHARED },
	{ "no-huge-pages", JH_MEM_NO_HUGEPAGES },
	{ "io-unaligned", JH_MEM_IO_UNALIGNED },
	{ "io-8", JH_MEM_IO_8 },
	{ "io-16", JH_MEM_IO_16 },
	{ "io-32", JH_MEM_IO_32 },
	{ "io-64", JH_MEM_IO_64 },
	{ NULL, 0 },
};

static const struct field memory_fields[] = {
	NUMBER("physical", jh_memory, phys_start),
	NUMBER("guest", jh_memory, virt_start),
	NUMBER("size", jh_memory, size),
	WORDS("flags", jh_memory, flags, FIELD_FLAGS, memory_flags),
	{ NULL },
};
RECORD(record_memory, memory_fields, jh_memory);

static const struct field irqchip_fields[] = {
	NUMBER("address", jh_irqchip, address),
	NUMBER("id", jh_irqchip, id),
	NUMBER("first_intid", jh_irqchip, pin_base),
	NUMBERS("bitmap", jh_irqchip, pin_bitmap, 4, 4),
	{ NULL },
};
RECORD(record_irqchip, irqchip_fields, jh_irqchip);

static const struct word pci_types[] = { { "device", 1 }, { "bridge", 2 }, { "ivshmem", 3 }, { NULL, 0 } };
static const struct field pci_fields[] = {
	WORDS("type", jh_pci_device, type, FIELD_ENUM, pci_types),
	NUMBER("iommu", jh_pci_device, iommu),
	NUMBER("domain", jh_pci_device, domain),
	WORDS("bdf", jh_pci_device, bdf, FIELD_BDF, NULL),
	NUMBERS("bar_masks", jh_pci_device, bar_mask, 4, 6),
	NUMBER("caps_start", jh_pci_device, caps_start),
	NUMBER("caps_count", jh_pci_device, num_caps),
	NUMBER("msi_vectors", jh_pci_device, num_msi_vectors),
	NUMBER("msi_bits", jh_pci_device, msi_bits),
	NUMBER("msix_vectors", jh_pci_device, num_msix_vectors),
	NUMBER("msix_region_size", jh_pci_device, msix_region_size),
	NUMBER("msix_address", jh_pci_device, msix_address),
	NUMBER("shared_regions_start", jh_pci_device, shmem_regions_start),
	NUMBER("peer_id", jh_pci_device, shmem_dev_id),
	NUMBER("peers", jh_pci_device, shmem_peers),
	NUMBER("protocol", jh_pci_device, shmem_protocol),
	{ NULL },
};
RECORD(record_pci_device, pci_fields, jh_pci_device);

static const struct field cap_fields[] = {
	NUMBER("id", jh_pci_cap, id),
	NUMBER("start", jh_pci_cap, start),
	NUMBER("length", jh_pci_cap, len),
	NUMBER("flags", jh_pci_cap, flags),
	{ NULL },
};
RECORD(record_pci_cap, cap_fields, jh_pci_cap);

static const struct field cache_fields[] = {
	NUMBER("start", jh_cache, start), NUMBER("size", jh_cache, size),      NUMBER("type", jh_cache, type),
	NUMBER("padding", jh_cache, padding), NUMBER("flags", jh_cache, flags), { NULL },
};
RECORD(record_cache, cache_fields, jh_cache);

static const struct field pio_fields[] = {
	NUMBER("base", jh_pio, base),
	NUMBER("length", jh_pio, length),
	{ NULL },
};
RECORD(record_pio, pio_fields, jh_pio);

/* SMMUv3: one 32-bit id. MMU-500: id in the lower half, ignored bits in the upper. */
static const struct field stream_fields[] = { { "id", 0, 2, 1, FIELD_NUMBER, NULL },
					      { "ignore", 2, 2, 1, FIELD_NUMBER, NULL },
					      { NULL } };
const struct record record_stream_id = { stream_fields, 4 };

static const struct word console_types[] = {
	{ "none", 0 },		{ "8250", JH_CON_TYPE_8250 },	{ "pl011", JH_CON_TYPE_PL011 },
	{ "xuartps", JH_CON_TYPE_XUARTPS }, { "mvebu", JH_CON_TYPE_MVEBU }, { "hscif", JH_CON_TYPE_HSCIF },
	{ "scifa", JH_CON_TYPE_SCIFA }, { "imx", JH_CON_TYPE_IMX },	{ "lpuart", JH_CON_TYPE_IMX_LPUART },
	{ "scif", JH_CON_TYPE_SCIF }, { NULL, 0 },
};
static const struct word console_flags[] = {
	{ "mmio", JH_CON_MMIO },
	{ "4-byte-registers", JH_CON_REGDIST_4 },
	{ "emulated", JH_CON_EMULATED },
	{ "inverted-gate", JH_CON_INVERTED_GATE },
	{ "mdr-quirk", JH_CON_MDR_QUIRK },
	{ NULL, 0 },
};
static const struct field console_fields[] = {
	NUMBER("address", jh_console_desc, address),
	NUMBER("size", jh_console_desc, size),
	WORDS("type", jh_console_desc, type, FIELD_ENUM, console_types),
	WORDS("flags", jh_console_desc, flags, FIELD_FLAGS, console_flags),
	NUMBER("divider", jh_console_desc, divider),
	NUMBER("gate_bit", jh_console_desc, gate_nr),
	NUMBER("clock_register", jh_console_desc, clock_reg),
	{ NULL },
};
RECORD(record_console, console_fields, jh_console_desc);

static const struct word cell_flags[] = {
	{ "passive", JH_CELL_PASSIVE_COMMREG },
	{ "test-device", JH_CELL_TEST_DEVICE },
	{ "aarch32", JH_CELL_AARCH32 },
	{ "count-el2", JH_CELL_COUNT_EL2 },
	{ "console-permitted", JH_CELL_VIRTUAL_CONSOLE_PERMITTED },
	{ "console-active", JH_CELL_VIRTUAL_CONSOLE_ACTIVE },
	{ NULL, 0 },
};
static const struct field cell_fields[] = {
	NUMBER("id", jh_cell_desc, id),
	WORDS("flags", jh_cell_desc, flags, FIELD_FLAGS, cell_flags),
	NUMBER("cpu_set_size", jh_cell_desc, cpu_set_size),
	NUMBER("vpci_irq_base", jh_cell_desc, vpci_irq_base),
	NUMBER("entry", jh_cell_desc, cpu_reset_address),
	NUMBER("reply_timeout", jh_cell_desc, msg_reply_timeout),
	{ NULL },
};
RECORD(record_cell, cell_fields, jh_cell_desc);

static const struct field iommu_fields[] = {
	NUMBER("type", jh_iommu, type),
	NUMBER("base", jh_iommu, base),
	NUMBER("size", jh_iommu, size),
	NUMBERS("arch", jh_iommu, arch, 1, 12),
	{ NULL },
};
RECORD(record_iommu, iommu_fields, jh_iommu);

static const struct word system_flags[] = { { "virtual-debug-console", JH_SYS_VIRTUAL_DEBUG_CONSOLE }, { NULL, 0 } };
static const struct field system_fields[] = {
	WORDS("flags", jh_system_desc, flags, FIELD_FLAGS, system_flags),
	NUMBER("ecam_base", jh_system_desc, pci_mmconfig_base),
	NUMBER("ecam_end_bus", jh_system_desc, pci_mmconfig_end_bus),
	NUMBER("ecam_virtual", jh_system_desc, pci_is_virtual),
	NUMBER("pci_domain", jh_system_desc, pci_domain),
	NUMBER("maintenance_intid", jh_system_desc, arm.maintenance_irq),
	NUMBER("gic_version", jh_system_desc, arm.gic_version),
	NUMBER("notify_intid", jh_system_desc, arm.notify_irq),
	NUMBER("gicd_base", jh_system_desc, arm.gicd_base),
	NUMBER("gicc_base", jh_system_desc, arm.gicc_base),
	NUMBER("gich_base", jh_system_desc, arm.gich_base),
	NUMBER("gicv_base", jh_system_desc, arm.gicv_base),
	NUMBER("gicr_base", jh_system_desc, arm.gicr_base),
	{ NULL },
};
RECORD(record_system, system_fields, jh_system_desc);
