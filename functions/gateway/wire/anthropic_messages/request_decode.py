"""A client's request of Anthropic Messages or count_tokens, into the neutral form. https://platform.claude.com/docs/en/api/messages"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.neutral.blocks import NO_EXTRAS, Block, Extras, Text, ToolCall, ToolResult
from gateway.neutral.reasoning import EFFORTS
from gateway.neutral.request import Message, Reasoning, Request, ResponseFormat
from gateway.wire.anthropic_messages import blocks_decode, members, tools_decode
from gateway.wire.anthropic_messages.members import ATTRIBUTION, DIALECT

_KNOWN: Final = frozenset(
    [
        "model",
        "messages",
        "system",
        "max_tokens",
        "stream",
        "stop_sequences",
        "temperature",
        "top_p",
        "top_k",
        "tools",
        "tool_choice",
        "thinking",
        "output_config",
        "output_format",
        "metadata",
        "service_tier",
    ]
)
_MESSAGE: Final = frozenset(["role", "content"])
_FORMAT: Final = frozenset(["type", "schema"])
_READERS: Final = {
    "user": blocks_decode.of_user,
    "assistant": blocks_decode.of_assistant,
    "system": blocks_decode.of_system,
}
_MOST_TOKENS: Final = 10_000_000
_MOST_MESSAGES: Final = 100_000
_TIERS: Final = {"standard_only": "default"}


def decode_request(data: Mapping[str, Any], *, model: str, stream: bool, counting: bool = False) -> Request:
    """The request; InvalidRequest names the field that is wrong. `counting`: a count_tokens request, which has no `max_tokens`.

    `service_tier` becomes the words of OpenAI's (`auto`, `default`). What has no neutral meaning (`context_management`, `mcp_servers`,
    `container`, …) is in `extras`.
    """
    choice, parallel = tools_decode.choice(data)
    thinking, left = _reasoning(data)
    form, more = _form(data)
    user, third = _user(data)
    tier = members.perhaps_words(data, "service_tier")
    return Request(
        DIALECT,
        model,
        _messages(data),
        stream,
        max_output_tokens=None if counting and data.get("max_tokens") is None else _limit(data),
        temperature=members.perhaps_number(data, "temperature", 1),
        top_p=members.perhaps_number(data, "top_p", 1),
        top_k=None if data.get("top_k") is None else members.whole(data, "top_k", 0, _MOST_TOKENS),
        stop=_stops(data),
        tools=tools_decode.tools(data),
        tool_choice=choice,
        parallel_tools=parallel,
        format=form,
        reasoning=thinking,
        user=user,
        service_tier=None if tier is None else _TIERS.get(tier, tier),
        extras=_extras(data, {**left, **more, **third}),
    )


def _limit(data: Mapping[str, Any]) -> int:
    return members.whole(data, "max_tokens", 1, _MOST_TOKENS)


def _stops(data: Mapping[str, Any]) -> tuple[str, ...] | None:
    value = data.get("stop_sequences")
    if value is None:
        return None
    for index, item in enumerate(members.entries(value, "stop_sequences")):
        if not isinstance(item, str):
            raise members.wrong(f"stop_sequences[{index}]", "a string")
    return tuple(value)


def _extras(data: Mapping[str, Any], more: Mapping[str, Any]) -> Extras:
    left = {name: value for name, value in data.items() if name not in _KNOWN and value is not None}
    return {DIALECT: {**left, **more}} if left or more else NO_EXTRAS


def _instructions(blocks: tuple[Block, ...]) -> Message:
    """The system prompt. Claude Code's first block is an attribution for Anthropic with a checksum of the request: elsewhere it would be
    part of the prompt, and, being another one each time, keep every other vendor's prompt cache from ever matching."""
    first, rest = blocks[0], blocks[1:]
    if rest and isinstance(first, Text) and first.text.startswith(ATTRIBUTION):
        return Message("system", rest, extras={DIALECT: {ATTRIBUTION: first.text}}, at="system")
    return Message("system", blocks, at="system")


