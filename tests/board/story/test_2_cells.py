# SPDX-License-Identifier: MIT
"""Enable, start, look, type, stop: a cell's life over REST."""
import pytest

from lib.story import HYPERVISOR, ROOT_CELL, beats, owners
from lib.stream import ConsoleStream
from lib.waiting import wait_until


def memory(client):
    """The board's memory map as (start, size, owner, kind), in order."""
    regions = client.ok("GET", "/system")["memory"]
    return sorted((int(r["start"], 16), int(r["size"], 16), r["owner"], r["kind"]) for r in regions)


def assert_no_overlap(regions):
    for (start, size, *_), (following, *_) in zip(regions, regions[1:]):
        assert start + size <= following, regions


def test_the_board_says_what_it_is(admin):
    system = admin.ok("GET", "/system")
    assert (system["board"], system["model"], system["machine"]) == ("qemu-virt", "linux,dummy-virt", "aarch64")
    assert owners(admin) == {cpu: ROOT_CELL for cpu in range(4)}
    assert system["hypervisor"] == {"state": "disabled", "wanted": "disabled"}


def test_the_memory_map_shows_what_is_root_s_and_what_is_free(admin):
    regions = memory(admin)
    assert_no_overlap(regions)
    kinds = {kind for *_, kind in regions}
    assert {"root", "free"} <= kinds, regions
    assert sum(size for _, size, _, kind in regions if kind == "root") >= 512 << 20, regions


def test_the_demo_cells_are_there(admin):
    items = {cell["name"]: cell for cell in admin.ok("GET", "/cells")["items"]}
    assert {"heartbeat", "echo"} <= set(items)
    for name in ("heartbeat", "echo"):
        cell = items[name]
        assert (cell["state"], cell["id"], cell["failure"], cell["start_at_boot"]) == ("defined", None, None, False)
        assert cell["definition"]["name"] == name and cell["images"] == [name]


def test_a_start_before_enable_is_refused(admin):
    before = admin.state()
    reply = admin.post("/cells/heartbeat/start")
    assert (reply.status, reply.code) == (409, "hypervisor-not-enabled")
    after = admin.state()
    assert [cell["state"] for cell in after["cells"]] == [cell["state"] for cell in before["cells"]]
    assert after["hypervisor"] == before["hypervisor"] and after["system"] == before["system"]


def test_enable(admin):
    reply = admin.ok("POST", "/hypervisor/enable")
    assert (reply["state"], reply["wanted"], reply["root_cell"]) == ("enabled", "enabled", ROOT_CELL)
    assert 0 < reply["memory_pool"]["used"] < reply["memory_pool"]["pages"]
    assert set(owners(admin).values()) == {ROOT_CELL}


def test_the_memory_map_shows_the_hypervisor(enabled):
    regions = memory(enabled)
    assert_no_overlap(regions)
    assert (*HYPERVISOR, "hypervisor", "hypervisor") in regions, regions


def test_the_audit_is_clean_and_can_be_asked_for(enabled):
    last = enabled.ok("GET", "/hypervisor/audit")
    assert (last["result"], last["violations"], last["violation"]) == ("clean", 0, None), last
    assert last["audits"] > 0 and last["pages"] > 0
    assert enabled.ok("POST", "/hypervisor/audit")["audits"] == last["audits"] + 1


def test_the_flight_recorder_knows_of_the_enable(enabled):
    reply = enabled.get("/hypervisor/flight-recorder")
    assert reply.status == 200 and b"enable" in reply.body, reply
    assert enabled.get("/hypervisor/flight-recorder?life=previous").status == 200


def test_heartbeat_starts_and_beats(enabled):
    cell = enabled.ok("POST", "/cells/heartbeat/start")
    assert (cell["state"], cell["failure"]) == ("running", None)
    assert cell["id"] > 0
    wait_until(lambda: beats(enabled) >= 2, "two beats")
    assert owners(enabled)[cell["cpus"][0]] == "heartbeat"
    start, size, *_ = [region for region in memory(enabled) if region[2] == "heartbeat"][0]
    assert (start, size) == (int(cell["memory"][0]["start"], 16), int(cell["memory"][0]["size"], 16))


def test_the_console_can_be_read_from_an_offset(heartbeat):
    whole = heartbeat.get("/cells/heartbeat/console")
    start, end = (int(whole.headers[f"Rotunda-Console-{edge}"]) for edge in ("Start", "End"))
    assert end - start == len(whole.body) and whole.headers["Content-Type"] == "application/octet-stream"
    part = heartbeat.get(f"/cells/heartbeat/console?since={start + 10}")
    assert part.body[:end - start - 10] == whole.body[10:]
    assert part.headers["Rotunda-Console-Start"] == str(start + 10)


@pytest.mark.parametrize("since", ["-1", "x", "1.5", "0x10"])
def test_an_offset_that_is_none_is_refused(heartbeat, since):
    reply = heartbeat.get(f"/cells/heartbeat/console?since={since}")
    assert (reply.status, reply.code) == (400, "bad-request")


