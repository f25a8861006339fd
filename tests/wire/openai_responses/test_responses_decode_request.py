"""Clients' requests: what is read, what is refused and under which name."""

from __future__ import annotations

from typing import Any

import pytest
from tests.wire.openai_responses.kit import CASES, asked, decoded, encoded, load

from gateway.errors import CannotCarry, InvalidRequest
from gateway.neutral.blocks import Media, Opaque, Signature, Text, Thinking, ToolCall, ToolResult
from gateway.neutral.request import HostedTool, Reasoning, Request, ResponseFormat, Tool, ToolChoice
from gateway.wire.openai_responses.names import flat

USER = {"role": "user", "content": "hi"}
TOOL = {"type": "function", "name": "look", "parameters": {"type": "object"}}
CALL = {"type": "function_call", "call_id": "c1", "name": "look", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "c1", "output": "x"}


def again(request: Request) -> Request:
    """Encoded for an upstream and read as a client's once more."""
    return decoded({**encoded(request).body, "model": request.model})


@pytest.mark.parametrize("case", CASES)
def test_a_round_trip_keeps_everything(case: str) -> None:
    first = decoded(load(case, "request"))
    second = again(first)
    assert second.messages == first.messages
    assert second.tools == first.tools
    for name in Request.__dataclass_fields__:
        if name != "store":
            assert getattr(second, name) == getattr(first, name), name
    assert second.store is bool(first.store)


def test_codex() -> None:
    found = decoded(load("codex_request", "request"))
    assert [message.role for message in found.messages] == [
        *("system", "developer", "user", "user", "assistant", "user", "user"),
    ]
    assert found.messages[0].at == "instructions"
    kinds = [type(block) for block in found.messages[4].blocks]
    assert kinds == [Thinking, Text, ToolCall, ToolCall]
    assert [block.call_id for block in found.messages[5].blocks if isinstance(block, ToolResult)] == [
        "call_c1",
        "call_c2",
    ]
    tools = {tool.name: tool for tool in found.tools or () if isinstance(tool, Tool)}
    assert list(tools) == [
        *("exec_command", "update_plan", "apply_patch", "mcp__mail__send", "mcp__mail__search", "multi_agent__search"),
    ]
    assert (tools["mcp__mail__send"].group, tools["mcp__mail__send"].own_name) == ("mcp__mail", "send")
    assert [tool.type for tool in found.tools or () if isinstance(tool, HostedTool)] == ["web_search"]
    assert (found.reasoning, found.verbosity, found.store) == (Reasoning(effort="medium", summary="auto"), "low", False)
    assert found.extras == {}  # client_metadata and the honoured include are no loss


def test_names_of_namespaces_never_collide() -> None:
    namespaces = [
        {"type": "namespace", "name": "a", "tools": [{**TOOL, "name": "b__c"}]},
        {"type": "namespace", "name": "a__b", "tools": [{**TOOL, "name": "c"}]},
        {"type": "namespace", "name": "x" * 60, "tools": [{**TOOL, "name": "y" * 60}, {**TOOL, "name": "y" * 61}]},
        {"type": "namespace", "name": "ö", "tools": [{**TOOL, "name": "c.d"}]},
        {**TOOL, "name": "a__b__c"},
    ]
    names = [tool.name for tool in asked(tools=namespaces).tools or () if isinstance(tool, Tool)]
    assert len(set(names)) == len(names) == 6
    assert names[-1] == "a__b__c"
    for name in names:
        assert len(name) <= 64
        assert name.replace("_", "").replace("-", "").isalnum()
        assert name.isascii()
    assert flat("ns", "tool") == "ns__tool"


def test_additional_tools_are_tools() -> None:
    found = asked(input=[{"type": "additional_tools", "role": "developer", "tools": [TOOL]}, USER])
    assert [tool.at for tool in found.tools or ()] == ["input[0].tools[0]"]
    assert len(found.messages) == 1


