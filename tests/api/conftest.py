# SPDX-License-Identifier: MIT
"""The agent over a driver of made-up cells, and prism in front of it."""
import json
import os
import pathlib
import socket
import subprocess
import sys
import time

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from client import Client, Document  # noqa: E402

PASSWORD = "correct horse battery"


def pytest_addoption(parser):
    parser.addoption("--build", default=HERE.parents[1] / "build", type=pathlib.Path, help="the folder with host/ in it")


def pytest_terminal_summary(terminalreporter):
    count = {name: len(terminalreporter.stats.get(name, [])) for name in ("passed", "failed", "error")}
    terminalreporter.write_line(f"{count['passed']} passed, {count['failed'] + count['error']} failed")


@pytest.fixture(scope="session")
def host(request):
    return request.config.getoption("--build").resolve() / "host"


@pytest.fixture(scope="session")
def document(host):
    return Document(host / "agent/openapi/openapi.json")


class Agent:
    def __init__(self, program):
        self.process = subprocess.Popen([program, HERE.parents[1] / "configs/boards/qemu-virt"], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.where = json.loads(self.process.stdout.readline())

    def tell(self, command):
        """What the made-up cells do: agent.c."""
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "ok\n"

    def close(self):
        self.process.stdin.close()
        assert self.process.wait(60) == 0
        self.process.stdout.close()


@pytest.fixture(scope="session")
def agent(host):
    agent = Agent(host / "tests/api/api_agent")
    yield agent
    agent.close()


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def wait_for(port, process):
    while True:
        assert process.poll() is None, "prism did not start"
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.1)


@pytest.fixture(scope="session")
def prism(host, agent):
    """Its port."""
    port = free_port()
    environment = dict(os.environ, NODE_EXTRA_CA_CERTS=agent.where["certificate"])
    log = open(host / "prism.log", "w")
    process = subprocess.Popen(
        [HERE / "node_modules/.bin/prism", "proxy", "--port", str(port), "--host", "127.0.0.1", host / "agent/openapi/openapi.json",
         f"https://localhost:{agent.where['port']}"], env=environment, stdout=log, stderr=log)
    wait_for(port, process)
    yield port
    process.terminate()
    process.wait(60)
    log.close()


@pytest.fixture(scope="session")
def nobody(document, prism):
    return Client(document, prism)


@pytest.fixture(scope="session")
def admin(document, prism, agent, nobody):
    """With a token; the set-up is part of the walk."""
    assert nobody.ok("GET", "/setup").json == {"needed": True}
    nobody.refused("POST", "/setup", "wrong-setup-code", {"code": "0000-0000", "username": "admin", "password": PASSWORD})
    reply = nobody.ok("POST", "/setup", {"code": agent.where["code"], "username": "admin", "password": PASSWORD}, 201)
    cookie = {"Cookie": reply.headers["Set-Cookie"].partition(";")[0], "Origin": f"https://localhost:{agent.where['port']}"}
    token = nobody.ok("POST", "/tokens", {"name": "walk", "role": "admin"}, 201, cookie).json["token"]
    return Client(document, prism, token)
