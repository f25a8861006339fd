"""Tools, the choice among them, and the form of the answer: for an upstream, and as an answer echoes them to a client."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from gateway.neutral.request import HostedTool, Request, ResponseFormat, Tool, ToolChoice
from gateway.wire.carrying import Carrying
from gateway.wire.openai_responses.names import DIALECT, Names

_NO_PARAMETERS: Final[Mapping[str, Any]] = {"type": "object", "properties": {}}


def members(request: Request, carrying: Carrying) -> dict[str, Any]:
    """`tools`, `tool_choice` and `parallel_tool_calls` for an upstream."""
    kept = _kept(request, carrying)
    if not kept:
        return {}
    for tool in kept:
        if isinstance(tool, Tool):
            carrying.leave_extras(tool.extras, DIALECT, tool.at)
            if tool.cache is not None:
                carrying.drop("cache_control", "this provider caches prompts on its own, without marks")
    written: dict[str, Any] = {"tools": listed(kept, strict=request.dialect == DIALECT)}
    if request.tool_choice is not None:
        written["tool_choice"] = choice(request.tool_choice, kept)
    if request.parallel_tools is not None:
        written["parallel_tool_calls"] = request.parallel_tools
    return written


def _kept(request: Request, carrying: Carrying) -> list[Tool | HostedTool]:
    """The declared tools without those that another dialect's upstreams run themselves."""
    given, chosen = request.tools or (), request.tool_choice
    kept = [tool for tool in given if isinstance(tool, Tool) or tool.dialect == DIALECT]
    for tool in given:
        if isinstance(tool, HostedTool) and tool.dialect != DIALECT:
            if not kept or (chosen is not None and {tool.type, tool.data.get("name")} & set(chosen.names)):
                carrying.refuse(tool.at or "tools", f"no tool of the type {tool.type} can be run there")
            carrying.drop(tool.at or "tools", "a tool that only its own provider runs")
    return kept


def listed(tools: Iterable[Tool | HostedTool], *, strict: bool) -> list[dict[str, Any]]:
    """The tools, those of one namespace together. `strict`: leave it open where the client did.

    Responses takes `strict` for true when it is absent, everybody else for false: https://platform.openai.com/docs/guides/migrate-to-responses
    """
    written: list[dict[str, Any]] = []
    groups: dict[str, list[dict[str, Any]]] = {}
    for tool in tools:
        if isinstance(tool, HostedTool):
            if tool.dialect == DIALECT:
                written.append(dict(tool.data))
            continue
        one = _one(tool, strict=strict)
        if tool.group is None:
            written.append(one)
            continue
        if tool.group not in groups:
            groups[tool.group] = []
            said = tool.group_description or ""
            written.append({"type": "namespace", "name": tool.group, "description": said, "tools": groups[tool.group]})
        groups[tool.group].append(one)
    return written


def _one(tool: Tool, *, strict: bool) -> dict[str, Any]:
    held: dict[str, Any] = {"type": "custom" if tool.custom else "function", "name": tool.own_name or tool.name}
    if tool.description is not None:
        held["description"] = tool.description
    if tool.custom:
        if tool.format is not None:
            held["format"] = dict(tool.format)
    else:
        held["parameters"] = (
            (tool.schema if strict else tool.schema or _NO_PARAMETERS)
            if tool.schema is not None
            else (None if strict else _NO_PARAMETERS)
        )
        held["strict"] = tool.strict if tool.strict is not None or strict else False
    return held | dict(tool.extras.get(DIALECT, {}))


def choice(chosen: ToolChoice, tools: Iterable[Tool | HostedTool]) -> Any:
    """`tool_choice`."""
    if chosen.mode != "named":
        return chosen.mode
    names = Names(tools)
    pointed = [_pointed(name, names) for name in chosen.names]
    if len(pointed) == 1 and not chosen.allowed_only:
        return pointed[0]
    return {"type": "allowed_tools", "mode": "auto" if chosen.allowed_only else "required", "tools": pointed}


def _pointed(name: str, names: Names) -> dict[str, Any]:
    tool = names.declared(name)
    if tool is None:
        return {"type": name}
    held: dict[str, Any] = {"type": "custom" if tool.custom else "function", "name": tool.own_name or name}
    return held if tool.group is None else held | {"namespace": tool.group}


def text(request: Request, carrying: Carrying | None = None) -> dict[str, Any]:
    """`text`, empty when nothing was asked for."""
    written: dict[str, Any] = {}
    if request.format is not None:
        if request.format.kind == "json_schema" and request.format.name is None and carrying is not None:
            carrying.default("format", "schemas have a name in Responses")
        written["format"] = _format(request.format)
    if request.verbosity is not None:
        written["verbosity"] = request.verbosity
    return written


def _format(wanted: ResponseFormat) -> dict[str, Any]:
    if wanted.kind != "json_schema":
        return {"type": wanted.kind}
    held: dict[str, Any] = {"type": "json_schema", "name": wanted.name or "answer", "schema": wanted.schema or {}}
    if wanted.description is not None:
        held["description"] = wanted.description
    if wanted.strict is not None:
        held["strict"] = wanted.strict
    return held