def test_parts() -> None:
    parts = [
        {"type": "input_text", "text": "a", "prompt_cache_breakpoint": {"mode": "explicit"}},
        {"type": "input_image", "image_url": "https://example.com/a.png", "detail": "high"},
        {"type": "input_image", "file_id": "file_1"},
        {"type": "input_file", "file_url": "https://example.com/a.pdf"},
        {"type": "input_file", "file_id": "file_2"},
        {"type": "input_audio", "input_audio": {"data": "aGk=", "format": "mp3"}},
        {"type": "input_film", "x": 1},
    ]
    text, first, second, third, fourth, sound, other = (
        asked(input=[{"role": "user", "content": parts}]).messages[0].blocks
    )
    assert isinstance(text, Text)
    assert text.cache is not None
    assert text.at == "input[0].content[0]"
    assert first == Media("image", url="https://example.com/a.png", detail="high")
    assert second == Media("image", file_id="file_1", file_dialect="openai_responses")
    assert third == Media("document", url="https://example.com/a.pdf")
    assert fourth == Media("document", file_id="file_2", file_dialect="openai_responses")
    assert sound == Media("audio", "audio/mpeg", "aGk=")
    assert isinstance(other, Opaque)


def test_items_only_openai_knows_are_opaque() -> None:
    items = [
        USER,
        {"type": "local_shell_call", "id": "l", "call_id": "c9", "action": {}, "status": "completed"},
        {"type": "function_call_output", "call_id": "c9", "output": "done"},
        {"type": "item_reference", "id": "msg_1"},
        {"id": "msg_2"},
        {"type": "compaction", "encrypted_content": "g"},
    ]
    kinds = [
        block.type for message in asked(input=items).messages for block in message.blocks if isinstance(block, Opaque)
    ]
    assert kinds == ["local_shell_call", "item_reference", "item_reference", "compaction"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("none", ToolChoice("none")),
        ("required", ToolChoice("required")),
        ({"type": "function", "name": "look"}, ToolChoice("named", ("look",))),
        ({"type": "web_search"}, ToolChoice("named", ("web_search",))),
        ({"type": "function", "name": "send", "namespace": "mail"}, ToolChoice("named", ("mail__send",))),
        (
            {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "namespace", "name": "mail"}]},
            ToolChoice("named", ("mail__send",), allowed_only=True),
        ),
        (
            {"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "look"}]},
            ToolChoice("named", ("look",)),
        ),
    ],
)
def test_tool_choice(value: Any, expected: ToolChoice) -> None:
    mail = {"type": "namespace", "name": "mail", "tools": [{**TOOL, "name": "send"}]}
    request = asked(tools=[TOOL, mail, {"type": "web_search"}], tool_choice=value)
    assert request.tool_choice == expected
    assert again(request).tool_choice == expected


def test_knobs() -> None:
    found = asked(
        temperature=0.5,
        top_p=1,
        max_output_tokens=100,
        top_logprobs=3,
        include=["message.output_text.logprobs", "file_search_call.results"],
        text={"format": {"type": "json_schema", "name": "n", "schema": {}, "strict": True}, "verbosity": "high"},
        safety_identifier="u",
        metadata={"a": "b"},
        service_tier="flex",
        truncation="auto",
        max_tool_calls=2,
        reasoning={"effort": "low", "context": "all_turns"},
    )
    assert (found.temperature, found.top_p, found.max_output_tokens) == (0.5, 1, 100)
    assert (found.logprobs, found.top_logprobs) == (True, 3)
    assert found.format == ResponseFormat("json_schema", {}, "n", None, True)
    assert (found.user, found.metadata, found.service_tier) == ("u", {"a": "b"}, "flex")
    assert found.extras["openai_responses"] == {
        "include": ["file_search_call.results"],
        "truncation": "auto",
        "max_tool_calls": 2,
        "reasoning": {"context": "all_turns"},
    }


def test_a_sealed_signature_is_opened() -> None:
    sealed = "Z2F0ZXdheS5zaWcxLmdlbWluaS5aMlZ0"
    block = asked(input=[USER, {"type": "reasoning", "summary": [], "encrypted_content": sealed}]).messages[1].blocks[0]
    assert block == Thinking("", Signature("gemini", "Z2Vt"))


@pytest.mark.parametrize("name", ["previous_response_id", "conversation", "prompt", "background"])
def test_state_at_openai_cannot_be_carried(name: str) -> None:
    value = True if name == "background" else {"id": "x"} if name == "prompt" else "x"
    with pytest.raises(CannotCarry) as caught:
        asked(**{name: value})
    assert caught.value.param == name
    asked(**{name: None})


def test_background_false_asks_for_nothing() -> None:
    assert asked(background=False).extras == {}


