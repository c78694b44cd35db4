# SPDX-License-Identifier: MIT
"""Every route of the document is called, and answers as the document says. The tests go on from one another, in this order."""
import time

from conftest import PASSWORD

CELL = {"name": "beat", "cpus": [2], "memory": [{"size": "64K"}], "images": [{"image": "beat.bin"}]}
# What has no answer that ends: prism would wait for it. tests/unit/agent and tests/board/story have them.
STREAMS = {("get", "/api/v1/cells/{name}/console/stream"), ("get", "/api/v1/events/stream")}


def new(admin, path, body):
    """The ETag of what a PUT without a condition has made."""
    reply = admin.request("PUT", path, body)
    assert reply.status == 201, reply
    return reply.headers["ETag"]


def finished(admin, reply):
    """The operation of a 202, when it has ended."""
    assert reply.status == 202, reply
    return admin.ok("GET", reply.headers["Location"], headers={"Prefer": "wait=10"}).json


def test_set_up_and_sessions(admin, nobody, agent):
    assert nobody.ok("GET", "/healthz").json == {"status": "ok"}
    assert nobody.ok("GET", "/setup").json == {"needed": False}
    nobody.refused("POST", "/setup", "already-set-up", {"code": "0000-0000", "username": "admin", "password": PASSWORD})
    nobody.refused("POST", "/sessions", "wrong-credential", {"username": "admin", "password": "wrong"})
    nobody.refused("GET", "/cells", "no-credential")
    reply = nobody.ok("POST", "/sessions", {"username": "admin", "password": PASSWORD}, 201)
    cookie = {"Cookie": reply.headers["Set-Cookie"].partition(";")[0], "Origin": f"https://localhost:{agent.where['port']}"}
    assert nobody.ok("GET", "/sessions/current", headers=cookie).json == {"username": "admin", "role": "admin"}
    nobody.ok("DELETE", "/sessions/current", None, 204, cookie)
    nobody.refused("GET", "/sessions/current", "wrong-credential", headers=cookie)


def test_accounts(admin):
    admin.ok("POST", "/users", {"username": "eve", "password": PASSWORD, "role": "viewer"}, 201)
    admin.refused("POST", "/users", "name-taken", {"username": "eve", "password": PASSWORD, "role": "viewer"})
    admin.refused("POST", "/users", "weak-password", {"username": "bob", "password": "short", "role": "viewer"})
    assert admin.ok("PATCH", "/users/eve", {"role": "operator"}).json["role"] == "operator"
    assert admin.ok("GET", "/users/eve").json["role"] == "operator"
    assert {user["username"] for user in admin.ok("GET", "/users").json["items"]} == {"admin", "eve"}
    admin.ok("DELETE", "/users/eve", None, 204)
    admin.refused("GET", "/users/eve", "account-not-found")
    admin.refused("DELETE", "/users/admin", "last-admin")
    admin.ok("POST", "/tokens", {"name": "short", "role": "viewer", "expires_in_days": 1}, 201)
    admin.refused("POST", "/tokens", "bad-expiry", {"name": "longer", "role": "viewer", "expires_in_days": 0})
    assert {token["name"] for token in admin.ok("GET", "/tokens").json["items"]} == {"walk", "short"}
    admin.ok("DELETE", "/tokens/short", None, 204)


def test_system(admin, document):
    assert admin.ok("GET", "/system").json["hypervisor"]["state"] == "disabled"
    assert admin.ok("GET", "/openapi.json").json == document.json


def test_images(admin):
    assert new(admin, "/images/beat.bin", b"code")
    admin.refused("PUT", "/images/beat.bin", "version-required", b"code")
    admin.refused("PUT", "/images/beat.bin", "version-changed", b"code", {"If-Match": '"x"'})
    admin.ok("PUT", "/images/beat.bin", b"other")
    assert admin.ok("GET", "/images/beat.bin").body == b"other"
    assert [image["name"] for image in admin.ok("GET", "/images").json["items"]] == ["beat.bin"]
    admin.refused("GET", "/images/none", "image-not-found")


def test_definitions(admin):
    assert admin.ok("GET", "/definitions/schema").json["$defs"]
    assert admin.ok("POST", "/definitions/check", CELL).json["valid"]
    wrong = admin.ok("POST", "/definitions/check", CELL | {"cpus": [99], "colour": "red"}).json
    assert not wrong["valid"] and wrong["errors"]


def test_cells(admin):
    admin.refused("POST", "/cells", "definition-refused", CELL | {"colour": "red"})
    admin.ok("POST", "/cells", CELL, 201)
    admin.refused("POST", "/cells", "cell-exists", CELL)
    tag = admin.ok("GET", "/cells/beat").headers["ETag"]
    assert admin.ok("PATCH", "/cells/beat", {"start_at_boot": True}, headers={"If-Match": tag}).headers["ETag"] != tag
    admin.refused("PATCH", "/cells/beat", "version-changed", {"start_at_boot": True}, {"If-Match": tag})
    admin.ok("PUT", "/cells/beat", CELL | {"description": "beats"})
    assert new(admin, "/cells/other", CELL | {"name": "other"})
    assert [cell["name"] for cell in admin.ok("GET", "/cells").json["items"]] == ["beat", "other"]
    assert len(admin.ok("GET", "/cells/beat/versions").json["items"]) == 2
    assert admin.ok("GET", "/cells/beat/versions/2").json["definition"]["description"] == "beats"
    assert admin.ok("GET", "/cells/beat/versions/1").json["changes"] is None
    admin.refused("GET", "/cells/beat/versions/9", "version-not-found")
    admin.ok("DELETE", "/cells/other", None, 204)
    admin.refused("GET", "/cells/other", "cell-not-found")
    admin.refused("DELETE", "/images/beat.bin", "image-in-use", headers={"If-Match": "*"})


