# SPDX-License-Identifier: MIT
"""A board comes back as it was: after its reset button, and after its power cord."""
from lib.story import beats, owners
from lib.waiting import wait_until


def assert_restored(board, client):
    assert board.setup_code is None, "a board that is set up must not hand out codes"
    wait_until(lambda: client.cell("heartbeat")["state"] == "running", "heartbeat runs again")
    wait_until(lambda: beats(client) >= 2, "heartbeat beats again")
    lives = client.get("/cells/heartbeat/console").body.split(b"heartbeat: CPU 3")
    assert len(lives) >= 3, "the record has the life before"
    assert b"beat 1" in lives[-1].splitlines()[1], "it is a new life"
    cells = {cell["name"]: cell for cell in client.ok("GET", "/cells")["items"]}
    assert cells["heartbeat"]["start_at_boot"] and cells["echo"]["state"] == "defined"
    hypervisor = client.ok("GET", "/hypervisor")
    assert (hypervisor["state"], hypervisor["wanted"]) == ("enabled", "enabled")
    assert owners(client)[3] == "heartbeat"


def test_start_at_boot_is_kept(heartbeat):
    before = heartbeat.condition("/cells/heartbeat")
    assert heartbeat.ok("PATCH", "/cells/heartbeat", {"start_at_boot": True})["start_at_boot"]
    late = heartbeat.request("PATCH", "/cells/heartbeat", {"start_at_boot": False}, headers=before)
    assert (late.status, late.code) == (412, "version-changed")
    assert heartbeat.cell("heartbeat")["start_at_boot"]


def test_the_reset_button_brings_it_back(board, heartbeat):
    certificate = board.certificate
    board.reset()
    assert board.certificate == certificate
    assert_restored(board, heartbeat)  # with the session of before


def test_the_power_cord_brings_it_back(board, heartbeat):
    certificate = board.certificate
    board.kill()
    board.boot()
    assert board.certificate == certificate
    heartbeat.port = board.https_port
    assert_restored(board, heartbeat)
    assert "clean" in board.shell.check("cat /run/e2fsck.log")


def test_who_started_it_is_written_down(heartbeat):
    event = next(e for e in heartbeat.ok("GET", "/events?cell=heartbeat")["items"] if e["kind"] == "cell-started")
    assert event["actor"] == "boot"


def test_a_disabled_board_stays_disabled(board, heartbeat):
    """And a cell that is wanted waits for the hypervisor."""
    heartbeat.ok("POST", "/hypervisor/disable")
    board.reset()
    hypervisor = heartbeat.ok("GET", "/hypervisor")
    assert (hypervisor["state"], hypervisor["wanted"]) == ("disabled", "disabled")
    assert heartbeat.cell("heartbeat")["state"] == "defined"
    heartbeat.ok("POST", "/hypervisor/enable")
    heartbeat.ok("POST", "/cells/heartbeat/start")
    wait_until(lambda: beats(heartbeat) >= 2, "heartbeat beats")