BAD: list[tuple[dict[str, Any], str]] = [
    ({"input": ""}, "input"),
    ({"input": []}, "input"),
    ({"input": None}, "input"),
    ({"input": 5}, "input"),
    ({"input": ["x"]}, "input[0]"),
    ({"input": [{"type": "additional_tools", "tools": []}]}, "input"),
    ({"input": [{"role": "tool", "content": "x"}]}, "input[0].role"),
    ({"input": [{"role": "user", "content": ""}]}, "input[0].content"),
    ({"input": [{"role": "user"}]}, "input[0].content"),
    ({"input": [{"role": "user", "content": [5]}]}, "input[0].content[0]"),
    ({"input": [{"role": "user", "content": [{"text": "x"}]}]}, "input[0].content[0].type"),
    ({"input": [{"role": "user", "content": [{"type": "input_text"}]}]}, "input[0].content[0].text"),
    ({"input": [{"role": "user", "content": [{"type": "input_image"}]}]}, "input[0].content[0].image_url"),
    ({"input": [{"role": "user", "content": [{"type": "input_file"}]}]}, "input[0].content[0].file_data"),
    ({"input": [{}]}, "input[0].type"),
    ({"input": [{"type": 5}]}, "input[0].type"),
    ({"input": [{**CALL, "call_id": ""}]}, "input[0].call_id"),
    ({"input": [{**CALL, "arguments": {}}]}, "input[0].arguments"),
    ({"input": [{**CALL, "name": None}]}, "input[0].name"),
    ({"input": [CALL, CALL]}, "input[1].call_id"),
    ({"input": [OUTPUT]}, "input[0].call_id"),
    ({"input": [CALL, {**OUTPUT, "output": 5}]}, "input[1].output"),
    ({"instructions": []}, "instructions"),
    ({"temperature": "1"}, "temperature"),
    ({"temperature": 3}, "temperature"),
    ({"top_p": True}, "top_p"),
    ({"max_output_tokens": 0}, "max_output_tokens"),
    ({"top_logprobs": 21}, "top_logprobs"),
    ({"tools": {}}, "tools"),
    ({"tools": [{}]}, "tools[0].type"),
    ({"tools": [{"type": "function"}]}, "tools[0].name"),
    ({"tools": [TOOL, TOOL]}, "tools[1].name"),
    ({"tools": [{**TOOL, "parameters": []}]}, "tools[0].parameters"),
    ({"tools": [{**TOOL, "strict": 1}]}, "tools[0].strict"),
    ({"tools": [{"type": "namespace", "name": "n", "tools": [{"type": "mcp"}]}]}, "tools[0].tools[0].type"),
    ({"tools": [{"type": "namespace", "name": "n", "tools": [TOOL, TOOL]}]}, "tools[0].tools[1].name"),
    ({"tool_choice": "any"}, "tool_choice"),
    ({"tool_choice": "required"}, "tool_choice"),
    ({"tool_choice": {"type": "function", "name": "x"}}, "tool_choice"),
    ({"tool_choice": {"type": "function"}}, "tool_choice.name"),
    ({"tool_choice": {"type": "allowed_tools", "tools": []}}, "tool_choice.tools"),
    ({"tool_choice": {"type": "allowed_tools", "mode": "x", "tools": []}}, "tool_choice.mode"),
    ({"text": "json"}, "text"),
    ({"text": {"verbosity": "max"}}, "text.verbosity"),
    ({"text": {"format": {"type": "xml"}}}, "text.format.type"),
    ({"text": {"format": {"type": "json_schema", "name": "n"}}}, "text.format.schema"),
    ({"text": {"format": {"type": "json_schema", "schema": {}}}}, "text.format.name"),
    ({"reasoning": {"effort": "much"}}, "reasoning.effort"),
    ({"include": [5]}, "include[0]"),
    ({"metadata": []}, "metadata"),
    ({"store": "no"}, "store"),
    ({"parallel_tool_calls": 1}, "parallel_tool_calls"),
]


@pytest.mark.parametrize(("members", "param"), BAD, ids=[f"{n}-{param}" for n, (_, param) in enumerate(BAD)])
def test_bad_input_names_its_field(members: dict[str, Any], param: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        asked(**members)
    assert caught.value.param == param
    assert param in caught.value.message


def test_an_empty_answer_in_the_history_is_left_out() -> None:
    assert len(asked(input=[USER, {"role": "assistant", "content": []}, USER]).messages) == 2
