"""What a decoded answer says, whole or streamed, in one form that can be compared; and frames to make streams of."""

from __future__ import annotations

import base64
from typing import Any

import orjson
from tests.wire.bedrock_converse.aws_side import frame, frames, load, streamed

from gateway.neutral.blocks import Media, Text, Thinking, ToolCall
from gateway.neutral.response import (
    BlockDelta,
    BlockEnd,
    BlockExtra,
    BlockSignature,
    BlockStart,
    ChoiceEnd,
    Event,
    Finished,
    Started,
)
from gateway.neutral.usage import Usage
from gateway.wire.bedrock_converse.codec import CODEC

BEGIN = frame("messageStart", {"role": "assistant"})
STOP = frame("messageStop", {"stopReason": "end_turn"})
META = frame(
    "metadata", {"usage": {"inputTokens": 1, "outputTokens": 2, "totalTokens": 3}, "metrics": {"latencyMs": 1}}
)


def delta(place: Any, **value: Any) -> bytes:
    return frame("contentBlockDelta", {"contentBlockIndex": place, "delta": value})


def start(place: int, **value: Any) -> bytes:
    return frame("contentBlockStart", {"contentBlockIndex": place, "start": value})


def stop(place: int) -> bytes:
    return frame("contentBlockStop", {"contentBlockIndex": place})


def decode(data: bytes, size: int | None = None) -> list[Event]:
    decoder = CODEC.decoder("seed")
    pieces = [data] if size is None else [data[place : place + size] for place in range(0, len(data), size)]
    return [event for piece in pieces for event in decoder.feed(piece)] + decoder.close()


def empty() -> dict[str, Any]:
    return {"text": "", "thinking": "", "signature": None, "redacted": [], "calls": [], "stop": None, "sequence": None, "usage": None}  # fmt: skip


def usage(found: Usage | None) -> dict[str, int] | None:
    if found is None:
        return None
    names = ("fresh", "cache_read", "cache_write_5m", "cache_write_1h", "output")
    assert found.source == "upstream"
    return {name: getattr(found, name) for name in names}


def told(events: list[Event]) -> dict[str, Any]:
    """What a stream says, after its grammar has been checked."""
    said, open_blocks, texts = empty(), {}, {}
    assert isinstance(events[0], Started)
    for place, event in enumerate(events[1:], 1):
        match event:
            case BlockStart():
                assert event.index == len(texts)
                open_blocks[event.index] = event.block
                texts[event.index] = ""
                if isinstance(event.block, Media):
                    said.setdefault("pictures", []).append(event.block.data)
            case BlockDelta():
                assert event.text
                assert event.index in open_blocks
                texts[event.index] += event.text
            case BlockSignature():
                block = open_blocks[event.index]
                assert isinstance(block, Thinking)
                assert event.signature.dialect == "bedrock_converse"
                if block.redacted:
                    said["redacted"].append(event.signature.data)
                else:
                    said["signature"] = event.signature.data
            case BlockExtra():
                assert event.index in open_blocks
                said["citations"] = said.get("citations", 0) + len(event.data["citations"])
            case BlockEnd():
                _close(open_blocks.pop(event.index), texts[event.index], said)
            case ChoiceEnd():
                assert not open_blocks
                assert event.stop is not None
                said["stop"], said["sequence"] = event.stop.reason, event.stop.sequence
            case Finished():
                assert place == len(events) - 1
                said["usage"] = usage(event.usage)
            case _:
                raise AssertionError(event)
    return said


def _close(block: Any, text: str, said: dict[str, Any]) -> None:
    match block:
        case Text():
            said["text"] += text
        case Thinking():
            said["thinking"] += text
        case ToolCall():
            said["calls"].append({"id": block.id, "name": block.name, "arguments": orjson.loads(text)})


def whole(case: str) -> dict[str, Any]:
    response = CODEC.decode_response(load(f"{case}.response.json"), "seed")
    said = empty() | {"usage": usage(response.usage)}
    (choice,) = response.choices
    assert choice.stop is not None
    said["stop"], said["sequence"] = choice.stop.reason, choice.stop.sequence
    for block in choice.blocks:
        match block:
            case Text():
                said["text"] += block.text
                if found := block.extras.get("bedrock_converse", {}).get("citations"):
                    said["citations"] = len(found)
            case Thinking(redacted=True, signature=signature):
                said["redacted"].append(signature.data if signature else None)
            case Thinking():
                said["thinking"] += block.text
                said["signature"] = block.signature.data if block.signature else None
            case ToolCall():
                arguments = orjson.loads(block.arguments)
                said["calls"].append({"id": block.id, "name": block.name, "arguments": arguments})
            case Media():
                said.setdefault("pictures", []).append(block.data)
            case _:
                raise AssertionError(block)
    return said


def theirs(case: str) -> dict[str, Any]:
    """The streamed answer, put together from what botocore gives."""
    said = empty()
    calls: dict[int, dict[str, Any]] = {}
    for item in streamed(frames(case)):
        (kind, value), *_ = item.items()
        place = value.get("contentBlockIndex")
        if kind == "contentBlockStart" and (call := value["start"].get("toolUse")):
            calls[place] = {"id": call["toolUseId"], "name": call["name"], "arguments": ""}
        elif kind == "contentBlockDelta":
            (name, part), *_ = value["delta"].items()
            if name == "text":
                said["text"] += part
            elif name == "toolUse":
                calls[place]["arguments"] += part["input"]
            elif name == "reasoningContent":
                said["thinking"] += part.get("text", "")
                if "signature" in part:
                    said["signature"] = (said["signature"] or "") + part["signature"]
                if "redactedContent" in part:
                    said["redacted"] = [b"".join([*said["redacted"], part["redactedContent"]])]
        elif kind == "metadata":
            counts = value["usage"]
            said["usage"] = {
                "fresh": counts["inputTokens"],
                "cache_read": counts.get("cacheReadInputTokens", 0),
                "output": counts["outputTokens"],
            }
    said["redacted"] = [base64.b64encode(part).decode() for part in said["redacted"]]
    said["calls"] = [{**call, "arguments": orjson.loads(call["arguments"] or "{}")} for call in calls.values()]
    return said
