# SPDX-License-Identifier: MIT
"""What is refused says why, by its code, and leaves everything as it was."""
import threading

import pytest
import websocket

from lib.story import HYPERVISOR, PASSWORD, USERNAME, definition, put_image
from lib.stream import ConsoleStream
from lib.waiting import wait_until


@pytest.fixture(scope="module")
def small(admin):
    """An image of two pages."""
    put_image(admin, "small", b"\0" * 8192)
    yield "small"
    admin.ok("DELETE", "/images/small", status=204)


def refused(client, method, path, body=None, status=409, **keywords):
    """The problem of a request that must fail and change nothing."""
    before = client.state()
    reply = client.request(method, path, body, **keywords)
    assert reply.status == status, reply
    assert client.state() == before
    return reply


# Found when the definition is compiled, before anything is stored: code, pointer, what is wrong with it.
BAD_DEFINITIONS = {
    "memory of the hypervisor": ("memory-of-the-hypervisor", "/memory/0", {"physical": hex(HYPERVISOR[0])}),
    "memory that wraps": ("address-overflow", "/memory/0", {"physical": "0xffffffffffe00000", "size": "4M"}),
    "a CPU that the board lacks": ("no-such-cpu", "/cpus/0", {"cpu": 9}),
    "no CPU": ("no-cpu", "/cpus", {"cpus": []}),
    "an unknown field": ("unknown-field", "/colour", {"colour": "red"}),
}


@pytest.mark.parametrize("case", BAD_DEFINITIONS)
def test_a_definition_is_refused_with(running, small, case):
    code, pointer, change = BAD_DEFINITIONS[case]
    reply = refused(running, "POST", "/cells", definition("bad", small, **change), status=422)
    assert reply.code == "definition-refused"
    assert (code, pointer) in [(error["code"], error["pointer"]) for error in reply.json["errors"]], reply
    assert all(error["detail"] and error["remedy"] for error in reply.json["errors"])


def test_all_errors_of_a_definition_come_at_once(running, small):
    bad = definition("bad", small, cpu=9, physical=hex(HYPERVISOR[0])) | {"colour": "red"}
    reply = refused(running, "POST", "/cells", bad, status=422)
    assert {error["code"] for error in reply.json["errors"]} >= {"unknown-field", "no-such-cpu", "memory-of-the-hypervisor"}


# Only the hypervisor, the driver or the board's present state can tell: found at start, or before.
BAD_CLAIMS = {
    "memory of another cell": ({"memory-in-use", "memory-of-another-cell"}, {"physical": "0x80000000"}),
    "the interrupt distributor": ({"memory-overlaps-trapped-device", "memory-not-of-root"}, {"physical": "0x08000000", "size": "64K"}),
    "a redistributor": ({"memory-overlaps-trapped-device", "memory-not-of-root"}, {"physical": "0x080a0000", "size": "64K"}),
    "memory that root does not have": ({"memory-not-owned", "memory-not-of-root"}, {"physical": "0x100000000"}),
    "memory that root has in part": ({"memory-not-owned", "memory-not-of-root"}, {"physical": "0xbff00000"}),
    "memory that Linux uses": ({"memory-of-linux"}, {"physical": "0x42000000"}),
    "a CPU of another cell": ({"cpu-not-owned", "cpu-of-another-cell"}, {"cpu": 3}),
    "every CPU of root": ({"cpu-stays-online", "cpu-in-use"}, {"cpus": [0, 1, 2]}),
    "an image larger than its region": ({"image-too-large"}, {"size": "4K"}),
    "an image that is not there": ({"image-missing"}, {"images": [{"image": "nowhere"}]}),
}


@pytest.mark.parametrize("case", BAD_CLAIMS)
def test_a_start_is_refused_that_claims(running, small, case):
    codes, change = BAD_CLAIMS[case]
    before = running.state()
    reply = running.post("/cells", definition("bad", small, **change))
    if reply.status != 201:
        assert {error["code"] for error in reply.json["errors"]} & codes, reply
        assert running.state() == before
        return
    reply = running.post("/cells/bad/start")
    assert reply.status == 409 and reply.code in codes, reply
    cell = running.cell("bad")
    assert (cell["state"], cell["id"]) == ("defined", None)
    assert cell["failure"]["code"] == reply.code, "the cell says why it does not run"
    running.ok("DELETE", "/cells/bad", status=204)
    assert running.state() == before


