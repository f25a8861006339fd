"""Failures on a relayed Responses stream, in the forms that the OpenAI SDK and Codex understand."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from tests.exchange.dialects import asked, ended_badly, ended_well, events, streamed
from tests.exchange.kit import Door
from tests.upstream import fixtures
from tests.upstream.server import Upstream
from tests.upstream.steps import cut, reply
from tests.upstream.steps import events as scripted


async def test_a_failed_response_gets_the_status_it_stands_for(door: Door, upstream: Upstream) -> None:
    case = fixtures.by_name("openai_responses/failed")
    assert case.response is not None
    upstream.add(reply(200, case.response))
    heard = await door.ask("POST", case.path, case.asked(stream=False, model="responses-model"))
    assert (heard.status, heard.body) == (429, case.response)
    assert door.row.error == "rate_limit_exceeded"


async def test_a_stream_that_fails_passes_as_it_is(door: Door, upstream: Upstream) -> None:
    case = fixtures.by_name("openai_responses/failed")
    assert case.stream is not None
    upstream.add(scripted(case.stream, parts=[part + b"\n\n" for part in case.stream.split(b"\n\n") if part]))
    heard = await door.ask("POST", case.path, case.asked(stream=True, model="responses-model"))
    assert heard.body == case.stream
    assert (door.row.status, door.row.error) == (502, "rate_limit_exceeded")


@pytest.mark.parametrize("by", ["reset", "close", "clean"])
async def test_a_cut_stream_ends_with_the_next_number(door: Door, upstream: Upstream, by: str) -> None:
    parts = streamed("openai_responses")
    upstream.add(cut(b"".join(parts), sum(map(len, parts[:4])) + 5, by))  # type: ignore[arg-type]
    target, said = asked("openai_responses", "responses-model", stream=True)
    heard = await door.ask("POST", target, said)
    assert ended_badly("openai_responses", heard.body)
    assert not ended_well("openai_responses", heard.body)
    numbers = [event["sequence_number"] for event in events(heard.body)]
    assert all(after == before + 1 for before, after in pairwise(numbers)), numbers
    assert json.loads(heard.body.rstrip().rpartition(b"data: ")[2])["type"] in {"error", "response.failed"}
    assert (door.row.status, door.row.usage.source) == (502, "estimated")
