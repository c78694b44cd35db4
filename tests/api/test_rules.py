# SPDX-License-Identifier: MIT
"""What holds for every operation: unknown members, lists in pages, one shape of errors, a record of every write."""
import copy
import uuid

from conftest import PASSWORD

CELL = {"name": "ruled", "cpus": [2], "memory": [{"size": "64K"}]}

# A body that is accepted, and what stands for the parameters of the path.
BODIES = {
    ("post", "/api/v1/setup"): {"code": "0000-0000", "username": "admin", "password": PASSWORD},
    ("post", "/api/v1/sessions"): {"username": "admin", "password": PASSWORD},
    ("post", "/api/v1/users"): {"username": "ruth", "password": PASSWORD, "role": "viewer"},
    ("patch", "/api/v1/users/{name}"): {"role": "viewer"},
    ("post", "/api/v1/tokens"): {"name": "ruled", "role": "viewer"},
    ("post", "/api/v1/cells"): CELL,
    ("put", "/api/v1/cells/{name}"): CELL,
    ("patch", "/api/v1/cells/{name}"): {"start_at_boot": True},
    ("put", "/api/v1/presets/{name}"): {"cells": ["ruled"]},
}
# Which says what is wrong with any object instead.
JUDGES = {("post", "/api/v1/definitions/check")}


def json_operations(document):
    for path, item in document.json["paths"].items():
        for method, operation in item.items():
            if method != "parameters" and "application/json" in operation.get("requestBody", {}).get("content", {}):
                yield method, path


def path_of(pattern):
    return pattern.replace("{name}", "ruled").replace("{number}", "1")


def test_unknown_members_are_refused_everywhere(admin, nobody, document):
    """400 json-unknown-member; of a definition its compiler tells, with all that is wrong with it."""
    admin.ok("POST", "/cells", CELL, 201)
    for method, path in json_operations(document):
        if (method, path) in JUDGES:
            continue
        assert (method, path) in BODIES, f"tests/api/test_rules.py: add a body for {method.upper()} {path} to BODIES"
        body = BODIES[method, path] | {"colour": "red"}
        reply = admin.request(method.upper(), path_of(path), body, {"If-Match": "*"}, wrong=True)
        assert (reply.status, reply.json["code"]) in ((400, "json-unknown-member"), (422, "definition-refused")), f"{path}: {reply}"
        assert reply.json["pointer"] == "/colour" or reply.json["errors"][0]["pointer"] == "/colour", reply
    nested = copy.deepcopy(CELL)
    nested["memory"][0]["colour"] = "red"
    assert admin.refused("PUT", "/cells/ruled", "definition-refused", nested, {"If-Match": "*"}).json["errors"]


def test_unknown_parameters_are_refused_everywhere(admin, nobody, document):
    for path, item in document.json["paths"].items():
        for method in item:
            if method != "parameters" and not path.endswith("/stream"):
                reply = admin.request(method.upper(), path_of(path) + "?colour=red", wrong=True)
                assert reply.json["code"] == "unknown-parameter", f"{method} {path}: {reply}"


LISTS = {"/users", "/tokens", "/cells", "/cells/ruled/versions", "/operations", "/images", "/presets", "/events"}


def test_every_list_comes_in_pages(admin, document):
    """The pages are the list, item by item."""
    lists = {path for path, item in document.json["paths"].items()
             if any("limit" in str(parameter) for parameter in item.get("get", {}).get("parameters", []))}
    assert {path_of(path) for path in lists} == {f"/api/v1{path}" for path in LISTS}
    for path in LISTS:
        whole, pages, cursor = admin.ok("GET", path).json["items"], [], ""
        while cursor is not None:
            page = admin.ok("GET", f"{path}?limit=1{cursor}").json
            assert len(page["items"]) <= 1
            pages += page["items"]
            cursor = page["next"] and f"&cursor={page['next']}"
            if len(pages) >= min(len(whole), 5):
                break
        assert pages == whole[:len(pages)] and (len(pages) >= 5 or pages == whole), path
        admin.refused("GET", f"{path}?limit=0", "bad-request")
        admin.refused("GET", f"{path}?cursor=/", "bad-request")


