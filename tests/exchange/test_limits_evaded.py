"""Requests that would take more than is held for them, or leave less than they cost: what must not get past admission."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.exchange import dialects
from tests.exchange.kit import Door, MemoryKeys, release_for, virtual_key
from tests.upstream.server import Upstream
from tests.upstream.steps import reply

from gateway.neutral.config import Model, Price, Release
from gateway.neutral.limits import Account, Budget, Limits
from gateway.neutral.logrow import LogRow

DOLLAR = 1_000_000_000
BUDGET = Limits(budgets=(Budget("day", DOLLAR),))
OUTPUT = 600  # nano-dollars per token of output, of every model here but Claude


def door_with(release: Release, limits: Limits = BUDGET, *accounts: Account) -> Door:
    keys = MemoryKeys(virtual_key(limits=limits, user_id="ada"))
    keys.accounts = {(account.kind, account.id): account for account in accounts}
    return Door(release, keys=keys)


def final(door: Door) -> LogRow:
    """The last row; the beginning of it stands before."""
    return door.logs.rows[-1]


async def held(upstream: Upstream, client: str, **more: Any) -> int:
    """Nano-dollars that a request holds."""
    door = door_with(release_for(upstream.url), Limits(budgets=(Budget("day", 1000 * DOLLAR),)))
    upstream.add(reply(200, dialects.whole(client)))
    target, body = dialects.asked(client, dialects.MODELS[client], stream=False, **more)
    await door.ask("POST", target, body)
    return door.limits.asked[-1].nano


@pytest.mark.parametrize("n", ["8", 8.0])
async def test_a_count_of_answers_that_only_lax_servers_read_is_held(upstream: Upstream, n: Any) -> None:
    assert await held(upstream, "openai_chat", n=n, max_tokens=1000) >= 8 * 1000 * OUTPUT
    config = {"candidateCount": n, "maxOutputTokens": 1000}
    assert await held(upstream, "gemini", generationConfig=config) >= 8 * 1000 * OUTPUT


@pytest.mark.parametrize("most", ["100000", 100000.0])
async def test_a_limit_of_output_that_only_lax_servers_read_is_held(upstream: Upstream, most: Any) -> None:
    assert await held(upstream, "openai_chat", max_tokens=most) >= 100_000 * OUTPUT


async def test_of_two_limits_of_output_the_larger_is_held(upstream: Upstream) -> None:
    """Which of them holds is the server's choice: some know the older name alone."""
    assert await held(upstream, "openai_chat", max_completion_tokens=1, max_tokens=100_000) >= 100_000 * OUTPUT
    two = {"generationConfig": {"maxOutputTokens": 1}, "generation_config": {"max_output_tokens": 100_000}}
    assert await held(upstream, "gemini", **two) >= 100_000 * OUTPUT


@pytest.mark.parametrize(
    "more",
    [{"previous_response_id": "resp_1"}, {"conversation": {"id": "conv_1"}}, {"prompt": {"id": "pmpt_1"}}],
)
async def test_a_conversation_that_lies_at_the_provider_holds_the_whole_window(
    upstream: Upstream, more: dict[str, Any]
) -> None:
    """A tiny body continues a conversation of hundreds of thousands of tokens. The catalog says 400,000 of this model."""
    assert await held(upstream, "openai_responses", max_output_tokens=16, **more) >= 100_000 * 150


async def test_a_cache_that_lies_at_the_provider_holds_the_whole_window(upstream: Upstream) -> None:
    more = {"cachedContent": "cachedContents/1", "generationConfig": {"maxOutputTokens": 16}}
    assert await held(upstream, "gemini", **more) >= 100_000 * 150


async def test_a_tier_in_geminis_spelling_is_held(upstream: Upstream) -> None:
    found = release_for(upstream.url)
    dear = Price(input=150_000, output=600_000, priority=Price(input=1_500_000, output=6_000_000))
    found = replace(found, models=(Model("dear", "full", "gpt-5-codex", price=dear),))
    door = door_with(found, Limits(budgets=(Budget("day", 1000 * DOLLAR),)))
    upstream.add(reply(200, dialects.whole("openai_responses")))
    more = {"serviceTier": "PRIORITY", "generationConfig": {"maxOutputTokens": 1000}}
    target, body = dialects.asked("gemini", "dear", stream=False, **more)
    await door.ask("POST", target, body)
    assert door.limits.asked[-1].nano >= 1000 * 6_000


