"""Figures of an upstream that no request can have: they are not taken, what was answered is estimated, and the log says so once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.exchange import dialects
from tests.exchange.kit import release_for
from tests.exchange.test_limits_evaded import door_with, final
from tests.upstream.server import Upstream
from tests.upstream.steps import reply

# Names of what went in, of what came out and of what a cache gave, and where they stand.
NAMES = {
    "openai_chat": ("usage", "prompt_tokens", "completion_tokens"),
    "openai_responses": ("usage", "input_tokens", "output_tokens"),
    "anthropic_messages": ("usage", "input_tokens", "output_tokens"),
    "gemini": ("usageMetadata", "promptTokenCount", "candidatesTokenCount"),
}


def told(dialect: str, went_in: Any, out: Any) -> bytes:
    where, first, second = NAMES[dialect]
    return json.dumps({**json.loads(dialects.whole(dialect)), where: {first: went_in, second: out}}).encode()


@pytest.mark.parametrize("figures", [(10**18, 5), (5, 10**9 + 1), (5, -7), (-1, 5), (True, 5), (5, "7"), (5, 7.5)])
@pytest.mark.parametrize("dialect", list(NAMES))
async def test_it_is_estimated_and_said_once(
    upstream: Upstream, dialect: str, figures: tuple[Any, Any], caplog: pytest.LogCaptureFixture
) -> None:
    door = door_with(release_for(upstream.url))
    upstream.add(reply(200, told(dialect, *figures)))
    target, body = dialects.asked(dialect, dialects.MODELS[dialect], stream=False)
    heard = await door.ask("POST", target, body)
    assert heard.status == 200, heard.body
    row = final(door)
    assert row.usage.source == "estimated"
    assert 0 < row.usage.input_total < 1_000
    assert 0 < row.usage.output < 1_000
    assert door.limits.of("key", "key_1", "day").used == row.cost.nano_usd
    assert caplog.text.count("impossible usage") == 1


@pytest.mark.parametrize("dialect", list(NAMES))
async def test_what_can_be_is_taken_in_silence(
    upstream: Upstream, dialect: str, caplog: pytest.LogCaptureFixture
) -> None:
    door = door_with(release_for(upstream.url))
    upstream.add(reply(200, told(dialect, 10, 7)))
    target, body = dialects.asked(dialect, dialects.MODELS[dialect], stream=False)
    heard = await door.ask("POST", target, body)
    assert heard.status == 200, heard.body
    row = final(door)
    assert (row.usage.source, row.usage.fresh, row.usage.output) == ("upstream", 10, 7)
    assert "impossible" not in caplog.text
