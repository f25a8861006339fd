"""Answers that nobody recorded, for the clients of every dialect: the words, thoughts and calls arrive, in order, in a well-formed stream."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.neutral.streams import legal_streams, overlapping_streams, responses
from tests.wire.matrix import pairs

from gateway.neutral.blocks import Block, Refusal, Text, Thinking, ToolCall
from gateway.neutral.collect import Collector
from gateway.neutral.losses import Loss
from gateway.neutral.response import Event, Response
from gateway.neutral.sequence import Sequencer
from gateway.wire.translation import Translator

CLIENTS = [client for client in pairs.QUESTIONS if client in pairs.BUILT]


def words(blocks: Iterable[Block], *kinds: type) -> str:
    return "".join(block.text for block in blocks if isinstance(block, kinds)).strip()  # type: ignore[union-attr]


def calls(blocks: Iterable[Block]) -> list[tuple[str, Any]]:
    """Calls whose arguments are an object; others are told in each dialect's own way, or are a loss."""
    whole = [block for block in blocks if isinstance(block, ToolCall) and not _broken(block)]
    return [(block.name, orjson.loads(block.arguments.strip() or "{}")) for block in whole]


def _broken(call: ToolCall) -> bool:
    try:
        value = orjson.loads(call.arguments.strip() or "{}")
    except orjson.JSONDecodeError:
        return True
    return not isinstance(value, dict) or "INVALID_JSON" in value


def first(response: Response) -> tuple[Block, ...]:
    return response.choices[0].blocks if response.choices else ()


def judge(asked: tuple[Block, ...], read: tuple[Block, ...], losses: Iterable[Loss]) -> None:
    assert words(read, Thinking) == words(asked, Thinking)
    assert calls(read) == calls(asked)
    broken = [block for block in asked if isinstance(block, ToolCall) and _broken(block)]
    told = [block for block in read if isinstance(block, ToolCall) and _broken(block)]
    assert len(told) == len(broken) or any("arguments" in loss.reason for loss in losses)


@pytest.mark.parametrize("client", CLIENTS)
@settings(max_examples=100, deadline=None)
@given(st.one_of(legal_streams(), overlapping_streams()))
def test_a_stream(client: str, events: list[Event]) -> None:
    own = pairs.known(client)
    assert own.encoder is not None
    translation = Translator(own.decoder("seed"), own.encoder(pairs.context(client)))
    read = pairs.collected(client, translation.feed_events(events))
    assert translation.finished
    assert read.finished, read.failed
    sequencer, asked = Sequencer(), Collector()
    for told in (told for event in events for told in sequencer.feed(event)):
        asked.feed(told)
    before, after = first(asked.response()), first(read.response())
    assert words(after, Text, Refusal) == words(before, Text, Refusal)
    judge(before, after, translation.losses)


@pytest.mark.parametrize("client", CLIENTS)
@settings(max_examples=100, deadline=None)
@given(responses())
def test_a_whole_answer(client: str, response: Response) -> None:
    own = pairs.known(client)
    assert own.encode_response is not None
    body, losses = own.encode_response(response, pairs.context(client))
    before, after = first(response), first(own.decode_response(pairs.plain(body), "seed"))
    # Where a refusal has a member of its own its place among the texts is not told.
    assert sorted(words(after, Text, Refusal).replace(" ", "")) == sorted(words(before, Text, Refusal).replace(" ", ""))
    judge(before, after, losses)
