"""Messages as input items for an upstream."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from gateway.neutral.blocks import Block, Opaque, Refusal, Text, Thinking, ToolCall, ToolResult
from gateway.neutral.request import Message, Request
from gateway.wire import signatures
from gateway.wire.carrying import Carrying
from gateway.wire.openai_responses.encode_parts import Part, Parts
from gateway.wire.openai_responses.names import DIALECT, Names

_ID_LIMIT: Final = 64

Item = dict[str, Any]


def call_id(given: str) -> str:
    """An id that OpenAI takes: at most 64 characters; the same for a call and its result."""
    if 0 < len(given) <= _ID_LIMIT:
        return given
    return f"call_{hashlib.sha256(given.encode()).hexdigest()[:32]}"


class Items:
    """Writes the input of one request."""

    def __init__(self, request: Request, carrying: Carrying) -> None:
        self._carrying = carrying
        self._parts = Parts(carrying, own=request.dialect == DIALECT)
        self._names = Names(request.tools or ())
        self._customs = {
            block.id
            for message in request.messages
            for block in message.blocks
            if isinstance(block, ToolCall) and block.custom
        }
        self.items: list[Item] = []

    def message(self, message: Message) -> None:
        """One message as one or more items."""
        self._carrying.leave_extras(message.extras, DIALECT, message.at)
        if message.name is not None:
            self._carrying.drop(f"{message.at}.name", "messages have no name in Responses")
        if message.role == "assistant":
            self._answer(message)
            return
        parts: list[Part] = []
        for block in message.blocks:
            if isinstance(block, ToolResult):
                parts = self._flush(message.role, parts)
                self._result(block)
            elif isinstance(block, Opaque) and block.dialect == DIALECT and not block.type.startswith("input_"):
                parts = self._flush(message.role, parts)
                self.items.append(dict(block.data))
            else:
                parts.append(self._parts.one(block))
        self._flush(message.role, parts)

    def _flush(self, role: str, parts: list[Part], phase: Any = None) -> list[Part]:
        if parts:
            held: Item = {"type": "message", "role": role, "content": parts}
            self.items.append(held if phase is None else held | {"phase": phase})
        return []

    def _answer(self, message: Message) -> None:
        parts: list[Part] = []
        phase: Any = None
        for block in message.blocks:
            if isinstance(block, Text | Refusal):
                told = block.extras.get(DIALECT, {}).get("phase")
                if told != phase:
                    parts = self._flush("assistant", parts, phase)
                phase = told
                parts.append(self._parts.said(block))
            else:
                parts = self._flush("assistant", parts, phase)
                self._other(block)
        self._flush("assistant", parts, phase)

    def _other(self, block: Block) -> None:
        if isinstance(block, Thinking):
            self._thought(block)
        elif isinstance(block, ToolCall):
            self._call(block)
        elif isinstance(block, Opaque) and block.dialect == DIALECT:
            self.items.append(dict(block.data))
        else:
            kind = block.type if isinstance(block, Opaque) else type(block).__name__
            self._carrying.refuse(block.at, f"blocks of the type {kind} have no form in an answer of Responses")

    def _thought(self, block: Thinking) -> None:
        if block.signature is None or not signatures.belongs(block.signature, DIALECT):
            self._carrying.drop(block.at, "thoughts of another provider's model have no form in Responses")
            return
        summary = [{"type": "summary_text", "text": block.text}] if block.text else []
        self.items.append({"type": "reasoning", "summary": summary, "encrypted_content": block.signature.data})

    def _call(self, block: ToolCall) -> None:
        self._carrying.leave_extras(block.extras, DIALECT, block.at)
        self._parts.note_mark(block.cache)
        if block.signature is not None:
            self._carrying.drop(block.at, "the signature belongs to another provider's model")
        held: Item = {"type": "custom_tool_call" if block.custom else "function_call", "call_id": call_id(block.id)}
        tool = self._names.declared(block.name)
        held["name"] = block.name
        if tool is not None and tool.group is not None:
            held |= {"name": tool.own_name or block.name, "namespace": tool.group}
        held["input" if block.custom else "arguments"] = block.arguments or ("" if block.custom else "{}")
        self.items.append(held | dict(block.extras.get(DIALECT, {})))

    def _result(self, block: ToolResult) -> None:
        self._carrying.leave_extras(block.extras, DIALECT, block.at)
        self._parts.note_mark(block.cache)
        if block.is_error:
            self._carrying.drop(f"{block.at}.is_error", "outputs of tools have no error flag in Responses")
        custom = block.custom or block.call_id in self._customs
        held: Item = {
            "type": "custom_tool_call_output" if custom else "function_call_output",
            "call_id": call_id(block.call_id),
            "output": self._parts.output(block.blocks),
        }
        self.items.append(held | dict(block.extras.get(DIALECT, {})))
