# SPDX-License-Identifier: MIT
"""One board with one disk goes through the whole story, file by file in the order of their numbers. A single file runs
alone, too: what it needs of the chapters before it is made up for."""
import pytest

from lib.board import Board
from lib.program import assemble
from lib.story import PASSWORD, USERNAME, beats
from lib.waiting import wait_until


@pytest.fixture(scope="session")
def board(work):
    disk = work / "data.img"
    disk.unlink(missing_ok=True)
    with Board(work, "story", options=["--data", disk]) as board:
        yield board.boot()
        if board.process and board.process.poll() is None:
            assert board.power_off() == 0
    disk.unlink()


@pytest.fixture(scope="session")
def admin(board):
    """Logged in with the cookie that a browser has."""
    client = board.client()
    if client.get("/setup").json["needed"]:
        body = {"code": board.setup_code, "username": USERNAME, "password": PASSWORD}
        reply = client.post("/setup", body)
        assert reply.status == 201, reply
        client.take_cookie(reply)
    else:
        assert client.log_in(USERNAME, PASSWORD).status == 201
    return client


@pytest.fixture
def enabled(admin):
    if admin.ok("GET", "/hypervisor")["state"] != "enabled":
        admin.ok("POST", "/hypervisor/enable")
    return admin


@pytest.fixture
def running(enabled):
    """With heartbeat."""
    if enabled.cell("heartbeat")["state"] != "running":
        enabled.ok("POST", "/cells/heartbeat/start")
    return enabled


@pytest.fixture
def heartbeat(running):
    """With heartbeat, which beats on after the test as before."""
    wait_until(lambda: beats(running) >= 2, "heartbeat beats")
    identity = running.cell("heartbeat")["id"]
    yield running
    after = beats(running)
    wait_until(lambda: beats(running) > after, "heartbeat still beats")
    cell = running.cell("heartbeat")
    assert (cell["state"], cell["id"], cell["failure"]) == ("running", identity, None)


@pytest.fixture(scope="session")
def stray_image(work):
    """Prints three lines and reads root's memory."""
    return assemble("beat", work, "STRAY")


@pytest.fixture(scope="session")
def beat_image(work):
    """Prints a line a tenth of a second, and answers nobody."""
    return assemble("beat", work, "BEAT")
