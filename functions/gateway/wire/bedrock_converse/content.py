"""Messages and system blocks of a Converse request.

Roles alternate there, blank texts are refused, tool results stand in messages of the user, cache points are blocks of their own.
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Message.html
"""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

from gateway.neutral.blocks import Block, CacheMark, Media, Opaque, Refusal, Text, Thinking, ToolCall, ToolResult
from gateway.neutral.request import Message, Request
from gateway.wire.arguments import as_object
from gateway.wire.bedrock_converse.caching import CachePoints
from gateway.wire.bedrock_converse.media import DocumentNames, encode
from gateway.wire.bedrock_converse.names import adapted
from gateway.wire.carrying import Carrying
from gateway.wire.signatures import belongs

DIALECT: Final = "bedrock_converse"
Part = dict[str, Any]

# Refused when there is nothing in it: "The content field … cannot be empty when status value is error."
_EMPTY_ERROR: Final = "error"
_OPENING: Final = "(The conversation begins with the assistant.)"
_BESIDE_DOCUMENT: Final = "A document is attached."


class Conversation:
    """Collects the request's `system` and `messages`."""

    def __init__(self, carrying: Carrying, points: CachePoints) -> None:
        self.system: list[Part] = []
        self.messages: list[dict[str, Any]] = []
        self.called: dict[str, None] = {}
        """Names of the tools that the messages call, in order."""
        self._carrying = carrying
        self._points = points
        self._names = DocumentNames()

    def add(self, request: Request) -> None:
        """Everything the client's messages hold."""
        for message in request.messages:
            self._carrying.leave_extras(message.extras, DIALECT, message.at)
            if message.name is not None:
                self._carrying.drop(f"{message.at}.name", "participants have no names there")
            if message.role in {"system", "developer"}:
                self._instruct(message)
            else:
                self._say(message)
        self._accompany_documents()
        self._mend()

    def _mend(self) -> None:
        """What is demanded of the whole: it begins with the user, and the words to go on with end in a visible character."""
        if not self.messages:
            self._only_instructions()
        elif self.messages[0]["role"] != "user":
            self._carrying.default("messages", "conversations begin with the user there")
            self.messages.insert(0, {"role": "user", "content": [{"text": _OPENING}]})
        last = self.messages[-1]
        text = last["content"][-1].get("text")
        if last["role"] == "assistant" and text is not None and text != text.rstrip():
            self._carrying.approximate("messages", "white space at the end of the assistant's last message is cut off")
            last["content"][-1] = {"text": text.rstrip()}

    def _only_instructions(self) -> None:
        texts = [part for part in self.system if "text" in part]
        if not texts:
            self._carrying.refuse("messages", "nothing is left to send")
        self._carrying.approximate("messages", "without a message of the user, the last instruction is sent as one")
        self.system = self.system[: self.system.index(texts[-1])]
        self.messages.append({"role": "user", "content": [texts[-1]]})

    def _instruct(self, message: Message) -> None:
        if self.messages:
            self._carrying.approximate(message.at, "instructions stand before all messages there")
        for block in message.blocks:
            if not isinstance(block, Text):
                self._carrying.refuse(block.at, "instructions are text only there")
            self._carrying.leave_extras(block.extras, DIALECT, block.at)
            if block.text.strip():
                self.system.append({"text": block.text})
            self._mark(self.system, block.cache)

    def _say(self, message: Message) -> None:
        parts: list[Part] = []
        for block in message.blocks:
            if isinstance(block, Media) and message.role == "assistant":
                self._carrying.refuse(block.at, "media stand in messages of the user only")
            part = self._part(block)
            if part is not None:
                parts.append(part)
            if not isinstance(block, Thinking | Refusal | Opaque):
                self._mark(parts, self._cache(block))
        if not parts:
            return
        if self.messages and self.messages[-1]["role"] == message.role:
            self.messages[-1]["content"] += parts
        else:
            self.messages.append({"role": message.role, "content": parts})

    def _cache(self, block: Text | Media | ToolCall | ToolResult) -> CacheMark | None:
        """The block's mark, or that of something inside a result: Bedrock has no points there, so it moves behind the result."""
        if block.cache is None and isinstance(block, ToolResult):
            marks = [inner.cache for inner in block.blocks if not isinstance(inner, Opaque) and inner.cache is not None]
            return marks[-1] if marks else None
        return block.cache

    def _mark(self, parts: list[Part], cache: CacheMark | None) -> None:
        if cache is not None and parts:
            parts.extend(self._points.after(cache))
        elif cache is not None:
            self._carrying.drop("cache_control", "there is nothing before it to cache")

    def _part(self, block: Block) -> Part | None:
        match block:
            case Text():
                return self._text(block)
            case Media():
                return encode(block, self._names, self._carrying)
            case Thinking():
                return self._thought(block)
            case ToolCall():
                return self._call(block)
            case ToolResult():
                return self._result(block)
            case Refusal():
                self._carrying.leave_extras(block.extras, DIALECT, block.at)
                self._carrying.approximate(block.at, "refusals are plain text there")
                return {"text": block.text} if block.text.strip() else None
            case Opaque():
                return self._opaque(block)

    def _text(self, block: Text) -> Part | None:
        self._carrying.leave_extras(block.extras, DIALECT, block.at)
        if block.text.strip():
            return {"text": block.text}
        if block.text:
            self._carrying.drop(block.at, "blank texts are refused there")
        return None

    def _opaque(self, block: Opaque) -> Part:
        if block.dialect != DIALECT:
            self._carrying.refuse(block.at, "only the client's dialect knows this kind of block")
        return {block.type: block.data}

    def _thought(self, block: Thinking) -> Part | None:
        self._carrying.leave_extras(block.extras, DIALECT, block.at)
        signature = block.signature
        if signature is None or not belongs(signature, DIALECT):
            self._carrying.drop(block.at, "thoughts go back to the vendor that signed them only")
            return None
        if not block.redacted:
            return {"reasoningContent": {"reasoningText": {"text": block.text, "signature": signature.data}}}
        try:
            base64.b64decode(signature.data, validate=True)
        except (binascii.Error, ValueError):
            self._carrying.drop(block.at, "withheld thoughts are base64 there")
            return None
        return {"reasoningContent": {"redactedContent": signature.data}}

    def _call(self, block: ToolCall) -> Part:
        self._carrying.leave_extras(block.extras, DIALECT, block.at)
        if block.signature is not None:
            self._carrying.drop(block.at, "tool calls are not signed there")
        name = adapted(block.name)
        self.called[name] = None
        return {"toolUse": {"toolUseId": adapted(block.id), "name": name, "input": as_object(block)}}

    def _result(self, block: ToolResult) -> Part:
        self._carrying.leave_extras(block.extras, DIALECT, block.at)
        content = [part for inner in block.blocks if (part := self._inner(inner)) is not None]
        result: Part = {"toolUseId": adapted(block.call_id), "content": content}
        if block.is_error:
            result["status"] = "error"
            if not content:
                self._carrying.default(block.at, "an error without a text is refused there")
                result["content"] = [{"text": _EMPTY_ERROR}]
        return {"toolResult": result}

    def _inner(self, block: Text | Media | Opaque) -> Part | None:
        if isinstance(block, Text):
            self._carrying.leave_extras(block.extras, DIALECT, block.at)
            return {"text": block.text} if block.text else None
        if isinstance(block, Opaque):
            return self._opaque(block)
        if block.kind == "audio":
            self._carrying.refuse(block.at, "tool results hold no sound there")
        return encode(block, self._names, self._carrying)

    def _accompany_documents(self) -> None:
        """A message with a document must hold a text, too: API_runtime_Message."""
        for message in self.messages:
            content = message["content"]
            if any("document" in part for part in content) and not any("text" in part for part in content):
                self._carrying.default("messages", "a document needs a text beside it")
                content.append({"text": _BESIDE_DOCUMENT})
