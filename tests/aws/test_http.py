"""The connections under the calls: TLS, reuse, event loops, limits."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest
from tests.aws.conftest import IMPATIENT, REGION, new_session
from tests.aws.faulty import Faulty
from tests.upstream.tls import self_signed

from gateway.aws import faults
from gateway.aws.credentials import StaticCredentials
from gateway.aws.http import Http, NoAnswer, Outgoing
from gateway.aws.session import AwsSession, Call
from gateway.aws.sigv4 import Credentials
from gateway.clock import Clock
from gateway.transport.pool import Pool

CALL = Call("dynamodb", "GetItem", b"{}")
EMPTY = (200, b"{}")


def _session(url: str, pool: Pool) -> AwsSession:
    return AwsSession(REGION, url, StaticCredentials(Credentials("a", "b")), Clock(), policy=IMPATIENT, pool=pool)


async def test_tls_verifies_the_name(tmp_path: Path) -> None:
    certificate = self_signed(tmp_path, "localhost")
    trusting = ssl.create_default_context(cafile=str(certificate.certificate))
    async with Faulty(tls=certificate.context, script=[EMPTY]) as server:
        pool = Pool(Clock().wall, trusting)
        assert (await _session(server.url, pool).call(CALL)).code == ""
        pool.close()
        strict = _session(server.url, Pool(Clock().wall))  # does not know the authority
        with pytest.raises(faults.Unreachable, match="no connection"):
            await strict.call(CALL)
        elsewhere = _session(server.url.replace("localhost", "127.0.0.1"), Pool(Clock().wall, trusting))  # another name
        with pytest.raises(faults.Unreachable, match="no connection"):
            await elsewhere.call(CALL)
        assert len(server.seen) == 1


async def test_connections_are_kept_and_shared(faulty: Faulty) -> None:
    faulty.script = [EMPTY] * 20
    pool = Pool(Clock().wall)
    one, other = _session(faulty.url, pool), _session(faulty.url, pool)
    for _ in range(5):
        await one.call(CALL)
        await other.call(CALL)
    assert pool.opened == 1
    await one.close()
    await other.call(CALL)
    assert pool.opened == 1  # a shared pool is not one session's to close
    pool.close()


async def test_a_connection_the_peer_closed_while_idle_is_not_used(faulty: Faulty) -> None:
    """As after a freeze: the update is not repeatable, so writing into a dead connection would end in doubt."""
    faulty.script = [EMPTY] * 2
    session = new_session(faulty.url)
    await session.call(CALL)
    faulty.hang_up()
    await asyncio.gather(*faulty._tasks, return_exceptions=True)
    await asyncio.sleep(0)
    answer = await session.call(Call("dynamodb", "UpdateItem", b"{}", repeatable=False))
    await session.close()
    assert answer.code == ""
    assert session.calls == {"dynamodb.GetItem": 1, "dynamodb.UpdateItem": 1}


def test_a_session_outlives_its_event_loop() -> None:
    """The buffered handler may run each event in a loop of its own."""
    session = new_session("http://127.0.0.1:1")

    async def once() -> None:
        async with Faulty(script=[EMPTY]) as server:
            session._endpoint = server.url
            assert (await session.call(CALL)).code == ""

    for _ in range(3):
        asyncio.run(once())


async def test_a_header_that_would_split_the_request_is_not_sent(faulty: Faulty) -> None:
    http = Http(Clock())
    outgoing = Outgoing("GET", faulty.url, [("host", "h"), ("x-a", "b\r\nx-evil: 1")])
    with pytest.raises(NoAnswer, match="unsendable"):
        await http.send(outgoing, 2.0)
    await http.close()
    assert faulty.seen == []


async def test_a_redirect_is_an_answer(faulty: Faulty) -> None:
    faulty.script = [(307, b"")]
    session = new_session(faulty.url)
    answer = await session.call(Call("s3", "GetObject", method="GET", as_json=False))
    await session.close()
    assert answer.code == "Status307"
    assert len(faulty.seen) == 1
