"""Tools and the choice among them, for a Gemini upstream. https://ai.google.dev/api/caching#Tool"""

from __future__ import annotations

import string
from typing import Any, Final

from gateway.neutral.request import HostedTool, Request, Tool, ToolChoice
from gateway.wire.arguments import custom_schema, custom_words
from gateway.wire.carrying import Carrying
from gateway.wire.gemini.fields import DIALECT

_FIRST: Final = frozenset(string.ascii_letters + "_")
_CHARS: Final = frozenset(string.ascii_letters + string.digits + "_.:-")
_LONGEST: Final = 128
_MODES: Final = {"auto": "AUTO", "none": "NONE", "required": "ANY", "named": "ANY"}


def tools(request: Request, carrying: Carrying) -> list[dict[str, Any]]:
    """The tools: all functions in one entry, Google's own ones as the client wrote them."""
    functions: list[dict[str, Any]] = []
    found: list[dict[str, Any]] = []
    for tool in request.tools or ():
        if isinstance(tool, Tool):
            functions.append(_function(tool, carrying))
        elif tool.dialect == DIALECT:
            found.append(dict(tool.data))
        else:
            _leave(tool, request, carrying)
    names = [one["name"] for one in functions]
    if len(set(names)) < len(names):
        carrying.refuse("tools", "two tools have the same name, and this provider knows no groups of tools")
    return [{"functionDeclarations": functions}, *found] if functions else found


def _leave(tool: HostedTool, request: Request, carrying: Carrying) -> None:
    """A tool that another provider runs: left out when the client can do without it."""
    at, reason = tool.at or "tools", f"'{tool.type}' is run by another provider"
    choice = request.tool_choice
    named = choice is not None and choice.mode == "named" and tool.type in choice.names
    others = any(isinstance(one, Tool) or one.dialect == DIALECT for one in request.tools or ())
    if named or not others:
        carrying.refuse(at, reason)
    carrying.drop(at, reason)


def _function(tool: Tool, carrying: Carrying) -> dict[str, Any]:
    at = tool.at or "tools"
    _check(tool.name, at, carrying)
    if tool.cache is not None:
        carrying.drop("cache_control", "this provider caches prompts by itself")
    if tool.strict:
        carrying.drop(f"{at}.strict", "functions have no strict mode")
    if tool.group is not None:
        carrying.approximate(at, "this provider knows no groups of tools: the tool stands alone")
    if tool.custom:
        carrying.approximate(at, "a tool that takes free text is sent as one with an object")
    carrying.leave_extras(tool.extras, DIALECT, tool.at)
    found: dict[str, Any] = {"name": tool.name, **tool.extras.get(DIALECT, {})}
    if tool.description is not None:
        found["description"] = tool.description
    schema = custom_schema(custom_words(tool.description, tool.format)) if tool.custom else tool.schema
    if schema:
        found["parametersJsonSchema"] = schema
    return found


def _check(name: str, at: str, carrying: Carrying) -> None:
    if not (0 < len(name) <= _LONGEST and name[0] in _FIRST and _CHARS.issuperset(name)):
        carrying.refuse(
            f"{at}.name", "names are letters, digits, _ . : - and begin with a letter or _, at most 128 characters"
        )


def calling(choice: ToolChoice, declared: list[dict[str, Any]], carrying: Carrying) -> dict[str, Any] | None:
    """`functionCallingConfig` for these tools; None when there is nothing to say. Google refuses names that are not declared."""
    names = {one["name"] for entry in declared for one in entry.get("functionDeclarations", ())}
    left = [name for name in choice.names if name in names]
    if choice.mode in ("required", "named") and not (left or (names and not choice.names)):
        carrying.refuse("tool_choice", "it demands a tool that is not among those this provider can be told of")
    if not names:
        return None
    if len(left) < len(choice.names):
        carrying.approximate("tool_choice", "tools that this provider cannot be told of are left out of the choice")
    mode = "VALIDATED" if choice.allowed_only else _MODES[choice.mode]
    return {"mode": mode, "allowedFunctionNames": left} if left else {"mode": mode}
