"""Requests inside a request (moderations, embeddings) are paid for by its caller: held before anybody is asked, and never more than that."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from tests.exchange.guarded import answer, asking, guarded_release, stream
from tests.exchange.kit import KEY, Door, MemoryKeys, virtual_key
from tests.upstream.server import Upstream
from tests.upstream.steps import JSON, events, reply

from gateway.beside import Question, most, weight, within
from gateway.errors import Unpriced
from gateway.ingress import relays
from gateway.neutral.caching import CacheRule
from gateway.neutral.config import Model, Price, Provider, Release, Route, Target
from gateway.neutral.guardrails import Action, Guardrail
from gateway.neutral.limits import Budget, Limits
from gateway.routing.candidate import Candidate, Plan

AUTH = ("authorization", f"Bearer {KEY}")
DOLLAR = 1_000_000_000
TEXT = "Что делать? " * 30
EMBED = "embed-model"


def judged(action: Action = "block", *stages: Any) -> Guardrail:
    return Guardrail("judged", "moderation", stages or ("input", "output"), action, model="judge", everywhere=True)


def door_of(upstream: Upstream, *rules: Guardrail, nano: int = DOLLAR, cache: CacheRule | None = None) -> Door:
    found = guarded_release(upstream.url, *rules)
    routes = tuple(replace(one, cache=cache) for one in found.routes)
    models = tuple(
        replace(one, price=Price(input=500_000, output=0)) if one.id == EMBED else one for one in found.models
    )
    return door_with(replace(found, routes=routes, models=models), nano)


def door_with(release: Release, nano: int = DOLLAR) -> Door:
    limits = Limits(budgets=(Budget("day", nano),)) if nano else Limits()
    return Door(release, MemoryKeys(virtual_key(limits=limits)))


def dear(asked: Any) -> Any:
    """A model that counts a token for each byte."""
    given = json.loads(asked.body)["input"]
    told = weight([given] if isinstance(given, str) else given)
    usage = {"usage": {"prompt_tokens": told, "total_tokens": told}}
    if asked.target.endswith("embeddings"):
        data = [{"index": 0, "embedding": [0.5, 0.5]}]
        return reply(200, json.dumps({"object": "list", "data": data, **usage}).encode(), JSON)
    flags: dict[str, Any] = {"flagged": False, "categories": {}, "category_scores": {}}
    return reply(200, json.dumps({"id": "m", "model": "m", "results": [flags], **usage}).encode(), JSON)


def serve(upstream: Upstream, client: str, *, streams: bool = False, text: str = TEXT) -> None:
    half = len(text) // 2
    told = events(stream(client, text[:half], text[half:])) if streams else reply(200, answer(client, text), JSON)
    upstream.add(told)
    # The last rule that fits goes first.
    for path in ("/v1/moderations", "/v1/embeddings"):
        upstream.add(dear, path=path, method="POST")


@pytest.mark.parametrize("client", ["openai_chat", "anthropic_messages", "gemini", "openai_responses"])
@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("action", ["block", "annotate"])
async def test_what_is_settled_was_held(client: str, streams: bool, action: Action, upstream: Upstream) -> None:
    door = door_of(upstream, judged(action), cache=CacheRule(mode="semantic", embedding_model=EMBED))
    serve(upstream, client, streams=streams)
    more = {"max_output_tokens": 50} if client == "openai_responses" else {}
    heard = await door.ask("POST", *asking(client, TEXT, stream=streams, **more))
    assert heard.status == 200, heard.body
    row = door.logs.rows[-1]
    kinds = sorted(made.kind for made in row.attempts if made.kind in {"moderation", "embedding"})
    assert kinds == ["embedding", "moderation", "moderation"]
    beside = sum(made.cost_nano or 0 for made in row.attempts)
    # A byte is a token here: the question twice, the answer once.
    assert beside >= 2 * 500 * 1_000
    [ask], [(_, spent)] = door.limits.asked, door.limits.settled
    assert spent.nano == beside + (row.cost.nano_usd or 0)
    assert spent.nano <= ask.nano
    assert 0 < ask.known_nano <= ask.nano
    day = door.limits.of("key", "key_1", "day")
    assert (day.used, day.held) == (spent.nano, 0)


@pytest.mark.parametrize("what", ["moderation", "embedding"])
async def test_many_at_once_never_spend_more_than_there_is(what: str, upstream: Upstream) -> None:
    rules = (judged("block", "input"),) if what == "moderation" else ()
    cache = CacheRule(mode="semantic", embedding_model=EMBED) if what == "embedding" else None
    first = door_of(upstream, *rules, cache=cache)
    serve(upstream, "openai_chat", text="Yes.")
    await first.ask("POST", *asking("openai_chat", TEXT, max_tokens=16))
    budget = 3 * first.limits.asked[0].nano
    door = door_of(upstream, *rules, cache=cache, nano=budget)
    serve(upstream, "openai_chat", text="Yes.")
    targets = [asking("openai_chat", f"{number} {TEXT[1:]}", max_tokens=16) for number in range(9)]
    heard = await asyncio.gather(*[door.ask("POST", *one) for one in targets])
    assert {one.status for one in heard} <= {200, 429}
    assert sum(one.status == 200 for one in heard) >= 3
    day = door.limits.of("key", "key_1", "day")
    assert 0 < day.used <= budget
    assert day.held == 0
    held = {admission.request_id: admission.held[0].nano for admission, _ in door.limits.settled}
    assert all(spent.nano <= held[admission.request_id] for admission, spent in door.limits.settled)


@pytest.mark.parametrize("action", ["block", "annotate"])
async def test_a_guardrails_model_without_a_price_is_refused_where_money_is_limited(
    action: Action, upstream: Upstream
) -> None:
    found = guarded_release(upstream.url, judged(action))
    models = tuple(replace(one, price=None) if one.id == "judge" else one for one in found.models)
    models = tuple(replace(one, upstream_model="nobody-knows") if one.id == "judge" else one for one in models)
    target, body = asking("openai_chat", "hi")
    refused = await door_with(replace(found, models=models)).ask("POST", target, body)
    assert (refused.status, refused.json()["error"]["code"]) == (403, "model_unpriced")
    assert "'judge'" in refused.json()["error"]["message"]
    assert upstream.journal == []
    serve(upstream, "openai_chat")
    assert (await door_with(replace(found, models=models), 0).ask("POST", target, body)).status == 200


async def test_a_cache_whose_model_has_no_price_looks_for_the_same_request_alone(upstream: Upstream) -> None:
    found = guarded_release(upstream.url)
    rule = CacheRule(mode="semantic", embedding_model=EMBED)
    models = tuple(
        replace(one, price=None, upstream_model="nobody-knows") if one.id == EMBED else one for one in found.models
    )
    door = door_with(replace(found, models=models, routes=tuple(replace(one, cache=rule) for one in found.routes)))
    serve(upstream, "openai_chat")
    target, body = asking("openai_chat", "hi")
    states = [(await door.ask("POST", target, body)).header(b"x-gateway-cache") or b"" for _ in range(2)]
    assert [state.partition(b";")[0] for state in states] == [b"miss", b"hit"]
    assert [one.target for one in upstream.journal] == ["/v1/chat/completions"]


async def test_a_dry_run_counts_them(upstream: Upstream) -> None:
    target, body = asking("openai_chat", TEXT, max_tokens=16)
    needed = []
    for rules in ((), (judged("block", "input"),)):
        door = door_of(upstream, *rules)
        heard = await door.ask("POST", target, body, [AUTH, ("x-gateway-dry-run", "true")])
        needed.append(heard.json()["limits"][0]["needed"])
    assert needed[1] - needed[0] >= weight([TEXT]) * 1_000
    assert upstream.journal == []


async def test_an_answer_longer_than_was_held_for_is_not_judged_at_the_budgets_cost(upstream: Upstream) -> None:
    door = door_of(upstream, judged("block", "output"))
    serve(upstream, "openai_chat", text="x" * 40_000)
    heard = await door.ask("POST", *asking("openai_chat", "hi", max_tokens=16))
    assert (heard.status, heard.json()["error"]["code"]) == (503, "guardrail_unavailable")
    [(_, spent)] = door.limits.settled
    assert spent.nano <= door.limits.asked[0].nano


async def test_judges_take_turns_whoever_pays(upstream: Upstream) -> None:
    found = guarded_release(upstream.url, replace(judged("block", "input"), model="judges"))
    price = Price(input=1_000_000, output=0)
    models = (*found.models, Model("second", "oai", "second-judge", kind="moderation", price=price))
    judges = Route("judges", (Target("oai", "omni-moderation"), Target("oai", "second-judge")), strategy="round_robin")
    door = door_with(replace(found, models=models, routes=(*found.routes, judges)))
    serve(upstream, "openai_chat", text="Yes.")
    for _ in range(4):
        assert (await door.ask("POST", *asking("openai_chat", "hi", max_tokens=16))).status == 200
    asked = [json.loads(one.body)["model"] for one in upstream.journal if one.target.endswith("moderations")]
    assert sorted(asked) == ["omni-moderation", "omni-moderation", "second-judge", "second-judge"]


async def test_what_cannot_be_worked_out_comes_to_what_was_held_and_no_more(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_draft: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr("gateway.settlement.meter", broken)
    door = door_of(upstream, judged("block", "input"))
    serve(upstream, "openai_chat")
    assert (await door.ask("POST", *asking("openai_chat", TEXT))).status == 200
    [ask], [(_, spent)] = door.limits.asked, door.limits.settled
    assert spent.nano == ask.nano


async def test_without_a_limit_of_money_nothing_is_asked_about(upstream: Upstream) -> None:
    door = door_of(upstream, judged("block"), nano=0)
    serve(upstream, "openai_chat")
    assert (await door.ask("POST", *asking("openai_chat", TEXT))).status == 200
    assert door.limits.asked == []


def test_only_who_can_be_paid_is_asked() -> None:
    def one(name: str, price: Price | None) -> Candidate:
        provider = Provider(name, name, "openai_compatible", "http://127.0.0.1")
        return Candidate(provider, "unheard-of", Model(name, name, "unheard-of", price=price))

    cheap, costly, unknown = one("a", Price(1_000, 0)), one("b", Price(1_000_000, 0)), one("c", None)
    question = Question(relays.MODERATIONS, "m", weight(["words"]))
    plan = Plan((unknown, costly, cheap))
    both = most(question, plan.candidates)
    assert both is not None
    assert both == most(question, [costly])
    assert within(plan, question, both.nano).candidates == (costly, cheap)
    assert within(plan, question, both.nano - 1).candidates == (cheap,)
    assert within(plan, question, None) is plan
    with pytest.raises(Unpriced):
        within(plan, question, 0)
    assert most(question, [unknown]) is None
    free = most(question, [one("d", Price(0, 0))])
    assert free is not None
    assert free.nano == 0
