# SPDX-License-Identifier: MIT
"""A caller of the API through prism, which holds each request and each answer against the document."""
import http.client
import json
import re


class Document:
    """The operations of the document, and which of them were called."""

    def __init__(self, path):
        self.json = json.loads(path.read_text())
        self.called = set()

    def operations(self):
        return {(method, path) for path, item in self.json["paths"].items() for method in item if method != "parameters"}

    def find(self, method, path):
        """The path without parameters is meant when both fit."""
        found = [pattern for pattern, item in self.json["paths"].items() if method in item and
                 re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(pattern)), path)]
        return min(found, key=lambda pattern: pattern.count("{"), default=None)

    def note(self, method, path):
        operation = (method.lower(), self.find(method.lower(), path.partition("?")[0]))
        assert operation[1], f"{method} {path} is not in the document"
        self.called.add(operation)


class Reply:
    def __init__(self, response):
        self.status, self.headers, self.body = response.status, response.headers, response.read()
        self.violations = json.loads(response.headers.get("sl-violations", "[]"))

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<{self.status} {self.headers.get('Content-Type')}: {self.body[:600]!r} {self.violations}>"


class Client:
    def __init__(self, document, port, token=None):
        self.document, self.port, self.token = document, port, token

    def request(self, method, path, body=None, headers=None, wrong=False):
        """`body`: bytes as they are, anything else as JSON. An answer is always as the document says; a request, unless it is `wrong`."""
        headers = dict(headers or {})
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            headers.setdefault("Content-Type", "application/octet-stream" if isinstance(body, bytes) else "application/json")
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        path = path if path.startswith(("/api/", "/healthz", "/metrics")) else "/api/v1" + path
        self.document.note(method, path)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, headers)
        reply = Reply(connection.getresponse())
        connection.close()
        against = [found for found in reply.violations if not wrong or found["location"][0] == "response"]
        assert not against, f"{method} {path}: {reply}"
        return reply

    def ok(self, method, path, body=None, status=200, headers=None):
        """An answer with this status; changes of what is there are made for what is there."""
        headers = dict(headers or {})
        if method in ("PUT", "PATCH", "DELETE"):
            headers.setdefault("If-Match", "*")
        reply = self.request(method, path, body, headers)
        assert reply.status == status, f"{method} {path}: {reply}"
        return reply

    def refused(self, method, path, code, body=None, headers=None):
        reply = self.request(method, path, body, headers, wrong=True)
        assert reply.status >= 400 and reply.json["code"] == code, f"{method} {path}: {reply}"
        return reply
