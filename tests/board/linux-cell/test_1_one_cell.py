# SPDX-License-Identifier: MIT
"""A cell whose definition names a kernel and a RAM disk."""
import re

import pytest

from conftest import definition
from lib.story import events
from lib.waiting import wait_until


def kinds(client, cell):
    return [event["kind"] for event in events(client, cell=cell, limit=50)]


def test_six_lines_of_json_boot_debian_s_kernel(admin, linux):
    assert admin.put("/cells/tux", definition()).status == 201
    cell = admin.ok("POST", "/cells/tux/start")
    assert (cell["state"], cell["cpus"], cell["images"]) == ("running", [2, 3], ["vmlinuz", "initrd"])
    assert "Linux" in linux("tux").run("uname -sr")


def test_it_has_its_cpus_and_memory(tux):
    assert tux.run("nproc").strip() == "2"
    total = int(tux.run("grep MemTotal /proc/meminfo").split()[1])
    assert 128 << 10 < total < 256 << 10, total
    assert tux.run("cat /proc/device-tree/model").strip("\0\n") == "tux"


def interrupts(linux, name):
    line = next(line for line in linux.run("cat /proc/interrupts").splitlines() if name in line)
    return [int(count) for count in re.findall(r"\s(\d+)(?=\s)", line.partition(":")[2])[:2]]


def test_its_timer_ticks_on_both_cpus(tux):
    before = interrupts(tux, "arch_timer")
    wait_until(lambda: all(now > then for now, then in zip(interrupts(tux, "arch_timer"), before)), "the timers tick")


def test_its_uart_interrupts(tux):
    before = sum(interrupts(tux, "uart-pl011"))
    tux.run("echo some characters")
    assert sum(interrupts(tux, "uart-pl011")) > before


def test_much_output_comes_whole(tux):
    assert tux.run("seq 1 2000").split() == [str(number) for number in range(1, 2001)]


def tty_of(client, cell):
    return f"/dev/ttyJH{client.cell(cell)['id']}"


def test_much_input_comes_whole(board, admin, tux):
    tux.stream.send("cat >/file\n")
    line = "0123456789abcdef" * 4
    board.shell.check(f"for n in $(seq 100); do echo {line}; done >{tty_of(admin, 'tux')}; printf '\\4' >{tty_of(admin, 'tux')}")
    assert tux.run("cat /file").split() == [line] * 100


def test_the_kernel_complains_of_nothing(tux):
    log = tux.run("dmesg -r").splitlines()
    assert len(log) > 100
    assert [line for line in log if re.match(r"<[0-3]>", line)] == []
    assert not [line for line in log if "Call trace" in line or "WARNING:" in line]


def test_the_board_has_it_as_a_terminal(board, admin, tux):
    tty = tty_of(admin, "tux")
    board.shell.check(f"(timeout 60 cat {tty} >/run/heard &); sleep 1; echo 'echo by-$((6 * 7))' >{tty}")
    wait_until(lambda: "by-42" in board.shell.run("cat /run/heard").output, "the answer on the terminal")


@pytest.mark.parametrize("time", ["first", "second"])
def test_reboot_starts_it_again(admin, tux, time):
    tux.run("echo kept >/file")
    tux.ends("reboot -f", "reboot: Restarting system").wait_for_shell()
    assert tux.run("ls /file 2>&1").strip() == "ls: /file: No such file or directory"
    assert tux.run("nproc").strip() == "2"
    assert admin.cell("tux")["state"] == "running"
    resets = {"first": 1, "second": 2}[time]
    wait_until(lambda: kinds(admin, "tux").count("cell-reset") >= resets, "the event")


def test_poweroff_ends_it(admin, tux):
    tux.ends("poweroff -f", "reboot: Power down")
    wait_until(lambda: admin.cell("tux")["state"] == "stopped", "it is off")
    wait_until(lambda: "cell-off" in kinds(admin, "tux"), "the event")


def test_it_starts_again_and_can_be_stopped(admin, tux):
    assert tux.run("nproc").strip() == "2"
    assert admin.ok("POST", "/cells/tux/stop")["state"] == "defined"
    assert "stop-forced" not in kinds(admin, "tux")