async def test_a_tier_that_the_provider_adds_is_held(upstream: Upstream) -> None:
    found = release_for(upstream.url)
    dear = Price(input=150_000, output=600_000, priority=Price(input=1_500_000, output=6_000_000))
    providers = tuple(replace(one, default_parameters={"service_tier": "priority"}) for one in found.providers)
    models = tuple(replace(one, price=dear) for one in found.models)
    door = door_with(replace(found, providers=providers, models=models))
    upstream.add(reply(200, dialects.whole("openai_chat")))
    target, body = dialects.asked("openai_chat", "chat-model", stream=False, max_tokens=1000)
    await door.ask("POST", target, body)
    assert door.limits.asked[-1].nano >= 1000 * 6_000


async def test_work_that_goes_on_without_us_is_not_begun_where_it_must_be_paid(upstream: Upstream) -> None:
    """The answer is out at once, without a usage; the provider works on and bills what nobody here will ever hear of."""
    balance = Account("user", "ada", "Ada", token_balance=True)
    for limits, accounts in ((BUDGET, ()), (Limits(tokens_per_minute=10**6), ()), (Limits(), (balance,))):
        door = door_with(release_for(upstream.url), limits, *accounts)
        target, body = dialects.asked("openai_responses", "responses-model", stream=False, background=True)
        heard = await door.ask("POST", target, body)
        assert (heard.status, json.loads(heard.body)["error"]["param"]) == (400, "background")
    assert upstream.accepted == 0


async def test_without_limits_work_may_go_on_without_us(upstream: Upstream) -> None:
    door = door_with(release_for(upstream.url), Limits(concurrent=3))
    upstream.add(reply(200, dialects.whole("openai_responses")))
    target, body = dialects.asked("openai_responses", "responses-model", stream=False, background=True)
    assert (await door.ask("POST", target, body)).status == 200


async def test_where_only_rates_are_limited_an_unknown_price_stays_unknown(upstream: Upstream) -> None:
    """The worst case of the route's other target is nobody's cost."""
    found = release_for(upstream.url)
    chat = next(one for one in found.models if one.id == "chat-model")
    free = replace(chat, id="nobody-knows", upstream_model="up-unknown", price=None)
    targets = (replace(found.routes[0].targets[0], model="up-unknown"), replace(found.routes[0].targets[0], priority=1))
    found = replace(found, models=(*found.models, free), routes=(replace(found.routes[0], targets=targets),))
    door = door_with(found, Limits(requests_per_minute=100))
    upstream.add(reply(200, dialects.whole("openai_chat")))
    target, body = dialects.asked("openai_chat", "fast", stream=False)
    assert (await door.ask("POST", target, body)).status == 200
    row = final(door)
    assert row.upstream_model == "up-unknown"
    assert (row.cost.state, row.cost.nano_usd) == ("unpriced", None)


@pytest.mark.parametrize("action", ["embedContent", "batchEmbedContents"])
async def test_geminis_embeddings_are_paid_for(upstream: Upstream, action: str) -> None:
    """Most of its embedding models tell no usage: a thousand words must not be taken for none."""
    found = release_for(upstream.url)
    embedding = Model("embedder", "gem", "up-embedder", kind="embedding", price=Price(input=150_000, output=0))
    door = door_with(replace(found, models=(embedding,)))
    one = {"content": {"parts": [{"text": "word " * 1000}]}}
    upstream.add(reply(200, b'{"embedding":{"values":[0.5]}}'))
    body = one if action == "embedContent" else {"requests": [one]}
    assert (await door.ask("POST", f"/v1beta/models/embedder:{action}", body)).status == 200
    assert door.limits.asked[-1].nano >= 1000 * 150
    assert final(door).usage.fresh >= 1000
    assert final(door).cost.nano_usd == final(door).usage.fresh * 150


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": 0, "completion_tokens": 0},
        {"prompt_tokens": -5, "completion_tokens": -7},
        {"prompt_tokens": True, "completion_tokens": None},
    ],
)
@pytest.mark.parametrize("model", ["chat-model", "claude-model"])
async def test_noughts_are_no_usage(upstream: Upstream, usage: dict[str, Any], model: str) -> None:
    """A delivered answer is never settled at nothing because its server did not count."""
    names = {"prompt_tokens": "input_tokens", "completion_tokens": "output_tokens"}
    ours = "openai_chat" if model == "chat-model" else "anthropic_messages"
    told = usage if ours == "openai_chat" else {names[name]: value for name, value in usage.items()}
    door = door_with(release_for(upstream.url))
    upstream.add(reply(200, json.dumps({**json.loads(dialects.whole(ours)), "usage": told}).encode()))
    target, body = dialects.asked("openai_chat", model, stream=False, max_tokens=50)
    assert (await door.ask("POST", target, body)).status == 200
    row = final(door)
    assert (row.usage.source, row.usage.input_total > 0, row.usage.output > 0) == ("estimated", True, True)
    assert door.limits.of("key", "key_1", "day").used == row.cost.nano_usd
    assert (row.cost.nano_usd or 0) > 0
