"""What a client gets when the application, the event or the Runtime API fails, and that the loop lives on."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from tests.runtime.conftest import Runner
from tests.runtime.fake_runtime_api import Behaviour, rest_event
from tests.runtime.messages import START, body, hello, polled

from gateway.runtime.bridge import ASGIApp, Receive, Scope, Send


async def raise_at_once(scope: Scope, receive: Receive, send: Send) -> None:
    raise ValueError("sk-secret")


async def raise_after_start(scope: Scope, receive: Receive, send: Send) -> None:
    await send(START)
    raise ValueError("sk-secret")


async def say_nothing(scope: Scope, receive: Receive, send: Send) -> None:
    return


async def cancel_itself(scope: Scope, receive: Receive, send: Send) -> None:
    raise asyncio.CancelledError


@pytest.mark.parametrize("app", [raise_at_once, raise_after_start, say_nothing, cancel_itself])
async def test_a_failure_before_the_first_byte_is_a_500(runner: Runner, app: ASGIApp) -> None:
    call = runner.api.enqueue(rest_event())
    after = runner.api.enqueue(rest_event())
    runner.start(app)
    await polled(after)
    assert call.status == 500
    assert json.loads(call.body) == {"error": {"type": "gateway_error", "message": "Internal error."}}
    assert b"secret" not in call.data
    assert call.trailers == {}
    assert after.status == 500


@pytest.mark.parametrize(("raises", "kind"), [(True, "Function.ValueError"), (False, "Function.ResponseIncomplete")])
async def test_a_failure_in_the_stream_goes_into_the_error_trailers(runner: Runner, raises: bool, kind: str) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(START)
        await send(body(b"half", more=True))
        if raises:
            raise ValueError("sk-secret")

    call = runner.api.enqueue(rest_event())
    runner.start(app)
    await polled(call)
    assert call.body == b"half"
    assert call.trailers["lambda-runtime-function-error-type"] == kind
    assert call.trailer_error == {
        "errorMessage": "The response stream ended early.",
        "errorType": kind,
        "stackTrace": [],
    }


async def test_a_failure_of_the_after_work_is_reported_and_costs_the_client_nothing(runner: Runner) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await hello(scope, receive, send)
        raise ValueError("log row")

    call = runner.api.enqueue(rest_event())
    runner.start(app)
    await polled(call)
    assert call.body == b"hello"
    assert call.trailers == {}
    assert runner.reported == ["after_work_failed"]
    assert runner.reports[0][2] == call.id


async def test_messages_out_of_turn_are_refused(runner: Runner) -> None:
    errors: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for message in (body(b"early"), START, START, body(b"x"), body(b"late"), {"type": "http.response.push"}):
            try:
                await send(message)
            except RuntimeError as error:
                errors.append(str(error))

    call = runner.api.enqueue(rest_event())
    runner.start(app)
    await polled(call)
    assert call.body == b"x"
    assert [error.split()[3] for error in errors] == [
        "'http.response.body'",
        "'http.response.start'",
        "'http.response.body'",
        "'http.response.push'",
    ]


async def test_a_head_that_is_too_large_is_a_502_unless_the_application_sends_another(runner: Runner) -> None:
    huge = START | {"headers": [(b"x-huge", b"h" * 20_000)]}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/recovers":
            with pytest.raises(ValueError, match="16384 are allowed"):
                await send(huge)
            await send(START | {"status": 503})
            await send(body(b"own words"))
        else:
            await send(huge)

    refused, recovered = runner.api.enqueue(rest_event()), runner.api.enqueue(rest_event(path="/recovers"))
    runner.start(app)
    await polled(recovered)
    assert (refused.status, json.loads(refused.body)["error"]["message"]) == (502, "Invalid response headers.")
    assert (recovered.status, recovered.body) == (503, b"own words")


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
async def test_a_response_that_may_have_no_body_has_none(runner: Runner, method: str, status: int) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(START | {"status": status})
        await send(body(b"never", more=True))
        await send(body(b"never"))

    call = runner.api.enqueue(rest_event(method, "/"))
    runner.start(app)
    await polled(call)
    assert (call.status, call.body) == (status, b"")


# Events that are no requests

HTTP_2 = {
    "version": "2.0",
    "rawPath": "/v1/models",
    "requestContext": {"http": {"method": "GET", "path": "/v1/models"}},
}
LOAD_BALANCER = {"httpMethod": "GET", "path": "/", "headers": {}, "requestContext": {"elb": {"targetGroupArn": "x"}}}


@pytest.mark.parametrize(
    "event",
    [
        {},
        [],
        None,
        7,
        "text",
        {"source": "aws.events"},
        {"Records": [{}]},
        HTTP_2,
        LOAD_BALANCER,
        b"",
        b"{",
        b"\xff",
        b"[" * 5000,
    ],
)
async def test_an_event_that_is_no_proxy_event_gets_a_quiet_200(runner: Runner, event: Any) -> None:
    call, after = runner.api.enqueue(event), runner.api.enqueue(rest_event())
    runner.start(hello)
    await polled(after)
    assert (call.status, call.body, call.trailers) == (200, b"", {})
    assert after.body == b"hello"
    assert runner.reported == []


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"body": "%%%=", "isBase64Encoded": True}, "body is not base64"),
        ({"body": {"model": "x"}}, "body is not text"),
        ({"httpMethod": "GET / HTTP/1.1\r\nx"}, "httpMethod is not a method"),
        ({"multiValueHeaders": {"x": [7]}}, "headers holds something that is not text"),
        ({"multiValueHeaders": ["x"]}, "headers is not an object"),
        ({"multiValueQueryStringParameters": {"a": [[]]}}, "queryStringParameters holds something that is not text"),
    ],
)
async def test_a_proxy_event_that_cannot_be_a_request_is_a_400(runner: Runner, fields: Any, message: str) -> None:
    call, after = runner.api.enqueue(rest_event(**fields)), runner.api.enqueue(rest_event())
    runner.start(hello)
    await polled(after)
    assert call.status == 400
    assert json.loads(call.body)["error"]["message"] == f"The request cannot be read: {message}."
    assert after.body == b"hello"


# The Runtime API's own failures


@pytest.mark.parametrize("behaviour", [Behaviour(break_after=2), Behaviour(refuse_after=2)])
async def test_a_broken_socket_is_an_oserror_and_the_loop_lives_on(runner: Runner, behaviour: Behaviour) -> None:
    errors: list[OSError] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(START)
        try:
            for _ in range(10_000):
                await send(body(b"x" * 1000, more=True))
                await asyncio.sleep(0)
            await send(body(b""))
        except OSError as error:
            errors.append(error)
            assert await receive()
            assert await receive() == {"type": "http.disconnect"}
            with pytest.raises(OSError, match="broke"):
                await send(body(b"again"))

    broken = runner.api.enqueue(rest_event(), behaviour=behaviour)
    healthy = runner.api.enqueue(rest_event())
    runner.start(app)
    await polled(healthy)
    assert len(errors) == 1
    assert broken.ended_at is None
    assert len(healthy.body) == 10_000_000
    assert runner.reported == ["response_failed"]


async def test_an_application_that_lets_the_oserror_through_is_not_blamed(runner: Runner) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(START)
        while True:
            await send(body(b"x" * 1000, more=True))
            await asyncio.sleep(0)

    broken = runner.api.enqueue(rest_event(), behaviour=Behaviour(break_after=3))
    after = runner.api.enqueue({})
    runner.start(app)
    await polled(after)
    assert broken.broken_at is not None
    assert runner.reported == ["response_failed"]


async def test_a_connection_closed_after_the_answer_is_reopened(runner: Runner) -> None:
    first = runner.api.enqueue(rest_event(), behaviour=Behaviour(answer_close=True))
    second = runner.api.enqueue(rest_event())
    runner.start(hello)
    await polled(second)
    assert (first.body, second.body) == (b"hello", b"hello")
    assert runner.api.connections == 2
    assert runner.reported == []


async def test_a_connection_closed_while_the_application_thinks_is_reopened(runner: Runner) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.to_thread(call.wait_for, "the close", lambda: call.broken_at is not None)
        for _ in range(10):
            await asyncio.sleep(0)  # let the loop notice; no time passes
        await hello(scope, receive, send)

    call = runner.api.enqueue(rest_event(), behaviour=Behaviour(close_after_event=True))
    runner.start(app)
    await polled(call)
    assert call.body == b"hello"
    assert runner.reported == []


async def test_the_loop_ends_with_1_when_the_runtime_api_is_gone(runner: Runner) -> None:
    call = runner.api.enqueue(rest_event())
    task = runner.start(hello)
    await polled(call)
    await asyncio.to_thread(runner.api.__exit__)
    assert await asyncio.wait_for(task, 20) == 1
    assert set(runner.reported) == {"poll_failed"}
