# SPDX-License-Identifier: MIT
"""`jailhouse` as scripts know it: what it prints and how it exits, on the board's own shell, beside a running agent."""
import re

import pytest

from lib.story import ROOT_CELL, SYSTEM_CELL
from lib.waiting import wait_until

ROW = re.compile(r"^(.{8})(.{24})(.{18})(.{24})(.{24})$")


@pytest.fixture
def shell(board):
    return board.shell


def rows(shell):
    """`cell list` cut at its fixed columns."""
    lines = shell.check("jailhouse cell list").splitlines()
    assert all(ROW.match(line) for line in lines), lines
    return [tuple(cell.rstrip() for cell in ROW.match(line).groups()) for line in lines]


def failed(shell, command, first_line, code=None):
    """Exits with 1; the first line of its standard error is what scripts match."""
    result = shell.run(f"{command} >/dev/null")
    assert result.status == 1, result
    lines = result.output.splitlines()
    assert lines[0] == first_line, result
    assert code is None or lines[1].startswith(f"{code}: "), result
    assert shell.run(f"{command} 2>/dev/null").output == "", "errors go to standard error"


def test_version_help_and_usage(shell):
    assert shell.check("jailhouse --version") == "Jailhouse management tool v0.12\n"
    assert "cell create CELLCONFIG" in shell.check("jailhouse --help")
    for command in ("jailhouse", "jailhouse frobnicate", "jailhouse cell", "jailhouse cell start", "jailhouse enable",
                    "jailhouse cell load echo"):
        result = shell.run(f"{command} 2>/dev/null")
        assert result.status == 1 and result.output.startswith("Usage: "), result


def test_before_enable(admin, shell):
    if admin.ok("GET", "/hypervisor")["state"] == "enabled":
        shell.check("jailhouse disable")
    assert shell.check("jailhouse cell list") == ""
    failed(shell, "jailhouse disable", "JAILHOUSE_DISABLE: Invalid argument", "not-enabled")
    failed(shell, f"jailhouse cell create {SYSTEM_CELL}", "JAILHOUSE_CELL_CREATE: Invalid argument", "not-enabled")
    failed(shell, "jailhouse cell start echo", "JAILHOUSE_CELL_START: Invalid argument", "not-enabled")
    failed(shell, "jailhouse enable /nowhere", "/nowhere: No such file or directory", "file-unreadable")


def test_definitions_compile_on_the_board(shell):
    for name in ("echo", "heartbeat"):
        shell.check(f"jailhouse config compile /etc/rotunda/cells/{name}.json -o /tmp/{name}.cell --board /etc/rotunda/system.json")
    assert shell.check("jailhouse config compile /etc/rotunda/system.json -o /tmp/system.cell") == ""
    shell.check(f'[ "$(sha256sum </tmp/system.cell)" = "$(sha256sum <{SYSTEM_CELL})" ]')
    shell.check("jailhouse config compile /etc/rotunda/system.json -o /dev/null && [ -c /dev/null ]")


def test_enable(admin, shell):
    assert shell.check(f"jailhouse enable {SYSTEM_CELL}") == ""
    failed(shell, f"jailhouse enable {SYSTEM_CELL}", "JAILHOUSE_ENABLE: Device or resource busy", "already-enabled")
    assert rows(shell) == [("ID", "Name", "State", "Assigned CPUs", "Failed CPUs"), ("0", ROOT_CELL, "running", "0-3", "")]
    assert "Initializing Jailhouse hypervisor" in shell.check("jailhouse console")
    wait_until(lambda: admin.ok("GET", "/hypervisor")["state"] == "enabled", "the agent notices")


def test_create(shell):
    assert shell.check("jailhouse cell create /tmp/echo.cell") == ""
    assert rows(shell)[1:] == [("0", ROOT_CELL, "running", "0-1,3", ""), ("1", "echo", "shut down", "2", "")]
    failed(shell, "jailhouse cell create /tmp/echo.cell", "JAILHOUSE_CELL_CREATE: File exists", "cell-exists")
    failed(shell, f"jailhouse cell create {SYSTEM_CELL}", "JAILHOUSE_CELL_CREATE: Invalid argument", "config-signature")


