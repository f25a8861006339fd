"""What one tenant can do to all others by asking oddly: what is remembered, written and blamed is bounded."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import unquote

import pytest
from tests.exchange import dialects
from tests.exchange.fleet import ROUTE, called, fleet, provider, release
from tests.exchange.kit import KEY, Door
from tests.upstream.server import Upstream
from tests.upstream.steps import JSON, Gate, Reset, events, reply

from gateway.neutral.config import Retry

CHAT = dialects.streamed("openai_chat")
ERROR = b'{"error":{"message":"x","type":"server_error","code":null,"param":null}}'


async def ask(door: Door, model: str = ROUTE, *, stream: bool = False, client: str = "openai_chat") -> Any:
    target, body = dialects.asked(client, model, stream=stream)
    return await door.ask("POST", target, body)


async def test_names_that_nobody_configured_are_not_remembered(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url)))
    upstream.add(reply(500, ERROR))
    for number in range(20):
        await ask(door, f"a/random-{number}")
        await ask(door, f"nobody-{number}")
    await ask(door)
    await ask(door, "m-a")
    turns = door.exchange._relaying._planning._turns
    assert set(turns) == {ROUTE}
    assert [one.configured for one in door.health.targets] == [False] * 20 + [True, True]


@pytest.mark.parametrize(
    "query",
    [
        *("access_token=mine", "%24access_token=mine", "oauth_token=mine", "bearer_token=mine", "userProject=p"),
        *("$userProject=p", "callback=f", "$callback=f", "fields=candidates", "$fields=candidates", "$key=k"),
    ],
)
async def test_a_client_cannot_bring_a_credential_of_its_own_or_ask_for_half_an_answer(
    upstream: Upstream, query: str
) -> None:
    """Google would refuse the client's token with 401, and the gateway would take its own key for dead."""
    door = fleet(release(provider("a", upstream.url, "gemini")))
    upstream.add(reply(200, dialects.whole("gemini")))
    target, body = dialects.asked("gemini", ROUTE, stream=False)
    asked = (("authorization", f"Bearer {KEY}"), ("x-goog-user-project", "p"), ("x-http-method-override", "DELETE"))
    heard = await door.ask("POST", f"{target}?{query}&other=1", body, headers=asked)
    assert heard.status == 200
    (seen,) = upstream.journal
    assert seen.target.partition("?")[2] == "other=1"
    assert {"x-goog-user-project", "x-http-method-override"}.isdisjoint(dict(seen.headers))


@pytest.mark.parametrize(
    "identifier",
    ["x" * 129, "x" * 3000, "a%00b", "%0a", "%c3%a9", "%e2%80%ae", "%7f"],
)
@pytest.mark.parametrize("known", [True, False])
async def test_an_id_that_no_request_can_have_is_not_written_down(
    upstream: Upstream, identifier: str, known: bool
) -> None:
    door = fleet(release(provider("a", upstream.url)))
    headers = (("authorization", f"Bearer {KEY if known else 'sk-gw-' + 'x' * 43}"),)
    heard = await door.ask("DELETE", f"/v1/requests/{unquote(identifier)}", headers=headers)
    assert heard.status == (404 if known else 401)
    assert not door.stops.wanted


@pytest.mark.parametrize("identifier", ["..", "#", "a#b", "*", "stop#x", "%", "req_1"])
async def test_an_odd_id_is_a_wish_of_ones_own_key(upstream: Upstream, identifier: str) -> None:
    door = fleet(release(provider("a", upstream.url)))
    heard = await door.ask("DELETE", f"/v1/requests/{identifier}")
    assert heard.status == 202
    assert door.stops.wanted == {(identifier, "key_1")}


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH"])
async def test_a_stop_is_deleted_and_nothing_else(upstream: Upstream, method: str) -> None:
    door = fleet(release(provider("a", upstream.url)))
    heard = await door.ask(method, "/v1/requests/req_1")
    assert (heard.status, heard.header(b"allow")) == (405, b"DELETE")
    assert not door.stops.wanted


# An error told inside a success, before anything else: as the provider's status would have been treated.
IN_BAND = {
    "openai_chat": {
        "server_error": True,
        "rate_limit_exceeded": True,
        "invalid_request_error": False,
    },
    "anthropic_messages": {
        "overloaded_error": True,
        "api_error": True,
        "rate_limit_error": True,
        "authentication_error": True,
        "permission_error": True,
        "not_found_error": True,
        "invalid_request_error": False,
        "request_too_large": False,
    },
    "gemini": {"UNAVAILABLE": True, "RESOURCE_EXHAUSTED": True, "INTERNAL": True, "INVALID_ARGUMENT": False},
    "openai_responses": {"server_error": True, "rate_limit_exceeded": True, "invalid_prompt": False},
}
CODES = {"UNAVAILABLE": 503, "RESOURCE_EXHAUSTED": 429, "INTERNAL": 500, "INVALID_ARGUMENT": 400}


