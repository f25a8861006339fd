"""The loop against a fake Runtime API: order, after-work, scope, sizes. Order is proved by handshakes, never by sleeping."""

from __future__ import annotations

import asyncio
import os
import time
from typing import Any

import pytest
from tests.runtime.conftest import Runner
from tests.runtime.fake_runtime_api import Behaviour, rest_event
from tests.runtime.messages import START, body, hello, polled

from gateway.runtime.bridge import ASGIApp, Receive, Scope, Send


async def test_prelude_travels_alone_in_the_first_chunk(runner: Runner) -> None:
    call = runner.api.enqueue(rest_event())
    runner.start(hello)
    await polled(call)
    assert call.chunks[0].data == (b'{"statusCode":200,"headers":{"content-type":"text/event-stream"}}' + b"\0" * 8)
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
    text = 'ä"\\\n' + "x" * 5_900_000
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
