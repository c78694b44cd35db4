# SPDX-License-Identifier: MIT
"""Disable hands the machine back as it was; enable works again. Twenty times in a row, over REST."""
from lib.story import ROOT_CELL, beats, owners
from lib.waiting import wait_until

ROUNDS = 20


def test_disable_hands_the_machine_back_and_enable_works_again(board, enabled):
    used = set()
    for _ in range(ROUNDS):
        assert enabled.ok("POST", "/hypervisor/disable")["state"] == "disabled"
        assert set(owners(enabled).values()) == {ROOT_CELL}
        assert enabled.cell("heartbeat")["state"] == "defined"
        hypervisor = enabled.ok("POST", "/hypervisor/enable")
        used.add(hypervisor["memory_pool"]["used"])
        assert set(owners(enabled).values()) == {ROOT_CELL}
        assert enabled.ok("POST", "/cells/heartbeat/start")["state"] == "running"
        wait_until(lambda: beats(enabled) >= 1, "a beat")
    assert len(used) == 1, f"the hypervisor's memory leaks: {used}"
    assert board.shell.check("nproc") == "3\n"


def test_linux_is_whole_afterwards(board, enabled):
    enabled.ok("POST", "/hypervisor/disable")
    assert board.shell.check("nproc") == "4\n"
    for cpu in range(4):
        assert board.shell.check(f"taskset {1 << cpu:x} sh -c 'echo alive'") == "alive\n"
    log = board.shell.check("dmesg")
    for trouble in ("BUG:", "WARNING:", "Call trace", "stall", "Oops"):
        assert trouble not in log, log[-4000:]
