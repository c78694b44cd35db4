# SPDX-License-Identifier: MIT
"""Two Linux cells beside the root Linux."""
from conftest import definition


def test_two_at_once(board, admin, tux, linux):
    assert admin.put("/cells/other", definition("other", (4, 5))).status == 201
    admin.ok("POST", "/cells/other/start")
    other = linux("other")
    assert [one.run("nproc").strip() for one in (tux, other)] == ["2", "2"]
    assert [one.run("cat /proc/device-tree/model").strip("\0\n") for one in (tux, other)] == ["tux", "other"]
    # Both work at the same time, on both of their CPUs.
    for one in (tux, other):
        one.run("for n in 1 2; do (while :; do :; done) & done")
    assert board.shell.check("nproc").strip() == "2"
    board.shell.check("jailhouse audit")
    for one in (tux, other):
        assert one.run("kill $(jobs -p); echo over").strip().endswith("over")


def test_one_goes_and_the_other_stays(board, admin, tux):
    if admin.get("/cells/other").status == 200 and admin.cell("other")["state"] == "running":
        admin.ok("POST", "/cells/other/stop")
    assert tux.run("nproc").strip() == "2"
    board.shell.check("jailhouse audit")
    admin.ok("POST", "/cells/tux/stop")
    assert board.shell.check("nproc").strip() == "6"
