"""Limits at the door: prices, what does not count, rates in headers, users and teams, dry runs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from tests.exchange import dialects
from tests.exchange.fleet import ROUTE, called, fleet, provider, release
from tests.exchange.kit import KEY, SETTINGS, Door, Heard, MemoryKeys, release_for, virtual_key
from tests.upstream.server import Upstream
from tests.upstream.steps import gated, reply

from gateway.neutral.config import Price
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


# -- prices --------------------------------------------------------------------------------------------------------


def unpriced(url: str) -> Any:
    found = release_for(url)
    return replace(found, models=tuple(replace(one, price=None) for one in found.models))


async def test_a_model_without_a_price_is_refused_where_money_is_limited(upstream: Upstream) -> None:
    door = door_with(upstream.url, limits=budget(DOLLAR))
    door = Door(unpriced(upstream.url), keys=door.keys)
    heard = await ask(door)
    assert heard.status == 403
    assert heard.json()["error"]["code"] == "model_unpriced"
    assert upstream.journal == []


async def test_without_a_money_budget_it_runs_unpriced(upstream: Upstream) -> None:
    door = door_with(upstream.url, limits=Limits(requests_per_minute=5))
    door = Door(unpriced(upstream.url), keys=door.keys)
    upstream.add(reply(200, WHOLE))
    assert (await ask(door)).status == 200
    assert final(door).cost.state == "unpriced"


async def test_of_a_routes_targets_only_those_with_a_price_are_asked(upstream: Upstream) -> None:
    found = release(provider("a", upstream.url), provider("b", upstream.url))
    models = tuple(replace(one, price=None if one.provider == "a" else Price(1, 1)) for one in found.models)
    door = fleet(replace(found, models=models))
    door.keys.keys = {one.digest: replace(one, limits=budget(DOLLAR)) for one in door.keys.keys.values()}
    upstream.add(reply(200, WHOLE))
    target, body = dialects.asked("openai_chat", ROUTE, stream=False)
    await door.ask("POST", target, body)
    assert await called(upstream) == ["up-b"]


# -- what does not count -------------------------------------------------------------------------------------------


async def test_counting_tokens_holds_neither_money_nor_tokens(upstream: Upstream) -> None:
    door = door_with(
        upstream.url, limits=Limits(requests_per_minute=5, tokens_per_minute=5, budgets=(Budget("day", 5),))
    )
    upstream.add(reply(200, b'{"input_tokens": 9}'))
    body = {"model": "claude-model", "messages": [{"role": "user", "content": "hi"}]}
    heard = await door.ask("POST", "/v1/messages/count_tokens", body)
    assert heard.status == 200, heard.body
    assert (door.limits.asked[0].nano, door.limits.asked[0].tokens) == (0, 0)


async def test_listing_models_is_free(upstream: Upstream) -> None:
    door = door_with(upstream.url, limits=Limits(requests_per_minute=0))
    assert (await door.ask("GET", "/v1/models")).status == 200
    assert door.limits.asked == []


# -- rates in headers ----------------------------------------------------------------------------------------------


async def test_the_clients_own_rates_stand_in_place_of_the_accounts(upstream: Upstream) -> None:
    door = door_with(upstream.url, limits=Limits(requests_per_minute=5, tokens_per_minute=100_000))
    upstream.add(
        reply(200, WHOLE, headers=[("x-ratelimit-limit-requests", "9999"), ("x-ratelimit-remaining-tokens", "7")])
    )
    heard = await ask(door)
    named = [(name, value) for name, value in heard.headers if name.startswith(b"x-ratelimit")]
    assert len(dict(named)) == len(named)
    assert dict(named)[b"x-ratelimit-limit-requests"] == b"5"
    assert dict(named)[b"x-ratelimit-remaining-requests"] == b"4"
    assert dict(named)[b"x-ratelimit-limit-tokens"] == b"100000"
    assert 0 < int(dict(named)[b"x-ratelimit-remaining-tokens"]) < 100_000


async def test_anthropics_clients_find_them_under_anthropics_names(upstream: Upstream) -> None:
    door = door_with(upstream.url, limits=Limits(requests_per_minute=5))
    upstream.add(reply(200, dialects.whole("anthropic_messages"), headers=[("anthropic-ratelimit-tokens-limit", "1")]))
    heard = await ask(door, "anthropic_messages")
    assert heard.header(b"anthropic-ratelimit-requests-limit") == b"5"
    assert heard.header(b"anthropic-ratelimit-tokens-limit") is None


async def test_without_rates_the_providers_pass(upstream: Upstream) -> None:
    door = door_with(upstream.url)
    upstream.add(reply(200, WHOLE, headers=[("x-ratelimit-limit-requests", "9999")]))
    assert (await ask(door)).header(b"x-ratelimit-limit-requests") == b"9999"


# -- users, teams and token balances -------------------------------------------------------------------------------


async def test_a_team_narrows_what_its_keys_may_use(upstream: Upstream) -> None:
    door = door_with(upstream.url, accounts=(Account("team", "blue", "Blue", allowed_models=("claude-*",)),))
    assert (await ask(door)).status in {403, 404}
    listed = (await door.ask("GET", "/v1/models")).json()["data"]
    assert {one["id"] for one in listed} == {"claude-model"}
    assert upstream.journal == []


async def test_an_inactive_team_is_refused(upstream: Upstream) -> None:
    door = door_with(upstream.url, accounts=(Account("team", "blue", "Blue", active=False),))
    assert (await ask(door)).status == 403


async def test_a_token_balance_is_checked_before_a_stream_begins(upstream: Upstream) -> None:
    account = Account("user", "ada", "Ada", token_balance=True)
    door = door_with(upstream.url, accounts=(account,), settings=replace(SETTINGS, token_grant=10))
    heard = await ask(door, stream=True)
    assert heard.status == 402
    assert "10 tokens are left" in heard.json()["error"]["message"]
    assert heard.header(b"x-should-retry") == b"false"
    assert upstream.journal == []


async def test_a_token_balance_pays_exactly(upstream: Upstream) -> None:
    account = Account("user", "ada", "Ada", token_balance=True)
    door = door_with(upstream.url, accounts=(account,), settings=replace(SETTINGS, token_grant=10_000))
    upstream.add(reply(200, WHOLE))
    assert (await ask(door)).status == 200
    balance = door.limits.of("user", "ada", "balance")
    assert (balance.used, balance.held) == (12, 0)
    assert KEY not in str(door.limits.asked)


async def test_a_client_that_leaves_before_the_first_word_pays_for_the_prompt(upstream: Upstream) -> None:
    door = door_with(upstream.url, limits=budget(DOLLAR))
    upstream.add(gated(CHAT, "slow"))
    leave = asyncio.Event()
    target, body = dialects.asked("openai_chat", "chat-model", stream=True, max_tokens=50)
    running = asyncio.ensure_future(door.ask("POST", target, body, leave=leave))
    await upstream.seen(1)
    leave.set()
    await running
    row, day = final(door), door.limits.of("key", "key_1", "day")
    assert row.error == "client_gone"
    assert (row.usage.source, row.usage.output) == ("estimated", 0)
    assert row.usage.fresh > 0
    assert (day.used, day.held) == (row.cost.nano_usd, 0)


async def test_a_dry_run_tells_what_the_limits_would_say_and_holds_nothing(upstream: Upstream) -> None:
    door = door_with(upstream.url, limits=Limits(concurrent=2, budgets=(Budget("day", 1),)))
    target, body = dialects.asked("openai_chat", "chat-model", stream=False, max_tokens=50)
    dry = (("authorization", f"Bearer {KEY}"), ("x-gateway-dry-run", "true"))
    heard = await door.ask("POST", target, body, headers=dry)
    assert heard.status == 200
    verdicts = {one["name"]: one for one in heard.json()["limits"]}
    assert verdicts["concurrent"]["fits"] is True
    assert verdicts["day"]["fits"] is False
    assert verdicts["day"]["needed"] > 50 * 600
    assert door.limits.asked == []
    assert door.limits.of("key", "key_1", "day").held == 0
