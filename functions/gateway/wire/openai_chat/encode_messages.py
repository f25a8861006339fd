"""Messages for an upstream of this dialect.

Tool results are messages of their own, directly behind the calls they answer, and hold text only. So a user's message with results is taken
apart: first its results, then the rest; what a tool gave beside text goes into a user message behind all results of that turn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Final

import orjson

from gateway.neutral.blocks import Block, Media, Opaque, Refusal, Text, Thinking, ToolCall, ToolResult
from gateway.neutral.request import Message, Request
from gateway.wire import signatures
from gateway.wire.carrying import Carrying
from gateway.wire.codec import Upstream
from gateway.wire.openai_chat import thoughts
from gateway.wire.openai_chat.encode_parts import Part, Parts
from gateway.wire.openai_chat.thoughts import DIALECT

# OpenAI refuses longer ids of calls ("Expected a string with maximum length 40").
_ID_LIMIT: Final = 40
_SHORT: Final = 9


def messages(request: Request, upstream: Upstream, carrying: Carrying) -> list[dict[str, Any]]:
    """`messages`, in order."""
    writer = _Writer(upstream.traits, carrying)
    for message in request.messages:
        writer.add(message)
    writer.flush()
    return writer.written


class _Writer:
    """Writes message by message; `_pictures` waits for the end of a run of tool results."""

    def __init__(self, traits: frozenset[str], carrying: Carrying) -> None:
        self.written: list[dict[str, Any]] = []
        self._traits = traits
        self._carrying = carrying
        self._parts = Parts(traits, carrying)
        self._pictures: list[Part] = []

    def add(self, message: Message) -> None:
        """One message of the client's."""
        self._carrying.leave_extras(message.extras, DIALECT, message.at)
        results = [block for block in message.blocks if isinstance(block, ToolResult)]
        rest = [block for block in message.blocks if not isinstance(block, ToolResult)]
        for result in results:
            self._result(result)
        if results and not rest:
            return
        self.flush()
        head: dict[str, Any] = {"role": self._role(message)}
        if message.name is not None:
            if "no_names" in self._traits:
                self._carrying.drop(f"{message.at}.name", "this provider knows no names of participants")
            else:
                head["name"] = message.name
        body = self._assistant(rest) if message.role == "assistant" else self._said(rest)
        self.written.append({**head, **body, **message.extras.get(DIALECT, {})})

    def flush(self) -> None:
        """Say what the tools gave beside text."""
        if self._pictures:
            self.written.append({"role": "user", "content": self._pictures})
            self._pictures = []

    def _role(self, message: Message) -> str:
        if message.role == "developer" and "developer_role" not in self._traits:
            return "system"  # the same standing, by its older name
        return message.role

    def _said(self, blocks: Sequence[Block]) -> dict[str, Any]:
        return {"content": self._parts.content(blocks) if blocks else ""}

    def _result(self, result: ToolResult) -> None:
        self._carrying.leave_extras(result.extras, DIALECT, result.at)
        self._parts.note_mark(result.cache)
        if result.is_error:
            self._carrying.drop(f"{result.at}.is_error", "tool messages of Chat Completions have no mark for errors")
        texts: list[Text] = []
        for block in result.blocks:
            said = self._as_text(block)
            if said is not None:
                texts.append(said)
            else:
                self._picture(block, result.call_id)
        call_id = adapted(result.call_id, self._traits)
        if not texts and result.blocks:
            texts.append(Text("(in the message of the user that follows)"))
        content = self._parts.content(texts) if texts else ""
        message = {"role": "tool", "tool_call_id": call_id, "content": content}
        self.written.append({**message, **result.extras.get(DIALECT, {})})

    def _as_text(self, block: Text | Media | Opaque) -> Text | None:
        if isinstance(block, Text):
            return block
        if isinstance(block, Media):
            said = self._parts.written_out(block)
            return None if said is None else Text(said)
        if isinstance(block, Opaque) and block.dialect != DIALECT:
            self._carrying.approximate(block.at, "a tool's result of this type is sent as its JSON text")
            try:
                return Text(orjson.dumps(block.data).decode())
            except orjson.JSONEncodeError:
                self._carrying.refuse(block.at, "it is nested too deep")
        return None

    def _picture(self, block: Block, call_id: str) -> None:
        part = self._parts.one(block)
        self._carrying.approximate(block.at, "tool messages hold text only; sent in a message of the user behind them")
        self._pictures.append({"type": "text", "text": f"From the result of the tool call {call_id}:"})
        self._pictures.append(part)

    def _assistant(self, blocks: Sequence[Block]) -> dict[str, Any]:
        own_refusals = "refusal" in self._traits
        said: list[Block] = []
        refused: list[str] = []
        for block in blocks:
            if isinstance(block, Refusal) and own_refusals:
                refused.append(block.text)
            elif isinstance(block, Refusal):
                self._carrying.approximate(block.at, "a refusal in the history is sent as text")
                said.append(Text(block.text, at=block.at))
            elif isinstance(block, Media):
                self._carrying.refuse(block.at, "assistant messages of Chat Completions hold no media")
            elif not isinstance(block, Thinking | ToolCall):
                said.append(block)
        calls = [self._call(block) for block in blocks if isinstance(block, ToolCall)]
        body = self._thoughts([block for block in blocks if isinstance(block, Thinking)])
        body["content"] = self._parts.content(said) if said else (None if calls or refused else "")
        if refused:
            body["refusal"] = "\n\n".join(refused)
        if calls:
            body["tool_calls"] = calls
        return body

    def _thoughts(self, blocks: Sequence[Thinking]) -> dict[str, Any]:
        """Thoughts the upstream takes back; signatures are given to upstreams of this dialect only when they made them."""
        if "reasoning_details" in self._traits:
            return self._details(blocks)
        if "reasoning_content" not in self._traits:
            for block in blocks:
                self._carrying.drop(block.at or "thinking", "this provider takes no thoughts back in Chat Completions")
            return {}
        self._unsigned(blocks)
        said = "".join(block.text for block in blocks)
        return {"reasoning_content": said} if said else {}

    def _details(self, blocks: Sequence[Thinking]) -> dict[str, Any]:
        own = [block for block in blocks if signatures.belongs(block.signature, DIALECT)]
        entries = [entry for n, block in enumerate(own) if (entry := thoughts.returned(block, n)) is not None]
        if entries:
            self._unsigned([block for block in blocks if block not in own])
            return {"reasoning_details": entries}
        self._unsigned(blocks)
        said = "".join(block.text for block in blocks)
        return {"reasoning": said} if said else {}

    def _unsigned(self, blocks: Iterable[Thinking]) -> None:
        for block in blocks:
            if block.signature is not None:
                self._carrying.drop(f"{block.at}.signature", "a signature that only its own provider understands")

    def _call(self, call: ToolCall) -> dict[str, Any]:
        self._carrying.leave_extras(call.extras, DIALECT, call.at)
        self._parts.note_mark(call.cache)
        written: dict[str, Any] = {"id": adapted(call.id, self._traits)}
        if call.custom and "custom_tools" in self._traits:
            written |= {"type": "custom", "custom": {"name": call.name, "input": call.arguments}}
        else:
            arguments = call.arguments
            if call.custom:
                arguments = orjson.dumps({"input": call.arguments}).decode()
            written |= {"type": "function", "function": {"name": call.name, "arguments": arguments or "{}"}}
        if call.signature is not None:
            written |= self._signature(call)
        return {**written, **call.extras.get(DIALECT, {})}

    def _signature(self, call: ToolCall) -> dict[str, Any]:
        signature = call.signature
        if signature is not None and signature.dialect == DIALECT and "extra_content" in self._traits:
            return thoughts.unpack(signature) or {}
        self._carrying.drop(f"{call.at}.signature", "a signature that only its own provider understands")
        return {}


def adapted(call_id: str, traits: frozenset[str]) -> str:
    """An id the upstream takes: itself where it can be, else the same one for the call and its result."""
    if "ids_of_9" in traits:
        if len(call_id) == _SHORT and call_id.isascii() and call_id.isalnum():
            return call_id
        return hashlib.sha256(call_id.encode()).hexdigest()[:_SHORT]
    plain = call_id.replace("_", "").replace("-", "")
    if len(call_id) <= _ID_LIMIT and plain.isascii() and plain.isalnum():
        return call_id
    return "call_" + hashlib.sha256(call_id.encode()).hexdigest()[:32]
