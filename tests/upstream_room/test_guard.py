"""Where an upstream URL may point: hostile addresses in every spelling, on sight and at connect (RELIABILITY S2)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from tests.upstream.server import Upstream
from tests.upstream.steps import reply
from tests.upstream_room.hostile import HOSTILE, NEVER
from tests.upstream_room.names import Dialled, Names

from gateway.clock import Clock
from gateway.errors import UnsafeUrl, UpstreamFault
from gateway.transport.pool import Pool
from gateway.upstream import faults, guard
from gateway.upstream.client import PinnedClient, UpstreamRequest


def refused(url: str, *, allow_private: bool) -> bool:
    try:
        guard.check_url(url, allow_private=allow_private)
    except UnsafeUrl:
        return True
    return False


def test_hostile_urls_are_refused_on_sight(capsys: pytest.CaptureFixture[str]) -> None:
    table = [(url, False) for url in HOSTILE] + [(url, True) for url in NEVER]
    passed = [case for case in table if not refused(case[0], allow_private=case[1])]
    with capsys.disabled():
        print(f"\nS2: {len(table) - len(passed)}/{len(table)} hostile URLs refused on sight ({len(HOSTILE)} distinct)")
    assert passed == []


@pytest.mark.parametrize(
    "url",
    [
        "https://api.openai.com/v1",
        "https://8.8.8.8/",
        "http://[2606:4700::1111]:8443/x",
        "https://xn--bcher-kva.example/",
        "https://0xdead.example/",
    ],
)
def test_good_urls_pass(url: str) -> None:
    guard.check_url(url, allow_private=False)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1", "http://[::1]:1", "http://10.0.0.1/", "http://ollama.local/v1", "http://localhost:11434/v1"],
)
def test_private_ones_pass_where_they_are_allowed(url: str) -> None:
    guard.check_url(url, allow_private=True)


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as server:
        server.add(reply(200, b"{}"))
        yield server


def client(now: list[float] | None = None) -> tuple[PinnedClient, Pool]:
    pool = Pool(Clock().wall)
    return PinnedClient(pool, (lambda: now[0]) if now else Clock().monotonic), pool


def request(url: str, *, allow_private: bool = False) -> UpstreamRequest:
    return UpstreamRequest(url, [(b"authorization", b"Bearer canary")], b"{}", 2.0, allow_private)


async def connects(url: str, *, allow_private: bool = False) -> tuple[UpstreamFault | None, int]:
    """What became of a call, and how many connections were tried."""
    caller, pool = client()
    try:
        async with caller.open(request(url, allow_private=allow_private)) as answer:
            await answer.chunk()
    except UpstreamFault as fault:
        return fault, pool.opened
    finally:
        caller.close()
    return None, pool.opened


async def test_hostile_urls_are_refused_at_connect(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Every name has a public address here, so that nothing but the URL itself can be the reason.
    Names(monkeypatch, ["93.184.216.34"])
    dialled = Dialled(monkeypatch)
    table = [(url, False) for url in HOSTILE] + [(url, True) for url in NEVER]
    # A query belongs to the client here, not to the administrator's URL.
    table = [case for case in table if "?" not in case[0] and "#" not in case[0]]
    opened = [url for url, allowed in table if (await connects(url, allow_private=allowed))[1]]
    assert dialled.calls == []
    assert (await connects("http://good.example/"))[1] == 1, "the spies see what is let through"
    assert dialled.calls == [("93.184.216.34", 80, None)]
    with capsys.disabled():
        print(f"\nS2: {len(table) - len(opened)}/{len(table)} hostile URLs without a connection at connect")
    assert opened == []


@pytest.mark.parametrize(
    "answer",
    [
        ["127.0.0.1"],
        ["8.8.8.8", "127.0.0.1"],
        ["::1"],
        ["::ffff:10.0.0.1"],
        ["64:ff9b::a00:1"],
        ["169.254.169.254"],
        ["fe80::1%2"],
        ["0.0.0.0"],
    ],
)
async def test_a_public_name_with_a_private_answer_is_refused(
    answer: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Names(monkeypatch, answer)
    fault, opened = await connects("http://rebind.example/")
    assert isinstance(fault, faults.NotConfigured)
    assert fault.status == 503
    assert opened == 0


async def test_a_name_that_changes_its_answer_stays_pinned_and_is_judged_again(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = Names(monkeypatch, ["127.0.0.1"], ["169.254.169.254"])
    now = [0.0]
    caller, pool = client(now)
    url = f"http://rebind.example:{upstream.port}/"
    for _ in range(3):
        async with caller.open(request(url, allow_private=True)) as answer:
            assert answer.status == 200
            while await answer.chunk() is not None:
                pass
    assert names.asked == 1
    now[0] = 61.0
    with pytest.raises(faults.NotConfigured):
        async with caller.open(request(url, allow_private=True)):
            pass
    assert (names.asked, pool.opened) == (2, 1)
    caller.close()


async def test_a_judgement_for_one_url_is_none_for_another(upstream: Upstream) -> None:
    caller, _ = client()
    async with caller.open(request(upstream.url, allow_private=True)) as answer:
        await answer.chunk()
    for url, allowed in [
        (upstream.url, False),
        (upstream.url.replace("//", "//u:p@"), True),
        (upstream.url.replace("http:", "ftp:"), True),
    ]:
        with pytest.raises(faults.NotConfigured):
            async with caller.open(request(url, allow_private=allowed)):
                pass
    assert len(upstream.journal) == 1
    caller.close()


async def test_a_name_that_does_not_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    Names(monkeypatch, [])
    fault, opened = await connects("http://nowhere.example/")
    assert isinstance(fault, faults.DnsFault)
    assert opened == 0


@pytest.mark.parametrize("url", ["http://[", "http://x:99999/", "http://bücher.example/"])
async def test_a_malformed_url_is_a_fault_of_the_configuration(url: str) -> None:
    fault, _ = await connects(url)
    assert isinstance(fault, faults.NotConfigured)


async def test_a_header_that_would_split_the_request_is_never_sent(upstream: Upstream) -> None:
    caller, pool = client()
    for headers in ([(b"x", b"a\r\nb: c")], [(b"x\n", b"a")], [(b"", b"a")], [(b"x y", b"a")], [(b"x", b"a\0")]):
        with pytest.raises(faults.NotConfigured):
            async with caller.open(UpstreamRequest(upstream.url, headers, b"{}", 2.0, allow_private=True)):
                pass
    assert pool.opened == 0
