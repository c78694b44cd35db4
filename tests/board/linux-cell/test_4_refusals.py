# SPDX-License-Identifier: MIT
"""Definitions with `linux` that are wrong, and kernels that are none; and one that is packed."""
import gzip

import pytest

from conftest import definition
from lib.story import put_image

WRONG = {
    "linux-console": ("/console", {"console": "virtual"}),
    "linux-memory": ("/memory/0", {"memory": [{"size": "16M"}]}),
    "linux-no-memory": ("/memory", {"memory": [{"size": "256M", "flags": ["read", "write"]}]}),
    "linux-and-images": ("/images", {"images": [{"image": "vmlinuz"}]}),
    "linux-entry": ("/entry", {"entry": "0x40000800"}),
    "linux-no-kernel": ("/linux", {"linux": {}}),
    "linux-aarch32": ("/flags", {"flags": ["aarch32"]}),
    "unknown-field": ("/linux/cmdline", {"linux": {"kernel": "vmlinuz", "cmdline": "quiet"}}),
}


@pytest.mark.parametrize("code", WRONG)
def test_a_wrong_definition(admin, code):
    pointer, change = WRONG[code]
    answer = admin.ok("POST", "/definitions/check", definition("wrong", **change))
    assert (code, pointer) in [(error["code"], error["pointer"]) for error in answer["errors"]], answer


def start_is_refused(admin, code, **change):
    assert admin.put("/cells/wrong", definition("wrong", (4, 5), **change)).status == 201
    before = admin.state()
    reply = admin.post("/cells/wrong/start")
    assert reply.code == code, reply
    after = admin.state()
    assert [cell["state"] for cell in after["cells"]] == [cell["state"] for cell in before["cells"]]
    assert after["system"] == before["system"]
    admin.ok("DELETE", "/cells/wrong", status=204)


def test_a_start_that_cannot_be(admin):
    put_image(admin, "noise", b"no kernel" * 1000)
    put_image(admin, "half", gzip.compress(b"half of a kernel" * 10000)[:100])
    start_is_refused(admin, "image-missing", linux={"kernel": "nothing"})
    start_is_refused(admin, "linux-kernel", linux={"kernel": "noise"})
    start_is_refused(admin, "linux-kernel-damaged", linux={"kernel": "half"})
    start_is_refused(admin, "linux-memory", memory=[{"size": "64M"}])


def test_a_missing_kernel_is_a_conflict(admin):
    answer = admin.ok("POST", "/definitions/check", definition("wrong", linux={"kernel": "nothing"}))
    assert ("image-missing", "/linux/kernel") in [(one["code"], one["pointer"]) for one in answer["conflicts"]], answer


def test_a_packed_kernel_boots(admin, kernel, linux):
    put_image(admin, "vmlinuz.gz", gzip.compress(kernel, 1))
    boot = {"kernel": "vmlinuz.gz", "initrd": "initrd", "command_line": "console=ttyAMA0 quiet"}
    assert admin.put("/cells/packed", definition("packed", (4, 5), linux=boot)).status == 201
    admin.ok("POST", "/cells/packed/start")
    assert linux("packed").run("nproc").strip() == "2"
    admin.ok("POST", "/cells/packed/destroy")
