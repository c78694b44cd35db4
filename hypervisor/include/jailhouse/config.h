/* SPDX-License-Identifier: MIT */
/*
 * Configuration binaries: what `jailhouse enable` and `jailhouse cell create` hand over.
 *
 * Layout and values are those of configuration revision 14 of the Jailhouse tools, so that their
 * .cell files keep working. Little-endian, packed, no padding between records; a reader must not
 * assume alignment. docs/configuration-format.md has the prose.
 */
#ifndef JAILHOUSE_CONFIG_H
#define JAILHOUSE_CONFIG_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdint.h>
#endif

#define JH_CONFIG_REVISION	14
#define JH_CONFIG_ARCH_ARM64	2
#define JH_SYSTEM_SIGNATURE	"JHSYS"		/* 5 bytes, no NUL */
#define JH_CELL_SIGNATURE	"JHCLL"		/* 5 bytes, no NUL */
#define JH_SIGNATURE_LEN	5
#define JH_CELL_NAME_LEN	32		/* with the NUL */
#define JH_CELL_ID_MAX		255		/* VMID width */
#define JH_IOMMU_UNITS		8
#define JH_CONFIG_MAX_SIZE	0x10000		/* bytes of one cell configuration */
#define JH_MEMORY_REGIONS_MAX	256		/* of one cell; this hypervisor's limit, shipped configurations have at most 28 */

/* Console descriptor, 32 bytes. */
struct jh_console_desc {
	uint64_t address;	/* MMIO base */
	uint32_t size;
	uint16_t type;		/* JH_CON_TYPE_* */
	uint16_t flags;		/* JH_CON_* */
	uint32_t divider;	/* 0 = leave the UART as it is */
	uint32_t gate_nr;
	uint64_t clock_reg;	/* 0 = none */
} __attribute__((packed));

#define JH_CON_TYPE_NONE	0
#define JH_CON_TYPE_8250	2
#define JH_CON_TYPE_PL011	3
#define JH_CON_TYPE_XUARTPS	4
#define JH_CON_TYPE_MVEBU	5
#define JH_CON_TYPE_HSCIF	6
#define JH_CON_TYPE_SCIFA	7
#define JH_CON_TYPE_IMX		8
#define JH_CON_TYPE_IMX_LPUART	9
#define JH_CON_TYPE_SCIF	10

#define JH_CON_MMIO		0x0001
#define JH_CON_REGDIST_4	0x0002
/*
 * Rotunda: in a cell's console, not the system's. The hypervisor emulates it: type PL011, flags exactly JH_CON_MMIO |
 * JH_CON_REGDIST_4 | JH_CON_EMULATED, address = IPA, page aligned, in no memory region of the cell; size 0 or 0x1000;
 * gate_nr = INTID of its interrupt, an SPI that the cell owns and no wire drives (edge-rising), 0 = none; divider and
 * clock_reg 0. What is written to it is the output of the cell's console, its input comes from there.
 */
#define JH_CON_EMULATED		0x0100
#define JH_CON_INVERTED_GATE	0x1000
#define JH_CON_MDR_QUIRK	0x2000

/*
 * Cell descriptor, 132 bytes. These arrays follow it, in this order: CPU bitmap
 * (cpu_set_size bytes), memory regions, cache regions, irqchips, PIO regions, PCI devices, PCI
 * capabilities, stream ids.
 */
struct jh_cell_desc {
	char signature[JH_SIGNATURE_LEN];
	uint8_t architecture;
	uint16_t revision;
	char name[JH_CELL_NAME_LEN];
	uint32_t id;			/* filled in by the driver; 0 = root */
	uint32_t flags;			/* JH_CELL_* */
	uint32_t cpu_set_size;		/* bytes */
	uint32_t num_memory_regions;
	uint32_t num_cache_regions;
	uint32_t num_irqchips;
	uint32_t num_pio_regions;
	uint32_t num_pci_devices;
	uint32_t num_pci_caps;
	uint32_t num_stream_ids;
	uint32_t vpci_irq_base;		/* SPI number of INTA: INTID - 32 */
	uint64_t cpu_reset_address;	/* IPA where the first CPU starts */
	uint64_t msg_reply_timeout;	/* original: loop turns; here: microseconds, 0 = default */
	struct jh_console_desc console;
} __attribute__((packed));

#define JH_CELL_PASSIVE_COMMREG			0x00000001
#define JH_CELL_TEST_DEVICE			0x00000002
#define JH_CELL_AARCH32				0x00000004
/*
 * Rotunda: an access to an address where the cell has nothing is a synchronous external abort for the CPU that made it, as on a bus
 * where nobody answers. Without the flag it fails the cell.
 */
#define JH_CELL_STRAY_INJECT			0x00000100
/*
 * Rotunda, for measurements: the cell's performance counters may count what EL2 does on its CPUs. That tells it about others, so no
 * cell may without the flag.
 */
#define JH_CELL_COUNT_EL2			0x00000200
#define JH_CELL_VIRTUAL_CONSOLE_PERMITTED	0x40000000
#define JH_CELL_VIRTUAL_CONSOLE_ACTIVE		0x80000000

