"""Tools, the choice among them, and the form of the answer in a Chat Completions request.

`functions` and `function_call` are the deprecated forms; a tool from there has an `at` of `functions[…]`, by which the answer's encoder knows
that the client waits for a `function_call`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.neutral.blocks import NO_EXTRAS
from gateway.neutral.request import HostedTool, ResponseFormat, Tool, ToolChoice
from gateway.wire.openai_chat import fields
from gateway.wire.openai_chat.decode_parts import cache_mark
from gateway.wire.openai_chat.thoughts import DIALECT

LEGACY: Final = "functions["
_FUNCTION: Final = frozenset(["name", "description", "parameters", "strict"])
_CUSTOM: Final = frozenset(["name", "description", "format"])
_NAME_LIMIT: Final = 256


def tools(data: Mapping[str, Any]) -> tuple[Tool | HostedTool, ...] | None:
    """`tools` and `functions`; None when neither was given."""
    given, legacy = fields.sequence(data, "tools"), fields.sequence(data, "functions")
    if given is None and legacy is None:
        return None
    found = [_tool(fields.entry(one, f"tools[{n}]"), f"tools[{n}]") for n, one in enumerate(given or ())]
    for number, one in enumerate(legacy or ()):
        at = f"{LEGACY}{number}]"
        found.append(_function(fields.entry(one, at), at, at, None))
    seen: set[str] = set()
    for tool in found:
        if isinstance(tool, Tool):
            if tool.name in seen:
                fields.refuse(tool.at, f"declares a second tool of the name {tool.name[:64]!r}")
            seen.add(tool.name)
    return tuple(found)


def _tool(entry: Mapping[str, Any], at: str) -> Tool | HostedTool:
    kind = fields.name_of(entry, "type", at)
    if kind not in ("function", "custom"):
        return HostedTool(DIALECT, kind, entry, at)
    held, where = fields.mapping(entry, kind, at), f"{at}.{kind}"
    if held is None:
        fields.refuse(where, "must be an object")
    if kind == "function":
        return _function(held, at, where, entry)
    return _custom(held, at, where, entry)


def _function(held: Mapping[str, Any], at: str, where: str, entry: Mapping[str, Any] | None) -> Tool:
    more = {
        **fields.rest(held, _FUNCTION),
        **(fields.rest(entry, ("type", "function", "cache_control")) if entry else {}),
    }
    return Tool(
        _name(held, where),
        fields.text(held, "description", where),
        fields.mapping(held, "parameters", where),
        fields.flag(held, "strict", where),
        cache=cache_mark(entry, at) if entry is not None else None,
        extras={DIALECT: more} if more else NO_EXTRAS,
        at=at,
    )


def _custom(held: Mapping[str, Any], at: str, where: str, entry: Mapping[str, Any]) -> Tool:
    more = {**fields.rest(held, _CUSTOM), **fields.rest(entry, ("type", "custom", "cache_control"))}
    return Tool(
        _name(held, where),
        fields.text(held, "description", where),
        custom=True,
        format=_format(fields.mapping(held, "format", where), f"{where}.format"),
        cache=cache_mark(entry, at),
        extras={DIALECT: more} if more else NO_EXTRAS,
        at=at,
    )


def _format(held: Mapping[str, Any] | None, at: str) -> Mapping[str, Any] | None:
    """The flat form that Responses has: `{"type": "grammar", "syntax", "definition"}`."""
    if held is None or held.get("type") != "grammar":
        return held
    grammar = fields.mapping(held, "grammar", at)
    if grammar is None:
        fields.refuse(f"{at}.grammar", "must be an object")
    return {"type": "grammar", **grammar}


def _name(held: Mapping[str, Any], at: str) -> str:
    name = fields.name_of(held, "name", at)
    if len(name) > _NAME_LIMIT:
        fields.refuse(f"{at}.name", f"is longer than {_NAME_LIMIT} characters")
    return name


def choice(data: Mapping[str, Any], declared: tuple[Tool | HostedTool, ...] | None) -> ToolChoice | None:
    """`tool_choice`, or the deprecated `function_call`; the tools it names must be declared."""
    field = "tool_choice" if data.get("tool_choice") is not None else "function_call"
    value = data.get(field)
    if value is None:
        return None
    found = _word(value, field) if isinstance(value, str) else _named(value, field)
    known = {tool.name for tool in declared or () if isinstance(tool, Tool)}
    for name in found.names:
        if name not in known:
            fields.refuse(field, f"names the tool {name[:64]!r}, which is not declared in 'tools'")
    if found.mode == "required" and not declared:
        fields.refuse(field, "demands a tool, and there is none in 'tools'")
    return found


_WORDS: Final[Mapping[str, ToolChoice]] = {
    "none": ToolChoice("none"),
    "auto": ToolChoice("auto"),
    "required": ToolChoice("required"),
    "any": ToolChoice("required"),
}


def _word(value: str, field: str) -> ToolChoice:
    found = _WORDS.get(value)
    if found is None or (field == "function_call" and found.mode == "required"):
        fields.refuse(field, "must be none, auto, required or an object that names tools")
    return found


def _named(value: Any, field: str) -> ToolChoice:
    held = fields.entry(value, field)
    if field == "function_call":
        return ToolChoice("named", (fields.name_of(held, "name", field),))
    kind = held.get("type")
    if kind in ("function", "custom"):
        inner = fields.mapping(held, kind, field)
        if inner is None:
            fields.refuse(f"{field}.{kind}", "must be an object")
        return ToolChoice("named", (fields.name_of(inner, "name", f"{field}.{kind}"),))
    if kind != "allowed_tools":
        fields.refuse(f"{field}.type", "must be function, custom or allowed_tools")
    return _allowed(fields.mapping(held, "allowed_tools", field) or held, f"{field}.allowed_tools")


def _allowed(held: Mapping[str, Any], at: str) -> ToolChoice:
    mode = held.get("mode", "auto")
    if mode not in ("auto", "required"):
        fields.refuse(f"{at}.mode", "must be auto or required")
    names: list[str] = []
    for number, one in enumerate(fields.sequence(held, "tools", at) or ()):
        where = f"{at}.tools[{number}]"
        tool = fields.entry(one, where)
        kind = tool.get("type")
        if kind not in ("function", "custom"):
            fields.refuse(f"{where}.type", "must be function or custom")
        names.append(fields.name_of(fields.mapping(tool, kind, where) or {}, "name", f"{where}.{kind}"))
    if not names:
        fields.refuse(f"{at}.tools", "must be a non-empty array")
    return ToolChoice("named", tuple(dict.fromkeys(names)), allowed_only=mode == "auto")


def response_format(data: Mapping[str, Any]) -> ResponseFormat | None:
    """`response_format`."""
    held = fields.mapping(data, "response_format")
    if held is None:
        return None
    kind = held.get("type")
    if kind == "text":
        return ResponseFormat("text")
    if kind == "json_object":
        return ResponseFormat("json_object")
    if kind != "json_schema":
        fields.refuse("response_format.type", "must be text, json_object or json_schema")
    at = "response_format.json_schema"
    inner = fields.mapping(held, "json_schema", "response_format")
    if inner is None:
        fields.refuse(at, "must be an object")
    schema = fields.mapping(inner, "schema", at)
    return ResponseFormat(
        "json_schema",
        schema if schema is not None else {},
        fields.name_of(inner, "name", at),
        fields.text(inner, "description", at),
        fields.flag(inner, "strict", at),
    )