def test_hypervisor(admin):
    admin.refused("GET", "/hypervisor/audit", "hypervisor-not-enabled")
    admin.refused("POST", "/cells/beat/start", "hypervisor-not-enabled")
    assert admin.ok("POST", "/hypervisor/enable").json["state"] == "enabled"
    assert admin.ok("GET", "/hypervisor").json["memory_pool"]
    assert admin.ok("GET", "/hypervisor/console").body
    assert admin.ok("GET", "/hypervisor/flight-recorder?life=previous").body
    admin.refused("GET", "/hypervisor/flight-recorder?life=next", "bad-request")


def test_commands(admin, agent):
    assert admin.ok("POST", "/cells/beat/start").json["state"] == "running"
    admin.refused("POST", "/cells/beat/start", "cell-running")
    assert admin.ok("POST", "/cells/beat/stop").json["state"] == "defined"
    assert admin.ok("POST", "/cells/beat/restart").json["state"] == "running"
    agent.tell("fail beat data-abort")
    cell = admin.ok("GET", "/cells/beat").json
    assert (cell["state"], cell["failure"]["code"]) == ("failed", "data-abort")
    assert admin.ok("POST", "/cells/beat/destroy").json["state"] == "defined"


def test_operations(admin, agent):
    agent.tell("slow 3000")
    begun = admin.ok("POST", "/cells/beat/start", None, 202, {"Prefer": "respond-async"})
    admin.refused("POST", "/cells/beat/stop", "cell-busy")
    waiting = admin.ok("POST", "/hypervisor/audit", None, 202, {"Prefer": "respond-async"})
    assert admin.ok("POST", waiting.headers["Location"] + "/cancel").json["state"] == "cancelled"
    admin.refused("POST", begun.headers["Location"] + "/cancel", "operation-begun")
    assert finished(admin, begun)["state"] == "done"
    refused = admin.ok("POST", "/cells/beat/start", None, 202, {"Prefer": "respond-async"})
    assert finished(admin, refused)["result"]["code"] == "cell-running"
    agent.tell("slow 0")
    assert {item["state"] for item in admin.ok("GET", "/operations").json["items"]} >= {"done", "refused", "cancelled"}
    admin.refused("GET", "/operations/1", "operation-not-found")


def test_running_cell(admin, agent):
    agent.tell("say beat beat 1")
    while not admin.ok("GET", "/cells/beat/console").body:
        time.sleep(0.05)
    assert admin.ok("GET", "/cells/beat/console?since=5").body == b"1"
    admin.refused("GET", "/cells/beat/console?since=x", "bad-request")
    admin.ok("POST", "/cells/beat/console", b"hello", 204)
    assert admin.ok("GET", "/cells/beat/stats").json["exits"]["total"]
    while (stats := admin.ok("GET", "/cells/beat/stats").json)["per_second"] is None:
        time.sleep(0.1)
    assert stats["rate_seconds"] >= 1 and stats["cpus"][0]["per_second"]["mmio"] == 0


def test_events(admin):
    page = admin.ok("GET", "/events?limit=2").json
    assert len(page["items"]) == 2 and page["next"]
    assert admin.ok("GET", f"/events?limit=2&before={page['next']}").json["items"][0]["id"] < page["items"][1]["id"]
    assert {event["cell"] for event in admin.ok("GET", "/events?cell=beat&severity=info").json["items"]} == {"beat"}
    assert admin.ok("GET", f"/events/{page['items'][0]['id']}").json["last_words"] is None
    admin.refused("GET", "/events/99999999", "event-not-found")
    admin.refused("GET", "/events?limit=0", "bad-request")


def test_metrics(admin):
    assert b"rotunda_build_info" in admin.ok("GET", "/metrics").body


def test_presets(admin):
    assert new(admin, "/presets/day", {"cells": ["beat"]})
    assert [preset["name"] for preset in admin.ok("GET", "/presets").json["items"]] == ["day"]
    assert admin.ok("GET", "/presets/day").json["trial"] is None
    assert admin.ok("POST", "/presets/day/apply").json["name"] == "day"
    assert admin.ok("POST", "/presets/day/rollback").json["trial"] is None
    admin.ok("POST", "/presets/day/apply")
    admin.ok("POST", "/presets/day/confirm")
    admin.refused("DELETE", "/presets/day", "preset-in-use", headers={"If-Match": "*"})
    assert new(admin, "/presets/night", {"cells": []})
    admin.ok("DELETE", "/presets/night", None, 204)
    admin.refused("POST", "/presets/night/apply", "preset-not-found")
    assert admin.ok("GET", "/boot").json["cells"] is not None


def test_the_end(admin):
    assert admin.ok("POST", "/hypervisor/disable").json["state"] == "disabled"
    admin.ok("DELETE", "/cells/beat", None, 204)
    admin.ok("DELETE", "/images/beat.bin", None, 204)


def test_nothing_was_left_out(document):
    left = document.operations() - document.called - STREAMS
    left = sorted(left)
    assert left == [], "tests/api/test_walk.py calls every operation of the document, but not " + ", ".join(
        f"{method.upper()} {path}" for method, path in left)
