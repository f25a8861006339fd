"""The loop against a fake Runtime API: order, after-work, errors, broken sockets, restore. Order is proved by handshakes, never by sleeping."""

from __future__ import annotations

import asyncio
import json
import os
import time
from typing import Any

import pytest

from gateway.runtime.bridge import ASGIApp, Message, Receive, Scope, Send
from gateway.runtime.loop import report_to_stderr
from tests.runtime.conftest import Runner
from tests.runtime.fake_runtime_api import Behaviour, FakeRuntimeApi, rest_event

START = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]}


def body(data: bytes, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": more}


async def polled(call: Any) -> None:
    await asyncio.to_thread(call.wait_polled)


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    await send(START)
    await send(body(b"hello"))


async def test_prelude_travels_alone_in_the_first_chunk(runner: Runner) -> None:
    call = runner.api.enqueue(rest_event())
    runner.start(hello)
    await polled(call)
    assert call.chunks[0].data == (
        b'{"statusCode":200,"headers":{"content-type":"text/event-stream"}}' + b"\0" * 8
    )
    assert [chunk.data for chunk in call.chunks[1:]] == [b"hello"]
    assert call.request_headers["trailer"] == "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body"
    assert call.trailers == {}
    assert runner.reported == []


async def test_parts_arrive_as_they_are_sent(runner: Runner) -> None:
    call = runner.api.enqueue(rest_event())
    confirmed = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(START)
        for number in range(5):
            await send(body(b"part %d" % number, more=True))
            # The next part is not sent before the other side has this one: buffering anywhere would end in a timeout.
            await asyncio.to_thread(call.wait_chunks, number + 2)
            confirmed.append(time.monotonic())
        await send(body(b""))

    runner.start(app)
    await polled(call)
    assert [chunk.data for chunk in call.chunks[1:]] == [b"part %d" % number for number in range(5)]
    arrivals = [chunk.at for chunk in call.chunks[1:]]
    assert all(arrival <= seen for arrival, seen in zip(arrivals, confirmed, strict=True))
    assert all(seen <= arrival for seen, arrival in zip(confirmed, arrivals[1:], strict=False))


async def test_work_after_the_last_byte_is_done_before_the_next_poll(runner: Runner) -> None:
    call = runner.api.enqueue(rest_event())
    moments: dict[str, float] = {}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(START)
        await send(body(b"all"))
        # The client's stream is over although this application has not returned.
        await asyncio.to_thread(call.wait_ended)
        assert call.polled_at is None
        await asyncio.sleep(0)
        moments["after"] = time.monotonic()

    runner.start(app)
    await polled(call)
    assert call.ended_at is not None
    assert call.polled_at is not None
    assert call.ended_at <= moments["after"] <= call.polled_at


async def test_receive_yields_disconnect_only_after_the_response_is_complete(runner: Runner) -> None:
    call = runner.api.enqueue(rest_event(body="question"))
    seen: list[Any] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(await receive())
        listener = asyncio.ensure_future(receive())
        await send(START)
        await send(body(b"one", more=True))
        await asyncio.to_thread(call.wait_chunks, 2)
        seen.append(listener.done())
        await send(body(b"two"))
        seen.append(await listener)
        seen.append(await receive())

    runner.start(app)
    await polled(call)
    gone = {"type": "http.disconnect"}
    assert seen == [{"type": "http.request", "body": b"question", "more_body": False}, False, gone, gone]


async def test_an_empty_part_does_not_end_the_stream(runner: Runner) -> None:
    call = runner.api.enqueue(rest_event())

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(START)
        await send(body(b"", more=True))
        await asyncio.to_thread(call.wait_chunks, 1)  # the head reaches the client before there is any body
        await send(body(b"", more=True))
        await send(body(b"rest", more=True))
        await send({"type": "http.response.body"})

    runner.start(app)
    await polled(call)
    assert call.body == b"rest"


async def test_two_events_share_the_loop_the_application_and_one_upstream_connection(runner: Runner) -> None:
    accepted: list[int] = []

    async def upstream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.append(1)
        while line := await reader.readline():
            writer.write(b"re: " + line)
        writer.close()

    server = await asyncio.start_server(upstream, "127.0.0.1", 0)
    loops: list[int] = []

    async def build() -> ASGIApp:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            loops.append(id(asyncio.get_running_loop()))
            writer.write((await receive())["body"] + b"\n")
            await send(START)
            await send(body(await reader.readline()))

        return app

    calls = [runner.api.enqueue(rest_event(body=f"question {number}")) for number in range(3)]
    runner.start(build=build)
    await polled(calls[-1])
    server.close()
    assert [call.body for call in calls] == [b"re: question 0\n", b"re: question 1\n", b"re: question 2\n"]
    assert len(set(loops)) == 1
    assert len(loops) == 3
    assert len(accepted) == 1
    assert runner.api.connections == 1, "the Runtime API connection is kept too"


async def test_context_variables_do_not_leak_into_the_next_event(runner: Runner) -> None:
    import contextvars

    variable = contextvars.ContextVar("variable", default="clean")
    seen = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(variable.get())
        variable.set("dirty")
        await hello(scope, receive, send)

    runner.api.enqueue(rest_event())
    last = runner.api.enqueue(rest_event())
    runner.start(app)
    await polled(last)
    assert seen == ["clean", "clean"]


async def test_deadline_trace_and_context_are_in_the_scope(runner: Runner) -> None:
    scopes: list[Scope] = []
    traces: list[str | None] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scopes.append(scope)
        traces.append(runner.environ.get("_X_AMZN_TRACE_ID"))
        await hello(scope, receive, send)

    first = runner.api.enqueue(rest_event(), 1_800_000_000.25)
    last = runner.api.enqueue(rest_event(), headers={"Lambda-Runtime-Trace-Id": "", "Lambda-Runtime-Deadline-Ms": ""})
    runner.start(app)
    await polled(last)
    assert scopes[0]["gateway.deadline"] == 1_800_000_000.25
    assert scopes[0]["aws.context"].aws_request_id == first.id
    assert scopes[0]["aws.event"]["httpMethod"] == "POST"
    assert traces == ["Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1", None]
    assert "gateway.deadline" not in scopes[1]


async def test_the_attempt_id_is_echoed(runner: Runner) -> None:
    call = runner.api.enqueue(rest_event(), headers={"Lambda-Runtime-Invocation-Id": "attempt-7"})
    runner.start(hello)
    await polled(call)
    assert call.request_headers["lambda-runtime-invocation-id"] == "attempt-7"


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_six_megabyte_event_arrives_whole(runner: Runner, chunked: bool) -> None:
    text = "ä\"\\\n" + "x" * 5_900_000
    got = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        got.append((await receive())["body"])
        await hello(scope, receive, send)

    call = runner.api.enqueue(rest_event(body=text), behaviour=Behaviour(chunked_event=chunked))
    runner.start(app)
    await polled(call)
    assert got == [text.encode()]


async def test_a_large_response_arrives_whole(runner: Runner) -> None:
    data = os.urandom(6 * 1024 * 1024)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(START)
        await send(body(data, more=True))
        await send(body(memoryview(data)))  # type: ignore[arg-type]

    call = runner.api.enqueue(rest_event())
    runner.start(app)
    await polled(call)
    assert call.body == data + data


# Failures of the application


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

HTTP_2 = {"version": "2.0", "rawPath": "/v1/models", "requestContext": {"http": {"method": "GET", "path": "/v1/models"}}}
LOAD_BALANCER = {"httpMethod": "GET", "path": "/", "headers": {}, "requestContext": {"elb": {"targetGroupArn": "x"}}}


@pytest.mark.parametrize(
    "event",
    [{}, [], None, 7, "text", {"source": "aws.events"}, {"Records": [{}]}, HTTP_2, LOAD_BALANCER, b"", b"{", b"\xff", b"[" * 5000],
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


async def test_the_loop_ends_with_1_when_the_runtime_api_is_gone(runner: Runner) -> None:
    call = runner.api.enqueue(rest_event())
    task = runner.start(hello)
    await polled(call)
    await asyncio.to_thread(runner.api.__exit__)
    assert await asyncio.wait_for(task, 20) == 1
    assert set(runner.reported) == {"poll_failed"}


# Start and restore


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
    runner.start(
        build=recorded(log, "first"), renew=recorded(log, "fresh"), AWS_LAMBDA_INITIALIZATION_TYPE="on-demand"
    )
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
        report_to_stderr("application_failed", error)
    line = json.loads(capsys.readouterr().err)
    assert line["error"] == "ValueError"
    assert "test_the_log_line" in line["at"][-1]
    assert "secret" not in json.dumps(line)


def test_the_address_must_be_an_address(lambda_api: FakeRuntimeApi) -> None:
    from gateway.runtime.api import RuntimeApi

    for address in ("", "localhost", ":80", "host:port"):
        with pytest.raises(ValueError, match="host:port"):
            RuntimeApi(address)
