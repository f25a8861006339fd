"""Accepted by AWS's own code: our bootstrap behind the Lambda Runtime Interface Emulator of the aws-sam-cli wheel.

The emulator knows the streaming protocol but hands the client everything at the end and drops trailers; chunk times are proved by
the fake Runtime API instead.
"""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.runtime.fake_runtime_api import rest_event
from tests.runtime.interpreters import emulator, python313
from tests.runtime.processes import environment, started

pytestmark = pytest.mark.slow


class Emulator:
    def __init__(self, port: int, log: Path) -> None:
        self.port, self.log = port, log

    def invoke(self, event: Any) -> tuple[Any, bytes]:
        """Prelude and body of one invocation; connects until the emulator listens."""
        connection = self._connect()
        connection.request("POST", "/2015-03-31/functions/function/invocations", json.dumps(event))
        response = connection.getresponse()
        data = response.read()
        connection.close()
        assert response.status == 200, data
        head, delimiter, body = data.partition(b"\0" * 8)
        assert delimiter, data + self.log.read_bytes()
        return json.loads(head), body

    def _connect(self) -> http.client.HTTPConnection:
        give_up = time.monotonic() + 20
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                connection.connect()
                return connection
            except ConnectionRefusedError:
                assert time.monotonic() < give_up, self.log.read_text()
                time.sleep(0.05)  # the emulator says nowhere that it is ready


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def emulated(task_root: Path, tmp_path: Path) -> Iterator[Emulator]:
    port, log = free_port(), tmp_path / "log"
    command = [
        emulator(),
        "--runtime-api-address",
        f"127.0.0.1:{free_port()}",
        "--runtime-interface-emulator-address",
        f"127.0.0.1:{port}",
        str(task_root / "wrapper.sh"),
        python313(),
        "/var/runtime/bootstrap.py",
    ]
    with started(command, environment(task_root, AWS_LAMBDA_FUNCTION_TIMEOUT="60"), log):
        yield Emulator(port, log)


def test_prelude_and_body_arrive_whole_several_times(emulated: Emulator) -> None:
    for number in range(1, 5):
        head, body = emulated.invoke(rest_event(path="/echo", body=f"number {number}"))
        assert head == {"statusCode": 200, "headers": {"content-type": "application/json"}}
        facts = json.loads(body)
        assert (facts["served"], facts["body"]) == (number, f"number {number}")
        assert time.time() < facts["deadline"] <= time.time() + 61


def test_a_megabyte_of_every_byte_arrives_whole(emulated: Emulator) -> None:
    head, body = emulated.invoke(rest_event(path="/large"))
    assert head["headers"] == {"content-type": "application/octet-stream"}
    assert body == bytes(range(256)) * 4096 + b"end"


def test_errors_and_odd_events_do_not_stop_it(emulated: Emulator) -> None:
    head, body = emulated.invoke(rest_event(path="/crash"))
    assert head["statusCode"] == 500
    assert json.loads(body)["error"]["message"] == "Internal error."
    head, body = emulated.invoke({"source": "aws.events"})
    assert (head["statusCode"], body) == (200, b"")
    head, body = emulated.invoke(rest_event(path="/cut"))
    assert (head["statusCode"], body) == (200, b"data: half")
    head, body = emulated.invoke(rest_event(path="/echo"))
    assert json.loads(body)["served"] == 3
