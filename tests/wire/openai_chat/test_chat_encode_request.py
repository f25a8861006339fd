"""Requests for upstreams: OpenAI's own way, the vendors' ways, and what is noted or refused."""

from __future__ import annotations

import base64
from typing import Any

import orjson
import pytest
from tests.wire.openai_chat.parts import CASES, asked, body, decoded, encoded, fixture, losses

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
from gateway.neutral.request import Message, Reasoning, Request, ResponseFormat
from gateway.providers import vendor
from gateway.wire.openai_chat.traits import COMPATIBLE, OPENAI

PIXEL = base64.b64encode(b"\x89PNG").decode()
CALL = ToolCall("c1", "f", '{"a":1}', at="messages[0].content[0]")
PLAIN: frozenset[str] = frozenset()


def of(kind: str) -> frozenset[str]:
    return vendor(kind).traits


def request(*messages: Message, **members: Any) -> Request:
    return Request("anthropic_messages", "asked", messages or (user(Text("hi")),), **members)


def user(*blocks: Block) -> Message:
    return Message("user", blocks)


def assistant(*blocks: Block) -> Message:
    return Message("assistant", blocks)


@pytest.mark.parametrize("case", CASES)
def test_fixtures_come_through_whole(case: str) -> None:
    """Decoded and encoded again for OpenAI, every request says what it said."""
    sent = orjson.loads(fixture(case, "request.json"))
    got = encoded(decoded(**sent))
    wanted = {**sent, "model": "up"}
    wanted.pop("stream_options", None)
    found = orjson.loads(orjson.dumps(got.body))
    found.pop("stream_options", None)
    assert found == wanted
    assert got.losses == ()


def test_everything_openai_knows_comes_through_whole() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{ "a": 1.0 }'}}
    free = {"id": "c2", "type": "custom", "custom": {"name": "g", "input": "x"}}
    grammar = {"type": "grammar", "grammar": {"syntax": "lark", "definition": "start: x"}}
    sent = {
        "messages": [
            {"role": "developer", "content": "d", "name": "dev"},
            {"role": "user", "content": [
                {"type": "text", "text": "t"}, {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}", "detail": "high"}},
                {"type": "input_audio", "input_audio": {"data": PIXEL, "format": "wav"}}, {"type": "file", "file": {"file_id": "f1"}},
                {"type": "file", "file": {"filename": "a.pdf", "file_data": f"data:application/pdf;base64,{PIXEL}"}},
            ]},
            {"role": "assistant", "content": "a", "tool_calls": [call, free], "audio": {"id": "au"}}, {"role": "tool", "tool_call_id": "c1",
             "content": "r"},
            {"role": "tool", "tool_call_id": "c2", "content": [{"type": "text", "text": "r"}, {"type": "text", "text": "s"}]},
            {"role": "assistant", "content": None, "refusal": "no"},
        ],
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}, "strict": False}},
                  {"type": "custom", "custom": {"name": "g", "format": grammar}}],
        "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [
            {"type": "function", "function": {"name": "f"}}, {"type": "custom", "custom": {"name": "g"}}]}},
        "parallel_tool_calls": False, "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"},
         "strict": True}},
        "max_completion_tokens": 5, "temperature": 0, "top_p": 1, "stop": ["x"], "seed": 1, "frequency_penalty": 1, "presence_penalty": 1,
         "logit_bias": {"1": 1},
        "logprobs": True, "top_logprobs": 2, "n": 2, "reasoning_effort": "minimal", "verbosity": "low", "safety_identifier": "s",
         "service_tier": "flex",
        "metadata": {"k": "v"}, "prompt_cache_key": "p", "store": True, "modalities": ["text"], "prediction": {"type": "content", "content": "x"},
        "stream": True, "stream_options": {"include_obfuscation": False, "include_usage": True},
    }  # fmt: skip
    found = encoded(decoded(**sent))
    assert orjson.loads(orjson.dumps(found.body)) == {"model": "up", **sent}
    assert found.losses == ()


