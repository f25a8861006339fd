"""Clients' requests into the neutral form."""

from __future__ import annotations

from typing import Any

import pytest
from tests.wire.anthropic_messages.telling import CASES, data, decode

from gateway.errors import InvalidRequest
from gateway.neutral.blocks import CacheMark, Media, Opaque, Signature, Text, Thinking, ToolCall, ToolResult
from gateway.neutral.request import HostedTool, Message, Reasoning, ResponseFormat, Tool, ToolChoice
from gateway.wire import signatures

DIALECT = "anthropic_messages"
HI: list[dict[str, Any]] = [{"role": "user", "content": "Hi"}]


def body(**members: Any) -> dict[str, Any]:
    return {"model": "m", "max_tokens": 10, "messages": HI, **members}


def blocks(*given: dict[str, Any], role: str = "user") -> tuple[Any, ...]:
    turns = [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "f", "input": {}}]},
    ]
    return decode(body(messages=[*turns, {"role": role, "content": list(given)}])).messages[-1].blocks


def test_claude_codes_request_needs_no_block_of_its_own_dialect() -> None:
    request = decode(data("claude_code", "request"))
    found = [block for message in request.messages for block in message.blocks]
    assert not any(isinstance(block, Opaque) for block in found)
    assert request.tools is not None
    assert all(isinstance(tool, Tool) for tool in request.tools)
    assert request.reasoning == Reasoning(True, "medium", adaptive=True)
    assert request.stream
    assert request.max_output_tokens == 32_000
    assert request.user == '{"device_id":"d0","account_uuid":"","session_id":"5f1d"}'
    assert request.extras[DIALECT].keys() == {"context_management"}


def test_the_system_prompt_is_the_leading_message_in_its_own_order() -> None:
    system = decode(data("claude_code", "request")).messages[0]
    assert system.role == "system"
    texts = [block for block in system.blocks if isinstance(block, Text)]
    assert "x-anthropic-billing-header" in system.extras[DIALECT]
    assert [text.cache for text in texts] == [CacheMark("1h"), CacheMark("1h")]
    assert texts[0].extras == {DIALECT: {"cache_control": {"type": "ephemeral", "ttl": "1h", "scope": "global"}}}
    assert texts[1].extras == {}
    assert [text.at for text in texts] == ["system[1]", "system[2]"]
    assert decode(body(system="Be brief.")).messages[0] == Message("system", (Text("Be brief."),))
    assert decode(body(system="")).messages[0].role == "user"


def test_calls_and_their_results() -> None:
    request = decode(data("claude_code", "request"))
    thought, said, call, _ = request.messages[2].blocks
    assert isinstance(thought, Thinking)
    assert thought.signature is not None
    assert thought.signature.dialect == DIALECT
    assert said == Text("I'll look.")
    assert call == ToolCall("toolu_01Glob", "Glob", '{"pattern":"**/app.py"}')
    assert call.at == "messages[1].content[2]"
    first, second = request.messages[3].blocks
    assert first == ToolResult("toolu_01Glob", (Text("/src/app.py"),))
    assert second == ToolResult("toolu_01Bash", (Text("fatal: not a git repository"),), True, cache=CacheMark("1h"))


def test_pictures() -> None:
    _, inline, linked, stored = decode(data("images", "request")).messages[0].blocks
    assert isinstance(inline, Media)
    assert (inline.kind, inline.media_type) == ("image", "image/png")
    assert inline.data
    assert linked == Media("image", url="https://example.com/a.jpg", cache=CacheMark())
    assert stored == Media("image", file_id="file_011C", file_dialect=DIALECT)


def test_documents() -> None:
    pdf, text, linked, stored, chunks, found, _ = decode(data("documents", "request")).messages[0].blocks
    assert isinstance(pdf, Media)
    assert (pdf.kind, pdf.media_type, pdf.name) == ("document", "application/pdf", "Report")
    assert pdf.extras == {DIALECT: {"context": "From 2024.", "citations": {"enabled": True}}}
    assert isinstance(text, Media)
    assert (text.text, text.media_type, text.cache) == ("Grass is green.", "text/plain", CacheMark("5m"))
    assert linked == Media("document", url="https://example.com/b.pdf")
    assert stored == Media("document", file_id="file_012D", file_dialect=DIALECT)
    assert isinstance(chunks, Media)
    assert chunks.text == "Chunk one.\nChunk two."
    assert isinstance(found, Opaque)
    assert found.type == "search_result"


