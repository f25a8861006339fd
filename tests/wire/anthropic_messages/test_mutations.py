"""Fixtures with any one value replaced by something odd: what comes of it is a value or the error that the contract names, never a crash."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from tests.wire.anthropic_messages.grammar import parse
from tests.wire.anthropic_messages.telling import CASES, context, data, decode, events, raw

from gateway.errors import BadAnswer, InvalidRequest
from gateway.neutral.response import Failed, Finished
from gateway.wire import sse
from gateway.wire.anthropic_messages.codec import CODEC
from gateway.wire.codec import Upstream

ODD: tuple[Any, ...] = (None, True, -1, 1.5, "", "x", [], [[]], {}, {"type": "x"}, {"type": ["x"]})
UPSTREAMS = (
    Upstream("m"),
    Upstream("m", 64_000, frozenset(["reasoning", "adaptive_thinking", "json_schema", "mid_system"])),
)


def spots(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of a document with each of its keys."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in list(keys):
        yield value, key
        yield from spots(value[key])


def mutated(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for holder, key in list(spots(document)):
        kept = holder[key]
        for odd in ODD:
            holder[key] = odd
            yield document
        if isinstance(holder, dict):
            del holder[key]
            yield document
        holder[key] = kept


@pytest.mark.parametrize("case", CASES)
def test_requests(case: str) -> None:
    refused = carried = 0
    for body in mutated(data(case, "request")):
        try:
            request = decode(body)
            for upstream in UPSTREAMS:
                orjson.dumps(CODEC.encode_request(request, upstream).body)
            carried += 1
        except InvalidRequest:
            refused += 1
    assert refused
    assert carried


@pytest.mark.parametrize("case", CASES)
def test_answers(case: str) -> None:
    assert CODEC.encode_response is not None
    broken = 0
    for body in mutated(data(case, "response")):
        try:
            orjson.dumps(CODEC.encode_response(CODEC.decode_response(body, "s"), context())[0])
        except BadAnswer:
            broken += 1
    assert broken


@pytest.mark.parametrize("case", ["thinking", "tools", "server_tools"])
def test_streams(case: str) -> None:
    assert CODEC.encoder is not None
    told = [event for event in parse(raw(case, "stream.sse")) if event["type"] != "ping"]
    failed = 0
    for place, event in enumerate(told):
        for odd in mutated(event):
            stream = b"".join(
                sse.encode(None, orjson.dumps(odd if index == place else other)) for index, other in enumerate(told)
            )
            found = events(stream)
            assert isinstance(found[-1], Failed | Finished)
            failed += isinstance(found[-1], Failed)
            encoder = CODEC.encoder(context())
            for each in found:
                encoder.feed(each)
    assert failed


def test_errors() -> None:
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Busy."}, "request_id": "r"}
    for body in mutated(error):
        assert CODEC.decode_error(529, body).status == 529
