"""Kept answers: who gets them, in which form, and who does not; each policy speaks first."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.exchange.kit import KEY, Door, MemoryKeys, release_for, virtual_key
from tests.exchange.test_shapes import ANSWER, STREAM
from tests.upstream.server import Upstream
from tests.upstream.steps import JSON, events, gated, reply

from gateway.neutral.caching import CacheCounts, CacheRule

OTHER = "sk-gw-" + "o" * 43
MATE = "sk-gw-" + "m" * 43
ASK = {"model": "fast", "messages": [{"role": "user", "content": "What is the capital of France?"}]}


def asking(text: str, **more: Any) -> dict[str, Any]:
    return {"model": "fast", "messages": [{"role": "user", "content": text}], **more}


@pytest.fixture
def cached(upstream: Upstream) -> Iterator[Door]:
    yield from _door(upstream, CacheRule())


@pytest.fixture
def semantic(upstream: Upstream) -> Iterator[Door]:
    yield from _door(upstream, CacheRule(mode="semantic", embedding_model="embed-model"))


def _door(upstream: Upstream, rule: CacheRule) -> Iterator[Door]:
    release = release_for(upstream.url)
    route = replace(release.routes[0], cache=rule)
    keys = MemoryKeys(
        virtual_key(team_id="a", user_id="u"),
        virtual_key(MATE, id="key_2", team_id="a"),
        virtual_key(OTHER, id="key_3", team_id="b"),
    )
    door = Door(replace(release, routes=(route,)), keys)
    yield door
    door.close()


def with_key(secret: str, **headers: str) -> list[tuple[str, str]]:
    return [
        ("authorization", f"Bearer {secret}"),
        *((name.replace("_", "-"), value) for name, value in headers.items()),
    ]


async def test_the_same_request_is_answered_once_by_the_provider(cached: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, json.dumps(ANSWER).encode(), JSON))
    first = await cached.ask("POST", "/v1/chat/completions", ASK)
    second = await cached.ask("POST", "/v1/chat/completions", dict(reversed(ASK.items())))
    assert first.header(b"x-gateway-cache") == b"miss"
    assert (second.header(b"x-gateway-cache") or b"").startswith(b"hit; age=")
    assert second.body == first.body
    assert second.header(b"x-gateway-request-id") != first.header(b"x-gateway-request-id")
    assert len(upstream.journal) == 1
    made, hit = cached.logs.rows
    assert (made.cache, hit.cache) == ("miss", "hit")
    assert hit.saved_nano == made.cost.nano_usd
    assert (hit.cost.nano_usd, hit.usage.output, hit.attempts) == (None, 0, ())
    assert hit.provider == made.provider


async def test_a_stream_is_kept_and_replayed_as_a_stream(cached: Door, upstream: Upstream) -> None:
    upstream.add(events(STREAM))
    first = await cached.ask("POST", "/v1/chat/completions", asking("x", stream=True))
    second = await cached.ask("POST", "/v1/chat/completions", asking("x", stream=True))
    assert second.body == first.body
    assert second.header(b"content-type") == first.header(b"content-type")
    assert second.header(b"content-length") is None
    assert len(upstream.journal) == 1
    upstream.add(reply(200, json.dumps(ANSWER).encode(), JSON))
    whole = await cached.ask("POST", "/v1/chat/completions", asking("x"))
    assert whole.json() == ANSWER, "a whole answer is another request"


async def test_teams_share_and_nobody_else_does(cached: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, json.dumps(ANSWER).encode(), JSON))
    for secret, calls in ((KEY, 1), (MATE, 1), (OTHER, 2), (OTHER, 2), (KEY, 2)):
        heard = await cached.ask("POST", "/v1/chat/completions", ASK, headers=with_key(secret))
        assert heard.status == 200
        assert len(upstream.journal) == calls, secret[:8]


@pytest.mark.parametrize(
    "change",
    [
        {"temperature": 0.5},
        {"max_tokens": 5},
        {"messages": [{"role": "system", "content": "Be brief."}, *ASK["messages"]]},
        {"messages": [{"role": "user", "content": "What is the capital of Spain?"}]},
        {"model": "chat-model"},
        {"tools": [{"type": "function", "function": {"name": "f"}}]},
        {"seed": 1},
        {"response_format": {"type": "json_object"}},
    ],
)
async def test_what_a_model_may_notice_makes_another_request(
    cached: Door, upstream: Upstream, change: dict[str, Any]
) -> None:
    upstream.add(reply(200, json.dumps(ANSWER).encode(), JSON))
    await cached.ask("POST", "/v1/chat/completions", ASK)
    await cached.ask("POST", "/v1/chat/completions", ASK | change)
    assert len(upstream.journal) == 2


@pytest.mark.parametrize("change", [{"user": "x"}, {"metadata": {"a": "b"}}, {"service_tier": "default"}])
async def test_what_no_model_sees_does_not(cached: Door, upstream: Upstream, change: dict[str, Any]) -> None:
    upstream.add(reply(200, json.dumps(ANSWER).encode(), JSON))
    await cached.ask("POST", "/v1/chat/completions", ASK)
    await cached.ask("POST", "/v1/chat/completions", ASK | change)
    assert len(upstream.journal) == 1


@pytest.mark.parametrize(
    ("headers", "reads", "keeps"),
    [
        ({"x_gateway_cache": "no-cache"}, False, True),
        ({"x_gateway_cache": "no-store"}, True, False),
        ({"x_gateway_cache": "off"}, False, False),
        ({"cache_control": "no-cache"}, False, True),
        ({"cache_control": "no-store"}, True, False),
        ({"cache_control": "max-age=0"}, False, True),
        ({"x_gateway_cache_namespace": "mine"}, False, False),
    ],
)
async def test_a_client_may_want_less(
    cached: Door, upstream: Upstream, headers: dict[str, str], reads: bool, keeps: bool
) -> None:
    upstream.add(reply(200, json.dumps(ANSWER).encode(), JSON))
    await cached.ask("POST", "/v1/chat/completions", ASK)
    await cached.ask("POST", "/v1/chat/completions", ASK, headers=with_key(KEY, **headers))
    assert (len(upstream.journal) == 1) is reads
    await cached.ask("POST", "/v1/chat/completions", asking("new"), headers=with_key(KEY, **headers))
    before = len(upstream.journal)
    await cached.ask("POST", "/v1/chat/completions", asking("new"))
    assert (len(upstream.journal) == before) is keeps


async def test_only_a_kept_answer_or_none(cached: Door, upstream: Upstream) -> None:
    heard = await cached.ask("POST", "/v1/chat/completions", ASK, headers=with_key(KEY, x_gateway_cache="only"))
    assert (heard.status, heard.json()["error"]["code"]) == (504, "cache_miss")
    heard = await cached.ask("POST", "/v1/chat/completions", ASK, headers=with_key(KEY, x_gateway_cache="perhaps"))
    assert heard.status == 400
    assert upstream.journal == []


async def test_nothing_but_a_whole_good_answer_is_kept(cached: Door, upstream: Upstream) -> None:
    upstream.add(reply(400, b'{"error":{"message":"no"}}', JSON))
    await cached.ask("POST", "/v1/chat/completions", ASK)
    assert cached.cache.answers == {}


async def test_an_answer_ends(cached: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, json.dumps(ANSWER).encode(), JSON))
    await cached.ask("POST", "/v1/chat/completions", ASK, headers=with_key(KEY, x_gateway_cache_ttl="60"))
    [(key, (answer, ends))] = cached.cache.answers.items()
    assert ends - cached.clock.now_ms() <= 60_000
    cached.cache.answers[key] = answer, answer.made_ms
    await cached.ask("POST", "/v1/chat/completions", ASK)
    assert len(upstream.journal) == 2


async def test_a_store_that_is_down_is_a_miss(cached: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, json.dumps(ANSWER).encode(), JSON))
    cached.cache.down = True
    heard = await cached.ask("POST", "/v1/chat/completions", ASK)
    assert heard.status == 200
    assert cached.row.cache == "miss"


async def test_the_unified_shape_tells_that_an_answer_was_kept(cached: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, json.dumps(ANSWER).encode(), JSON))
    first = await cached.ask("POST", "/v1/completions", ASK)
    second = await cached.ask("POST", "/v1/completions", ASK)
    assert (first.json()["cached"], second.json()["cached"]) == (False, True)
    assert second.json()["content"] == first.json()["content"]
    assert second.json()["cost"]["total_cost"] == 0
    assert second.json()["request_id"] != first.json()["request_id"]
    await cached.ask("POST", "/v1/completions", ASK | {"skip_cache": True})
    assert len(upstream.journal) == 2


def vector(text: str) -> list[float]:
    """As an embedding does it: small words hardly count."""
    words = "capital france spain paris password reset not safe eggs".split()
    return [0.1, *(1.0 if word in text.lower() else 0.0 for word in words)]


def embedding(upstream: Upstream) -> None:
    def answer(asked: Any) -> Any:
        data = [{"index": 0, "embedding": vector(json.loads(asked.body)["input"])}]
        body = {"object": "list", "data": data, "usage": {"prompt_tokens": 7, "total_tokens": 7}}
        return reply(200, json.dumps(body).encode(), JSON)

    upstream.add(answer, path="/v1/embeddings", method="POST")


async def test_a_question_that_means_the_same_has_the_same_answer(semantic: Door, upstream: Upstream) -> None:
    embedding(upstream)
    upstream.add(reply(200, json.dumps(ANSWER).encode(), JSON), path="/v1/chat/completions", method="POST")
    await semantic.ask("POST", "/v1/chat/completions", asking("What is the capital of France?"))
    heard = await semantic.ask("POST", "/v1/chat/completions", asking("Please tell me the capital of France."))
    assert (heard.header(b"x-gateway-cache") or b"").startswith(b"semantic; age=0; similarity=1.0")
    assert heard.json() == ANSWER
    hit = semantic.logs.rows[-1]
    assert (hit.cache, [made.kind for made in hit.attempts]) == ("semantic", ["embedding"])
    for other in (
        "What is the capital of Spain?",
        "What is not the capital of France?",
        "What is the capital of France in 1300?",
    ):
        before = len([one for one in upstream.journal if one.target.endswith("completions")])
        await semantic.ask("POST", "/v1/chat/completions", asking(other))
        assert len([one for one in upstream.journal if one.target.endswith("completions")]) == before + 1, other
    await semantic.ask("POST", "/v1/chat/completions", asking("What's the capital of France?"), headers=with_key(OTHER))
    assert semantic.logs.rows[-1].cache == "miss", "another team"


async def test_a_key_sees_its_own_figures(cached: Door) -> None:
    cached.cache.counts = {"key_1": CacheCounts(3, 1), "key_3": CacheCounts(0, 9)}
    told = await cached.ask("GET", "/v1/cache/stats")
    assert told.json() == {"enabled": True, "size": None, "hits": 3, "misses": 1, "hit_rate": 0.75, "evictions": 0}
    mate = await cached.ask("GET", "/v1/cache/stats", headers=with_key(MATE))
    assert (mate.json()["hits"], mate.json()["hit_rate"]) == (0, 0.0)
    cached.cache.down = True
    assert (await cached.ask("GET", "/v1/cache/stats")).status == 503


async def test_a_key_clears_what_its_team_keeps_and_no_more(cached: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, json.dumps(ANSWER).encode(), JSON))
    for secret in (KEY, OTHER):
        await cached.ask("POST", "/v1/chat/completions", ASK, headers=with_key(secret))
    cleared = await cached.ask("DELETE", "/v1/cache", headers=with_key(MATE))
    assert (cleared.status, cleared.json()) == (200, {"status": "ok", "message": "Cache cleared"})
    assert set(cached.cache.cleared) == {"key#key_2", "team#a"}
    for secret, calls in ((KEY, 3), (OTHER, 3)):
        await cached.ask("POST", "/v1/chat/completions", ASK, headers=with_key(secret))
        assert len(upstream.journal) == calls
    assert (await cached.ask("DELETE", "/v1/cache", headers=with_key("sk-gw-" + "x" * 43))).status == 401
    assert (await cached.ask("GET", "/v1/cache")).status == 405


async def test_what_was_on_its_way_while_the_cache_was_cleared_is_gone_too(cached: Door, upstream: Upstream) -> None:
    body = json.dumps(ANSWER).encode()
    upstream.add(gated([body], headers=JSON))
    running = asyncio.ensure_future(cached.ask("POST", "/v1/chat/completions", ASK))
    await upstream.seen(1)
    await cached.ask("DELETE", "/v1/cache")
    cleared = dict(cached.cache.cleared)
    while cached.clock.now_ms() <= max(cleared.values()):
        await asyncio.sleep(0)
    upstream.open("part-0")
    upstream.open("part-end")
    assert (await running).status == 200
    upstream.add(reply(200, body, JSON))
    states = [(await cached.ask("POST", "/v1/chat/completions", ASK)).header(b"x-gateway-cache") for _ in range(2)]
    assert [(state or b"").partition(b";")[0] for state in states] == [b"miss", b"hit"]
    [(kept, _)] = cached.cache.answers.values()
    cached.cache.cleared = dict.fromkeys(cleared, kept.made_ms)
    tie = await cached.ask("POST", "/v1/chat/completions", ASK)
    assert tie.header(b"x-gateway-cache") == b"miss", "who clears and who asks in one millisecond"


async def test_a_wish_for_a_kept_answer_holds_where_nothing_is_kept(cached: Door, upstream: Upstream) -> None:
    only = with_key(KEY, x_gateway_cache="only")
    for body in (ASK | {"model": "chat-model"}, ASK | {"tools": [{"type": "web_search"}]}):
        heard = await cached.ask("POST", "/v1/chat/completions", body, headers=only)
        assert (heard.status, heard.json()["error"]["code"]) == (504, "cache_miss")
    assert upstream.journal == []


async def test_a_wish_that_is_heard_is_told(cached: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, json.dumps(ANSWER).encode(), JSON))
    for headers, told in (
        ({}, b"miss"),
        ({"x_gateway_cache": "no-cache"}, b"bypass"),
        ({"x_gateway_cache": "off"}, b"bypass"),
    ):
        heard = await cached.ask("POST", "/v1/chat/completions", ASK, headers=with_key(KEY, **headers))
        assert heard.header(b"x-gateway-cache") == told
    heard = await cached.ask("POST", "/v1/chat/completions", ASK | {"model": "chat-model"})
    assert heard.header(b"x-gateway-cache") is None
    assert [row.cache for row in cached.logs.rows] == ["miss", "bypass", "bypass", "off"]


@pytest.mark.parametrize(
    "message",
    [
        '{"role": "user", "content": "Say that it is free", "content": "What does it cost?"}',
        '{"role": "user", "content": "What does it cost?", "x": ' + "[" * 300 + "]" * 300 + "}",
    ],
)
async def test_a_body_that_can_be_read_in_two_ways_or_is_too_deep_is_served_and_not_kept(
    message: str, cached: Door, upstream: Upstream
) -> None:
    raw = f'{{"model": "{ASK["model"]}", "messages": [{message}]}}'.encode()
    upstream.add(reply(200, json.dumps(ANSWER).encode(), JSON))
    upstream.add(reply(200, json.dumps(ANSWER).encode(), JSON))
    first = await cached.ask("POST", "/v1/chat/completions", raw)
    assert (first.status, first.header(b"x-gateway-cache")) == (200, b"bypass")
    plain = {"model": ASK["model"], "messages": [{"role": "user", "content": "What does it cost?"}]}
    assert (await cached.ask("POST", "/v1/chat/completions", plain)).header(b"x-gateway-cache") == b"miss"
    assert len(upstream.journal) == 2
