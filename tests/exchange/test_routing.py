"""What a client can wish for and what a route does beside failing over: hints, dry run, hedging, draining, stops, mirrors, probes."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest
from tests.exchange import dialects
from tests.exchange.fleet import LIMITS, ROUTE, called, fleet, keys, provider, release
from tests.exchange.kit import KEY, Door, Heard
from tests.upstream.server import Upstream
from tests.upstream.steps import EVENTS as EVENT_HEADERS
from tests.upstream.steps import Gate, Send, chunk, events, framed, gated, head, reply

from gateway.neutral.config import Retry, Share, UpstreamKey
from gateway.neutral.health import Health, KeyHealth, TargetHealth

CHAT = dialects.streamed("openai_chat")
WHOLE = dialects.whole("openai_chat")


async def ask(door: Door, *, stream: bool = False, headers: tuple[tuple[str, str], ...] = (), **more: object) -> Heard:
    target, body = dialects.asked("openai_chat", ROUTE, stream=stream, **more)
    return await door.ask("POST", target, body, headers=(("authorization", f"Bearer {KEY}"), *headers))


# -- hints and dry run ---------------------------------------------------------------------------------------------


async def test_hints_in_the_body_choose_and_do_not_travel(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url)))
    upstream.add(reply(200, WHOLE))
    heard = await ask(door, routing={"preferred_providers": ["b"]})
    assert heard.status == 200, heard.body
    assert await called(upstream) == ["up-b"]
    assert b"routing" not in upstream.journal[0].body


async def test_hints_in_headers_exclude(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url)))
    upstream.add(reply(200, WHOLE))
    await ask(door, headers=(("x-gateway-exclude", "a"),))
    assert await called(upstream) == ["up-b"]
    assert not [name for name, _ in upstream.journal[0].headers if name.lower().startswith("x-gateway")]


async def test_a_required_capability_that_nobody_has_is_the_clients_error(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url)))
    heard = await ask(door, routing={"required_capabilities": ["vision"]})
    assert heard.status == 400
    assert "vision" in heard.json()["error"]["message"]
    assert upstream.journal == []


@pytest.mark.parametrize("routing", [{"strategy": "fortune"}, {"strategy": "cost", "surprise": 1}])
async def test_a_wrong_hint_is_refused_by_name(upstream: Upstream, routing: dict[str, object]) -> None:
    door = fleet(release(provider("a", upstream.url)))
    heard = await ask(door, routing=routing)
    assert heard.status == 400
    assert str(heard.json()["error"]["param"]).startswith("routing")


async def test_a_dry_run_calls_nobody_and_tells_the_plan_that_would_be_made(upstream: Upstream) -> None:
    rule = {"field": "headers.x-team", "op": "eq", "value": "blue"}
    found = release(provider("a", upstream.url), provider("b", upstream.url))
    first, second = found.routes[0].targets
    route = replace(found.routes[0], targets=(replace(first, rules=rule), second))
    door = fleet(replace(found, routes=(route,)))
    upstream.add(reply(200, WHOLE))
    for team, expected in (("blue", ["a", "b"]), ("red", ["b"])):
        heard = await ask(door, headers=(("x-gateway-dry-run", "true"), ("x-team", team)))
        assert heard.status == 200
        plan = heard.json()
        assert plan["object"] == "gateway.plan"
        assert [one["provider"] for one in plan["candidates"]] == expected
        assert upstream.journal == []
        assert door.logs.rows == []
        verdict = plan["targets"][0]["verdict"]
        assert (verdict["holds"], verdict["seen"], verdict["value"]) == (team == "blue", team, None)
        assert not any(one["keys"] for one in plan["candidates"])
        assert plan["candidates"][0]["estimate"]
    await ask(door, headers=(("x-team", "red"),))
    assert await called(upstream) == ["up-b"]


async def test_a_dry_run_of_an_unknown_model_is_the_error_it_would_be(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url)))
    target, body = dialects.asked("openai_chat", "fleett", stream=False)
    heard = await door.ask(
        "POST", target, body, headers=(("authorization", f"Bearer {KEY}"), ("x-gateway-dry-run", "1"))
    )
    assert heard.status == 404
    assert "fleet" in heard.json()["error"]["message"]


async def test_rules_on_the_number_of_tokens_are_counted(upstream: Upstream) -> None:
    found = release(provider("a", upstream.url), provider("b", upstream.url))
    first, second = found.routes[0].targets
    long = {"field": "tokens.input", "op": "gt", "value": 500}
    door = fleet(replace(found, routes=(replace(found.routes[0], targets=(replace(first, rules=long), second)),)))
    upstream.add(reply(200, WHOLE))
    await ask(door)
    await ask(door, messages=[{"role": "user", "content": "word " * 1000}])
    assert await called(upstream) == ["up-b", "up-a"]


# -- breakers and keys ---------------------------------------------------------------------------------------------


def opened(door: Door, name: str, until_ms: int) -> None:
    door.health.health = Health({(name, f"up-{name}"): TargetHealth(ok=0, bad=5, open_until_ms=until_ms)})


async def test_an_open_breaker_is_not_called(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url)))
    upstream.add(reply(200, WHOLE))
    opened(door, "a", door.clock.now_ms() + 20_000)
    await ask(door)
    assert await called(upstream) == ["up-b"]
    assert door.health.probes == []
    skipped, made = door.row.attempts
    assert (skipped.provider, skipped.kind, skipped.fault, skipped.next) == ("a", "skip", "breaker_open", "next_target")
    assert (made.provider, made.kind, door.row.retries) == ("b", "call", 0)


async def test_when_all_are_open_the_client_is_told_when_to_come_back(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url)))
    opened(door, "a", door.clock.now_ms() + 20_000)
    heard = await ask(door)
    assert heard.status == 503
    assert 1 <= int(heard.header(b"retry-after") or b"0") <= 60
    assert heard.json()["error"]["code"] == "no_available_target"
    assert upstream.journal == []
    assert door.row.status == 503


async def test_one_request_probes_a_half_open_target_and_tells_at_once(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url)))
    opened(door, "a", door.clock.now_ms() - 1)
    upstream.add(gated(CHAT), model="up-a")
    upstream.add(reply(200, WHOLE), model="up-b")
    upstream.open("part-0")
    task = asyncio.ensure_future(ask(door, stream=True))
    await upstream.seen(1)
    second = await ask(door)
    assert second.status == 200
    assert await called(upstream) == ["up-a", "up-b"]
    assert [made.kind for made in door.row.attempts] == ["skip", "call"]
    assert door.row.attempts[0].fault == "probe_taken"
    async with asyncio.timeout(5):
        while not any(one.probe for one in door.health.targets):
            await asyncio.sleep(0)
    probe = next(one for one in door.health.targets if one.probe)
    assert (probe.provider, probe.ok, probe.probe) == ("a", True, door.health.probes[0][2])
    upstream.open(*(f"part-{n}" for n in range(1, 9)), "part-end")
    assert (await task).status == 200
    assert door.logs.rows[-1].attempts[0].kind == "probe"


async def test_cooling_and_dead_keys_are_passed_over(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url, keys=keys("a", 3))))
    soon = door.clock.now_ms() + 60_000
    door.health.health = Health(
        keys={"a-k1": KeyHealth(cooling_until_ms=soon), "a-k2": KeyHealth(dead_until_ms=soon, reason="401")}
    )
    upstream.add(reply(200, WHOLE))
    for _ in range(5):
        assert (await ask(door)).status == 200
    assert {row.upstream_key_id for row in door.logs.rows} == {"a-k3"}


async def test_when_every_key_cools_the_client_gets_429_and_the_time(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url)))
    door.health.health = Health(keys={"a-k1": KeyHealth(cooling_until_ms=door.clock.now_ms() + 30_000)})
    heard = await ask(door)
    assert heard.status == 429
    assert 29 <= int(heard.header(b"retry-after") or b"0") <= 61
    assert upstream.journal == []


async def test_a_key_with_a_quota_is_charged_with_what_was_used(upstream: Upstream) -> None:
    key = UpstreamKey("a-k1", "****", reference="arn:aws:ssm:x:0:parameter/a", daily_quota=1000)
    door = fleet(release(provider("a", upstream.url, keys=(key,))))
    upstream.add(reply(200, WHOLE))
    await ask(door)
    assert [(seen.key.id, seen.tokens) for seen in door.health.keys] == [("a-k1", 12)]
    used = KeyHealth(used_tokens=1000, window_ends_ms=door.clock.now_ms() + 1000)
    door.health.health = Health(keys={"a-k1": used})
    assert (await ask(door)).status == 429


# -- leaving and stopping ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", ["cancel", "drain"])
async def test_a_client_that_leaves_ends_the_call_or_lets_it_be_read_to_its_end(
    upstream: Upstream, policy: str
) -> None:
    door = fleet(release(provider("a", upstream.url), on_disconnect=policy))
    upstream.add(gated(CHAT))
    upstream.open("part-0")
    leave, parts = asyncio.Event(), []
    target, body = dialects.asked("openai_chat", ROUTE, stream=True)

    def on_part(part: bytes) -> None:
        parts.append(part)
        leave.set()

    task = asyncio.ensure_future(door.ask("POST", target, body, leave=leave, on_part=on_part))
    await asyncio.wait_for(leave.wait(), 5)
    if policy == "drain":
        upstream.open(*(f"part-{n}" for n in range(1, 9)), "part-end")
    await task
    await upstream.seen(1)
    assert door.row.status == 499
    assert door.row.error == "client_gone"
    if policy == "drain":
        assert upstream.journal[0].outcome != "client_left"
        assert (door.row.usage.source, door.row.usage.fresh, door.row.usage.output) == ("upstream", 9, 3)
    else:
        await upstream.journal[0].finished.wait()
        assert upstream.journal[0].outcome == "client_left"
        assert door.row.usage.source == "estimated"


async def test_a_running_stream_sees_the_wish_to_stop_within_three_seconds(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url)))
    upstream.add(gated(CHAT))
    upstream.open("part-0")
    begun = asyncio.Event()
    target, body = dialects.asked("openai_chat", ROUTE, stream=True)
    headers = (("authorization", f"Bearer {KEY}"), ("x-request-id", "my-turn"))
    task = asyncio.ensure_future(door.ask("POST", target, body, headers=headers, on_part=lambda part: begun.set()))
    await asyncio.wait_for(begun.wait(), 5)
    asked_at = door.clock.monotonic()
    stopped = await door.ask("DELETE", "/v1/requests/my-turn")
    assert (stopped.status, stopped.json()["status"]) == (202, "stop_requested")
    heard = await asyncio.wait_for(task, 5)
    assert door.clock.monotonic() - asked_at < 3
    assert dialects.ended_badly("openai_chat", heard.body)
    row = door.logs.rows[-1]
    assert (row.status, row.error) == (499, "request_stopped")
    assert row.usage.output > 0
    await upstream.quiet()


async def test_nobody_stops_the_request_of_another_key(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url)))
    upstream.add(gated(CHAT))
    upstream.open("part-0")
    door.stops.wanted.add(("my-turn", "key_of_somebody_else"))
    target, body = dialects.asked("openai_chat", ROUTE, stream=True)
    polled = asyncio.Event()
    original = door.stops.asked

    async def asked(request_id: str, key_id: str, since_ms: int = 0) -> bool:
        found = await original(request_id, key_id, since_ms)
        polled.set()
        return found

    door.stops.asked = asked  # type: ignore[method-assign]
    headers = (("authorization", f"Bearer {KEY}"), ("x-request-id", "my-turn"))
    task = asyncio.ensure_future(door.ask("POST", target, body, headers=headers))
    await asyncio.wait_for(polled.wait(), 5)
    upstream.open(*(f"part-{n}" for n in range(1, 9)), "part-end")
    assert (await task).status == 200
    assert door.row.error is None


# -- canary and mirror ---------------------------------------------------------------------------------------------


async def test_a_canary_gets_its_share(upstream: Upstream) -> None:
    found = release(provider("a", upstream.url), provider("b", upstream.url))
    share = Share("b", "up-b", 30.0)
    door = fleet(replace(found, routes=(replace(found.routes[0], targets=found.routes[0].targets[:1], canary=share),)))
    upstream.add(reply(200, WHOLE))
    for _ in range(200):
        await ask(door)
    got = (await called(upstream)).count("up-b")
    assert 30 <= got <= 95, got  # 60 expected; five standard deviations


async def test_a_mirror_gets_a_copy_after_the_answer_and_has_a_row_of_its_own(upstream: Upstream) -> None:
    found = release(provider("a", upstream.url), provider("b", upstream.url))
    share = Share("b", "up-b", 100.0)
    door = fleet(replace(found, routes=(replace(found.routes[0], targets=found.routes[0].targets[:1], mirror=share),)))
    upstream.add(reply(200, WHOLE), model="up-a")
    upstream.add((Gate("mirror"), *reply(500, b'{"error":{"message":"mirror broke"}}')), model="up-b")
    answered = asyncio.Event()
    target, body = dialects.asked("openai_chat", ROUTE, stream=False)
    task = asyncio.ensure_future(door.ask("POST", target, body, on_part=lambda part: answered.set()))
    await asyncio.wait_for(answered.wait(), 5)  # the mirror's gate is still shut
    await upstream.seen(2)
    upstream.open("mirror")
    heard = await task
    assert (heard.status, heard.body) == (200, WHOLE)
    original, copy = door.logs.rows
    assert copy.mirror_of == original.id
    assert original.mirror_of is None
    assert (copy.provider, copy.status, copy.attempts[0].kind) == ("b", 500, "mirror")
    assert original.error is None
    assert json.loads(upstream.journal[1].body)["messages"] == body["messages"]


async def test_a_request_that_reached_nobody_is_not_mirrored(upstream: Upstream) -> None:
    found = release(provider("a", upstream.url, "anthropic_messages"), provider("b", upstream.url))
    share = Share("b", "up-b", 100.0)
    door = fleet(replace(found, routes=(replace(found.routes[0], targets=found.routes[0].targets[:1], mirror=share),)))
    assert (await ask(door, n=2)).status == 400
    assert upstream.journal == []


# -- what a provider adds ------------------------------------------------------------------------------------------


async def test_default_parameters_fill_what_the_client_left_open(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url, default_parameters={"temperature": 0.2, "top_p": 0.5})))
    upstream.add(reply(200, WHOLE))
    await ask(door, temperature=1)
    sent = json.loads(upstream.journal[0].body)
    assert (sent["temperature"], sent["top_p"]) == (1, 0.5)


async def test_waits_between_retries_follow_retry_after(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), retry=Retry(2, 0, 0)))
    refused = reply(503, b"{}", (("content-type", "application/json"), ("retry-after-ms", "300")))
    upstream.add(refused, reply(200, WHOLE))
    began = door.clock.monotonic()
    assert (await ask(door)).status == 200
    assert door.clock.monotonic() - began >= 0.3
    assert len(upstream.journal) == 2


async def test_a_slow_provider_in_the_first_place_keeps_the_client_alive_over_attempts(upstream: Upstream) -> None:
    """Signs of life began the answer; a later target may still serve it, since no content was sent."""
    found = release(provider("a", upstream.url, timeouts=replace(LIMITS, first_byte=0.3)), provider("b", upstream.url))
    door = fleet(found, keepalive_seconds=0.1)
    upstream.add((Gate("never"),), model="up-a")
    upstream.add(events(b"".join(CHAT)), model="up-b")
    heard = await ask(door, stream=True)
    assert heard.status == 200
    assert heard.body.startswith(b": keep-alive\n\n")
    assert dialects.text_of("openai_chat", heard.body) == dialects.WORDS
    assert door.row.error is None
    assert [made.provider for made in door.row.attempts] == ["a", "b"]


async def test_lifecycle_frames_and_an_error_behind_signs_of_life_are_one_error_event(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url)), keepalive_seconds=0.1)
    broken = b'data: {"error":{"message":"overloaded","type":"server_error"}}\n\n'
    start = Send(head(200, (*EVENT_HEADERS, *framed("chunked", 0))))
    upstream.add((start, Gate("wait"), Send(chunk(broken), len(broken)), Send(chunk(b""))))
    signs = asyncio.Event()
    target, body = dialects.asked("openai_chat", ROUTE, stream=True)
    task = asyncio.ensure_future(door.ask("POST", target, body, on_part=lambda part: signs.set()))
    await asyncio.wait_for(signs.wait(), 5)
    upstream.open("wait")
    heard = await task
    assert heard.status == 200
    assert heard.body.count(b'"error"') == 1
    assert dialects.ended_badly("openai_chat", heard.body.replace(b": keep-alive\n\n", b""))
    assert door.row.status >= 500


async def test_a_model_that_only_the_catalog_knows_is_priced_by_it(upstream: Upstream) -> None:
    """`provider/model` and logical models work without anybody listing the model, and are not free for that."""
    found = provider("a", upstream.url, kind="openai", base_url=upstream.url)
    door = fleet(release(found))
    upstream.add(reply(200, WHOLE))
    for name, state in (("a/gpt-4o-mini", "priced"), ("a/no-such-model", "unpriced")):
        target, body = dialects.asked("openai_chat", name, stream=False)
        assert (await door.ask("POST", target, body)).status == 200
        assert door.logs.rows[-1].cost.state == state
    assert (door.logs.rows[0].cost.nano_usd or 0) > 0


@pytest.mark.parametrize("client", ["gemini", "openai_chat"])
async def test_googles_wait_is_read_from_the_body(upstream: Upstream, client: str) -> None:
    door = fleet(release(provider("a", upstream.url, "gemini")))
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "13.4s"}]
    error = {"code": 429, "message": "slow", "status": "RESOURCE_EXHAUSTED", "details": details}
    upstream.add(reply(429, json.dumps({"error": error}).encode()))
    target, body = dialects.asked(client, ROUTE, stream=False)
    heard = await door.ask("POST", target, body)
    assert heard.status == 429
    if client == "openai_chat":
        assert heard.header(b"retry-after") == b"13"
    (seen,) = door.health.keys
    assert seen.cooling_until_ms - seen.at_ms == 13_400
