# SPDX-License-Identifier: MIT
"""The emulated board, started as a person does: through configs/boards/qemu-virt/start."""
import contextlib
import ctypes
import itertools
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import tempfile

from lib.monitor import Monitor
from lib.rest import Client
from lib.serial import PATIENCE, Serial, Shell

TOP = pathlib.Path(__file__).resolve().parents[3]
START = TOP / "configs/boards/qemu-virt/start"
ANNOUNCEMENT = r"^Rotunda is at https://localhost:(\d+)(?:  set-up code (\d{4}-\d{4}))?\n"
PR_SET_PDEATHSIG = 1  # prctl(2)


def free_ports(count):
    """Free ports of this machine, all different; ROTUNDA_TEST_PORTS=FIRST-LAST keeps to a range."""
    first, _, last = os.environ.get("ROTUNDA_TEST_PORTS", "0-0").partition("-")
    candidates = range(int(first), int(last) + 1) if int(first) else [0] * count
    with contextlib.ExitStack() as held:
        ports = []
        for candidate in candidates:
            probe = held.enter_context(socket.socket())
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", candidate))
                ports.append(probe.getsockname()[1])
            if len(ports) == count:
                return ports
    raise AssertionError("ROTUNDA_TEST_PORTS has too few free ports")


def _end_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Board:
    """`options` go to start, `qemu` behind its `--`; `appliance` replaces build/appliance. `stdin` = False gives it
    /dev/null. `user` is a number: start then runs without root's rights."""

    _count = itertools.count(1)

    def __init__(self, work, name="board", options=(), qemu=(), appliance=None, stdin=True, user=None):
        self.name = name
        self.log_path = pathlib.Path(work) / f"{name}.serial.log"
        self.log_path.unlink(missing_ok=True)
        self.options, self.qemu, self._stdin, self._user = list(options), list(qemu), stdin, user
        self.start, self.appliance = START, appliance
        self._folder = tempfile.TemporaryDirectory(prefix="rotunda-")
        self.folder = pathlib.Path(self._folder.name)
        self.folder.chmod(0o777)
        self.process = self.serial = self.shell = None
        self.certificate = None

    def command(self):
        self.https_port, self.http_port = free_ports(2)
        self.socket = self.folder / f"monitor-{next(self._count)}"
        words = [str(self.start), "--https-port", str(self.https_port), "--http-port", str(self.http_port)]
        words += ["--monitor", str(self.socket), *map(str, self.options)]
        if self.qemu:
            words += ["--", *map(str, self.qemu)]
        if self._user is not None and os.geteuid() == 0:
            words = ["setpriv", f"--reuid={self._user}", f"--regid={self._user}", "--clear-groups", *words]
        return words

    def power_on(self):
        environment = dict(os.environ)
        if self.appliance:
            environment["ROTUNDA_APPLIANCE"] = str(self.appliance)
        self.process = subprocess.Popen(
            self.command(), stdin=subprocess.PIPE if self._stdin else subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env=environment, preexec_fn=_end_with_parent)
        self.serial = Serial(self.process.stdout, self.process.stdin, self.log_path)
        self.shell = Shell(self.serial)
        return self

    def boot(self):
        return self.power_on().wait_until_ready()

    def wait_until_ready(self, since=0):
        """Until the console says where the dashboard is. Afterwards `setup_code` is what it said, or None."""
        match = self.serial.wait_for(ANNOUNCEMENT, since)
        assert int(match[1]) == self.https_port
        self.setup_code = match[2]
        if self._stdin:
            self.serial.wait_for("^rotunda# ", match.end())
            self.shell.check("dmesg -n 1")  # nothing between the lines of a command
            self.certificate = self.shell.check("sed -n '/BEGIN CERT/,/END CERT/p' /var/lib/rotunda/tls.pem")
        return self

    def trust_on_first_use(self):
        """Where nobody can read the certificate on the serial console."""
        self.certificate = ssl.get_server_certificate(("localhost", self.https_port))

    def client(self, **credential):
        return Client(self.https_port, self.certificate, **credential)

    def monitor(self):
        return Monitor(self.socket)

    def reset(self):
        """The reset button: nobody is asked."""
        since = self.serial.position()
        monitor = self.monitor()
        monitor.command("system_reset")
        monitor.close()
        return self.wait_until_ready(since)

    def kill(self):
        """The power cord. `start` became QEMU, so this is QEMU and nothing else."""
        if self.process and self.process.poll() is None:
            self.process.kill()
        self._finish()

    def power_off(self):
        self.serial.type("poweroff\n")
        status = self.process.wait(PATIENCE)
        self._finish()
        return status

    def _finish(self):
        if self.process:
            self.process.wait()
            self.serial.close()
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe:
                    pipe.close()
        self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        self._folder.cleanup()
