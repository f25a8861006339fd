"""Clients' Chat Completions requests in the neutral form."""

from __future__ import annotations

import base64

import orjson
import pytest
from tests.wire.openai_chat.parts import asked, decoded

from gateway.errors import InvalidRequest
from gateway.neutral.blocks import CacheMark, Media, Opaque, Refusal, Signature, Text, Thinking, ToolCall, ToolResult
from gateway.neutral.request import HostedTool, Message, Reasoning, ResponseFormat, Tool, ToolChoice
from gateway.wire import signatures
from gateway.wire.openai_chat.codec import CODEC

PIXEL = base64.b64encode(b"\x89PNG").decode()
CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a":1}'}}
USER = {"role": "user", "content": "hi"}


def called(*calls: object, **more: object) -> dict[str, object]:
    return {"role": "assistant", "content": None, "tool_calls": list(calls), **more}


def test_every_knob() -> None:
    found = decoded(
        max_completion_tokens=5, temperature=1, top_p=0.5, top_k=3, stop="x", seed=-4, frequency_penalty=-2, presence_penalty=2,
         logit_bias={"1": -100}, logprobs=True,
        top_logprobs=0, n=2, parallel_tool_calls=False, reasoning_effort="xhigh", verbosity="low", user="u", service_tier="flex", metadata={"k": "v"},
        prompt_cache_key="p", store=False, stream=True, stream_options={"include_usage": True, "include_obfuscation": False}, modalities=["text"],
         prediction=None,
    )  # fmt: skip
    assert (found.max_output_tokens, found.temperature, found.top_p, found.top_k, found.stop) == (5, 1, 0.5, 3, ("x",))
    assert (found.seed, found.frequency_penalty, found.presence_penalty, found.logit_bias) == (-4, -2, 2, {"1": -100})
    assert (found.logprobs, found.top_logprobs, found.choices, found.parallel_tools) == (True, 0, 2, False)
    assert (found.reasoning, found.verbosity, found.user) == (Reasoning(effort="xhigh"), "low", "u")
    assert (found.service_tier, found.metadata, found.cache_key, found.store) == ("flex", {"k": "v"}, "p", False)
    assert (found.stream, found.stream_usage) == (True, True)
    assert found.extras == {"openai_chat": {"modalities": ["text"], "stream_options": {"include_obfuscation": False}}}


def test_absent_and_null_say_nothing() -> None:
    nulls = decoded(temperature=None, stop=None, tools=None, max_tokens=None, metadata=None, stream_options=None)
    assert nulls == decoded()
    assert nulls.temperature is None
    assert nulls.tools is None
    assert nulls.extras == {}


def test_the_older_names() -> None:
    assert decoded(max_tokens=9).max_output_tokens == 9
    assert decoded(max_tokens=9, max_completion_tokens=9).max_output_tokens == 9
    assert decoded(safety_identifier="s", user="u").user == "s"
    assert decoded(safety_identifier="s", user="u").extras == {"openai_chat": {"user": "u"}}
    assert decoded(stop=["a", "b"]).stop == ("a", "b")


def test_roles_and_their_places() -> None:
    found = asked(
        {"role": "system", "content": "s"},
        {"role": "developer", "content": [{"type": "text", "text": "d"}], "name": "n"},
        USER,
        {"role": "assistant", "content": "a", "name": "bot", "x_more": 1},
    ).messages
    assert found == (
        Message("system", (Text("s"),)),
        Message("developer", (Text("d"),), "n"),
        Message("user", (Text("hi"),)),
        Message("assistant", (Text("a"),), "bot", {"openai_chat": {"x_more": 1}}),
    )
    assert [message.at for message in found] == [f"messages[{n}]" for n in range(4)]
    assert found[1].blocks[0].at == "messages[1].content[0]"