def key():
    return {"Idempotency-Key": str(uuid.uuid4())}


def test_a_repeated_post_is_done_once(admin):
    user, headers = {"username": "ruth", "password": PASSWORD, "role": "viewer"}, key()
    first = admin.ok("POST", "/users", user, 201, headers)
    again = admin.ok("POST", "/users", user, 201, headers)
    assert (again.body, again.headers["Location"]) == (first.body, first.headers["Location"])
    assert again.headers["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first.headers
    admin.refused("POST", "/users", "idempotency-key-reused", user | {"role": "admin"}, headers)
    admin.refused("POST", "/tokens", "idempotency-key-reused", {"name": "x", "role": "viewer"}, headers)
    admin.refused("POST", "/users", "name-taken", user, key())
    admin.refused("POST", "/users", "bad-idempotency-key", user, {"Idempotency-Key": "x" * 256})
    admin.ok("DELETE", "/users/ruth", None, 204)


def test_a_refusal_is_repeated_too(admin):
    headers = key()
    first = admin.refused("POST", "/cells", "cell-exists", CELL, headers)
    admin.ok("DELETE", "/cells/ruled", None, 204)
    assert admin.refused("POST", "/cells", "cell-exists", CELL, headers).body == first.body
    admin.ok("POST", "/cells", CELL, 201, key())


def test_a_secret_is_not_kept(admin):
    token, headers = {"name": "once", "role": "viewer"}, key()
    admin.ok("POST", "/tokens", token, 201, headers)
    admin.refused("POST", "/tokens", "request-unfinished", token, headers)
    admin.ok("DELETE", "/tokens/once", None, 204)


def requests(admin, query=""):
    return admin.ok("GET", f"/events?kind=request{query}").json["items"]


def test_every_write_is_recorded(admin):
    admin.refused("POST", "/cells", "cell-exists", CELL)
    admin.ok("PATCH", "/cells/ruled", {"start_at_boot": False})
    changed, refused = requests(admin, "&limit=2")
    assert changed["request"] == {"remote": "127.0.0.1", "method": "PATCH", "path": "/api/v1/cells/ruled", "status": 200, "code": ""}
    assert refused["request"] == {"remote": "127.0.0.1", "method": "POST", "path": "/api/v1/cells", "status": 409, "code": "cell-exists"}
    assert (changed["actor"], changed["cell"]) == ("walk", "ruled")
    assert requests(admin, "&cell=ruled&limit=1") == [changed]


def test_reads_are_not_recorded_and_records_come_only_when_they_are_asked_for(admin):
    before = requests(admin)[0]["id"]
    admin.ok("GET", "/cells")
    assert requests(admin)[0]["id"] == before
    assert "request" not in {event["kind"] for event in admin.ok("GET", "/events").json["items"]}


def test_events_since_a_time(admin):
    events = admin.ok("GET", "/events").json["items"]
    newest = events[0]["time"]
    assert admin.ok("GET", f"/events?since={newest}").json["items"] == [event for event in events if event["time"] >= newest]
    assert admin.ok("GET", f"/events?since={newest + 1000}").json["items"] == []
    admin.refused("GET", "/events?since=yesterday", "bad-request")


def test_errors_have_one_shape(admin, nobody):
    for client, method, path, status in ((admin, "GET", "/cells/none", 404), (nobody, "GET", "/cells", 401), (admin, "GET", "/events?limit=0", 400)):
        reply = client.request(method, path, wrong=True)
        assert reply.headers["Content-Type"] == "application/problem+json" and reply.json["status"] == reply.status == status
    admin.ok("DELETE", "/cells/ruled", None, 204)
