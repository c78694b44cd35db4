# SPDX-License-Identifier: MIT
"""
The agent is killed in the middle of its work, comes back, and finds everything: what runs goes on, nothing is lost, and what a
person asked for is carried to its end.
"""
import http.client
import threading

import pytest

from lib.rest import API, tls_context
from lib.story import ROOT_CELL, beats, events, owners, put_image
from lib.waiting import wait_until

SYSFS = "/sys/devices/jailhouse"


def answers(client):
    try:
        return client.get("//healthz").status == 200
    except (OSError, http.client.HTTPException):
        return False


def wait_for_agent(board, client):
    """`supervise` pauses longer each time; its sleep is ended so that the test does not wait for it."""
    def up():
        board.shell.run("killall -q sleep")
        return answers(client)
    wait_until(up, "the agent answers again")


def agent(board):
    return board.shell.run("pidof rotundad").output.strip()


def kill_when(board, condition, path, client):
    """Sends the POST, and kills the agent as soon as the shell condition holds. Whether the reply still got out."""
    pid = agent(board)
    board.shell.check(f"(until {condition}; do :; done; kill -9 {pid}) &")
    try:
        reply = client.post(path)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        wait_until(lambda: agent(board) != pid, "the agent was killed")
    assert reply.status < 300, reply
    return True


def hit(board, client, condition, path, undo):
    """Until a kill came before the reply: that is the middle."""
    for _ in range(10):
        late = kill_when(board, condition, path, client)
        wait_for_agent(board, client)
        if not late:
            return
        undo()
    raise AssertionError(f"the kill came too late for {path}, ten times")


@pytest.fixture
def kept(heartbeat):
    """What is stored must be the same after the test, whatever was interrupted."""
    def stored():
        cells = heartbeat.ok("GET", "/cells")["items"]
        return ([(cell["name"], cell["definition"], cell["start_at_boot"], cell["version"]) for cell in cells],
                heartbeat.ok("GET", "/images")["items"])
    before = stored()
    yield heartbeat
    assert stored() == before
    assert heartbeat.get("/sessions/current").status == 200, "the session goes on"


def stop_echo(client):
    if client.cell("echo")["state"] != "defined":
        client.ok("POST", "/cells/echo/stop")


def assert_works(client):
    """A whole life of another cell."""
    stop_echo(client)
    assert client.ok("POST", "/cells/echo/start")["state"] == "running"
    assert client.ok("POST", "/cells/echo/stop")["state"] == "defined"
    assert owners(client)[2] == ROOT_CELL


def test_a_killed_agent_adopts_what_runs(board, kept):
    before, beaten = kept.cell("heartbeat"), beats(kept)
    last = events(kept, limit=1)[0]["id"]
    board.shell.check(f"kill -9 {agent(board)}")
    wait_for_agent(board, kept)
    wait_until(lambda: beats(kept) > beaten, "the console goes on where it was")
    after = kept.cell("heartbeat")
    assert (after["state"], after["id"], after["failure"]) == ("running", before["id"], None)
    assert kept.get("/cells/heartbeat/console").body.startswith(b"heartbeat: CPU 3"), "the beginning is not lost"
    life = kept.get("/cells/heartbeat/console").body.rpartition(b"heartbeat: CPU")[2]
    beat_list = [int(line.rpartition(b" ")[2]) for line in life.splitlines() if line.startswith(b"heartbeat: beat")]
    assert beat_list == list(range(1, len(beat_list) + 1)), "no beat is missing, none is there twice"
    assert "agent-adopted" in {event["kind"] for event in events(kept, limit=50) if event["id"] > last}
    assert kept.ok("GET", "/hypervisor")["state"] == "enabled"


def ends_as(client, cell, state):
    """Whatever the interrupted command left is finished by the agent that comes back."""
    wait_until(lambda: client.cell(cell)["state"] == state, f"{cell} is {state}")
    assert client.cell(cell)["failure"] is None


