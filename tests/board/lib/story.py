# SPDX-License-Identifier: MIT
"""Words that the chapters of tests/board/story have in common."""
USERNAME, PASSWORD = "warden", "correct horse battery"

SYSTEM_CELL = "/etc/rotunda/system.cell"  # on the board
HYPERVISOR = (0x7FC00000, 0x400000)  # configs/boards/qemu-virt/system.json
ROOT_CELL = "qemu-virt"


def beats(client):
    """How many beats of the demo cell are kept, of its present life."""
    return client.get("/cells/heartbeat/console").body.rpartition(b"heartbeat: CPU")[2].count(b"heartbeat: beat")


def definition(name, image, cpu=2, physical="0x90000000", size="2M", **more):
    """A cell of one CPU and one region that the image is loaded to."""
    region = {"physical": physical, "guest": "0x0", "size": size, "flags": ["read", "write", "execute", "loadable"]}
    return {"name": name, "cpus": [cpu], "memory": [region], "console": "virtual", "images": [{"image": image}]} | more


def put_image(client, name, content):
    reply = client.put(f"/images/{name}", content, headers=client.condition(f"/images/{name}"))
    assert reply.status in (200, 201), reply
    return reply.json


def owners(client):
    """CPU number to owner."""
    return {cpu["id"]: cpu["owner"] for cpu in client.ok("GET", "/system")["cpus"]}


def events(client, **query):
    words = "&".join(f"{key}={value}" for key, value in query.items())
    return client.ok("GET", f"/events?{words}")["items"]