def test_results_with_pictures_and_documents() -> None:
    request = decode(data("tool_results_with_image", "request"))
    first, second, _ = request.messages[2].blocks
    assert isinstance(first, ToolResult)
    assert [type(block) for block in first.blocks] == [Text, Media]
    assert isinstance(second, ToolResult)
    assert [type(block) for block in second.blocks] == [Media, Opaque]
    assert second.is_error is False
    assert request.parallel_tools is False
    assert request.tool_choice == ToolChoice("auto")
    assert request.tools is not None
    assert request.tools[1].extras == {
        DIALECT: {"defer_loading": False, "input_examples": [{"url": "https://example.com"}]}
    }  # type: ignore[union-attr]


def test_a_system_message_between_turns_stays_where_it_is() -> None:
    request = decode(data("mid_system", "request"))
    assert [message.role for message in request.messages] == ["system", "user", "assistant", "user", "system"]
    assert request.messages[-1].at == "messages[3]"


def test_tools_that_the_vendor_runs_or_defines() -> None:
    request = decode(data("server_tools", "request"))
    assert request.tools is not None
    assert [type(tool) for tool in request.tools] == [HostedTool, HostedTool, Tool]
    assert request.extras[DIALECT].keys() == {"container", "mcp_servers"}
    assert [type(block) for block in request.messages[1].blocks] == [Opaque, Opaque, Text]


def test_output_by_a_schema_now_and_before() -> None:
    schema = {"type": "object", "properties": {}}
    form = {"type": "json_schema", "schema": schema}
    for members in ({"output_config": {"format": form}}, {"output_format": form}):
        request = decode(body(**members))
        assert request.format == ResponseFormat("json_schema", schema)
        assert request.extras == {}


@pytest.mark.parametrize(
    ("members", "wanted"),
    [
        ({}, None),
        ({"thinking": {"type": "enabled", "budget_tokens": 2048}}, Reasoning(True, budget=2048)),
        (
            {"thinking": {"type": "enabled", "budget_tokens": 2048, "display": "omitted"}},
            Reasoning(True, budget=2048, visible=False),
        ),
        ({"thinking": {"type": "adaptive", "display": "summarized"}}, Reasoning(True, adaptive=True, visible=True)),
        ({"thinking": {"type": "disabled"}}, Reasoning(False)),
        ({"output_config": {"effort": "max"}}, Reasoning(effort="max")),
    ],
)
def test_thinking(members: dict[str, Any], wanted: Reasoning | None) -> None:
    request = decode(body(**members))
    assert request.reasoning == wanted
    assert request.extras == {}


def test_a_kind_of_thinking_that_came_later_is_kept() -> None:
    request = decode(body(thinking={"type": "between_tools"}))
    assert request.reasoning == Reasoning(True, adaptive=True)
    assert request.extras == {DIALECT: {"thinking": {"type": "between_tools"}}}


def test_knobs() -> None:
    request = decode(
        body(
            temperature=0.5,
            top_p=0.9,
            top_k=5,
            stop_sequences=["a", "b"],
            service_tier="standard_only",
            metadata={"user_id": "u", "x": 1},
        )
    )
    assert (request.temperature, request.top_p, request.top_k, request.stop) == (0.5, 0.9, 5, ("a", "b"))
    assert (request.service_tier, request.user) == ("default", "u")
    assert request.extras == {DIALECT: {"metadata": {"x": 1}}}
    nothing = decode(body())
    assert (nothing.temperature, nothing.tools, nothing.stop, nothing.tool_choice, nothing.parallel_tools) == (
        None,
    ) * 5


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [
        ({"type": "auto"}, ToolChoice("auto")),
        ({"type": "any"}, ToolChoice("required")),
        ({"type": "none"}, ToolChoice("none")),
        ({"type": "tool", "name": "f"}, ToolChoice("named", ("f",))),
    ],
)
def test_tool_choices(choice: dict[str, Any], wanted: ToolChoice) -> None:
    assert decode(body(tool_choice=choice)).tool_choice == wanted


