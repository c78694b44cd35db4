# SPDX-License-Identifier: MIT
"""From the serial console's code to a session that ends."""
import http.client

import pytest

from lib.story import PASSWORD, USERNAME


def set_up(client, code, password=PASSWORD, username=USERNAME):
    return client.post("/setup", {"code": code, "username": username, "password": password})


@pytest.fixture
def stranger(board):
    return board.client()


def wrong(code):
    return code[:-1] + str((int(code[-1]) + 1) % 10)


def test_the_console_gives_a_set_up_code(board):
    assert board.setup_code


def test_https_shows_the_certificate_of_this_board(stranger):
    assert stranger.get("//healthz").json == {"status": "ok"}


def test_set_up_is_needed(stranger):
    assert stranger.get("/setup").json == {"needed": True}


@pytest.mark.parametrize("path", ["/system", "/hypervisor", "/cells", "/cells/heartbeat", "/cells/heartbeat/console",
                                  "/images", "/events", "/sessions/current"])
def test_nothing_is_told_before_set_up(stranger, path):
    reply = stranger.get(path)
    assert (reply.status, reply.code) == (401, "no-credential")


def test_no_password_works_before_set_up(stranger):
    reply = stranger.log_in("admin", "admin")
    assert (reply.status, reply.code) == (401, "wrong-credential")


def test_a_wrong_code_is_refused(board, stranger):
    reply = set_up(stranger, wrong(board.setup_code))
    assert (reply.status, reply.code) == (403, "wrong-setup-code")


@pytest.mark.parametrize("password", ["short", "ninebytes"])
def test_a_short_password_is_refused(board, stranger, password):
    reply = set_up(stranger, board.setup_code, password)
    assert (reply.status, reply.code) == (422, "weak-password")


@pytest.mark.parametrize("username", ["", "two words", "../up", "x" * 64])
def test_an_odd_user_name_is_refused(board, stranger, username):
    reply = set_up(stranger, board.setup_code, username=username)
    assert reply.status in (400, 422), reply
    assert reply.code in ("weak-password", "json-type", "bad-name"), reply


def test_an_empty_password_is_refused(board, stranger):
    reply = set_up(stranger, board.setup_code, "")
    assert (reply.status, reply.code, reply.json["pointer"]) == (400, "json-type", "/password")


def test_set_up_is_still_needed_after_all_that(stranger):
    assert stranger.get("/setup").json == {"needed": True}


def test_the_right_code_logs_in_and_works_once(board, stranger):
    reply = set_up(stranger, board.setup_code)
    assert (reply.status, reply.json) == (201, {"username": USERNAME, "role": "admin"})
    attributes = {part.strip() for part in reply.headers["Set-Cookie"].split(";")[1:]}
    assert {"HttpOnly", "Secure", "SameSite=Strict", "Path=/"} <= attributes
    stranger.take_cookie(reply)
    assert stranger.get("/sessions/current").json == {"username": USERNAME, "role": "admin"}
    assert stranger.get("/setup").json == {"needed": False}
    again = set_up(board.client(), board.setup_code, username="second")
    assert (again.status, again.code) == (409, "already-set-up")


def test_a_wrong_password_is_refused(stranger):
    for username, password in ((USERNAME, PASSWORD + "!"), ("nobody", PASSWORD)):
        reply = stranger.log_in(username, password)
        assert (reply.status, reply.code) == (401, "wrong-credential")


def test_a_log_out_ends_that_session_and_no_other(board):
    first, second = board.client(), board.client()
    assert first.log_in(USERNAME, PASSWORD).status == 201
    assert second.log_in(USERNAME, PASSWORD).status == 201
    assert first.get("/system").status == 200
    assert first.delete("/sessions/current").status == 204
    reply = first.get("/system")
    assert (reply.status, reply.code) == (401, "wrong-credential")
    assert second.get("/system").status == 200


def test_a_session_writes_only_for_its_own_pages(board):
    client = board.client()
    assert client.log_in(USERNAME, PASSWORD).status == 201
    before = client.state()
    for origin in ("https://rotunda.example", "null", f"http://localhost:{client.port}"):
        reply = client.post("/hypervisor/enable", headers={"Origin": origin})
        assert (reply.status, reply.code) == (403, "wrong-origin")
    assert client.state() == before


def test_http_leads_to_https(board):
    connection = http.client.HTTPConnection("localhost", board.http_port, timeout=60)
    connection.request("GET", "/cells?x=1", headers={"Host": f"localhost:{board.http_port}"})
    response = connection.getresponse()
    assert response.status in (301, 308)
    assert response.headers["Location"].startswith(f"https://localhost:{board.https_port}/")
    connection.close()
