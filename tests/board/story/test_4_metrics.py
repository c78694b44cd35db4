# SPDX-License-Identifier: MIT
"""What Prometheus is told, judged by its own checker."""
import subprocess


def metrics(client):
    reply = client.get("//metrics")
    assert reply.status == 200 and reply.headers["Content-Type"].startswith("text/plain; version=0.0.4"), reply
    return reply.body.decode()


def test_the_checker_of_prometheus_finds_nothing(heartbeat, build):
    checked = subprocess.run([build / "promtool/promtool", "check", "metrics"], input=metrics(heartbeat), capture_output=True, text=True)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_a_running_cell_is_told(heartbeat):
    text = metrics(heartbeat)
    assert 'rotunda_cell_state{cell="heartbeat",state="running"} 1\n' in text
    assert 'rotunda_cell_exits_total{cell="heartbeat",reason="' in text
    assert "rotunda_hypervisor_enabled 1\n" in text
    console = heartbeat.cell("heartbeat")["console"]
    said = next(line for line in text.splitlines() if line.startswith('rotunda_cell_console_bytes_total{cell="heartbeat"}'))
    assert 0 < int(said.split()[-1]) <= console["end"]
