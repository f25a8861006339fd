"""Tools of a request for an upstream, and the choice among them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.wire.openai_chat.parts import body, encoded, losses

from gateway.errors import CannotCarry
from gateway.neutral.blocks import Block, CacheMark, Text, ToolCall
from gateway.neutral.request import HostedTool, Message, Request, Tool, ToolChoice
from gateway.wire.openai_chat.traits import COMPATIBLE

PLAIN: frozenset[str] = frozenset()


def request(*messages: Message, **members: Any) -> Request:
    return Request("anthropic_messages", "asked", messages or (user(Text("hi")),), **members)


def user(*blocks: Block) -> Message:
    return Message("user", blocks)


def assistant(*blocks: Block) -> Message:
    return Message("assistant", blocks)


F, G = Tool("f", schema={"type": "object"}, at="tools[0]"), Tool("g", at="tools[1]")
SEARCH = HostedTool("anthropic_messages", "web_search_20250305", {}, at="tools[2]")


def test_named_tools_where_they_cannot_be_named() -> None:
    one = request(tools=(F, G), tool_choice=ToolChoice("named", ("g",)))
    assert body(one)["tool_choice"] == {"type": "function", "function": {"name": "g"}}
    found = encoded(one, frozenset(["no_named_tool_choice"]))
    assert found.body["tool_choice"] == "required"
    assert [tool["function"]["name"] for tool in found.body["tools"]] == ["g"]
    assert losses(found) == {("tool_choice", "approximated")}
    for free, word in ((True, "auto"), (False, "required")):
        some = request(tools=(F, G, SEARCH), tool_choice=ToolChoice("named", ("f", "g"), allowed_only=free))
        assert body(some, PLAIN)["tool_choice"] == word
        assert body(some)["tool_choice"]["allowed_tools"]["mode"] == word


def test_tools_that_others_run() -> None:
    found = encoded(request(tools=(F, SEARCH)))
    assert len(found.body["tools"]) == 1
    assert losses(found) == {("tools[2]", "dropped")}
    for tools, names in (((SEARCH,), ()), ((F, SEARCH), ("web_search_20250305",))):
        choice = ToolChoice("named", names) if names else None
        with pytest.raises(CannotCarry) as caught:
            encoded(request(tools=tools, tool_choice=choice))
        assert caught.value.param == "tools[2]"
    own = HostedTool("openai_chat", "web_search", {"type": "web_search"})
    assert body(request(tools=(own,)))["tools"] == [{"type": "web_search"}]


def test_namespaces_are_flattened_while_names_stay_apart() -> None:
    found = encoded(request(tools=(Tool("f", group="a", at="tools[0]"), G)))
    assert losses(found) == {("tools[0].namespace", "approximated")}
    with pytest.raises(CannotCarry):
        encoded(request(tools=(Tool("f", group="a", at="x"), Tool("f", group="b", at="y"))))


def test_tools_of_free_text() -> None:
    grammar = {"type": "grammar", "syntax": "regex", "definition": "a+"}
    free = Tool("g", "d", custom=True, format=grammar, at="tools[0]")
    call = ToolCall("c1", "g", "say", custom=True)
    sent = request(user(Text("x")), assistant(call), tools=(free,), tool_choice=ToolChoice("named", ("g",)))
    found = encoded(sent, COMPATIBLE)
    (tool,) = found.body["tools"]
    assert tool["function"]["parameters"]["required"] == ["input"]
    assert "a+" in tool["function"]["parameters"]["properties"]["input"]["description"]
    assert found.body["tool_choice"] == {"type": "function", "function": {"name": "g"}}
    assert found.body["messages"][1]["tool_calls"][0]["function"] == {"name": "g", "arguments": '{"input":"say"}'}
    assert losses(found) == {("tools[0]", "approximated")}
    assert body(sent)["tool_choice"] == {"type": "custom", "custom": {"name": "g"}}


def test_switches_of_tools() -> None:
    strict = request(tools=(Tool("f", strict=True, cache=CacheMark(), at="tools[0]"),), parallel_tools=False)
    assert losses(encoded(strict, PLAIN)) == {
        ("tools[0].strict", "dropped"), ("cache_control", "dropped"), ("parallel_tools", "dropped"),
    }  # fmt: skip
    assert body(strict)["parallel_tool_calls"] is False
    alone = body(request(tools=(), tool_choice=ToolChoice("auto"), parallel_tools=True))
    assert not {"tools", "tool_choice", "parallel_tool_calls"} & set(alone)
