"""Who is called after whom, on the real exchange with a provider that fails in every way it can."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.exchange import dialects
from tests.exchange.fleet import (
    LIMITS,
    MODELS,
    ROUTE,
    SecretsByKey,
    called,
    credentials,
    fleet,
    keys,
    provider,
    release,
    secret_of,
)
from tests.exchange.kit import Door, Heard
from tests.upstream.server import ClosedPort, Upstream
from tests.upstream.steps import JSON, Close, Reset, Send, Stall, Steps, cut, events, head, reply

from gateway.neutral.config import Retry
from gateway.neutral.logrow import Attempt

FIRST, SECOND = "First words. ", "Second."


def told(status: int, kind: str = "server_error") -> bytes:
    return json.dumps({"error": {"message": f"told {status}", "type": kind, "code": None, "param": None}}).encode()


GOOD = {False: lambda: reply(200, dialects.whole("openai_chat")), True: lambda: events(b"".join(CHAT))}
CHAT = dialects.streamed("openai_chat")
ROLE = b'data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}\n\n'
IN_BAND = b'data: {"error":{"message":"overloaded","type":"server_error","code":"overloaded"}}\n\n'

# What the first provider does, and the word its attempt leaves in the row.
FAULTS: dict[str, tuple[Callable[[bool], Steps], str]] = {
    "reset": (lambda stream: (Reset(),), "upstream_reset"),
    "closed": (lambda stream: (Close(),), "upstream_reset"),
    "429": (lambda stream: reply(429, told(429)), "upstream_status"),
    "429-retry-after": (lambda stream: reply(429, told(429), (*JSON, ("retry-after", "7"))), "upstream_status"),
    "500": (lambda stream: reply(500, told(500)), "upstream_status"),
    "502-html": (lambda stream: reply(502, b"<html>", (("content-type", "text/html"),)), "upstream_status"),
    "503": (lambda stream: reply(503, told(503)), "upstream_status"),
    "529": (lambda stream: reply(529, told(529)), "upstream_status"),
    "408": (lambda stream: reply(408, told(408)), "upstream_status"),
    "409": (lambda stream: reply(409, told(409)), "upstream_status"),
    "401": (lambda stream: reply(401, told(401)), "upstream_status"),
    "402": (lambda stream: reply(402, told(402)), "upstream_status"),
    "403": (lambda stream: reply(403, told(403)), "upstream_status"),
    "404": (lambda stream: reply(404, told(404)), "upstream_status"),
    "501": (lambda stream: reply(501, told(501)), "upstream_status"),
    "slow-header": (lambda stream: (Stall(),), "upstream_timeout"),
    "slow-body": (
        lambda stream: (Send(head(200, (*JSON, ("content-length", "999")))), Stall()),
        "upstream_idle_timeout",
    ),
    "slow-stream": (lambda stream: cut(b"".join([ROLE, *CHAT]), len(ROLE), by="stall"), "upstream_idle_timeout"),
    "not-http": (lambda stream: (Send(b"\x00\x01\x02\x03 nonsense\r\n\r\n"), Close()), "upstream_bad_answer"),
    "not-json": (lambda stream: reply(200, b"<html>all is well</html>"), "upstream_bad_answer"),
    "stream-not-asked-for": (
        lambda stream: events(b"".join(CHAT)) if not stream else reply(200, b"<html>"),
        "upstream_bad_answer",
    ),
    "redirect": (lambda stream: reply(302, b"", (("location", "http://169.254.169.254/"),)), "upstream_bad_answer"),
    "error-in-200": (lambda stream: events(IN_BAND) if stream else reply(200, told(500)), "in_band_error"),
    "cut": (
        lambda stream: cut(b"".join([ROLE, *CHAT]), len(ROLE)) if stream else cut(b'{"a":1}', 3, headers=JSON),
        "upstream_reset",
    ),
    "empty-stream": (lambda stream: events(b"") if stream else reply(200, b""), "upstream_cut"),
}
STREAM_ONLY, EMPTY = {"slow-stream"}, {"empty-stream": "upstream_bad_answer"}


def answer(dialect: str, stream: bool) -> Steps:
    if not stream:
        return reply(200, dialects.whole(dialect))
    parts = dialects.streamed(dialect)
    if dialect == "bedrock_converse":
        return events(b"", (("content-type", "application/vnd.amazon.eventstream"),), parts)
    return events(b"".join(parts))


def text_of(client: str, body: bytes, stream: bool) -> str:
    return dialects.text_of(client, body) if stream else dialects.read(client, body)[0]


async def ask(door: Door, *, stream: bool = False, client: str = "openai_chat", **more: Any) -> Heard:
    target, body = dialects.asked(client, ROUTE, stream=stream, **more)
    return await door.ask("POST", target, body)


def story(door: Door) -> list[tuple[str, str | None, str]]:
    """Provider, fault and what followed, of each attempt."""
    return [(made.provider, made.fault, made.next) for made in door.row.attempts]


@pytest.mark.parametrize(
    ("name", "stream"),
    [(name, stream) for name in FAULTS for stream in (False, True) if stream or name not in STREAM_ONLY],
)
async def test_a_fault_of_the_provider_is_the_next_targets_chance(upstream: Upstream, name: str, stream: bool) -> None:
    steps, fault = FAULTS[name]
    fault = EMPTY.get(name, fault) if not stream else fault
    hasty = replace(LIMITS, first_byte=0.2, idle=0.2, connect=0.2)
    door = fleet(release(provider("a", upstream.url, timeouts=hasty), provider("b", upstream.url)))
    upstream.add(steps(stream), model="up-a")
    upstream.add(GOOD[stream](), model="up-b")
    heard = await ask(door, stream=stream)
    assert heard.status == 200, heard.body
    assert heard.ended
    assert heard.body == (b"".join([*CHAT[:3], CHAT[4]]) if stream else dialects.whole("openai_chat"))
    assert await called(upstream) == ["up-a", "up-b"]
    assert story(door) == [("a", fault, "next_target"), ("b", None, "stop_success")]
    assert door.row.error is None
    assert door.row.provider == "b"
    assert door.row.retries == 1
    assert heard.header(b"x-gateway-target") == b"b/up-b"


async def test_a_refused_connection_is_the_next_targets_chance(upstream: Upstream) -> None:
    port = ClosedPort()
    door = fleet(release(provider("a", port.url), provider("b", upstream.url)))
    upstream.add(GOOD[True]())
    heard = await ask(door, stream=True)
    port.close()
    assert heard.status == 200
    assert story(door) == [("a", "upstream_unreachable", "next_target"), ("b", None, "stop_success")]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("status", [400, 405, 410, 413, 415, 422, 451])
async def test_an_error_of_the_client_is_told_at_once_and_byte_for_byte(
    upstream: Upstream, status: int, stream: bool
) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url), retry=Retry(3, 0, 0)))
    upstream.add(reply(status, told(status, "invalid_request_error")))
    heard = await ask(door, stream=stream)
    assert (heard.status, heard.body) == (status, told(status, "invalid_request_error"))
    assert await called(upstream) == ["up-a"]
    assert story(door) == [("a", "upstream_status", "stop_client_error")]
    assert [one.ok for one in door.health.targets] == [None]


@pytest.mark.parametrize("status", [408, 409, 500, 503, 529])
async def test_a_passing_fault_is_retried_before_the_next_target(upstream: Upstream, status: int) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url), retry=Retry(2, 0, 0)))
    upstream.add(reply(status, told(status)), GOOD[False](), model="up-a")
    heard = await ask(door)
    assert heard.status == 200
    assert await called(upstream) == ["up-a", "up-a"]
    assert story(door) == [("a", "upstream_status", "retry"), ("a", None, "stop_success")]


async def test_a_throttled_key_cools_and_the_next_key_of_the_provider_goes_first(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url, keys=keys("a", 3)), provider("b", upstream.url)))
    door = Door(door.release, settings=door.settings, secrets=SecretsByKey())
    upstream.add(reply(429, told(429), (*JSON, ("retry-after", "42"))), GOOD[False]())
    now = door.clock.now_ms()
    heard = await ask(door)
    assert heard.status == 200
    assert await called(upstream) == ["up-a", "up-a"]
    first, second = door.row.attempts
    assert first.upstream_key_id != second.upstream_key_id
    assert credentials(upstream) == [secret_of(str(first.upstream_key_id)), secret_of(str(second.upstream_key_id))]
    assert (first.status, first.next, second.next) == (429, "next_key", "stop_success")
    (cooled,) = door.health.keys
    assert cooled.key.id == first.upstream_key_id
    assert 40_000 < cooled.cooling_until_ms - now < 44_000
    assert door.row.upstream_key_id == second.upstream_key_id


@pytest.mark.parametrize("status", [401, 402, 403])
async def test_a_refused_key_is_dead_and_the_next_one_goes_first(upstream: Upstream, status: int) -> None:
    door = Door(
        release(provider("a", upstream.url, keys=keys("a", 2)), provider("b", upstream.url)), secrets=SecretsByKey()
    )
    upstream.add(reply(status, told(status)))
    upstream.add(GOOD[False](), model="up-b")
    heard = await ask(door)
    assert heard.status == 200
    assert await called(upstream) == ["up-a", "up-a", "up-b"]
    assert [made.next for made in door.row.attempts] == ["next_key", "next_target", "stop_success"]
    assert {seen.key.id for seen in door.health.keys if seen.dead_until_ms} == {"a-k1", "a-k2"}
    assert {seen.reason for seen in door.health.keys} == {str(status)}
    assert [one.ok for one in door.health.targets] == [None, None, True]


async def test_without_another_way_the_last_answer_is_passed_on_as_it_is(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url)))
    upstream.add(reply(500, told(500)), model="up-a")
    upstream.add(reply(503, told(503), (*JSON, ("retry-after", "9"), ("x-request-id", "up-1"))), model="up-b")
    heard = await ask(door, stream=True)
    assert (heard.status, heard.body) == (503, told(503))
    assert heard.header(b"retry-after") == b"9"
    assert story(door) == [("a", "upstream_status", "next_target"), ("b", "upstream_status", "exhausted")]
    assert door.row.error == "upstream_status"
    assert door.row.status == 503


async def test_the_last_answer_is_told_in_the_clients_dialect(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url, "anthropic_messages")))
    upstream.add(reply(500, told(500)), model="up-a")
    said = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}, "request_id": "r"}
    upstream.add(reply(529, json.dumps(said).encode()), model="up-b")
    heard = await ask(door)
    assert heard.status in {503, 529}
    assert heard.json()["error"]["message"] == "Overloaded"


@pytest.mark.parametrize(
    "second", ["openai_chat", "openai_responses", "anthropic_messages", "gemini", "bedrock_converse"]
)
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
async def test_the_next_target_may_speak_another_dialect(upstream: Upstream, second: str, stream: bool) -> None:
    more = {"keys": ()} if second == "bedrock_converse" else {}
    there = provider("b", upstream.url, second, **more)
    door = fleet(release(provider("a", upstream.url), there, upstream_models={"b": MODELS[second]}))
    upstream.add(answer(second, stream))
    upstream.add(reply(500, told(500)), model="up-a")
    heard = await ask(door, stream=stream)
    assert heard.status == 200, heard.body
    assert text_of("openai_chat", heard.body, stream) == dialects.WORDS
    assert [made.provider for made in door.row.attempts] == ["a", "b"]


@pytest.mark.parametrize("client", dialects.CLIENTS)
async def test_a_stream_fails_over_until_its_first_content_and_never_after(upstream: Upstream, client: str) -> None:
    """Cut after every event: before content the second provider's words alone, after it a prefix of the first's and an error."""
    first = dialects.streamed(client)
    model, other = MODELS[client], "gpt-5" if client == "openai_responses" else "up-b"
    outcomes: list[tuple[int, int]] = []
    for at in range(len(first)):
        upstream.reset()
        found = release(
            provider("a", upstream.url, client),
            provider("b", upstream.url, client),
            upstream_models={"a": model, "b": other},
        )
        door = fleet(found)
        answered = cut(b"".join(first), sum(map(len, first[:at])))
        upstream.add(answered, events(b"".join(first)))
        heard = await ask(door, stream=True, client=client)
        calls = len(upstream.journal)
        text = dialects.text_of(client, heard.body)
        outcomes.append((at, calls))
        assert heard.ended
        if calls == 2:
            assert text == dialects.WORDS
            assert door.row.error is None
        else:
            assert dialects.WORDS.startswith(text)
            assert text
            assert door.row.error in {"upstream_reset", "upstream_cut"}
            assert door.row.attempts[0].next == "stop_after_content"
    assert [calls for _, calls in outcomes] == sorted((calls for _, calls in outcomes), reverse=True)
    assert {calls for _, calls in outcomes} == {1, 2}


async def test_lifecycle_frames_wait_for_content_so_that_a_late_death_is_still_a_status(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url)))
    upstream.add(cut(b"".join([ROLE, *CHAT]), len(ROLE)))
    heard = await ask(door, stream=True)
    assert heard.status == 502
    assert heard.json()["error"]["code"] == "upstream_reset"


async def test_a_target_that_cannot_carry_the_request_leaves_it_to_the_next(upstream: Upstream) -> None:
    """Logprobs have no form in the Messages API … nothing is sent there, and nobody is blamed."""
    found = release(provider("a", upstream.url, "anthropic_messages"), provider("b", upstream.url))
    door = fleet(found)
    upstream.add(GOOD[False]())
    heard = await ask(door, n=2)
    assert heard.status == 200, heard.body
    assert await called(upstream) == ["up-b"]
    skipped = door.row.attempts[0]
    assert (skipped.kind, skipped.fault, skipped.next) == ("skip", "cannot_carry", "next_target")
    assert door.row.retries == 0
    assert [(one.provider, one.ok) for one in door.health.targets] == [("b", True)]


async def test_what_nobody_can_carry_is_refused_with_the_first_reason(upstream: Upstream) -> None:
    found = release(
        provider("a", upstream.url, "anthropic_messages"), provider("b", upstream.url, "anthropic_messages")
    )
    door = fleet(found)
    heard = await ask(door, n=2)
    assert heard.status == 400
    assert heard.json()["error"]["param"] == "n"
    assert upstream.journal == []


async def test_every_attempt_is_told_with_its_times(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url)))
    upstream.add(reply(500, told(500)), model="up-a")
    upstream.add(GOOD[True](), model="up-b")
    await ask(door, stream=True)
    first, second = door.row.attempts
    assert isinstance(first, Attempt)
    assert first.began_ms is not None
    assert second.began_ms is not None
    assert 0 <= first.began_ms <= first.began_ms + first.total_ms <= second.began_ms + 1
    assert second.first_byte_ms is not None
    assert second.first_byte_ms <= second.total_ms
    assert (first.status, second.status) == (500, 200)
    assert [(one.provider, one.ok, one.fault) for one in door.health.targets] == [
        ("a", False, "500"),
        ("b", True, None),
    ]
    assert door.health.targets[1].first_ms == pytest.approx(second.first_byte_ms, abs=5)


async def test_a_stream_that_dies_after_content_counts_against_its_target(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url)))
    upstream.add(cut(b"".join(CHAT), len(CHAT[0])))
    heard = await ask(door, stream=True)
    assert heard.status == 200
    assert b'"error"' in heard.body
    assert [(one.provider, one.ok) for one in door.health.targets] == [("a", False)]
    assert len(upstream.journal) == 1


async def test_total_failure_costs_a_tenth_more_calls_and_a_reserve(upstream: Upstream) -> None:
    """Retries come out of a budget: without one, each of these requests would be two calls."""
    door = fleet(release(provider("a", upstream.url), retry=Retry(2, 0, 0)))
    upstream.add(reply(500, told(500)))
    for _ in range(200):
        await ask(door)
    calls = len(upstream.journal)
    print(f"total failure, no breaker: {calls / 200:.3f} upstream calls per client call")
    assert 200 < calls <= 200 * 1.1 + 3
    assert {row.attempts[-1].next for row in door.logs.rows} <= {"exhausted", "stop_budget"}


async def test_a_stream_that_falls_silent_after_content_ends_with_its_timeout(upstream: Upstream) -> None:
    hasty = replace(LIMITS, idle=0.2)
    door = fleet(release(provider("a", upstream.url, timeouts=hasty), provider("b", upstream.url)))
    upstream.add(cut(b"".join(CHAT), len(CHAT[0]), by="stall"))
    heard = await ask(door, stream=True)
    assert heard.ended
    assert dialects.ended_badly("openai_chat", heard.body)
    assert story(door) == [("a", "upstream_idle_timeout", "stop_after_content")]
    assert door.row.error == "upstream_idle_timeout"
    assert [(one.provider, one.ok) for one in door.health.targets] == [("a", False)]
    await upstream.quiet()
