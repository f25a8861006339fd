"""Tools and the choice among them: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolConfiguration.html

A request whose messages hold calls or results must declare tools ("The toolConfig field must be defined when using toolUse and toolResult
content blocks"), and there is no choice `none`. So tools are left out for `none` when no message speaks of one; otherwise they stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.neutral.request import HostedTool, Request, Tool, ToolChoice
from gateway.wire.arguments import custom_schema
from gateway.wire.bedrock_converse.caching import CachePoints
from gateway.wire.bedrock_converse.names import fits
from gateway.wire.bedrock_converse.output import enforceable
from gateway.wire.carrying import Carrying
from gateway.wire.codec import Upstream

DIALECT: Final = "bedrock_converse"
_ANYTHING: Final[Mapping[str, Any]] = {"type": "object", "properties": {}}


@dataclass(frozen=True, slots=True)
class Tooling:
    """`config` is `toolConfig`, None = no tools. `forbidden`: tools are declared, but the model should call none."""

    config: dict[str, Any] | None
    forbidden: bool = False

    @property
    def forced(self) -> bool:
        """Whether the model has to call a tool."""
        return self.config is not None and "toolChoice" in self.config


class Toolbox:
    """Makes the `toolConfig` of one request. `strict` is carried unless the catalog says that the model lacks `json_schema`."""

    def __init__(self, upstream: Upstream, carrying: Carrying, points: CachePoints) -> None:
        self._carrying = carrying
        self._points = points
        self._unforced = "no_forced_tools" in (upstream.capabilities or ())
        self._strict = upstream.capabilities is None or "json_schema" in upstream.capabilities

    def config(self, request: Request, called: Iterable[str]) -> Tooling:
        """`called` are the tools that the messages speak of."""
        choice = request.tool_choice
        tools = self._chosen(request, choice)
        called = tuple(called)
        forbidden = choice is not None and choice.mode == "none"
        if forbidden and not called:
            return Tooling(None)
        if not tools and not called:
            if choice is not None and choice.mode in {"required", "named"}:
                self._carrying.refuse("tool_choice", "there is no tool to choose")
            return Tooling(None)
        if not tools:
            if not forbidden:
                self._carrying.default("tools", "messages with tool calls need the tools declared")
            specs: list[dict[str, Any]] = [_spec(name, None, _ANYTHING) for name in called]
            return Tooling({"tools": specs}, forbidden=True)
        specs = [part for tool in tools for part in self._parts(tool, request)]
        config: dict[str, Any] = {"tools": specs}
        if choice is not None and (forced := self._forced(choice)) is not None:
            config["toolChoice"] = forced
        return Tooling(config, forbidden)

    def _chosen(self, request: Request, choice: ToolChoice | None) -> list[Tool | HostedTool]:
        """The tools that can be carried; those that are named when only some may be called."""
        own = [tool for tool in request.tools or () if isinstance(tool, Tool) or tool.dialect == DIALECT]
        foreign = [tool for tool in request.tools or () if isinstance(tool, HostedTool) and tool.dialect != DIALECT]
        named = choice.names if choice is not None and choice.mode == "named" else ()
        forbidden = choice is not None and choice.mode == "none"
        for tool in foreign:
            if (not own and not forbidden) or tool.type in named:
                self._carrying.refuse(tool.at, "this tool runs at another provider")
            self._carrying.drop(tool.at, "this tool runs at another provider")
        self._check_names([tool for tool in own if isinstance(tool, Tool)], named)
        if choice is None or not named or (len(named) == 1 and not choice.allowed_only):
            return own
        return [tool for tool in own if isinstance(tool, Tool) and tool.name in named]

    def _check_names(self, tools: list[Tool], named: Iterable[str]) -> None:
        seen: set[str] = set()
        for tool in tools:
            if not fits(tool.name):
                self._carrying.refuse(tool.at, "names of tools are 1 to 64 letters, digits, '_' and '-' there")
            if tool.name in seen:
                self._carrying.refuse(tool.at, "two tools have this name, and there are no groups of tools there")
            seen.add(tool.name)
        if any(name not in seen for name in named):
            self._carrying.refuse("tool_choice", "it names a tool that is not declared")

    def _parts(self, tool: Tool | HostedTool, request: Request) -> list[dict[str, Any]]:
        if isinstance(tool, HostedTool):
            return [{tool.type: tool.data}]
        self._carrying.leave_extras(tool.extras, DIALECT, tool.at)
        if tool.group is not None:
            self._carrying.approximate(tool.at, "there are no groups of tools there")
        schema: Mapping[str, Any] = tool.schema if tool.schema is not None else _ANYTHING
        if tool.custom:
            self._carrying.approximate(tool.at, "a tool for free text takes an object there")
            schema = custom_schema(_grammar(tool))
        if tool.strict and self._strict:
            schema = enforceable(schema, request, f"{tool.at}.parameters", self._carrying)
        elif tool.strict:
            self._carrying.drop(f"{tool.at}.strict", "this model does not enforce schemas")
        spec = _spec(tool.name, tool.description, schema)
        if tool.strict and self._strict:
            spec["toolSpec"]["strict"] = True
        return [spec, *(self._points.after(tool.cache) if tool.cache is not None else ())]

    def _forced(self, choice: ToolChoice) -> dict[str, Any] | None:
        """`toolChoice` of a choice that forces a call. Others are left out: `auto` is the default, and not every model takes the word."""
        if choice.mode not in {"required", "named"} or choice.allowed_only:
            return None
        if self._unforced:
            self._carrying.refuse("tool_choice", "this model cannot be forced to call a tool")
        if choice.mode == "named" and len(choice.names) == 1:
            return {"tool": {"name": choice.names[0]}}
        return {"any": {}}


def _spec(name: str, description: str | None, schema: Mapping[str, Any]) -> dict[str, Any]:
    whole = schema if "type" in schema else {"type": "object", **schema}
    spec: dict[str, Any] = {"name": name, "inputSchema": {"json": whole}}
    if description and description.strip():
        spec["description"] = description
    return {"toolSpec": spec}


def _grammar(tool: Tool) -> str | None:
    """What a model should know of a custom tool's input: its grammar, which nobody enforces here."""
    form = tool.format or {}
    inner = form.get("grammar")
    found = form.get("definition") or (inner.get("definition") if isinstance(inner, Mapping) else None)
    return f"The tool's input, as free text of this grammar:\n{found}" if isinstance(found, str) else None