def test_a_conflict_with_a_running_cell_is_a_sentence_before_anything_is_created(running, small):
    # CPU 3 is heartbeat's, CPU 2 is echo's when it runs.
    running.ok("POST", "/cells", definition("bad", small, cpu=3), status=201)
    before = running.state()
    reply = running.post("/cells/bad/start")
    assert (reply.status, reply.code, reply.json["pointer"]) == (409, "cpu-of-another-cell", "/cpus/0"), reply
    assert reply.json["detail"] == 'CPU 3 belongs to cell "heartbeat".', reply
    assert reply.json["remedy"] == 'Take another CPU, or stop cell "heartbeat" first.', reply
    # The cell now says why it does not run; nothing else has changed.
    changed = running.state()
    for state in (before, changed):
        state["cells"] = [cell for cell in state["cells"] if cell["name"] != "bad"]
    assert changed == before
    running.ok("DELETE", "/cells/bad", status=204)


def test_what_a_version_changed_is_said_in_words(running, small):
    running.ok("POST", "/cells", definition("bad", small), status=201)
    running.ok("PUT", "/cells/bad", definition("bad", small, cpu=1, size="4M"))
    assert running.ok("GET", "/cells/bad/versions/1")["changes"] is None
    changes = [change["detail"] for change in running.ok("GET", "/cells/bad/versions/2")["changes"]]
    assert changes == ["CPUs: it gets 1.", "CPUs: it loses 2.", "Memory at guest 0x0: grows from 2 MiB to 4 MiB."]
    running.ok("DELETE", "/cells/bad", status=204)


def test_the_same_name_twice_is_refused(running, small):
    reply = refused(running, "POST", "/cells", definition("echo", small))
    assert reply.code == "cell-exists"


BAD_BODIES = {
    "cut off": (b'{"name": "bad"', 400, "json-syntax"),
    "nothing": (b"", 400, "json-syntax"),
    "followed by more": (b'{"name": "bad", "cpus": [2]} {}', 400, "json-syntax"),
    "not UTF-8": (b'{"name": "\xff"}', 400, "json-syntax"),
    "no object": (b"[]", 400, "json-type"),
    "a member twice": (b'{"name": "a", "name": "b"}', 400, "json-duplicate"),
    "deep": (b'{"a":' * 100 + b"1" + b"}" * 100, 400, "json-too-deep"),
    "very deep": (b"[" * 200000, 400, "json-too-deep"),
    "huge": (b'{"name": "' + b"x" * (300 << 10) + b'"}', 413, "body-too-large"),
}


@pytest.mark.parametrize("case", BAD_BODIES)
def test_json_is_refused_that_is(running, case):
    body, status, code = BAD_BODIES[case]
    reply = refused(running, "POST", "/cells", body, status, headers={"Content-Type": "application/json"})
    assert reply.code == code


def test_other_bodies_than_json_are_refused(running):
    reply = refused(running, "POST", "/cells", b"{}", 415, headers={"Content-Type": "text/plain"})
    assert reply.code == "wrong-content-type"


def test_an_unknown_member_of_a_patch_is_refused(running):
    reply = refused(running, "PATCH", "/cells/heartbeat", {"start_at_boot": True, "colour": "red"}, 400)
    assert (reply.code, reply.json["pointer"]) == ("json-unknown-member", "/colour")
    reply = refused(running, "PATCH", "/cells/heartbeat", {"start_at_boot": "yes"}, 400)
    assert (reply.code, reply.json["pointer"]) == ("json-type", "/start_at_boot")


REQUESTS = {
    "enable when enabled": ("POST", "/hypervisor/enable", 409, "already-enabled"),
    "start of a running cell": ("POST", "/cells/heartbeat/start", 409, "cell-running"),
    "stop of a cell that is not there": ("POST", "/cells/nobody/stop", 404, "cell-not-found"),
    "delete of a running cell": ("DELETE", "/cells/heartbeat", 409, "cell-running"),
    "delete of an image in use": ("DELETE", "/images/heartbeat", 409, "image-in-use"),
    "delete of an image that is not there": ("DELETE", "/images/nothing", 404, "image-not-found"),
    "an unknown path": ("GET", "/nothing", 404, "not-found"),
    "a path with escapes": ("GET", "/cells/%2e%2e", 400, "bad-path"),
    "an unknown method": ("PROPFIND", "/cells", 405, "method-not-allowed"),
    "a method of another path": ("DELETE", "/system", 405, "method-not-allowed"),
}


