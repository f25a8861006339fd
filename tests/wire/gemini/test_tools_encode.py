"""Tools and the choice among them, for a Gemini upstream."""

from __future__ import annotations

from typing import Any

import pytest
from tests.wire.gemini.test_requests_encode import SCHEMA, refused, request, sent

from gateway.neutral.blocks import CacheMark
from gateway.neutral.request import HostedTool, Tool, ToolChoice


def test_tools() -> None:
    found = (
        Tool("f", "about", SCHEMA, strict=True, cache=CacheMark(), at="tools[0]"),
        Tool("patch", "Write a patch", custom=True, at="tools[1]"),
        Tool("in_group", group="g", at="tools[2]"),
        HostedTool("openai_responses", "web_search", {"type": "web_search"}, at="tools[3]"),
    )
    body, losses = sent(request(tools=found, tool_choice=ToolChoice("auto")))
    declared = body["tools"][0]["functionDeclarations"]
    assert declared[0] == {"name": "f", "description": "about", "parametersJsonSchema": SCHEMA}
    assert declared[1]["parametersJsonSchema"]["required"] == ["input"]
    assert declared[2] == {"name": "in_group"}
    assert body["toolConfig"] == {"functionCallingConfig": {"mode": "AUTO"}}
    assert losses == [
        "cache_control: dropped",
        "tools[0].strict: dropped",
        "tools[1]: approximated",
        "tools[2]: approximated",
        "tools[3]: dropped",
    ]


@pytest.mark.parametrize(
    ("choice", "calling"),
    [
        (ToolChoice("none"), {"mode": "NONE"}),
        (ToolChoice("required"), {"mode": "ANY"}),
        (ToolChoice("named", ("f",)), {"mode": "ANY", "allowedFunctionNames": ["f"]}),
        (ToolChoice("named", ("f",), allowed_only=True), {"mode": "VALIDATED", "allowedFunctionNames": ["f"]}),
    ],
)
def test_tool_choice(choice: ToolChoice, calling: dict[str, Any]) -> None:
    body, _ = sent(request(tools=(Tool("f"),), tool_choice=choice))
    assert body["toolConfig"] == {"functionCallingConfig": calling}


def test_tools_that_cannot_be_carried() -> None:
    hosted = HostedTool("openai_responses", "web_search", {}, at="tools[0]")
    assert refused(request(tools=(hosted,))) == "tools[0]"
    assert refused(request(tools=(Tool("f"), hosted), tool_choice=ToolChoice("named", ("web_search",)))) == "tools[0]"
    dated = HostedTool("anthropic_messages", "web_search_20250305", {"name": "web_search"}, at="tools[0]")
    assert refused(request(tools=(Tool("f"), dated), tool_choice=ToolChoice("named", ("web_search",)))) == "tool_choice"
    body, losses = sent(request(tools=(Tool("f"), dated), tool_choice=ToolChoice("named", ("web_search", "f"))))
    assert body["toolConfig"]["functionCallingConfig"]["allowedFunctionNames"] == ["f"]
    assert losses == ["tools[0]: dropped", "tool_choice: approximated"]
    assert refused(request(tool_choice=ToolChoice("required"))) == "tool_choice"
    assert "toolConfig" not in sent(request(tool_choice=ToolChoice("none")))[0]
    assert refused(request(tools=(Tool("f", group="a"), Tool("f", group="b")))) == "tools"


@pytest.mark.parametrize("name", ["", "1f", "a b", "é", "x" * 129])
def test_names_of_tools(name: str) -> None:
    assert refused(request(tools=(Tool(name, at="tools[0]"),))) == "tools[0].name"
    assert sent(request(tools=(Tool("_a.b:c-d9" + "x" * 119),)))[0]["tools"]