def test_killed_in_the_middle_of_a_create(board, kept):
    stop_echo(kept)
    hit(board, kept, f"[ -d {SYSFS}/cells/2 ]", "/cells/echo/start", lambda: stop_echo(kept))
    ends_as(kept, "echo", "running")
    assert_works(kept)


def test_killed_in_the_middle_of_a_start(board, kept):
    stop_echo(kept)
    condition = f'{{ read s <{SYSFS}/cells/2/state; }} 2>/dev/null && [ "$s" = running ]'
    hit(board, kept, condition, "/cells/echo/start", lambda: stop_echo(kept))
    ends_as(kept, "echo", "running")
    assert_works(kept)


def test_killed_in_the_middle_of_a_stop(board, kept):
    def start():
        if kept.cell("echo")["state"] != "running":
            kept.ok("POST", "/cells/echo/start")
    start()
    condition = f'{{ read s <{SYSFS}/cells/2/state; }} 2>/dev/null && [ "$s" = "shut down" ] || [ ! -d {SYSFS}/cells/2 ]'
    hit(board, kept, condition, "/cells/echo/stop", start)
    ends_as(kept, "echo", "defined")
    assert_works(kept)


def test_killed_in_the_middle_of_an_upload(board, kept):
    folder = "/var/lib/rotunda/images"
    connection = http.client.HTTPSConnection("localhost", kept.port, context=tls_context(kept.certificate), timeout=120)
    connection.putrequest("PUT", f"{API}/images/half")
    for name, value in (kept.headers() | {"Content-Length": str(1 << 20)}).items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(b"x" * (512 << 10))
    wait_until(lambda: board.shell.run(f"[ -s {folder}/*.part ]").status == 0, "the upload is half done")
    board.shell.check(f"kill -9 {agent(board)}")
    connection.close()
    wait_for_agent(board, kept)
    assert board.shell.run(f"ls {folder} | grep -c part").output == "0\n", "the half file is gone"
    put_image(kept, "half", b"x" * (1 << 20))
    kept.ok("DELETE", "/images/half", status=204)


def bring_to(client, state):
    """Whatever the interrupted command left, and whatever the agent restores of it: commands come one after the other."""
    reply = client.post("/hypervisor/" + {"enabled": "enable", "disabled": "disable"}[state])
    assert reply.status == 200 or reply.code in ("already-enabled", "hypervisor-not-enabled"), reply
    hypervisor = client.ok("GET", "/hypervisor")
    assert hypervisor["state"] == state, hypervisor


def ends_with(client, state):
    def reached():
        hypervisor = client.ok("GET", "/hypervisor")
        return (hypervisor["state"], hypervisor["wanted"]) == (state, state)
    wait_until(reached, f"the hypervisor is {state}, and will be")


def test_killed_in_the_middle_of_disable_and_enable(board, admin):
    bring_to(admin, "enabled")
    hit(board, admin, f"[ ! -d {SYSFS}/cells/0 ]", "/hypervisor/disable", lambda: bring_to(admin, "enabled"))
    ends_with(admin, "disabled")
    hit(board, admin, f"[ -d {SYSFS}/cells/0 ]", "/hypervisor/enable", lambda: bring_to(admin, "disabled"))
    ends_with(admin, "enabled")
    if admin.cell("heartbeat")["state"] != "running":
        admin.ok("POST", "/cells/heartbeat/start")
    wait_until(lambda: beats(admin) >= 2, "heartbeat beats")
    assert_works(admin)


def test_killed_under_many_requests_at_once(board, kept):
    """Threads of the agent are in the database, in TLS, in the driver when it dies."""
    stop = threading.Event()

    def ask(path):
        while not stop.is_set():
            try:
                kept.get(path)
            except (OSError, http.client.HTTPException):
                stop.wait(0.2)

    threads = [threading.Thread(target=ask, args=(path,)) for path in ("/cells", "/system", "/events", "/images")]
    for thread in threads:
        thread.start()
    for _ in range(3):
        wait_for_agent(board, kept)
        board.shell.check(f"kill -9 {agent(board)}")
    stop.set()
    for thread in threads:
        thread.join()
    wait_for_agent(board, kept)
    assert_works(kept)
