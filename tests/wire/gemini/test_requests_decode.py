"""A client's request: what is read, what is refused, and where."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.errors import CannotCarry, InvalidRequest
from gateway.neutral.blocks import Media, Opaque, Signature, Text, Thinking, ToolCall, ToolResult
from gateway.neutral.request import HostedTool, Reasoning, Request, ToolChoice
from gateway.wire.gemini import counting
from gateway.wire.gemini.request_decode import decode_request
from gateway.wire.signatures import seal

USER = {"role": "user", "parts": [{"text": "hi"}]}
CALL = {"functionCall": {"name": "f", "args": {"x": 1}}}


def asked(*contents: Any, **more: Any) -> Request:
    return decode_request({"contents": list(contents) or [USER], **more}, model="m", stream=False)


def parts(*found: Any, role: str = "user") -> dict[str, Any]:
    return {"role": role, "parts": list(found)}


def config(**members: Any) -> Request:
    return asked(generationConfig=members)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"contents": []}, "contents"),
    ({"contents": "hi"}, "contents"),
    ({}, "contents"),
    ({"contents": [1]}, "contents[0]"),
    ({"contents": [{"role": "system", "parts": [{"text": "x"}]}]}, "contents[0].role"),
    ({"contents": [{"role": 1, "parts": [{"text": "x"}]}]}, "contents[0].role"),
    ({"contents": [{"role": "user"}]}, "contents[0].parts"),
    ({"contents": [{"parts": "x"}]}, "contents[0].parts"),
    ({"contents": [parts({})]}, "contents[0].parts[0]"),
    ({"contents": [parts({"text": 1})]}, "contents[0].parts[0].text"),
    ({"contents": [parts({"text": "a", "inlineData": {}})]}, "contents[0].parts[0]"),
    ({"contents": [parts({"text": "a", "thought": "yes"})]}, "contents[0].parts[0].thought"),
    ({"contents": [parts({"text": "a", "thoughtSignature": 1})]}, "contents[0].parts[0].thoughtSignature"),
    ({"contents": [parts({"inlineData": {"data": "aa"}})]}, "contents[0].parts[0].inlineData.mimeType"),
    ({"contents": [parts({"inlineData": {"mimeType": "a/b"}})]}, "contents[0].parts[0].inlineData.data"),
    ({"contents": [parts({"fileData": {}})]}, "contents[0].parts[0].fileData.fileUri"),
    ({"contents": [parts({"functionCall": {"args": {}}}, role="model")]}, "contents[0].parts[0].functionCall.name"),
    ({"contents": [parts({"functionCall": {"name": "f", "args": []}})]}, "contents[0].parts[0].functionCall.args"),
    ({"contents": [parts({"functionResponse": {"name": "f", "response": {}}})]}, "contents[0].parts[0].functionResponse"),
    (
        {"contents": [parts(CALL), parts({"functionResponse": {"name": "f", "response": "x"}})]},
        "contents[1].parts[0].functionResponse.response",
    ),
    (
        {"contents": [parts({"functionCall": {"name": "f", "id": "1"}}, {"functionCall": {"name": "g", "id": "1"}})]},
        "contents[0].parts[1].functionCall.id",
    ),
    ({"contents": [USER], "systemInstruction": 1}, "systemInstruction"),
    ({"contents": [USER], "system_instruction": {}, "systemInstruction": {}}, "systemInstruction"),
    ({"contents": [USER], "tools": "x"}, "tools"),
    ({"contents": [USER], "tools": [{"functionDeclarations": [{}]}]}, "tools[0].functionDeclarations[0].name"),
    ({"contents": [USER], "tools": [{"functionDeclarations": [{"name": "f"}, {"name": "f"}]}]}, "tools"),
    (
        {"contents": [USER], "tools": [{"functionDeclarations": [{"name": "f", "parameters": {"type": "WORD"}}]}]},
        "tools[0].functionDeclarations[0].parameters.type",
    ),
    ({"contents": [USER], "toolConfig": {"functionCallingConfig": {"mode": "SOME"}}}, "toolConfig.functionCallingConfig.mode"),
    ({"contents": [USER], "generationConfig": []}, "generationConfig"),
    *(
        ({"contents": [USER], "generationConfig": {name: value}}, f"generationConfig.{name}")
        for name, value in [
            ("temperature", "hot"),
            ("temperature", 3),
            ("temperature", True),
            ("topP", -1),
            ("topK", 1.5),
            ("maxOutputTokens", 0),
            ("maxOutputTokens", 10**12),
            ("candidateCount", 0),
            ("stopSequences", "x"),
            ("stopSequences", [1]),
            ("responseLogprobs", 1),
            ("logprobs", 99),
            ("responseMimeType", "text/html"),
            ("responseSchema", []),
            ("responseJsonSchema", "x"),
            ("thinkingConfig", 1),
            ("presencePenalty", 3),
            ("seed", 2**40),
        ]
    ),
    ({"contents": [USER], "generationConfig": {"thinkingConfig": {"thinkingLevel": "EXTREME"}}}, "generationConfig.thinkingConfig.thinkingLevel"),
    ({"contents": [USER], "generationConfig": {"thinkingConfig": {"thinkingBudget": -2}}}, "generationConfig.thinkingConfig.thinkingBudget"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "param"), BAD)
def test_what_is_wrong_is_named(body: dict[str, Any], param: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        decode_request(body, model="m", stream=False)
    assert caught.value.param == param


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"cachedContent": "cachedContents/x"}, "cachedContent"),
        ({"cached_content": "cachedContents/x"}, "cachedContent"),
        ({"generationConfig": {"responseModalities": ["TEXT", "IMAGE"]}}, "generationConfig.responseModalities"),
        ({"generationConfig": {"responseMimeType": "text/x.enum"}}, "generationConfig.responseMimeType"),
    ],
)
def test_what_means_something_at_google_alone_is_refused(body: dict[str, Any], param: str) -> None:
    with pytest.raises(CannotCarry) as caught:
        asked(**body)
    assert caught.value.param == param


def test_a_count_reads_what_a_translation_refuses() -> None:
    body = {"generateContentRequest": {"contents": [USER], "cachedContent": "x", "model": "models/m"}}
    assert counting.decode_count(body, model="m").messages[0].blocks == (Text("hi"),)
    assert counting.encode_count(7) == {"totalTokens": 7}


def test_roles() -> None:
    request = asked(
        {"parts": [{"text": "a"}]}, parts({"text": "b"}, role="model"), parts({"text": "c"}, role="function")
    )
    assert [message.role for message in request.messages] == ["user", "assistant", "user"]


def test_chunks_of_a_streamed_turn_are_one_message() -> None:
    model = [
        parts({"text": "th", "thought": True}, role="model"),
        parts({"text": "ink", "thought": True}, role="model"),
        parts({"text": "", "thought": True, "thoughtSignature": seal(Signature("anthropic_messages", "s+/="), "gemini")}, role="model"),
        parts({"text": "Hel"}, role="model"),
        parts({"text": "lo"}, role="model"),
        {"role": "model"},
    ]  # fmt: skip
    request = asked(USER, *model, USER)
    assert [message.role for message in request.messages] == ["user", "assistant", "user"]
    assert request.messages[1].blocks == (Thinking("think", Signature("anthropic_messages", "s+/=")), Text("Hello"))


def test_a_users_texts_stay_apart() -> None:
    assert asked(parts({"text": "a"}, {"text": "b"})).messages[0].blocks == (Text("a"), Text("b"))


def test_a_signature_in_the_other_alphabet_is_opened() -> None:
    sealed = seal(Signature("openai_responses", "~~>>??"), "gemini")
    assert {"+", "/"} & set(sealed)
    other = sealed.replace("+", "-").replace("/", "_")
    block = asked(USER, parts({**CALL, "thoughtSignature": other}, role="model")).messages[1].blocks[0]
    assert isinstance(block, ToolCall)
    assert block.signature == Signature("openai_responses", "~~>>??")
    own = asked(USER, parts({**CALL, "thoughtSignature": "ab-_"}, role="model")).messages[1].blocks[0]
    assert isinstance(own, ToolCall)
    assert own.signature == Signature("gemini", "ab-_")


def test_results_find_their_calls_by_id_or_by_name_oldest_first() -> None:
    calls = parts(CALL, {"functionCall": {"name": "f", "id": "given"}}, CALL, role="model")
    results = parts(
        {"functionResponse": {"name": "f", "id": "given", "response": {"output": "2"}}},
        {"functionResponse": {"name": "f", "response": {"result": "1"}}},
        {"functionResponse": {"name": "f", "id": "unknown", "response": {"error": "3"}}},
    )
    request = asked(USER, calls, results)
    made = [block.id for block in request.messages[1].blocks if isinstance(block, ToolCall)]
    assert len(set(made)) == 3
    found = [block for block in request.messages[2].blocks if isinstance(block, ToolResult)]
    assert [(one.call_id, one.is_error, one.blocks) for one in found] == [
        ("given", None, (Text("2"),)),
        (made[0], None, (Text("1"),)),
        (made[2], True, (Text("3"),)),
    ]


@pytest.mark.parametrize(
    ("response", "blocks"),
    [
        ({}, ()),
        ({"temp": 3}, (Text('{"temp":3}'),)),
        ({"output": {"a": 1}}, (Text('{"a":1}'),)),
        ({"output": ["a", "b"]}, (Text("a"), Text("b"))),
        ({"output": 3}, (Text("3"),)),
        ({"output": "x", "more": 1}, (Text('{"output":"x","more":1}'),)),
    ],
)
def test_forms_of_results(response: dict[str, Any], blocks: tuple[Text, ...]) -> None:
    result = (
        asked(USER, parts(CALL), parts({"functionResponse": {"name": "f", "response": response}})).messages[2].blocks[0]
    )
    assert isinstance(result, ToolResult)
    assert result.blocks == blocks


def test_media() -> None:
    found = (
        asked(
            parts(
                {"inlineData": {"mimeType": "audio/wav", "data": "_-8"}},
                {
                    "fileData": {"fileUri": "https://example.com/a.pdf", "mimeType": "application/pdf"},
                    "videoMetadata": {"fps": 1},
                },
                {"fileData": {"fileUri": "gs://b/v.mp4", "mimeType": "video/mp4"}},
                {"fileData": {"fileUri": "https://www.youtube.com/watch?v=1"}},
                {"executableCode": {"code": "1"}},
            )
        )
        .messages[0]
        .blocks
    )
    assert found[0] == Media("audio", "audio/wav", "/+8=")
    assert found[1] == Media(
        "document", "application/pdf", url="https://example.com/a.pdf", extras={"gemini": {"videoMetadata": {"fps": 1}}}
    )
    assert found[2] == Media("video", "video/mp4", file_id="gs://b/v.mp4", file_dialect="gemini")
    assert found[3] == Media("video", url="https://www.youtube.com/watch?v=1")
    assert found[4] == Opaque("gemini", "executableCode", {"executableCode": {"code": "1"}})


@pytest.mark.parametrize(
    ("calling", "choice"),
    [
        ({"mode": "AUTO"}, ToolChoice("auto")),
        ({}, ToolChoice("auto")),
        ({"mode": "NONE"}, ToolChoice("none")),
        ({"mode": "ANY"}, ToolChoice("required")),
        ({"mode": "ANY", "allowedFunctionNames": ["f"]}, ToolChoice("named", ("f",))),
        ({"mode": "VALIDATED", "allowedFunctionNames": ["f"]}, ToolChoice("named", ("f",), allowed_only=True)),
        ({"mode": "VALIDATED"}, ToolChoice("auto")),
    ],
)
def test_tool_choice(calling: dict[str, Any], choice: ToolChoice) -> None:
    assert asked(toolConfig={"functionCallingConfig": calling}).tool_choice == choice


@pytest.mark.parametrize(
    ("thinking", "reasoning"),
    [
        ({}, None),
        ({"includeThoughts": False}, Reasoning(visible=False)),
        ({"thinkingBudget": 0}, Reasoning(enabled=False)),
        ({"thinkingBudget": -1}, Reasoning(enabled=True, adaptive=True)),
        ({"thinkingBudget": 100, "includeThoughts": True}, Reasoning(enabled=True, budget=100, visible=True)),
        ({"thinkingLevel": "HIGH"}, Reasoning(enabled=True, effort="high")),
        ({"thinking_level": "minimal"}, Reasoning(enabled=True, effort="minimal")),
    ],
)
def test_thinking(thinking: dict[str, Any], reasoning: Reasoning | None) -> None:
    assert config(thinkingConfig=thinking).reasoning == reasoning


def test_nothing_is_made_up() -> None:
    assert asked() == Request("gemini", "m", asked().messages)
    assert config(temperature=None, topK=0).top_k == 0


def test_the_rest_is_kept_by_its_path() -> None:
    request = asked(
        tools=[{"googleSearch": {}}],
        safetySettings=[1],
        labels={"a": "b"},
        toolConfig={"retrievalConfig": {"languageCode": "de"}, "functionCallingConfig": {"mode": "VALIDATED"}},
        generationConfig={"mediaResolution": "X", "responseModalities": ["TEXT"], "thinkingConfig": {"newOne": 1}},
    )
    assert request.extras == {
        "gemini": {
            "safetySettings": [1],
            "labels": {"a": "b"},
            "toolConfig.retrievalConfig": {"languageCode": "de"},
            "toolConfig.functionCallingConfig.mode": "VALIDATED",
            "generationConfig.mediaResolution": "X",
            "generationConfig.thinkingConfig.newOne": 1,
        }
    }
    assert request.tools == (HostedTool("gemini", "googleSearch", {"googleSearch": {}}),)


def test_tier_and_store() -> None:
    request = asked(serviceTier="STANDARD", store=False)
    assert (request.service_tier, request.store) == ("default", False)
