// SPDX-License-Identifier: MIT
/* The tables: keys of the JSON, offsets of jailhouse/config.h. */
#include <jailhouse/config.h>
#include "devices.h"

#define NUMBER(key, type, member) \
	{ key, offsetof(struct type, member), sizeof(((struct type *)0)->member), 1, FIELD_NUMBER, NULL }
#define NUMBERS(key, type, member, width, count) \
	{ key, offsetof(struct type, member), width, count, FIELD_NUMBER, NULL }
#define WORDS(key, type, member, kind, words) \
	{ key, offsetof(struct type, member), sizeof(((struct type *)0)->member), 1, kind, words }
#define PLACE(key, type, member) \
	{ key, offsetof(struct type, member), sizeof(((struct type *)0)->member), 1, FIELD_PLACE, NULL }
#define BOOL(key, type, member) \
	{ key, offsetof(struct type, member), sizeof(((struct type *)0)->member), 1, FIELD_BOOL, NULL }
#define RECORD(name, fields, type, others) const struct record name = { fields, sizeof(struct type), others }

static const char *const described[] = { "description", NULL };

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
	PLACE("physical", jh_memory, phys_start),
	NUMBER("guest", jh_memory, virt_start),
	NUMBER("size", jh_memory, size),
	WORDS("flags", jh_memory, flags, FIELD_FLAGS, memory_flags),
	{ NULL },
};
RECORD(record_memory, memory_fields, jh_memory, described);

static const struct field irqchip_fields[] = {
	NUMBER("address", jh_irqchip, address),
	NUMBER("id", jh_irqchip, id),
	NUMBER("first_intid", jh_irqchip, pin_base),
	NUMBERS("bitmap", jh_irqchip, pin_bitmap, 4, 4),
	{ NULL },
};
static const char *const irqchip_others[] = { "intids", NULL };
RECORD(record_irqchip, irqchip_fields, jh_irqchip, irqchip_others);

static const struct word pci_types[] = { { "device", 1 }, { "bridge", 2 }, { "ivshmem", 3 }, { NULL, 0 } };
static const struct word msi_flags[] = { { "64-bit", 1 }, { "maskable", 2 }, { NULL, 0 } };
static const struct field pci_fields[] = {
	WORDS("type", jh_pci_device, type, FIELD_ENUM, pci_types),
	NUMBER("iommu", jh_pci_device, iommu),
	NUMBER("domain", jh_pci_device, domain),
	WORDS("bdf", jh_pci_device, bdf, FIELD_BDF, NULL),
	NUMBERS("bar_masks", jh_pci_device, bar_mask, 4, 6),
	NUMBER("caps_start", jh_pci_device, caps_start),
	NUMBER("caps_count", jh_pci_device, num_caps),
	NUMBER("msi_vectors", jh_pci_device, num_msi_vectors),
	WORDS("msi_flags", jh_pci_device, msi_bits, FIELD_FLAGS, msi_flags),
	NUMBER("msix_vectors", jh_pci_device, num_msix_vectors),
	NUMBER("msix_region_size", jh_pci_device, msix_region_size),
	NUMBER("msix_address", jh_pci_device, msix_address),
	NUMBER("shared_regions_start", jh_pci_device, shmem_regions_start),
	NUMBER("peer_id", jh_pci_device, shmem_dev_id),
	NUMBER("peers", jh_pci_device, shmem_peers),
	NUMBER("protocol", jh_pci_device, shmem_protocol),
	{ NULL },
};
RECORD(record_pci_device, pci_fields, jh_pci_device, described);

static const struct word cap_flags[] = { { "writable", 1 }, { NULL, 0 } };
static const struct field cap_fields[] = {
	NUMBER("id", jh_pci_cap, id),
	NUMBER("start", jh_pci_cap, start),
	NUMBER("length", jh_pci_cap, len),
	WORDS("flags", jh_pci_cap, flags, FIELD_FLAGS, cap_flags),
	{ NULL },
};
RECORD(record_pci_cap, cap_fields, jh_pci_cap, NULL);