def test_a_plain_server_is_spoken_to_plainly() -> None:
    sent = decoded(
        messages=[{"role": "developer", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}],
        max_completion_tokens=9, top_k=3, logit_bias={"1": 1}, logprobs=True, top_logprobs=2, n=1, verbosity="low", user="u", metadata={"a": "b"},
         store=True,
        service_tier="flex", prompt_cache_key="p", reasoning_effort="low", temperature=1, stop="x", seed=3, stream=True,
    )  # fmt: skip
    found = encoded(sent, PLAIN)
    assert found.body == {
        "model": "up", "messages": [{"role": "system", "content": "a\n\nb"}], "max_tokens": 9, "temperature": 1, "stop": ["x"], "seed": 3,
         "stream": True,
    }  # fmt: skip
    dropped = {field for field, action in losses(found) if action == "dropped"}
    assert dropped == {
        "top_k", "logit_bias", "logprobs", "top_logprobs", "verbosity", "service_tier", "metadata", "cache_key", "store", "user",
         "reasoning",
    }  # fmt: skip


def test_usage_is_always_asked_for_where_it_is_understood() -> None:
    assert body(decoded(stream=True))["stream_options"] == {"include_usage": True}
    assert "stream_options" not in body(decoded(stream=True), of("mistral"))
    assert "stream" not in body(decoded())


def test_limits() -> None:
    assert body(decoded(max_tokens=100), max_output_tokens=50)["max_completion_tokens"] == 50
    assert losses(encoded(decoded(max_tokens=100), max_output_tokens=50)) == {("max_output_tokens", "approximated")}
    assert losses(encoded(decoded(max_tokens=50), max_output_tokens=50)) == set()
    assert body(decoded(stop=list("abcde")))["stop"] == list("abcd")
    assert losses(encoded(decoded(stop=list("abcde")))) == {("stop", "approximated")}
    assert body(decoded(stop=list("abcde")), PLAIN)["stop"] == list("abcde")
    long = "u" * 65
    assert len(body(decoded(user=long))["safety_identifier"]) == 64
    assert len(body(decoded(prompt_cache_key=long))["prompt_cache_key"]) == 64
    assert losses(encoded(decoded(user=long, prompt_cache_key=long))) == {("user", "approximated"), ("cache_key", "approximated")}  # fmt: skip
    assert body(decoded(user=long), COMPATIBLE)["user"] == long
    assert body(decoded(metadata={"a": 1, "b": "x"}))["metadata"] == {"b": "x"}
    assert losses(encoded(decoded(metadata={"a": 1}))) == {("metadata", "approximated")}


def test_models_without_sampling() -> None:
    facts = frozenset(["reasoning", "no_sampling"])
    found = encoded(decoded(temperature=1, top_p=1, seed=1), capabilities=facts)
    assert losses(found) == {("temperature", "dropped"), ("top_p", "dropped")}
    assert found.body["seed"] == 1
    assert not {"temperature", "top_p"} & set(found.body)


def test_the_seed_of_mistral_and_its_short_ids() -> None:
    sent = asked(
        {"role": "assistant", "content": None, "tool_calls": [{"id": "toolu_01", "type": "function", "function": {"name": "f", "arguments": ""}}]},
        {"role": "tool", "tool_call_id": "toolu_01", "content": "r"},
        seed=1,
    )  # fmt: skip
    found = body(sent, of("mistral"))
    call, result = found["messages"]
    assert found["random_seed"] == 1
    assert "seed" not in found
    short = call["tool_calls"][0]["id"]
    assert short == result["tool_call_id"]
    assert len(short) == 9
    assert short.isalnum()
    assert call["tool_calls"][0]["function"]["arguments"] == "{}"


@pytest.mark.parametrize("call_id", ["toolu_" + "x" * 60, "call:1/2", "ü", "functions.get:0"])
def test_ids_openai_would_refuse_are_adapted_alike(call_id: str) -> None:
    sent = request(assistant(ToolCall(call_id, "f", "{}")), user(ToolResult(call_id, (Text("r"),))))
    call, result = body(sent)["messages"]
    assert call["tool_calls"][0]["id"] == result["tool_call_id"] != call_id
    assert len(result["tool_call_id"]) <= 40
    assert result["tool_call_id"].replace("_", "").isalnum()


