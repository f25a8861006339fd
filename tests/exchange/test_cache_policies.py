"""A kept answer is the last word, after every policy: who may not ask gets none, and who gets one is counted, told, and pays nothing."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from tests.exchange.fleet import ROUTE, provider, release
from tests.exchange.kit import KEY, Door, Heard, MemoryKeys, release_for, virtual_key
from tests.exchange.test_cache import asking, embedding, with_key
from tests.exchange.test_shapes import ANSWER, STREAM
from tests.upstream.server import Upstream
from tests.upstream.steps import JSON, cut, events, gated, reply, split_events

from gateway.neutral.caching import CacheRule
from gateway.neutral.config import Price, Release, Share, Target
from gateway.neutral.guardrails import Guardrail
from gateway.neutral.health import Health, TargetHealth
from gateway.neutral.limits import Account, Budget, Limits

MATE = "sk-gw-" + "m" * 43
WHOLE = reply(200, json.dumps(ANSWER).encode(), JSON)
DOLLAR = 1_000_000_000
CHAT = "/v1/chat/completions"


def caching(found: Release, name: str = "fast", **rule: Any) -> Release:
    routes = (replace(one, cache=CacheRule(**rule)) if one.id == name else one for one in found.routes)
    return replace(found, routes=tuple(routes))


def team(found: Release, *, accounts: tuple[Account, ...] = (), **mate: Any) -> Door:
    """A door for two keys of one team; what is said of the mate's holds for that alone."""
    keys = MemoryKeys(virtual_key(team_id="a"), virtual_key(MATE, **{"id": "key_2", "team_id": "a"} | mate))
    keys.accounts = {(one.kind, one.id): one for one in accounts}
    return Door(found, keys)


async def ask(door: Door, secret: str = KEY, body: dict[str, Any] | None = None, **headers: str) -> Heard:
    return await door.ask("POST", CHAT, body or asking("Why?", max_tokens=50), headers=with_key(secret, **headers))


def hit(heard: Heard) -> bool:
    return (heard.header(b"x-gateway-cache") or b"").startswith((b"hit", b"semantic"))


@pytest.mark.parametrize(
    ("mate", "accounts", "status"),
    [
        ({"active": False}, (), 401),
        ({"valid_until": 1_000_000_000}, (), 401),
        ({"ip_allow": ("198.51.100.0/24",)}, (), 403),
        ({"allowed_models": ("chat-model",)}, (), 403),
        ({"allowed_providers": ("ant",)}, (), 403),
        ({"limits": Limits(tokens_per_minute=1)}, (), 429),
        ({"limits": Limits(budgets=(Budget("day", 1),))}, (), 429),
        ({"user_id": "u"}, (Account("user", "u", "U", limits=Limits(budgets=(Budget("total", 1),))),), 429),
        ({"user_id": "u"}, (Account("user", "u", "U", active=False),), 403),
        ({"user_id": "u"}, (Account("user", "u", "U", allowed_models=("chat-model",)),), 403),
        ({"user_id": "u"}, (Account("user", "u", "U", token_balance=True),), 402),
    ],
)
async def test_who_may_not_ask_gets_no_kept_answer(
    upstream: Upstream, mate: dict[str, Any], accounts: tuple[Account, ...], status: int
) -> None:
    upstream.add(WHOLE)
    door = team(caching(release_for(upstream.url)), accounts=accounts, **mate)
    await ask(door)
    refused = await ask(door, MATE)
    assert (refused.status, hit(refused), len(upstream.journal)) == (status, False, 1), refused.body
    assert ANSWER["choices"][0]["message"]["content"] not in refused.body.decode()  # type: ignore[index]
    assert hit(await ask(door)), "the answer is there"


async def test_a_hit_counts_as_a_request(upstream: Upstream) -> None:
    upstream.add(WHOLE)
    door = team(caching(release_for(upstream.url)), limits=Limits(requests_per_minute=2))
    await ask(door)
    assert [(await ask(door, MATE)).status for _ in range(3)] == [200, 200, 429]
    assert len(upstream.journal) == 1


