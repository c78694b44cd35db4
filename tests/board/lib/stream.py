# SPDX-License-Identifier: MIT
"""The console of a cell as a WebSocket."""
import json
import time
import urllib.parse

import websocket

from lib.rest import API, tls_context
from lib.serial import PATIENCE


class ConsoleStream:
    """Output collects in `text`, JSON frames in `news`."""

    def __init__(self, client, name, since=None, take=False):
        url = f"wss://localhost:{client.port}{API}/cells/{name}/console/stream"
        query = {"since": since} if since is not None else {}
        query |= {"take": 1} if take else {}
        headers = client.headers()
        origin = headers.pop("Origin", None)
        self._socket = websocket.create_connection(
            url + (f"?{urllib.parse.urlencode(query)}" if query else ""), timeout=1, origin=origin,
            suppress_origin=origin is None, header=[f"{key}: {value}" for key, value in headers.items()],
            sslopt={"context": tls_context(client.certificate)})
        self.text = ""
        self.news = []
        self.closed = None

    def _take(self):
        try:
            opcode, data = self._socket.recv_data()
        except websocket.WebSocketTimeoutException:
            return
        if opcode == websocket.ABNF.OPCODE_BINARY:
            self.text += data.decode("utf-8", "replace")
        elif opcode == websocket.ABNF.OPCODE_TEXT:
            self.news.append(json.loads(data))
        elif opcode == websocket.ABNF.OPCODE_CLOSE:
            self.closed = int.from_bytes(data[:2], "big")

    def wait_until(self, condition, what):
        deadline = time.monotonic() + PATIENCE
        while not condition(self):
            assert time.monotonic() < deadline, f"the stream did not bring {what}: {self.text!r} {self.news}"
            assert self.closed is None, f"the stream was closed ({self.closed}) before {what}: {self.news}"
            self._take()

    def wait_for_text(self, text):
        self.wait_until(lambda stream: text in stream.text, repr(text))

    def wait_for_news(self, **fields):
        """The first JSON frame that has these members."""
        def found(stream):
            return [frame for frame in stream.news if fields.items() <= frame.items()]
        self.wait_until(found, repr(fields))
        return found(self)[0]

    def wait_for_close(self):
        deadline = time.monotonic() + PATIENCE
        while self.closed is None:
            assert time.monotonic() < deadline, "the stream was not closed"
            self._take()
        return self.closed

    def send(self, text):
        self._socket.send_binary(text if isinstance(text, bytes) else text.encode())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()
        self._socket.shutdown()  # also when the other side had closed