@pytest.mark.parametrize(("part", "block"), [
    ({"type": "text", "text": "x", "cache_control": {"type": "ephemeral", "ttl": "1h"}, "q": 1}, Text("x", CacheMark("1h"),
     extras={"openai_chat": {"q": 1}})),
    ({"type": "image_url", "image_url": {"url": "https://x/y.png", "detail": "low"}}, Media("image", url="https://x/y.png", detail="low")),
    ({"type": "image_url", "image_url": "https://x/y.png"}, Media("image", url="https://x/y.png")),
    ({"type": "image_url", "image_url": {"url": f"data:image/PNG;base64,{PIXEL}"}}, Media("image", "image/png", PIXEL)),
    ({"type": "image_url", "image_url": {"url": f"data:image/png;x=1;base64,{PIXEL}"}}, Media("image", "image/png", PIXEL)),
    ({"type": "input_audio", "input_audio": {"data": PIXEL, "format": "mp3"}}, Media("audio", "audio/mpeg", PIXEL)),
    ({"type": "input_audio", "input_audio": {"data": PIXEL, "format": "flac"}}, Media("audio", "audio/flac", PIXEL)),
    ({"type": "video_url", "video_url": {"url": "https://x/v.mp4"}}, Media("video", url="https://x/v.mp4")),
    ({"type": "file", "file": {"file_id": "f1"}}, Media("document", file_id="f1", file_dialect="openai_chat")),
    ({"type": "file", "file": {"file_data": f"data:application/pdf;base64,{PIXEL}", "filename": "a.pdf"}}, Media("document", "application/pdf",
     PIXEL, name="a.pdf")),
    ({"type": "file", "file": {"file_data": PIXEL, "filename": "a.pdf"}}, Media("document", "application/pdf", PIXEL, name="a.pdf")),
    ({"type": "file", "file": {"file_data": "https://x/a.pdf"}}, Media("document", url="https://x/a.pdf")),
    ({"type": "x_new", "a": 1}, Opaque("openai_chat", "x_new", {"type": "x_new", "a": 1})),
])  # fmt: skip
def test_parts(part: dict[str, object], block: object) -> None:
    message = asked({"role": "user", "content": [part]}).messages[0]
    assert message.blocks == (block,)
    assert message.blocks[0].at == "messages[0].content[0]"


def test_a_mark_on_the_message_is_one_on_its_last_part() -> None:
    message = {
        "role": "user",
        "cache_control": {"type": "ephemeral"},
        "content": [{"type": "text", "text": t} for t in "ab"],
    }
    assert asked(message).messages[0].blocks == (Text("a"), Text("b", CacheMark()))
    assert asked({**message, "content": "c"}).messages[0].blocks == (Text("c", CacheMark()),)


def test_calls_and_results() -> None:
    custom = {"id": "c2", "type": "custom", "custom": {"name": "g", "input": "free"}}
    found = asked(
        called(CALL, custom, content=""),
        {"role": "tool", "tool_call_id": "c2", "content": [{"type": "text", "text": "r2"}]},
        {"role": "tool", "tool_call_id": "c1", "content": "r1", "cache_control": {"type": "ephemeral"}},
    ).messages
    assert found[0].blocks == (ToolCall("c1", "f", '{"a":1}'), ToolCall("c2", "g", "free", custom=True))
    assert found[1].blocks == (ToolResult("c2", (Text("r2"),), custom=True),)
    assert found[2].blocks == (ToolResult("c1", (Text("r1"),), cache=CacheMark()),)
    assert found[2].role == "user"
    assert found[2].blocks[0].at == "messages[2]"


def test_functions_are_tools_under_their_old_name() -> None:
    found = asked(
        {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "{}"}},
        {"role": "function", "name": "f", "content": "r"},
        functions=[{"name": "f", "parameters": {"type": "object"}}],
        function_call={"name": "f"},
    )
    call, result = found.messages[0].blocks[0], found.messages[1].blocks[0]
    assert isinstance(call, ToolCall)
    assert result == ToolResult(call.id, (Text("r"),), name="f")
    assert found.tools == (Tool("f", schema={"type": "object"}),)
    assert found.tools[0].at == "functions[0]"
    assert found.tool_choice == ToolChoice("named", ("f",))
    assert decoded(functions=[{"name": "f"}], function_call="auto").tool_choice == ToolChoice("auto")


def test_refusals() -> None:
    found = asked(
        {"role": "assistant", "content": [{"type": "refusal", "refusal": "no"}]},
        {"role": "assistant", "content": None, "refusal": "never"},
    ).messages
    assert found[0].blocks == (Refusal("no"),)
    assert found[1].blocks == (Refusal("never"),)


def test_thoughts_come_first() -> None:
    for name in ("reasoning_content", "reasoning"):
        message = asked({"role": "assistant", "content": "a", name: "hm"}).messages[0]
        assert message.blocks == (Thinking("hm"), Text("a"))


