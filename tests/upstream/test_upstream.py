"""The test upstream itself: what it promises about bytes, pauses, ends and its journal."""

from __future__ import annotations

import asyncio
import base64
import json
import signal
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from tests.upstream import (
    ClosedPort,
    FullPort,
    Reset,
    Send,
    Stall,
    Upstream,
    cut,
    events,
    gated,
    head,
    pieces,
    reply,
    split_events,
)
from tests.upstream import faults as catalogue
from tests.upstream.background import serving
from tests.upstream.steps import ENDINGS, from_json, to_json
from tests.upstream.tls import self_signed

ROOT = Path(__file__).parent.parent.parent
BODY = b'{"model":"m1","text":"gr\xc3\xbc\xc3\x9fe"}'


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as running:
        yield running


async def raw(upstream: Upstream, body: bytes = BODY, path: str = "/v1/x") -> bytes:
    """Everything the upstream writes to one request until it closes; the bytes so far when it resets."""
    reader, writer = await asyncio.open_connection("127.0.0.1", upstream.port)
    writer.write(b"POST %b HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%b" % (path.encode(), len(body), body))
    got = b""
    try:
        while piece := await reader.read(65536):
            got += piece
    except ConnectionResetError:
        got += b"<RST>"
    finally:
        writer.close()
    return got


async def test_every_byte_of_request_and_answer_is_exact(upstream: Upstream) -> None:
    answer = (
        Send(b"HTTP/1.1 200 Fine\r\nX-Odd:  spaced \r\nconnection: close\r\n\r\n"),
        Send(b"\x00\xff", 2),
        *ENDINGS["close"],
    )
    upstream.add(answer)
    assert await raw(upstream) == b"HTTP/1.1 200 Fine\r\nX-Odd:  spaced \r\nconnection: close\r\n\r\n\x00\xff"
    request = upstream.journal[0]
    assert request.head == b"POST /v1/x HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % len(BODY)
    assert (request.body, request.model, request.outcome, request.sent) == (BODY, "m1", "closed", 2)
    assert request.headers == [("Host", "h"), ("Content-Length", str(len(BODY)))]


