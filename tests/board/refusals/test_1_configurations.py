# SPDX-License-Identifier: MIT
"""One good board, and everything that can be wrong with what it is given. After each refusal a correct enable works."""
import pytest

from lib.story import SYSTEM_CELL

# Offsets in a system configuration: the hypervisor's memory; how many regions the root cell has, which begins at 356.
PHYS_START, SIZE, REGIONS = 12, 28, 356 + 52


@pytest.fixture(scope="module")
def board(boot):
    with boot("configurations") as board:
        yield board


@pytest.fixture
def changed(board):
    """A copy of the system configuration with some bytes replaced; its path on the board."""
    def change(offset, octets):
        text = "".join(f"\\{octet:03o}" for octet in octets)
        board.shell.check(f"cp {SYSTEM_CELL} /tmp/changed.cell")
        board.shell.check(f"printf '{text}' | dd of=/tmp/changed.cell bs=1 seek={offset} conv=notrunc 2>/dev/null")
        return "/tmp/changed.cell"
    return change


@pytest.fixture
def refused(board, refusals):
    checks = refusals(board)
    yield checks
    checks.then_works()


def test_the_log_of_a_hypervisor_that_never_ran_is_an_error(board):
    result = board.shell.run("jailhouse console")
    assert result.status == 1 and result.output.startswith("reading the console: Resource temporarily unavailable\n")


def test_something_else_than_a_system_configuration(refused, changed):
    refused.enable("config-signature", "JHSYS", errno="Invalid argument", file=changed(0, b"JHCLL"))


def test_another_revision(refused, changed):
    refused.enable("config-revision", "13", errno="Invalid argument", file=changed(6, [13, 0]))


@pytest.mark.parametrize("size", [10, 200, 400, 500])
def test_a_truncated_configuration(board, refused, size):
    board.shell.check(f"head -c {size} {SYSTEM_CELL} >/tmp/truncated.cell")
    refused.enable("config-truncated", str(size), errno="Invalid argument", file="/tmp/truncated.cell")


def test_counts_that_the_file_does_not_have(refused, changed):
    file = changed(REGIONS, [0, 0, 0, 128])
    refused.enable("config-truncated", "need", errno="Invalid argument", file=file)


def test_an_oversized_configuration(board, refused, changed):
    """4096 memory regions, all of them there."""
    file = changed(REGIONS, [0, 16, 0, 0])
    board.shell.check(f"dd if=/dev/zero bs=1024 count=256 >>{file} 2>/dev/null")
    refused.enable("config-oversized", "64 KiB", errno="Argument list too long", file=file)


def test_hypervisor_memory_that_linux_uses(refused, changed):
    file = changed(PHYS_START, [0, 0, 0, 0x50])
    refused.enable("memory-not-reserved", "50000000, size 0x400000", errno="Invalid argument", file=file)


def test_hypervisor_memory_that_is_not_made_of_pages(refused, changed):
    refused.enable("hypervisor-memory-invalid", errno="Invalid argument", file=changed(PHYS_START, [1]))


def test_hypervisor_memory_that_is_too_small(refused, changed):
    refused.enable("hypervisor-memory-small", errno="Invalid argument", file=changed(SIZE, [0, 0x10, 0, 0]))


def test_an_absent_cpu(board, refused):
    board.shell.check("echo 0 >/sys/devices/system/cpu/cpu3/online")
    refused.enable("cpu-set-mismatch", "0-3", "0-2", errno="Invalid argument")
    board.shell.check("echo 1 >/sys/devices/system/cpu/cpu3/online")


@pytest.fixture
def firmware(board):
    """Where the firmware is; it is put back afterwards."""
    path = "/lib/firmware/jailhouse.bin"
    board.shell.check(f"cp {path} /tmp/jailhouse.bin")
    yield path
    board.shell.check(f"cp /tmp/jailhouse.bin {path}")


def test_no_firmware(board, refusals, firmware):
    board.shell.check(f"rm {firmware}")
    refusals(board).enable("firmware-missing", "jailhouse.bin", errno="No such file or directory")


def test_a_firmware_that_is_not_ours(board, refusals, firmware):
    board.shell.check(f"head -c 100000 /bin/busybox >{firmware}")
    refusals(board).enable("firmware-not-ours", "jailhouse.bin", errno="Invalid argument")


def test_a_firmware_that_was_cut_off(board, refusals, firmware):
    board.shell.check(f"head -c 20 /tmp/jailhouse.bin >{firmware}")
    refusals(board).enable("firmware-not-ours", "jailhouse.bin", errno="Invalid argument")


def test_the_right_firmware_works_again(board, refusals):
    refusals(board).then_works()


def test_enable_twice(board):
    board.shell.check(f"jailhouse enable {SYSTEM_CELL}")
    result = board.shell.run(f"jailhouse enable {SYSTEM_CELL}")
    assert result.status == 1
    assert result.output.splitlines()[1].startswith("already-enabled: "), result
    assert board.shell.check("cat /sys/devices/jailhouse/enabled") == "1\n"
    board.shell.check("jailhouse disable")


def test_disable_with_a_cpu_offline(board):
    board.shell.check(f"jailhouse enable {SYSTEM_CELL}")
    board.shell.check("echo 0 >/sys/devices/system/cpu/cpu2/online")
    result = board.shell.run("jailhouse disable")
    assert result.status == 1 and "cpu-offline: CPUs 2 " in result.output, result
    board.shell.check("echo 1 >/sys/devices/system/cpu/cpu2/online")
    board.shell.check("jailhouse disable")
