# SPDX-License-Identifier: MIT
"""The REST interface over HTTPS. The board's own certificate, read on its serial console, is the only one trusted."""
import http.client
import json
import ssl

API = "/api/v1"
VOLATILE = {"uptime_seconds", "time", "console"}


def tls_context(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=certificate)
    return context


class Reply:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """Of a problem document, which must be complete."""
        assert self.headers["Content-Type"] == "application/problem+json", self
        problem = self.json
        assert problem["status"] == self.status and problem["detail"] and problem["remedy"], problem
        return problem["code"]

    def __repr__(self):
        return f"<{self.status} {self.headers.get('Content-Type')}: {self.body[:600]!r}>"


class Refusal(Reply):
    """Of a command that was refused after its answer was sent."""

    def __init__(self, problem):
        self.status, self.headers = problem["status"], {"Content-Type": "application/problem+json"}
        self.body = json.dumps(problem).encode()


class Client:
    """One caller: with a cookie after log_in(), or with a bearer token, or with nothing. A connection a request."""

    def __init__(self, port, certificate, token=None):
        self.port, self.certificate, self.token, self.cookie = port, certificate, token, None

    def headers(self):
        if self.token:
            return {"Authorization": f"Bearer {self.token}"}
        if self.cookie:
            return {"Cookie": self.cookie, "Origin": f"https://localhost:{self.port}"}
        return {}

    def request(self, method, path, body=None, headers=None, timeout=120):
        """`body`: bytes as they are, anything else as JSON. `path` is below /api/v1, or absolute with a leading //. Of a command that
        takes longer than an answer waits (202), the answer is that of its end, unless the request does not want to wait."""
        reply = self.exchange(method, path, body, headers, timeout)
        return reply if reply.status != 202 or "Prefer" in (headers or {}) else self.follow(reply)

    def follow(self, accepted):
        """What a command that goes on (202) ends with."""
        while True:
            reply = self.exchange("GET", "/" + accepted.headers["Location"], headers={"Prefer": "wait=10"})
            if reply.status == 404:
                raise ConnectionError("the agent was restarted and has forgotten the command")
            assert reply.status == 200, reply
            operation = reply.json
            if operation["state"] == "done":
                return self.exchange("GET", "/" + operation["resource"])
            if operation["result"]:
                return Refusal(operation["result"])

    def exchange(self, method, path, body=None, headers=None, timeout=120):
        path = path[1:] if path.startswith("//") else API + path
        all_headers = self.headers() | (headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            all_headers.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPSConnection(
            "localhost", self.port, context=tls_context(self.certificate), timeout=timeout)
        try:
            connection.request(method, path, body, all_headers)
            return Reply(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, **keywords):
        return self.request("GET", path, **keywords)

    def post(self, path, body=None, **keywords):
        return self.request("POST", path, body, **keywords)

    def put(self, path, body=None, **keywords):
        return self.request("PUT", path, body, **keywords)

    def delete(self, path, **keywords):
        return self.request("DELETE", path, **keywords)

    def condition(self, path):
        """What a write of `path` must say to be made: the version that is there now, or nothing."""
        tag = self.request("HEAD", path).headers["ETag"]
        return {"If-Match": tag} if tag else {}

    def take_cookie(self, reply):
        self.cookie = reply.headers["Set-Cookie"].partition(";")[0]

    def log_in(self, username, password):
        reply = self.post("/sessions", {"username": username, "password": password})
        if reply.status == 201:
            self.take_cookie(reply)
        return reply

    def cell(self, name):
        reply = self.get(f"/cells/{name}")
        assert reply.status == 200, reply
        return reply.json

    def ok(self, method, path, body=None, status=200):
        """The JSON of a request that must succeed."""
        headers = self.condition(path) if method in ("PUT", "PATCH", "DELETE") else {}
        reply = self.request(method, path, body, headers)
        assert reply.status == status, f"{method} {path}: {reply}"
        return reply.json if reply.body else None

    def state(self):
        """All that a refused request must leave as it was, without what changes by itself."""
        system = self.ok("GET", "/system")
        cells = self.ok("GET", "/cells")["items"]
        return {
            "system": {key: value for key, value in system.items() if key not in VOLATILE},
            "hypervisor": self.ok("GET", "/hypervisor"),
            "cells": [{key: value for key, value in cell.items() if key not in VOLATILE} for cell in cells],
            "images": self.ok("GET", "/images"),
        }
