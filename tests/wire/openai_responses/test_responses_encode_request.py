"""Requests for upstreams, from clients of other dialects."""

from __future__ import annotations

from typing import Any

import pytest
from openai.types.responses import ResponseInputItem
from pydantic import TypeAdapter
from tests.wire.openai_responses.kit import body, encoded, foreign, losses

from gateway.errors import CannotCarry
from gateway.neutral.blocks import (
    Block,
    CacheMark,
    Media,
    Opaque,
    Refusal,
    Signature,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
)
from gateway.neutral.request import HostedTool, Message, Reasoning, ResponseFormat, Tool, ToolChoice

ITEM: TypeAdapter[Any] = TypeAdapter(ResponseInputItem)
LOOK = Tool("look", "Looks.", {"type": "object", "properties": {}})
THINKS = frozenset(["reasoning", "effort_xhigh"])


def items(*messages: Message, **members: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = body(foreign(*messages, **members))["input"]
    return found


def test_a_conversation() -> None:
    call = ToolCall("call_1", "look", '{"a": 1}')
    found = items(
        Message("system", (Text("Be kind."),)),
        Message("user", (Text("Hi"), Media("image", "image/png", "aGk="))),
        Message("assistant", (Text("Let me."), Refusal("No."), call, Text("Then."))),
        Message("user", (ToolResult("call_1", (Text("x"),)), Text("And?"))),
        Message("developer", (Text("Now."),)),
    )
    assert [item.get("role") or item["type"] for item in found] == [
        *("system", "user", "assistant", "function_call", "assistant", "function_call_output", "user", "developer"),
    ]
    assert found[1]["content"][1] == {
        "type": "input_image",
        "detail": "auto",
        "image_url": "data:image/png;base64,aGk=",
    }
    assert [part["type"] for part in found[2]["content"]] == ["output_text", "refusal"]
    assert found[3]["arguments"] == '{"a": 1}'
    assert found[5]["output"] == "x"
    for item in found:
        if item.get("role") != "assistant":  # the API takes answers without ids, the SDK's type does not
            ITEM.validate_python(item)


def test_nothing_is_stored_unless_asked() -> None:
    found = encoded(foreign())
    assert found.body["store"] is False
    assert losses(found) == set()
    assert body(foreign(store=True))["store"] is True
    assert losses(encoded(foreign(store=False))) == set()


def test_knobs_without_a_form_are_dropped_and_noted() -> None:
    request = foreign(
        stop=("x",), seed=1, top_k=5, frequency_penalty=1, presence_penalty=1, logit_bias={"1": 1}, store=False
    )
    names = {"stop", "seed", "top_k", "frequency_penalty", "presence_penalty", "logit_bias"}
    assert losses(encoded(request)) == {(name, "dropped") for name in names}
    assert not names & encoded(request).body.keys()


def test_several_choices_are_refused() -> None:
    with pytest.raises(CannotCarry) as caught:
        encoded(foreign(choices=2))
    assert caught.value.param == "choices"
    assert "n" not in body(foreign(choices=1))


def test_knobs_that_are_sent() -> None:
    found = body(foreign(temperature=0, top_p=0.5, top_logprobs=2, max_output_tokens=99, verbosity="low", stream=True))
    assert (found["temperature"], found["top_p"], found["top_logprobs"]) == (0, 0.5, 2)
    assert found["include"] == ["message.output_text.logprobs"]
    assert (found["max_output_tokens"], found["text"], found["stream"]) == (99, {"verbosity": "low"}, True)


def test_limits() -> None:
    assert body(foreign(max_output_tokens=5))["max_output_tokens"] == 16
    assert ("max_output_tokens", "approximated") in losses(encoded(foreign(max_output_tokens=5)))
    assert body(foreign(max_output_tokens=99), max_output_tokens=50)["max_output_tokens"] == 50
    long = encoded(foreign(user="u" * 65, cache_key="k" * 65, metadata={"a": 1, "b": "x"}))
    assert len(long.body["safety_identifier"]) == len(long.body["prompt_cache_key"]) == 64
    assert long.body["metadata"] == {"b": "x"}
    assert {("user", "approximated"), ("cache_key", "approximated"), ("metadata", "approximated")} == losses(long)


def test_models_that_take_no_sampling() -> None:
    found = encoded(foreign(temperature=1, store=False), capabilities=frozenset(["no_sampling"]))
    assert losses(found) == {("temperature", "dropped")}


@pytest.mark.parametrize(
    ("wanted", "sent", "noted"),
    [
        (Reasoning(effort="high"), {"effort": "high"}, set()),
        (Reasoning(effort="max"), {"effort": "xhigh"}, {("reasoning", "approximated")}),
        (Reasoning(True, budget=5000), {"effort": "medium", "summary": "auto"}, {("reasoning", "approximated")}),
        (Reasoning(True, budget=5000, visible=False), {"effort": "medium"}, {("reasoning", "approximated")}),
        (Reasoning(True, adaptive=True), {"summary": "auto"}, set()),
        (Reasoning(summary="detailed"), {"summary": "detailed"}, set()),
        (Reasoning(False), {"effort": "low"}, {("reasoning", "approximated")}),
    ],
)
def test_thinking(wanted: Reasoning, sent: dict[str, str], noted: set[tuple[str, str]]) -> None:
    found = encoded(foreign(reasoning=wanted, store=False), capabilities=THINKS)
    assert found.body["reasoning"] == sent
    assert losses(found) == noted
    assert (found.body.get("include") == ["reasoning.encrypted_content"]) is (wanted.enabled is not False)


def test_thoughts_are_asked_for_wherever_a_model_thinks() -> None:
    assert body(foreign(), capabilities=THINKS)["include"] == ["reasoning.encrypted_content"]
    assert "include" not in body(foreign(), capabilities=frozenset())
    assert "include" not in body(foreign())
    found = encoded(foreign(reasoning=Reasoning(effort="low"), store=False), capabilities=frozenset())
    assert losses(found) == {("reasoning", "dropped")}
    assert "reasoning" not in found.body


def test_own_thoughts_return_and_foreign_ones_are_noted() -> None:
    own = Thinking("Hm.", Signature("openai_responses", "gAAAA"))
    foreign_one = Thinking("Ha.", Signature("anthropic_messages", "c2ln"), at="messages[1].content[0]")
    found = encoded(foreign(Message("user", (Text("x"),)), Message("assistant", (foreign_one, own)), store=False))
    assert found.body["input"][1:] == [
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm."}], "encrypted_content": "gAAAA"}
    ]
    assert losses(found) == {("messages[1].content[0]", "dropped")}


def test_tools_are_not_strict_by_omission() -> None:
    found = body(foreign(tools=(LOOK, Tool("bare"), Tool("strict", strict=True))))["tools"]
    assert [tool["strict"] for tool in found] == [False, False, True]
    assert found[1]["parameters"] == {"type": "object", "properties": {}}


def test_custom_tools_and_their_outputs() -> None:
    call = ToolCall("c1", "patch", "text", custom=True)
    tool = Tool("patch", custom=True, format={"type": "grammar", "syntax": "lark", "definition": "x"})
    request = foreign(
        Message("user", (Text("x"),)),
        Message("assistant", (call,)),
        Message("user", (ToolResult("c1", ()),)),
        tools=(tool,),
        tool_choice=ToolChoice("named", ("patch",)),
    )
    found = body(request)
    assert found["tools"][0]["format"] == tool.format
    assert found["tool_choice"] == {"type": "custom", "name": "patch"}
    assert [item["type"] for item in found["input"][1:]] == ["custom_tool_call", "custom_tool_call_output"]
    assert found["input"][2]["output"] == ""


def test_hosted_tools_of_others() -> None:
    hosted = HostedTool("gemini", "googleSearch", {}, "tools[1]")
    assert ("tools[1]", "dropped") in losses(encoded(foreign(tools=(LOOK, hosted))))
    for request in (
        foreign(tools=(hosted,)),
        foreign(tools=(LOOK, hosted), tool_choice=ToolChoice("named", ("googleSearch",))),
    ):
        with pytest.raises(CannotCarry) as caught:
            encoded(request)
        assert caught.value.param == "tools[1]"


def test_allowed_tools() -> None:
    tools = (LOOK, Tool("see"))
    found = body(foreign(tools=tools, tool_choice=ToolChoice("named", ("look", "see"), allowed_only=True)))
    assert found["tool_choice"]["mode"] == "auto"
    assert [one["name"] for one in found["tool_choice"]["tools"]] == ["look", "see"]


def test_long_ids_stay_pairs() -> None:
    long = "call-" + "x" * 100
    found = items(
        Message("user", (Text("x"),)),
        Message("assistant", (ToolCall(long, "look", ""),)),
        Message("user", (ToolResult(long, (Text("a"), Text("b"))),)),
    )
    assert found[1]["call_id"] == found[2]["call_id"]
    assert len(found[1]["call_id"]) <= 64
    assert found[1]["arguments"] == "{}"
    assert [part["text"] for part in found[2]["output"]] == ["a", "b"]


def test_documents() -> None:
    pdf = Media("document", "application/pdf", "JVBERi0=")
    plain = Media("document", "text/plain", "aGk=", name="a.txt")
    stored = Media("document", file_id="file_1", file_dialect="openai_chat")
    parts = items(Message("user", (pdf, plain, stored, Media("document", url="https://example.com/a.pdf"))))[0][
        "content"
    ]
    assert parts == [
        {"type": "input_file", "filename": "document.pdf", "file_data": "data:application/pdf;base64,JVBERi0="},
        {"type": "input_text", "text": "a.txt:\n\nhi"},
        {"type": "input_file", "file_id": "file_1"},
        {"type": "input_file", "file_url": "https://example.com/a.pdf"},
    ]


@pytest.mark.parametrize(
    "block",
    [
        Media("audio", "audio/wav", "aGk=", at="here"),
        Media("video", "video/mp4", "aGk=", at="here"),
        Media("image", file_id="f", file_dialect="anthropic_messages", at="here"),
        Opaque("anthropic_messages", "search_result", {}, at="here"),
        ToolResult("c", (Media("audio", "audio/wav", "aGk=", at="here"),)),
    ],
)
def test_content_without_a_form_is_refused(block: Block) -> None:
    with pytest.raises(CannotCarry) as caught:
        encoded(foreign(Message("user", (block,))))
    assert caught.value.param == "here"


def test_content_of_answers_without_a_form_is_refused() -> None:
    with pytest.raises(CannotCarry):
        encoded(foreign(Message("assistant", (Media("image", "image/png", "aGk=", at="here"),))))


def test_marks_names_errors_and_extras_are_noted() -> None:
    request = foreign(
        Message(
            "user",
            (Text("x", CacheMark("1h"), extras={"anthropic_messages": {"citations": []}}, at="t"),),
            "Eve",
            at="m",
        ),
        Message("assistant", (ToolCall("c", "look", "{}", signature=Signature("gemini", "x"), at="call"),)),
        Message("user", (ToolResult("c", (), is_error=True, at="r"),)),
        service_tier="batch",
        extras={"openai_chat": {"modalities": ["text"]}},
        store=False,
    )
    assert losses(encoded(request)) == {
        ("cache_control", "dropped"),
        ("t.citations", "dropped"),
        ("m.name", "dropped"),
        ("call", "dropped"),
        ("r.is_error", "dropped"),
        ("service_tier", "dropped"),
        ("modalities", "dropped"),
    }


def test_answer_formats() -> None:
    wanted = ResponseFormat("json_schema", {"type": "object"})
    found = encoded(foreign(format=wanted))
    assert found.body["text"]["format"] == {"type": "json_schema", "name": "answer", "schema": {"type": "object"}}
    assert ("format", "defaulted") in losses(found)
    assert body(foreign(format=ResponseFormat("json_object")))["text"] == {"format": {"type": "json_object"}}
