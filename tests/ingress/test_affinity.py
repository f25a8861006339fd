"""What ties the requests of a conversation together: every client's name of it, the beginning of the prompt, and what may not change either."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from gateway.ingress import affinity
from gateway.ingress.http import Request
from gateway.neutral.dialects import Dialect

UUID = "0b6c7f3e-4d57-4f0c-9d43-0f2f6a1f7b11"
CLAUDE = f"user_{'a' * 64}_account_{UUID}_session_{UUID}"
CLAUDE_JSON = json.dumps({"device_id": "d1", "account_uuid": UUID, "session_id": "s1"})


def request(*headers: tuple[bytes, bytes]) -> Request:
    return Request("POST", "/", "", headers, None, None)


@pytest.mark.parametrize(
    ("headers", "body", "found"),
    [
        ([(b"x-claude-code-session-id", b" a ")], {}, "a"),
        ([(b"session_id", b"a")], {}, "a"),
        ([(b"session-id", b"a"), (b"thread-id", b"b")], {}, "a"),
        ([(b"thread-id", b"b")], {"prompt_cache_key": "c"}, "b"),
        ([(b"session-id", b"  ")], {"prompt_cache_key": "c"}, "c"),
        ([], {"prompt_cache_key": 7, "conversation": "conv_1"}, "conv_1"),
        ([], {"conversation": {"id": "conv_1"}}, "conv_1"),
        ([], {"session_id": "x"}, "x"),
        ([], {"metadata": {"user_id": CLAUDE}}, UUID),
        ([], {"metadata": {"user_id": CLAUDE_JSON}}, "s1"),
        ([], {"metadata": {"user_id": "somebody_session_7"}}, None),
        ([], {"metadata": {"user_id": "{"}}, None),
        ([], {"metadata": [], "conversation": {}, "session_id": None}, None),
        ([], {"prompt_cache_key": "é" * 256}, "é" * 256),
    ],
)
def test_session(headers: list[tuple[bytes, bytes]], body: dict[str, Any], found: str | None) -> None:
    assert affinity.session(request(*headers), body) == found


def test_a_long_name_of_a_session_is_shortened_and_stays_its_own() -> None:
    first = affinity.session(request(), {"prompt_cache_key": "x" * 100_000})
    second = affinity.session(request(), {"prompt_cache_key": "x" * 100_001})
    assert first is not None
    assert len(first) == 64
    assert first != second


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"safety_identifier": "a", "user": "b"}, "a"),
        ({"user": "b"}, "b"),
        ({"user": 7, "metadata": {"user_id": "c"}}, "c"),
        ({"metadata": {"user_id": "c_session_1"}}, "c_session_1"),
        ({"metadata": {"user_id": CLAUDE}}, CLAUDE.partition("_session_")[0]),
        ({"metadata": {"user_id": CLAUDE_JSON}}, f"d1_{UUID}"),
        ({"metadata": {"user_id": '{"a": 1}'}}, '{"a": 1}'),
        ({"metadata": {"user_id": '{"session_id": "s"}'}}, None),
        ({"metadata": "x"}, None),
        ({}, None),
    ],
)
def test_user(body: dict[str, Any], found: str | None) -> None:
    assert affinity.user(body) == found


TOOL = {"type": "function", "name": "f", "parameters": {"type": "object"}}
CONVERSATIONS: list[tuple[Dialect, dict[str, Any], list[Any]]] = [
    (
        "openai_chat",
        {"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "hi"}], "tools": [TOOL]},
        [{"role": "assistant", "content": "yes"}, {"role": "user", "content": "more"}],
    ),
    (
        "anthropic_messages",
        {"system": [{"type": "text", "text": "s"}], "messages": [{"role": "user", "content": "hi"}], "tools": [TOOL]},
        [{"role": "assistant", "content": "yes"}, {"role": "user", "content": "more"}],
    ),
    (
        "openai_responses",
        {
            "instructions": "s",
            "input": [{"role": "developer", "content": "d"}, {"type": "message", "role": "user", "content": "hi"}],
            "tools": [TOOL],
        },
        [{"type": "function_call", "name": "f"}, {"role": "user", "content": "more"}],
    ),
    (
        "gemini",
        {
            "systemInstruction": {"parts": [{"text": "s"}]},
            "contents": [{"parts": [{"text": "hi"}]}],
            "tools": [TOOL],
        },
        [{"role": "model", "parts": [{"text": "yes"}]}, {"role": "user", "parts": [{"text": "more"}]}],
    ),
]
MEMBER = {
    "openai_chat": "messages",
    "anthropic_messages": "messages",
    "openai_responses": "input",
    "gemini": "contents",
}


@pytest.mark.parametrize(
    ("dialect", "body", "later"), CONVERSATIONS, ids=lambda one: one if isinstance(one, str) else ""
)
def test_the_prefix_stays_while_a_conversation_grows(dialect: Dialect, body: dict[str, Any], later: list[Any]) -> None:
    first = affinity.prefix(dialect, body)
    assert first is not None
    assert len(first) == 32
    grown = {**body, MEMBER[dialect]: [*body[MEMBER[dialect]], *later], "temperature": 1}
    assert affinity.prefix(dialect, grown) == first
    assert affinity.prefix(dialect, json.loads(json.dumps(grown))) == first


@pytest.mark.parametrize(
    ("dialect", "body", "later"), CONVERSATIONS, ids=lambda one: one if isinstance(one, str) else ""
)
@pytest.mark.parametrize(("old", "new"), [('"s"', '"z"'), ('"hi"', '"ho"'), ('"f"', '"g"')])
def test_another_beginning_has_another_prefix(
    dialect: Dialect, body: dict[str, Any], later: list[Any], old: str, new: str
) -> None:
    del later
    other = json.loads(json.dumps(body).replace(old, new))
    assert other != body
    assert affinity.prefix(dialect, other) != affinity.prefix(dialect, body)


def test_what_wanders_through_a_prompt_is_no_part_of_it() -> None:
    def said(mark: bool, check: str) -> dict[str, Any]:
        block = {"type": "text", "text": "hi", **({"cache_control": {"type": "ephemeral"}} if mark else {})}
        system = [{"type": "text", "text": f"x-anthropic-billing-header: cch={check};"}, {"type": "text", "text": "s"}]
        return {"system": system, "messages": [{"role": "user", "content": [block]}]}

    first = affinity.prefix("anthropic_messages", said(True, "1"))
    assert affinity.prefix("anthropic_messages", said(False, "2")) == first


@pytest.mark.parametrize(
    ("dialect", "body"),
    [
        ("openai_embeddings", {"input": "x"}),
        ("openai_chat", {"messages": []}),
        ("openai_chat", {}),
        ("openai_responses", {"prompt": {"id": "p"}}),
    ],
)
def test_without_turns_there_is_no_prefix(dialect: Dialect, body: dict[str, Any]) -> None:
    assert affinity.prefix(dialect, body) is None


@pytest.mark.parametrize(
    ("dialect", "turns"),
    [("openai_responses", "hi"), ("gemini", {"parts": [{"text": "hi"}]}), ("openai_chat", [7, None, "x"])],
)
def test_turns_of_any_shape_have_a_prefix(dialect: Dialect, turns: Any) -> None:
    assert affinity.prefix(dialect, {MEMBER[dialect]: turns}) is not None


def test_the_cost_of_a_prefix_does_not_grow_with_the_body() -> None:
    deep: Any = "x"
    for _ in range(3_000):
        deep = [deep]
    large = {
        "system": "s" * 6_000_000,
        "tools": [TOOL] * 100_000,
        "messages": [{"role": "user", "content": [deep, {"data": "A" * 6_000_000}]}],
    }
    began = time.perf_counter()
    for _ in range(20):
        affinity.prefix("anthropic_messages", large)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    ("dialect", "body", "found"),
    [
        ("openai_chat", {"max_tokens": 5}, 5),
        ("openai_chat", {"max_tokens": 5, "max_completion_tokens": 6}, 6),
        ("openai_chat", {"max_tokens": 5, "max_completion_tokens": None}, 5),
        ("openai_chat", {"max_output_tokens": 5}, None),
        ("openai_responses", {"max_output_tokens": 5}, 5),
        ("anthropic_messages", {"max_tokens": 5}, 5),
        ("gemini", {"generationConfig": {"maxOutputTokens": 5}}, 5),
        ("gemini", {"generation_config": {"max_output_tokens": 5}}, 5),
        ("gemini", {"generationConfig": 5}, None),
        ("gemini", {"max_tokens": 5}, None),
        ("openai_chat", {"max_tokens": True}, None),
        ("openai_chat", {"max_tokens": "5"}, None),
        ("openai_chat", {"max_tokens": 0}, None),
        ("openai_chat", {"max_tokens": 5.0}, None),
        ("openai_chat", {}, None),
    ],
)
def test_the_output_asked_for(dialect: Dialect, body: dict[str, Any], found: int | None) -> None:
    assert affinity.max_output(dialect, body) == found
