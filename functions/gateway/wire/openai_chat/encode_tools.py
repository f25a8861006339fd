"""Tools, the choice among them, and the form of the answer for an upstream of this dialect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import orjson

from gateway.neutral.blocks import Text
from gateway.neutral.request import HostedTool, Request, ResponseFormat, Tool
from gateway.wire.arguments import custom_schema
from gateway.wire.carrying import Carrying
from gateway.wire.codec import Upstream
from gateway.wire.openai_chat.encode_parts import NO_MARKS
from gateway.wire.openai_chat.thoughts import DIALECT

_NO_PARAMETERS: Final[Mapping[str, Any]] = {"type": "object", "properties": {}}


def tools(request: Request, upstream: Upstream, carrying: Carrying) -> dict[str, Any]:
    """`tools`, `tool_choice` and `parallel_tool_calls`."""
    declared = _kept(request, carrying)
    if not declared:
        return {}
    chosen = request.tool_choice
    if chosen is not None and chosen.mode == "named" and _narrowed(request, upstream):
        carrying.approximate("tool_choice", "only the tools that may be called are declared")
        declared = [tool for tool in declared if isinstance(tool, Tool) and tool.name in chosen.names]
    written: dict[str, Any] = {"tools": [_tool(tool, upstream.traits, carrying) for tool in declared]}
    word = _choice(request, upstream)
    if word is not None:
        written["tool_choice"] = word
    if request.parallel_tools is not None:
        if "parallel_tools" in upstream.traits:
            written["parallel_tool_calls"] = request.parallel_tools
        else:
            carrying.drop("parallel_tools", "this provider has no such switch")
    return written


def _kept(request: Request, carrying: Carrying) -> list[Tool | HostedTool]:
    """The declared tools without those that another dialect's upstreams run themselves."""
    given = request.tools or ()
    foreign = [tool for tool in given if isinstance(tool, HostedTool) and tool.dialect != DIALECT]
    kept = [tool for tool in given if not (isinstance(tool, HostedTool) and tool.dialect != DIALECT)]
    for tool in foreign:
        chosen = request.tool_choice
        if not kept or (chosen is not None and {tool.type, tool.data.get("name")} & set(chosen.names)):
            carrying.refuse(tool.at or "tools", f"no tool of the type {tool.type} can be run there")
        carrying.drop(tool.at or "tools", "a tool that only its own provider runs")
    names = Counter(tool.name for tool in kept if isinstance(tool, Tool))
    for one in kept:
        if isinstance(one, Tool) and names[one.name] > 1:
            carrying.refuse(one.at or "tools", "two tools of one name need namespaces, which Chat Completions lacks")
    return kept


def _tool(tool: Tool | HostedTool, traits: frozenset[str], carrying: Carrying) -> dict[str, Any]:
    if isinstance(tool, HostedTool):
        return dict(tool.data)
    carrying.leave_extras(tool.extras, DIALECT, tool.at)
    if tool.cache is not None:
        carrying.drop("cache_control", NO_MARKS)
    if tool.group is not None:
        carrying.approximate(f"{tool.at}.namespace", "declared without its namespace")
    held: dict[str, Any] = {"name": tool.name}
    if tool.custom and "custom_tools" in traits:
        if tool.description is not None:
            held["description"] = tool.description
        if tool.format is not None:
            held["format"] = _format(tool.format)
        return {"type": "custom", "custom": held | dict(tool.extras.get(DIALECT, {}))}
    if tool.custom:
        carrying.approximate(tool.at or "tools", "a tool that takes free text is declared with one text parameter")
    if tool.description is not None:
        held["description"] = tool.description
    parameters = custom_schema(_described(tool)) if tool.custom else tool.schema
    if parameters is not None:
        held["parameters"] = parameters or _NO_PARAMETERS
    if tool.strict is not None:
        if "strict_tools" in traits:
            held["strict"] = tool.strict
        elif tool.strict:
            carrying.drop(f"{tool.at}.strict", "this provider has no strict mode for tools")
    return {"type": "function", "function": held | dict(tool.extras.get(DIALECT, {}))}


def _described(tool: Tool) -> str | None:
    """What the text must look like: a grammar, where there is one."""
    definition = (tool.format or {}).get("definition")
    if not isinstance(definition, str):
        return None
    return f"Text by this {(tool.format or {}).get('syntax', '')} grammar:\n{definition}"


def _format(held: Mapping[str, Any]) -> Mapping[str, Any]:
    if held.get("type") != "grammar" or "grammar" in held:
        return held
    return {"type": "grammar", "grammar": {name: value for name, value in held.items() if name != "type"}}


def _narrowed(request: Request, upstream: Upstream) -> bool:
    """Whether the declared tools themselves must say which may be called."""
    chosen = request.tool_choice
    if chosen is None:
        return False
    if len(chosen.names) == 1 and not chosen.allowed_only:
        return "no_named_tool_choice" in upstream.traits
    return "allowed_tools" not in upstream.traits


def _choice(request: Request, upstream: Upstream) -> Any:
    chosen = request.tool_choice
    if chosen is None:
        return None
    if chosen.mode != "named":
        return chosen.mode
    mode = "auto" if chosen.allowed_only else "required"
    if _narrowed(request, upstream):
        return mode
    custom = {tool.name for tool in request.tools or () if isinstance(tool, Tool) and tool.custom}
    kinds = custom if "custom_tools" in upstream.traits else set()
    named = [_named(name, "custom" if name in kinds else "function") for name in chosen.names]
    if len(named) == 1 and not chosen.allowed_only:
        return named[0]
    return {"type": "allowed_tools", "allowed_tools": {"mode": mode, "tools": named}}


def _named(name: str, kind: str) -> dict[str, Any]:
    return {"type": kind, kind: {"name": name}}


def response_format(request: Request, upstream: Upstream, carrying: Carrying) -> dict[str, Any]:
    """`response_format`, and under `messages` the system message that has to go with it, if any."""
    wanted = request.format
    if wanted is None:
        return {}
    if wanted.kind == "text":
        return {"response_format": {"type": "text"}}
    if wanted.kind == "json_schema":
        if "json_schema" in upstream.traits:
            return {"response_format": {"type": "json_schema", "json_schema": _schema(wanted, carrying)}}
        carrying.approximate("format", "this provider has JSON mode only; the schema is in the prompt")
        try:
            schema = orjson.dumps(wanted.schema).decode()
        except orjson.JSONEncodeError:
            carrying.refuse("format", "its schema is nested too deep")
        said = f"Answer with one JSON object that is valid against this JSON Schema, and nothing else:\n{schema}"
        return {"response_format": {"type": "json_object"}, "messages": said}
    written: dict[str, Any] = {"response_format": {"type": "json_object"}}
    if "json_word" in upstream.traits and not _mentions_json(request):
        carrying.approximate(
            "format", "JSON mode needs the word JSON in the prompt; a system message with it was added"
        )
        written["messages"] = "Answer with one JSON object, and nothing else."
    return written


def _schema(wanted: ResponseFormat, carrying: Carrying) -> dict[str, Any]:
    held: dict[str, Any] = {"name": wanted.name or "answer", "schema": wanted.schema}
    if wanted.name is None:
        carrying.default("format", "schemas have a name in Chat Completions")
    if wanted.description is not None:
        held["description"] = wanted.description
    if wanted.strict is not None:
        held["strict"] = wanted.strict
    return held


def _mentions_json(request: Request) -> bool:
    return any(
        "json" in block.text.casefold()
        for message in request.messages
        for block in message.blocks
        if isinstance(block, Text)
    )
