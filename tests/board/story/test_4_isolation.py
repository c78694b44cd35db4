# SPDX-License-Identifier: MIT
"""A cell that leaves its bounds fails alone and says why; images and definitions come and go over REST."""
import hashlib

import pytest

from lib.story import ROOT_CELL, beats, definition, events, owners, put_image
from lib.stream import ConsoleStream
from lib.waiting import wait_until


@pytest.fixture
def stray(heartbeat, stray_image):
    put_image(heartbeat, "stray", stray_image)
    reply = heartbeat.put("/cells/stray", definition("stray", "stray"), headers=heartbeat.condition("/cells/stray"))
    assert reply.status in (200, 201), reply
    yield heartbeat
    if heartbeat.cell("stray")["state"] != "defined":
        heartbeat.ok("POST", "/cells/stray/stop")
    heartbeat.ok("DELETE", "/cells/stray", status=204)
    heartbeat.ok("DELETE", "/images/stray", status=204)


def test_an_image_is_kept_as_it_was_sent(heartbeat, stray_image):
    item = put_image(heartbeat, "stray", stray_image)
    digest = hashlib.sha256(stray_image).hexdigest()
    assert (item["name"], item["size"], item["sha256"], item["used_by"]) == ("stray", len(stray_image), digest, [])
    reply = heartbeat.get("/images/stray")
    assert reply.body == stray_image and reply.headers["ETag"] == f'"{digest}"'
    unseen = heartbeat.put("/images/stray", stray_image[:-4])
    assert (unseen.status, unseen.code) == (428, "version-required")
    assert put_image(heartbeat, "stray", stray_image[:-4])["size"] == len(stray_image) - 4
    assert heartbeat.get("/images/stray").body == stray_image[:-4]
    heartbeat.ok("DELETE", "/images/stray", status=204)
    reply = heartbeat.get("/images/stray")
    assert (reply.status, reply.code) == (404, "image-not-found")


def test_a_definition_comes_changes_and_goes(heartbeat, stray_image):
    put_image(heartbeat, "stray", stray_image)
    created = heartbeat.post("/cells", definition("stray", "stray") | {"start_at_boot": True})
    assert created.status == 201 and created.headers["Location"] == "/api/v1/cells/stray"
    assert created.json["start_at_boot"] and "start_at_boot" not in created.json["definition"]
    assert heartbeat.ok("GET", "/images")["items"][-1]["used_by"] == ["stray"]
    fetched = heartbeat.get("/cells/stray")
    changed = definition("stray", "stray", cpu=1, description="another CPU")
    reply = heartbeat.put("/cells/stray", changed, headers={"If-Match": fetched.headers["ETag"]})
    assert (reply.status, reply.json["definition"], reply.json["cpus"]) == (200, changed, [1])
    stale = heartbeat.put("/cells/stray", definition("stray", "stray"), headers={"If-Match": fetched.headers["ETag"]})
    assert (stale.status, stale.code) == (412, "version-changed")
    unseen = heartbeat.delete("/cells/stray")
    assert (unseen.status, unseen.code) == (428, "version-required")
    assert heartbeat.cell("stray")["definition"] == changed
    heartbeat.ok("DELETE", "/cells/stray", status=204)
    gone = heartbeat.get("/cells/stray")
    assert (gone.status, gone.code) == (404, "cell-not-found")
    heartbeat.ok("DELETE", "/images/stray", status=204)


def test_a_cell_that_reads_outside_its_memory_fails_alone(stray):
    with ConsoleStream(stray, "stray") as stream:
        before = beats(stray)
        stray.ok("POST", "/cells/stray/start")
        cell = wait_until(lambda: (c := stray.cell("stray"))["state"] == "failed" and c, "stray failed")
        assert cell["failure"]["code"] == "memory-access" and cell["failure"]["remedy"]
        assert "0x50000000" in cell["failure"]["detail"] and "read" in cell["failure"]["detail"]
        stream.wait_for_text("beat\nbeat\nbeat\n")
        wait_until(lambda: beats(stray) > before + 1, "heartbeat goes on")
        assert stray.cell("heartbeat")["state"] == "running"


def test_a_failure_ends_the_stream_and_is_written_down(stray):
    with ConsoleStream(stray, "stray") as stream:
        last = events(stray, limit=1)[0]["id"]
        stray.ok("POST", "/cells/stray/start")
        stream.wait_for_news(type="ended", state="failed")
        event = wait_until(lambda: [e for e in events(stray, cell="stray") if e["id"] > last and e["severity"] == "error"],
                           "an event about the failure")[0]
        assert "0x50000000" in event["detail"]


def test_a_failed_cell_keeps_its_cpu_until_it_is_stopped(stray):
    stray.ok("POST", "/cells/stray/start")
    wait_until(lambda: stray.cell("stray")["state"] == "failed", "stray failed")
    assert owners(stray)[2] == "stray"
    reply = stray.delete("/cells/stray")
    assert (reply.status, reply.code) == (409, "cell-running")
    assert stray.ok("POST", "/cells/stray/stop")["state"] == "defined"
    assert owners(stray)[2] == ROOT_CELL


def test_a_failed_cell_can_be_started_again_with_another_image(stray, beat_image):
    stray.ok("POST", "/cells/stray/start")
    wait_until(lambda: stray.cell("stray")["state"] == "failed", "stray failed")
    put_image(stray, "stray", beat_image)
    end = stray.cell("stray")["console"]["end"]
    cell = stray.ok("POST", "/cells/stray/restart")
    assert (cell["state"], cell["failure"]) == ("running", None)
    text = wait_until(lambda: (t := stray.get(f"/cells/stray/console?since={end}").body).count(b"beat") > 5 and t, "beats")
    assert set(text.split()) == {b"beat"}


def test_a_cell_that_answers_nobody_is_stopped_all_the_same(stray, beat_image):
    put_image(stray, "stray", beat_image)
    stray.ok("POST", "/cells/stray/start")
    assert stray.ok("POST", "/cells/stray/stop")["state"] == "defined"


def test_a_deleted_cell_ends_its_stream(heartbeat, stray_image):
    put_image(heartbeat, "stray", stray_image)
    heartbeat.ok("POST", "/cells", definition("stray", "stray"), status=201)
    with ConsoleStream(heartbeat, "stray") as stream:
        stream.wait_for_news(type="start")
        heartbeat.ok("DELETE", "/cells/stray", status=204)
        assert stream.wait_for_close() == 4404
        heartbeat.ok("DELETE", "/images/stray", status=204)
