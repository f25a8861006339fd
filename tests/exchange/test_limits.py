"""Limits at the door: who is let in, what is held and settled, and what a client is told. The store's own exactness is proved elsewhere."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from tests.exchange import dialects
from tests.exchange.fleet import ROUTE, fleet, provider, release
from tests.exchange.kit import SETTINGS, Door, Heard, MemoryKeys, release_for, virtual_key
from tests.upstream.server import Upstream
from tests.upstream.steps import events, gated, reply

from gateway.neutral.config import Share
from gateway.neutral.limits import Account, Budget, Limits
from gateway.neutral.logrow import LogRow

CHAT = dialects.streamed("openai_chat")
WHOLE = dialects.whole("openai_chat")
# 9 tokens in, 3 out, at 0.15 and 0.60 USD per million: 1,350 + 1,800 nano-dollars.
COST = 3_150
DOLLAR = 1_000_000_000


def door_with(url: str, *, limits: Limits | None = None, accounts: tuple[Account, ...] = (), **more: Any) -> Door:
    """A door whose one key has limits, and calls for a user and a team."""
    keys = MemoryKeys(virtual_key(limits=limits or Limits(), user_id="ada", team_id="blue"))
    keys.accounts = {(account.kind, account.id): account for account in accounts}
    return Door(release_for(url), keys=keys, **more)


def budget(nano: int, period: Any = "day") -> Limits:
    return Limits(budgets=(Budget(period, nano),))


async def ask(door: Door, client: str = "openai_chat", *, stream: bool = False, **more: Any) -> Heard:
    more = {"max_tokens": 50, **more} if client != "gemini" else {"generationConfig": {"maxOutputTokens": 50}, **more}
    if client == "openai_responses":
        more["max_output_tokens"] = more.pop("max_tokens")
    target, body = dialects.asked(client, dialects.MODELS[client], stream=stream, **more)
    return await door.ask("POST", target, body)


def final(door: Door) -> LogRow:
    """The last row; the beginning of it stands before."""
    return door.logs.rows[-1]


def told(heard: Heard) -> dict[str, str]:
    """The limit as programs are told."""
    return dict(part.split("=", 1) for part in (heard.header(b"x-gateway-limit") or b"").decode().split("; "))


# -- held and settled ----------------------------------------------------------------------------------------------


async def test_a_request_holds_its_worst_case_and_settles_what_it_cost(upstream: Upstream) -> None:
    door = door_with(upstream.url, limits=budget(DOLLAR))
    upstream.add(gated(CHAT, "slow"))
    running = asyncio.ensure_future(ask(door, stream=True))
    await upstream.seen(1)
    day = door.limits.of("key", "key_1", "day")
    assert day.used == 0
    # At least the answer that was asked for, at the price of output.
    assert day.held > 50 * 600
    assert [row.state for row in door.logs.rows] == ["running"]
    upstream.open(*(f"slow-{n}" for n in range(9)), "slow-end")
    assert (await running).status == 200
    assert (day.used, day.held) == (COST, 0)
    assert final(door).state == "done"
    assert final(door).cost.nano_usd == COST


async def test_a_caller_without_limits_asks_nobody(upstream: Upstream) -> None:
    door = door_with(upstream.url, accounts=(Account("team", "blue", "Blue"),))
    upstream.add(reply(200, WHOLE))
    assert (await ask(door)).status == 200
    assert door.limits.asked == []
    assert len(door.logs.rows) == 1


async def test_every_scope_is_asked_at_once(upstream: Upstream) -> None:
    accounts = (
        Account("user", "ada", "Ada", limits=budget(DOLLAR, "month")),
        Account("team", "blue", "Blue", limits=budget(DOLLAR, "total")),
    )
    door = door_with(upstream.url, limits=budget(DOLLAR), accounts=accounts)
    upstream.add(reply(200, WHOLE))
    await ask(door)
    assert [[scope.kind for scope in one.scopes] for one in door.limits.asked] == [["key", "user", "team"]]
    counters = {(kind, name): counter.used for (kind, _, name), counter in door.limits.counters.items()}
    assert counters == {("key", "day"): COST, ("user", "month"): COST, ("team", "total"): COST}


@pytest.mark.parametrize("status", [400, 500])
async def test_an_answer_that_is_an_error_costs_nothing(upstream: Upstream, status: int) -> None:
    door = door_with(upstream.url, limits=budget(DOLLAR))
    upstream.add(reply(status, b'{"error":{"message":"no"}}'))
    assert (await ask(door)).status == status
    day = door.limits.of("key", "key_1", "day")
    assert (day.used, day.held) == (0, 0)


async def test_a_client_that_leaves_pays_for_what_it_got(upstream: Upstream) -> None:
    door = door_with(upstream.url, limits=budget(DOLLAR))
    upstream.add(gated(CHAT, "slow"))
    leave = asyncio.Event()
    target, body = dialects.asked("openai_chat", "chat-model", stream=True, max_tokens=50)
    running = asyncio.ensure_future(door.ask("POST", target, body, leave=leave, on_part=lambda _: leave.set()))
    await upstream.seen(1)
    upstream.open(*(f"slow-{n}" for n in range(3)))
    await running
    row, day = final(door), door.limits.of("key", "key_1", "day")
    assert row.error == "client_gone"
    assert day.held == 0
    assert day.used == row.cost.nano_usd
    assert day.used > 0


async def test_a_hedge_that_lost_is_paid_for(upstream: Upstream) -> None:
    found = release(provider("a", upstream.url), provider("b", upstream.url), hedge_seconds=0.05)
    door = fleet(found)
    door.keys.keys = {one.digest: replace(one, limits=budget(DOLLAR)) for one in door.keys.keys.values()}
    upstream.add(gated(CHAT, "slow"), model="up-a")
    upstream.add(events(b"".join(CHAT)), model="up-b")
    target, body = dialects.asked("openai_chat", ROUTE, stream=True)
    assert (await door.ask("POST", target, body)).status == 200
    row, day = final(door), door.limits.of("key", "key_1", "day")
    lost = sum(made.cost_nano or 0 for made in row.attempts)
    assert lost > 0
    assert (day.used, day.held) == ((row.cost.nano_usd or 0) + lost, 0)


async def test_a_mirror_is_not_the_callers(upstream: Upstream) -> None:
    found = release(provider("a", upstream.url), provider("b", upstream.url))
    share = Share("b", "up-b", 100.0)
    door = fleet(replace(found, routes=(replace(found.routes[0], targets=found.routes[0].targets[:1], mirror=share),)))
    door.keys.keys = {one.digest: replace(one, limits=budget(DOLLAR)) for one in door.keys.keys.values()}
    for model in ("up-a", "up-b"):
        upstream.add(reply(200, WHOLE), model=model)
    target, body = dialects.asked("openai_chat", ROUTE, stream=False)
    assert (await door.ask("POST", target, body)).status == 200
    original = next(row for row in door.logs.rows if row.state == "done" and row.mirror_of is None)
    copy = next(row for row in door.logs.rows if row.mirror_of is not None)
    assert len(door.limits.asked) == 1
    assert door.limits.of("key", "key_1", "day").used == original.cost.nano_usd
    assert copy.cost.nano_usd == original.cost.nano_usd


async def test_a_long_request_says_that_it_runs_and_what_it_has_cost(upstream: Upstream) -> None:
    door = door_with(upstream.url, limits=budget(DOLLAR), settings=replace(SETTINGS, hold_renew_seconds=0.01))
    upstream.add(gated(CHAT, "slow"))
    running = asyncio.ensure_future(ask(door, stream=True))
    await upstream.seen(1)
    while not door.limits.renewed:
        await asyncio.sleep(0.005)
    upstream.open(*(f"slow-{n}" for n in range(9)), "slow-end")
    await running
    count = len(door.limits.renewed)
    assert door.limits.renewed[0].tokens > 0
    await asyncio.sleep(0.05)
    assert len(door.limits.renewed) == count, "the hold is renewed after the end"


# -- refused -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("client", "status", "kind"),
    [
        ("openai_chat", 429, "insufficient_quota"),
        ("openai_responses", 429, "insufficient_quota"),
        ("anthropic_messages", 402, "billing_error"),
        ("gemini", 429, "RESOURCE_EXHAUSTED"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
async def test_a_spent_budget_is_refused_in_words_and_not_repeated(
    upstream: Upstream, client: str, status: int, kind: str, stream: bool
) -> None:
    door = door_with(upstream.url, limits=budget(10))
    heard = await ask(door, client, stream=stream)
    assert heard.status == status
    error = heard.json()["error"]
    assert kind in {error.get("type"), error.get("status")}
    message = error["message"]
    for part in (
        "daily budget",
        "API key",
        "$0.00000001",
        "used $0.00",
        "It resets at 2100-01-01T00:00:00Z",
        "up to $",
    ):
        assert part in message, message
    assert heard.header(b"x-should-retry") == b"false"
    assert told(heard)["name"] == "day"
    assert told(heard)["limit"] == "10"
    assert told(heard)["reset"] == "4102444800"
    assert upstream.journal == []
    assert [row.state for row in door.logs.rows] == ["done"]
    assert final(door).error == "insufficient_quota"
    assert final(door).cost.nano_usd is None


@pytest.mark.parametrize("client", dialects.CLIENTS)
async def test_a_rate_says_when_to_come_back(upstream: Upstream, client: str) -> None:
    door = door_with(upstream.url, limits=Limits(requests_per_minute=1))
    upstream.add(reply(200, dialects.whole(client)))
    assert (await ask(door, client)).status == 200
    heard = await ask(door, client)
    assert heard.status == 429
    assert (
        "requests per minute: limit 1, used 1, requested 1. Please try again in 1.3s."
        in heard.json()["error"]["message"]
    )
    assert heard.header(b"retry-after") == b"2"
    assert heard.header(b"retry-after-ms") == b"1300"
    assert heard.header(b"x-should-retry") == b"true"
    assert heard.header(b"x-ratelimit-limit-requests") == b"1"
    assert heard.header(b"x-ratelimit-remaining-requests") == b"0"
    assert (heard.header(b"anthropic-ratelimit-requests-remaining") == b"0") == (client == "anthropic_messages")
    assert len(upstream.journal) == 1


async def test_requests_at_once_are_bounded_and_come_back(upstream: Upstream) -> None:
    door = door_with(upstream.url, limits=Limits(concurrent=1))
    upstream.add(gated(CHAT, "slow"))
    running = asyncio.ensure_future(ask(door, stream=True))
    await upstream.seen(1)
    heard = await ask(door)
    assert heard.status == 429
    assert "1 requests at once" in heard.json()["error"]["message"]
    upstream.open(*(f"slow-{n}" for n in range(9)), "slow-end")
    await running
    upstream.add(reply(200, WHOLE))
    assert (await ask(door)).status == 200


async def test_the_scope_that_has_no_room_is_named(upstream: Upstream) -> None:
    door = door_with(
        upstream.url, limits=budget(DOLLAR), accounts=(Account("team", "blue", "Blue", limits=budget(1, "total")),)
    )
    heard = await ask(door)
    assert heard.status == 429
    assert "The budget of the team 'blue'" in heard.json()["error"]["message"]
    assert "resets" not in heard.json()["error"]["message"]
    assert heard.header(b"retry-after") is None
    assert told(heard)["scope"] == "team"
    assert door.limits.of("key", "key_1", "day").held == 0


async def test_a_store_that_cannot_say_refuses(upstream: Upstream) -> None:
    door = door_with(upstream.url, limits=budget(DOLLAR))
    door.limits.down = True
    assert (await ask(door)).status == 503
    assert upstream.journal == []


async def test_a_settlement_that_fails_is_said_in_the_log_and_the_answer_stands(
    upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    door = door_with(upstream.url, limits=budget(DOLLAR))
    upstream.add(gated(CHAT, "slow"))
    running = asyncio.ensure_future(ask(door, stream=True))
    await upstream.seen(1)
    door.limits.down = True
    upstream.open(*(f"slow-{n}" for n in range(9)), "slow-end")
    assert (await running).status == 200
    said = next(record.getMessage() for record in caplog.records if "row=" in record.getMessage())
    assert json.loads(said.split("row=", 1)[1])["cost"]["nano_usd"] == COST
