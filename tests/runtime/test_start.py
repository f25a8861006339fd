"""Start, SnapStart and what is reported when they fail."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from tests.runtime.conftest import Runner
from tests.runtime.fake_runtime_api import FakeRuntimeApi, rest_event
from tests.runtime.interpreters import absent
from tests.runtime.messages import START, body, polled

from gateway.runtime.bridge import ASGIApp, Receive, Scope, Send
from gateway.runtime.loop import report_to_stderr


async def test_a_failing_start_is_reported_to_lambda(runner: Runner) -> None:
    async def build() -> ASGIApp:
        raise RuntimeError("CONFIG_TABLE is not set")

    assert await asyncio.wait_for(runner.start(build=build), 20) == 1
    assert runner.api.calls == ["POST /init/error"]
    (report,) = runner.api.reports
    assert report.error_type == "Runtime.InitError"
    assert report.document["errorMessage"] == "RuntimeError: CONFIG_TABLE is not set"


def recorded(log: list[str], name: str, fails: bool = False) -> Any:
    async def build() -> ASGIApp:
        log.append(name)
        if fails:
            raise RuntimeError("no credentials")

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send(START)
            await send(body(name.encode()))

        return app

    return build


async def test_snapstart_builds_waits_for_the_restore_and_renews(runner: Runner) -> None:
    log: list[str] = []
    runner.api.hold_restore()
    call = runner.api.enqueue(rest_event())
    runner.start(
        build=recorded(log, "before"), renew=recorded(log, "fresh"), AWS_LAMBDA_INITIALIZATION_TYPE="snap-start"
    )
    await asyncio.to_thread(runner.api.wait_call, "GET /restore/next")
    assert log == ["before"], "nothing is renewed before the restore"
    runner.api.release_restore()
    await polled(call)
    assert log == ["before", "fresh"]
    assert call.body == b"fresh"
    assert runner.api.calls[:3] == ["GET /restore/next", "GET /invocation/next", "POST /invocation/response"]
    assert runner.api.connections == 2, "the connection of before the snapshot is not used again"


async def test_without_snapstart_nothing_is_restored(runner: Runner) -> None:
    log: list[str] = []
    call = runner.api.enqueue(rest_event())
    runner.start(build=recorded(log, "first"), renew=recorded(log, "fresh"), AWS_LAMBDA_INITIALIZATION_TYPE="on-demand")
    await polled(call)
    assert log == ["first"]
    assert "GET /restore/next" not in runner.api.calls


async def test_a_failing_renewal_is_a_restore_error(runner: Runner) -> None:
    log: list[str] = []
    task = runner.start(
        build=recorded(log, "before"),
        renew=recorded(log, "fresh", fails=True),
        AWS_LAMBDA_INITIALIZATION_TYPE="snap-start",
    )
    assert await asyncio.wait_for(task, 20) == 1
    assert runner.api.calls == ["GET /restore/next", "POST /restore/error"]
    assert runner.api.reports[0].error_type == "Runtime.RestoreError"


async def test_a_start_that_fails_before_the_snapshot_is_an_init_error(runner: Runner) -> None:
    task = runner.start(build=recorded([], "before", fails=True), AWS_LAMBDA_INITIALIZATION_TYPE="snap-start")
    assert await asyncio.wait_for(task, 20) == 1
    assert runner.api.calls == ["POST /init/error"]


def test_the_log_line_names_the_place_and_never_the_text(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError("sk-secret")
    except ValueError as error:
        report_to_stderr("application_failed", error, "request-1")
    line = json.loads(capsys.readouterr().err)
    assert line["error"] == "ValueError"
    assert line["aws_request_id"] == "request-1"
    assert "test_the_log_line" in line["at"][-1]
    assert "secret" not in json.dumps(line)


def test_the_address_must_be_an_address(lambda_api: FakeRuntimeApi) -> None:
    from gateway.runtime.api import RuntimeApi

    for address in ("", "localhost", ":80", "host:port"):
        with pytest.raises(ValueError, match="host:port"):
            RuntimeApi(address)


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_a_missing_tool_fails_in_ci_and_is_skipped_loudly_elsewhere(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no emulator"):
        absent("no emulator")
