"""Thoughts of another vendor are taken out of relayed bodies; every other byte stays."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.neutral.blocks import Signature
from gateway.wire import foreign, signatures
from gateway.wire.json_body import parse

SEALED = signatures.seal(Signature("gemini", "AbC+/w=="), "anthropic_messages")
TEXT = {"type": "text", "text": "Hello"}

CASES: list[tuple[str, dict[str, Any], dict[str, Any], list[str]]] = [
    (
        "anthropic_messages",
        {
            "messages": [
                {"role": "user", "content": "hi"},
                {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm", "signature": SEALED}, TEXT]},
                {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm", "signature": ""}]},
                {"role": "assistant", "content": [{"type": "redacted_thinking", "data": SEALED}, TEXT]},
                {"role": "assistant", "content": [{"type": "thinking", "thinking": "own", "signature": "EqQB"}, TEXT]},
            ]
        },
        {
            "messages": [
                {"role": "user", "content": "hi"},
                {"role": "assistant", "content": [TEXT]},
                {"role": "assistant", "content": [TEXT]},
                {"role": "assistant", "content": [{"type": "thinking", "thinking": "own", "signature": "EqQB"}, TEXT]},
            ]
        },
        ["messages[1].content[0]", "messages[2].content[0]", "messages[3].content[0]"],
    ),
    (
        "openai_responses",
        {
            "input": [
                {"type": "reasoning", "summary": [], "encrypted_content": SEALED},
                {"role": "user", "content": "x"},
            ]
        },
        {"input": [{"role": "user", "content": "x"}]},
        ["input[0]"],
    ),
    (
        "gemini",
        {
            "contents": [
                {"role": "model", "parts": [{"functionCall": {"name": "f"}, "thoughtSignature": SEALED}, {"text": "x"}]}
            ]
        },
        {"contents": [{"role": "model", "parts": [{"functionCall": {"name": "f"}}, {"text": "x"}]}]},
        ["contents[0].parts[0].thoughtSignature"],
    ),
    (
        "openai_chat",
        {
            "messages": [
                {
                    "role": "assistant",
                    "content": "x",
                    "reasoning_details": [{"type": "reasoning.text", "signature": SEALED}],
                }
            ]
        },
        {"messages": [{"role": "assistant", "content": "x", "reasoning_details": []}]},
        ["messages[0].reasoning_details[0]"],
    ),
]


@pytest.mark.parametrize(("dialect", "before", "after", "gone"), CASES, ids=[case[0] for case in CASES])
def test_foreign_thoughts_are_taken_out(
    dialect: str, before: dict[str, Any], after: dict[str, Any], gone: list[str]
) -> None:
    raw = b'{ "x" : 1.0e+2, ' + json.dumps(before).encode()[1:-1] + b', "y":"\\u00e9"}'
    body = parse(raw)
    replaced, losses = foreign.take_out(body, dialect)
    written = body.replace(replaced)
    assert {name: json.loads(written)[name] for name in after} == after
    assert written.startswith(b'{ "x" : 1.0e+2, ')
    assert written.endswith(b', "y":"\\u00e9"}')
    assert [loss.field for loss in losses] == gone


@pytest.mark.parametrize(
    "dialect", ["anthropic_messages", "openai_chat", "openai_responses", "gemini", "openai_embeddings"]
)
def test_a_body_without_them_is_left_alone(dialect: str) -> None:
    own = {"type": "thinking", "thinking": "own", "signature": "EqQB"}
    raw = json.dumps({"messages": [{"role": "assistant", "content": [own]}], "input": "x", "contents": []}).encode()
    assert foreign.take_out(parse(raw), dialect) == ({}, [])


def test_the_mark_in_a_text_is_no_thought() -> None:
    raw = json.dumps({"messages": [{"role": "user", "content": [{"type": "text", "text": SEALED}]}]}).encode()
    assert foreign.take_out(parse(raw), "anthropic_messages") == ({}, [])


def test_an_envelope_survives_the_other_alphabet_of_base64() -> None:
    signature = Signature("anthropic_messages", "?>~" * 20)
    sealed = signatures.seal(signature, "gemini")
    assert signatures.opened(sealed.replace("+", "-").replace("/", "_").rstrip("="), "gemini") == signature
