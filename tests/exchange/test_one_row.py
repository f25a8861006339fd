"""Whatever happens, a request leaves exactly one row and the next request is not hurt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.exchange.kit import KEY, Door, MemoryKeys, release_for, virtual_key
from tests.upstream.server import Upstream
from tests.upstream.steps import JSON, Send, Stall, chunk, events, gated, head, reply

from gateway.errors import Unavailable
from gateway.neutral.config import Timeouts
from gateway.neutral.logrow import LogRow

ASKED = {"model": "chat-model", "messages": [{"role": "user", "content": "hi"}]}
CHAT = "/v1/chat/completions"


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as server:
        server.add(reply(200, b"{}"))
        yield server


@pytest.fixture
def door(upstream: Upstream) -> Door:
    return Door(release_for(upstream.url))


async def boom(*_: Any, **__: Any) -> Any:
    raise RuntimeError("a bug with sk-proj-0123456789abcdef in it")


async def down(*_: Any, **__: Any) -> Any:
    raise Unavailable("out of reach")


def broken_estimate(*_: Any) -> Any:
    raise RuntimeError("a bug")


@pytest.mark.parametrize("fault", [boom, down], ids=["bug", "down"])
@pytest.mark.parametrize(
    "part", ["keys.admit", "releases.current", "secrets.secret", "keys.refresh", "releases.refresh"]
)
async def test_a_collaborator_that_fails(door: Door, part: str, fault: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    name, method = part.split(".")
    monkeypatch.setattr(type(getattr(door.exchange._parts, name)), method, fault)
    heard = await door.ask("POST", CHAT, ASKED)
    expected = 200 if method == "refresh" else 500 if fault is boom else 503
    assert (heard.status, door.row.status) == (expected, expected)
    assert heard.ended
    assert b"sk-proj" not in heard.body
    assert "sk-proj" not in repr(door.row)


async def test_metering_that_fails_still_leaves_a_row(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.settlement.usage", broken_estimate)
    assert (await door.ask("POST", CHAT, ASKED)).status == 200
    assert (door.row.status, door.row.cost.state) == (200, "unpriced")


async def test_a_bug_in_the_log_store_leaves_the_row_in_the_functions_log(
    door: Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(door.logs, "put", boom)
    assert (await door.ask("POST", CHAT, ASKED)).status == 200
    assert caplog.text.count("row=") == 1
    assert "sk-proj" not in caplog.text


async def test_a_body_store_that_is_down_does_not_cost_the_row(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = Door(release_for(upstream.url), keys=MemoryKeys(virtual_key(record_bodies=True)))
    monkeypatch.setattr(door.logs, "put_body", down)
    await door.ask("POST", CHAT, ASKED | {"user": "x" * 5000})
    assert (door.row.status, door.row.body_ref) == (200, None)


async def test_a_start_row_that_is_refused_does_not_spoil_the_answer(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = Door(release_for(upstream.url), keys=MemoryKeys(virtual_key(durable=True)))
    put = door.logs.put

    async def refuse_running(row: LogRow) -> None:
        if row.state == "running":
            raise Unavailable("throttled")
        await put(row)

    monkeypatch.setattr(door.logs, "put", refuse_running)
    assert (await door.ask("POST", CHAT, ASKED)).status == 200
    assert (door.row.status, door.row.error) == (200, None)


@pytest.mark.parametrize("stream", [False, True])
async def test_a_durable_key_gets_nothing_before_its_row_has_begun(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch, stream: bool
) -> None:
    """Else a killed environment could leave an answer that nobody knows of."""
    door = Door(release_for(upstream.url), keys=MemoryKeys(virtual_key(durable=True)))
    put, written = door.logs.put, asyncio.Event()
    parts: list[bytes] = []

    async def slow_beginning(row: LogRow) -> None:
        if row.state == "running":
            await written.wait()
        await put(row)

    monkeypatch.setattr(door.logs, "put", slow_beginning)
    upstream.reset()
    upstream.add(events(b"data: [DONE]\n\n") if stream else reply(200, b"{}"))
    asking = asyncio.ensure_future(door.ask("POST", CHAT, ASKED | {"stream": stream}, on_part=parts.append))
    await upstream.seen()
    await upstream.journal[0].finished.wait()
    assert parts == []
    written.set()
    assert (await asking).status == 200
    assert parts


REFUSED: list[tuple[str, str, bytes | dict[str, Any], list[tuple[str, str]], int]] = [
    ("POST", CHAT, ASKED, [], 401),
    ("GET", CHAT, b"", [], 405),
    ("POST", "/nowhere", b"", [], 404),
    ("POST", CHAT, b"{", [("x-api-key", KEY)], 400),
    ("POST", CHAT, ASKED | {"model": "none"}, [("x-api-key", KEY)], 404),
    ("POST", CHAT, ASKED | {"model": "claude-model", "n": 2}, [("x-api-key", KEY)], 400),
    ("POST", "/v1/embeddings", {"model": "claude-model", "input": "x"}, [("x-api-key", KEY)], 400),
    ("POST", CHAT, b"x", [("x-api-key", KEY), ("content-length", "99999999")], 413),
    ("GET", "/v1/models/none", b"", [("x-api-key", KEY)], 404),
    ("GET", "/v1/models?limit=0", b"", [("x-api-key", KEY), ("anthropic-version", "x")], 400),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case[1]}-{case[4]}")
async def test_each_refusal(
    door: Door, case: tuple[str, str, bytes | dict[str, Any], list[tuple[str, str]], int]
) -> None:
    method, target, body, headers, status = case
    heard = await door.ask(method, target, body, headers)
    assert (heard.status, door.row.status) == (status, status)
    assert door.row.error


@pytest.mark.parametrize(
    "target",
    [
        f"{CHAT}?x=%s" % hostile
        for hostile in ("caf\xe9", "a b", "\x01", "\udc80".encode("utf-8", "surrogatepass").decode("latin-1"))
    ],
)
async def test_a_hostile_query_is_escaped(door: Door, upstream: Upstream, target: str) -> None:
    assert (await door.ask("POST", target, ASKED)).status == 200
    assert (await upstream.seen())[0].target.isascii()


async def speak(door: Door, send: Any, *, stream: bool = True, receive: Any = None) -> None:
    import json

    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": CHAT,
        "query_string": b"",
        "headers": [(b"x-api-key", KEY.encode())],
        "client": None,
    }
    waiting = [{"type": "http.request", "body": json.dumps(ASKED | {"stream": stream}).encode(), "more_body": False}]

    async def one_request() -> Any:
        if waiting:
            return waiting.pop()
        return await asyncio.Event().wait()

    await door.exchange(scope, receive or one_request, send)


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("stream", [True, False])
async def test_a_client_whose_connection_breaks_at_any_message(
    door: Door, upstream: Upstream, at: int, stream: bool
) -> None:
    if stream:
        upstream.add(events(b'data: {"choices":[{"delta":{"content":"x"}}]}\n\ndata: [DONE]\n\n'))
    sent: list[Any] = []

    async def send(message: Any) -> None:
        if len(sent) == at:
            raise BrokenPipeError
        sent.append(message)

    await speak(door, send, stream=stream)
    if stream or at < 2:
        assert (door.row.status, door.row.error) == (499, "client_gone")
    await asyncio.sleep(0)


async def test_a_client_that_leaves_before_its_body(door: Door) -> None:
    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        raise AssertionError

    await speak(door, send, receive=receive)
    assert door.row.error == "client_gone"


@pytest.mark.parametrize("when", ["before the head", "in the stream"])
async def test_a_cancellation_from_outside(door: Door, upstream: Upstream, when: str) -> None:
    upstream.add(gated([b'data: {"choices":[{"delta":{"content":"1"}}]}\n\n']))
    if when == "in the stream":
        upstream.open("part-0")
    arrived = asyncio.Event()
    task = asyncio.ensure_future(door.ask("POST", CHAT, ASKED | {"stream": True}, on_part=lambda part: arrived.set()))
    await upstream.seen()
    if when == "in the stream":
        await arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await upstream.quiet()
    assert (door.row.status, door.row.error) == (503, "cancelled")


@pytest.mark.parametrize("late", [False, True])
async def test_a_head_that_the_server_cannot_send_becomes_an_error_of_the_dialect(door: Door, late: bool) -> None:
    sent: list[Any] = []
    large: list[bool] = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            large.append(
                dict(message["headers"]).get(b"x-gateway-request-id") is not None and not sent and len(large) == 0
            )
        if large[-1] and (late or message["type"] == "http.response.start"):
            if late and message["type"] == "http.response.start":
                return
            raise ValueError("too large")
        sent.append(message)

    await speak(door, send, stream=False)
    assert sent[0]["status"] == 502
    assert b'"error"' in sent[1]["body"]
    assert door.row.status == 502


async def test_a_leaving_client_at_the_end_of_an_answer_does_not_hurt_settling_or_the_next_request(
    door: Door, upstream: Upstream
) -> None:
    upstream.add(events(b"data: [DONE]\n\n"))
    for turns in range(12):
        leave = asyncio.Event()

        def on_part(part: bytes, leave: asyncio.Event = leave, turns: int = turns) -> None:
            if b"[DONE]" in part:
                asyncio.get_running_loop().call_later(0, leave.set) if turns % 2 else leave.set()

        await door.ask("POST", CHAT, ASKED | {"stream": True}, leave=leave, on_part=on_part)
        task = asyncio.current_task()
        assert task is not None
        assert task.cancelling() == 0
        assert len(door.logs.rows) == turns + 1
        async with asyncio.timeout(1):
            await asyncio.sleep(0)


async def test_a_finished_stream_that_stays_open_is_whole(upstream: Upstream) -> None:
    door = Door(release_for(upstream.url, Timeouts(connect=2, first_byte=5, idle=0.1, total=20)))
    upstream.add(
        (
            Send(
                head(200, (("content-type", "text/event-stream"), ("transfer-encoding", "chunked")))
                + chunk(b"data: [DONE]\n\n")
            ),
            Stall(),
        )
    )
    heard = await door.ask("POST", CHAT, ASKED | {"stream": True})
    assert (heard.body, heard.ended) == (b"data: [DONE]\n\n", True)
    assert (door.row.status, door.row.error) == (200, None)
    await upstream.quiet()


async def test_an_error_event_without_a_blank_line_reaches_the_client(door: Door, upstream: Upstream) -> None:
    event = b'data: {"error":{"type":"server_error","message":"x"}}'
    upstream.add(events(b'data: {"choices":[{"delta":{"content":"1"}}]}\n\n' + event))
    heard = await door.ask("POST", CHAT, ASKED | {"stream": True})
    assert heard.body.endswith(event + b"\n\n")
    assert door.row.status == 502


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "from-the-future"},
        {"extra_headers": {"x": "日本"}},
        {"extra_headers": {"x": "a\r\nb: c"}},
        {"base_url": "http://169.254.169.254"},
        {"base_url": "http://["},
        {"base_url": None},
    ],
)
async def test_a_provider_that_cannot_be_called_is_503_in_one_row(upstream: Upstream, change: dict[str, Any]) -> None:
    from dataclasses import replace

    release = release_for(upstream.url)
    door = Door(replace(release, providers=(replace(release.providers[0], **change),)))
    heard = await door.ask("POST", CHAT, ASKED)
    assert (heard.status, door.row.status, door.row.error) == (503, 503, "provider_unavailable")
    assert b"169.254" not in heard.body


async def test_framing_headers_of_an_administrator_are_not_sent(upstream: Upstream) -> None:
    from dataclasses import replace

    release = release_for(upstream.url)
    extra = {"Host": "evil", "Transfer-Encoding": "chunked", "Content-Length": "0", "Connection": "x", "X-Ok": "1"}
    door = Door(replace(release, providers=(replace(release.providers[0], extra_headers=extra),)))
    assert (await door.ask("POST", CHAT, ASKED)).status == 200
    sent = (await upstream.seen())[0].head.lower()
    assert sent.count(b"host:") == sent.count(b"content-length:") == 1
    assert b"x-ok: 1" in sent
    assert b"transfer-encoding" not in sent


async def test_what_leaks_back_is_neither_account_nor_credential(door: Door, upstream: Upstream) -> None:
    leaks = [
        ("openai-organization", "org"),
        ("anthropic-organization-id", "o"),
        ("authorization", "Bearer c"),
        ("x-api-key", "c"),
        ("connection", "x-hop"),
        ("connection", "x-two, keep-alive"),
        ("x-hop", "1"),
        ("x-two", "1"),
    ]
    upstream.add(reply(200, b"{}", (*JSON, *leaks, ("x-ratelimit-remaining-requests", "5"))))
    heard = await door.ask("POST", CHAT, ASKED)
    names = {name for name, _ in heard.headers}
    assert names.isdisjoint(name.encode() for name, _ in leaks)
    assert b"x-ratelimit-remaining-requests" in names
