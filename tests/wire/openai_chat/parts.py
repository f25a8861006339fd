"""What the tests of the Chat Completions codec share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from gateway.neutral.blocks import Block, Text
from gateway.neutral.request import Message, Request
from gateway.neutral.response import (
    BlockDelta,
    BlockLogprobs,
    BlockSignature,
    BlockStart,
    ChoiceEnd,
    Event,
    Failed,
    Finished,
)
from gateway.wire.codec import Context, Encoded, Upstream
from gateway.wire.openai_chat.codec import CODEC
from gateway.wire.openai_chat.traits import OPENAI

FIXTURES = Path(__file__).parents[1] / "fixtures" / "openai_chat"
CASES = sorted(path.name.removesuffix(".stream.sse") for path in FIXTURES.glob("*.stream.sse"))
PLAIN = Request("openai_chat", "asked", (Message("user", (Text("hi"),)),))


def fixture(case: str, part: str) -> bytes:
    return (FIXTURES / f"{case}.{part}").read_bytes()


def decoded(**members: Any) -> Request:
    """A client's request with these members."""
    assert CODEC.decode_request is not None
    body = {"model": "asked", "messages": [{"role": "user", "content": "hi"}], **members}
    return CODEC.decode_request(orjson.loads(orjson.dumps(body)), model="asked", stream=bool(members.get("stream")))


def asked(*messages: dict[str, Any], **members: Any) -> Request:
    return decoded(messages=list(messages), **members)


def encoded(request: Request, traits: frozenset[str] = OPENAI, **upstream: Any) -> Encoded:
    return CODEC.encode_request(request, Upstream("up", traits=traits, **upstream))


def body(request: Request, traits: frozenset[str] = OPENAI, **upstream: Any) -> dict[str, Any]:
    """The body an upstream reads."""
    found: dict[str, Any] = orjson.loads(orjson.dumps(encoded(request, traits, **upstream).body))
    return found


def losses(found: Encoded) -> set[tuple[str, str]]:
    return {(loss.field, loss.action) for loss in found.losses}


def context(request: Request = PLAIN) -> Context:
    return Context("req1", "asked", 1763683200, request)


def read(*chunks: bytes) -> list[Event]:
    """All events of a stream that arrives in these pieces."""
    decoder = CODEC.decoder("seed")
    events: list[Event] = []
    for chunk in chunks:
        events += decoder.feed(chunk)
    return events + decoder.close()


def sse(*chunks: Any, done: bool = True) -> bytes:
    lines = [b"data: " + orjson.dumps(chunk) + b"\n\n" for chunk in chunks]
    return b"".join(lines) + (b"data: [DONE]\n\n" if done else b"")


def chunk(delta: Any, finish: str | None = None, index: int = 0, **more: Any) -> dict[str, Any]:
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    return {"id": "c1", "created": 7, "model": "up-1", "choices": [choice], **more}


def gathered(events: list[Event]) -> dict[int, list[tuple[str, str]]]:
    """Per choice the blocks in the order of their numbers: kind (and name of a call), and text."""
    blocks: dict[tuple[int, int], list[str]] = {}
    for event in events:
        if isinstance(event, BlockStart):
            assert (event.choice, event.index) not in blocks
            blocks[event.choice, event.index] = [kind_of(event.block), text_of(event.block)]
        elif isinstance(event, BlockDelta):
            blocks[event.choice, event.index][1] += event.text
        elif isinstance(event, BlockSignature):
            blocks[event.choice, event.index][0] += "+signature"
        elif isinstance(event, BlockLogprobs):
            blocks[event.choice, event.index][0] += f"+{len(event.tokens)}"
    found: dict[int, list[tuple[str, str]]] = {}
    for (choice, _), (kind, text) in sorted(blocks.items()):
        found.setdefault(choice, []).append((kind, text))
    return found


def kind_of(block: Block) -> str:
    kind = type(block).__name__.lower()
    return f"toolcall {block.name} {block.id}" if kind == "toolcall" else kind  # type: ignore[union-attr]


def text_of(block: Block) -> str:
    return getattr(block, "text", None) or getattr(block, "arguments", "") or ""


def ends(events: list[Event]) -> list[str]:
    """The words of the stops, and of the last event."""
    stops = [event.stop.reason if event.stop else "none" for event in events if isinstance(event, ChoiceEnd)]
    assert all(not isinstance(event, Finished | Failed) for event in events[:-1])
    return [*stops, type(events[-1]).__name__]
