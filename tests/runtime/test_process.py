"""wrapper.sh and bootstrap.py as a real process on python3.13, in a folder like /var/task."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.runtime.fake_runtime_api import FakeRuntimeApi, rest_event
from tests.runtime.interpreters import python313
from tests.runtime.processes import environment, started

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def python() -> str:
    return python313()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def wrapped(lambda_api: FakeRuntimeApi, task_root: Path, python: str, log: Path) -> Iterator[Any]:
    """The runtime, started by wrapper.sh with the arguments Lambda gives it."""
    command = [str(task_root / "wrapper.sh"), python, "/var/runtime/bootstrap.py"]
    environ = environment(task_root, AWS_LAMBDA_RUNTIME_API=lambda_api.address)
    with started(command, environ, log) as process:
        yield process


def test_the_wrapper_runs_our_loop_in_the_task_root(wrapped: Any, lambda_api: FakeRuntimeApi, task_root: Path) -> None:
    calls = [lambda_api.enqueue(rest_event(path="/echo", body=f"{number}"), 1_900_000_000) for number in range(3)]
    calls[-1].wait_polled()
    replies = [json.loads(call.body) for call in calls]
    assert [reply["served"] for reply in replies] == [1, 2, 3]
    assert [reply["body"] for reply in replies] == ["0", "1", "2"]
    assert {reply["pid"] for reply in replies} == {wrapped.pid}, (
        "exec, not a child: Lambda's signals must reach the runtime"
    )
    assert replies[0]["python"] == [3, 13]
    assert replies[0]["cwd"] == str(task_root)
    assert replies[0]["deadline"] == 1_900_000_000


def test_parts_and_after_work_across_processes(wrapped: Any, lambda_api: FakeRuntimeApi, tmp_path: Path) -> None:
    proof = tmp_path / "after"
    call = lambda_api.enqueue(rest_event(path="/handshake", body=json.dumps({"after_work": str(proof)})))
    call.wait_polled()
    assert [chunk.data for chunk in call.chunks[1:]] == [b"part one", b"part two"]
    assert proof.read_text() == "done", "written after the client's stream had ended and before the next poll"


def test_a_crash_leaves_the_process_and_the_secret_alone(wrapped: Any, lambda_api: FakeRuntimeApi, log: Path) -> None:
    crash, cut, after = (lambda_api.enqueue(rest_event(path=path)) for path in ("/crash", "/cut", "/echo"))
    after.wait_polled()
    assert crash.status == 500
    assert cut.trailer_error["errorType"] == "Function.ValueError"
    assert json.loads(after.body)["pid"] == wrapped.pid
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["error"] for line in lines] == ["ValueError", "ValueError"]
    assert "secret" not in log.read_text()


def test_a_failing_start_is_reported_and_ends_the_process(
    lambda_api: FakeRuntimeApi, task_root: Path, python: str, log: Path
) -> None:
    environ = environment(task_root, AWS_LAMBDA_RUNTIME_API=lambda_api.address, SAMPLE_APP_FAILS="1")
    with started([str(task_root / "wrapper.sh"), python, "/var/runtime/bootstrap.py"], environ, log) as process:
        assert process.wait(20) == 1
    assert lambda_api.calls == ["POST /init/error"]
    assert lambda_api.reports[0].document["errorMessage"] == "RuntimeError: CONFIG_TABLE is not set"


def test_an_application_that_cannot_be_imported_is_reported(
    lambda_api: FakeRuntimeApi, task_root: Path, python: str, log: Path
) -> None:
    (task_root / "proxy" / "app.py").write_text("import a_module_nobody_has\n")
    environ = environment(task_root, AWS_LAMBDA_RUNTIME_API=lambda_api.address)
    with started([str(task_root / "wrapper.sh"), python, "/var/runtime/bootstrap.py"], environ, log) as process:
        assert process.wait(20) == 1
    assert "a_module_nobody_has" in lambda_api.reports[0].document["errorMessage"]


def test_snapstart_in_a_real_process(lambda_api: FakeRuntimeApi, task_root: Path, python: str, log: Path) -> None:
    lambda_api.hold_restore()
    call = lambda_api.enqueue(rest_event(path="/echo"))
    environ = environment(
        task_root, AWS_LAMBDA_RUNTIME_API=lambda_api.address, AWS_LAMBDA_INITIALIZATION_TYPE="snap-start"
    )
    with started([str(task_root / "wrapper.sh"), python, "/var/runtime/bootstrap.py"], environ, log):
        lambda_api.wait_call("GET /restore/next")
        lambda_api.release_restore()
        call.wait_polled()
    assert call.status == 200
    assert lambda_api.calls[0] == "GET /restore/next"


def test_the_wrapper_finds_an_interpreter_without_being_told(
    lambda_api: FakeRuntimeApi, task_root: Path, python: str, log: Path, tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    launcher = tmp_path / "bin" / "python3.13"
    launcher.write_text(f'#!/bin/sh\nexec "{python}" "$@"\n')
    launcher.chmod(0o755)
    environ = environment(task_root, AWS_LAMBDA_RUNTIME_API=lambda_api.address)
    environ["PATH"] = f"{tmp_path / 'bin'}:{environ['PATH']}"
    call = lambda_api.enqueue(rest_event(path="/echo"))
    with started([str(task_root / "wrapper.sh"), "/var/rapid/init", "--x"], environ, log):
        call.wait_polled()
    assert call.status == 200


def test_under_sam_local_the_original_command_runs_untouched(task_root: Path, tmp_path: Path) -> None:
    environ = environment(task_root, AWS_SAM_LOCAL="true")
    arguments = ["a b", "$HOME", ""]
    command = [str(task_root / "wrapper.sh"), "/usr/bin/env", "printf", "%s|", *arguments]
    result = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=20, check=True)
    assert result.stdout == "a b|$HOME||"


def test_work_after_the_last_byte_survives_a_freeze_at_the_next_poll(
    wrapped: Any, lambda_api: FakeRuntimeApi, tmp_path: Path
) -> None:
    """RELIABILITY R8 as far as the runtime goes: SIGKILL right after the poll, when AWS would freeze, loses nothing."""
    proof = tmp_path / "after"
    call = lambda_api.enqueue(rest_event(path="/handshake", body=json.dumps({"after_work": str(proof)})))
    call.wait_polled()
    wrapped.kill()
    wrapped.wait(10)
    assert proof.read_text() == "done"


BUFFERED = """
import json, sys, threading
from proxy.handler import handler
replies = []
for event in json.load(sys.stdin):
    thread = threading.Thread(target=lambda: replies.append(handler(event, None)))
    thread.start(); thread.join()