def said(dialect: str, word: str, *, stream: bool) -> bytes:
    if dialect == "anthropic_messages":
        body: dict[str, Any] = {"type": "error", "error": {"type": word, "message": "no"}}
        event = b"event: error\n"
    elif dialect == "gemini":
        body, event = {"error": {"code": CODES[word], "message": "no", "status": word}}, b""
    elif dialect == "openai_responses" and stream:
        failed = {"id": "resp_1", "object": "response", "status": "failed", "error": {"code": word, "message": "no"}}
        body = {"type": "response.failed", "sequence_number": 0, "response": {**failed, "output": [], "model": "m"}}
        event = b"event: response.failed\n"
    else:
        body, event = {"error": {"message": "no", "type": word, "code": None, "param": None}}, b""
    text = json.dumps(body).encode()
    return event + b"data: " + text + b"\n\n" if stream else text


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
@pytest.mark.parametrize(
    ("dialect", "word", "others"), [(name, *pair) for name, words in IN_BAND.items() for pair in words.items()]
)
async def test_an_error_inside_a_success_is_told_to_the_client_or_to_the_next_target_by_its_kind(
    upstream: Upstream, dialect: str, word: str, others: bool, stream: bool
) -> None:
    models = {name: dialects_model(dialect, name) for name in "ab"}
    found = release(*(provider(name, upstream.url, dialect) for name in "ab"), upstream_models=models)
    door = fleet(found)
    text = said(dialect, word, stream=stream)
    good = events(b"".join(dialects.streamed(dialect))) if stream else reply(200, dialects.whole(dialect))
    upstream.add(events(text) if stream else reply(200, text, JSON), good)
    heard = await ask(door, stream=stream, client=dialect)
    assert len(upstream.journal) == (2 if others else 1), (heard.status, heard.body)
    assert heard.status == 200 if others else 400 <= heard.status < 500


def dialects_model(dialect: str, name: str) -> str:
    return {"openai_responses": {"a": "gpt-5-codex", "b": "gpt-5-pro"}[name]}.get(dialect, f"up-{name}")


def chunk_of(choices: str, more: str = "") -> bytes:
    fixed = '"id":"c","object":"chat.completion.chunk","created":1,"model":"m"'
    return f'data: {{{fixed},"choices":[{choices}]{more}}}\n\n'.encode()


ROLE = chunk_of('{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}')
END = chunk_of('{"index":0,"delta":{},"finish_reason":"stop"}')
USAGE = chunk_of("", ',"usage":{"prompt_tokens":9,"completion_tokens":0,"total_tokens":9}')
DONE = b"data: [DONE]\n\n"
COMPLETE = {"no words": ROLE + END + DONE, "no words, and usage": ROLE + END + USAGE + DONE}


@pytest.mark.parametrize("name", COMPLETE)
@pytest.mark.parametrize("client", ["openai_chat", "anthropic_messages"])
async def test_an_empty_answer_that_is_complete_is_an_answer(upstream: Upstream, name: str, client: str) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url)))
    upstream.add(events(COMPLETE[name]))
    heard = await ask(door, stream=True, client=client)
    assert (heard.status, await called(upstream)) == (200, ["up-a"])
    assert door.row.error is None


async def test_lifecycle_that_never_ends_is_passed_on(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url)))
    upstream.add(events(ROLE * 3000 + b"".join(CHAT)))
    heard = await ask(door, stream=True)
    assert heard.status == 200
    assert heard.body.count(ROLE) == 3000


async def test_a_provider_that_does_not_stream_behind_signs_of_life_is_no_success_without_words(
    upstream: Upstream,
) -> None:
    """A JSON document in the middle of an event stream is nothing to any client: it would see an empty success."""
    door = fleet(release(provider("a", upstream.url)), keepalive_seconds=0.02)
    upstream.add((Gate("late"), *reply(200, dialects.whole("openai_chat"))))

    def on_part(part: bytes) -> None:
        upstream.open("late")

    target, body = dialects.asked("openai_chat", ROUTE, stream=True)
    heard = await door.ask("POST", target, body, on_part=on_part)
    assert heard.ended
    assert dialects.ended_badly("openai_chat", heard.body)
    assert (door.row.status, door.row.error) == (502, "upstream_bad_answer")


