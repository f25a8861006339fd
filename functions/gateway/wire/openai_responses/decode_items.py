"""The input of a client's request as messages.

Neighbouring items of the assistant's (thoughts, messages, calls) are one message, as are neighbouring outputs of tools: dialects that hold
calls inside messages want the calls of one turn together. `id` and `status` of items name a state that only OpenAI keeps; they are not read.
Items nobody else has a form for (`web_search_call`, `item_reference`, `compaction`, …) are `Opaque`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from gateway.neutral.blocks import (
    NO_EXTRAS,
    Block,
    Extras,
    Opaque,
    Refusal,
    Signature,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
)
from gateway.neutral.request import Message, Role
from gateway.wire import signatures
from gateway.wire.openai_chat import fields
from gateway.wire.openai_responses import decode_parts
from gateway.wire.openai_responses.names import DIALECT, Names

REDACTED: Final = "!redacted"
"""Behind the dialect's name in a sealed signature: the thought was withheld (there is no other place for that)."""

_MOST_ITEMS: Final = 100_000
_ROLES: Final = ("user", "assistant", "system", "developer")
_CALL: Final = frozenset(["type", "id", "status", "call_id", "name", "namespace", "arguments", "input", "caller"])
_OUTPUT: Final = frozenset(["type", "id", "status", "call_id", "name", "namespace", "output", "caller"])
_THEIRS: Final = frozenset(["additional_tools"])
# Outputs that stand in the user's turn.
_OUTPUTS: Final = "_output"


def messages(data: Mapping[str, Any], names: Names) -> tuple[Message, ...]:
    """`instructions` as a leading system message (its `at` is `instructions`), then the input."""
    found: list[Message] = []
    told = fields.text(data, "instructions")
    if told:
        found.append(Message("system", (Text(told, at="instructions"),), at="instructions"))
    given = data.get("input")
    if isinstance(given, str) and given:
        return (*found, Message("user", (Text(given, at="input"),), at="input"))
    if not isinstance(given, list) or not given or len(given) > _MOST_ITEMS:
        fields.refuse("input", f"must be a non-empty string or an array of 1 to {_MOST_ITEMS} items")
    reader = _Items(names)
    for number, one in enumerate(given):
        reader.item(fields.entry(one, f"input[{number}]"), f"input[{number}]")
    reader.flush()
    if not reader.found:
        fields.refuse("input", "holds no message")
    return (*found, *reader.found)


class _Items:
    """Reads items in order and joins neighbours."""

    def __init__(self, names: Names) -> None:
        self.found: list[Message] = []
        self._names = names
        self._calls: set[str] = set()
        self._role: Role | None = None
        self._at = ""
        self._blocks: list[Block] = []

    def item(self, held: Mapping[str, Any], at: str) -> None:
        """One item."""
        kind = held.get("type", "message" if "role" in held else "item_reference" if "id" in held else None)
        if not isinstance(kind, str):
            fields.refuse(f"{at}.type", "must be a string")
        if kind in _THEIRS:
            return
        if kind == "message":
            self._message(held, at)
        elif kind in ("function_call", "custom_tool_call"):
            self._add("assistant", self._call(held, at, custom=kind == "custom_tool_call"), at)
        elif kind in ("function_call_output", "custom_tool_call_output"):
            self._add("user", self._result(held, at, custom=kind == "custom_tool_call_output"), at)
        elif kind == "reasoning":
            self._add("assistant", thought(held, at), at)
        else:
            call = held.get("call_id") or held.get("id")
            if isinstance(call, str) and not kind.endswith(_OUTPUTS):
                self._calls.add(call)
            self._add("user" if kind.endswith(_OUTPUTS) else "assistant", Opaque(DIALECT, kind, held, at), at)

    def _add(self, role: Role, block: Block | None, at: str) -> None:
        """A block that may stand with its neighbours."""
        if block is None:
            return
        if self._role != role:
            self.flush()
            self._role, self._at = role, at
        self._blocks.append(block)

    def flush(self) -> None:
        """The neighbours so far become a message."""
        if self._role is not None:
            self.found.append(Message(self._role, tuple(self._blocks), at=self._at))
        self._role, self._blocks = None, []

    def _message(self, held: Mapping[str, Any], at: str) -> None:
        role = held.get("role")
        if role not in _ROLES:
            fields.refuse(f"{at}.role", f"must be one of {', '.join(_ROLES)}")
        blocks: tuple[Block, ...] = decode_parts.content(held.get("content"), f"{at}.content")
        if not blocks and role != "assistant":
            fields.refuse(f"{at}.content", "must not be empty")
        if blocks and isinstance(blocks[0], Text) and (phase := fields.text(held, "phase", at)):
            bag: Extras = {DIALECT: {**blocks[0].extras.get(DIALECT, {}), "phase": phase}}
            blocks = (replace(blocks[0], extras=bag), *blocks[1:])
        if role == "assistant":
            for block in blocks:
                self._add("assistant", block, at)
            return
        self.flush()
        self.found.append(Message(role, blocks, fields.text(held, "name", at), at=at))

    def _call(self, held: Mapping[str, Any], at: str, *, custom: bool) -> ToolCall:
        call_id = fields.name_of(held, "call_id", at)
        if call_id in self._calls:
            fields.refuse(f"{at}.call_id", "is the id of an earlier tool call")
        self._calls.add(call_id)
        group = fields.text(held, "namespace", at)
        name = self._names.of_call(fields.name_of(held, "name", at), group)
        said = held.get("input" if custom else "arguments")
        if not isinstance(said, str):
            fields.refuse(f"{at}.{'input' if custom else 'arguments'}", "must be a string")
        return ToolCall(call_id, name, said, custom, extras=self._rest(held, _CALL), at=at)

    def _result(self, held: Mapping[str, Any], at: str, *, custom: bool) -> ToolResult:
        call_id = fields.name_of(held, "call_id", at)
        if call_id not in self._calls:
            fields.refuse(f"{at}.call_id", "must be the id of a tool call before it")
        value = held.get("output")
        blocks = decode_parts.content("" if value is None else value, f"{at}.output")
        kept = tuple(block for block in blocks if not isinstance(block, Refusal))
        return ToolResult(call_id, kept, custom=custom, extras=self._rest(held, _OUTPUT), at=at)

    @staticmethod
    def _rest(held: Mapping[str, Any], known: frozenset[str]) -> Mapping[str, Mapping[str, Any]]:
        more = fields.rest(held, known)
        return {DIALECT: more} if more else NO_EXTRAS


def thought(held: Mapping[str, Any], at: str = "") -> Thinking | None:
    """A reasoning item: its text where it is told, else its summary, whose parts become paragraphs. None when it holds nothing."""
    said = _texts(held.get("content")) or _texts(held.get("summary"))
    sealed = held.get("encrypted_content")
    signature = signatures.opened(sealed, DIALECT) if isinstance(sealed, str) and sealed else None
    if signature is None and not said:
        return None
    redacted = signature is not None and signature.dialect.endswith(REDACTED)
    if redacted and signature is not None:
        signature = Signature(signature.dialect.removesuffix(REDACTED), signature.data)
    return Thinking("\n\n".join(said), signature, redacted, at=at)


def _texts(parts: Any) -> list[str]:
    found = [part.get("text") for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []
    return [text for text in found if isinstance(text, str) and text]
