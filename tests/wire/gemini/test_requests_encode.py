"""Requests of other dialects for a Gemini upstream: forms, losses, refusals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from gateway.errors import CannotCarry, InvalidRequest
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
from gateway.neutral.request import Message, Reasoning, Request, ResponseFormat, Role
from gateway.wire.codec import Upstream
from gateway.wire.gemini.contents_encode import PLACEHOLDER
from gateway.wire.gemini.request_encode import encode_request

OWN = Signature("gemini", "Zm9v")
OTHER = Signature("anthropic_messages", "YmFy")
PLAIN = Upstream("gemini-2.5-flash")
THREE = Upstream("gemini-3-pro", capabilities=frozenset(["reasoning", "thinking_level"]))


def said(role: Role, *blocks: Block) -> Message:
    return Message(role, blocks)


def request(*messages: Message, **more: Any) -> Request:
    return Request("openai_chat", "m", messages or (said("user", Text("hi")),), **more)


def sent(asked: Request, upstream: Upstream = PLAIN) -> tuple[dict[str, Any], list[str]]:
    encoded = encode_request(asked, upstream)
    return orjson.loads(orjson.dumps(encoded.body)), [f"{loss.field}: {loss.action}" for loss in encoded.losses]


def refused(asked: Request, upstream: Upstream = PLAIN) -> str | None:
    with pytest.raises(InvalidRequest) as caught:
        encode_request(asked, upstream)
    return caught.value.param


def test_instructions() -> None:
    body, losses = sent(
        request(
            said("system", Text("a"), Text("b")),
            said("developer", Text("c")),
            said("user", Text("x")),
            replace(said("system", Text("later")), at="messages[3]"),
            said("assistant", Text("y")),
        )
    )
    assert body == {
        "systemInstruction": {"parts": [{"text": "a"}, {"text": "b"}, {"text": "c"}]},
        "contents": [
            {"role": "user", "parts": [{"text": "x"}, {"text": "later"}]},
            {"role": "model", "parts": [{"text": "y"}]},
        ],
    }
    assert losses == ["messages[3]: approximated"]


def test_a_question_without_a_word_is_the_providers_to_judge() -> None:
    asked = request(said("user", Text("")), said("assistant", Text("")), said("user", Text("a")))
    assert sent(asked)[0]["contents"] == [{"role": "user", "parts": [{"text": ""}, {"text": "a"}]}]


def test_instructions_hold_text_alone_and_there_must_be_some() -> None:
    assert refused(request(said("system", Text("")))) == "messages"
    assert refused(request(said("system", Media("image", url="https://example.com", at="system[0]")))) == "system[0]"


def test_parallel_calls_and_their_results() -> None:
    calls = said("assistant", Text(""), ToolCall("1", "f", '{"x": 1.0}'), ToolCall("2", "g", ""))
    results = [
        said("user", ToolResult("2", (Text("text"),))),
        said("user", ToolResult("1", (Text('{"t":  1.50}'),), is_error=False)),
    ]
    encoded = encode_request(request(said("user", Text("q")), calls, *results), PLAIN)
    raw = orjson.dumps(encoded.body)
    assert b'"args":{"x": 1.0}' in raw
    assert b'"response":{"t":  1.50}' in raw
    assert orjson.loads(raw)["contents"][1:] == [
        {
            "role": "model",
            "parts": [
                {"functionCall": {"id": "1", "name": "f", "args": {"x": 1.0}}},
                {"functionCall": {"id": "2", "name": "g", "args": {}}},
            ],
        },
        {
            "role": "user",
            "parts": [
                {"functionResponse": {"id": "2", "name": "g", "response": {"output": "text"}}},
                {"functionResponse": {"id": "1", "name": "f", "response": {"t": 1.5}}},
            ],
        },
    ]
    assert encoded.losses == ()


@pytest.mark.parametrize(
    ("blocks", "error", "response"),
    [
        ((), None, {}),
        ((), True, {"error": ""}),
        ((Text("a"), Text("b")), None, {"output": ["a", "b"]}),
        ((Text("boom"),), True, {"error": "boom"}),
        ((Text('{"a":1}'),), True, {"error": {"a": 1}}),
        ((Text('{"error":1}'),), None, {"output": {"error": 1}}),
        ((Text("{broken"),), None, {"output": "{broken"}),
        ((Text("[1]"),), None, {"output": "[1]"}),
    ],
)
def test_forms_of_results(blocks: tuple[Text, ...], error: bool | None, response: dict[str, Any]) -> None:
    call = said("assistant", ToolCall("1", "f", "{}"))
    body, _ = sent(request(said("user", Text("q")), call, said("user", ToolResult("1", blocks, error))))
    assert body["contents"][2]["parts"][0]["functionResponse"]["response"] == response


def test_media_of_results() -> None:
    call = said("assistant", ToolCall("1", "f", "{}", signature=OWN))
    picture = Media("image", "image/png", "aGk=")
    asked = request(said("user", Text("q")), call, said("user", ToolResult("1", (Text("see"), picture))))
    inline = {"inlineData": {"mimeType": "image/png", "data": "aGk="}}
    body, losses = sent(asked)
    assert body["contents"][2]["parts"][1] == inline
    assert losses == ["messages: approximated"]
    body, losses = sent(asked, THREE)
    assert body["contents"][2]["parts"] == [
        {"functionResponse": {"id": "1", "name": "f", "response": {"output": "see"}, "parts": [inline]}}
    ]
    assert losses == []


def test_broken_arguments_and_lost_calls_are_refused() -> None:
    assert refused(request(said("assistant", ToolCall("1", "f", "{oops", at="messages[0].x")))) == "messages[0].x"
    assert refused(request(said("user", ToolResult("9", (), at="messages[0]")))) == "messages[0]"


def test_signatures_stand_where_they_belong() -> None:
    model = said(
        "assistant",
        Thinking("why", OWN),
        Text("text"),
        Thinking("", Signature("gemini", "dGV4dA==")),
        Thinking("", Signature("gemini", "Y2FsbA==")),
        ToolCall("1", "f", "{}"),
        ToolCall("2", "f", "{}", signature=OWN),
        Thinking("", Signature("gemini", "bGFzdA==")),
    )
    body, losses = sent(request(said("user", Text("q")), model))
    assert body["contents"][1]["parts"] == [
        {"text": "why", "thought": True, "thoughtSignature": "Zm9v"},
        {"text": "text"},
        {"text": "", "thoughtSignature": "dGV4dA=="},
        {"functionCall": {"id": "1", "name": "f", "args": {}}, "thoughtSignature": "Y2FsbA=="},
        {"functionCall": {"id": "2", "name": "f", "args": {}}, "thoughtSignature": "Zm9v"},
        {"text": "", "thoughtSignature": "bGFzdA=="},
    ]
    assert losses == []


def test_foreign_signatures_are_left_out_and_noted() -> None:
    model = said(
        "assistant",
        Thinking("why", OTHER, at="m[1].c[0]"),
        Thinking("", OTHER, redacted=True, at="m[1].c[1]"),
        ToolCall("1", "f", "{}", signature=OTHER, at="m[1].c[2]"),
    )
    body, losses = sent(request(said("user", Text("q")), model))
    assert body["contents"][1]["parts"] == [
        {"text": "why", "thought": True},
        {"functionCall": {"id": "1", "name": "f", "args": {}}},
    ]
    assert losses == ["m[1].c[0]: dropped", "m[1].c[1]: dropped", "m[1].c[2]: dropped"]


def test_calls_of_the_turn_get_the_placeholder_where_the_model_demands_one() -> None:
    def step(number: int, signature: Signature | None = None) -> list[Message]:
        name = str(number)
        first = ToolCall(name, "f", "{}", signature=signature)
        return [
            said("assistant", first, ToolCall(name + "b", "f", "{}")),
            said("user", ToolResult(name, ()), ToolResult(name + "b", ())),
        ]

    old = [said("user", Text("old")), *step(0), said("assistant", Text("done")), said("user", Text("new"))]
    asked = request(*old, *step(1), said("user", Text("a hint beside results")), *step(2), *step(3, OWN), *step(4))
    body, losses = sent(asked, THREE)
    calls = [part for content in body["contents"] for part in content["parts"] if "functionCall" in part]
    found = {part["functionCall"]["id"]: part.get("thoughtSignature") for part in calls}
    assert {name for name, value in found.items() if value == PLACEHOLDER} == {"1", "2", "4"}
    assert found["3"] == "Zm9v"
    assert losses == ["messages: defaulted"]
    assert b"skip_thought" not in orjson.dumps(encode_request(asked, PLAIN).body)
    marked = replace(PLAIN, traits=frozenset(["thought_signatures"]))
    assert b"skip_thought" in orjson.dumps(encode_request(asked, marked).body)


def test_media() -> None:
    blocks = (
        Media("image", "image/png", "aGk="),
        Media("image", url="https://example.com/a.png"),
        Media("document", file_id="files/1", file_dialect="gemini", media_type="application/pdf"),
        Media("document", text="plain"),
        Media("audio", "audio/wav", "aGk=", name="a.wav", detail="high", at="at"),
    )
    body, losses = sent(request(said("user", *blocks)))
    assert body["contents"][0]["parts"] == [
        {"inlineData": {"mimeType": "image/png", "data": "aGk="}},
        {"fileData": {"fileUri": "https://example.com/a.png"}},
        {"fileData": {"mimeType": "application/pdf", "fileUri": "files/1"}},
        {"inlineData": {"mimeType": "text/plain", "data": "cGxhaW4="}},
        {"inlineData": {"mimeType": "audio/wav", "data": "aGk="}},
    ]
    assert losses == ["at.detail: dropped", "at.name: dropped"]


@pytest.mark.parametrize(
    "block",
    [
        Media("image", data="aGk=", at="here"),
        Media("document", file_id="file-1", file_dialect="openai_chat", at="here"),
        Opaque("anthropic_messages", "server_tool_use", {}, at="here"),
    ],
)
def test_content_without_a_form_is_refused(block: Block) -> None:
    assert refused(request(said("user", block))) == "here"


def test_small_losses() -> None:
    mark = CacheMark("1h")
    blocks = (
        Text("a", cache=mark, extras={"anthropic_messages": {"citations": []}}, at="m.c[0]"),
        Refusal("no", at="m.c[1]"),
        Text("b", cache=mark),
    )
    body, losses = sent(
        request(
            Message("user", blocks, name="Ada", at="m"),
            extras={"openai_chat": {"modalities": ["text"]}},
            logit_bias={"1": 2.0},
            user="u",
            cache_key="k",
            metadata={"a": "b"},
            verbosity="low",
            store=True,
            parallel_tools=False,
            service_tier="scale",
        )
    )
    assert body == {"contents": [{"role": "user", "parts": [{"text": "a"}, {"text": "no"}, {"text": "b"}]}]}
    names = [
        "logit_bias",
        "verbosity",
        "user",
        "metadata",
        "cache_key",
        "store",
        "parallel_tools",
        "service_tier",
        "modalities",
    ]
    assert losses == [
        "cache_control: dropped",
        "m.c[0].citations: dropped",
        "m.c[1]: approximated",
        "m.name: dropped",
        *[f"{name}: dropped" for name in names],
    ]


def test_settings() -> None:
    body, losses = sent(
        request(
            temperature=0.0,
            top_p=0.5,
            top_k=3,
            max_output_tokens=9,
            stop=("a", "b"),
            seed=0,
            presence_penalty=0.1,
            frequency_penalty=0.2,
            choices=2,
            logprobs=True,
            top_logprobs=3,
            service_tier="flex",
            store=False,
            parallel_tools=True,
        )
    )
    assert body["generationConfig"] == {
        "temperature": 0.0,
        "topP": 0.5,
        "topK": 3,
        "maxOutputTokens": 9,
        "stopSequences": ["a", "b"],
        "seed": 0,
        "presencePenalty": 0.1,
        "frequencyPenalty": 0.2,
        "candidateCount": 2,
        "responseLogprobs": True,
        "logprobs": 3,
    }
    assert body["serviceTier"] == "flex"
    assert losses == []


SCHEMA = {"type": "object", "$defs": {"a": {"type": "string"}}, "additionalProperties": False}


@pytest.mark.parametrize(
    ("wanted", "config", "lost"),
    [
        (ResponseFormat("text"), {"responseMimeType": "text/plain"}, []),
        (ResponseFormat("json_object"), {"responseMimeType": "application/json"}, []),
        (
            ResponseFormat("json_schema", SCHEMA, "n", strict=True),
            {"responseMimeType": "application/json", "responseJsonSchema": SCHEMA},
            [],
        ),
        (ResponseFormat("json_schema", description="d"), {"responseMimeType": "application/json"}, ["format: dropped"]),
    ],
)
def test_structured_output(wanted: ResponseFormat, config: dict[str, Any], lost: list[str]) -> None:
    body, losses = sent(request(format=wanted))
    assert body["generationConfig"] == config
    assert losses == lost


def level(name: str, **more: Any) -> dict[str, Any]:
    return {"includeThoughts": True, "thinkingLevel": name, **more}


def budget(tokens: int, **more: Any) -> dict[str, Any]:
    return {"includeThoughts": True, "thinkingBudget": tokens, **more}


@pytest.mark.parametrize(
    ("wanted", "known", "thinking", "lost"),
    [
        (Reasoning(effort="low"), "thinking_level", level("LOW"), False),
        (Reasoning(effort="xhigh"), "thinking_level", level("HIGH"), True),
        (Reasoning(effort="xhigh"), "thinking_level effort_xhigh", level("XHIGH"), False),
        (Reasoning(effort="minimal"), "thinking_level", level("LOW"), True),
        (Reasoning(effort="minimal"), "thinking_level effort_minimal", level("MINIMAL"), False),
        (Reasoning(enabled=False), "thinking_level effort_minimal", {"thinkingLevel": "MINIMAL"}, True),
        (Reasoning(enabled=True, budget=2000), "thinking_level", level("MEDIUM"), True),
        (Reasoning(enabled=True, adaptive=True), "thinking_level", {"includeThoughts": True}, False),
        (Reasoning(enabled=True, budget=2000), "thinking_budget", budget(2000), False),
        (Reasoning(enabled=True, budget=60_000), "thinking_budget", budget(24_576), True),
        (Reasoning(effort="high"), "thinking_budget", budget(24_576), True),
        (Reasoning(effort="high", visible=False), "thinking_budget", budget(24_576, includeThoughts=False), True),
        (Reasoning(enabled=True, adaptive=True), "thinking_budget", budget(-1), False),
        (Reasoning(enabled=False), "thinking_budget effort_none", {"thinkingBudget": 0}, False),
        (Reasoning(enabled=False), "thinking_budget", {"thinkingBudget": 512}, True),
        (Reasoning(effort="none"), None, {"thinkingBudget": 0}, False),
        (Reasoning(effort="medium"), None, budget(8192), True),
        (Reasoning(effort="medium"), "vision", None, True),
        (Reasoning(enabled=False), "vision", None, False),
        (Reasoning(visible=False), "thinking_budget", {"includeThoughts": False}, False),
        (Reasoning(), "thinking_budget", None, False),
        (Reasoning(summary="auto"), "thinking_budget", {"includeThoughts": True}, False),
    ],
)
def test_thinking(wanted: Reasoning, known: str | None, thinking: dict[str, Any] | None, lost: bool) -> None:
    words = None if known is None else frozenset(known.split())
    body, losses = sent(request(reasoning=wanted), Upstream("g", capabilities=words))
    assert body.get("generationConfig", {}).get("thinkingConfig") == thinking
    assert bool(losses) == lost


def test_custom_calls_become_objects() -> None:
    call = ToolCall("1", "patch", "*** Begin\n", custom=True, at="at")
    body, losses = sent(request(said("user", Text("q")), said("assistant", call)))
    assert body["contents"][1]["parts"][0]["functionCall"]["args"] == {"input": "*** Begin\n"}
    assert losses == ["at: approximated"]


def test_refusals_say_why() -> None:
    with pytest.raises(CannotCarry, match="another provider"):
        encode_request(request(said("user", Opaque("x", "y", {}))), PLAIN)
