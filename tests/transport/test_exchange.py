"""HTTP/1.1 as it really comes: framing, surplus, staleness, cancellation, back-pressure, TLS."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.upstream.server import ClosedPort, FullPort, Upstream
from tests.upstream.steps import Close, Gate, Reset, Send, Stall, Step, chunk, reply
from tests.upstream.tls import self_signed

from gateway.clock import Clock
from gateway.transport.faults import Closed, NotConnected, NotConnectedInTime, NotHttp, TransportFault, UnsendableHeader
from gateway.transport.pool import Destination, Pool, request_head

HEAD = request_head(b"POST", b"/x", [(b"host", b"h"), (b"content-length", b"0")])


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as server:
        yield server


def place(upstream: Upstream, server_name: str | None = None) -> Destination:
    return Destination("127.0.0.1", upstream.port, server_name)


async def ask(pool: Pool, where: Destination) -> tuple[int, bytes]:
    async with asyncio.timeout(5), pool.exchange(where, HEAD, b"", 2.0) as answer:
        return answer.status, await answer.read()


def raw(*steps: Step | bytes) -> tuple[Step, ...]:
    return tuple(Send(step) if isinstance(step, bytes) else step for step in steps)


OK = b"HTTP/1.1 200 OK\r\n"
GOOD = {
    "length": (raw(OK + b"content-length: 2\r\n\r\nhi"), b"hi", True),
    "byte by byte": (raw(*[b"%c" % byte for byte in OK + b"Content-Length:2\r\n\r\nhi"]), b"hi", True),
    "chunked": (raw(OK + b"transfer-encoding: chunked\r\n\r\n1;ext=\"a\"\r\nh\r\n1\r\ni\r\n0\r\nX-Trailer: 1\r\n\r\n"), b"hi", True),
    "close-delimited": (raw(OK + b"\r\nhi", Close()), b"hi", False),
    "http/1.0": (raw(b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nhi"), b"hi", False),
    "connection close": (raw(OK + b"connection: close\r\ncontent-length: 2\r\n\r\nhi"), b"hi", False),
    "interim": (raw(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n", OK + b"content-length: 2\r\n\r\nhi"), b"hi", True),
    "204": (raw(b"HTTP/1.1 204 No Content\r\n\r\n"), b"", True),
    "304": (raw(b"HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n"), b"", True),
    "empty": (raw(OK + b"content-length: 0\r\n\r\n"), b"", True),
    "surplus garbage": (raw(OK + b"content-length: 2\r\n\r\nhiGARBAGE"), b"hi", False),
    "surplus answer": (raw(OK + b"content-length: 2\r\n\r\nhiHTTP/1.1 500 No\r\ncontent-length: 4\r\n\r\nevil"), b"hi", False),
    "surplus chunked answer": (raw(OK + b"transfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\nevil"), b"hi", False),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
async def test_answers_and_whether_their_connection_lives_on(upstream: Upstream, name: str) -> None:
    steps, body, reused = GOOD[name]
    upstream.add(steps)
    pool = Pool(Clock().wall)
    for _ in range(2):
        status, got = await ask(pool, place(upstream))
        assert got == body
        assert status == {"204": 204, "304": 304}.get(name, 200)
    assert (upstream.accepted == 1) is reused
    pool.close()


BAD: dict[str, tuple[tuple[Step, ...], type[TransportFault]]] = {
    "nothing": (raw(Close()), Closed),
    "reset": (raw(Reset()), Closed),
    "half a head": (raw(OK + b"content-le", Close()), Closed),
    "too short": (raw(OK + b"content-length: 9\r\n\r\nhi", Close()), Closed),
    "half a chunk": (raw(OK + b"transfer-encoding: chunked\r\n\r\n9\r\nhi", Close()), Closed),
    "no last chunk": (raw(OK + b"transfer-encoding: chunked\r\n\r\n2\r\nhi\r\n", Close()), Closed),
    "reset while close-delimited": (raw(OK + b"\r\nhi", Reset()), Closed),
    "garbage": (raw(b"SSH-2.0-x\r\n\r\n", Stall()), NotHttp),
    "bad chunk size": (raw(OK + b"transfer-encoding: chunked\r\n\r\nzz\r\nhi", Stall()), NotHttp),
    "two lengths": (raw(OK + b"content-length: 2\r\ncontent-length: 3\r\n\r\nhi", Stall()), NotHttp),
    "length and chunks": (raw(OK + b"content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", Stall()), NotHttp),
    "negative length": (raw(OK + b"content-length: -1\r\n\r\nhi", Stall()), NotHttp),
    "upgrade": (raw(b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\nzzz", Stall()), TransportFault),
    "endless header line": (raw(OK + b"x: " + b"a" * 300_000, Stall()), NotHttp),
    "endless headers": (raw(OK + b"x: aaaaaaaaaaaaaaaa\r\n" * 20_000, Stall()), NotHttp),
    "endless interim": (raw(b"HTTP/1.1 103 E\r\nx: 1\r\n\r\n" * 20_000, Stall()), NotHttp),
    "endless reason": (raw(b"HTTP/1.1 200 " + b"O" * 300_000, Stall()), NotHttp),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
async def test_what_is_no_answer_is_a_fault_and_leaves_no_socket(
    upstream: Upstream, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    steps, kind = BAD[name]
    upstream.add(steps)
    pool = Pool(Clock().wall)
    with pytest.raises(kind):
        await ask(pool, place(upstream))
    await upstream.quiet()
    assert "Fatal error" not in caplog.text


async def test_an_idle_connection_that_the_peer_closed_is_not_used(upstream: Upstream) -> None:
    upstream.add((*reply(200, b"{}"), Gate("close"), Close()), reply(200, b"[]"))
    pool = Pool(Clock().wall)
    assert (await ask(pool, place(upstream)))[1] == b"{}"
    upstream.open("close")
    await upstream.quiet()
    assert (await ask(pool, place(upstream)))[1] == b"[]"
    assert upstream.accepted == 2
    pool.close()


async def test_an_idle_connection_that_spoke_is_not_used(upstream: Upstream) -> None:
    upstream.add(
        (*reply(200, b"{}"), Gate("speak"), Send(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil"), Stall()),
        reply(200, b"[]"),
    )
    pool = Pool(Clock().wall)
    await ask(pool, place(upstream))
    upstream.open("speak")
    await upstream.quiet()
    assert (await ask(pool, place(upstream)))[1] == b"[]"
    pool.close()


async def test_old_idle_connections_are_closed_not_used(upstream: Upstream) -> None:
    now = [1000.0]
    upstream.add(reply(200, b"{}"))
    pool = Pool(lambda: now[0])
    await asyncio.gather(*(ask(pool, place(upstream)) for _ in range(3)))
    assert upstream.accepted == 3
    now[0] += 56
    await ask(pool, place(upstream))
    assert upstream.accepted == 4
    await upstream.until(lambda: len(upstream.connections) == 1)
    pool.close()


async def test_those_below_the_top_do_not_lie_there_for_ever(upstream: Upstream) -> None:
    now = [1000.0]
    upstream.add(reply(200, b"{}"))
    pool = Pool(lambda: now[0])
    await asyncio.gather(*(ask(pool, place(upstream)) for _ in range(3)))
    for _ in range(4):
        now[0] += 20
        await ask(pool, place(upstream))
    assert upstream.accepted == 3
    await upstream.until(lambda: len(upstream.connections) == 1)
    pool.close()


@pytest.mark.parametrize("at", ["connect", "tls", "head", "body"])
async def test_a_cancellation_leaves_no_open_socket(upstream: Upstream, at: str) -> None:
    upstream.add(raw(Stall()) if at == "head" else raw(OK + b"content-length: 9\r\n\r\nhi", Stall()))
    full = FullPort() if at == "connect" else None
    held: list[object] = []
    silent = await asyncio.start_server(lambda *ends: held.extend(ends), "127.0.0.1", 0) if at == "tls" else None
    port = full.port if full else silent.sockets[0].getsockname()[1] if silent else upstream.port
    pool = Pool(Clock().wall)
    task = asyncio.ensure_future(ask(pool, Destination("127.0.0.1", port, "x.example" if silent else None)))
    if at in {"head", "body"}:
        await upstream.seen()
    for _ in range(20):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await upstream.quiet()
    if full:
        full.close()
    if silent:
        silent.close()


async def test_leaving_early_closes_the_connection(upstream: Upstream) -> None:
    upstream.add(raw(OK + b"content-length: 9\r\n\r\nhi", Stall()))
    pool = Pool(Clock().wall)
    async with pool.exchange(place(upstream), HEAD, b"", 2.0) as answer:
        assert await answer.chunk() == b"hi"
    await upstream.quiet()


async def test_a_slow_reader_slows_the_upstream(upstream: Upstream) -> None:
    piece = b"x" * 65_536
    count = 800
    upstream.add(
        (
            Send(OK + b"transfer-encoding: chunked\r\n\r\n"),
            *(Send(chunk(piece), len(piece)) for _ in range(count)),
            Send(chunk(b"")),
        )
    )
    pool = Pool(Clock().wall)
    async with asyncio.timeout(20), pool.exchange(place(upstream), HEAD, b"", 2.0) as answer:
        sent = -1
        while sent != upstream.journal[0].sent:
            sent = upstream.journal[0].sent
            for _ in range(200):
                await asyncio.sleep(0)
        # What the upstream could get rid of: our queue of a megabyte and the buffers of two sockets, not all of 50 MB.
        assert sent < count * len(piece) // 2
        size = 0
        while (part := await answer.chunk()) is not None:
            size += len(part)
    assert size == count * len(piece)
    pool.close()


async def test_refused_and_never_accepted() -> None:
    for port, kind in ((ClosedPort(), NotConnected), (FullPort(), NotConnectedInTime)):
        with pytest.raises(kind):
            async with Pool(Clock().wall).exchange(Destination("127.0.0.1", port.port, None), HEAD, b"", 0.2):
                pass
        port.close()


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        (b"/a b", []),
        (b"/a\r\nx: y", []),
        (b"/", [(b"a", b"b\nc")]),
        (b"/", [(b"a:", b"b")]),
        (b"/", [(b"a", b"\0")]),
        (b"/", [(b"", b"x")]),
    ],
)
def test_nothing_that_breaks_the_framing_is_written(target: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    with pytest.raises(UnsendableHeader):
        request_head(b"GET", target, headers)


@asynccontextmanager
async def tls_upstream(folder: Path, host: str) -> AsyncIterator[tuple[Upstream, Path]]:
    certificate = self_signed(folder, host)
    async with Upstream(certificate.context) as server:
        server.add(reply(200, b"{}"))
        yield server, certificate.certificate


async def test_tls_with_an_authority_of_our_own_and_reuse(tmp_path: Path) -> None:
    async with tls_upstream(tmp_path, "llm.example") as (server, certificate):
        pool = Pool(Clock().wall, ssl.create_default_context(cafile=str(certificate)))
        for _ in range(3):
            assert await ask(pool, place(server, "llm.example")) == (200, b"{}")
        assert server.accepted <= 2  # a session ticket may arrive late, once
        pool.close()


@pytest.mark.parametrize("trusted", [True, False])
async def test_tls_with_a_wrong_certificate_sends_nothing(tmp_path: Path, trusted: bool) -> None:
    async with tls_upstream(tmp_path, "llm.example") as (server, certificate):
        context = ssl.create_default_context(cafile=str(certificate)) if trusted else None
        with pytest.raises(NotConnected):
            await ask(Pool(Clock().wall, context), place(server, "other.example" if trusted else "llm.example"))
        assert server.journal == []
        await server.quiet()


async def test_plain_http_behind_a_tls_url_is_not_connected(upstream: Upstream) -> None:
    with pytest.raises(NotConnected):
        await ask(Pool(Clock().wall), place(upstream, "llm.example"))


async def test_ipv6() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK + b"content-length: 2\r\n\r\nv6")

    try:
        server = await asyncio.start_server(answer, "::1", 0)
    except OSError:
        pytest.skip("no IPv6 on this machine's loopback")
    pool = Pool(Clock().wall)
    assert await ask(pool, Destination("::1", server.sockets[0].getsockname()[1], None)) == (200, b"v6")
    pool.close()
    server.close()
