"""Every operation beside chat over two providers: failover, refusals that pass, what is held and what is settled, what a log may keep."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest
from tests.exchange.fleet import ROUTE, fleet, provider, release
from tests.exchange.kit import KEY, Door, MemoryKeys, virtual_key
from tests.exchange.test_media import BOUNDARY, form
from tests.upstream.server import Upstream
from tests.upstream.steps import JSON, Reset, cut, events, reply

from gateway.neutral.caching import CacheRule
from gateway.neutral.config import PicturePrice, Price
from gateway.neutral.limits import Budget, Limits

DOLLAR = 1_000_000_000
MP3 = (("content-type", "audio/mpeg"),)
SOUND = bytes(range(256)) * 40
WAV = b"RIFF" + bytes(range(256)) * 31
TYPE = f"multipart/form-data; boundary={BOUNDARY}"
REFUSED = b'{"error":{"message":"Your request was rejected.","type":"invalid_request_error","param":"prompt","code":"moderation_blocked"}}'


@dataclass(frozen=True)
class Operation:
    """One operation: a request, a good answer, the price of its model, and what both come to: at most before, exactly after."""

    path: str
    body: Any
    answer: bytes
    price: Price
    most: int
    cost: int
    headers: Any = JSON

    @property
    def raw(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()

    @property
    def asks(self) -> list[tuple[str, str]]:
        kind = TYPE if isinstance(self.body, bytes) else "application/json"
        return [("authorization", f"Bearer {KEY}"), ("content-type", kind)]


def plain(value: Any) -> bytes:
    return json.dumps(value).encode()


AUDIO = form(("model", None, ROUTE.encode()), ("file", "a.wav", WAV), ("prompt", None, b"hush"))
IMAGE = {"created": 1, "data": [{"b64_json": "AAAA"}, {"b64_json": "BBBB"}]}
DRAWN = {"input_tokens": 9, "output_tokens": 200, "total_tokens": 209}
OPERATIONS = {
    "pictures": Operation(
        "/v1/images/generations",
        {"model": ROUTE, "prompt": "a cat", "n": 3},
        plain(IMAGE),
        Price(0, 0, per_image_output=40_000_000_000),
        most=120_000_000,
        cost=80_000_000,
    ),
    "pictures by tokens": Operation(
        "/v1/images/edits",
        form(("model", None, ROUTE.encode()), ("image", "a.png", b"PNG"), ("prompt", None, b"a hat")),
        plain({**IMAGE, "usage": DRAWN}),
        Price(5_000_000, 40_000_000, image_input=10_000_000),
        most=8_192 * 50_000,
        cost=9 * 5_000 + 200 * 40_000,
    ),
    "speech": Operation(
        "/v1/audio/speech",
        {"model": ROUTE, "input": "Hello there", "voice": "a"},
        SOUND,
        Price(0, 0, per_character=15_000_000),
        most=11 * 15_000,
        cost=11 * 15_000,
        headers=MP3,
    ),
    "transcriptions": Operation(
        "/v1/audio/transcriptions",
        AUDIO,
        plain({"text": "Guten Tag", "usage": {"type": "duration", "seconds": 3}}),
        Price(0, 0, per_second_input=100_000_000),
        most=8 * 100_000,
        cost=3 * 100_000,
    ),
    "translations": Operation(
        "/v1/audio/translations",
        AUDIO,
        plain({"text": "Good day", "usage": {"type": "tokens", "input_tokens": 30, "output_tokens": 4}}),
        Price(2_500_000, 10_000_000, audio_input=6_000_000),
        most=8 * 17 * 6_000,
        cost=30 * 2_500 + 4 * 10_000,
    ),
    "moderations": Operation(
        "/v1/moderations",
        {"model": ROUTE, "input": "x"},
        plain({"id": "m", "results": [{"flagged": False}]}),
        Price(0, 0, request=1_000_000_000),
        most=1_000_000,
        cost=1_000_000,
    ),
    "rerank": Operation(
        "/v1/rerank",
        {"model": ROUTE, "query": "q", "documents": ["x" * 600] * 60},
        plain({"results": [], "meta": {"billed_units": {"search_units": 2}}}),
        Price(0, 0, request=2_000_000_000),
        most=4_000_000,
        cost=4_000_000,
    ),
    "text": Operation(
        "/v1/completions",
        {"model": ROUTE, "prompt": "This", "max_tokens": 20},
        plain({"choices": [{"text": " is"}], "usage": {"prompt_tokens": 2, "completion_tokens": 1, "total_tokens": 3}}),
        Price(1_000_000, 2_000_000),
        most=20 * 2_000,
        cost=2 * 1_000 + 2_000,
    ),
}
BOTH = pytest.mark.parametrize("name", OPERATIONS)


def door_for(upstream: Upstream, operation: Operation, *, limits: Limits | None = None, **more: Any) -> Door:
    """Two providers of the test upstream behind one route, and a key."""
    found = release(*(provider(one, upstream.url, kind="openai_compatible") for one in ("a", "b")), **more)
    found = replace(found, models=tuple(replace(model, price=operation.price) for model in found.models))
    door = fleet(found)
    door.keys.keys = MemoryKeys(virtual_key(limits=limits or Limits(), record_bodies=True)).keys
    return door


async def ask(door: Door, operation: Operation) -> Any:
    return await door.ask("POST", operation.path, operation.raw, headers=operation.asks)


def good(operation: Operation) -> Any:
    return reply(200, operation.answer, operation.headers)


@BOTH
@pytest.mark.parametrize(
    "fault",
    [reply(500, b"{}"), reply(429, b"{}"), (Reset(),), reply(200, b"", MP3)],
    ids=["500", "429", "reset", "empty"],
)
async def test_a_provider_that_fails_is_followed_by_the_next(upstream: Upstream, name: str, fault: Any) -> None:
    operation = OPERATIONS[name]
    door = door_for(upstream, operation)
    upstream.add(fault, good(operation))
    heard = await ask(door, operation)
    assert (heard.status, heard.body) == (200, operation.answer)
    assert [sent.body for sent in upstream.journal] == [
        operation.raw.replace(ROUTE.encode(), b"up-" + who) for who in (b"a", b"b")
    ]
    assert (door.row.provider, door.row.cost.nano_usd, len(door.row.attempts)) == ("b", operation.cost, 2)


@BOTH
async def test_a_refusal_is_the_clients_and_passes_as_it_is(upstream: Upstream, name: str) -> None:
    operation = OPERATIONS[name]
    door = door_for(upstream, operation, limits=Limits(budgets=(Budget("day", DOLLAR),)))
    upstream.add(reply(400, REFUSED, JSON))
    heard = await ask(door, operation)
    assert (heard.status, heard.body, len(upstream.journal)) == (400, REFUSED, 1)
    day = door.limits.of("key", "key_1", "day")
    assert (day.used, day.held) == (0, 0)


@BOTH
async def test_the_worst_case_is_held_and_the_exact_cost_is_settled(upstream: Upstream, name: str) -> None:
    operation = OPERATIONS[name]
    door = door_for(upstream, operation, limits=Limits(budgets=(Budget("day", DOLLAR),)))
    upstream.add(good(operation))
    assert (await ask(door, operation)).status == 200
    held = door.limits.asked[0].nano
    assert operation.most <= held <= operation.most * 3 + 600_000
    day = door.limits.of("key", "key_1", "day")
    assert (day.used, day.held) == (operation.cost, 0)
    assert door.logs.rows[-1].cost.source == "model"


@BOTH
async def test_what_has_no_room_in_a_budget_is_not_sent(upstream: Upstream, name: str) -> None:
    operation = OPERATIONS[name]
    for limits in (Limits(budgets=(Budget("day", operation.most - 1),)), Limits(requests_per_minute=0)):
        door = door_for(upstream, operation, limits=limits)
        assert (await ask(door, operation)).status == 429
    assert upstream.journal == []


@BOTH
async def test_without_a_price_a_budget_refuses_and_others_are_told_unpriced(upstream: Upstream, name: str) -> None:
    operation = OPERATIONS[name]
    door = door_for(upstream, operation, limits=Limits(budgets=(Budget("day", DOLLAR),)))
    bare = replace(door.release, models=tuple(replace(model, price=None) for model in door.release.models))
    paying = Door(bare, keys=door.keys)
    heard = await ask(paying, operation)
    assert (heard.status, heard.json()["error"]["code"]) == (403, "model_unpriced")
    free = Door(bare, keys=MemoryKeys(virtual_key()))
    upstream.add(good(operation))
    assert (await ask(free, operation)).status == 200
    assert free.row.cost.state == "unpriced"


@BOTH
async def test_a_log_keeps_words_and_no_files(upstream: Upstream, name: str) -> None:
    operation = OPERATIONS[name]
    door = door_for(upstream, operation)
    upstream.add(good(operation))
    await ask(door, operation)
    kept: dict[str, Any] = {"request_body": door.row.request_body, "response_body": door.row.response_body}
    if door.row.body_ref:
        kept = json.loads(door.logs.bodies.popitem()[1])
    if isinstance(operation.body, bytes):
        asked = json.loads(kept["request_body"])
        assert asked["model"] == ROUTE
        assert asked["file_bytes"] in {len(WAV), 3}
    else:
        assert json.loads(kept["request_body"]) == operation.body
    if operation.headers == MP3:
        assert kept["response_body"] == f"[{len(SOUND)} bytes of audio/mpeg]"
    else:
        assert json.loads(kept["response_body"]) == json.loads(operation.answer)
    none = door_for(upstream, operation)
    none.keys.keys = MemoryKeys(virtual_key()).keys
    upstream.add(good(operation))
    await ask(none, operation)
    assert (none.row.request_body, none.row.response_body, none.row.body_ref) == (None, None, None)


@pytest.mark.parametrize("name", ["pictures", "speech", "transcriptions", "translations", "moderations", "rerank"])
async def test_what_is_no_text_is_not_cached(upstream: Upstream, name: str) -> None:
    operation = OPERATIONS[name]
    door = door_for(upstream, operation, cache=CacheRule())
    upstream.add(good(operation))
    for _ in range(2):
        assert (await ask(door, operation)).status == 200
    assert len(upstream.journal) == 2
    assert {row.cache for row in door.logs.rows} == {"bypass"}


async def test_speech_that_was_begun_is_nobody_elses(upstream: Upstream) -> None:
    operation = OPERATIONS["speech"]
    door = door_for(upstream, operation)
    upstream.add(cut(SOUND, 5_000, headers=MP3), good(operation))
    with pytest.raises(Exception, match="req_"):
        await ask(door, operation)
    assert len(upstream.journal) == 1
    assert (door.row.error, door.row.cost.nano_usd) == ("upstream_reset", operation.cost)


@pytest.mark.parametrize(("told", "cost"), [({}, 2 * 80_000_000), ({"quality": "hd"}, 2 * 120_000_000)])
async def test_pictures_cost_what_their_quality_and_size_do(
    upstream: Upstream, told: dict[str, str], cost: int
) -> None:
    """What the answer says goes before what was asked for, and no more than what is held can come of it."""
    operation = OPERATIONS["pictures"]
    listed = (PicturePrice(80_000_000_000, "standard", "1792x1024"), PicturePrice(120_000_000_000, "hd"))
    sized = replace(operation, price=Price(0, 0, per_image_output=40_000_000_000, pictures=listed))
    door = door_for(upstream, sized, limits=Limits(budgets=(Budget("day", DOLLAR),)))
    upstream.add(reply(200, plain({**IMAGE, **told}), JSON))
    asked: dict[str, Any] = {**operation.body, "size": "1792x1024"}
    if not told:
        asked["quality"] = "standard"
    assert (await door.ask("POST", operation.path, asked)).status == 200
    assert door.limits.asked[0].nano >= 3 * (120_000_000 if told else 80_000_000)
    assert door.logs.rows[-1].cost.nano_usd == cost


async def test_text_without_usage_from_a_model_billed_by_tokens_costs_its_sound(upstream: Upstream) -> None:
    operation = OPERATIONS["translations"]
    door = door_for(upstream, operation)
    upstream.add(reply(200, b"Good day", (("content-type", "text/plain"),)))
    assert (await ask(door, operation)).body == b"Good day"
    used = door.row.usage
    assert (used.source, used.audio_input) == ("estimated", 16)
    assert used.fresh >= 16
    assert (door.row.cost.nano_usd or 0) >= 16 * 6_000


async def test_a_stream_of_pictures_is_settled_by_its_tokens(upstream: Upstream) -> None:
    operation = OPERATIONS["pictures by tokens"]
    door = door_for(upstream, operation, limits=Limits(budgets=(Budget("day", DOLLAR),), tokens_per_minute=50_000))
    raw = b'data: {"type":"image_generation.completed","b64_json":"AAAA","usage":%b}\n\n' % plain(DRAWN)
    upstream.add(events(raw))
    body = {"model": ROUTE, "prompt": "x", "stream": True}
    assert (await door.ask("POST", "/v1/images/generations", body)).body == raw
    day = door.limits.of("key", "key_1", "day")
    assert (day.used, day.held) == (operation.cost, 0)