def test_results_go_before_the_rest_and_pictures_behind_all_results() -> None:
    picture = Media("image", "image/png", PIXEL, at="messages[1].content[0].content[1]")
    sent = request(
        assistant(CALL, ToolCall("c2", "f", "{}")),
        user(ToolResult("c1", (Text("one"), picture))),
        user(ToolResult("c2", (picture,)), Text("go on")),
    )
    found = encoded(sent)
    roles = [message["role"] for message in found.body["messages"]]
    assert roles == ["assistant", "tool", "tool", "user", "user"]
    _, first, second, pictures, rest = found.body["messages"]
    assert first["content"] == "one"
    assert second["content"] == "(in the message of the user that follows)"
    kinds = [part["type"] for part in pictures["content"]]
    assert kinds == ["text", "image_url", "text", "image_url"]
    assert rest["content"] == "go on"
    assert losses(found) == {(picture.at, "approximated")}


def test_results_say_less_in_tool_messages() -> None:
    strange = Opaque("anthropic_messages", "search_result", {"title": "x"}, at="messages[1].content[0].content[0]")
    result = ToolResult("c1", (strange,), is_error=True, cache=CacheMark(), at="messages[1].content[0]")
    found = encoded(request(assistant(CALL), user(result)))
    assert found.body["messages"][1]["content"] == '{"title":"x"}'
    assert losses(found) == {
        (strange.at, "approximated"), ("messages[1].content[0].is_error", "dropped"), ("cache_control", "dropped"),
    }  # fmt: skip
    assert body(request(assistant(CALL), user(ToolResult("c1", ()))))["messages"][1]["content"] == ""


def test_thoughts_go_back_to_those_who_take_them() -> None:
    foreign = Thinking("hm", Signature("anthropic_messages", "c2ln"), at="messages[0].content[0]")
    sent = request(assistant(foreign, Text("a")))
    assert losses(encoded(sent)) == {(foreign.at, "dropped")}
    assert "reasoning_content" not in body(sent)["messages"][0]
    found = encoded(sent, of("deepseek"))
    assert found.body["messages"][0] == {"role": "assistant", "content": "a", "reasoning_content": "hm"}
    assert losses(found) == {(f"{foreign.at}.signature", "dropped")}
    assert body(sent, of("openrouter"))["messages"][0]["reasoning"] == "hm"


def test_openrouter_gets_its_own_details_back() -> None:
    details = [
        {"type": "reasoning.text", "text": "t", "signature": "s", "id": "r1", "format": "anthropic-claude-v1", "index": 0},
        {"type": "reasoning.encrypted", "data": "xyz", "format": "openai-responses-v1", "index": 1},
    ]  # fmt: skip
    sent = asked({"role": "assistant", "content": "a", "reasoning_details": details})
    found = encoded(sent, of("openrouter"))
    assert found.body["messages"][0]["reasoning_details"] == details
    assert found.losses == ()


def test_what_a_server_put_beside_a_call_goes_back() -> None:
    extra = {"extra_content": {"google": {"thought_signature": "c2ln"}}}
    own = Signature("openai_chat", base64.b64encode(orjson.dumps(extra)).decode())
    sent = request(assistant(ToolCall("c1", "f", "{}", signature=own, at="x")))
    assert body(sent, COMPATIBLE)["messages"][0]["tool_calls"][0]["extra_content"] == extra["extra_content"]
    assert losses(encoded(sent, OPENAI)) == {("x.signature", "dropped")}
    gemini = request(assistant(ToolCall("c1", "f", "{}", signature=Signature("gemini", "c2ln"), at="x")))
    assert losses(encoded(gemini, COMPATIBLE)) == {("x.signature", "dropped")}


def test_refusals_are_text_where_there_is_no_member_for_them() -> None:
    sent = request(assistant(Refusal("no")))
    assert body(sent)["messages"][0] == {"role": "assistant", "content": None, "refusal": "no"}
    assert body(sent, PLAIN)["messages"][0] == {"role": "assistant", "content": "no"}


