# SPDX-License-Identifier: MIT
"""Boards that were started in a way that leaves nothing to enable. Each says what to change, and works on as a board."""
import subprocess

import pytest


@pytest.fixture
def unreserved(build, work):
    """An appliance whose device tree reserves no memory."""
    folder = work / "unreserved"
    folder.mkdir(exist_ok=True)
    for name in ("vmlinuz", "initramfs.cpio"):
        link = folder / name
        link.unlink(missing_ok=True)
        link.symlink_to(build / "appliance" / name)
    subprocess.run(["dtc", "-q", "-@", "-O", "dtb", "-o", folder / "memory.dtbo"], check=True,
                   input=b"/dts-v1/; /plugin/; &{/} { rotunda-test; };")
    return folder


def test_kvm_owns_el2(boot, refusals):
    with boot("kvm", append="kvm-arm.mode=nvhe") as board:
        remedy = refusals(board).enable("kvm-owns-el2", errno="Device or resource busy")
        assert "kvm-arm.mode=none" in remedy
        refusals(board).enable_over_rest("kvm-owns-el2")


def test_no_el2(boot, refusals):
    with boot("no-el2", qemu=["-machine", "virtualization=off"]) as board:
        remedy = refusals(board).enable("no-el2", errno="No such device")
        assert "virtualization=on" in remedy
        refusals(board).enable_over_rest("no-el2")


def test_memory_is_not_reserved(boot, refusals, unreserved):
    with boot("unreserved", appliance=unreserved) as board:
        remedy = refusals(board).enable("memory-not-reserved", "7fc00000, size 0x400000", errno="Invalid argument")
        assert "no-map" in remedy
        refusals(board).enable_over_rest("memory-not-reserved")


def test_fewer_cpus_than_the_definition_has(boot, refusals):
    with boot("three-cpus", qemu=["-smp", "3"]) as board:
        refusals(board).enable("cpu-unknown", "CPU 3", "has 3", errno="Invalid argument")
        refusals(board).enable_over_rest("cpu-unknown")


def test_more_cpus_than_the_definition_has(boot, refusals):
    with boot("five-cpus", qemu=["-smp", "5"]) as board:
        refusals(board).enable("cpu-set-mismatch", "0-3", "0-4", errno="Invalid argument")
        board.shell.check("echo 0 >/sys/devices/system/cpu/cpu4/online")
        refusals(board).then_works()


def test_a_kernel_that_stays_at_el2(boot, refusals):
    with boot("vhe", qemu=["-cpu", "max"]) as board:
        remedy = refusals(board).enable("kernel-at-el2", "VHE", errno="No such device")
        assert "id_aa64mmfr1.vh=0" in remedy
        refusals(board).enable_over_rest("kernel-at-el2")


def test_the_remedy_for_a_kernel_at_el2_helps(boot, refusals):
    with boot("vhe-off", append="id_aa64mmfr1.vh=0", qemu=["-cpu", "max"]) as board:
        refusals(board).then_works()
        board.admin.ok("POST", "/hypervisor/enable")
        assert board.admin.ok("POST", "/cells/heartbeat/start")["state"] == "running"
