"""Blocks as parts of an answer for a client of Gemini's."""

from __future__ import annotations

from typing import Any

import orjson

from gateway.neutral.blocks import Block, Media, Opaque, Refusal, Signature, Text, Thinking, ToolCall
from gateway.wire.carrying import Carrying
from gateway.wire.gemini.fields import DIALECT
from gateway.wire.gemini.parts_decode import REDACTED
from gateway.wire.signatures import belongs, seal


def part(block: Block, carrying: Carrying) -> dict[str, Any] | None:
    """The part of a block; None when it cannot be one, which is noted (a call with broken arguments: see `is_bad_call`)."""
    note_extras(block, carrying)
    if isinstance(block, Text):
        return {"text": block.text, **block.extras.get(DIALECT, {})}
    if isinstance(block, Thinking):
        return thought(block)
    if isinstance(block, ToolCall):
        return _call(block, carrying)
    if isinstance(block, Media):
        return _media(block, carrying)
    if isinstance(block, Refusal):
        carrying.approximate("refusal", "a refusal is told as text")
        return {"text": block.text}
    if isinstance(block, Opaque) and block.dialect == DIALECT:
        return dict(block.data)
    kind = block.type if isinstance(block, Opaque) else "tool_result"
    carrying.drop(kind, "a kind of block that clients of this dialect do not know")
    return None


def note_extras(block: Block, carrying: Carrying) -> None:
    """Members of a block that only its provider's dialect has."""
    if not isinstance(block, Opaque) and block.extras:
        at = "text" if isinstance(block, Text) else "content"
        carrying.leave_extras(block.extras, DIALECT, at, whose="provider's")


def note_tier(tier: str | None, carrying: Carrying) -> None:
    """Answers of this dialect do not say by which tier they were made; the usual one goes without saying."""
    if tier not in (None, "default", "standard"):
        carrying.drop("service_tier", "answers of this dialect do not tell it")


def thought(block: Thinking) -> dict[str, Any]:
    """A thought, with its signature in the slot that every part has."""
    found: dict[str, Any] = {"text": block.text}
    if block.text or not belongs(block.signature, DIALECT):
        found["thought"] = True
    if block.signature is not None:
        found["thoughtSignature"] = proof(block.signature, redacted=block.redacted)
    return found


def proof(signature: Signature, *, redacted: bool = False) -> str:
    """A signature as the client gets it. A foreign one in its envelope also says whether its thought was withheld."""
    if redacted and not belongs(signature, DIALECT):
        signature = Signature(signature.dialect, REDACTED + signature.data)
    return seal(signature, DIALECT)


def _call(block: ToolCall, carrying: Carrying) -> dict[str, Any] | None:
    args = arguments(block)
    if args is None:
        carrying.drop("functionCall", "the model wrote arguments that are no JSON object")
        return None
    found: dict[str, Any] = {"functionCall": {"id": block.id, "name": block.name, "args": args}}
    if block.signature is not None:
        found["thoughtSignature"] = proof(block.signature)
    return found


def arguments(block: ToolCall) -> orjson.Fragment | None:
    """The arguments as an object, byte for byte; None when they are none."""
    if block.custom:
        return orjson.Fragment(orjson.dumps({"input": block.arguments}))
    if not block.arguments.strip():
        return orjson.Fragment(b"{}")
    try:
        value = orjson.loads(block.arguments)
    except orjson.JSONDecodeError:
        return None
    return orjson.Fragment(block.arguments) if isinstance(value, dict) else None


def _media(block: Media, carrying: Carrying) -> dict[str, Any] | None:
    mime = {} if block.media_type is None else {"mimeType": block.media_type}
    if block.data is not None:
        return {"inlineData": {**mime, "data": block.data}}
    if block.url is not None:
        return {"fileData": {**mime, "fileUri": block.url}}
    if block.text is not None:
        return {"text": block.text}
    carrying.drop(block.kind, "a file that lies at another provider")
    return None
