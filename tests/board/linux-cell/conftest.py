# SPDX-License-Identifier: MIT
"""One board with 6 CPUs for most tests of the folder. Files run in the order of their numbers, and each alone as well."""
import itertools
import pathlib
import shutil
import subprocess
import time

import pytest

from lib.board import Board
from lib.story import PASSWORD, USERNAME, put_image
from lib.stream import ConsoleStream
from lib.waiting import wait_until

AGAIN = 5  # seconds until a command is typed again that nobody answered
HERE = pathlib.Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def initrd(build, work):
    """busybox and a script."""
    root = work / "initrd"
    shutil.rmtree(root, ignore_errors=True)
    for folder in ("bin", "proc", "sys", "dev", "etc"):
        (root / folder).mkdir(parents=True)
    busybox = next(path for path in (build / "debian/sysroot").rglob("bin/busybox") if path.is_file())
    shutil.copy(busybox, root / "bin/busybox")
    shutil.copy(HERE / "init", root / "init")
    (root / "init").chmod(0o755)
    (root / "etc/profile").write_text("PS1='cell# '\n")
    names = subprocess.run(["find", "."], cwd=root, check=True, stdout=subprocess.PIPE).stdout
    return subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], cwd=root, input=names, check=True,
                          stdout=subprocess.PIPE).stdout


@pytest.fixture(scope="session")
def kernel(build):
    return (build / "debian/kernel/vmlinuz").read_bytes()


def redefined(board, *edits):
    """Another system definition than the board's image has: the agent is told before anything is enabled."""
    script = "; ".join(edits)
    board.shell.check(f"cd /etc/rotunda && sed -i '{script}' system.json && jailhouse config compile system.json -o system.cell")
    board.shell.check("kill $(pidof rotundad)")
    return board


def reachable(client):
    try:
        return client.get("/setup").status == 200
    except OSError:
        return False


def prepared(board, kernel, initrd):
    """Logged in; the hypervisor is enabled, kernel and RAM disk are on the board."""
    client = board.client()
    wait_until(lambda: reachable(client), "the agent is back")
    code = wait_until(lambda: board.shell.run("cat /run/rotunda/setup-code").output.strip(), "a set-up code")
    reply = client.post("/setup", {"code": code, "username": USERNAME, "password": PASSWORD})
    assert reply.status == 201, reply
    client.take_cookie(reply)
    client.ok("POST", "/hypervisor/enable")
    put_image(client, "vmlinuz", kernel)
    put_image(client, "initrd", initrd)
    return client


@pytest.fixture(scope="session")
def board(work):
    with Board(work, "linux-cell", options=["--ephemeral"], qemu=["-smp", "6"]) as board:
        yield redefined(board.boot(), "s/\\[0, 1, 2, 3\\]/[0, 1, 2, 3, 4, 5]/")
        if board.process and board.process.poll() is None:
            assert board.power_off() == 0


@pytest.fixture(scope="session")
def admin(board, kernel, initrd):
    return prepared(board, kernel, initrd)


class Linux:
    """A Linux in a cell, and the shell on its console."""

    _count = itertools.count(1)

    def __init__(self, client, name):
        self.client, self.name = client, name
        self.stream = ConsoleStream(client, name)

    def run(self, command, again=False):
        """What a command prints. The echo of what was typed has quotes in the marks, and each command has marks of its own."""
        number = next(self._count)
        begin, end = f"BEGIN-{number}\r\n", f"END-{number}\r\n"
        line = f"echo B''EGIN-{number}; {command}; echo E''ND-{number}\n"
        self.stream.send(line)
        deadline = time.monotonic() + AGAIN

        def answered(stream):
            nonlocal deadline
            if again and time.monotonic() > deadline:
                stream.send(line)
                deadline = time.monotonic() + AGAIN
            return end in stream.text

        self.stream.wait_until(answered, command)
        return self.stream.text.rpartition(end)[0].rpartition(begin)[2].replace("\r", "")

    def wait_for_shell(self):
        """Whatever is typed before somebody reads it is lost: it is typed again."""
        self.run("true", again=True)
        return self

    def ends(self, command, last_words):
        """A command after which the shell is gone."""
        since = len(self.stream.text)
        self.stream.send(command + "\n")
        self.stream.wait_until(lambda stream: last_words in stream.text[since:], last_words)
        return self

    def close(self):
        self.stream.__exit__()


@pytest.fixture
def linux(admin):
    """A function that opens the console of a cell and waits for its shell; all are closed at the end."""
    opened = []

    def open_console(name):
        opened.append(Linux(admin, name))
        return opened[-1].wait_for_shell()

    yield open_console
    for one in opened:
        one.close()


def definition(name="tux", cpus=(2, 3), **more):
    boot = {"kernel": "vmlinuz", "initrd": "initrd", "command_line": "console=ttyAMA0 quiet"}
    return {"name": name, "cpus": list(cpus), "memory": [{"size": "256M"}], "console": "pl011", "linux": boot} | more


@pytest.fixture
def tux(admin, linux):
    """It runs, and its shell waits."""
    if admin.get("/cells/tux").status == 404:
        assert admin.put("/cells/tux", definition()).status == 201
    if admin.cell("tux")["state"] != "running":
        admin.ok("POST", "/cells/tux/start")
    return linux("tux")
