# SPDX-License-Identifier: MIT
import pytest

from lib.board import Board
from lib.program import assemble
from lib.story import PASSWORD, USERNAME, put_image


@pytest.fixture(scope="session")
def board(work):
    disk = work / "data.img"
    disk.unlink(missing_ok=True)
    with Board(work, "supervision", options=["--data", disk]) as board:
        yield board.boot()
        if board.process and board.process.poll() is None:
            assert board.power_off() == 0
    disk.unlink()


@pytest.fixture(scope="session")
def admin(board, work):
    """Set up, enabled, with the images that the tests use."""
    client = board.client()
    reply = client.post("/setup", {"code": board.setup_code, "username": USERNAME, "password": PASSWORD})
    assert reply.status == 201, reply
    client.take_cookie(reply)
    client.ok("POST", "/hypervisor/enable")
    put_image(client, "stray", assemble("beat", work, "STRAY"))
    put_image(client, "beat", assemble("beat", work, "BEAT"))
    put_image(client, "silent", b"\x00\x00\x00\x14")  # b .
    return client