static const struct word cache_types[] = { { "code", 1 }, { "data", 2 }, { "both", 3 }, { NULL, 0 } };
static const struct word cache_flags[] = { { "root-shared", 1 }, { NULL, 0 } };
static const struct field cache_fields[] = {
	NUMBER("start", jh_cache, start),
	NUMBER("size", jh_cache, size),
	WORDS("type", jh_cache, type, FIELD_ENUM, cache_types),
	NUMBER("padding", jh_cache, padding),
	WORDS("flags", jh_cache, flags, FIELD_FLAGS, cache_flags),
	{ NULL },
};
RECORD(record_cache, cache_fields, jh_cache, NULL);

static const struct field pio_fields[] = {
	NUMBER("base", jh_pio, base),
	NUMBER("length", jh_pio, length),
	{ NULL },
};
RECORD(record_pio, pio_fields, jh_pio, NULL);

/* SMMUv3: one 32-bit id. MMU-500: id in the lower half, ignored bits in the upper. */
static const struct field stream_fields[] = { { "id", 0, 2, 1, FIELD_NUMBER, NULL },
					      { "ignore", 2, 2, 1, FIELD_NUMBER, NULL },
					      { NULL } };
const struct record record_stream_id = { stream_fields, 4, NULL };

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
RECORD(record_console, console_fields, jh_console_desc, NULL);

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
static const char *const cell_others[] = { "name",	  "description", "cpus",	  "memory",
					   "console",	  "images",	 "interrupts",	  "irqchips",
					   "pci_devices", "pci_caps",	 "cache_regions", "pio_regions",
					   "stream_ids",  "comm_region", "devices",	  "stray_access",
					   "linux",	  "restart",	 "watchdog",	  "after",
					   NULL };
RECORD(record_cell, cell_fields, jh_cell_desc, cell_others);

static const struct word iommu_types[] = { { "none", 0 },	 { "amd", 1 }, { "intel", 2 },	 { "smmu-v3", 3 },
					   { "pvu", 4 }, { "mmu-500", 5 }, { NULL, 0 } };
static const struct field iommu_fields[] = {
	WORDS("type", jh_iommu, type, FIELD_ENUM, iommu_types),
	NUMBER("base", jh_iommu, base),
	NUMBER("size", jh_iommu, size),
	/* The PVU's; other units leave them 0. */
	{ "tlb_base", offsetof(struct jh_iommu, arch), 8, 1, FIELD_NUMBER, NULL },
	{ "tlb_size", offsetof(struct jh_iommu, arch) + 8, 4, 1, FIELD_NUMBER, NULL },
	{ NULL },
};
RECORD(record_iommu, iommu_fields, jh_iommu, described);

