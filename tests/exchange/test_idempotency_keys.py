"""What an idempotency key is, who shares it, and what happens without the store, without time, and at the same time (R6.6)."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

import pytest
from tests.exchange.dialects import CLIENTS, MODELS, asked, streamed, whole
from tests.exchange.kit import KEY, Door, MemoryKeys, release_for, virtual_key
from tests.exchange.memory_replays import MemoryReplays
from tests.exchange.protected import Time, answers, ask, chat
from tests.upstream.server import Upstream
from tests.upstream.steps import events, gated, reply

from gateway.idempotency import MOST_KEPT, Claim, Idempotency, fingerprint
from gateway.ingress.draft import Draft
from gateway.ingress.http import Request
from gateway.neutral.config import Timeouts
from gateway.neutral.replays import ReplayKey

OTHER = "sk-gw-" + "o" * 43


# -- at the same time, and with another body ---------------------------------------------------------------------------


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_second_call_while_the_first_runs_is_told_to_come_back(
    door: Door, upstream: Upstream, client: str
) -> None:
    upstream.add(gated(streamed(client)))
    target, body = asked(client, MODELS[client], stream=True)
    first = asyncio.ensure_future(ask(door, target, body))
    await upstream.seen()
    second = await ask(door, target, body)
    assert (second.status, second.header(b"retry-after"), second.header(b"x-should-retry")) == (409, b"1", b"true")
    assert (door.row.status, door.row.error, door.row.cost.state) == (409, "idempotency_key_in_use", "none")
    other = await ask(door, target, {**body, "temperature": 0.5})
    assert other.status == 422
    upstream.open(*(f"part-{number}" for number in range(12)), "part-end")
    assert (await first).status == 200
    assert (await ask(door, target, body)).body == (await first).body
    assert len(upstream.journal) == 1


@pytest.mark.parametrize("client", CLIENTS)
async def test_another_request_under_the_key_is_refused(door: Door, upstream: Upstream, client: str) -> None:
    answers(upstream, client, stream=False)
    target, body = asked(client, MODELS[client], stream=False)
    await ask(door, target, body)
    for odd, changed in ((target, {**body, "temperature": 0.5}), (f"{target}?a=b", body)):
        refused = await ask(door, odd, changed)
        assert (refused.status, refused.header(b"x-should-retry")) == (422, b"false")
        assert b"Idempotency-Key" in refused.body
        assert door.logs.rows[-1].error == "idempotency_key_reused"
    assert (await ask(door, target, body)).header(b"x-gateway-replay") == b"true"
    assert len(upstream.journal) == 1


async def test_keys_of_two_virtual_keys_do_not_meet_here_or_at_a_provider(upstream: Upstream) -> None:
    door = Door(release_for(upstream.url), keys=MemoryKeys(virtual_key(), virtual_key(OTHER, id="key_2")))
    answers(upstream, "openai_chat", stream=False)
    await chat(door)
    assert (await chat(door, secret=OTHER)).header(b"x-gateway-replay") is None
    assert len(upstream.journal) == 2
    assert all(name != "idempotency-key" for request in upstream.journal for name, _ in request.headers)


async def test_the_credential_is_no_part_of_the_request(door: Door, upstream: Upstream) -> None:
    answers(upstream, "gemini", stream=False)
    target, body = asked("gemini", MODELS["gemini"], stream=False)
    raw = [("idempotency-key", "k")]
    first = await door.ask("POST", f"{target}?key={KEY}", body, raw)
    again = await door.ask("POST", target, body, [*raw, ("x-goog-api-key", KEY)])
    assert (first.status, again.header(b"x-gateway-replay")) == (200, b"true")
    assert KEY not in repr(door.replays.places)


def test_no_part_of_a_fingerprint_can_be_taken_for_another() -> None:
    def of(method: str, path: str, query: str, body: bytes) -> str:
        return fingerprint(Request(method, path, query, (), None, None), body)

    assert of("POST", "/a", "", b"") != of("POST", "/", "", b"a")
    assert of("POST", "/a", "b", b"") != of("POST", "/a", "", b"b")
    assert of("POST", "/a", "b=1&key=x&access_token=y&%24key=z", b"c") == of("POST", "/a", "b=1", b"c")
    assert of("POST", "/\udc80", "", b"") != of("POST", "/", "", b"")


# -- what is a key, and where it counts ----------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "caf\xe9", "a\x00b", "a\tb"], ids=repr)
async def test_a_header_that_is_no_key_is_refused_by_name(door: Door, key: str) -> None:
    heard = await chat(door, key)
    assert (heard.status, b"Idempotency-Key" in heard.body) == (400, True)
    assert door.replays.calls == []


async def test_two_headers_are_no_key(door: Door) -> None:
    assert (await chat(door, headers=[("idempotency-key", "other")])).status == 400


@pytest.mark.parametrize("key", ["x", "x" * 255, '"8e03978e-40d5-43e8-bc93-6894a57f9324"', "~ !"])
async def test_a_key_may_be_anything_printable_and_its_text_is_stored_nowhere(
    door: Door, upstream: Upstream, key: str
) -> None:
    answers(upstream, "openai_chat", stream=False)
    assert (await chat(door, key)).status == 200
    (place,) = door.replays.places
    assert (place.key_id, place.digest) == ("key_1", hashlib.sha256(key.encode()).hexdigest())


async def test_without_the_header_nothing_is_stored_and_elsewhere_it_says_nothing(
    door: Door, upstream: Upstream
) -> None:
    answers(upstream, "openai_chat", stream=False)
    assert (await chat(door, None)).status == 200
    for method, target in (("GET", "/v1/models"), ("GET", "/v1/providers"), ("DELETE", "/v1/requests/x")):
        headers = [("authorization", f"Bearer {KEY}"), ("idempotency-key", "x" * 999)]
        assert (await door.ask(method, target, b"", headers)).status < 300
    dry = await chat(door, headers=[("x-gateway-dry-run", "true")])
    assert dry.header(b"x-gateway-dry-run") == b"true"
    assert (door.replays.calls, door.replays.places) == ([], {})


# -- the store out of reach, and time --------------------------------------------------------------------------------------


async def test_without_the_store_nobody_runs_unprotected(door: Door, upstream: Upstream) -> None:
    answers(upstream, "openai_chat", stream=False)
    door.replays.down = {"claim"}
    assert (await chat(door)).status == 503
    assert upstream.journal == []
    assert (await chat(door, None)).status == 200


@pytest.mark.parametrize("down", [{"keep"}, {"keep", "release"}], ids=["keep", "both"])
async def test_an_answer_that_cannot_be_stored_is_an_answer(
    door: Door, upstream: Upstream, down: set[str], caplog: pytest.LogCaptureFixture
) -> None:
    answers(upstream, "openai_chat", stream=False)
    door.replays.down = down
    assert (await chat(door)).status == 200
    assert door.row.error is None
    assert door.replays.calls == ["claim", "keep", "release"]
    assert caplog.text.count(f"request={door.row.id}") == len(down)
    assert door.replays.states == (["running"] if "release" in down else [])


async def test_storing_never_delays_the_last_byte_nor_the_row(door: Door, upstream: Upstream) -> None:
    answers(upstream, "openai_chat", stream=False)
    slow, came = asyncio.Event(), asyncio.Event()
    keep = door.replays.keep

    async def slowly(*given: Any) -> bool:
        await slow.wait()
        return await keep(*given)

    door.replays.keep = slowly  # type: ignore[method-assign,assignment]
    put = door.logs.put

    async def written(row: Any) -> None:
        await put(row)
        came.set()

    door.logs.put = written  # type: ignore[method-assign]
    got: list[bytes] = []
    asking = asyncio.ensure_future(chat(door, on_part=got.append))
    await asyncio.wait_for(came.wait(), 5)
    assert got == [whole("openai_chat")]
    assert not asking.done()
    slow.set()
    await asking
    assert door.replays.states == ["done"]


async def test_an_answer_over_the_bound_passes_and_is_not_kept(
    door: Door, upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    for size, states in ((MOST_KEPT, ["done"]), (MOST_KEPT + 1, ["done"])):
        frame = b'{"choices":[],"x":"%s"}'
        body = frame % (b"x" * (size - len(frame) + 2))
        upstream.add(reply(200, body))
        assert len((await chat(door, f"turn-{size}")).body) == size
        assert door.replays.states == states
    assert "is not kept: it has 10485761 bytes" in caplog.text


def test_what_is_too_large_to_be_kept_does_not_stay_in_memory() -> None:
    request = Request("POST", "/v1/messages", "", (), None, None)
    claim = Claim(MemoryReplays(Time().clock), ReplayKey("key_1", "d"), "print", Draft("r1", 0, 0.0, request))
    claim.began(200, ())
    for _ in range(3):
        claim.sent(b"x" * (MOST_KEPT // 2), last=False)
        held = sum(map(len, claim._body))
    claim.sent(b"x", last=False)
    assert (held, claim._body) == (0, [])


async def test_a_lease_that_ended_is_taken_over_and_the_late_answer_does_not_replace_the_new_one(
    upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    time = Time()
    door = Door(release_for(upstream.url, Timeouts(connect=2, first_byte=500, idle=500, total=500)), clock=time.clock)
    upstream.add(gated(streamed("openai_chat")), events(b"".join(streamed("openai_chat"))))
    first = asyncio.ensure_future(chat(door, stream=True))
    await upstream.seen()
    time.seconds = 59.9
    assert (await chat(door, stream=True)).status == 409
    time.seconds = 60.0
    second = await chat(door, stream=True)
    assert second.header(b"x-gateway-replay") is None
    upstream.open(*(f"part-{number}" for number in range(12)), "part-end")
    assert (await first).status == 200
    assert "was taken over" in caplog.text
    third = await chat(door, stream=True)
    assert third.header(b"x-gateway-original-id") == second.header(b"x-gateway-request-id")
    time.seconds += 86_400
    assert (await chat(door, stream=True)).header(b"x-gateway-replay") is None


async def test_a_claim_is_renewed_while_it_runs_and_not_longer(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    store = door.replays
    request = Request("POST", "/v1/messages", "", ((b"idempotency-key", b"k"),), None, None)
    draft = Draft("r1", 0, 0.0, request)
    draft.key = virtual_key()
    renewed = asyncio.Event()
    renew = store.renew

    async def counted(*given: Any) -> bool:
        try:
            return await renew(*given)
        finally:
            if store.calls.count("renew") == 3:
                renewed.set()
            store.down = {"renew"} if store.calls.count("renew") == 1 else set()

    store.renew = counted  # type: ignore[method-assign,assignment]
    claim = await Idempotency(store, 0.001).begin(draft, b"")
    assert isinstance(claim, Claim)
    await asyncio.wait_for(renewed.wait(), 5)
    assert store.calls[:4] == ["claim", "renew", "renew", "renew"], "one that failed is not the last"
    assert caplog.text.count("out of reach (renew)") == 1
    await claim.finish()
    assert store.calls[-1] == "release"
    calls = len(store.calls)
    await asyncio.sleep(0.005)
    assert len(store.calls) == calls