/* Memory region, 32 bytes. */
struct jh_memory {
	uint64_t phys_start;		/* ignored with JH_MEM_COMM_REGION */
	uint64_t virt_start;		/* IPA; the root cell is 1:1 */
	uint64_t size;			/* bytes; 0 = absent */
	uint64_t flags;			/* JH_MEM_* */
} __attribute__((packed));

#define JH_MEM_READ		0x0001
#define JH_MEM_WRITE		0x0002
#define JH_MEM_EXECUTE		0x0004
#define JH_MEM_DMA		0x0008
#define JH_MEM_IO		0x0010
#define JH_MEM_COMM_REGION	0x0020
#define JH_MEM_LOADABLE		0x0040
#define JH_MEM_ROOTSHARED	0x0080
#define JH_MEM_NO_HUGEPAGES	0x0100
#define JH_MEM_IO_UNALIGNED	0x8000
#define JH_MEM_IO_8		0x10000
#define JH_MEM_IO_16		0x20000
#define JH_MEM_IO_32		0x40000
#define JH_MEM_IO_64		0x80000

struct jh_cache {
	uint32_t start;
	uint32_t size;
	uint8_t type;
	uint8_t padding;
	uint16_t flags;
} __attribute__((packed));

/* Interrupts of the cell: bit i of word w is INTID pin_base + 32 * w + i. */
struct jh_irqchip {
	uint64_t address;		/* GICD base of the system */
	uint32_t id;
	uint32_t pin_base;		/* INTID, a multiple of 32, at least 32 */
	uint32_t pin_bitmap[4];
} __attribute__((packed));

struct jh_pio {
	uint16_t base;
	uint16_t length;
} __attribute__((packed));

struct jh_pci_device {
	uint8_t type;			/* 1 device, 2 bridge, 3 ivshmem */
	uint8_t iommu;
	uint16_t domain;
	uint16_t bdf;
	uint32_t bar_mask[6];
	uint16_t caps_start;
	uint16_t num_caps;
	uint8_t num_msi_vectors;
	uint8_t msi_bits;		/* bit 0: 64-bit, bit 1: maskable */
	uint16_t num_msix_vectors;
	uint16_t msix_region_size;
	uint64_t msix_address;
	uint32_t shmem_regions_start;
	uint8_t shmem_dev_id;
	uint8_t shmem_peers;
	uint16_t shmem_protocol;
} __attribute__((packed));

#define JH_PCI_DEVICE		1
#define JH_PCI_BRIDGE		2
#define JH_PCI_IVSHMEM		3
#define JH_IVSHMEM_MAX_VECTORS	16
#define JH_IVSHMEM_MAX_PEERS	12

struct jh_pci_cap {
	uint16_t id;
	uint16_t start;
	uint16_t len;
	uint16_t flags;
} __attribute__((packed));

struct jh_iommu {
	uint32_t type;
	uint64_t base;
	uint32_t size;
	uint8_t arch[12];
} __attribute__((packed));

/* Platform part for arm64, 44 bytes. */
struct jh_platform_arm {
	uint8_t maintenance_irq;	/* INTID of a PPI */
	uint8_t gic_version;		/* 2 or 3 */
	/*
	 * Rotunda: INTID of an SPI that no wire drives. The hypervisor makes it pending when a cell
	 * changes state or an armed console has output. 0 (the original's padding) = none.
	 */
	uint16_t notify_irq;
	uint64_t gicd_base;
	uint64_t gicc_base;
	uint64_t gich_base;
	uint64_t gicv_base;
	uint64_t gicr_base;
} __attribute__((packed));

/* System configuration: 356 bytes, then the root cell's descriptor and its arrays. */
struct jh_system_desc {
	char signature[JH_SIGNATURE_LEN];
	uint8_t architecture;
	uint16_t revision;
	uint32_t flags;			/* JH_SYS_* */
	struct jh_memory hypervisor_memory;	/* phys_start and size count */
	struct jh_console_desc debug_console;
	uint64_t pci_mmconfig_base;
	uint8_t pci_mmconfig_end_bus;
	uint8_t pci_is_virtual;
	uint16_t pci_domain;
	struct jh_iommu iommu_units[JH_IOMMU_UNITS];
	struct jh_platform_arm arm;
	struct jh_cell_desc root_cell;
} __attribute__((packed));

#define JH_SYS_VIRTUAL_DEBUG_CONSOLE	0x0001

#define JH_ABI_SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), "ABI: " #type)
JH_ABI_SIZE(struct jh_console_desc, 32);
JH_ABI_SIZE(struct jh_cell_desc, 132);
JH_ABI_SIZE(struct jh_memory, 32);
JH_ABI_SIZE(struct jh_cache, 12);
JH_ABI_SIZE(struct jh_irqchip, 32);
JH_ABI_SIZE(struct jh_pio, 4);
JH_ABI_SIZE(struct jh_pci_device, 56);
JH_ABI_SIZE(struct jh_pci_cap, 8);
JH_ABI_SIZE(struct jh_iommu, 28);
JH_ABI_SIZE(struct jh_platform_arm, 44);
JH_ABI_SIZE(struct jh_system_desc, 488);

#endif
