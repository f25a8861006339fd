"""Tools, the choice among them, and the form of the answer in a client's request.

Tools come in `tools`, and in `additional_tools` items of the input; both are declared alike. Types with a meaning elsewhere are `function`,
`custom` and `namespace`; all others are run by OpenAI or by a client that knows them (`web_search`, `local_shell`, `apply_patch`, …).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from gateway.neutral.blocks import NO_EXTRAS, Extras
from gateway.neutral.request import HostedTool, ResponseFormat, Tool, ToolChoice
from gateway.wire.openai_chat import fields
from gateway.wire.openai_responses.names import DIALECT, Names, flat

_FUNCTION: Final = frozenset(["type", "name", "description", "parameters", "strict"])
_CUSTOM: Final = frozenset(["type", "name", "description", "format"])
_NAME_LIMIT: Final = 256
# Members that ask for nothing when they have these values.
_SILENT: Final[Mapping[str, Any]] = {"defer_loading": False, "async": False}


def tools(data: Mapping[str, Any]) -> tuple[Tool | HostedTool, ...] | None:
    """Every declared tool; None when there is no list of them."""
    given = fields.sequence(data, "tools")
    entries = [(fields.entry(one, f"tools[{n}]"), f"tools[{n}]") for n, one in enumerate(given or ())]
    entries += _additional(data.get("input"))
    if given is None and not entries:
        return None
    taken = _plain_names(entries)
    found: list[Tool | HostedTool] = []
    for entry, at in entries:
        kind = fields.name_of(entry, "type", at)
        if kind == "namespace":
            found += _namespace(entry, at, taken)
        elif kind in ("function", "custom"):
            found.append(_tool(entry, at))
        else:
            found.append(HostedTool(DIALECT, kind, entry, at))
    return tuple(found)


def _additional(items: Any) -> list[tuple[dict[str, Any], str]]:
    found: list[tuple[dict[str, Any], str]] = []
    for number, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict) and item.get("type") == "additional_tools":
            at = f"input[{number}].tools"
            for place, one in enumerate(fields.sequence(item, "tools", f"input[{number}]") or ()):
                found.append((fields.entry(one, f"{at}[{place}]"), f"{at}[{place}]"))
    return found


def _plain_names(entries: Iterable[tuple[Mapping[str, Any], str]]) -> set[str]:
    """Names outside namespaces; each but once."""
    seen: set[str] = set()
    for entry, at in entries:
        if entry.get("type") in ("function", "custom"):
            name = _name(entry, at)
            if name in seen:
                fields.refuse(f"{at}.name", f"declares a second tool of the name {name[:64]!r}")
            seen.add(name)
    return seen


def _namespace(entry: Mapping[str, Any], at: str, taken: set[str]) -> list[Tool]:
    group, said = _name(entry, at), fields.text(entry, "description", at)
    found: list[Tool] = []
    own: set[str] = set()
    for number, one in enumerate(fields.sequence(entry, "tools", at) or ()):
        where = f"{at}.tools[{number}]"
        held = fields.entry(one, where)
        if held.get("type") not in ("function", "custom"):
            fields.refuse(f"{where}.type", "must be function or custom")
        name = _name(held, where)
        if name in own:
            fields.refuse(f"{where}.name", f"declares a second tool of the name {name[:64]!r}")
        own.add(name)
        unique = flat(group, name, taken)
        taken.add(unique)
        found.append(_tool(held, where, (group, said, unique)))
    return found


def _tool(held: Mapping[str, Any], at: str, group: tuple[str, str | None, str] | None = None) -> Tool:
    custom = held["type"] == "custom"
    name = _name(held, at)
    return Tool(
        group[2] if group else name,
        fields.text(held, "description", at),
        None if custom else fields.mapping(held, "parameters", at),
        None if custom else fields.flag(held, "strict", at),
        custom,
        fields.mapping(held, "format", at) if custom else None,
        group[0] if group else None,
        group[1] if group else None,
        extras=_rest(held, _CUSTOM if custom else _FUNCTION),
        at=at,
        own_name=name if group else None,
    )


def _rest(held: Mapping[str, Any], known: frozenset[str]) -> Extras:
    more = {
        name: value for name, value in fields.rest(held, known).items() if name not in _SILENT or value != _SILENT[name]
    }
    return {DIALECT: more} if more else NO_EXTRAS


def _name(held: Mapping[str, Any], at: str) -> str:
    name = fields.name_of(held, "name", at)
    if len(name) > _NAME_LIMIT:
        fields.refuse(f"{at}.name", f"is longer than {_NAME_LIMIT} characters")
    return name


def choice(data: Mapping[str, Any], declared: tuple[Tool | HostedTool, ...] | None) -> ToolChoice | None:
    """`tool_choice`; the tools it names must be declared. A hosted tool is named by its type."""
    value = data.get("tool_choice")
    if value is None:
        return None
    if isinstance(value, str):
        if value not in ("none", "auto", "required"):
            fields.refuse("tool_choice", "must be none, auto, required or an object that names tools")
        if value == "required" and not declared:
            fields.refuse("tool_choice", "demands a tool, and there is none in 'tools'")
        return ToolChoice(value)  # type: ignore[arg-type]
    found = _named(fields.entry(value, "tool_choice"), Names(declared or ()))
    known = {tool.name if isinstance(tool, Tool) else tool.type for tool in declared or ()}
    for name in found.names:
        if name not in known:
            fields.refuse("tool_choice", f"names the tool {name[:64]!r}, which is not declared in 'tools'")
    return found


def _named(held: Mapping[str, Any], names: Names) -> ToolChoice:
    if held.get("type") != "allowed_tools":
        return ToolChoice("named", tuple(_pointed(held, "tool_choice", names)))
    mode = held.get("mode", "auto")
    if mode not in ("auto", "required"):
        fields.refuse("tool_choice.mode", "must be auto or required")
    found: list[str] = []
    for number, one in enumerate(fields.sequence(held, "tools", "tool_choice") or ()):
        at = f"tool_choice.tools[{number}]"
        found += _pointed(fields.entry(one, at), at, names)
    if not found:
        fields.refuse("tool_choice.tools", "must be a non-empty array")
    return ToolChoice("named", tuple(dict.fromkeys(found)), allowed_only=mode == "auto")


def _pointed(held: Mapping[str, Any], at: str, names: Names) -> list[str]:
    kind = fields.name_of(held, "type", at)
    if kind in ("function", "custom"):
        return [names.of_call(fields.name_of(held, "name", at), fields.text(held, "namespace", at))]
    if kind == "namespace":
        return names.members(fields.name_of(held, "name", at))
    return [kind]


def answer_format(data: Mapping[str, Any]) -> tuple[ResponseFormat | None, str | None, dict[str, Any]]:
    """`text`: the form of the answer, its verbosity, and what has no neutral meaning."""
    held = fields.mapping(data, "text")
    if held is None:
        return None, None, {}
    verbosity = fields.text(held, "verbosity", "text")
    if verbosity is not None and verbosity not in ("low", "medium", "high"):
        fields.refuse("text.verbosity", "must be low, medium or high")
    more = fields.rest(held, ("format", "verbosity"))
    wanted = fields.mapping(held, "format", "text")
    return None if wanted is None else _format(wanted), verbosity, {"text": more} if more else {}


def _format(held: Mapping[str, Any]) -> ResponseFormat:
    at, kind = "text.format", held.get("type")
    if kind == "text":
        return ResponseFormat("text")
    if kind == "json_object":
        return ResponseFormat("json_object")
    if kind != "json_schema":
        fields.refuse("text.format.type", "must be text, json_object or json_schema")
    schema = fields.mapping(held, "schema", at)
    if schema is None:
        fields.refuse("text.format.schema", "must be an object")
    return ResponseFormat(
        "json_schema",
        schema,
        fields.name_of(held, "name", at),
        fields.text(held, "description", at),
        fields.flag(held, "strict", at),
    )
