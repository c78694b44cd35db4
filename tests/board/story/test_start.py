# SPDX-License-Identifier: MIT
"""The options of configs/boards/qemu-virt/start, and a board that is set up by a file."""
import json
import pathlib
import shutil
import socket
import subprocess
import time

import pytest

from lib.board import START, Board
from lib.story import PASSWORD, USERNAME, events

NOBODY = 65534  # Debian's user of that name
TOKENS = {role: role[0] * 40 for role in ("viewer", "operator", "admin")}


@pytest.fixture(scope="module")
def provisioned(work, build):
    """Without a person and without root's rights; standard input is /dev/null. Uses most options of start at once."""
    with Board(work, "provisioned", stdin=False, user=NOBODY) as board:
        provision = board.folder / "set-up, by file.json"  # QEMU would end the name at the comma
        tokens = [{"name": f"fleet-{role}", "role": role, "token": token} for role, token in TOKENS.items()]
        provision.write_text(json.dumps({"admin": {"username": USERNAME, "password": PASSWORD}, "tokens": tokens}))
        # Copies, because that user may not see the folder of the project.
        board.start = shutil.copy(START, board.folder / "start")
        board.appliance = board.folder / "appliance"
        board.appliance.mkdir()
        for name in ("initramfs.cpio", "memory.dtbo"):
            shutil.copy(build / "appliance" / name, board.appliance)
        kernel = shutil.copy(build / "appliance/vmlinuz", board.folder / "another kernel")
        board.options = ["--ephemeral", "--provision", provision, "--kernel", kernel, "--append", "rotunda.test=1"]
        board.qemu = ["-name", "provisioned"]
        board.boot()
        board.trust_on_first_use()
        yield board


def token(board, role):
    return board.client(token=TOKENS[role])


def test_a_provisioned_board_shows_no_code(provisioned):
    assert provisioned.setup_code is None
    assert provisioned.client().get("/setup").json == {"needed": False}


def test_its_administrator_logs_in(provisioned):
    client = provisioned.client()
    assert client.log_in(USERNAME, PASSWORD).json == {"username": USERNAME, "role": "admin"}


@pytest.mark.parametrize("role", TOKENS)
def test_its_token_works_for(provisioned, role):
    assert token(provisioned, role).get("/system").status == 200


def test_a_viewer_only_looks(provisioned):
    viewer = token(provisioned, "viewer")
    assert viewer.get("/cells/heartbeat/console").status == 200
    for method, path in (("POST", "/cells/heartbeat/start"), ("POST", "/hypervisor/enable"), ("DELETE", "/cells/echo")):
        reply = viewer.request(method, path)
        assert (reply.status, reply.code) == (403, "role-too-low")


def test_an_operator_starts_but_does_not_define(provisioned):
    token(provisioned, "admin").ok("POST", "/hypervisor/enable")
    operator = token(provisioned, "operator")
    assert operator.ok("POST", "/cells/heartbeat/start")["state"] == "running"
    for method, path in (("DELETE", "/cells/echo"), ("POST", "/hypervisor/disable"), ("DELETE", "/images/echo")):
        reply = operator.request(method, path)
        assert (reply.status, reply.code) == (403, "role-too-low")
    assert operator.ok("POST", "/cells/heartbeat/stop")["state"] == "defined"


def test_the_file_is_applied_once_only(provisioned):
    admin = token(provisioned, "admin")
    assert [event["kind"] for event in events(admin)].count("provisioned") == 1
    provisioned.reset()
    assert [event["kind"] for event in events(admin)].count("provisioned") == 1
    assert provisioned.client().log_in(USERNAME, PASSWORD).status == 201


def test_kernel_arguments_and_qemu_options_arrive(provisioned):
    monitor = provisioned.monitor()
    assert "provisioned" in monitor.command("info name")
    assert "running" in monitor.command("info status")
    monitor.close()
    words = pathlib.Path(f"/proc/{provisioned.process.pid}/cmdline").read_text().split("\0")
    assert any(word.endswith(" rotunda.test=1") for word in words)
    assert words[words.index("-kernel") + 1].endswith("another kernel")


def test_only_this_machine_reaches_the_ports(provisioned):
    rows = [line.split() for table in ("tcp", "tcp6")
            for line in pathlib.Path("/proc/net", table).read_text().splitlines()[1:]]
    listening = [row[1] for row in rows if row[3] == "0A"]
    for port in (provisioned.https_port, provisioned.http_port):
        assert [address for address in listening if address.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]


def test_icount_decouples_the_board_s_time(work):
    """Ten minutes of waiting take no ten minutes: the clock jumps when every CPU sleeps."""
    with Board(work, "icount", options=["--ephemeral", "--icount"]) as board:
        board.boot()
        assert board.setup_code
        begun, patience = time.monotonic(), 600
        board.shell.check("sleep 600", timeout=patience)
        assert time.monotonic() - begun < patience
        assert board.power_off() == 0


def test_data_is_made_when_missing_and_refused_when_in_use(work):
    disk = work / "new disk, of ours.img"
    disk.unlink(missing_ok=True)
    with Board(work, "data", options=["--data", disk]) as first, Board(work, "data-2", options=["--data", disk]) as second:
        first.power_on()
        first.serial.wait_for("rotunda|Rotunda")
        assert disk.stat().st_size == 1 << 30
        second.power_on()
        assert second.process.wait(120) != 0
        assert "in use" in second.serial.tail() or "another process" in second.serial.tail(), second.serial.tail()
    disk.unlink()


WRONG = {
    "an unknown option": (["--colour", "red"], "unknown-option"),
    "an option without its value": (["--https-port"], "missing-value"),
    "a port that is none": (["--https-port", "70000"], "bad-port"),
    "the same port twice": (["--https-port", "1", "--http-port", "1"], "same-port"),
    "a kernel that is not there": (["--kernel", "/nowhere"], "kernel-missing"),
    "a provision file that is not there": (["--provision", "/nowhere"], "provision-missing"),
    "a folder for a disk": (["--data", "/"], "data-not-a-disk"),
    "a disk that cannot be made": (["--data", "/nowhere/disk"], "data-not-created"),
    "two disks": (["--data", "/nowhere/disk", "--ephemeral"], "data-and-ephemeral"),
    "what QEMU does not know": (["--ephemeral", "--", "-smp", "many"], "qemu-refused"),
}


@pytest.mark.parametrize("case", WRONG)
def test_start_says_why_it_refuses(build, case):
    options, code = WRONG[case]
    result = subprocess.run([START, *options], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, timeout=120)
    assert result.returncode == 1 and f"start: {code}: " in result.stdout, result.stdout


def test_start_says_which_port_is_taken(build):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = subprocess.run([START, "--ephemeral", "--http-port", str(taken.getsockname()[1])], stdin=subprocess.DEVNULL,
                                capture_output=True, text=True, timeout=120)
    assert result.returncode == 1 and "port-taken" in result.stderr and "--http-port" in result.stderr, result.stderr
