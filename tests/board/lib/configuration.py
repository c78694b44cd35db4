# SPDX-License-Identifier: MIT
"""Configuration binaries byte by byte from the published layout (docs/configuration-format.md), for board suites.

Independent of the definition compiler on purpose: what the two agree on is the format, not an implementation.
"""
import struct

READ, WRITE, EXECUTE, DMA, IO, COMM, LOADABLE, ROOTSHARED = 1, 2, 4, 8, 16, 32, 64, 128
IO_8, IO_16, IO_32, IO_64, IO_UNALIGNED = 0x10000, 0x20000, 0x40000, 0x80000, 0x8000
RAM = READ | WRITE | EXECUTE | DMA
DEVICE = READ | WRITE | IO
GICD, GICR, UART = 0x08000000, 0x080A0000, 0x09000000
GICC, GICH, GICV = 0x08010000, 0x08030000, 0x08040000
PASSIVE, CONSOLE = 1, 0xC0000000  # console: virtual, permitted and active
EVERY = 0xFFFFFFFF


def memory(phys, virt, size, flags):
    return struct.pack("<4Q", phys, virt, size, flags)


def irqchip(pin_base, words, address=GICD):
    return struct.pack("<Q6I", address, 0, pin_base, *words)


def interrupts(*intids):
    """An irqchip for each 128 interrupts, in which the given ones are set."""
    chips = {}
    for intid in intids:
        base = (intid - 32) // 128 * 128 + 32
        chips.setdefault(base, [0, 0, 0, 0])[(intid - base) // 32] |= 1 << intid % 32
    return [irqchip(base, words) for base, words in sorted(chips.items())]


def pci_device(caps_start=0, num_caps=0, kind=1):
    return struct.pack("<BBHH6IHHBBHHQIBBH", kind, 0, 0, 0, *[0] * 6, caps_start, num_caps, 0, 0, 0, 0, 0, 0, 0, 0, 0)


COMM_REGION = memory(0, 0x80000000, 0x1000, READ | WRITE | COMM)


def cell(name, cpus, regions, irqchips=(), devices=(), flags=CONSOLE, root=False, entry=0, timeout=0,
         console=bytes(32), **bend):
    """One cell; bend overrides counts and the CPU set: cpu_set (bytes), num_memory, num_irqchips, num_devices; stream_ids
    are numbers."""
    cpu_set = bend.get("cpu_set", struct.pack("<Q", cpus))
    head = struct.pack("<5sBH32sII", b"" if root else b"JHCLL", 0 if root else 2, 0 if root else 14, name.encode(), 0, flags)
    head += struct.pack("<9I", bend.get("cpu_set_size", len(cpu_set)), bend.get("num_memory", len(regions)), 0,
                        bend.get("num_irqchips", len(irqchips)), 0, bend.get("num_devices", len(devices)), 0,
                        len(bend.get("stream_ids", ())), 0)
    head += struct.pack("<QQ", entry, timeout) + console
    assert len(head) == 132
    stream_ids = b"".join(struct.pack("<I", number) for number in bend.get("stream_ids", ()))
    return head + cpu_set + b"".join(regions) + b"".join(irqchips) + b"".join(devices) + stream_ids


def emulated_pl011(address=UART, intid=0, kind=3, flags=0x103, size=0, divider=0, clock=0):
    """A console that the hypervisor emulates."""
    return struct.pack("<QIHHIIQ", address, size, kind, flags, divider, intid, clock)


def system(regions, irqchips, cpus=0xF, hypervisor=(0x7FC00000, 0x400000), flags=1, notify=212, gic=3):
    root = cell("qemu-virt", cpus, regions, irqchips, flags=0, root=True)
    uart = struct.pack("<QIHHIIQ", UART, 0x1000, 3, 3, 0, 0, 0)
    head = struct.pack("<5sBHI", b"JHSYS", 2, 14, flags) + memory(hypervisor[0], 0, hypervisor[1], 0) + uart
    head += struct.pack("<QBBH", 0, 0, 0, 0) + bytes(8 * 28)
    head += struct.pack("<BBHQ", 25, gic, notify, GICD)
    head += struct.pack("<4Q", *((GICC, GICH, GICV, 0) if gic == 2 else (0, 0, 0, GICR)))
    assert len(head) == 356
    return head + root


def qemu_virt(cpus=4, gic=3):
    """The emulated board with 2 GiB, as tests/board/smoke/reserved.dtso splits it."""
    return system([
        memory(0x40000000, 0x40000000, 0x3FC00000, RAM),
        memory(0x80000000, 0x80000000, 0x40000000, RAM),
        memory(0x09000000, 0x09000000, 0x37000000, DEVICE),
        memory(0x4010000000, 0x4010000000, 0x10000000, DEVICE),
        memory(0x8000000000, 0x8000000000, 0x8000000000, DEVICE),
    ], [irqchip(32, [EVERY] * 4), irqchip(160, [EVERY, EVERY, EVERY, 0])], cpus=(1 << cpus) - 1, gic=gic)


def write(directory, files):
    for name, content in files.items():
        with open(f"{directory}/{name}", "wb") as file:
            file.write(content)
