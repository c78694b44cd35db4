# SPDX-License-Identifier: MIT
"""QEMU's monitor for people, on the unix socket of `start --monitor`."""
import socket

PROMPT = b"(qemu) "


class Monitor:
    def __init__(self, path):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(120)
        self._socket.connect(str(path))
        self._read()

    def _read(self):
        got = b""
        while not got.endswith(PROMPT):
            chunk = self._socket.recv(65536)
            assert chunk, "the monitor was closed"
            got += chunk
        return got.decode()

    def command(self, text):
        self._socket.sendall(text.encode() + b"\n")
        return self._read()

    def close(self):
        self._socket.close()
