# SPDX-License-Identifier: MIT
"""What the agent does by itself: a cell that fails comes back, one that hangs is stopped, a preset is tried, and a board that does not get
healthy starts with no cells."""
from lib.story import definition, events
from lib.waiting import wait_until


def define(client, name, image, **more):
    if client.get(f"/cells/{name}").status == 200 and client.cell(name)["state"] != "defined":
        client.ok("POST", f"/cells/{name}/destroy")
    status = 200 if client.get(f"/cells/{name}").status == 200 else 201
    client.ok("PUT", f"/cells/{name}", definition(name, image, **more), status=status)


def put_preset(client, name, **body):
    status = 200 if client.get(f"/presets/{name}").status == 200 else 201
    return client.ok("PUT", f"/presets/{name}", body, status=status)


def wait_for_event(client, kind, **query):
    return wait_until(lambda: events(client, kind=kind, **query), f"an event {kind}")[0]


def test_a_cell_that_fails_is_started_again_until_its_limit(admin):
    define(admin, "stray", "stray", restart={"policy": "on-failure", "delay": 1, "limit": 2})
    admin.ok("POST", "/cells/stray/start")
    assert "2 times" in wait_for_event(admin, "restart-given-up", cell="stray")["detail"]
    failures = events(admin, kind="cell-failed", cell="stray")
    assert len(failures) == 3
    words = admin.ok("GET", f"/events/{failures[-1]['id']}")["last_words"]
    assert (words["reason"]["code"], words["console"]) == ("memory-access", "beat\n" * 3)
    assert any("memory-access" in line for line in words["recorder"]) and "stray" in words["hypervisor"]
    assert [event["actor"] for event in events(admin, kind="cell-restarted", cell="stray")] == ["supervisor"] * 2
    cell = admin.cell("stray")
    assert (cell["state"], cell["restarts"]) == ("failed", {"count": 2, "next": None, "given_up": True})
    assert admin.ok("POST", "/cells/stray/stop")["state"] == "defined"


def test_a_cell_that_says_nothing_is_stopped(admin):
    define(admin, "silent", "silent", watchdog={"console": 2})
    admin.ok("POST", "/cells/silent/start")
    wait_for_event(admin, "cell-silent", cell="silent")
    wait_until(lambda: admin.cell("silent")["state"] == "stopped", "it is stopped")
    assert admin.cell("silent")["failure"]["code"] == "cell-silent"
    admin.ok("POST", "/cells/silent/stop")


def test_nobody_is_started_implicitly(admin):
    define(admin, "second", "beat", cpu=1, physical="0x90400000", after=["first"])
    define(admin, "first", "beat")
    reply = admin.post("/cells/second/start")
    assert (reply.status, reply.code) == (409, "after-not-running")
    reply = admin.put("/cells/first", definition("first", "beat", after=["second"]), headers=admin.condition("/cells/first"))
    assert (reply.status, reply.code) == (422, "after-circle")
    assert '"first", "second", "first"' in reply.json["detail"]


def running(client):
    return sorted(cell["name"] for cell in client.ok("GET", "/cells")["items"] if cell["state"] == "running")


def test_a_trial_is_undone_and_a_confirmed_preset_comes_back(board, admin):
    put_preset(admin, "line", cells=["second", "first"], trial_seconds=3)
    before = running(admin)
    assert admin.ok("POST", "/presets/line/apply")["trial"]["version"] == 1
    wait_for_event(admin, "preset-undone")
    wait_until(lambda: running(admin) == before, "what ran before runs again")
    put_preset(admin, "line", cells=["second", "first"], healthy_seconds=2)
    admin.ok("POST", "/presets/line/apply")
    assert wait_for_event(admin, "preset-confirmed")["actor"] == "health"
    board.reset()
    wait_until(lambda: admin.ok("GET", "/boot")["state"] == "healthy", "the boot is healthy")
    boot = admin.ok("GET", "/boot")
    assert (boot["failed_boots"], boot["preset"]) == (0, {"name": "line", "version": 2})
    assert [(cell["name"], cell["result"]) for cell in boot["cells"]] == [("first", "started"), ("second", "started")]
    assert running(admin) == ["first", "second"]


def test_three_boots_that_fail_make_a_safe_start(board, admin):
    define(admin, "stray", "stray", cpu=1, physical="0x90800000")
    put_preset(admin, "bad", cells=["first", "stray"], healthy_seconds=2)
    admin.ok("POST", "/presets/bad/apply")
    admin.ok("POST", "/presets/bad/confirm")
    for failed in (1, 2, 3):
        board.reset()
        wait_until(lambda: admin.ok("GET", "/boot")["state"] == "unhealthy", "the boot is judged")
        assert admin.ok("GET", "/boot")["failed_boots"] == failed
    board.reset()
    boot = admin.ok("GET", "/boot")
    assert (boot["state"], boot["cells"]) == ("safe-start", [])
    assert running(admin) == []
    assert admin.ok("GET", "/hypervisor")["state"] == "disabled"
    assert admin.ok("GET", "/presets/bad")["failed"]
    assert wait_for_event(admin, "safe-start")["severity"] == "error"
