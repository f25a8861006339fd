"""A client's tools and tool config. https://ai.google.dev/api/caching#Tool"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gateway.errors import InvalidRequest
from gateway.neutral.request import HostedTool, Tool, ToolChoice
from gateway.wire.gemini.fields import DIALECT, entries, extras, members, name_of, path, texts, words, wrong
from gateway.wire.gemini.schema import to_json_schema

_READ: Final = frozenset(["name", "description", "parameters", "parametersJsonSchema"])


def tools(value: Any) -> tuple[Tool | HostedTool, ...]:
    """Functions, and tools that Google runs itself; InvalidRequest names the field that is wrong."""
    found: list[Tool | HostedTool] = []
    for index, one in enumerate(entries(value, "tools")):
        found += _tools(one, f"tools[{index}]")
    names = [tool.name for tool in found if isinstance(tool, Tool)]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidRequest(f"The function '{twice[:128]}' is declared more than once.", param="tools")
    return tuple(found)


def _tools(value: Any, at: str) -> Iterator[Tool | HostedTool]:
    for name, one in members(value, at).items():
        where = path(at, name)
        if name == "functionDeclarations":
            for index, declaration in enumerate(entries(one, where)):
                yield _function(declaration, f"{where}[{index}]")
        else:
            yield HostedTool(DIALECT, name, {name: one}, where)


def _function(value: Any, at: str) -> Tool:
    declaration = members(value, at)
    name = name_of(declaration, "name", at)
    about = words(declaration, "description", at)
    rest = {key: declaration[key] for key in declaration if key not in _READ}
    return Tool(name, about, _parameters(declaration, at), extras=extras(rest), at=at)


def _parameters(declaration: Mapping[str, Any], at: str) -> Mapping[str, Any] | None:
    plain = declaration.get("parametersJsonSchema")
    if plain is None:
        google = declaration.get("parameters")
        return None if google is None else to_json_schema(google, path(at, "parameters"))
    if "parameters" in declaration:
        raise wrong(path(at, "parametersJsonSchema"), "left out where parameters is set")
    if not isinstance(plain, dict):
        raise wrong(path(at, "parametersJsonSchema"), "an object")
    return plain


def tool_choice(value: Any) -> tuple[ToolChoice | None, dict[str, Any]]:
    """The choice, and the members of the tool config that have no neutral meaning, by their paths."""
    at = "toolConfig"
    config = members(value, at)
    rest = {path(at, name): config[name] for name in config if name != "functionCallingConfig"}
    if "functionCallingConfig" not in config:
        return None, rest
    where = path(at, "functionCallingConfig")
    calling = members(config["functionCallingConfig"], where)
    names = texts(calling, "allowedFunctionNames", where) or ()
    mode = (words(calling, "mode", where) or "AUTO").upper()
    known = ("mode", "allowedFunctionNames")
    rest |= {path(where, name): calling[name] for name in calling if name not in known}
    if mode == "VALIDATED":
        rest[path(where, "mode")] = mode
    return _choice(mode, names, where), rest


def _choice(mode: str, names: tuple[str, ...], at: str) -> ToolChoice:
    if mode in ("AUTO", "MODE_UNSPECIFIED"):
        return ToolChoice("auto")
    if mode == "NONE":
        return ToolChoice("none")
    if mode == "ANY":
        return ToolChoice("named", names) if names else ToolChoice("required")
    if mode == "VALIDATED":
        return ToolChoice("named", names, allowed_only=True) if names else ToolChoice("auto")
    raise wrong(path(at, "mode"), "AUTO, ANY, NONE or VALIDATED")