def test_sealed_signatures_are_opened() -> None:
    signature = Signature("anthropic_messages", "c2ln")
    sealed = signatures.seal(signature, "openai_chat")
    details = [
        {"type": "reasoning.text", "text": "hm", "signature": sealed, "index": 0},
        {"type": "reasoning.encrypted", "data": sealed},
        {"type": "reasoning.text", "text": ""},
        {"type": "reasoning.summary", "summary": "short"},
    ]
    message = {"role": "assistant", "content": "a", "reasoning_content": "hm", "reasoning_details": details}
    blocks = asked(message).messages[0].blocks
    assert blocks == (Thinking("hm", signature), Thinking("", signature, redacted=True), Thinking("short"), Text("a"))
    alone = {**message, "reasoning_details": [{"type": "reasoning.text", "signature": sealed}]}
    assert asked(alone).messages[0].blocks == (Thinking("hm", signature), Text("a"))


def test_signatures_of_openrouter_are_kept_whole() -> None:
    entry = {
        "type": "reasoning.text",
        "text": "t",
        "signature": "s",
        "id": "r1",
        "format": "anthropic-claude-v1",
        "index": 0,
    }
    block = asked({"role": "assistant", "content": "a", "reasoning_details": [entry]}).messages[0].blocks[0]
    assert isinstance(block, Thinking)
    assert block.signature is not None
    assert (block.text, block.signature.dialect) == ("t", "openai_chat")
    kept = orjson.loads(base64.b64decode(block.signature.data))
    assert kept == {name: value for name, value in entry.items() if name != "text"}


def test_googles_signature_stands_on_the_call() -> None:
    extra = {"google": {"thought_signature": "c2ln"}}
    block = asked(called({**CALL, "extra_content": extra})).messages[0].blocks[0]
    assert block == ToolCall("c1", "f", '{"a":1}', signature=Signature("gemini", "c2ln"))


def test_tools_and_choices() -> None:
    grammar = {"type": "grammar", "grammar": {"syntax": "lark", "definition": "start: x"}}
    tools = [
        {"type": "function", "function": {"name": "f", "description": "d", "parameters": {"type": "object"}, "strict": True}},
        {"type": "custom", "custom": {"name": "g", "format": grammar}, "cache_control": {"type": "ephemeral"}},
        {"type": "web_search", "x": 1},
    ]  # fmt: skip
    found = decoded(tools=tools).tools
    assert found == (
        Tool("f", "d", {"type": "object"}, strict=True),
        Tool(
            "g", custom=True, format={"type": "grammar", "syntax": "lark", "definition": "start: x"}, cache=CacheMark()
        ),
        HostedTool("openai_chat", "web_search", tools[2]),
    )
    named = {"type": "function", "function": {"name": "f"}}
    other = {"type": "custom", "custom": {"name": "g"}}
    choices = {
        "none": ToolChoice("none"), "auto": ToolChoice("auto"), "required": ToolChoice("required"),
    }  # fmt: skip
    for word, choice in choices.items():
        assert decoded(tools=tools, tool_choice=word).tool_choice == choice
    assert decoded(tools=tools, tool_choice=named).tool_choice == ToolChoice("named", ("f",))
    assert decoded(tools=tools, tool_choice=other).tool_choice == ToolChoice("named", ("g",))
    for mode, free in (("auto", True), ("required", False)):
        allowed = {"type": "allowed_tools", "allowed_tools": {"mode": mode, "tools": [named, other]}}
        assert decoded(tools=tools, tool_choice=allowed).tool_choice == ToolChoice("named", ("f", "g"), free)


def test_formats() -> None:
    schema = {"name": "n", "schema": {"type": "object"}, "strict": True, "description": "d"}
    assert decoded(response_format={"type": "text"}).format == ResponseFormat("text")
    assert decoded(response_format={"type": "json_object"}).format == ResponseFormat("json_object")
    whole = decoded(response_format={"type": "json_schema", "json_schema": schema}).format
    assert whole == ResponseFormat("json_schema", {"type": "object"}, "n", "d", strict=True)


@pytest.mark.parametrize(("members", "reasoning"), [
    ({"reasoning": {"effort": "high", "exclude": True}}, Reasoning(effort="high", visible=False)),
    ({"reasoning": {"max_tokens": 2000, "enabled": True}}, Reasoning(enabled=True, budget=2000)),
    ({"thinking": {"type": "enabled", "budget_tokens": 1024}}, Reasoning(enabled=True, budget=1024)),
    ({"thinking": {"type": "disabled"}}, Reasoning(enabled=False)),
    ({"thinking": {"type": "adaptive"}, "reasoning_effort": "max"}, Reasoning(enabled=True, effort="max", adaptive=True)),
])  # fmt: skip
def test_thinking_as_compatible_clients_ask_for_it(members: dict[str, object], reasoning: Reasoning) -> None:
    assert decoded(**members).reasoning == reasoning