async def test_a_hit_settles_what_it_held_and_pays_nothing(upstream: Upstream) -> None:
    upstream.add(WHOLE)
    money = Limits(budgets=(Budget("day", DOLLAR),), tokens_per_minute=100_000)
    door = team(caching(release_for(upstream.url)), limits=money)
    await ask(door)
    assert hit(await ask(door, MATE))
    day, tokens = (door.limits.of("key", "key_2", name) for name in ("day", "tokens"))  # type: ignore[arg-type]
    assert (day.used, day.held, tokens.used, tokens.held) == (0, 0, 0, 0)
    assert len(door.limits.settled) == 1
    made, begun, given = door.logs.rows
    assert begun.state == "running"
    assert (given.state, given.cache, given.saved_nano) == ("done", "hit", made.cost.nano_usd)
    assert made.cost.nano_usd == 450_000


async def test_an_answer_of_a_provider_that_a_key_may_not_use_is_none(upstream: Upstream) -> None:
    upstream.add(WHOLE)
    found = release(provider("a", upstream.url), provider("b", upstream.url))
    door = team(caching(found, ROUTE), allowed_providers=("b",))
    await ask(door, body=asking("Why?", model=ROUTE))
    other = await ask(door, MATE, body=asking("Why?", model=ROUTE))
    assert not hit(other)
    assert [row.provider for row in door.logs.rows] == ["a", "b"]
    assert hit(await ask(door, body=asking("Why?", model=ROUTE))), "b's answer is one that the first key may have"


async def test_an_answer_of_a_target_that_is_gone_is_none_and_of_one_that_is_ill_is(upstream: Upstream) -> None:
    upstream.add(WHOLE)
    found = caching(release(provider("a", upstream.url), provider("b", upstream.url)), ROUTE)
    door = team(found)
    body = asking("Why?", model=ROUTE)
    await ask(door, body=body)
    door.health.health = Health(targets={("a", "up-a"): TargetHealth(open_until_ms=door.clock.now_ms() + 60_000)})
    assert hit(await ask(door, body=body)), "what a broken target made before is as good as ever"
    door.health.health = Health()
    route = replace(found.routes[0], targets=(Target("b", "up-b"),))
    moved = team(replace(found, routes=(route,)))
    moved.cache.answers = door.cache.answers
    # The same store, after the route was changed.
    assert not hit(await ask(moved, body=body))
    assert moved.logs.rows[0].provider == "b"


async def test_a_mirror_gets_no_copy_of_a_hit(upstream: Upstream) -> None:
    upstream.add(WHOLE)
    found = caching(release_for(upstream.url))
    route = replace(found.routes[0], mirror=Share("full", "up-mirror", 100.0))
    door = team(replace(found, routes=(route,)))
    await ask(door)
    assert len(upstream.journal) == 2
    assert hit(await ask(door))
    assert len(upstream.journal) == 2


async def test_an_idempotency_key_goes_first_and_a_hit_is_kept_under_it(upstream: Upstream) -> None:
    upstream.add(WHOLE)
    door = team(caching(release_for(upstream.url)))
    bodies = [(await ask(door, idempotency_key=key)).body for key in ("one", "two", "two", "one")]
    assert len(set(bodies)) == 1
    assert [row.cache for row in door.logs.rows] == ["miss", "hit", "replay", "replay"]
    assert len(upstream.journal) == 1


async def test_a_stream_that_broke_or_was_left_is_not_kept(upstream: Upstream) -> None:
    door = team(caching(release_for(upstream.url)))
    body = asking("Why?", stream=True)
    upstream.add(cut(STREAM, len(STREAM) - 20))
    await ask(door, body=body)
    assert door.cache.answers == {}
    upstream.add(gated(split_events(STREAM), "left"))
    leave = asyncio.Event()
    running = asyncio.ensure_future(
        door.ask("POST", CHAT, body, headers=with_key(KEY), leave=leave, on_part=lambda _: leave.set())
    )
    await upstream.seen(2)
    upstream.open("left-0")
    await running
    assert door.cache.answers == {}
    upstream.add(events(STREAM))
    await ask(door, body=body)
    assert len(door.cache.answers) == 1