@pytest.mark.parametrize("case", REQUESTS)
def test_refused_is(running, case):
    method, path, status, code = REQUESTS[case]
    assert refused(running, method, path, status=status).code == code


def test_a_running_cell_is_not_redefined(running):
    changed = running.cell("heartbeat")["definition"] | {"description": "changed"}
    assert refused(running, "PUT", "/cells/heartbeat", changed).code == "cell-running"


def test_the_path_and_the_definition_name_the_same_cell(running, small):
    assert refused(running, "PUT", "/cells/one", definition("two", small), 422).code == "bad-name"


def test_an_image_without_bytes_is_refused(running):
    assert refused(running, "PUT", "/images/empty", b"", 422).code == "image-empty"


def test_a_second_command_finds_the_cell_busy(running, beat_image):
    """The cell answers no request to shut down: its stop takes as long as the hypervisor waits."""
    put_image(running, "slow", beat_image)
    running.ok("POST", "/cells", definition("slow", "slow"), status=201)
    seen = set()
    for _ in range(20):
        codes = race(running, ["/cells/slow/start", "/cells/slow/start"])
        seen |= set(codes)
        wait_until(lambda: running.cell("slow")["state"] == "running", "slow runs")
        running.ok("POST", "/cells/slow/stop")
        assert codes.count(None) == 1, f"one start works, the other is refused: {codes}"
        if "cell-busy" in seen:
            break
    running.ok("DELETE", "/cells/slow", status=204)
    running.ok("DELETE", "/images/slow", status=204)
    assert "cell-busy" in seen and seen <= {None, "cell-busy", "cell-running"}, seen


def race(client, paths):
    """Sends them together; the codes of those that were refused, None for the others."""
    gate = threading.Barrier(len(paths))
    codes = [None] * len(paths)

    def send(index):
        gate.wait()
        reply = client.post(paths[index])
        codes[index] = reply.code if reply.status >= 400 else None

    threads = [threading.Thread(target=send, args=(index,)) for index in range(len(paths))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


WRITES = [("POST", "/cells"), ("PUT", "/cells/echo"), ("PATCH", "/cells/echo"), ("DELETE", "/cells/echo"),
          ("POST", "/cells/heartbeat/stop"), ("POST", "/hypervisor/disable"), ("PUT", "/images/echo"),
          ("DELETE", "/images/echo")]


@pytest.mark.parametrize("kind", ["no", "a wrong", "a stale", "an ended"])
def test_writes_are_refused_with_a_credential_that_is(board, running, kind):
    stranger = board.client()
    code = "wrong-credential"
    if kind == "no":
        code = "no-credential"
    elif kind == "a wrong":
        stranger.token = "x" * 43
    elif kind == "a stale":
        stranger.cookie = "rotunda_session=" + "0" * 64
    else:
        assert stranger.log_in(USERNAME, PASSWORD).status == 201
        assert stranger.delete("/sessions/current").status == 204
    before = running.state()
    for method, path in WRITES:
        reply = stranger.request(method, path, b"{}", headers={"Content-Type": "application/json"})
        assert (reply.status, reply.code) == (401, code), (method, path)
    assert running.state() == before


def test_a_stream_needs_a_credential(board, running):
    with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
        ConsoleStream(board.client(), "heartbeat")
    assert refusal.value.status_code == 401


def test_a_frame_that_is_too_large_ends_the_stream(running):
    with ConsoleStream(running, "heartbeat") as stream:
        stream.wait_for_news(type="start")
        stream.send(b"x" * 4097)
        assert stream.wait_for_close() == 1009


def test_heartbeat_noticed_nothing_of_all_that(heartbeat):
    text = heartbeat.get("/cells/heartbeat/console").body.decode().rpartition("heartbeat: CPU")[2]
    numbers = [int(line.rpartition(" ")[2]) for line in text.splitlines() if "heartbeat: beat" in line]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
