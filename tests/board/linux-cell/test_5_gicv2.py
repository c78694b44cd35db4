# SPDX-License-Identifier: MIT
"""A Linux in a cell of a board with a GICv2."""
import pytest

from conftest import Linux, definition, prepared, redefined
from lib.board import Board


@pytest.fixture(scope="module")
def other_board(work):
    with Board(work, "gicv2", options=["--ephemeral"], qemu=["-machine", "gic-version=2"]) as board:
        yield redefined(board.boot(), 's/"gic_version": 3/"gic_version": 2/',
                        's/"gicr_base": "0x080a0000"/"gicc_base": "0x08010000", "gich_base": "0x08030000", "gicv_base": "0x08040000"/')
        assert board.power_off() == 0


def test_it_boots_there_as_well(other_board, kernel, initrd):
    client = prepared(other_board, kernel, initrd)
    assert client.put("/cells/tux", definition()).status == 201
    client.ok("POST", "/cells/tux/start")
    linux = Linux(client, "tux").wait_for_shell()
    assert linux.run("nproc").strip() == "2"
    assert "GICv2" in linux.run("cat /proc/interrupts") or "GIC-0" in linux.run("cat /proc/interrupts")
    linux.ends("reboot -f", "reboot: Restarting system").wait_for_shell()
    assert linux.run("nproc").strip() == "2"
    linux.close()
    other_board.shell.check("jailhouse audit")
    client.ok("POST", "/cells/tux/stop")
