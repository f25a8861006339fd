"""What keeps two answers apart beside the body: all that goes on to the provider and may change what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.exchange.guarded import answer, asking, stream
from tests.exchange.kit import KEY, Door, MemoryKeys, release_for, virtual_key
from tests.upstream.server import Upstream
from tests.upstream.steps import JSON, events, reply

from gateway.neutral.caching import CacheRule
from gateway.neutral.config import Route, Target


@pytest.fixture
def kept(upstream: Upstream) -> Iterator[Door]:
    routes = (
        Route("r-gemini", (Target("gem", "up-gemini"),), cache=CacheRule()),
        Route("r-openai_chat", (Target("oai", "up-chat"),), cache=CacheRule()),
    )
    door = Door(replace(release_for(upstream.url), routes=routes), MemoryKeys(virtual_key()))
    yield door
    door.close()


async def _states(door: Door, upstream: Upstream, *asks: tuple[str, list[tuple[str, str]]]) -> list[str]:
    """What the cache says to one request under these targets and headers."""
    _, body = asking("openai_chat", "hi")
    found = []
    for target, headers in asks:
        upstream.add(reply(200, answer("openai_chat", "Hello."), JSON))
        heard = await door.ask("POST", target, body, [("authorization", f"Bearer {KEY}"), *headers])
        found.append((heard.header(b"x-gateway-cache") or b"").decode().partition(";")[0])
    return found


CHAT = "/v1/chat/completions"


@pytest.mark.parametrize(
    "header",
    [
        ("anthropic-version", "2023-01-01"),
        ("anthropic-beta", "context-1m"),
        ("accept-language", "fr"),
        ("x-system-prompt", "You are a pirate."),
        ("openai-beta", "x"),
        ("x-gateway-strict", "true"),
    ],
)
async def test_a_header_that_reaches_the_provider_keeps_answers_apart(
    header: tuple[str, str], kept: Door, upstream: Upstream
) -> None:
    assert await _states(kept, upstream, (CHAT, [header]), (CHAT, []), (CHAT, [header])) == ["miss", "miss", "hit"]


async def test_what_only_says_who_asks_and_when_does_not(kept: Door, upstream: Upstream) -> None:
    mine = [
        ("user-agent", "a"),
        ("traceparent", "1"),
        ("x-stainless-retry-count", "0"),
        ("x-session-id", "s"),
        ("accept", "*/*"),
    ]
    yours = [("user-agent", "b"), ("traceparent", "2"), ("x-stainless-retry-count", "1"), ("x-forwarded-for", "::1")]
    assert await _states(kept, upstream, (CHAT, mine), (CHAT, yours), (CHAT, [])) == ["miss", "hit", "hit"]


async def test_a_query_that_reaches_the_provider_keeps_answers_apart(kept: Door, upstream: Upstream) -> None:
    asks = [(f"{CHAT}?x=1", []), (CHAT, []), (f"{CHAT}?x=2", []), (f"{CHAT}?x=1&key={KEY}", [])]
    assert await _states(kept, upstream, *asks) == ["miss", "miss", "miss", "hit"]


async def test_events_and_a_growing_array_are_two_answers(kept: Door, upstream: Upstream) -> None:
    told = events(stream("gemini", "Hello ", "you."))
    upstream.add(told, told)
    target, body = asking("gemini", "hi", stream=True)
    for _ in range(2):
        assert (await kept.ask("POST", target, body)).body.startswith(b"data:")
        assert isinstance(json.loads((await kept.ask("POST", target.partition("?")[0], body)).body), list)
    assert len(upstream.journal) == 2


async def test_an_answer_without_a_word_is_not_kept(kept: Door, upstream: Upstream) -> None:
    empty = json.loads(answer("openai_chat", ""))
    empty["usage"] = {"prompt_tokens": 9, "completion_tokens": 0, "total_tokens": 9}
    upstream.add(reply(200, json.dumps(empty).encode(), JSON), reply(200, answer("openai_chat", "Hello."), JSON))
    target, body = asking("openai_chat", "hi")
    states = [(await kept.ask("POST", target, body)).header(b"x-gateway-cache") for _ in range(3)]
    assert [(state or b"").partition(b";")[0] for state in states] == [b"miss", b"miss", b"hit"]


@pytest.mark.parametrize(
    "more",
    [
        {"generationConfig": {"responseModalities": ["AUDIO"]}},
        {"generation_config": {"response_modalities": ["TEXT", "Image"]}},
    ],
)
async def test_sounds_and_pictures_that_a_model_makes_are_not_kept(
    more: dict[str, Any], kept: Door, upstream: Upstream
) -> None:
    upstream.add(reply(200, answer("gemini", "Hello."), JSON))
    assert (await kept.ask("POST", *asking("gemini", "hi", **more))).header(b"x-gateway-cache") == b"bypass"


@pytest.mark.parametrize("seed", [2**64, -(2**63) - 1])
async def test_numbers_that_are_read_as_their_neighbours_have_no_kept_answer(
    seed: int, kept: Door, upstream: Upstream
) -> None:
    upstream.add(*[reply(200, answer("openai_chat", "Hello."), JSON)] * 2)
    target, body = asking("openai_chat", "hi")
    for number in (seed, seed + (1 if seed > 0 else -1)):
        heard = await kept.ask("POST", target, json.dumps(body | {"seed": number}).encode())
        assert heard.header(b"x-gateway-cache") == b"bypass"


async def test_numbers_of_64_bits_are_kept_apart(kept: Door, upstream: Upstream) -> None:
    upstream.add(*[reply(200, answer("openai_chat", "Hello."), JSON)] * 2)
    target, body = asking("openai_chat", "hi")
    states = [
        (await kept.ask("POST", target, body | {"seed": seed})).header(b"x-gateway-cache")
        for seed in (2**64 - 1, 2**64 - 2, 2**64 - 1)
    ]
    assert [(state or b"").partition(b";")[0] for state in states] == [b"miss", b"miss", b"hit"]
