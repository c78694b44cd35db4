# SPDX-License-Identifier: MIT
"""Configurations that root may not give while another cell, the victim, runs: each with the code by which it is refused."""
import struct

from configuration import (COMM, CONSOLE, DEVICE, GICC, GICD, GICR, IO, IO_32, LOADABLE, RAM, READ, ROOTSHARED, UART, WRITE,
                           COMM_REGION, cell, interrupts, irqchip, memory, pci_device, write)


def bent(content, offset, replacement):
    return content[:offset] + replacement + content[offset + len(replacement):]


def configurations(victim, cpu, interrupt, free_cpu, shared, free, cpus=4, gic=3):
    """victim, cpu, interrupt: the victim's memory, CPU and SPI; shared: a page that it shares with root. free, free_cpu: root's to give."""
    own = 1 << free_cpu

    def simple(name, cpu_mask, phys, *more, **bend):
        return cell(name, cpu_mask, [memory(phys, 0, 0x10000, RAM | LOADABLE), COMM_REGION, *more], **bend)

    def bad(*more, **bend):
        return simple("bad", own, free + 0x100000, *more, **bend)

    def region(phys, size, flags, virt=0x40000000):
        return bad(memory(phys, virt, size, flags))

    return {
        "hypervisor": ("memory-overlaps-hypervisor", region(0x7FC00000, 0x400000, RAM)),
        "hypervisor-page": ("memory-overlaps-hypervisor", region(0x7FFFF000, 0x1000, READ)),
        "hypervisor-loadable": ("memory-overlaps-hypervisor", region(0x7FC01000, 0x1000, RAM | LOADABLE)),
        "hypervisor-shared": ("memory-overlaps-hypervisor", region(0x7FC00000, 0x1000, READ | ROOTSHARED)),
        "victim": ("memory-in-use", region(victim, 0x10000, RAM)),
        "victim-page": ("memory-in-use", region(victim + 0xF000, 0x2000, READ)),
        "victim-loadable": ("memory-in-use", region(victim, 0x10000, RAM | LOADABLE)),
        "victim-shared-by-one": ("memory-in-use", region(victim, 0x1000, READ | ROOTSHARED)),
        "shared-by-other-one": ("memory-in-use", region(shared, 0x1000, READ | WRITE)),
        "linux": ("memory-of-linux", region(0x50000000, 0x100000, RAM)),
        "linux-loadable": ("memory-of-linux", region(0x50000000, 0x1000, RAM | LOADABLE)),
        "gicd": ("memory-overlaps-trapped-device", region(GICD, 0x10000, DEVICE)),
        "gicd-loadable": ("memory-overlaps-trapped-device", region(GICD, 0x10000, DEVICE | LOADABLE)),
        "gicr-or-gicc": ("memory-overlaps-trapped-device",
                         region(GICR + 0x20000 if gic == 3 else GICC + 0x1000, 0x1000, DEVICE | ROOTSHARED)),
        "nobodys": ("memory-not-owned", region(0x100000000, 0x1000, RAM)),
        "half-nobodys": ("memory-not-owned", region(0xBFFFF000, 0x2000, RAM)),
        "uart-as-memory": ("memory-type", region(UART, 0x1000, READ | WRITE)),
        "memory-as-device": ("memory-type", region(free, 0x1000, DEVICE)),
        "huge": ("region-out-of-range", region(0x80000000, 0xFFFFFFFF00000000, RAM)),
        "wraps": ("region-out-of-range", region(0xFFFFFFFFFFFFF000, 0x2000, RAM)),
        "guest-wraps": ("region-out-of-range", region(free, 0x2000, RAM, virt=0xFFFFFFFFFFFFF000)),
        "unaligned": ("region-unaligned", region(free + 0x800, 0x1000, RAM)),
        "two-pages": ("region-below-a-page", region(0x0A000F00, 0x200, DEVICE | IO_32, virt=0x40000F00)),
        "another-offset": ("region-below-a-page", region(0x0A000100, 0x100, DEVICE | IO_32)),
        "no-widths": ("region-widths", region(0x0A000000, 0x200, DEVICE)),
        "seventeen-parts": ("regions-below-a-page", bad(*(memory(0x0A000000 + 16 * i, 0x40000000 + 16 * i, 16, DEVICE | IO_32)
                                                          for i in range(17)))),
        "part-of-gicd": ("memory-overlaps-trapped-device", region(GICD + 0x80, 0x80, DEVICE | IO_32 | ROOTSHARED, virt=0x40000080)),
        "part-of-hypervisor": ("memory-overlaps-hypervisor", region(0x7FC00000, 0x80, DEVICE | IO_32 | ROOTSHARED)),
        "part-of-memory": ("memory-type", region(free, 0x80, DEVICE | IO_32)),
        "half-a-page": ("region-below-a-page", region(free, 0x1800, RAM)),
        "unknown-flags": ("region-flags", region(free, 0x1000, RAM | 1 << 40)),
        "overlaps-itself": ("regions-overlap", region(free, 0x10000, RAM, virt=0x8000)),
        "long-comm": ("comm-region-size", cell("bad", own, [memory(free, 0, 0x1000, RAM),
                                                           memory(0, 0x80000000, 0x2000, READ | WRITE | COMM)])),
        "bent-comm": ("region-unaligned", cell("bad", own, [memory(free, 0, 0x1000, RAM),
                                                           memory(0, 0x80000800, 0x1000, READ | WRITE | COMM)])),
        "forty-regions": ("config-truncated", bad(num_memory=40)),
        "4294967295-regions": ("config-truncated", bad(num_memory=0xFFFFFFFF)),
        "thousand-irqchips": ("config-truncated", bad(num_irqchips=1000)),
        "three-devices": ("config-truncated", bad(num_devices=3)),
        "no-cpu": ("no-cpus", cell("bad", 0, [memory(free, 0, 0x1000, RAM)])),
        "victims-cpu": ("cpu-not-owned", simple("bad", 1 << cpu, free)),
        "every-cpu": ("cpu-not-owned", simple("bad", (1 << cpus) - 1, free)),
        "absent-cpu": ("cpu-unknown", simple("bad", 0x1000, free)),
        "far-cpu": ("cpu-unknown", simple("bad", 0, free, cpu_set=bytes(8) + struct.pack("<Q", 1))),
        "no-cpu-set": ("no-cpus", simple("bad", 0, free, cpu_set=b"")),
        "short-cpu-set": ("cpu-set-size", simple("bad", 0, free, cpu_set=bytes([own]))),
        "victims-interrupt": ("interrupt-not-owned", bad(irqchips=interrupts(interrupt))),
        "hypervisors-interrupt": ("interrupt-reserved", bad(irqchips=[irqchip(192, [1 << 20, 0, 0, 0])])),
        "ppi": ("irqchip-pin-base", bad(irqchips=[irqchip(0, [1 << 27, 0, 0, 0])])),
        "odd-irqchip": ("irqchip-pin-base", bad(irqchips=[irqchip(33, [1, 0, 0, 0])])),
        "far-irqchip": ("irqchip-pin-base", bad(irqchips=[irqchip(928, [1, 0, 0, 0])])),
        "absent-interrupt": ("interrupt-not-owned", bad(irqchips=[irqchip(896, [0, 0, 0, 1])])),
        "odd-device": ("pci-type", bad(devices=[pci_device(kind=7)])),
        "capabilities": ("pci-capabilities", bad(devices=[pci_device(caps_start=5, num_caps=2, kind=3)])),
        "physical-device": ("pci-not-supported", bad(devices=[pci_device(kind=1)])),
        "bridge": ("pci-not-supported", bad(devices=[pci_device(kind=2)])),
        "stream-ids": ("stream-ids-not-supported", bad(stream_ids=[0x10, 0x11])),
        "257-regions": ("too-many-regions", bad(*[memory(0, 0, 0, 0)] * 255)),
        "entry-outside": ("entry-not-executable", bad(entry=0x10000)),
        "entry-in-comm": ("entry-not-executable", bad(entry=0x80000000)),
        "entry-in-data": ("entry-not-executable", cell("bad", own, [memory(free, 0, 0x1000, READ | WRITE)])),
        "entry-odd": ("entry-unaligned", bad(entry=2)),
        "aarch32": ("aarch32", bad(flags=CONSOLE | 4)),
        "cell-flags": ("cell-flags", bad(flags=CONSOLE | 0x400)),
        "x86": ("config-revision", bent(bad(), 5, b"\0")),
        "old": ("config-revision", bent(bad(), 6, b"\x0d\0")),
        "system": ("config-signature", bent(bad(), 0, b"JHSYS")),
        "nameless": ("cell-name", cell("", own, [memory(free, 0, 0x1000, RAM)])),
        "roots-name": ("cell-exists", cell("qemu-virt", own, [memory(free, 0, 0x1000, RAM)])),
        "victims-name": ("cell-exists", simple("victim", own, free)),
        "short": ("config-truncated", bad()[:131]),
    }


def write_all(directory, table):
    """The files, and their list for process 1."""
    write(directory, {f"bad-{name}.cell": content for name, (_, content) in table.items()})
    with open(directory + "/refused", "w", encoding="ascii") as listing:
        listing.writelines(f"{code} bad-{name}.cell\n" for name, (code, _) in table.items())