@pytest.mark.parametrize("cost", [True, False])
async def test_an_embedding_is_paid_for_by_who_asks_and_is_not_waited_for_in_vain(
    upstream: Upstream, cost: bool
) -> None:
    upstream.add(WHOLE, path=CHAT, method="POST")
    if cost:
        embedding(upstream)
    else:
        upstream.add(reply(500, b"{}", JSON), path="/v1/embeddings", method="POST")
    found = caching(release_for(upstream.url), mode="semantic", embedding_model="embed-model")
    models = [
        replace(one, price=Price(input=1_000_000, output=0)) if one.id == "embed-model" else one for one in found.models
    ]
    money = Limits(budgets=(Budget("day", DOLLAR),))
    door = team(replace(found, models=tuple(models)), limits=money)
    assert (await ask(door, body=asking("What is the capital of France?"))).status == 200
    again = await ask(door, MATE, asking("Please tell me the capital of France."))
    assert (again.status, hit(again)) == (200, cost)
    day, row = door.limits.of("key", "key_2", "day"), door.logs.rows[-1]
    [embedded] = [made for made in row.attempts if made.kind == "embedding"]
    assert day.held == 0
    if cost:
        assert (embedded.fault, embedded.cost_nano, day.used) == (None, 7_000, 7_000), (
            "7 tokens at a dollar per million"
        )
        assert (row.cost.nano_usd, row.saved_nano) == (None, 450_000)
    else:
        assert embedded.fault is not None
        assert row.cache == "miss"
        assert day.used == row.cost.nano_usd


async def test_the_rule_without_a_route_is_the_releases(upstream: Upstream) -> None:
    upstream.add(WHOLE)
    door = team(replace(release_for(upstream.url), cache=CacheRule(scope="key")))
    body = asking("Why?", model="chat-model")
    await ask(door, body=body)
    assert hit(await ask(door, body=body))
    assert not hit(await ask(door, MATE, body)), "another key"
    assert not hit(await ask(door)), "a route says for itself"
    assert not hit(await ask(door))


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_hit_passes_the_guardrails_of_the_day(upstream: Upstream, streamed: bool) -> None:
    upstream.add(events(STREAM) if streamed else WHOLE)
    found, body = caching(release_for(upstream.url)), asking("Why not?", stream=streamed)
    before = team(found)
    await ask(before, body=body)

    async def under(**guardrail: Any) -> tuple[Heard, Door]:
        door = team(replace(found, guardrails=(Guardrail("g", "deny", everywhere=True, **guardrail),)))
        door.cache.answers = before.cache.answers
        return await ask(door, body=body), door

    refused, door = await under(keywords=("why",))
    assert (refused.status, hit(refused), refused.json()["error"]["code"]) == (400, False, "guardrail_blocked")
    assert door.row.cache == "off"
    masked, door = await under(keywords=("hello",), stages=("output",), action="mask")
    assert hit(masked)
    assert "[keyword]" in masked.body.decode()
    ended, door = await under(keywords=("hello",), stages=("output",))
    assert hit(ended)
    assert "content_filter" in ended.body.decode()
    for heard in (refused, masked, ended):
        assert "Hel" not in heard.body.decode()
    assert hit(await ask(before, body=body))
    assert len(upstream.journal) == 1


async def test_what_a_guardrail_masks_in_a_request_is_what_is_looked_for(upstream: Upstream) -> None:
    """Two requests that are one behind the mask; nothing of what was masked is kept."""
    upstream.add(WHOLE)
    rule = Guardrail("g", "pii", pii=("email",), action="mask", everywhere=True)
    door = team(replace(caching(release_for(upstream.url), mode="semantic"), guardrails=(rule,)))
    await ask(door, body=asking("Who is ann@example.com?"))
    assert hit(await ask(door, body=asking("Who is bob@example.org?")))
    assert "example" not in str(door.cache.questions) + str(door.cache.answers)
