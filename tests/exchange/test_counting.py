"""Token counting: by the provider where it can, else here."""

from __future__ import annotations

import pytest
from tests.exchange.kit import Door
from tests.upstream.server import Upstream
from tests.upstream.steps import reply


@pytest.mark.parametrize("model", ["chat-model", "gemini-model", "bedrock-model"])
async def test_tokens_are_counted_here_when_the_provider_does_not(door: Door, upstream: Upstream, model: str) -> None:
    said = {"model": model, "messages": [{"role": "user", "content": "one two three four five"}]}
    heard = await door.ask("POST", "/v1/messages/count_tokens", said)
    assert heard.status == 200
    assert 3 <= heard.json()["input_tokens"] <= 30
    assert heard.header(b"x-gateway-token-count") == b"estimated"
    assert upstream.journal == []
    assert (door.row.usage.source, door.row.cost.state) == ("none", "none")


async def test_tokens_are_counted_by_the_provider_that_can(door: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, b'{"totalTokens": 31}'))
    said = {"contents": [{"parts": [{"text": "x"}]}]}
    heard = await door.ask("POST", "/v1beta/models/gemini-model:countTokens", said)
    assert heard.json() == {"totalTokens": 31}
    assert heard.header(b"x-gateway-token-count") is None
    assert (await upstream.seen())[0].target == "/v1beta/models/up-gemini:countTokens"


async def test_a_server_without_the_operation_leaves_counting_to_the_gateway(door: Door, upstream: Upstream) -> None:
    upstream.add(reply(404, b'{"detail":"Not Found"}'))
    said = {"model": "claude-model", "messages": [{"role": "user", "content": "one two three"}]}
    heard = await door.ask("POST", "/v1/messages/count_tokens", said)
    assert heard.status == 200
    assert heard.json()["input_tokens"] > 0
    assert heard.header(b"x-gateway-token-count") == b"estimated"
    assert (door.row.status, door.row.error) == (200, None)


async def test_gemini_counts_in_both_forms_for_a_foreign_model(door: Door) -> None:
    prompt = {"contents": [{"parts": [{"text": "one two three four"}]}]}
    plain = await door.ask("POST", "/v1beta/models/claude-model:countTokens", prompt)
    nested = await door.ask(
        "POST", "/v1beta/models/claude-model:countTokens", {"generateContentRequest": {"model": "models/x", **prompt}}
    )
    assert plain.json() == nested.json()
    assert plain.json()["totalTokens"] > 2
