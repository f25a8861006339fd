"""Every value of every fixture replaced by odd ones: a complaint of ours or a reading, never another exception."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import orjson
import pytest
from tests.wire.openai_chat.parts import CASES, context, decoded, encoded, fixture, read

from gateway.errors import BadAnswer, InvalidRequest
from gateway.neutral.response import Failed, Finished
from gateway.wire.openai_chat.codec import CODEC

ODD: tuple[Any, ...] = (None, True, 0, -1, 1.5, 10**18, "", "x", [], [1], [[]], {}, {"a": 1})
DEEP: Any = orjson.loads("[" * 400 + "]" * 400)


def variants(value: Any) -> Iterator[Any]:
    """The value with one member, at any depth, replaced."""
    yield from ODD
    if isinstance(value, dict):
        for name, held in value.items():
            for one in variants(held):
                yield {**value, name: one}
    elif isinstance(value, list):
        for number, held in enumerate(value):
            for one in variants(held):
                yield [*value[:number], one, *value[number + 1 :]]


@pytest.mark.parametrize("case", CASES)
def test_requests(case: str) -> None:
    assert CODEC.decode_request is not None
    for body in variants(orjson.loads(fixture(case, "request.json"))):
        if isinstance(body, dict):
            with suppress(InvalidRequest):
                assert orjson.dumps(encoded(CODEC.decode_request(body, model="m", stream=False)).body)


@pytest.mark.parametrize("case", CASES)
def test_answers(case: str) -> None:
    assert CODEC.encode_response is not None
    for body in variants(orjson.loads(fixture(case, "response.json"))):
        CODEC.decode_error(400, body)
        if isinstance(body, dict):
            with suppress(BadAnswer):
                assert orjson.dumps(CODEC.encode_response(CODEC.decode_response(body, "seed"), context())[0])


@pytest.mark.parametrize("case", ["reasoning", "parallel_tools", "refusal"])
def test_streams(case: str) -> None:
    lines = fixture(case, "stream.sse").split(b"\n\n")
    for number, line in enumerate(lines[:-2]):
        for chunk in variants(orjson.loads(line[6:])):
            changed = [*lines[:number], b"data: " + orjson.dumps(chunk), *lines[number + 1 :]]
            events = read(b"\n\n".join(changed))
            assert isinstance(events[-1], Failed | Finished)


def test_what_is_nested_too_deep() -> None:
    """orjson reads 1,024 levels and writes 254."""
    call = {"index": 0, "id": "c", "function": {"name": "f", "arguments": {"a": DEEP}}}
    raw = (
        b'{"choices":[{"delta":{"tool_calls":[{"function":{"name":"f","arguments":'
        + b"[" * 400
        + b"]" * 400
        + b"}}]}}]}"
    )
    assert isinstance(read(b"data: " + raw + b"\n\ndata: [DONE]\n\n")[-1], Failed)
    with pytest.raises(BadAnswer):
        CODEC.decode_response({"choices": [{"message": {"tool_calls": [call]}}]}, "seed")
    schema = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"a": DEEP}}}
    assert CODEC.decode_request is not None
    body = {"messages": [{"role": "user", "content": "x"}], "response_format": schema}
    with pytest.raises(InvalidRequest):
        encoded(CODEC.decode_request(body, model="m", stream=False), frozenset())
    assert decoded().format is None