def test_load_and_start(shell):
    image = "/usr/lib/rotunda/cells/echo.bin"
    failed(shell, f"jailhouse cell load nobody {image}", "JAILHOUSE_CELL_LOAD: No such file or directory", "no-such-cell")
    failed(shell, f"jailhouse cell load echo {image} -a 0x10000000", "JAILHOUSE_CELL_LOAD: Invalid argument", "image-outside-memory")
    assert shell.check(f"jailhouse cell load echo {image}") == ""
    assert shell.check(f"jailhouse cell load --name echo {image} -s 'colour=red' --address 0x1000") == ""
    assert shell.check("jailhouse cell start 1") == ""
    assert rows(shell)[2][2] == "running"
    wait_until(lambda: "echo: type a line" in shell.check("jailhouse cell console echo"), "the cell talks")


def test_the_agent_shows_a_cell_that_it_did_not_start(admin, shell):
    cell = admin.cell("echo")
    assert (cell["state"], cell["id"]) == ("running", 1)
    wait_until(lambda: b"echo: type a line" in admin.get("/cells/echo/console").body, "its console, too")


def test_the_agent_follows_what_it_did_not_start(admin, shell):
    told = [event["kind"] for event in admin.ok("GET", "/events?cell=echo&limit=4")["items"]]
    assert "cell-started" in told and "cell-created" in told, told


def test_stats(shell):
    lines = shell.check("jailhouse cell stats echo").splitlines()
    assert lines[0].split() == ["COUNTER", "SUM"]
    counters = {name: int(value) for name, value in map(str.split, lines[1:])}
    assert {"vmexits_total", "vmexits_mmio", "vmexits_hypercall", "vmexits_psci"} <= set(counters)
    assert counters["vmexits_total"] >= counters["vmexits_hypercall"] > 0
    assert shell.run("jailhouse cell stats nobody").status == 1


def test_a_quiet_console_ends_when_it_is_empty_and_follow_goes_on(shell):
    assert shell.check("jailhouse cell console echo").count("type a line") == 1
    assert shell.run("timeout 2 jailhouse cell console echo --follow").status in (124, 143)
    assert shell.run("timeout 2 jailhouse console -f").status in (124, 143)


def test_shutdown_and_destroy(shell):
    assert shell.check("jailhouse cell shutdown echo") == ""
    assert rows(shell)[2][2] == "shut down"
    failed(shell, "jailhouse cell shutdown nobody", "JAILHOUSE_CELL_LOAD: No such file or directory", "no-such-cell")
    assert shell.check("jailhouse cell destroy 1") == ""
    assert rows(shell)[1:] == [("0", ROOT_CELL, "running", "0-3", "")]
    failed(shell, "jailhouse cell destroy 1", "JAILHOUSE_CELL_DESTROY: No such file or directory", "no-such-cell")
    failed(shell, "jailhouse cell destroy 0", "JAILHOUSE_CELL_DESTROY: Invalid argument", "root-cell")


def test_disable_ends_all_cells(admin, shell):
    shell.check("jailhouse cell create /tmp/heartbeat.cell")
    shell.check("jailhouse cell load heartbeat /usr/lib/rotunda/cells/heartbeat.bin")
    shell.check("jailhouse cell start heartbeat")
    assert shell.check(f"jailhouse disable {SYSTEM_CELL}") == "", "extra words are ignored"
    assert shell.check("jailhouse cell list") == ""
    assert shell.check("nproc") == "4\n"
    wait_until(lambda: admin.ok("GET", "/hypervisor")["state"] == "disabled", "the agent notices")
    assert "Shutting down hypervisor" in shell.check("jailhouse console"), "the last words stay readable"


def test_without_the_module(shell):
    shell.check("rmmod jailhouse")
    failed(shell, "jailhouse disable", "opening /dev/jailhouse: No such file or directory", "driver-not-loaded")
    assert shell.run("jailhouse cell list") .status == 0
    assert shell.check("jailhouse cell list") == ""
    shell.check("modprobe jailhouse && chown root:rotunda /dev/jailhouse && chmod 660 /dev/jailhouse")
    shell.check(f"jailhouse enable {SYSTEM_CELL} && jailhouse disable")
