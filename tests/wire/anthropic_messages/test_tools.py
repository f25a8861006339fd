"""Tools and tool choices for an Anthropic upstream."""

from __future__ import annotations

from typing import Any

import pytest
from tests.wire.anthropic_messages.asking import TOOL, asked, encode, words

from gateway.errors import CannotCarry
from gateway.neutral.blocks import CacheMark
from gateway.neutral.request import HostedTool, Tool, ToolChoice


def test_tools() -> None:
    given = (
        Tool("a", None, None, at="tools[0]"),
        Tool(
            "b",
            "B.",
            {"properties": {"x": {"type": "integer", "minimum": 1}}},
            False,
            cache=CacheMark(),
            extras={"openai_chat": {"x": 1}},
            at="tools[1]",
        ),
        Tool("c", "C.", custom=True, format={"type": "grammar"}, at="tools[2]"),
        HostedTool("openai_responses", "web_search", {"type": "web_search"}, at="tools[3]"),
    )
    body, losses = encode(asked(tools=given))
    assert body["tools"][:2] == [
        {"name": "a", "input_schema": {"type": "object", "properties": {}}},
        {
            "name": "b",
            "description": "B.",
            "input_schema": {"type": "object", "properties": {"x": {"type": "integer", "minimum": 1}}},
            "cache_control": {"type": "ephemeral"},
        },
    ]
    assert body["tools"][2]["input_schema"]["required"] == ["input"]
    assert losses == [
        "tools[3]: dropped",
        "tools[1].x: dropped",
        "tools[2]: approximated",
        "tools[2].format: approximated",
    ]


def test_a_strict_tools_schema_is_closed() -> None:
    schema = {
        "type": "object",
        "properties": {
            "n": {"type": "integer", "minimum": 1, "description": "How many."},
            "o": {"oneOf": [{"type": "string"}]},
        },
        "required": ["n"],
        "$defs": {"d": {"type": "object", "additionalProperties": True}},
    }
    body, losses = encode(asked(tools=(Tool("f", None, schema, True, at="tools[0]"),)))
    (tool,) = body["tools"]
    assert tool["strict"] is True
    assert tool["input_schema"] == {
        "type": "object",
        "properties": {
            "n": {"type": "integer", "description": "How many. (minimum = 1)"},
            "o": {"anyOf": [{"type": "string"}]},
        },
        "required": ["n"],
        "$defs": {"d": {"type": "object", "additionalProperties": False}},
        "additionalProperties": False,
    }
    assert losses == ["tools[0].parameters: approximated"]
    closed = {
        "type": "object",
        "properties": {"a": {"type": "array", "items": {"type": "string", "format": "date"}, "minItems": 1}},
        "required": ["a"],
        "additionalProperties": False,
    }
    body, losses = encode(asked(tools=(Tool("f", None, closed, True, at="tools[0]"),)))
    assert body["tools"][0]["input_schema"] == closed
    assert losses == []


BAD_TOOLS: dict[str, tuple[dict[str, Any], str]] = {
    "name": ({"tools": (Tool("a.b", at="tools[0]"),)}, "tools[0].name"),
    "long name": ({"tools": (Tool("a" * 129, at="tools[0]"),)}, "tools[0].name"),
    "same name in two groups": ({"tools": (Tool("a", group="x"), Tool("a", group="y"))}, "tools"),
    "only foreign": ({"tools": (HostedTool("gemini", "google_search", {}, at="tools[0]"),)}, "tools"),
    "foreign and chosen": (
        {
            "tools": (TOOL, HostedTool("openai_responses", "web_search", {}, at="tools[1]")),
            "tool_choice": ToolChoice("named", ("web_search",)),
        },
        "tools[1]",
    ),
    "forced without tools": ({"tool_choice": ToolChoice("required")}, "tool_choice"),
    "unknown name": ({"tools": (TOOL,), "tool_choice": ToolChoice("named", ("g",))}, "tool_choice"),
    "two answers": ({"choices": 2}, "choices"),
}


@pytest.mark.parametrize("case", BAD_TOOLS)
def test_features_without_a_form_are_refused(case: str) -> None:
    members, param = BAD_TOOLS[case]
    with pytest.raises(CannotCarry) as refused:
        encode(asked(**members))
    assert refused.value.param == param


@pytest.mark.parametrize(
    ("choice", "parallel", "wanted"),
    [
        (None, None, None),
        (None, True, None),
        (None, False, {"type": "auto", "disable_parallel_tool_use": True}),
        (ToolChoice("auto"), None, {"type": "auto"}),
        (ToolChoice("none"), False, {"type": "none"}),
        (ToolChoice("required"), False, {"type": "any", "disable_parallel_tool_use": True}),
        (ToolChoice("named", ("f",)), None, {"type": "tool", "name": "f"}),
    ],
)
def test_tool_choices(choice: ToolChoice | None, parallel: bool | None, wanted: Any) -> None:
    body, losses = encode(asked(tools=(TOOL,), tool_choice=choice, parallel_tools=parallel))
    assert body.get("tool_choice") == wanted
    assert losses == []
    bare, none = encode(asked(tool_choice=ToolChoice("none"), parallel_tools=parallel))
    assert "tool_choice" not in bare
    assert none == []


def test_a_choice_among_some_tools_sends_only_those() -> None:
    tools = (TOOL, Tool("g", at="tools[1]"), Tool("h", at="tools[2]"))
    body, losses = encode(asked(tools=tools, tool_choice=ToolChoice("named", ("f", "h"), allowed_only=True)))
    assert [tool["name"] for tool in body["tools"]] == ["f", "h"]
    assert body["tool_choice"] == {"type": "auto"}
    assert losses == ["tool_choice: approximated"]
    assert encode(asked(tools=tools, tool_choice=ToolChoice("named", ("f", "h"))))[0]["tool_choice"] == {"type": "any"}


def test_some_models_cannot_be_forced() -> None:
    body, losses = encode(
        asked(tools=(TOOL,), tool_choice=ToolChoice("required"), parallel_tools=False), **words("no_forced_tools")
    )
    assert body["tool_choice"] == {"type": "auto", "disable_parallel_tool_use": True}
    assert losses == ["tool_choice: approximated"]