def test_counting_needs_no_limit() -> None:
    asked = {"model": "m", "messages": HI}
    assert decode(asked, counting=True).max_output_tokens is None
    with pytest.raises(InvalidRequest) as wrong:
        decode(asked)
    assert wrong.value.param == "max_tokens"


def test_a_foreign_signature_comes_out_of_its_envelope() -> None:
    foreign = Signature("gemini", "c2ln")
    sealed = signatures.seal(foreign, DIALECT)
    (thought,) = blocks({"type": "thinking", "thinking": "", "signature": sealed}, role="assistant")
    assert thought == Thinking("", foreign)
    (redacted,) = blocks({"type": "redacted_thinking", "data": sealed}, role="assistant")
    assert redacted == Thinking("", foreign, redacted=True)
    assert blocks({"type": "thinking", "thinking": "a", "signature": ""}, role="assistant") == (Thinking("a"),)


def test_unknown_blocks_and_members_are_kept() -> None:
    (unknown,) = blocks({"type": "x_block", "a": 1})
    assert unknown == Opaque(DIALECT, "x_block", {"type": "x_block", "a": 1})
    (known,) = blocks({"type": "text", "text": "a", "x": 1})
    assert known == Text("a", extras={DIALECT: {"x": 1}})
    assert decode(body(messages=[{**HI[0], "x": 1}])).messages[0].extras == {DIALECT: {"x": 1}}


def test_an_answer_can_begin_with_nothing() -> None:
    assert decode(body(messages=[*HI, {"role": "assistant", "content": ""}])).messages[-1].blocks == ()


CALL = {"type": "tool_use", "id": "t", "name": "f", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "t"}
TURN = "messages[0].content[0]"


def said(*given: Any, role: str = "user") -> dict[str, Any]:
    return {"messages": [{"role": role, "content": list(given)}]}