TOOL = {"type": "function", "function": {"name": "f"}}
IMAGE = "messages[0].content[0].image_url.url"
BAD = [
    ({"messages": None}, "messages"), ({"messages": []}, "messages"), ({"messages": "x"}, "messages"), ({"messages": [1]}, "messages[0]"),
    ({"messages": [{"role": "robot", "content": "x"}]}, "messages[0].role"), ({"messages": [{"content": "x"}]}, "messages[0].role"),
    ({"messages": [{"role": ["user"], "content": "x"}]}, "messages[0].role"), ({"messages": [{"role": "user"}]}, "messages[0].content"),
    ({"messages": [{"role": "user", "content": []}]}, "messages[0].content"), ({"messages": [{"role": "user", "content": 1}]}, "messages[0].content"),
    ({"messages": [{"role": "user", "content": ["x"]}]}, "messages[0].content[0]"),
    ({"messages": [{"role": "user", "content": [{}]}]}, "messages[0].content[0].type"),
    ({"messages": [{"role": "user", "content": [{"type": "text"}]}]}, "messages[0].content[0].text"),
    ({"messages": [{"role": "user", "content": "x", "name": 1}]}, "messages[0].name"),
    ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "messages[0].content[0].image_url"),
    ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "ftp://x"}}]}]}, IMAGE),
    ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:image/png,x"}}]}]}, IMAGE),
    ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,"}}]}]}, IMAGE),
    ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,a"}}]}]}, IMAGE),
    ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:text/html;base64,YQ=="}}]}]}, IMAGE),
    ({"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": "%", "format": "wav"}}]}]},
     "messages[0].content[0].input_audio.data"),
    ({"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": "YQ=="}}]}]},
     "messages[0].content[0].input_audio.format"),
    ({"messages": [{"role": "user", "content": [{"type": "file", "file": {}}]}]}, "messages[0].content[0].file"),
    ({"messages": [{"role": "user", "content": [{"type": "file", "file": {"file_id": "a", "file_data": "b"}}]}]}, "messages[0].content[0].file"),
    ({"messages": [{"role": "user", "content": [{"type": "text", "text": "x", "cache_control": {"type": "forever"}}]}]},
     "messages[0].content[0].cache_control.type"),
    ({"messages": [{"role": "user", "content": [{"type": "text", "text": "x", "cache_control": {"type": "ephemeral", "ttl": "2h"}}]}]},
     "messages[0].content[0].cache_control.ttl"),
    ({"messages": [{"role": "system", "content": [{"type": "image_url", "image_url": {"url": "https://x"}}]}]}, "messages[0].content[0]"),
    ({"messages": [{"role": "assistant", "content": None}]}, "messages[0].content"),
    ({"messages": [{"role": "assistant", "tool_calls": []}]}, "messages[0].content"),
    ({"messages": [called({"type": "function"})]}, "messages[0].tool_calls[0].id"),
    ({"messages": [called({"id": "c"})]}, "messages[0].tool_calls[0].function"),
    ({"messages": [called({"id": "c", "type": "magic"})]}, "messages[0].tool_calls[0].type"),
    ({"messages": [called({"id": "c", "type": "function", "function": {"name": "f"}})]}, "messages[0].tool_calls[0].function.arguments"),
    ({"messages": [called({"id": "c", "type": "function", "function": {"name": "", "arguments": ""}})]}, "messages[0].tool_calls[0].function.name"),
    ({"messages": [called({"id": "c", "type": "function", "function": {"name": "f", "arguments": {}}})]},
     "messages[0].tool_calls[0].function.arguments"),
    ({"messages": [called({"id": "c", "type": "custom", "custom": {"name": "f"}})]}, "messages[0].tool_calls[0].custom.input"),
    ({"messages": [called(CALL, CALL)]}, "messages[0].tool_calls[1].id"),
    ({"messages": [called(CALL), called(CALL)]}, "messages[1].tool_calls[0].id"),
    ({"messages": [{"role": "tool", "tool_call_id": "c1", "content": "r"}]}, "messages[0].tool_call_id"),
    ({"messages": [called(CALL), {"role": "tool", "content": "r"}]}, "messages[1].tool_call_id"),
    ({"messages": [called(CALL), {"role": "tool", "tool_call_id": "c1"}]}, "messages[1].content"),
    ({"messages": [{"role": "function", "name": "f", "content": "r"}]}, "messages[0].name"),
    ({"max_tokens": 0}, "max_tokens"), ({"max_tokens": 1.5}, "max_tokens"), ({"max_tokens": True}, "max_tokens"),
    ({"max_completion_tokens": 2**40}, "max_completion_tokens"),
    ({"max_tokens": 1, "max_completion_tokens": 2}, "max_tokens"), ({"temperature": "1"}, "temperature"), ({"temperature": 2.1}, "temperature"),
    ({"top_p": -1}, "top_p"),
    ({"frequency_penalty": 3}, "frequency_penalty"), ({"n": 0}, "n"), ({"n": 10**6}, "n"), ({"top_logprobs": 21}, "top_logprobs"),
    ({"logprobs": 1}, "logprobs"),
    ({"seed": 1.5}, "seed"), ({"stop": 1}, "stop"), ({"stop": [1]}, "stop"), ({"stop": ""}, "stop"), ({"stop": ["x"] * 65}, "stop"),
    ({"logit_bias": []}, "logit_bias"),
    ({"logit_bias": {"1": 101}}, "logit_bias.1"), ({"reasoning_effort": "huge"}, "reasoning_effort"),
    ({"reasoning": {"effort": "huge"}}, "reasoning.effort"),
    ({"thinking": {"type": "sometimes"}}, "thinking.type"), ({"thinking": {"type": "enabled", "budget_tokens": -1}}, "thinking.budget_tokens"),
    ({"verbosity": "loud"}, "verbosity"), ({"user": 1}, "user"), ({"metadata": "x"}, "metadata"), ({"store": "yes"}, "store"),
    ({"stream_options": 1}, "stream_options"), ({"stream_options": {"include_usage": 1}}, "stream_options.include_usage"),
    ({"tools": {}}, "tools"), ({"tools": [1]}, "tools[0]"), ({"tools": [{}]}, "tools[0].type"),
    ({"tools": [{"type": "function"}]}, "tools[0].function"),
    ({"tools": [{"type": "function", "function": {}}]}, "tools[0].function.name"), ({"tools": [TOOL, TOOL]}, "tools[1]"),
    ({"tools": [{"type": "function", "function": {"name": "f", "parameters": []}}]}, "tools[0].function.parameters"),
    ({"tools": [{"type": "function", "function": {"name": "f" * 257}}]}, "tools[0].function.name"),
    ({"tools": [{"type": "custom", "custom": {"name": "g", "format": {"type": "grammar"}}}]}, "tools[0].custom.format.grammar"),
    ({"tools": [TOOL], "tool_choice": "maybe"}, "tool_choice"), ({"tools": [TOOL], "tool_choice": 1}, "tool_choice"),
    ({"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "g"}}}, "tool_choice"), ({"tool_choice": "required"}, "tool_choice"),
    ({"tools": [TOOL], "tool_choice": {"type": "x"}}, "tool_choice.type"),
    ({"tools": [TOOL], "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": []}}}, "tool_choice.allowed_tools.tools"),
    ({"functions": [{"name": "f"}], "function_call": "required"}, "function_call"), ({"functions": [{}]}, "functions[0].name"),
    ({"response_format": {"type": "xml"}}, "response_format.type"), ({"response_format": {"type": "json_schema"}}, "response_format.json_schema"),
    ({"response_format": {"type": "json_schema", "json_schema": {}}}, "response_format.json_schema.name"),
    ({"parallel_tool_calls": "no"}, "parallel_tool_calls"),
]  # fmt: skip


@pytest.mark.parametrize(("members", "param"), BAD, ids=[f"{n}-{param}" for n, (_, param) in enumerate(BAD)])
def test_bad_input_names_its_field(members: dict[str, object], param: str) -> None:
    assert CODEC.decode_request is not None
    body = {"model": "m", "messages": [USER], **members}
    with pytest.raises(InvalidRequest) as caught:
        CODEC.decode_request(body, model="m", stream=False)
    assert caught.value.param == param


def test_an_id_may_come_again_once_it_is_answered() -> None:
    """Servers that count their calls per turn give the same ids in every turn."""
    result = {"role": "tool", "tool_call_id": "c1", "content": "r"}
    assert len(asked(called(CALL), result, called(CALL), result).messages) == 4


def test_what_sdks_write_into_histories_says_nothing() -> None:
    """`message.model_dump()` of the openai SDK, sent back as it is."""
    message = {
        "role": "assistant",
        "content": "a",
        "annotations": [],
        "audio": None,
        "function_call": None,
        "refusal": None,
    }
    found = asked({"role": "user", "content": "q"}, {**message, "tool_calls": None}, {"role": "user", "content": "w"})
    assert found.messages[1].blocks == (Text("a"),)
    assert not found.messages[1].extras
