# SPDX-License-Identifier: MIT
"""From a board of which nobody wrote a definition to a cell of six lines, and to a device by its name; on the board's own shell."""
import json

from lib.waiting import wait_until

SIX_LINES = {"name": "rtos", "cpus": [3], "memory": [{"size": "64M"}], "console": "virtual", "images": [{"image": "rtos.bin"}]}
RTC = "/pl031@9010000"
VIRTIO = "/virtio_mmio@a000000"


def write(shell, path, definition):
    shell.check(f"printf %s '{json.dumps(definition)}' >{path}")


def compiled(shell, name, definition):
    """Compiles it on the board; what it said."""
    write(shell, f"/tmp/{name}.json", definition)
    return shell.run(f"jailhouse config compile /tmp/{name}.json -o /tmp/{name}.cell --board /tmp/system.json")


def with_device(name, **members):
    """Beside the first cell, which the compiler does not know: it would give this one the same memory."""
    region = {"physical": "0x90000000", "guest": 0, "size": "2M", "flags": ["read", "write", "execute", "loadable"]}
    return {"name": name, "cpus": [2], "memory": [region], "console": "virtual", "devices": [members]}


def test_the_board_describes_itself(shell):
    assert shell.check("jailhouse config create /tmp/system.json") == ""
    system = json.loads(shell.check("cat /tmp/system.json"))
    assert system["hypervisor"] == {"physical": "0x7fc00000", "size": "4M"}
    assert system["pool"] == {"start": "0x80000000", "size": "1G"}
    assert (system["gicd_base"], system["gicr_base"]) == ("0x08000000", "0x080a0000")
    assert system["root"]["cpus"] == [0, 1, 2, 3]


def test_the_hypervisor_is_enabled_with_it(shell):
    assert shell.check("jailhouse config compile /tmp/system.json -o /tmp/system.cell") == ""
    assert shell.check("jailhouse enable /tmp/system.cell") == ""
    assert "Initializing Jailhouse hypervisor" in shell.check("jailhouse console")
    shell.check("jailhouse audit")


def test_root_works_on(shell):
    """Its devices, its interrupts, its memory."""
    shell.check("dd if=/dev/zero of=/tmp/block bs=1M count=64 && sync && rm /tmp/block")
    before = shell.check("grep -c . /proc/interrupts; cat /proc/interrupts >/tmp/interrupts")
    wait_until(lambda: shell.run("cmp -s /tmp/interrupts /proc/interrupts").status == 1, "interrupts are counted")
    assert int(before) > 5


def test_a_cell_of_six_lines_runs(shell):
    result = compiled(shell, "rtos", SIX_LINES)
    assert result.status == 0, result
    shell.check("jailhouse cell create /tmp/rtos.cell")
    shell.check("jailhouse cell load rtos /usr/lib/rotunda/cells/heartbeat.bin")
    shell.check("jailhouse cell start rtos")
    wait_until(lambda: shell.check("jailhouse cell console rtos").count("beat") >= 3, "the cell beats")
    shell.check("jailhouse audit")


def test_a_conflict_with_a_created_cell_is_told(shell):
    write(shell, "/tmp/second.json", SIX_LINES | {"name": "second"})
    result = shell.run("jailhouse config check --live /tmp/system.json /tmp/second.json")
    assert result.status == 1 and 'CPU 3 belongs to cell "rtos".' in result.output, result
    write(shell, "/tmp/second.json", SIX_LINES | {"name": "second", "cpus": [2]})
    shell.check("jailhouse config check --live /tmp/system.json /tmp/second.json")
    # The one that is created may be created anew.
    shell.check("jailhouse config check --live /tmp/system.json /tmp/rtos.json")


def test_a_cell_is_explained(shell):
    told = shell.check("jailhouse config explain --board /tmp/system.json /tmp/rtos.json")
    assert "CPUs       3" in told and "64 MiB" in told and "read, write, execute, dma, loadable" in told


def test_a_binary_becomes_a_text_and_the_same_binary(shell):
    for name in ("rtos", "system"):
        shell.check(f"jailhouse config decompile /tmp/{name}.cell -o /tmp/again.json")
        shell.check("jailhouse config compile /tmp/again.json -o /tmp/again.cell --unchecked")
        shell.check(f"cmp /tmp/{name}.cell /tmp/again.cell")


def test_a_device_by_its_name(shell):
    result = compiled(shell, "clock", with_device("clock", device=RTC))
    assert result.status == 0 and "device-of-root" in result.output, result
    cell = json.loads(shell.check("jailhouse config decompile /tmp/clock.cell"))
    assert {"physical": "0x9010000", "size": "0x1000", "flags": ["read", "write", "io"]} in cell["memory"]
    assert [chip["intids"] for chip in cell["irqchips"]] == [[34]]
    shell.run("echo 9010000.pl031 >/sys/bus/amba/devices/9010000.pl031/driver/unbind 2>/dev/null")
    shell.check("jailhouse cell create /tmp/clock.cell")
    shell.check("jailhouse audit")
    shell.check("jailhouse cell destroy clock")


def test_what_a_device_hangs_on_is_told(shell):
    result = compiled(shell, "disk", with_device("disk", device=VIRTIO))
    assert result.status == 1 and "[dma-without-iommu]" in result.output and "[shared-page]" in result.output, result
    result = compiled(shell, "disk", with_device("disk", device=VIRTIO, accept=["dma-without-iommu", "shared-page"]))
    assert result.status == 0 and "warning" in result.output, result


def test_the_end(shell):
    shell.check("jailhouse cell destroy rtos")
    shell.check("jailhouse disable")
