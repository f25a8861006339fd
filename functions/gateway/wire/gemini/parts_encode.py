"""Blocks as parts of a request. https://ai.google.dev/api/caching#Part"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Final

import orjson

from gateway.neutral.blocks import Block, Media, Opaque, Refusal, Text, Thinking, ToolCall, ToolResult
from gateway.wire.arguments import as_object
from gateway.wire.carrying import Carrying
from gateway.wire.gemini.fields import DIALECT
from gateway.wire.signatures import belongs

Part = dict[str, Any]
_OUTCOMES: Final = frozenset(["output", "result", "error"])


class PartsWriter:
    """Writes the blocks of one request. `nested_media`: media of tool results go into the result (Gemini 3), else they stand behind it."""

    def __init__(self, carrying: Carrying, *, nested_media: bool) -> None:
        self._carrying = carrying
        self._nested = nested_media
        self._names: dict[str, str] = {}

    def write(self, blocks: tuple[Block, ...]) -> list[Part]:
        """The parts of one message. A signature without text in front of a call is that of the call."""
        parts: list[Part] = []
        waiting: Thinking | None = None
        for block in blocks:
            if waiting is not None and isinstance(block, ToolCall) and block.signature is None:
                parts += self._call(block, waiting)
                waiting = None
                continue
            if waiting is not None:
                parts.append(_proof(waiting))
                waiting = None
            if isinstance(block, Thinking) and not block.text and belongs(block.signature, DIALECT):
                waiting = block
            else:
                parts += self._block(block)
        if waiting is not None:
            parts.append(_proof(waiting))
        return parts

    def _block(self, block: Block) -> list[Part]:
        if isinstance(block, Text):
            return self._text(block)
        if isinstance(block, ToolCall):
            return self._call(block, None)
        if isinstance(block, ToolResult):
            return self._result(block)
        if isinstance(block, Media):
            return [self._media(block)]
        if isinstance(block, Thinking):
            return self._thought(block)
        if isinstance(block, Refusal):
            self._carrying.approximate(block.at or "refusal", "a refusal is sent as text")
            return [{"text": block.text}]
        return [self._opaque(block)]

    def _text(self, block: Text) -> list[Part]:
        """An empty text says nothing, and some models refuse a part without text."""
        self._about(block)
        return [{"text": block.text, **block.extras.get(DIALECT, {})}] if block.text else []

    def _about(self, block: Text | Media | ToolCall | ToolResult) -> None:
        """What every kind of block may carry besides."""
        if block.cache is not None:
            self._carrying.drop("cache_control", "this provider caches prompts by itself")
        if block.extras:
            self._carrying.leave_extras(block.extras, DIALECT, block.at)

    def _thought(self, block: Thinking) -> list[Part]:
        self._carrying.leave_extras(block.extras, DIALECT, block.at)
        own = belongs(block.signature, DIALECT)
        if block.signature is not None and not own:
            what = "a redacted thought" if block.redacted else "the signature of a thought"
            self._carrying.drop(block.at or "thinking", f"{what} means something to another provider alone")
        if not block.text and not own:
            return []
        part: Part = {"text": block.text, "thought": True}
        if own and block.signature is not None:
            part["thoughtSignature"] = block.signature.data
        return [part]

    def _call(self, block: ToolCall, before: Thinking | None) -> list[Part]:
        self._about(block)
        self._names[block.id] = block.name
        if block.custom:
            self._carrying.approximate(block.at or "tool_calls", "a call with free text is sent as one with an object")
        proof = before.signature if before is not None else block.signature
        call = {"id": block.id, "name": block.name, "args": as_object(block), **block.extras.get(DIALECT, {})}
        part: Part = {"functionCall": call}
        if proof is not None and belongs(proof, DIALECT):
            part["thoughtSignature"] = proof.data
        elif proof is not None:
            self._carrying.drop(block.at or "tool_calls", "a signature that means something to another provider alone")
        return [part]

    def _result(self, block: ToolResult) -> list[Part]:
        self._about(block)
        name = self._names.get(block.call_id) or block.name
        if name is None:
            self._carrying.refuse(block.at or "messages", "a tool result whose call is not in the conversation")
        texts = [one for one in block.blocks if isinstance(one, Text)]
        answer = {"id": block.call_id, "name": name, "response": _response(texts, block.is_error is True)}
        media = [self._inside(one, block) for one in block.blocks if not isinstance(one, Text)]
        part: Part = {"functionResponse": answer | dict(block.extras.get(DIALECT, {}))}
        if media and self._nested:
            answer_parts: Part = {"parts": media}
            part["functionResponse"] |= answer_parts
            return [part]
        if media:
            self._carrying.approximate(block.at or "messages", "media of a tool result stand behind it")
        return [part, *media]

    def _inside(self, block: Media | Text | Opaque, result: ToolResult) -> Part:
        if isinstance(block, Media):
            return self._media(block)
        at = block.at or result.at or "messages"
        return self._carrying.refuse(at, "a kind of block in a tool result that only another provider knows")

    def _opaque(self, block: Opaque) -> Part:
        if block.dialect != DIALECT:
            self._carrying.refuse(
                block.at or block.type, f"'{block.type}' is a kind of block that only another provider knows"
            )
        return dict(block.data)

    def _media(self, block: Media) -> Part:
        self._about(block)
        at = block.at or block.kind
        if block.detail not in (None, "auto"):
            self._carrying.drop(f"{at}.detail", "the resolution is this provider's choice")
        if block.name is not None:
            self._carrying.drop(f"{at}.name", "parts have no file names")
        return {**self._content(block, at), **block.extras.get(DIALECT, {})}

    def _content(self, block: Media, at: str) -> Part:
        if block.text is not None:
            data = base64.b64encode(block.text.encode()).decode()
            return {"inlineData": {"mimeType": block.media_type or "text/plain", "data": data}}
        if block.data is not None:
            if block.media_type is None:
                self._carrying.refuse(at, "its media type is not told")
            return {"inlineData": {"mimeType": block.media_type, "data": block.data}}
        if block.file_id is not None and block.file_dialect != DIALECT:
            self._carrying.refuse(at, "it names a file that lies at another provider")
        uri: dict[str, Any] = {"fileUri": block.url or block.file_id}
        return {"fileData": uri if block.media_type is None else {"mimeType": block.media_type, **uri}}


def _proof(thought: Thinking) -> Part:
    """A signature that stands alone, as Gemini's streams write it."""
    assert thought.signature is not None
    return {"text": "", "thoughtSignature": thought.signature.data}


def _response(texts: list[Text], is_error: bool) -> Mapping[str, Any] | orjson.Fragment:
    """What a tool gave, as the object that Google wants: a JSON object as it is, anything else under Google's words for it."""
    if len(texts) == 1 and (text := texts[0].text).lstrip()[:1] == "{":
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError:
            value = None
        if isinstance(value, dict):
            plain = not is_error and not (len(value) == 1 and _OUTCOMES & value.keys())
            return orjson.Fragment(text) if plain else {"error" if is_error else "output": orjson.Fragment(text)}
    key = "error" if is_error else "output"
    if not texts:
        return {key: ""} if is_error else {}
    return {key: texts[0].text if len(texts) == 1 else [one.text for one in texts]}