BAD: list[tuple[dict[str, Any], str]] = [
    ({"messages": []}, "messages"),
    ({"messages": "Hi"}, "messages"),
    ({"messages": None}, "messages"),
    ({"messages": ["Hi"]}, "messages[0]"),
    ({"messages": [{"role": "tool", "content": "x"}]}, "messages[0].role"),
    ({"messages": [{"role": ["user"], "content": "x"}]}, "messages[0].role"),
    ({"messages": [{"role": "user"}]}, "messages[0].content"),
    ({"messages": [{"role": "user", "content": ""}]}, "messages[0].content"),
    ({"messages": [{"role": "user", "content": []}]}, "messages[0].content"),
    ({"messages": [{"role": "user", "content": 1}]}, "messages[0].content"),
    ({"messages": [{"role": "assistant", "content": []}, *HI]}, "messages[0].content"),
    ({"messages": [*HI, {"role": "system", "content": [{"type": "image"}]}]}, "messages[1].content[0].type"),
    (said(1), TURN),
    (said({}), f"{TURN}.type"),
    (said({"type": 1}), f"{TURN}.type"),
    (said({"type": "text"}), f"{TURN}.text"),
    (said({"type": "text", "text": 1}), f"{TURN}.text"),
    (said({"type": "text", "text": "a", "cache_control": 1}), f"{TURN}.cache_control"),
    (said({"type": "text", "text": "a", "cache_control": {}}), f"{TURN}.cache_control.type"),
    (said({"type": "image"}), f"{TURN}.source"),
    (said({"type": "image", "source": {"type": "x"}}), f"{TURN}.source.type"),
    (said({"type": "image", "source": {"type": "base64", "data": "a"}}), f"{TURN}.source.media_type"),
    (said({"type": "image", "source": {"type": "url"}}), f"{TURN}.source.url"),
    (said({"type": "document", "source": {"type": "x"}}), f"{TURN}.source.type"),
    (said({"type": "document", "source": {"type": "content", "content": 1}}), f"{TURN}.source.content"),
    (said({"type": "document", "source": {"type": "text", "data": "a"}, "title": 1}), f"{TURN}.title"),
    (said(CALL), f"{TURN}.type"),
    (said({"type": "thinking"}), f"{TURN}.type"),
    (said(RESULT), f"{TURN}.tool_use_id"),
    (said({**RESULT, "content": [RESULT]}), f"{TURN}.content[0].type"),
    (said({**RESULT, "content": 1}), f"{TURN}.content"),
    (said({**RESULT, "is_error": "no"}), f"{TURN}.is_error"),
    (said(RESULT, role="assistant"), f"{TURN}.type"),
    (said({**CALL, "input": "{}"}, role="assistant"), f"{TURN}.input"),
    (said({**CALL, "id": ""}, role="assistant"), f"{TURN}.id"),
    (said({**CALL, "name": None}, role="assistant"), f"{TURN}.name"),
    (said(CALL, CALL, role="assistant"), "messages[0].content[1].id"),
    (said({"type": "thinking", "thinking": 1}, role="assistant"), f"{TURN}.thinking"),
    (said({"type": "thinking", "thinking": "", "signature": 1}, role="assistant"), f"{TURN}.signature"),
    (said({"type": "redacted_thinking"}, role="assistant"), f"{TURN}.data"),
    ({"system": 1}, "system"),
    ({"system": ["a"]}, "system[0]"),
    ({"system": [{"type": "image"}]}, "system[0].type"),
    ({"max_tokens": 0}, "max_tokens"),
    ({"max_tokens": 1.5}, "max_tokens"),
    ({"max_tokens": True}, "max_tokens"),
    ({"max_tokens": "10"}, "max_tokens"),
    ({"max_tokens": 10**12}, "max_tokens"),
    ({"temperature": 1.1}, "temperature"),
    ({"temperature": -1}, "temperature"),
    ({"temperature": "hot"}, "temperature"),
    ({"top_p": True}, "top_p"),
    ({"top_k": -1}, "top_k"),
    ({"stop_sequences": "a"}, "stop_sequences"),
    ({"stop_sequences": ["a", 1]}, "stop_sequences[1]"),
    ({"thinking": "on"}, "thinking"),
    ({"thinking": {}}, "thinking.type"),
    ({"thinking": {"type": "enabled"}}, "thinking.budget_tokens"),
    ({"thinking": {"type": "enabled", "budget_tokens": 0}}, "thinking.budget_tokens"),
    ({"output_config": []}, "output_config"),
    ({"output_config": {"effort": "huge"}}, "output_config.effort"),
    ({"output_config": {"format": {"type": "xml"}}}, "output_config.format.type"),
    ({"output_config": {"format": {"type": "json_schema"}}}, "output_config.format.schema"),
    ({"output_format": {"type": "json_schema"}}, "output_format.schema"),
    ({"metadata": "u"}, "metadata"),
    ({"metadata": {"user_id": 1}}, "metadata.user_id"),
    ({"service_tier": 1}, "service_tier"),
    ({"tools": {}}, "tools"),
    ({"tools": [1]}, "tools[0]"),
    ({"tools": [{"name": "f"}]}, "tools[0].input_schema"),
    ({"tools": [{"input_schema": {}}]}, "tools[0].name"),
    ({"tools": [{"name": "f", "input_schema": {}, "strict": 1}]}, "tools[0].strict"),
    ({"tools": [{"name": "f", "input_schema": {}}] * 2}, "tools[1].name"),
    ({"tool_choice": "auto"}, "tool_choice"),
    ({"tool_choice": {"type": "some"}}, "tool_choice.type"),
    ({"tool_choice": {"type": "tool"}}, "tool_choice.name"),
    ({"tool_choice": {"type": "auto", "disable_parallel_tool_use": 1}}, "tool_choice.disable_parallel_tool_use"),
]


@pytest.mark.parametrize(("members", "param"), BAD, ids=[f"{index}-{param}" for index, (_, param) in enumerate(BAD)])
def test_a_wrong_request_is_refused_by_the_name_of_its_field(members: dict[str, Any], param: str) -> None:
    decode(body())
    with pytest.raises(InvalidRequest) as wrong:
        decode(body(**members))
    assert wrong.value.param == param
    assert param in wrong.value.message


def test_input_nested_too_deep_is_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(400):
        deep = {"a": deep}
    with pytest.raises(InvalidRequest) as wrong:
        decode(body(**said({**CALL, "input": deep}, role="assistant")))
    assert wrong.value.param == f"{TURN}.input"


@pytest.mark.parametrize("case", CASES)
def test_every_block_says_where_it_stood(case: str) -> None:
    body = data(case, "request")
    for message in decode(body).messages:
        for block in message.blocks:
            found: Any = body
            for step in block.at.replace("[", ".[").split("."):
                found = found[int(step[1:-1])] if step.startswith("[") else found[step]
            assert found
