"""Tools and tool choice for an Anthropic upstream: https://platform.claude.com/docs/en/agents-and-tools/tool-use/define-tools"""

from __future__ import annotations

from typing import Any, Final

from gateway.neutral.request import HostedTool, Request, Tool, ToolChoice
from gateway.wire.anthropic_messages.members import DIALECT, marked
from gateway.wire.anthropic_messages.schema import closed
from gateway.wire.arguments import custom_schema, custom_words
from gateway.wire.carrying import Carrying

_MODES: Final = {"auto": "auto", "required": "any", "none": "none"}
_LONGEST: Final = 128


def tools(request: Request, carrying: Carrying) -> list[dict[str, Any]]:
    """The tools; a choice among some of them sends only those."""
    given = request.tools or ()
    kept = [tool for tool in given if isinstance(tool, Tool) or _keep(tool, request, carrying)]
    choice = request.tool_choice
    if choice is not None and choice.mode == "named" and (choice.allowed_only or len(choice.names) > 1):
        carrying.approximate("tool_choice", "only the allowed tools are sent")
        kept = [tool for tool in kept if _name(tool) in choice.names]
    if given and not kept:
        carrying.refuse("tools", "none of the tools has a form at this provider")
    names = [_name(tool) for tool in kept]
    if len(set(names)) < len(names):
        carrying.refuse("tools", "two tools of one name, which only their namespaces tell apart")
    return [dict(tool.data) if isinstance(tool, HostedTool) else _tool(tool, request, carrying) for tool in kept]


def _name(tool: Tool | HostedTool) -> str:
    return tool.name if isinstance(tool, Tool) else str(tool.data.get("name", tool.at))


def _keep(tool: HostedTool, request: Request, carrying: Carrying) -> bool:
    """Tools that another vendor runs are left out, unless the client's choice needs them."""
    if tool.dialect == DIALECT:
        return True
    choice = request.tool_choice
    if choice is not None and (tool.type in choice.names or tool.data.get("name") in choice.names):
        carrying.refuse(tool.at, f"the tool '{tool.type}' is run by another provider")
    carrying.drop(tool.at, f"the tool '{tool.type}' is run by another provider")
    return False


def _tool(tool: Tool, request: Request, carrying: Carrying) -> dict[str, Any]:
    if not _fits(tool.name):
        carrying.refuse(f"{tool.at}.name", "names of tools are 1 to 128 letters, digits, '_' and '-'")
    carrying.leave_extras(tool.extras, DIALECT, tool.at)
    if tool.group_description:
        carrying.drop(f"{tool.at}.group_description", "the provider has no groups of tools")
    result: dict[str, Any] = {"name": tool.name}
    if tool.description:
        result["description"] = tool.description
    result["input_schema"] = _schema(tool, request, carrying)
    if tool.strict is not None and (tool.strict or request.dialect == DIALECT):
        result["strict"] = tool.strict
    return marked(result, tool.cache, tool.extras)


def _fits(name: str) -> bool:
    return 0 < len(name) <= _LONGEST and name.isascii() and name.replace("_", "a").replace("-", "a").isalnum()


def _schema(tool: Tool, request: Request, carrying: Carrying) -> dict[str, Any]:
    """The vendor wants an object; a strict tool's is closed."""
    if tool.custom:
        carrying.approximate(tool.at, "a tool of free text becomes one with a single string parameter")
        if tool.format is not None:
            carrying.approximate(f"{tool.at}.format", "the provider enforces no grammars: the model is told it")
        return custom_schema(custom_words(tool.description, tool.format))
    if request.dialect == DIALECT:
        return dict(tool.schema or {})
    schema = {"type": "object", **(tool.schema or {"properties": {}})}
    if not tool.strict:
        return schema
    adapted, changed = closed(schema, f"{tool.at}.parameters")
    if changed:
        carrying.approximate(
            f"{tool.at}.parameters", "rules that the provider cannot enforce are told to the model instead"
        )
    return adapted


def choice(request: Request, sent: list[dict[str, Any]], carrying: Carrying) -> dict[str, Any] | None:
    """The tool choice; the vendor wants none without tools, and keeps the wish for one call at a time in it."""
    given, parallel = request.tool_choice, request.parallel_tools
    if not sent:
        if given is not None and given.mode in ("required", "named"):
            carrying.refuse("tool_choice", "there is no tool to choose")
        return None
    if given is None:
        return {"type": "auto", "disable_parallel_tool_use": True} if parallel is False else None
    result = _choice(given)
    if result["type"] != "none" and parallel is not None:
        result["disable_parallel_tool_use"] = not parallel
    if given.mode == "named" and not any(tool.get("name") in given.names for tool in sent):
        carrying.refuse("tool_choice", "it names a tool that is not there")
    return result


def _choice(given: ToolChoice) -> dict[str, Any]:
    if given.mode != "named":
        return {"type": _MODES[given.mode]}
    if given.allowed_only:
        return {"type": "auto"}
    return {"type": "tool", "name": given.names[0]} if len(given.names) == 1 else {"type": "any"}