json.dump(replies, sys.stdout)
"""


def test_the_buffered_handler_answers_in_one_piece(task_root: Path, python: str) -> None:
    events = [
        rest_event(path="/echo", body="ä", multiValueHeaders={"X-A": ["1", "2"]}, resource="/{proxy+}"),
        rest_event(path="/echo", multiValueQueryStringParameters={"a": ["b&c"]}),
        rest_event(path="/large", resource="/large"),
        rest_event(path="/crash"),
        rest_event(path="/echo", body="%", isBase64Encoded=True),
        {"version": "2.0", "requestContext": {"http": {}}},
        {},
    ]
    environ = environment(task_root, AWS_SAM_LOCAL="true", PYTHONPATH=str(task_root))
    replies = _run_buffered([python, "-c", BUFFERED], environ, task_root, events)
    assert [reply["statusCode"] for reply in replies] == [200, 200, 200, 500, 400, 200, 200]
    first, second = (json.loads(reply["body"]) for reply in replies[:2])
    assert (first["served"], second["served"]) == (1, 2), "one application for the process"
    assert ["x-a", "1"] in first["headers"]
    assert ["x-a", "2"] in first["headers"]
    assert first["body"] == "\u00c3\u00a4"
    assert second["query"] == "a=b%26c"
    assert replies[2]["isBase64Encoded"] is True
    assert replies[-1]["body"] == ""


def _run_buffered(command: list[str], environ: dict[str, str], cwd: Path, events: list[Any]) -> Any:
    result = subprocess.run(
        command, env=environ, input=json.dumps(events), capture_output=True, text=True, timeout=60, check=False, cwd=cwd
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_the_runtime_imports_nothing_heavy(task_root: Path, python: str) -> None:
    """The start is a budget: the loop itself may bring asyncio and orjson, nothing else from outside the standard library."""
    code = (
        "import sys, proxy.bootstrap, json; names = {name.partition('.')[0] for name in sys.modules}\n"
        "standard = {name for name in names if name in sys.stdlib_module_names or name.startswith('_')}\n"
        "print(json.dumps([sorted(names - standard), sorted(standard)]))"
    )
    environ = environment(task_root, PYTHONPATH=str(task_root))
    result = subprocess.run([python, "-c", code], env=environ, capture_output=True, text=True, timeout=20, check=True)
    foreign, standard = json.loads(result.stdout)
    assert foreign == ["gateway", "orjson", "proxy"]
    assert not set(standard) & {"http", "urllib", "email", "random", "multiprocessing"}, "left to those who need them"
