"""Messages of a Chat Completions request: https://platform.openai.com/docs/api-reference/chat/create#chat-create-messages

Beside OpenAI's own members those that compatible clients send are read: `cache_control` on parts, messages and tools (OpenRouter, LiteLLM),
`reasoning_content`, `reasoning` and `reasoning_details` on assistant messages, `extra_content.google.thought_signature` on tool calls
(https://ai.google.dev/gemini-api/docs/thought-signatures#openai), `video_url` parts (OpenRouter, vLLM).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from gateway.neutral.blocks import (
    NO_EXTRAS,
    Block,
    Extras,
    Media,
    Opaque,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
)
from gateway.neutral.request import Message, Role
from gateway.wire import signatures
from gateway.wire.openai_chat import fields, thoughts
from gateway.wire.openai_chat.decode_parts import cache_mark, part
from gateway.wire.openai_chat.thoughts import DIALECT

_ROLES: Final[Mapping[str, Role]] = {
    "system": "system",
    "developer": "developer",
    "user": "user",
    "assistant": "assistant",
}
_COMMON: Final = frozenset(["role", "content", "name", "cache_control"])
_ASSISTANT: Final = _COMMON | {
    *("refusal", "tool_calls", "function_call", "reasoning_content", "reasoning", "reasoning_details"),
}
_TOOL: Final = _COMMON | {"tool_call_id", "is_error"}
_CALL: Final = frozenset(["id", "type", "index", "function", "custom", "extra_content", "cache_control"])


def messages(entries: Any) -> tuple[Message, ...]:
    """Every message, in order; InvalidRequest names the field that is wrong."""
    if not isinstance(entries, list) or not entries:
        fields.refuse("messages", "must be a non-empty array")
    reader = _Reader()
    return tuple(
        reader.message(fields.entry(entry, f"messages[{n}]"), f"messages[{n}]") for n, entry in enumerate(entries)
    )


class _Reader:
    """Remembers the calls that wait for a result, so that results can be checked against them."""

    def __init__(self) -> None:
        self._calls: dict[str, ToolCall] = {}
        self._waiting: set[str] = set()
        self._functions: list[str] = []

    def message(self, entry: Mapping[str, Any], at: str) -> Message:
        """One message of any role."""
        role = entry.get("role")
        if role == "tool":
            return self._result(entry, at)
        if role == "function":
            return self._function_result(entry, at)
        known = _ROLES.get(role) if isinstance(role, str) else None
        if known is None:
            fields.refuse(f"{at}.role", "must be one of system, developer, user, assistant, tool and function")
        if known == "assistant":
            return self._assistant(entry, at)
        blocks = _content(entry, at)
        if not blocks:
            fields.refuse(f"{at}.content", "must be a string or a non-empty array of parts")
        if known != "user" and not all(isinstance(block, Text) for block in blocks):
            strange = next(block for block in blocks if not isinstance(block, Text))
            fields.refuse(strange.at, f"must be text in a message of the role {known}")
        return Message(known, blocks, fields.text(entry, "name", at), _extras(entry, _COMMON), at)

    def _assistant(self, entry: Mapping[str, Any], at: str) -> Message:
        blocks: list[Block] = [*thoughts.read(entry, at)]
        blocks += _content(entry, at)
        if refusal := fields.text(entry, "refusal", at):
            blocks.append(Refusal(refusal, at=f"{at}.refusal"))
        calls = self._tool_calls(entry, at)
        if calls and isinstance(entry.get("content"), str):
            blocks = [block for block in blocks if not isinstance(block, Text) or block.text]
        blocks += calls
        extras = _extras(entry, _ASSISTANT)
        if not blocks and not extras:
            fields.refuse(f"{at}.content", "is needed where there are no tool calls")
        return Message("assistant", tuple(blocks), fields.text(entry, "name", at), extras, at)

    def _tool_calls(self, entry: Mapping[str, Any], at: str) -> list[Block]:
        calls: list[Block] = []
        for number, value in enumerate(fields.sequence(entry, "tool_calls", at) or ()):
            where = f"{at}.tool_calls[{number}]"
            call = _tool_call(fields.entry(value, where), where)
            if call.id in self._waiting:
                fields.refuse(f"{where}.id", "repeats the id of a call that has no result yet")
            self._calls[call.id] = call
            self._waiting.add(call.id)
            calls.append(call)
        if (legacy := fields.mapping(entry, "function_call", at)) is not None:
            where = f"{at}.function_call"
            name = fields.name_of(legacy, "name", where)
            call = ToolCall(f"call_{len(self._calls)}_{name}", name, _arguments(legacy, where), at=where)
            self._calls[call.id] = call
            self._functions.append(call.id)
            calls.append(call)
        return calls

    def _result(self, entry: Mapping[str, Any], at: str) -> Message:
        call_id = fields.name_of(entry, "tool_call_id", at)
        call = self._calls.get(call_id)
        if call is None:
            fields.refuse(f"{at}.tool_call_id", "names no tool call of an earlier assistant message")
        self._waiting.discard(call_id)
        return self._answer(entry, at, call, fields.text(entry, "name", at))

    def _function_result(self, entry: Mapping[str, Any], at: str) -> Message:
        name = fields.name_of(entry, "name", at)
        waiting = [call_id for call_id in self._functions if self._calls[call_id].name == name]
        if not waiting:
            fields.refuse(f"{at}.name", "names no function call of an earlier assistant message")
        self._functions.remove(waiting[0])
        return self._answer(entry, at, self._calls[waiting[0]], name)

    def _answer(self, entry: Mapping[str, Any], at: str, call: ToolCall, name: str | None) -> Message:
        blocks = _content(entry, at)
        mark = None if isinstance(entry.get("content"), list) else cache_mark(entry, at)
        if entry.get("content") is None and entry["role"] == "tool":
            fields.refuse(f"{at}.content", "must be a string or an array of parts")
        results: list[Text | Media | Opaque] = []
        for block in blocks:
            if not isinstance(block, Text | Media | Opaque):
                fields.refuse(block.at, "cannot stand in a tool's result")
            results.append(replace(block, cache=None) if mark is not None and not isinstance(block, Opaque) else block)
        error = fields.flag(entry, "is_error", at)
        result = ToolResult(call.id, tuple(results), error, name, call.custom, mark, _extras(entry, _TOOL), at)
        return Message("user", (result,), at=at)


def _content(entry: Mapping[str, Any], at: str) -> tuple[Block, ...]:
    """`content` as blocks; a mark on the message is one on its last part."""
    content = entry.get("content")
    where = f"{at}.content"
    blocks: tuple[Block, ...] = ()
    if isinstance(content, str):
        blocks = (Text(content, at=where),)
    elif isinstance(content, list):
        if not content:
            fields.refuse(where, "must not be an empty array")
        blocks = tuple(part(fields.entry(one, f"{where}[{n}]"), f"{where}[{n}]") for n, one in enumerate(content))
    elif content is not None:
        fields.refuse(where, "must be a string or an array of parts")
    mark = cache_mark(entry, at)
    if mark is not None and blocks and isinstance(blocks[-1], Text | Media) and blocks[-1].cache is None:
        blocks = (*blocks[:-1], replace(blocks[-1], cache=mark))
    return blocks


def _tool_call(entry: Mapping[str, Any], at: str) -> ToolCall:
    call_id = fields.name_of(entry, "id", at)
    kind = entry.get("type", "function")
    if kind not in ("function", "custom"):
        fields.refuse(f"{at}.type", "must be function or custom")
    held = fields.mapping(entry, kind, at)
    if held is None:
        fields.refuse(f"{at}.{kind}", "must be an object")
    where = f"{at}.{kind}"
    arguments = _arguments(held, where) if kind == "function" else fields.text(held, "input", where)
    if arguments is None:
        fields.refuse(f"{where}.input", "must be a string")
    return ToolCall(
        call_id,
        fields.name_of(held, "name", where),
        arguments,
        kind == "custom",
        google_signature(entry),
        cache_mark(entry, at),
        _extras(entry, _CALL),
        at,
    )


def google_signature(entry: Mapping[str, Any]) -> Any:
    """The signature in `extra_content.google.thought_signature`, None when there is none."""
    held = entry.get("extra_content")
    held = held.get("google") if isinstance(held, Mapping) else None
    value = held.get("thought_signature") if isinstance(held, Mapping) else None
    return signatures.opened(value, "gemini") if isinstance(value, str) and value else None


def _arguments(held: Mapping[str, Any], at: str) -> str:
    arguments = fields.text(held, "arguments", at)
    if arguments is None:
        fields.refuse(f"{at}.arguments", "must be a string of JSON")
    return arguments


def _extras(entry: Mapping[str, Any], known: frozenset[str]) -> Extras:
    """What only this dialect knows. SDKs write `annotations: []` into histories, which says nothing."""
    more = {name: value for name, value in fields.rest(entry, known).items() if value != []}
    return {DIALECT: more} if more else NO_EXTRAS
