"""Tools and tool choice of a client's request: https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.neutral.request import HostedTool, Tool, ToolChoice
from gateway.wire.anthropic_messages import members
from gateway.wire.anthropic_messages.members import DIALECT

_TOOL: Final = frozenset(["type", "name", "description", "input_schema", "strict", "cache_control"])
_MODES: Final = {"auto": "auto", "any": "required", "none": "none", "tool": "named"}


def tools(data: Mapping[str, Any]) -> tuple[Tool | HostedTool, ...] | None:
    """Custom tools, and typed ones (run by the vendor, or defined by it) as they were written."""
    value = data.get("tools")
    if value is None:
        return None
    found = []
    names = set()
    for index, item in enumerate(members.entries(value, "tools")):
        at = f"tools[{index}]"
        tool = _tool(members.entry(item, at), at)
        name = tool.name if isinstance(tool, Tool) else tool.data.get("name")
        if isinstance(name, str):
            if name in names:
                raise members.wrong(f"{at}.name", "unique among the tools")
            names.add(name)
        found.append(tool)
    return tuple(found)


def _tool(item: Mapping[str, Any], at: str) -> Tool | HostedTool:
    kind = members.perhaps_words(item, "type", at)
    if kind is not None and kind != "custom":
        return HostedTool(DIALECT, kind, item, at=at)
    return Tool(
        members.name_of(item, "name", at),
        members.perhaps_words(item, "description", at),
        members.entry(item.get("input_schema"), f"{at}.input_schema"),
        members.perhaps_flag(item, "strict", at),
        cache=members.mark_of(item, at),
        extras=members.beside_mark(item, _TOOL),
        at=at,
    )


def choice(data: Mapping[str, Any]) -> tuple[ToolChoice | None, bool | None]:
    """The tool choice, and whether calls in parallel are wanted."""
    value = data.get("tool_choice")
    if value is None:
        return None, None
    found = members.entry(value, "tool_choice")
    kind = members.name_of(found, "type", "tool_choice")
    if kind not in _MODES:
        raise members.wrong("tool_choice.type", "'auto', 'any', 'tool' or 'none'")
    single = members.perhaps_flag(found, "disable_parallel_tool_use", "tool_choice")
    names = (members.name_of(found, "name", "tool_choice"),) if kind == "tool" else ()
    return ToolChoice(_MODES[kind], names), None if single is None else not single  # type: ignore[arg-type]