def test_cache_marks() -> None:
    sent = request(user(Text("a", CacheMark("1h")), Text("b")))
    parts = body(sent, of("openrouter"))["messages"][0]["content"]
    assert parts[0] == {"type": "text", "text": "a", "cache_control": {"type": "ephemeral", "ttl": "1h"}}
    found = encoded(sent)
    assert found.body["messages"][0]["content"][0] == {"type": "text", "text": "a"}
    assert losses(found) == {("cache_control", "dropped")}
    assert losses(encoded(request(user(Text("a", CacheMark()))), PLAIN)) == {("cache_control", "dropped")}


PDF = Media("document", "application/pdf", PIXEL, at="at")


@pytest.mark.parametrize(("media", "traits", "part"), [
    (PDF, OPENAI, {"type": "file", "file": {"filename": "document.pdf", "file_data": f"data:application/pdf;base64,{PIXEL}"}}),
    (PDF, of("mistral"), {"type": "document_url", "document_url": f"data:application/pdf;base64,{PIXEL}"}),
    (Media("document", url="https://x/a.pdf", name="a"), of("mistral"), {"type": "document_url", "document_url": "https://x/a.pdf",
     "document_name": "a"}),
    (Media("document", url="https://x/a.pdf", name="a.pdf"), of("openrouter"), {"type": "file", "file": {"filename": "a.pdf",
     "file_data": "https://x/a.pdf"}}),
    (Media("document", "text/plain", text="words", name="n"), PLAIN, {"type": "text", "text": "n:\n\nwords"}),
    (Media("document", "text/csv", base64.b64encode(b"a,b").decode()), PLAIN, {"type": "text", "text": "a,b"}),
    (Media("document", file_id="f", file_dialect="openai_responses"), OPENAI, {"type": "file", "file": {"file_id": "f"}}),
    (Media("image", data=PIXEL), PLAIN, {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}}),
    (Media("audio", "audio/x-wav", PIXEL), OPENAI, {"type": "input_audio", "input_audio": {"data": PIXEL, "format": "wav"}}),
    (Media("video", url="https://x/v.mp4"), of("vllm"), {"type": "video_url", "video_url": {"url": "https://x/v.mp4"}}),
])  # fmt: skip
def test_media(media: Media, traits: frozenset[str], part: dict[str, object]) -> None:
    assert body(request(user(media)), traits)["messages"][0]["content"] == [part]


@pytest.mark.parametrize(("message", "traits"), [
    (user(PDF), PLAIN), (user(Media("document", url="https://x", at="at")), OPENAI),
    (user(Media("document", file_id="f", file_dialect="gemini", at="at")), OPENAI),
    (user(Media("image", file_id="f", file_dialect="anthropic_messages", at="at")), OPENAI),
    (user(Media("image", url="https://x", at="at")), of("deepseek")),
    (user(Media("audio", url="https://x", at="at")), OPENAI), (user(Media("audio", "audio/wav", PIXEL, at="at")), of("mistral")),
    (user(Media("video", url="https://x", at="at")), OPENAI), (assistant(Media("image", url="https://x", at="at")), OPENAI),
    (user(Opaque("anthropic_messages", "container_upload", {}, at="at")), OPENAI), (user(Media("audio", data=PIXEL, at="at")), OPENAI),
])  # fmt: skip
def test_content_without_a_form_is_refused(message: Message, traits: frozenset[str]) -> None:
    with pytest.raises(CannotCarry) as caught:
        encoded(request(message), traits)
    assert caught.value.param == "at"


def test_json() -> None:
    schema = ResponseFormat("json_schema", {"type": "object"})
    found = encoded(request(format=schema))
    assert found.body["response_format"]["json_schema"] == {"name": "answer", "schema": {"type": "object"}}
    assert losses(found) == {("format", "defaulted")}
    found = encoded(request(format=schema), of("deepseek"))
    assert found.body["response_format"] == {"type": "json_object"}
    assert '{"type":"object"}' in found.body["messages"][0]["content"]
    assert losses(found) == {("format", "approximated")}
    mode = ResponseFormat("json_object")
    assert body(request(format=mode))["messages"][0]["role"] == "system"
    assert losses(encoded(request(format=mode))) == {("format", "approximated")}
    spoken = request(user(Text("as Json please")), format=mode)
    assert len(body(spoken)["messages"]) == 1
    assert losses(encoded(spoken)) == set()
    assert body(request(format=ResponseFormat("text")))["response_format"] == {"type": "text"}


