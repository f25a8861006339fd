"""Fixtures, what an answer says in one form (whole or streamed), and requests to make variations of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from gateway.neutral.blocks import Opaque, Text, Thinking, ToolCall
from gateway.neutral.request import Message, Request
from gateway.neutral.response import (
    BlockDelta,
    BlockEnd,
    BlockExtra,
    BlockSignature,
    BlockStart,
    ChoiceEnd,
    Event,
    Finished,
    Response,
    Started,
)
from gateway.neutral.usage import Usage
from gateway.wire.anthropic_messages.codec import CODEC
from gateway.wire.codec import Context

USAGE = Usage(fresh=11, cache_read=3, cache_write_5m=2, output=9, reasoning=4, source="upstream")
FOLDER = Path(__file__).parent.parent / "fixtures" / "anthropic_messages"
CASES = sorted(path.name.removesuffix(".request.json") for path in FOLDER.glob("*.request.json"))
USER = Message("user", (Text("Hi", at="messages[0].content"),), at="messages[0]")


def raw(case: str, form: str) -> bytes:
    return (FOLDER / f"{case}.{form}").read_bytes()


def data(case: str, form: str) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(raw(case, f"{form}.json"))
    return found


def decode(body: dict[str, Any], **options: Any) -> Request:
    assert CODEC.decode_request is not None
    return CODEC.decode_request(body, model="asked", stream=bool(body.get("stream")), **options)


def plain(body: Any) -> Any:
    """What stands on the wire."""
    return orjson.loads(orjson.dumps(body))


def chat(*messages: Message, **members: Any) -> Request:
    """A request of another dialect's client."""
    return Request("openai_chat", "asked", messages or (USER,), **members)


def context(request: Request | None = None, **members: Any) -> Context:
    return Context(
        "req_01", "asked", 1_700_000_000, request or Request("anthropic_messages", "asked", (USER,)), **members
    )


def events(stream: bytes, size: int | None = None) -> list[Event]:
    decoder = CODEC.decoder("seed")
    pieces = [stream] if size is None else [stream[place : place + size] for place in range(0, len(stream), size)]
    return [event for piece in pieces for event in decoder.feed(piece)] + decoder.close()


def usage(found: Usage | None) -> dict[str, int] | None:
    names = ("fresh", "cache_read", "cache_write_5m", "cache_write_1h", "output")
    return None if found is None else {name: getattr(found, name) for name in names}


def _block(block: Any) -> dict[str, Any]:
    if isinstance(block, Text):
        mine = {"text": block.text, **block.extras.get("anthropic_messages", {})}
        return {name: value for name, value in mine.items() if value != []}
    if isinstance(block, Thinking):
        return {
            "thinking": block.text,
            "signature": block.signature and block.signature.data,
            "redacted": block.redacted,
        }
    if isinstance(block, ToolCall):
        return {"call": block.id, "name": block.name, "arguments": orjson.loads(block.arguments or "{}")}
    assert isinstance(block, Opaque)
    return dict(block.data)


def told_whole(response: Response) -> dict[str, Any]:
    (choice,) = response.choices
    return {
        "id": response.id,
        "model": response.model,
        "blocks": [_block(block) for block in choice.blocks],
        "stop": choice.stop,
        "usage": usage(response.usage),
        "tier": response.service_tier,
    }


def told_streamed(found: list[Event]) -> dict[str, Any]:
    """The same of a stream; it must have come to its good end."""
    started, ending = found[0], found[-1]
    assert isinstance(started, Started)
    assert isinstance(ending, Finished)
    blocks: list[dict[str, Any]] = []
    stop = None
    for event in found[1:-1]:
        if isinstance(event, BlockStart):
            assert event.index == len(blocks)
            blocks.append(_block(event.block))
            pieces: list[str] = []
        elif isinstance(event, BlockDelta):
            pieces.append(event.text)
        elif isinstance(event, BlockSignature):
            blocks[-1]["signature"] = event.signature.data
        elif isinstance(event, BlockExtra):
            blocks[-1].setdefault("citations", []).extend(event.data["citations"])
        elif isinstance(event, BlockEnd):
            _fill(blocks[-1], "".join(pieces))
        else:
            assert isinstance(event, ChoiceEnd)
            stop = event.stop
    return {
        "id": started.id,
        "model": started.model,
        "blocks": blocks,
        "stop": stop,
        "usage": usage(ending.usage),
        "tier": ending.service_tier,
    }


def _fill(block: dict[str, Any], text: str) -> None:
    if "call" in block:
        block["arguments"] = orjson.loads(text or "{}")
    elif text:
        name = "thinking" if "thinking" in block else "text"
        block[name] += text


def encode_stream(found: list[Event], told: Context | None = None) -> tuple[bytes, list[str]]:
    assert CODEC.encoder is not None
    encoder = CODEC.encoder(told or context())
    return b"".join(encoder.feed(event) for event in found), [str(loss) for loss in encoder.losses]
