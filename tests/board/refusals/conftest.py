# SPDX-License-Identifier: MIT
"""Boards that cannot be enabled as they were started, each set up by a file so that its agent can be asked, too."""
import contextlib
import json

import pytest

from lib.board import Board
from lib.story import PASSWORD, SYSTEM_CELL, USERNAME

TOKEN = "r" * 40


@pytest.fixture(scope="session")
def boot(work):
    """A context manager: boot(name, append=..., qemu=[...], appliance=...) is a board whose admin is logged in."""
    @contextlib.contextmanager
    def boot(name, append=None, qemu=(), appliance=None):
        with Board(work, name, qemu=qemu, appliance=appliance) as board:
            provision = board.folder / "provision.json"
            provision.write_text(json.dumps({"admin": {"username": USERNAME, "password": PASSWORD},
                                             "tokens": [{"name": "test", "role": "admin", "token": TOKEN}]}))
            board.options = ["--ephemeral", "--provision", provision, *(["--append", append] if append else [])]
            board.boot()
            board.admin = board.client(token=TOKEN)
            yield board
            assert board.power_off() == 0, "it can be switched off as always"
    return boot


class Refusals:
    """What every refused enable has in common."""

    def __init__(self, board):
        self.board = board

    def enable(self, code, *words, errno=None, file=SYSTEM_CELL):
        """Refused on the command line, with a code, a sentence that has the words, and a remedy; Linux goes on."""
        cpus = self.board.shell.check("cat /sys/devices/system/cpu/online")
        result = self.board.shell.run(f"jailhouse enable {file}")
        assert result.status == 1, result
        first, sentence, remedy = result.output.splitlines()
        assert first.startswith("JAILHOUSE_ENABLE: ") and (errno is None or first.endswith(errno)), result
        found, _, text = sentence.partition(": ")
        assert found == code and text.endswith(".") and remedy.endswith("."), result
        assert all(word in text for word in words), result
        self.alive(cpus)
        return remedy

    def enable_over_rest(self, code):
        """The same from the agent, and an event about it; nothing is wanted that was refused."""
        reply = self.board.admin.post("/hypervisor/enable")
        assert reply.status == 409 and reply.code == code, reply
        hypervisor = self.board.admin.ok("GET", "/hypervisor")
        assert (hypervisor["state"], hypervisor["wanted"]) == ("disabled", "disabled")
        event = self.board.admin.ok("GET", "/events?limit=1")["items"][0]
        assert (event["kind"], event["detail"]) == ("hypervisor-refused", reply.json["detail"])

    def alive(self, cpus="0-3\n"):
        shell = self.board.shell
        assert shell.check("cat /sys/devices/jailhouse/enabled") == "0\n"
        assert shell.check("cat /sys/devices/system/cpu/online") == cpus
        assert shell.check("for i in 1 2 3; do usleep 1000; done; echo alive") == "alive\n"
        assert "Call trace" not in shell.check("dmesg")

    def then_works(self):
        self.board.shell.check(f"jailhouse enable {SYSTEM_CELL}")
        self.board.shell.check("jailhouse disable")


@pytest.fixture
def refusals():
    return Refusals
