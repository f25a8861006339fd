"""Tools whose names the upstream would refuse: it is told others, the client never sees them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.exchange.dialects import MODELS, asked, streamed
from tests.exchange.kit import KEY, Door
from tests.upstream.server import Upstream
from tests.upstream.steps import events as scripted
from tests.upstream.steps import reply

LONG = "mcp__plugin_some_organisation_some_server__" + "a_tool_with_a_long_name" * 2
_SCHEMA = {"type": "object", "properties": {}}
_HISTORY = [
    {"role": "user", "content": "hi"},
    {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1", "name": LONG, "input": {}}]},
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "done"}]},
]


def _request(model: str, *, stream: bool) -> dict[str, Any]:
    tools = [{"name": LONG, "input_schema": _SCHEMA}, {"name": LONG + "2", "input_schema": _SCHEMA}]
    body = asked("anthropic_messages", model, stream=stream)[1]
    return {**body, "messages": _HISTORY, "tools": tools, "tool_choice": {"type": "tool", "name": LONG}}


def _answer(name: str) -> bytes:
    call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": "{}"}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    body = {"id": "x", "object": "chat.completion", "created": 1, "model": "m"}
    return json.dumps({**body, "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}]}).encode()


@pytest.mark.parametrize("stream", [False, True])
async def test_a_long_name_is_shortened_for_the_upstream_and_restored_for_the_client(
    door: Door, upstream: Upstream, stream: bool
) -> None:
    upstream.add(reply(200, _answer("unknown")))
    heard = await door.ask("POST", "/v1/messages", _request("chat-model", stream=False))
    assert "tools[0].name;approximated" in (heard.header(b"x-gateway-losses") or b"").decode()
    sent = (await upstream.seen())[0].json()
    names = [tool["function"]["name"] for tool in sent["tools"]]
    assert len(set(names)) == 2
    assert all(len(name) <= 64 and name.startswith("mcp__plugin_some") for name in names)
    assert sent["tool_choice"]["function"]["name"] == names[0]
    assert [call["function"]["name"] for one in sent["messages"] for call in one.get("tool_calls", ())] == [names[0]]
    upstream.add(reply(200, _answer(names[1])))  # a provider that does not stream is told as a stream
    heard = await door.ask("POST", "/v1/messages", _request("chat-model", stream=stream))
    assert f'"{LONG}2"'.encode() in heard.body
    assert names[1].encode() not in heard.body


async def test_also_from_a_stream(door: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, _answer("unknown")))
    await door.ask("POST", "/v1/messages", _request("chat-model", stream=False))
    name = (await upstream.seen())[0].json()["tools"][0]["function"]["name"]
    whole = json.loads(_answer(name))
    call = {"index": 0, **whole["choices"][0]["message"]["tool_calls"][0]}
    chunk = {**whole, "object": "chat.completion.chunk"}
    chunks = [
        {**chunk, "choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": None}]},
        {**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]},
    ]
    upstream.add(
        scripted(b"".join(b"data: " + json.dumps(one).encode() + b"\n\n" for one in chunks) + b"data: [DONE]\n\n")
    )
    heard = await door.ask("POST", "/v1/messages", _request("chat-model", stream=True))
    assert f'"{LONG}"'.encode() in heard.body
    assert name.encode() not in heard.body


@pytest.mark.parametrize("up", ["openai_chat", "openai_responses", "anthropic_messages", "bedrock_converse"])
async def test_names_of_google_fit_everywhere(door: Door, upstream: Upstream, up: str) -> None:
    upstream.add(reply(500, b"{}"))
    tools = [{"functionDeclarations": [{"name": "maps.places:find", "parameters": {"type": "OBJECT"}}]}]
    target, said = asked("gemini", MODELS[up], stream=False, tools=tools)
    await door.ask("POST", target, said)
    sent = (await upstream.seen())[0].body
    assert b"maps.places" not in sent
    assert b"maps_places_find_" in sent


async def test_strict_refuses_another_name(door: Door, upstream: Upstream) -> None:
    headers = [("authorization", f"Bearer {KEY}"), ("x-gateway-strict", "1")]
    heard = await door.ask("POST", "/v1/messages", _request("chat-model", stream=False), headers)
    assert heard.status == 400
    assert "tools[0].name" in heard.json()["error"]["message"]
    assert upstream.journal == []


async def test_names_that_fit_are_not_touched(door: Door, upstream: Upstream) -> None:
    upstream.add(scripted(b"".join(streamed("openai_chat"))))
    body = asked("anthropic_messages", "chat-model", stream=True, tools=[{"name": "f" * 64, "input_schema": _SCHEMA}])[
        1
    ]
    heard = await door.ask("POST", "/v1/messages", body)
    assert heard.header(b"x-gateway-losses") is None
    assert (await upstream.seen())[0].json()["tools"][0]["function"]["name"] == "f" * 64