THINKS = frozenset(["reasoning"])


@pytest.mark.parametrize(("wanted", "traits", "facts", "members", "noted"), [
    (Reasoning(effort="high"), OPENAI, None, {"reasoning_effort": "high"}, ()),
    (Reasoning(enabled=False), OPENAI, None, {"reasoning_effort": "none"}, ()),
    (Reasoning(enabled=False), OPENAI, THINKS, {"reasoning_effort": "low"}, ("approximated",)),
    (Reasoning(effort="xhigh"), OPENAI, THINKS | {"effort_xhigh"},
     {"reasoning_effort": "xhigh"}, ()), (Reasoning(effort="xhigh"), OPENAI, THINKS, {"reasoning_effort": "high"}, ("approximated",)),
    (Reasoning(budget=5000), OPENAI, None, {"reasoning_effort": "medium"}, ("approximated",)),
    (Reasoning(effort="low"), OPENAI, frozenset(), {}, ("dropped",)),
    (Reasoning(enabled=False), OPENAI, frozenset(), {}, ()), (Reasoning(enabled=True, adaptive=True), OPENAI, None, {}, ()),
    (Reasoning(effort="low", summary="auto"), OPENAI, None, {"reasoning_effort": "low"}, ("dropped",)),
    (Reasoning(effort="low"), PLAIN, None, {}, ("dropped",)),
    (Reasoning(effort="minimal"), of("mistral"), None, {"reasoning_effort": "high"}, ("approximated",)),
    (Reasoning(enabled=True, budget=2000), of("deepseek"), None, {"thinking": {"type": "enabled"}, "reasoning_effort": "medium"},
     ("approximated",)),
    (Reasoning(enabled=False), of("deepseek"), None, {"thinking": {"type": "disabled"}}, ()),
    (Reasoning(budget=2000, visible=False), of("openrouter"), None, {"reasoning": {"max_tokens": 2000, "exclude": True}}, ()),
    (Reasoning(enabled=True), of("openrouter"), None, {"reasoning": {"enabled": True}}, ()),
])  # fmt: skip
def test_thinking(wanted: Reasoning, traits: frozenset[str], facts: Any, members: dict[str, object], noted: tuple[str, ...]) -> None:  # fmt: skip
    found = encoded(request(reasoning=wanted), traits, capabilities=facts)
    names = ("reasoning", "reasoning_effort", "thinking")
    assert {name: found.body[name] for name in names if name in found.body} == members
    assert tuple(loss.action for loss in found.losses) == noted


def test_names_where_they_are_refused() -> None:
    sent = asked({"role": "user", "content": "x", "name": "Ann"})
    assert losses(encoded(sent, of("groq"))) == {("messages[0].name", "dropped")}
    assert body(sent)["messages"][0]["name"] == "Ann"


def test_extras_of_other_dialects_are_noted_where_they_stood() -> None:
    text = Text("x", extras={"anthropic_messages": {"citations": []}}, at="messages[0].content[0]")
    found = encoded(request(user(text), extras={"anthropic_messages": {"context_management": {}}}))
    assert losses(found) == {("messages[0].content[0].citations", "dropped"), ("context_management", "dropped")}


def test_several_answers_are_refused_where_there_is_one() -> None:
    assert body(decoded(n=2))["n"] == 2
    assert "n" not in body(decoded(n=1), of("groq"))
    assert encoded(decoded(n=1), of("groq")).losses == ()
    with pytest.raises(CannotCarry) as caught:
        encoded(decoded(n=2), of("groq"))
    assert caught.value.param == "choices"


def test_plain_text_documents_stay_in_the_result() -> None:
    notes = Media("document", "text/plain", text="words", name="n.txt", at="at")
    found = encoded(request(assistant(CALL), user(ToolResult("c1", (notes,)))), PLAIN)
    assert [message["content"] for message in found.body["messages"]] == [None, "n.txt:\n\nwords"]
    assert losses(found) == {("at", "approximated")}


def test_tiers() -> None:
    assert body(request(service_tier="default"))["service_tier"] == "default"
    assert losses(encoded(request(service_tier="reserved"))) == {("service_tier", "dropped")}
