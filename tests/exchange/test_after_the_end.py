"""A provider that has said everything and does not close its stream, or breaks it off then: its answer is whole, also translated."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from tests.exchange.dialects import (
    CLIENTS,
    CONTENT_TYPE,
    MODELS,
    WORDS,
    asked,
    ended_badly,
    ended_well,
    streamed,
    text_of,
)
from tests.exchange.kit import Door
from tests.upstream.server import Upstream
from tests.upstream.steps import cut

from gateway.upstream import attempt

PAIRS = [(client, upstream) for client in CLIENTS for upstream in MODELS]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempt, "_AFTER_END_SECONDS", 0.02)


def _left_open(up: str, by: Any) -> Any:
    body = b"".join(streamed(up))
    return cut(body, len(body), by, headers=(("content-type", CONTENT_TYPE.get(up, "text/event-stream")),))


@pytest.mark.parametrize("by", ["stall", "reset"])
@pytest.mark.parametrize(("client", "up"), PAIRS)
async def test_the_client_gets_the_whole_answer_and_its_end(
    door: Door, upstream: Upstream, client: str, up: str, by: str
) -> None:
    upstream.add(_left_open(up, by))
    target, said = asked(client, MODELS[up], stream=True)
    async with asyncio.timeout(5):
        heard = await door.ask("POST", target, said)
    assert heard.ended
    assert text_of(client, heard.body) == WORDS
    assert ended_well(client, heard.body)
    assert not ended_badly(client, heard.body)
    row = door.row
    assert (row.status, row.error, row.usage.output, row.usage.source) == (200, None, 3, "upstream")


@pytest.mark.parametrize("up", ["gemini", "anthropic_messages"])
async def test_an_array_is_closed(door: Door, upstream: Upstream, up: str) -> None:
    """Google's form without `alt=sse`; one that stays open is no JSON."""
    upstream.add(_left_open(up, "stall"))
    said = asked("gemini", MODELS[up], stream=True)[1]
    async with asyncio.timeout(5):
        heard = await door.ask("POST", f"/v1beta/models/{MODELS[up]}:streamGenerateContent", said)
    assert json.loads(heard.body)[-1]["candidates"][0]["finishReason"] == "STOP"
