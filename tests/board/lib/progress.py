# SPDX-License-Identifier: MIT
"""A line a test while they run, and the count that tests/run-suite reads. A test that was skipped has not passed."""
import os

import pytest


class Progress:
    """Lines go to the descriptor that run-suite names, because its log swallows the rest; otherwise to the terminal."""

    def __init__(self, config):
        self._config = config
        self._descriptor = int(os.environ.get("ROTUNDA_PROGRESS_FD", "0"))
        self._results = {}
        self._seconds = {}

    def _say(self, line):
        if self._descriptor:
            os.write(self._descriptor, f"    {line}\n".encode())
        self._config.get_terminal_writer().line(line)

    def pytest_report_teststatus(self, report):
        return report.outcome, "", ""

    def pytest_runtest_logreport(self, report):
        test = report.nodeid
        self._seconds[test] = self._seconds.get(test, 0) + report.duration
        self._results[test] = self._results.get(test, True) and report.outcome == "passed"
        if report.when != "teardown":
            self._show_trouble(report)
        else:
            self._show_result(test)

    def _show_trouble(self, report):
        if report.outcome == "passed":
            return
        self._config.get_terminal_writer().line(f"\n{report.nodeid}, {report.when}:\n{report.longreprtext}")
        for title, text in report.sections:
            self._config.get_terminal_writer().line(f"--- {title}\n{text}")

    def _show_result(self, test):
        _, _, name = test.rpartition("::")
        sentence = name.removeprefix("test_").replace("_", " ")
        verdict = "ok" if self._results[test] else "NOT OK"
        self._say(f"{verdict}: {sentence} ({self._seconds[test]:.1f} s)")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self):
        passed = sum(self._results.values())
        self._config.get_terminal_writer().line(f"\n{passed} passed, {len(self._results) - passed} failed")