static const struct word system_flags[] = { { "virtual-debug-console", JH_SYS_VIRTUAL_DEBUG_CONSOLE }, { NULL, 0 } };
static const struct field system_fields[] = {
	WORDS("flags", jh_system_desc, flags, FIELD_FLAGS, system_flags),
	NUMBER("ecam_base", jh_system_desc, pci_mmconfig_base),
	NUMBER("ecam_end_bus", jh_system_desc, pci_mmconfig_end_bus),
	BOOL("ecam_virtual", jh_system_desc, pci_is_virtual),
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
static const char *const system_others[] = {
	"description", "hypervisor", "debug_console", "iommus", "pool", "virtual_intids", "root", NULL
};
RECORD(record_system, system_fields, jh_system_desc, system_others);

/* What the binary has no record for. */
static const struct field emulated_fields[] = { { "address", 0, 8, 1, FIELD_NUMBER, NULL },
						{ "intid", 8, 4, 1, FIELD_NUMBER, NULL },
						{ NULL } };
static const char *const emulated_others[] = { "type", "emulated", NULL };
const struct record record_emulated = { emulated_fields, 12, emulated_others };

static const struct field image_fields[] = { { "address", 0, 8, 1, FIELD_NUMBER, NULL }, { NULL } };
static const char *const image_others[] = { "image", NULL };
const struct record record_image = { image_fields, 8, image_others };

static const struct field range_fields[] = { { "start", 0, 8, 1, FIELD_NUMBER, NULL },
					     { "size", 8, 8, 1, FIELD_NUMBER, NULL },
					     { NULL } };
const struct record record_range = { range_fields, 16, NULL };

static const struct field intids_fields[] = { { "first", 0, 4, 1, FIELD_NUMBER, NULL },
					      { "count", 4, 4, 1, FIELD_NUMBER, NULL },
					      { NULL } };
const struct record record_intids = { intids_fields, 8, NULL };

static const struct word accept_words[] = {
	{ "shared-clock", ACCEPT_SHARED_CLOCK },
	{ "clock-of-root", ACCEPT_CLOCK },
	{ "power-of-root", ACCEPT_POWER_DOMAIN },
	{ "reset-of-root", ACCEPT_RESET },
	{ "pins-of-root", ACCEPT_PINS },
	{ "supply-of-root", ACCEPT_SUPPLY },
	{ "dma-channel-of-root", ACCEPT_DMA_CONTROLLER },
	{ "dma-without-iommu", ACCEPT_DMA },
	{ "bus-of-root", ACCEPT_BUS },
	{ "interrupt-elsewhere", ACCEPT_INTERRUPT },
	{ "shared-page", ACCEPT_PAGE },
	{ "needed-by-root", ACCEPT_NEEDED },
	{ NULL, 0 },
};
static const struct field device_fields[] = { { "flags", 0, 8, 1, FIELD_FLAGS, memory_flags },
					      { "accept", 8, 4, 1, FIELD_FLAGS, accept_words },
					      { NULL } };
static const char *const device_others[] = { "device", "description", NULL };
const struct record record_device = { device_fields, 12, device_others };

static const struct field interrupt_fields[] = { { "spi", 0, 4, 1, FIELD_NUMBER, NULL },
						 { "intid", 4, 4, 1, FIELD_NUMBER, NULL },
						 { "index", 8, 4, 1, FIELD_NUMBER, NULL },
						 { NULL } };
static const char *const interrupt_others[] = { "device", NULL };
const struct record record_interrupt = { interrupt_fields, 12, interrupt_others };

/* Texts only, which linux.c reads. */
static const struct field linux_fields[] = { { NULL } };
static const char *const linux_others[] = { "kernel", "initrd", "command_line", NULL };
const struct record record_linux = { linux_fields, 0, linux_others };

/* Of policy.c, which bounds them. */
static const struct field restart_fields[] = { { "delay", 0, 4, 1, FIELD_NUMBER, NULL },
					       { "max_delay", 4, 4, 1, FIELD_NUMBER, NULL },
					       { "limit", 8, 4, 1, FIELD_NUMBER, NULL },
					       { "window", 12, 4, 1, FIELD_NUMBER, NULL },
					       { NULL } };
static const char *const restart_others[] = { "policy", NULL };
const struct record record_restart = { restart_fields, 16, restart_others };

static const struct field watchdog_fields[] = { { "console", 0, 4, 1, FIELD_NUMBER, NULL }, { NULL } };
const struct record record_watchdog = { watchdog_fields, 4, NULL };

const struct object objects[] = {
	{ "cell", &record_cell },
	{ "system", &record_system },
	{ "memory", &record_memory },
	{ "console", &record_console },
	{ "emulated-console", &record_emulated },
	{ "device", &record_device },
	{ "image", &record_image },
	{ "linux", &record_linux },
	{ "restart", &record_restart },
	{ "watchdog", &record_watchdog },
	{ "interrupt", &record_interrupt },
	{ "irqchip", &record_irqchip },
	{ "pci-device", &record_pci_device },
	{ "pci-capability", &record_pci_cap },
	{ "cache-region", &record_cache },
	{ "port-region", &record_pio },
	{ "stream-id", &record_stream_id },
	{ "iommu", &record_iommu },
	{ "range", &record_range },
	{ "intids", &record_intids },
	{ NULL, NULL },
};
