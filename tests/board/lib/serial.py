# SPDX-License-Identifier: MIT
"""The board's serial console: what it said, and the shell on it."""
import re
import threading
import time

PATIENCE = 240  # seconds; the machine may be busy, so no test asserts less


class Serial:
    """Collects what arrives in a thread; positions in `text` only grow."""

    def __init__(self, source, sink, log_path):
        self.text = ""
        self.ended = False
        self._source, self._sink = source, sink
        self._log = open(log_path, "ab")
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._thread.start()

    def _collect(self):
        while chunk := self._source.read1(65536):
            self._log.write(chunk)
            self._log.flush()
            with self._news:
                self.text += chunk.decode("utf-8", "replace").replace("\r", "")
                self._news.notify_all()
        with self._news:
            self.ended = True
            self._news.notify_all()

    def close(self):
        self._thread.join()
        self._log.close()

    def position(self):
        with self._news:
            return len(self.text)

    def wait_for(self, pattern, since=0, timeout=PATIENCE):
        """The first match of a regular expression behind `since`."""
        expression = re.compile(pattern, re.MULTILINE | re.DOTALL)
        deadline = time.monotonic() + timeout
        with self._news:
            while not (match := expression.search(self.text, since)):
                left = deadline - time.monotonic()
                assert not self.ended, f"the board ended before it said {pattern!r}:\n{self.tail()}"
                assert left > 0, f"the board did not say {pattern!r}:\n{self.tail()}"
                self._news.wait(left)
        return match

    def tail(self, lines=25):
        return "\n".join(self.text.splitlines()[-lines:])

    def type(self, text):
        self._sink.write(text.encode())
        self._sink.flush()


class Result:
    def __init__(self, status, output):
        self.status, self.output = status, output

    def __repr__(self):
        return f"<exit {self.status}: {self.output!r}>"


class Shell:
    """Runs commands in the root shell of the serial console. What a command printed comes when it has ended, because the
    hypervisor talks on the same line meanwhile, and between control characters: the shell shows the line that was
    typed, too, but there they are written as escapes."""

    def __init__(self, serial):
        self.serial = serial

    def run(self, command, timeout=PATIENCE):
        since = self.serial.position()
        self.serial.type(f"{{ {command}\n}} >/run/said 2>&1 </dev/null; status=$?\n"
                         "printf '\\002'; cat /run/said; printf '\\003%d\\004' $status\n")
        match = self.serial.wait_for("\2(.*)\3(\\d+)\4", since, timeout)
        return Result(int(match[2]), match[1])

    def check(self, command, timeout=PATIENCE):
        """What a command prints that must succeed."""
        result = self.run(command, timeout)
        assert result.status == 0, f"{command}: {result}"
        return result.output
