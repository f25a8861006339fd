"""A pytest plugin: a skipped test is said at the end, is handed to `make test` for its last lines, and fails the run where CI=true.

What may skip even there: a test that needs Docker, which a build machine may not have. Its reason must name Docker.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest


def _reason(report: Any) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ").strip() or "no reason given"


class Skips:
    """Collects the skips of a run, also those that parallel workers report."""

    def __init__(self, strict: bool, target: str | None) -> None:
        self._strict = strict
        self._target = target
        self._lines: dict[str, str] = {}

    def _note(self, report: Any) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self._lines[report.nodeid] = _reason(report)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test, or its fixture, skipped."""
        self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A whole file skipped."""
        self._note(report)

    def _forbidden(self) -> list[str]:
        return [test for test, reason in self._lines.items() if self._strict and "docker" not in reason.lower()]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand over the list; under CI a skip fails the run."""
        if self._target:
            target = Path(self._target)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(
                "".join(f"{test}: {reason}\n" for test, reason in sorted(self._lines.items())), encoding="utf-8"
            )
        if self._forbidden() and session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """One loud line for each skip."""
        for test, reason in sorted(self._lines.items()):
            terminalreporter.write_line(f"SKIPPED {test}: {reason}", yellow=True)
        if forbidden := self._forbidden():
            terminalreporter.write_line(f"CI=true: {len(forbidden)} skipped, which is a failure here", red=True)


def pytest_configure(config: pytest.Config) -> None:
    """Only in the process that reports: workers hand their reports to it."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(
            Skips(os.environ.get("CI", "").lower() in {"1", "true"}, os.environ.get("SKIPPED_TO")), "skips"
        )
