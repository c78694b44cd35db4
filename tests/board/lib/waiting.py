# SPDX-License-Identifier: MIT
"""Waiting for the board without assuming how fast it is."""
import time

from lib.serial import PATIENCE


def wait_until(condition, what, pause=0.3):
    """Asks until the answer is true, and returns it."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(pause)
    return answer
