# SPDX-License-Identifier: MIT
import pytest

from lib.board import Board


@pytest.fixture(scope="session")
def shell(work):
    """Of a board that is enabled with nothing but what it says of itself."""
    with Board(work, "definitions", options=["--ephemeral"]) as board:
        board.boot()
        yield board.shell
        if board.process and board.process.poll() is None:
            assert board.power_off() == 0
