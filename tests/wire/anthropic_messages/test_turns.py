"""The conversation, and what its messages are made of, for an Anthropic upstream."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from tests.wire.anthropic_messages.asking import FOREIGN, OWN, asked, encode, said, user, words
from tests.wire.anthropic_messages.telling import USER, plain

from gateway.errors import CannotCarry, InvalidRequest
from gateway.neutral.blocks import CacheMark, Media, Opaque, Refusal, Signature, Text, Thinking, ToolCall, ToolResult
from gateway.neutral.request import Message
from gateway.wire.anthropic_messages.codec import CODEC
from gateway.wire.codec import Upstream


def test_leading_instructions_become_the_system_prompt_in_order() -> None:
    messages = (
        Message("system", (Text("a", cache=CacheMark("1h")), Text(""))),
        Message("developer", (Text("b"),)),
        USER,
    )
    body, losses = encode(asked(*messages))
    assert body["system"] == [
        {"type": "text", "text": "a", "cache_control": {"type": "ephemeral", "ttl": "1h"}},
        {"type": "text", "text": "b"},
    ]
    assert losses == []


def test_instructions_alone_are_sent_as_the_users() -> None:
    body, losses = encode(asked(said("a", "system"), said("b", "system")))
    assert body["system"] == [{"type": "text", "text": "a"}]
    assert body["messages"] == [{"role": "user", "content": [{"type": "text", "text": "b"}]}]
    assert losses == ["messages: approximated"]


def test_instructions_between_turns() -> None:
    middle = asked(
        USER, said("A"), said("B", "user"), said("Be brief.", "developer", "messages[3]"), said("C"), said("D", "user")
    )
    marked, losses = encode(middle)
    assert losses == ["messages[3]: approximated"]
    assert [message["role"] for message in marked["messages"]] == ["user", "assistant", "user", "assistant", "user"]
    assert marked["messages"][2]["content"][1]["text"] == "<system>\nBe brief.\n</system>"
    placed, none = encode(middle, **words("mid_system"))
    assert none == []
    assert [message["role"] for message in placed["messages"]] == [
        "user",
        "assistant",
        "user",
        "system",
        "assistant",
        "user",
    ]


@pytest.mark.parametrize(
    "messages",
    [
        (USER, said("A"), said("S", "system"), said("B", "user")),  # behind the assistant
        (USER, said("S", "system"), said("B", "user")),  # before the user
    ],
)
def test_instructions_where_the_vendor_takes_none_are_marked(messages: tuple[Message, ...]) -> None:
    body, losses = encode(asked(*messages), **words("mid_system"))
    assert losses == ["messages[1]: approximated"]
    assert {message["role"] for message in body["messages"]} <= {"user", "assistant"}


def test_neighbouring_instructions_between_turns_are_joined() -> None:
    body, losses = encode(asked(USER, said("S", "system"), said("T", "developer")), **words("mid_system"))
    assert losses == []
    assert [len(message["content"]) for message in body["messages"]] == [1, 2]


def test_results_of_parallel_calls_go_together_and_first() -> None:
    calls = Message("assistant", (Text("x"), ToolCall("call|1", "f", '{"b": 1, "a":2.0}'), ToolCall("c2", "g", "")))
    results = [
        Message("user", (ToolResult("call|1", (Text("r1"),)),)),
        said("Hm", "user"),
        Message("user", (ToolResult("c2", ()),)),
    ]
    body, losses = encode(asked(USER, calls, *results))
    assert losses == []
    _, assistant, last = body["messages"]
    adapted = assistant["content"][1]["id"]
    assert adapted.startswith("toolu_")
    assert adapted.replace("_", "").isalnum()
    assert assistant["content"][1]["input"] == {"b": 1, "a": 2.0}
    assert assistant["content"][2] == {"type": "tool_use", "id": "c2", "name": "g", "input": {}}
    assert last["content"] == [
        {"type": "tool_result", "tool_use_id": adapted, "content": "r1"},
        {"type": "tool_result", "tool_use_id": "c2"},
        {"type": "text", "text": "Hm"},
    ]


def test_a_conversation_begins_with_the_user() -> None:
    body, losses = encode(asked(said("Welcome."), said("Hi", "user")))
    assert [message["role"] for message in body["messages"]] == ["user", "assistant", "user"]
    assert losses == ["messages: defaulted"]


def test_the_last_words_may_be_the_assistants() -> None:
    body, losses = encode(asked(USER, said("{ ")))
    assert body["messages"][-1]["content"] == [{"type": "text", "text": "{"}]
    assert losses == ["messages: approximated"]
    with pytest.raises(CannotCarry):
        encode(asked(USER, said("{")), **words("no_prefill"))
    assert encode(asked(USER, said(" ")))[0]["messages"][-1]["role"] == "user"


def test_thoughts_go_back_to_those_who_signed_them() -> None:
    thoughts = Message(
        "assistant",
        (
            Thinking("a", OWN),
            Thinking("", OWN, redacted=True),
            Thinking("b", Signature("bedrock_converse", "x")),
            Text("c"),
        ),
    )
    body, losses = encode(asked(USER, thoughts, said("B", "user")))
    assert body["messages"][1]["content"][:3] == [
        {"type": "thinking", "thinking": "a", "signature": "own"},
        {"type": "redacted_thinking", "data": "own"},
        {"type": "thinking", "thinking": "b", "signature": "x"},
    ]
    assert losses == []


def test_foreign_thoughts_are_left_out_and_noted() -> None:
    thoughts = Message(
        "assistant", (Thinking("a", FOREIGN, at="m.content[0]"), Thinking("b", at="m.content[1]"), Text("c"))
    )
    body, losses = encode(asked(USER, thoughts, said("B", "user")))
    assert body["messages"][1]["content"] == [{"type": "text", "text": "c"}]
    assert losses == ["m.content[0]: dropped", "m.content[1]: dropped"]
    unsigned = CODEC.encode_request(
        asked(USER, thoughts, said("B", "user")), Upstream("m", traits=frozenset(["unsigned_thinking"]))
    )
    assert unsigned.losses == ()
    assert plain(unsigned.body)["messages"][1]["content"][0] == {"type": "thinking", "thinking": "a"}


def test_a_message_of_which_nothing_is_left_goes_away() -> None:
    body, _ = encode(asked(USER, Message("assistant", (Thinking("a", FOREIGN, at="x"),)), said("B", "user")))
    assert [len(message["content"]) for message in body["messages"]] == [2]
    with pytest.raises(CannotCarry):
        encode(asked(user(Text(""))))


def test_what_else_is_noted_of_messages() -> None:
    message = Message(
        "user",
        (Text("a", extras={"openai_responses": {"annotations": []}}, at="m[0].content[0]"),),
        name="Bob",
        extras={"openai_chat": {"weight": 0}},
        at="m[0]",
    )
    history = Message(
        "assistant",
        (Refusal("No.", at="m[1].refusal"), ToolCall("c", "f", "{}", signature=FOREIGN, at="m[1].tool_calls[0]")),
    )
    _, losses = encode(asked(message, history, said("B", "user")))
    assert losses == [
        "m[0].name: dropped",
        "m[0].weight: dropped",
        "m[0].content[0].annotations: dropped",
        "m[1].refusal: approximated",
        "m[1].tool_calls[0]: dropped",
    ]


PDF = "JVBERi0="
MEDIA: list[tuple[Media, dict[str, Any]]] = [
    (Media("image", "image/png", data="aa"), {"type": "base64", "media_type": "image/png", "data": "aa"}),
    (Media("image", url="https://x.example/a.png"), {"type": "url", "url": "https://x.example/a.png"}),
    (Media("image", file_id="f", file_dialect="anthropic_messages"), {"type": "file", "file_id": "f"}),
    (Media("document", "application/pdf", data=PDF), {"type": "base64", "media_type": "application/pdf", "data": PDF}),
    (Media("document", url="https://x.example/a.pdf"), {"type": "url", "url": "https://x.example/a.pdf"}),
    (Media("document", "text/plain", text="hi"), {"type": "text", "media_type": "text/plain", "data": "hi"}),
    (
        Media("document", "text/plain; charset=utf-8", data=base64.b64encode("hí".encode()).decode()),
        {"type": "text", "media_type": "text/plain", "data": "hí"},
    ),
]


@pytest.mark.parametrize(("media", "source"), MEDIA)
def test_pictures_and_documents(media: Media, source: dict[str, Any]) -> None:
    body, losses = encode(asked(user(media)))
    assert body["messages"][0]["content"] == [{"type": media.kind, "source": source}]
    assert losses == []


def test_a_documents_name_is_its_title_and_other_text_is_plain_text() -> None:
    sheet = Media("document", "text/csv", data=base64.b64encode(b"a,b").decode(), name="a.csv", at="m")
    body, losses = encode(asked(user(sheet, Media("image", url="https://x.example", detail="high", at="n"))))
    assert body["messages"][0]["content"][0] == {
        "type": "document",
        "source": {"type": "text", "media_type": "text/plain", "data": "a,b"},
        "title": "a.csv",
    }
    assert losses == ["m.media_type: approximated", "n.detail: dropped"]


REFUSED: dict[str, Any] = {
    "image type": user(Media("image", "image/tiff", data="aa", at="here")),
    "image without type": user(Media("image", data="aa", at="here")),
    "image at another place": user(Media("image", url="gs://bucket/a", at="here")),
    "sound": user(Media("audio", "audio/wav", data="aa", at="here")),
    "film": user(Media("video", url="https://x.example", at="here")),
    "film by file": user(Media("video", file_id="f", file_dialect="anthropic_messages", at="here")),
    "foreign file": user(Media("document", file_id="f", file_dialect="openai_chat", at="here")),
    "office document": user(Media("document", "application/msword", data="aa", at="here")),
    "text at an address": user(Media("document", "text/csv", url="https://x.example", at="here")),
    "broken text": user(Media("document", "text/plain", data="!", at="here")),
    "foreign block": user(Opaque("openai_responses", "item_reference", {}, at="here")),
    "picture of the assistant": Message("assistant", (Media("image", "image/png", data="aa", at="here"),)),
    "picture of the system": Message("system", (Media("image", "image/png", data="aa", at="here"),)),
    "sound in a result": user(ToolResult("c", (Media("audio", "audio/wav", data="aa", at="here"),))),
}


@pytest.mark.parametrize("case", REFUSED)
def test_content_without_a_form_is_refused(case: str) -> None:
    with pytest.raises(CannotCarry) as refused:
        encode(asked(REFUSED[case], USER))
    assert refused.value.param == "here"


def test_malformed_arguments_are_refused() -> None:
    with pytest.raises(InvalidRequest):
        encode(asked(USER, Message("assistant", (ToolCall("c", "f", "{", at="x"),))))


def test_white_space_alone_is_left_out_and_noted() -> None:
    """Models of other vendors write line breaks before a call; Anthropic answers 400 to a text without a visible character."""
    call = ToolCall("toolu_1", "f", "{}", at="messages[1].tool_calls[0]")
    result = ToolResult("toolu_1", (Text(" ", at="messages[2].content"),), at="messages[2]")
    before = Message("assistant", (Text("\n\n", at="messages[1].content"), call))
    body, losses = encode(asked(USER, before, Message("user", (result, Text("", at="messages[3]")))))
    assert [block["type"] for block in body["messages"][1]["content"]] == ["tool_use"]
    assert "content" not in body["messages"][2]["content"][0]
    assert losses == ["messages[1].content: dropped", "messages[2].content: dropped"]