async def test_chunked_request_bodies_are_kept_raw_and_decoded(upstream: Upstream) -> None:
    upstream.add(reply(200, b"{}"))

    async def parts() -> AsyncIterator[bytes]:
        yield b"one"
        yield b"two"

    async with httpx.AsyncClient() as client:
        await client.post(upstream.url + "/p?q=1", content=parts())
    request = upstream.journal[0]
    assert (request.body, request.raw_body) == (b"onetwo", b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")
    assert (request.path, request.target) == ("/p", "/p?q=1")


async def test_rules_match_newest_first_and_replies_come_in_order(upstream: Upstream) -> None:
    upstream.add(reply(200, b"any"))
    upstream.add(reply(500, b"first"), reply(201, b"then"), path="/a", model="m1")
    async with httpx.AsyncClient(base_url=upstream.url) as client:
        answers = [await client.post("/a", content=BODY) for _ in range(3)]
        other = await client.post("/a", content=b'{"model":"m2"}')
    assert [(answer.status_code, answer.content) for answer in answers] == [
        (500, b"first"),
        (201, b"then"),
        (201, b"then"),
    ]
    assert other.content == b"any"
    assert {request.connection for request in upstream.journal} == {1}, "keep-alive holds while no step ends it"


async def test_no_rule_is_loud(upstream: Upstream) -> None:
    async with httpx.AsyncClient() as client:
        assert (await client.get(upstream.url)).status_code == 599


async def test_gates_release_one_part_at_a_time(upstream: Upstream) -> None:
    upstream.add(gated([b"data: 1\n\n", b"data: 2\n\n"]))
    async with httpx.AsyncClient() as client, client.stream("POST", upstream.url, content=BODY) as answer:
        arriving = answer.aiter_raw()
        upstream.open("part-0")
        assert await anext(arriving) == b"data: 1\n\n"
        waiting = asyncio.ensure_future(anext(arriving))
        await asyncio.wait({waiting}, timeout=0.05)
        assert not waiting.done(), "the second part waits for its gate"
        upstream.open("part-1", "part-end")
        assert await waiting == b"data: 2\n\n"
        assert [part async for part in arriving] == []


@pytest.mark.parametrize("by", ["reset", "close", "clean"])
@pytest.mark.parametrize("at", [0, 1, 17])
async def test_cut_after_exactly_n_bytes(upstream: Upstream, by: str, at: int) -> None:
    body = b"data: 0123456789\n\n"
    upstream.add((*cut(body, at, by), *ENDINGS["close"]))  # type: ignore[arg-type]
    got = await raw(upstream)
    content = got.partition(b"\r\n\r\n")[2]
    expected = (b"%x\r\n%b\r\n" % (at, body[:at])) if at else b""
    assert content == expected + {"reset": b"<RST>", "close": b"", "clean": b"0\r\n\r\n"}[by]


async def test_journal_knows_that_the_client_left(upstream: Upstream) -> None:
    upstream.add(gated([b"data: 1\n\n", b"data: 2\n\n"]))
    async with httpx.AsyncClient() as client:
        async with client.stream("POST", upstream.url, content=BODY) as answer:
            upstream.open("part-0")
            assert await anext(answer.aiter_raw()) == b"data: 1\n\n"
        await upstream.quiet()
    await upstream.journal[0].finished.wait()
    assert upstream.journal[0].client_left
    assert upstream.journal[0].sent == 9


async def test_connect_scripts_run_before_the_request(upstream: Upstream) -> None:
    upstream.add(reply(200, b"{}"))
    upstream.on_connect((Reset(),), (Stall(),))
    async with httpx.AsyncClient(timeout=httpx.Timeout(5.0, read=0.1)) as client:
        with pytest.raises(httpx.TransportError):
            await client.get(upstream.url)
        with pytest.raises(httpx.ReadTimeout):
            await client.get(upstream.url)
        assert (await client.get(upstream.url)).status_code == 200
    assert len(upstream.journal) == 1


async def test_closed_port_refuses_and_full_port_hangs() -> None:
    closed, full = ClosedPort(), FullPort()
    async with httpx.AsyncClient(timeout=httpx.Timeout(5.0, connect=0.2)) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(closed.url)
        with pytest.raises(httpx.ConnectTimeout):
            await client.get(full.url)
    closed.close()
    full.close()


async def test_tls_with_a_certificate_made_now(tmp_path: Path) -> None:
    made = self_signed(tmp_path)
    async with Upstream(made.context) as upstream:
        upstream.add(reply(200, b"secret"))
        trusting = ssl.create_default_context(cafile=str(made.certificate))
        async with httpx.AsyncClient(verify=trusting) as client:
            assert (await client.get(upstream.url)).content == b"secret"
        async with httpx.AsyncClient() as client:
            with pytest.raises(httpx.ConnectError):
                await client.get(upstream.url)


@pytest.mark.parametrize("dialect", ["openai_chat", "anthropic_messages"])
@pytest.mark.parametrize("name", sorted({**catalogue.ANSWERS, **catalogue.STREAMS}))
async def test_every_fault_of_the_catalogue_can_be_served(upstream: Upstream, name: str, dialect: str) -> None:
    steps = {**catalogue.ANSWERS, **catalogue.STREAMS}[name](dialect)
    upstream.add(steps)
    asking = asyncio.ensure_future(raw(upstream))
    (request,) = await upstream.seen()
    if name not in catalogue.HANGING and not any(step in ENDINGS["close"] + ENDINGS["reset"] for step in steps):
        await asyncio.wait_for(request.finished.wait(), 5)
        assert request.outcome == "sent"
        await upstream.stop()
    elif name in catalogue.HANGING:
        await asyncio.wait({asking}, timeout=0.02)
        assert request.outcome == "open"
        await upstream.stop()
    got = await asyncio.wait_for(asking, 5)
    written = b"".join(step.data for step in steps if isinstance(step, Send))
    assert got.removesuffix(b"<RST>") == written


def test_steps_survive_json() -> None:
    for steps in (*catalogue.CONNECT.values(), gated([b"a\xff"]), cut(b"abc", 2), reply(302), events(b"data: x\n\n")):
        assert from_json(json.loads(json.dumps(to_json(steps)))) == steps
    with pytest.raises(ValueError, match="not a step"):
        from_json([{"sned": "x"}])


def test_splitting_loses_nothing() -> None:
    body = b"event: a\ndata: 1\n\ndata: 2\n\ndata: tail without end"
    assert b"".join(split_events(body)) == body
    assert b"".join(pieces(body, 7)) == body


def test_background_upstream_serves_blocking_clients() -> None:
    with serving() as upstream:
        upstream.add(gated([b"data: 1\n\n"]))
        with httpx.stream("POST", upstream.url, content=BODY) as answer:
            upstream.open("part-0", "part-end")
            assert answer.read() == b"data: 1\n\n"
        (request,) = upstream.seen()
        assert upstream.finished(request).outcome == "sent"


def test_process_is_controlled_over_http() -> None:
    command = [sys.executable, "-m", "tests.upstream"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    try:
        told = json.loads(process.stdout.readline())
        with httpx.Client(base_url=told["control"]) as control:
            rules = [{"path": "/v1/x", "replies": [to_json((Send(head(201, (("content-length", "1"),)) + b"!", 1),))]}]
            assert control.put("/rules", json=rules).json() == {"rules": 1}
            assert control.put("/rules", json=[{"replies": [{"fault": "none"}]}]).status_code == 400
            assert httpx.post(told["url"] + "/v1/x", content=BODY).status_code == 201
            journal = control.get("/journal").json()
            assert base64.b64decode(journal[0]["body"]) == BODY
            assert control.get("/nowhere").status_code == 404
            assert control.get("/state").json()["requests"] == 1
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