def test_the_stream_replays_and_goes_on(heartbeat):
    kept = heartbeat.get("/cells/heartbeat/console").body.decode()
    with ConsoleStream(heartbeat, "heartbeat", since=0) as stream:
        assert stream.wait_for_news(type="start") == {"type": "start", "offset": 0, "input": True}
        stream.wait_for_text(kept)
        stream.wait_for_news(type="state", state="running")
        replayed = stream.text.count("beat ")
        stream.wait_until(lambda s: s.text.count("beat ") >= replayed + 2, "two more beats")
    numbers = [int(line.rpartition(" ")[2]) for line in stream.text.splitlines() if "heartbeat: beat" in line]
    assert numbers == list(range(1, len(numbers) + 1)), "a beat is missing or out of order"


def test_the_stream_can_begin_in_the_middle(heartbeat):
    end = int(heartbeat.get("/cells/heartbeat/console").headers["Rotunda-Console-End"])
    with ConsoleStream(heartbeat, "heartbeat", since=end) as stream:
        assert stream.wait_for_news(type="start")["offset"] == end
        stream.wait_for_text("beat ")
    assert stream.text.startswith("heartbeat: beat"), stream.text


def test_echo_answers_what_is_typed(heartbeat):
    heartbeat.ok("POST", "/cells/echo/start")
    with ConsoleStream(heartbeat, "echo") as stream:
        stream.wait_for_text("echo: type a line")
        stream.send("Hello, cell\n")
        stream.wait_for_text("echo: Hello, cell")
        stream.send(b"a" * 100 + b"\n")
        stream.wait_for_text("echo: " + "a" * 100)


def test_one_types_at_a_time_and_the_others_are_told(heartbeat):
    with ConsoleStream(heartbeat, "echo") as first, ConsoleStream(heartbeat, "echo") as second:
        first.send("first\n")
        assert second.wait_for_news(type="writer", you=False)["name"] == "warden"
        first.wait_for_news(type="writer", you=True)
        second.send("second\n")
        assert second.wait_for_news(type="input-refused")["code"] == "another-writes"
        reply = heartbeat.post("/cells/echo/console", b"third\n", headers={"Content-Type": "application/octet-stream"})
        assert (reply.status, reply.code) == (409, "another-writes")
        with ConsoleStream(heartbeat, "echo", take=True) as third:
            first.wait_for_news(type="writer", you=False)
            third.send("fourth\n")
            second.wait_for_text("echo: fourth")
        first.wait_for_news(type="writer", name=None)
        second.send("fifth\n")
        first.wait_for_text("echo: fifth")
    for word in ("second", "third"):
        assert f"echo: {word}" not in second.text


def test_stop_gives_the_cpu_back_and_tells_the_stream(heartbeat):
    cpu = heartbeat.cell("echo")["cpus"][0]
    with ConsoleStream(heartbeat, "echo") as stream:
        stream.wait_for_news(type="state", state="running")
        assert owners(heartbeat)[cpu] == "echo"
        cell = heartbeat.ok("POST", "/cells/echo/stop")
        assert (cell["state"], cell["id"], cell["failure"]) == ("defined", None, None)
        ended = stream.wait_for_news(type="ended", state="defined")
        assert (ended["code"], ended["reason"]) == ("command", "It was stopped by warden.")
        assert owners(heartbeat)[cpu] == ROOT_CELL
        heartbeat.ok("POST", "/cells/echo/start")
        stream.wait_for_news(type="state", state="running")


def test_restart_is_a_new_life(heartbeat):
    before = heartbeat.cell("echo")
    with ConsoleStream(heartbeat, "echo", since=before["console"]["end"]) as stream:
        assert heartbeat.ok("POST", "/cells/echo/restart")["state"] == "running"
        stream.wait_for_text("echo: type a line")


def test_destroy_ends_it_at_once(heartbeat):
    assert heartbeat.ok("POST", "/cells/echo/destroy")["state"] == "defined"
    reply = heartbeat.post("/cells/echo/stop")
    assert (reply.status, reply.code) == (409, "cell-not-created")


def test_what_happened_is_written_down(heartbeat):
    told = [(event["kind"], event["cell"]) for event in heartbeat.ok("GET", "/events?limit=200")["items"]]
    for kind, cell in (("hypervisor-enabled", ""), ("cell-started", "heartbeat"), ("cell-started", "echo"),
                       ("cell-stopped", "echo"), ("cell-restarted", "echo"), ("cell-destroyed", "echo")):
        assert (kind, cell) in told, told
    page = heartbeat.ok("GET", "/events?limit=2")["items"]
    older = heartbeat.ok("GET", f"/events?limit=2&before={page[-1]['id']}")["items"]
    assert [event["id"] for event in page + older] == sorted((e["id"] for e in page + older), reverse=True)
