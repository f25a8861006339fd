"""What the tests of the Responses codec share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from gateway.neutral.blocks import Block, Refusal, Text, Thinking, ToolCall
from gateway.neutral.request import Message, Request
from gateway.neutral.response import (
    BlockDelta,
    BlockSignature,
    BlockStart,
    ChoiceEnd,
    Event,
    Failed,
    Finished,
)
from gateway.neutral.sequence import Sequencer
from gateway.wire import sse
from gateway.wire.codec import Context, Encoded, Upstream
from gateway.wire.openai_responses.codec import CODEC
from gateway.wire.openai_responses.decode_stream import ResponsesDecoder
from gateway.wire.openai_responses.encode_stream import ResponsesEncoder

FIXTURES = Path(__file__).parents[1] / "fixtures" / "openai_responses"
CASES = sorted(path.name.removesuffix(".stream.sse") for path in FIXTURES.glob("*.stream.sse"))
GOOD = [case for case in CASES if case != "failed"]
USER = Message("user", (Text("hi"),))


def fixture(case: str, part: str) -> bytes:
    return (FIXTURES / f"{case}.{part}").read_bytes()


def load(case: str, part: str) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(fixture(case, f"{part}.json"))
    return found


def decoded(data: dict[str, Any]) -> Request:
    """A client's request."""
    assert CODEC.decode_request is not None
    return CODEC.decode_request(
        orjson.loads(orjson.dumps(data)), model=data.get("model", "asked"), stream=bool(data.get("stream"))
    )


def asked(**members: Any) -> Request:
    return decoded({"model": "asked", "input": "hi", **members})


def foreign(*messages: Message, **members: Any) -> Request:
    """A request of a client of another dialect."""
    return Request("openai_chat", "asked", messages or (USER,), **members)


def encoded(request: Request, **upstream: Any) -> Encoded:
    return CODEC.encode_request(request, Upstream("up", **upstream))


def body(request: Request, **upstream: Any) -> dict[str, Any]:
    """The body an upstream reads."""
    found: dict[str, Any] = orjson.loads(orjson.dumps(encoded(request, **upstream).body))
    return found


def losses(found: Encoded) -> set[tuple[str, str]]:
    return {(loss.field, loss.action) for loss in found.losses}


def context(request: Request | None = None) -> Context:
    return Context("r1", "asked", 1_789_000_000, request or foreign())


def read(chunks: Iterable[bytes]) -> list[Event]:
    """All events of an upstream's stream."""
    decoder = ResponsesDecoder("seed")
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    return [*events, *decoder.close()]


def written(events: Iterable[Event], request: Request | None = None) -> bytes:
    """A client's bytes for a decoder's events."""
    sequencer, encoder = Sequencer(), ResponsesEncoder(context(request))
    return b"".join(encoder.feed(told) for event in events for told in sequencer.feed(event))


def parsed(stream: bytes) -> list[tuple[str, dict[str, Any]]]:
    """Names and data of a stream's events, comments left out."""
    found = [sse.fields(event) for event in sse.split(stream)]
    return [(name.decode(), orjson.loads(data)) for name, data in found if data]


def stream(*events: dict[str, Any], named: bool = True) -> bytes:
    """An upstream's stream of these events."""
    return b"".join(sse.encode(event["type"] if named else None, orjson.dumps(event)) for event in events)


def told(events: list[Event]) -> dict[str, Any]:
    """What a stream says, in the form of `.expected.json`, with every text of its kind joined."""
    texts: dict[int, list[str]] = {}
    blocks: dict[int, Block] = {}
    found: dict[str, Any] = {}
    for event in events:
        if isinstance(event, BlockStart):
            blocks[event.index] = event.block
            texts[event.index] = [getattr(event.block, "text", "") or getattr(event.block, "arguments", "")]
        elif isinstance(event, BlockDelta):
            texts[event.index].append(event.text)
        elif isinstance(event, BlockSignature):
            found["signature"] = event.signature.data
        elif isinstance(event, ChoiceEnd):
            found["stop"] = event.stop.reason if event.stop else None
        elif isinstance(event, Finished):
            found["usage"] = None if event.usage is None else _usage(event.usage)
        elif isinstance(event, Failed):
            return {"failed": {"message": event.message, "status": event.status, "code": event.code}}
    return found | _said(blocks, {index: "".join(pieces) for index, pieces in texts.items()})


def of_blocks(blocks: Iterable[Block]) -> dict[str, Any]:
    """The same of a whole answer's blocks."""
    numbered = dict(enumerate(blocks))
    said = {index: getattr(block, "text", "") or getattr(block, "arguments", "") for index, block in numbered.items()}
    signed = [block.signature.data for block in numbered.values() if isinstance(block, Thinking) and block.signature]
    return _said(numbered, said) | ({"signature": signed[-1]} if signed else {})


def _said(blocks: dict[int, Block], texts: dict[int, str]) -> dict[str, Any]:
    def of(kind: type) -> list[str]:
        return [texts[index] for index, block in blocks.items() if isinstance(block, kind)]

    found: dict[str, Any] = {"text": "".join(of(Text))}
    found["tool_calls"] = [
        {"id": block.id, "name": block.name, "arguments": texts[index]}
        for index, block in blocks.items()
        if isinstance(block, ToolCall)
    ]
    if of(Thinking):
        found["thinking"] = "".join(of(Thinking))
    if of(Refusal):
        found["refusal"] = "".join(of(Refusal))
    return found


def _usage(usage: Any) -> dict[str, Any]:
    """Its token counts, and what else there is of it."""
    names = tuple(usage.__dataclass_fields__)
    always = names[: names.index("source") + 1]
    return {name: getattr(usage, name) for name in names if name in always or getattr(usage, name)}