def _messages(data: Mapping[str, Any]) -> tuple[Message, ...]:
    """The system prompt as the leading message, then the turns."""
    found: list[Message] = []
    system = data.get("system")
    if system is not None and system != "" and system != []:
        found.append(_instructions(blocks_decode.content(system, "system", blocks_decode.of_system)))
    turns = members.entries(data.get("messages"), "messages")
    if not turns or len(turns) > _MOST_MESSAGES:
        raise members.wrong("messages", f"an array of 1 to {_MOST_MESSAGES} messages")
    calls: set[str] = set()
    for index, item in enumerate(turns):
        at = f"messages[{index}]"
        message = _message(members.entry(item, at), at, last=index == len(turns) - 1)
        _check_calls(message.blocks, calls)
        found.append(message)
    return tuple(found)


def _message(item: Mapping[str, Any], at: str, *, last: bool) -> Message:
    role = item.get("role")
    reader = _READERS.get(role) if isinstance(role, str) else None
    if reader is None:
        raise members.wrong(f"{at}.role", "'user', 'assistant' or 'system'")
    value = item.get("content")
    if (value == "" or value == []) and not (last and role == "assistant"):
        raise members.wrong(f"{at}.content", "non-empty, except in a last message of the assistant")
    blocks = () if value == "" else blocks_decode.content(value, f"{at}.content", reader)
    return Message(role, blocks, extras=members.rest(item, _MESSAGE), at=at)  # type: ignore[arg-type]


def _check_calls(blocks: tuple[Block, ...], calls: set[str]) -> None:
    """Ids of calls are unique, and every result has its call."""
    for block in blocks:
        if isinstance(block, ToolCall):
            if block.id in calls:
                raise members.wrong(f"{block.at}.id", "unique among the tool calls")
            calls.add(block.id)
        elif isinstance(block, ToolResult) and block.call_id not in calls:
            raise members.wrong(f"{block.at}.tool_use_id", "the id of a tool call in an earlier message")


def _reasoning(data: Mapping[str, Any]) -> tuple[Reasoning | None, dict[str, Any]]:
    """`thinking` and `output_config.effort`, and what of them has no neutral meaning."""
    value, effort = data.get("thinking"), None
    config = data.get("output_config")
    if config is not None:
        effort = members.perhaps_words(members.entry(config, "output_config"), "effort", "output_config")
        if effort is not None and effort not in EFFORTS:
            raise members.wrong("output_config.effort", "one of " + ", ".join(EFFORTS))
    if value is None:
        return (None if effort is None else Reasoning(effort=effort)), {}
    found = members.entry(value, "thinking")
    kind = members.name_of(found, "type", "thinking")
    shown = members.perhaps_words(found, "display", "thinking")
    visible = None if shown is None else shown != "omitted"
    if kind == "enabled":
        budget = members.whole(found, "budget_tokens", 1, _MOST_TOKENS, "thinking")
        return Reasoning(True, effort, budget, visible=visible), {}
    if kind == "disabled":
        return Reasoning(False, effort), {}
    # Kinds that came later (`between_tools`) leave it to the model in some way: nearest to `adaptive`, and kept as they are.
    return Reasoning(True, effort, adaptive=True, visible=visible), {} if kind == "adaptive" else {"thinking": found}


def _form(data: Mapping[str, Any]) -> tuple[ResponseFormat | None, dict[str, Any]]:
    """`output_config.format`, or `output_format` as it was called before; and other members of `output_config`."""
    config = data.get("output_config") or {}
    left = {name: value for name, value in config.items() if name not in ("effort", "format")}
    place = "output_config.format" if config.get("format") is not None else "output_format"
    value = config.get("format") if config.get("format") is not None else data.get("output_format")
    more: dict[str, Any] = {"output_config": left} if left else {}
    if value is None:
        return None, more
    found = members.entry(value, place)
    if members.name_of(found, "type", place) != "json_schema":
        raise members.wrong(f"{place}.type", "'json_schema'")
    if not found.keys() <= _FORMAT:
        more["output_format"] = found
    return ResponseFormat("json_schema", members.entry(found.get("schema"), f"{place}.schema")), more


def _user(data: Mapping[str, Any]) -> tuple[str | None, dict[str, Any]]:
    value = data.get("metadata")
    if value is None:
        return None, {}
    found = members.entry(value, "metadata")
    left = {name: given for name, given in found.items() if name != "user_id"}
    return members.perhaps_words(found, "user_id", "metadata"), {"metadata": left} if left else {}
