# SPDX-License-Identifier: MIT
"""`jailhouse cell linux`: from JSON, and by the original's convention from a compiled configuration and a device tree."""
import json
import pathlib
import subprocess

import pytest

from conftest import definition
from lib.story import put_image
from lib.waiting import wait_until

HERE = pathlib.Path(__file__).resolve().parent

ORIGINAL = {
    "name": "by-hand",
    "flags": ["passive"],
    "cpus": [2, 3],
    "memory": [
        {"physical": "0x7f900000", "guest": "0x0", "size": "64K", "flags": ["read", "write", "execute", "loadable"]},
        {"physical": "0x70000000", "size": "128M", "flags": ["read", "write", "execute", "dma", "loadable"]},
    ],
    "console": {"type": "pl011", "emulated": True, "intid": 216},
}


class Terminal:
    """The shell of a cell on its tty: the agent knows nothing of cells that have no definition."""

    def __init__(self, shell, cell_id):
        self.shell, self.tty, self.count = shell, f"/dev/ttyJH{cell_id}", 0
        shell.check(f"cat {self.tty} >/run/heard & echo $! >/run/listener")

    def heard(self):
        return self.shell.run("cat /run/heard").output

    def wait_for_shell(self):
        """What is typed before somebody reads it is lost: lines until there is a prompt."""
        def asked():
            self.shell.check(f"echo >{self.tty}")
            return "cell# " in self.heard()
        wait_until(asked, "the prompt", pause=2)

    def answers(self, command, answer):
        self.count += 1
        self.shell.check(f"echo 'echo $({command})-{self.count}' >{self.tty}")
        wait_until(lambda: f"{answer}-{self.count}" in self.heard(), f"{answer}-{self.count}", pause=1)

    def close(self):
        self.shell.check("kill $(cat /run/listener)")


@pytest.fixture(scope="module")
def files(admin):
    """Where images of the store are on the board."""
    def path_of(name):
        sums = {image["name"]: image["sha256"] for image in admin.ok("GET", "/images")["items"]}
        return f"/var/lib/rotunda/images/{sums[name]}"
    return path_of


@pytest.fixture(scope="module")
def tree(admin, files, work):
    blob = subprocess.run(["dtc", "-q", "-O", "dtb", HERE / "template.dts"], check=True, stdout=subprocess.PIPE).stdout
    put_image(admin, "template", blob)
    return files("template")


@pytest.fixture
def shell(board, admin):
    """No cell is left behind, and none is there before."""
    board.shell.check("for cell in $(jailhouse cell list | awk '$1 + 0 > 0 { print $1 }'); do jailhouse cell destroy $cell --force; done")
    yield board.shell
    assert board.shell.check("nproc").strip() == "6"


def cell_id(shell, name):
    return next(line.split()[0] for line in shell.check("jailhouse cell list").splitlines() if name in line.split())


def put_json(shell, name, content):
    shell.check(f"echo '{json.dumps(content)}' >/run/{name}.json")


def compile_original(shell):
    put_json(shell, "by-hand", ORIGINAL)
    shell.check("cd /run && jailhouse config compile by-hand.json -o by-hand.cell --board /etc/rotunda/system.json")


def lives(shell, name, model):
    terminal = Terminal(shell, cell_id(shell, name))
    terminal.wait_for_shell()
    terminal.answers("nproc", "2")
    terminal.answers("cat /proc/device-tree/model", model)
    shell.check("jailhouse audit")
    terminal.close()


def test_a_definition_in_json(shell, files):
    put_json(shell, "from-json", definition("from-json"))
    shell.check(f"jailhouse cell linux /run/from-json.json {files('vmlinuz')} -i {files('initrd')}")
    lives(shell, "from-json", "from-json")
    # Once more: the cell is there, and is loaded anew.
    shell.check(f"jailhouse cell linux /run/from-json.json {files('vmlinuz')} -i {files('initrd')} -c 'console=ttyAMA0 quiet'")
    lives(shell, "from-json", "from-json")
    shell.check("jailhouse cell destroy from-json")


def test_the_original_s_convention(shell, files, tree):
    compile_original(shell)
    shell.check(f"jailhouse cell linux -d {tree} -i {files('initrd')} -c 'console=ttyAMA0 quiet' /run/by-hand.cell {files('vmlinuz')}")
    lives(shell, "by-hand", "by hand")
    shell.check("jailhouse cell destroy by-hand")


def test_the_commands_that_it_prints_do_the_same(shell, files, tree):
    compile_original(shell)
    commands = shell.check(f"jailhouse cell linux -w /run/by-hand.dtb -d {tree} -i {files('initrd')} -c 'console=ttyAMA0 quiet'"
                           f" /run/by-hand.cell {files('vmlinuz')}")
    lines = commands.strip().splitlines()
    assert [line.split()[:3] for line in lines] == [["jailhouse", "cell", word] for word in ("create", "load", "start")]
    assert "dtb=0x70000000" in lines[1] and "kernel=0x70200000" in lines[1]
    for line in lines:
        shell.check(line)
    lives(shell, "by-hand", "by hand")
    shell.check("jailhouse cell destroy by-hand")


def refused(shell, code, command):
    result = shell.run(f"jailhouse cell linux {command}")
    assert result.status == 1 and f"{code}: " in result.output, result


def test_refusals(shell, files, tree):
    compile_original(shell)
    put_json(shell, "small", definition("small", memory=[{"size": "64M"}]))
    put_json(shell, "mute", {key: value for key, value in ORIGINAL.items() if key != "console"})
    shell.check("cd /run && jailhouse config compile mute.json -o mute.cell --board /etc/rotunda/system.json")
    refused(shell, "linux-kernel", f"/run/by-hand.cell {files('initrd')}")
    refused(shell, "linux-memory", f"/run/small.json {files('vmlinuz')}")
    refused(shell, "linux-console", f"/run/mute.cell {files('vmlinuz')}")
    refused(shell, "linux-tree", f"/run/by-hand.cell {files('vmlinuz')} -d {files('vmlinuz')}")
    refused(shell, "file-unreadable", f"/run/by-hand.cell {files('vmlinuz')} -i /run/nothing")
    refused(shell, "not-a-cell", f"/etc/rotunda/system.cell {files('vmlinuz')}")
    assert "arm64" in shell.run(f"jailhouse cell linux -a x86 /run/by-hand.cell {files('vmlinuz')}").output
    assert shell.run("jailhouse cell linux /run/by-hand.cell").status == 1
    assert [line.split()[0] for line in shell.check("jailhouse cell list").splitlines()[1:]] == ["0"]