async def test_retries_of_a_request_are_in_its_row_and_nowhere_else(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), retry=Retry(3, 0, 0)))
    upstream.add((Reset(),), reply(200, dialects.whole("openai_chat")))
    assert (await ask(door)).status == 200
    assert (door.row.usage.input_total, door.row.usage.output) == (9, 3)
    assert [made.cost_nano for made in door.row.attempts] == [None, None]


REFUSALS = {
    "Request too large for gpt-9 in organization org-1 on tokens per min (TPM): Limit 10000, Requested 20000.": False,
    "Extra usage is required for long context requests.": False,
    "Rate limit reached for gpt-9 on tokens per min (TPM): Limit 10000, Used 9000, Requested 2000.": True,
    "Project `proj_1` does not have access to model `gpt-9`": False,
    "Your chosen model requires moderation and your input was flagged": False,
    "You don't have access to the model with the specified model ID.": False,
    "Country, region, or territory not supported": False,
    "Your API key was reported as leaked. Please use another API key.": True,
    "Permission denied: Consumer 'api_key:x' has been suspended.": True,
    "Your account is not active, please check your billing details.": True,
}


@pytest.mark.parametrize(("message", "dead"), REFUSALS.items())
async def test_a_refused_model_or_word_does_not_take_the_key_from_everybody(
    upstream: Upstream, message: str, dead: bool
) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url)))
    told = json.dumps({"error": {"message": message, "type": "permission_error", "code": None}}).encode()
    status = 429 if "Requested" in message or "long context" in message else 403
    upstream.add(reply(status, told), model="up-a")
    upstream.add(reply(200, dialects.whole("openai_chat")), model="up-b")
    assert (await ask(door)).status == 200
    assert [(seen.key.id, seen.reason) for seen in door.health.keys] == ([("a-k1", str(status))] if dead else [])
    first = door.row.attempts[0]
    assert (first.status, first.fault) == (status, "upstream_status" if dead else "model_refused")
    assert [one.ok for one in door.health.targets] == [None, True]


async def test_a_refused_model_is_told_as_the_provider_did(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url)))
    told = b'{"error":{"message":"no access to model","type":"invalid_request_error","code":"model_not_found"}}'
    upstream.add(reply(403, told))
    heard = await ask(door)
    assert (heard.status, heard.body, door.row.error) == (403, told, "upstream_status")


async def test_a_name_in_the_path_is_bounded_as_one_in_the_body(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url, "gemini")))
    target, body = dialects.asked("gemini", "a/" + "\u20ac" * 255, stream=False)
    heard = await door.ask("POST", target, body)
    assert (heard.status, len(upstream.journal)) == (400, 0)
    assert not door.health.targets


@pytest.mark.parametrize("name", [".", "..", "../x", "x/../y", "x/..", "./x", "..\\x"])
@pytest.mark.parametrize("dialect", ["gemini", "bedrock_converse"])
async def test_no_name_climbs_in_a_providers_path(upstream: Upstream, dialect: str, name: str) -> None:
    door = fleet(release(provider("a", upstream.url, dialect)))
    assert (await ask(door, f"a/{name}")).status == 404
    target, body = dialects.asked("gemini", f"a/{name}", stream=False)
    assert (await door.ask("POST", target, body)).status == 404
    assert not upstream.journal


@pytest.mark.parametrize("name", ["..x", "x..y", "meta-llama/llama-3.1:8b", "a.b/c.d"])
async def test_names_with_dots_and_slashes_are_names(upstream: Upstream, name: str) -> None:
    door = fleet(release(provider("a", upstream.url)))
    upstream.add(reply(200, dialects.whole("openai_chat")))
    assert (await ask(door, f"a/{name}")).status == 200


async def test_a_key_that_is_throttled_for_a_model_nobody_configured_rests_for_seconds(upstream: Upstream) -> None:
    """Providers limit by model, and any caller may name one."""
    door = fleet(release(provider("a", upstream.url)))
    upstream.add(reply(429, ERROR, (*JSON, ("retry-after", "600"))))
    for model, seconds in (("a/somebodys-choice", 10), (ROUTE, 600), ("m-a", 600)):
        await ask(door, model)
        seen = door.health.keys[-1]
        assert seen.cooling_until_ms - seen.at_ms == seconds * 1000


async def test_nobody_else_is_asked_for_a_client_that_left(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url), on_disconnect="drain"))
    upstream.add((Gate("late"), *reply(500, ERROR)), model="up-a")
    leave = asyncio.Event()
    target, body = dialects.asked("openai_chat", ROUTE, stream=False)
    task = asyncio.ensure_future(door.ask("POST", target, body, leave=leave))
    await upstream.seen(1)
    leave.set()
    for _ in range(10):
        await asyncio.sleep(0)
    upstream.open("late")
    await task
    assert await called(upstream) == ["up-a"]
    assert door.row.status >= 499
