"""Requests for Bedrock: byte for byte as expected, and always what AWS's own validator takes."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.wire.bedrock_converse.aws_side import complaints, load
from tests.wire.bedrock_converse.questions import (
    ADAPTIVE,
    BUDGET,
    CALL,
    CASES,
    CLAUDE,
    NOVA,
    PNG,
    RESULT,
    TOOL,
    ask,
    claude,
    user,
)

from gateway.errors import CannotCarry, InvalidRequest
from gateway.neutral.blocks import CacheMark, Media, Opaque, Signature, Text, Thinking, ToolCall, ToolResult
from gateway.neutral.request import HostedTool, Message, Reasoning, Request, ResponseFormat, Tool, ToolChoice
from gateway.wire.bedrock_converse.codec import CODEC
from gateway.wire.bedrock_converse.media import DocumentNames
from gateway.wire.bedrock_converse.names import adapted, fits
from gateway.wire.codec import Upstream

PLAIN = Upstream("meta.llama3-70b-v1:0")


def encode(request: Request, upstream: Upstream = PLAIN) -> tuple[Any, list[str]]:
    """The body as it goes over the wire, and the losses."""
    encoded = CODEC.encode_request(request, upstream)
    body = orjson.loads(orjson.dumps(encoded.body))
    assert complaints(body) == ""
    return body, [str(loss) for loss in encoded.losses]


@pytest.mark.parametrize("case", CASES)
def test_cases(case: str) -> None:
    question = CASES[case]
    body, losses = encode(question.request, question.upstream)
    assert body == load(f"{case}.request.json")
    assert losses == list(question.losses)


def test_the_validator_complains_when_it_should() -> None:
    body = load("tool_turn.request.json")
    for break_it in (
        lambda: body["messages"][0].pop("role"),
        lambda: body["messages"][0].update(role="tool", content=[{"text": 5}]),
        lambda: body["toolConfig"].pop("tools"),
    ):
        break_it()
        assert complaints(body)


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (ask(user(Media("image", "image/png", url="https://x.example/a.png", at="m0.c0"))), "m0.c0"),
        (ask(user(Media("image", "image/tiff", data=PNG, at="m0.c0"))), "m0.c0"),
        (ask(user(Media("image", data="AAAA", at="m0.c0"))), "m0.c0"),
        (ask(user(Media("document", "application/zip", data=PNG, at="m0.c0"))), "m0.c0"),
        (ask(user(Media("document", file_id="file-1", at="m0.c0"))), "m0.c0"),
        (ask(user(Media("image", "image/png", file_id="file-1", at="m0.c0"))), "m0.c0"),
        (ask(user("a"), Message("assistant", (Media("image", "image/png", data=PNG, at="m1.c0"),))), "m1.c0"),
        (ask(Message("system", (Media("image", "image/png", data=PNG, at="m0.c0"),))), "m0.c0"),
        (ask(user(Opaque("gemini", "executableCode", {}, at="m0.c0"))), "m0.c0"),  # type: ignore[arg-type]
        (ask(user(ToolResult("c", (Opaque("x", "search_result", {}, at="m0.c0.b0"),)))), "m0.c0.b0"),
        (ask(user(ToolResult("c", (Media("audio", "audio/wav", data=PNG, at="m0.c0.b0"),)))), "m0.c0.b0"),
        (ask(user(" ")), "messages"),
        (ask(Message("system", (Text(" "),))), "messages"),
        (ask(choices=2), "choices"),
        (ask(tools=(Tool("a.b", at="tools[0]"),)), "tools[0]"),
        (ask(tools=(Tool("x" * 65, at="tools[0]"),)), "tools[0]"),
        (ask(tools=(TOOL, replace(TOOL, group="g", at="tools[1]"))), "tools[1]"),
        (ask(tools=(HostedTool("gemini", "googleSearch", {}, at="tools[0]"),)), "tools[0]"),
        (
            ask(tools=(TOOL, HostedTool("x", "web_search", {}, at="tools[1]")), tool_choice=ToolChoice("named", ("web_search",))),
            "tools[1]",
        ),
        (ask(tools=(TOOL,), tool_choice=ToolChoice("named", ("nobody",))), "tool_choice"),
        (ask(tool_choice=ToolChoice("required")), "tool_choice"),
    ],
)  # fmt: skip
def test_what_has_no_form_is_refused_by_name(request_: Request, field: str) -> None:
    with pytest.raises(CannotCarry) as refused:
        CODEC.encode_request(request_, PLAIN)
    assert refused.value.param == field
    assert field in refused.value.message


def test_a_file_kept_elsewhere_is_refused_as_that() -> None:
    for kind in ("image", "document"):
        with pytest.raises(CannotCarry, match="keeps no files"):
            CODEC.encode_request(ask(user(Media(kind, file_id="file-1", at="m0.c0"))), PLAIN)


@pytest.mark.parametrize(
    "wanted",
    [ResponseFormat("json_object"), ResponseFormat("json_object", {"type": "object"}), ResponseFormat("json_schema")],
)
def test_json_of_any_form_is_asked_for_in_words(wanted: ResponseFormat) -> None:
    body, losses = encode(ask(Message("system", (Text("Be brief."),)), user("Hi"), format=wanted))
    assert body["system"][0] == {"text": "Be brief."}
    assert "one JSON object" in body["system"][1]["text"]
    assert "outputConfig" not in body
    assert losses == ["format: approximated: there is no mode for any JSON: the model is told so"]


def test_a_schema_is_enforced_told_or_left_alone() -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer", "minimum": 1}}}
    request = ask(format=ResponseFormat("json_schema", schema))
    body, losses = encode(request, claude())
    sent = orjson.loads(body["outputConfig"]["textFormat"]["structure"]["jsonSchema"]["schema"])
    assert sent["additionalProperties"] is False
    assert "minimum" not in sent["properties"]["n"]
    assert losses == ["format: approximated: rules that the provider cannot enforce are told to the model instead"]
    body, losses = encode(request, claude(capabilities=frozenset({"tools"})))
    assert orjson.dumps(schema).decode() in body["system"][0]["text"]
    assert losses == ["format: approximated: the model does not enforce schemas: it is told the schema"]
    body, losses = encode(replace(request, dialect="anthropic_messages"), claude(capabilities=frozenset({"tools"})))
    assert orjson.loads(body["outputConfig"]["textFormat"]["structure"]["jsonSchema"]["schema"]) == schema
    assert losses == []
    assert "outputConfig" not in encode(ask(format=ResponseFormat("text")))[0]


def test_strict_tools() -> None:
    tool = Tool("f", schema={"type": "object", "properties": {}}, strict=True, at="tools[0]")
    body, losses = encode(ask(tools=(tool,)), claude())
    assert body["toolConfig"]["tools"][0]["toolSpec"]["inputSchema"]["json"]["additionalProperties"] is False
    assert losses == [
        "tools[0].parameters: approximated: rules that the provider cannot enforce are told to the model instead"
    ]
    body, losses = encode(ask(tools=(tool,)), claude(capabilities=frozenset({"tools"})))
    assert body["toolConfig"]["tools"][0] == {"toolSpec": {"name": "f", "inputSchema": {"json": tool.schema}}}
    assert losses == ["tools[0].strict: dropped: this model does not enforce schemas"]


def test_parameters_are_always_an_object() -> None:
    for schema in ({}, {"properties": {"a": {}}}, {"anyOf": [{"type": "object"}]}):
        body, losses = encode(ask(tools=(Tool("f", " ", schema),)))
        assert body["toolConfig"]["tools"][0] == {
            "toolSpec": {"name": "f", "inputSchema": {"json": {"type": "object", **schema}}}
        }
        assert losses == []


def test_arguments_that_are_no_object_are_the_clients_fault() -> None:
    for arguments in ("[1]", "{", '"x"'):
        call = Message("assistant", (ToolCall("c", "get_weather", arguments, at="messages[1].x"),))
        with pytest.raises(InvalidRequest) as refused:
            CODEC.encode_request(ask(user("a"), call), PLAIN)
        assert refused.value.param == "messages[1].x"


def test_arguments_go_as_they_were_written() -> None:
    call = ToolCall("c", "get_weather", '{"n": 12345678901234567890, "f": 1.0e+2}')
    encoded = CODEC.encode_request(ask(user("a"), Message("assistant", (call,)), tools=(TOOL,)), PLAIN)
    assert call.arguments.encode() in orjson.dumps(encoded.body)


def test_a_model_that_refuses_a_forced_tool() -> None:
    upstream = claude(capabilities=ADAPTIVE | {"no_forced_tools"})
    with pytest.raises(CannotCarry):
        CODEC.encode_request(ask(tools=(TOOL,), tool_choice=ToolChoice("required")), upstream)
    body, losses = encode(ask(tools=(TOOL,), tool_choice=ToolChoice("auto")), upstream)
    assert "toolChoice" not in body["toolConfig"]
    assert losses == []


@pytest.mark.parametrize(
    ("wanted", "capabilities", "fields", "effort"),
    [
        (Reasoning(enabled=True, budget=3000), BUDGET, {"type": "enabled", "budget_tokens": 3000}, None),
        (Reasoning(enabled=True, budget=3000, effort="high"), BUDGET, {"type": "enabled", "budget_tokens": 3000}, None),
        (Reasoning(enabled=True, budget=3000, effort="high"), BUDGET | {"effort"}, {"type": "enabled", "budget_tokens": 3000}, "high"),
        (Reasoning(enabled=True, budget=300), BUDGET, {"type": "enabled", "budget_tokens": 1024}, None),
        (Reasoning(enabled=True), BUDGET, {"type": "enabled", "budget_tokens": 8192}, None),
        (Reasoning(adaptive=True), BUDGET, {"type": "enabled", "budget_tokens": 8192}, None),
        (Reasoning(effort="low"), BUDGET, {"type": "enabled", "budget_tokens": 1024}, None),
        (Reasoning(effort="low"), BUDGET | ADAPTIVE, {"type": "adaptive"}, "low"),
        (Reasoning(budget=3000), BUDGET | ADAPTIVE, {"type": "enabled", "budget_tokens": 3000}, None),
        (Reasoning(budget=20_000), ADAPTIVE, {"type": "adaptive"}, "high"),
        (Reasoning(effort="low", visible=True), None, {"type": "adaptive", "display": "summarized"}, "low"),
        (Reasoning(budget=3000), None, {"type": "enabled", "budget_tokens": 3000}, None),
        (Reasoning(effort="low", summary="auto"), ADAPTIVE, {"type": "adaptive", "display": "summarized"}, "low"),
        (Reasoning(effort="low", summary="auto", visible=False), ADAPTIVE, {"type": "adaptive", "display": "omitted"}, "low"),
        (Reasoning(enabled=False), BUDGET, {"type": "disabled"}, None),
        (Reasoning(budget=0), BUDGET, {"type": "disabled"}, None),
        (Reasoning(enabled=False, effort="max"), ADAPTIVE, {"type": "disabled"}, "high"),
        (Reasoning(enabled=False), frozenset({"tools"}), None, None),
        (Reasoning(effort="high"), frozenset({"tools"}), None, None),
    ],
)  # fmt: skip
def test_claudes_ways_to_think(wanted: Reasoning, capabilities: Any, fields: Any, effort: str | None) -> None:
    body, _ = encode(ask(reasoning=wanted), claude(capabilities=capabilities))
    assert body.get("additionalModelRequestFields", {}).get("thinking") == fields
    assert body.get("outputConfig", {}).get("effort") == effort


def test_thinking_leaves_room_for_the_answer() -> None:
    body, _ = encode(ask(reasoning=Reasoning(effort="high"), max_output_tokens=8000), claude())
    assert body["additionalModelRequestFields"]["thinking"]["budget_tokens"] == 4000
    body, _ = encode(ask(reasoning=Reasoning(budget=9000), max_output_tokens=8000), claude())
    assert body["additionalModelRequestFields"]["thinking"]["budget_tokens"] == 7999
    for request, why in (
        (ask(reasoning=Reasoning(effort="high"), max_output_tokens=1024), "the answer's limit leaves no room for thoughts"),
        (
            ask(reasoning=Reasoning(effort="high"), tools=(TOOL,), tool_choice=ToolChoice("required")),
            "this model does not think when a tool is forced",
        ),
    ):  # fmt: skip
        body, losses = encode(request, claude())
        assert "additionalModelRequestFields" not in body
        assert losses == [f"reasoning: dropped: {why}"]


def test_an_effort_alone_asks_for_no_thoughts_in_anthropics_dialect() -> None:
    wanted = {"reasoning": Reasoning(effort="max"), "temperature": 0.5}
    body, losses = encode(ask(**wanted, dialect="anthropic_messages"), claude(capabilities=BUDGET | {"effort"}))
    assert "additionalModelRequestFields" not in body
    assert body["outputConfig"] == {"effort": "high"}
    assert body["inferenceConfig"] == {"temperature": 0.5}
    assert losses == ["reasoning: approximated: this effort is not known there"]
    _, losses = encode(ask(**wanted, dialect="anthropic_messages"), claude())
    assert losses == ["reasoning: dropped: this model takes no effort, but a number of tokens"]


@pytest.mark.parametrize("capabilities", [BUDGET, ADAPTIVE])
def test_what_hinders_thoughts(capabilities: frozenset[str]) -> None:
    begun = Message("assistant", (Text("So"),))
    for request, why in (
        (ask(user("a"), begun, reasoning=Reasoning(effort="low")), "this model does not think when it goes on with given words"),
        (
            ask(reasoning=Reasoning(effort="low"), tools=(TOOL,), tool_choice=ToolChoice("required")),
            "this model does not think when a tool is forced",
        ),
    ):  # fmt: skip
        body, losses = encode(request, claude(capabilities=capabilities))
        assert "additionalModelRequestFields" not in body
        assert body.get("outputConfig", {}).get("effort") == ("low" if capabilities is ADAPTIVE else None)
        assert losses == [f"reasoning: dropped: {why}"]
    answered = ask(user("a"), CALL, RESULT, tools=(TOOL,), reasoning=Reasoning(effort="low"))
    body, losses = encode(answered, claude(capabilities=capabilities))
    assert ("additionalModelRequestFields" in body) is (capabilities is ADAPTIVE)
    assert len(losses) == (0 if capabilities is ADAPTIVE else 1)


def test_families_are_told_by_traits_and_capabilities_never_by_name() -> None:
    for upstream in (Upstream("anthropic.claude-x"), Upstream("amazon.nova-x"), Upstream("openai.gpt-x")):
        body, losses = encode(ask(top_k=3, reasoning=Reasoning(effort="low")), upstream)
        assert "additionalModelRequestFields" not in body
        assert len(losses) == 2
    assert encode(ask(top_k=3), claude())[0]["additionalModelRequestFields"] == {"top_k": 3}
    assert encode(ask(top_k=3), Upstream("x", capabilities=BUDGET))[0]["additionalModelRequestFields"] == {"top_k": 3}
    nova = encode(ask(top_k=3), Upstream("x", traits=NOVA))[0]
    assert nova["additionalModelRequestFields"] == {"inferenceConfig": {"topK": 3}}


def test_cache_points_follow_the_catalog_first() -> None:
    marked = ask(user(Text("a", cache=CacheMark("1h"))))
    assert "cachePoint" in encode(marked, claude())[0]["messages"][0]["content"][1]
    assert "cachePoint" in encode(marked, claude(capabilities=None))[0]["messages"][0]["content"][1]
    body, losses = encode(marked, claude(capabilities=frozenset({"tools"})))
    assert len(body["messages"][0]["content"]) == 1
    assert losses == ["cache_control: dropped: this model takes no cache points"]
    body, losses = encode(ask(user(Text("", cache=CacheMark()), "b")), claude())
    assert losses == ["cache_control: dropped: there is nothing before it to cache"]


def test_ids_are_adapted_and_stay_apart() -> None:
    assert adapted("tooluse_-1") == "tooluse_-1"
    strange = ["", "a b", "é", "x" * 65, "a.b", "a:b", "a/b", "_", "-"]
    made = [adapted(name) for name in strange]
    assert all(fits(name) for name in made)
    assert len(set(made)) == len(strange)
    assert made == [adapted(name) for name in strange]


@given(st.lists(st.none() | st.text(max_size=90), max_size=12))
def test_document_names(wanted: list[str | None]) -> None:
    names = DocumentNames()
    made = [names.name(name) for name in wanted]
    assert len(set(made)) == len(made)
    for name in made:
        assert 0 < len(name) <= 64
        assert "  " not in name
        assert all(sign.isascii() and (sign.isalnum() or sign in "-()[] ") for sign in name)


@pytest.mark.parametrize(("asked", "sent"), [(0, 0), (1, 1), (1.01, 1), (2, 1)])
def test_the_highest_temperature(asked: float, sent: float) -> None:
    body, losses = encode(ask(temperature=asked))
    assert body["inferenceConfig"] == {"temperature": sent}
    assert len(losses) == (asked != sent)


@pytest.mark.parametrize(("asked", "sent"), [(None, None), (99, 99), (100, 100), (101, 100)])
def test_the_models_own_limit(asked: int | None, sent: int | None) -> None:
    body, losses = encode(ask(max_output_tokens=asked), Upstream("m", max_output_tokens=100))
    assert body.get("inferenceConfig", {}).get("maxTokens") == sent
    assert len(losses) == (asked != sent)


def test_metadata_stops_at_sixteen() -> None:
    body, losses = encode(ask(metadata={f"k{number}": "v" for number in range(20)}))
    assert len(body["requestMetadata"]) == 16
    assert len(losses) == 1


_text = st.text(max_size=8)
_ids = st.sampled_from(["call_1", "call 2", "c" * 80])
_blocks = st.one_of(
    st.builds(Text, _text, cache=st.none() | st.builds(CacheMark, st.sampled_from([None, "5m", "1h"]))),
    st.builds(lambda name: Media("document", "application/pdf", data=PNG, name=name), _text | st.none()),
    st.just(Media("image", "image/png", data=PNG)),
    st.builds(ToolResult, _ids, st.lists(st.builds(Text, _text), max_size=2).map(tuple), is_error=st.none() | st.booleans()),
)  # fmt: skip
_said = st.one_of(
    st.builds(Text, _text),
    st.builds(ToolCall, _ids, st.sampled_from(["get_weather", "my tool"]), st.sampled_from(["", "{}", '{"a":[1,"é"]}'])),
    st.builds(Thinking, _text, st.sampled_from([None, Signature("bedrock_converse", "c2ln"), Signature("gemini", "x")])),
)  # fmt: skip
_messages = st.lists(
    st.one_of(
        st.builds(Message, st.just("user"), st.lists(_blocks, max_size=3).map(tuple)),
        st.builds(Message, st.just("assistant"), st.lists(_said, max_size=3).map(tuple)),
        st.builds(Message, st.sampled_from(["system", "developer"]), st.lists(st.builds(Text, _text), max_size=2).map(tuple)),
    ),
    max_size=6,
)  # fmt: skip
_upstreams = st.builds(
    lambda traits, known: Upstream("m", capabilities=known, traits=traits),
    st.sampled_from([frozenset[str](), CLAUDE, NOVA, frozenset({"reasoning_effort"})]),
    st.sampled_from([None, BUDGET, ADAPTIVE, BUDGET | ADAPTIVE, frozenset[str]()]),
)
_knobs = st.fixed_dictionaries(
    {},
    optional={
        "temperature": st.floats(0, 2),
        "top_p": st.floats(0, 1),
        "top_k": st.integers(1, 100),
        "max_output_tokens": st.integers(1, 9000),
        "stop": st.lists(_text, max_size=3).map(tuple),
        "tools": st.sampled_from([(), (TOOL,), (TOOL, Tool("b", "", strict=True))]),
        "tool_choice": st.builds(ToolChoice, st.sampled_from(["auto", "none"])),
        "parallel_tools": st.booleans(),
        "reasoning": st.builds(
            Reasoning,
            st.none() | st.booleans(),
            st.sampled_from([None, "none", "minimal", "low", "high", "max"]),
            st.none() | st.integers(0, 99_999),
            st.booleans(),
        ),
        "metadata": st.dictionaries(_text, _text, max_size=3),
        "service_tier": st.sampled_from(["auto", "flex", "standard_only", "?"]),
    },
)


@settings(max_examples=150, deadline=None)
@given(_messages, _knobs, _upstreams)
def test_any_request_is_one_that_bedrock_takes(messages, knobs, upstream) -> None:
    """By the shapes and by the rules that the service enforces beyond them."""
    body, _ = encode(ask(user("Hi"), *messages, **knobs), upstream)
    roles = [message["role"] for message in body["messages"]]
    assert all(one != two for one, two in itertools.pairwise(roles))
    parts = [part for message in body["messages"] for part in message["content"]]
    assert all(message["content"] for message in body["messages"])
    assert all(part["text"].strip() for part in [*parts, *body.get("system", ())] if "text" in part)
    spoken = any("toolUse" in part for part in parts)
    assert "toolConfig" in body or not spoken
    calls = [part["toolUse"] for part in parts if "toolUse" in part]
    assert all(fits(call["toolUseId"]) and fits(call["name"]) for call in calls)
    names = [part["document"]["name"] for part in parts if "document" in part]
    assert len(set(names)) == len(names)
    thinking = body.get("additionalModelRequestFields", {}).get("thinking", {})
    if "budget_tokens" in thinking:
        assert 1024 <= thinking["budget_tokens"] < body.get("inferenceConfig", {}).get("maxTokens", 10**9)


def test_the_cost_of_a_small_request() -> None:
    """≤ 1 ms is the aim for both ways; ten times as much is a fault on any machine."""
    question = CASES["tool_turn"]
    began = time.perf_counter()
    for _ in range(100):
        orjson.dumps(CODEC.encode_request(question.request, question.upstream).body)
    assert (time.perf_counter() - began) / 100 < 10e-3
