"""What decides an answer, whose it is, and which requests have none that may be given again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.caching import keys
from gateway.caching.eligible import Wishes, eligible, wishes
from gateway.caching.keys import Asked
from gateway.caching.question import LONGEST, question
from gateway.errors import InvalidRequest
from gateway.neutral.caching import CacheRule
from gateway.neutral.config import VirtualKey

TALK = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}]
BODY: dict[str, Any] = {"model": "m", "messages": TALK, "temperature": 0.5, "stream": False}
ASKED = Asked("openai_chat", "/v1/chat/completions", "m", BODY, ("", ""), ("",), "")


def digest(**changes: Any) -> str:
    return keys.exact("team#a", replace(ASKED, **changes)).digest


@pytest.mark.parametrize(
    "changes",
    [
        {"dialect": "anthropic_messages"},
        {"path": "/v1/embeddings"},
        {"model": "n"},
        {"headers": ("tools-2", "")},
        {"hints": ("cost",)},
        {"namespace": "mine"},
        *(
            {"body": BODY | change}
            for change in (
                {"temperature": 0.6},
                {"temperature": None},
                {"top_p": 1},
                {"stop": ["a"]},
                {"seed": 1},
                {"max_tokens": 5},
                {"n": 2},
                {"stream": True},
                {"store": True},
                {"tools": [{"type": "function", "function": {"name": "f"}}]},
                {"response_format": {"type": "json_object"}},
                {"a field of next year": 1},
                {"messages": TALK[1:]},
                {"messages": [*TALK, {"role": "user", "content": "Why?"}]},
                {"messages": [TALK[0], {"role": "user", "content": "why?"}]},
                {"messages": [TALK[0], {"role": "user", "content": "Why? "}]},
            )
        ),
    ],
)
def test_whatever_a_model_may_notice_makes_another_key(changes: dict[str, Any]) -> None:
    assert digest(**changes) != digest()


@pytest.mark.parametrize(
    "name", ["user", "safety_identifier", "metadata", "prompt_cache_key", "service_tier", "labels"]
)
def test_what_no_model_sees_does_not(name: str) -> None:
    assert digest(body=BODY | {name: "x"}) == digest()


def test_the_order_of_members_says_nothing_and_that_of_messages_does() -> None:
    assert digest(body=dict(reversed(BODY.items()))) == digest()
    assert digest(body=BODY | {"messages": TALK[::-1]}) != digest()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from("abcd"), JSON), st.dictionaries(st.sampled_from("abcd"), JSON))
def test_two_bodies_have_one_key_only_if_they_are_one(one: dict[str, Any], other: dict[str, Any]) -> None:
    # As text: 1, 1.0 and true are equal in Python.
    assert (digest(body=one) == digest(body=other)) is (_text(one) == _text(other))


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{name!r}:{_text(value[name])}" for name in sorted(value)) + "}"
    return "[" + ",".join(map(_text, value)) + "]" if isinstance(value, list) else repr(value)


def test_a_tenant_is_a_part_of_what_is_hashed_and_of_the_address() -> None:
    one, other = keys.exact("team#a", ASKED), keys.exact("team#b", ASKED)
    assert (one.tenant, other.tenant) == ("team#a", "team#b")
    assert one.digest != other.digest
    assert keys.bucket("team#a", ASKED, BODY, "e").digest not in {
        one.digest,
        keys.bucket("team#a", ASKED, BODY, "f").digest,
    }


def test_whose_answers_a_key_may_have() -> None:
    key = VirtualKey("key_1", "k", "d" * 64, "", user_id="u", team_id="t")
    alone = replace(key, user_id=None, team_id=None)
    nobodys = replace(key, digest="", team_id=None)
    told = {
        scope: [keys.tenant(CacheRule(scope=scope), one) for one in (key, alone, nobodys)]
        for scope in ("key", "user", "team", "deployment")
    }
    assert told == {
        "key": ["key#key_1", "key#key_1", "user#u"],
        "user": ["user#u", "key#key_1", "user#u"],
        "team": ["team#t", "key#key_1", "user#u"],
        "deployment": ["deployment"] * 3,
    }
    assert keys.tenants(key) == ["key#key_1", "team#t", "user#u"], "never what the deployment shares"


@pytest.mark.parametrize(
    "dialect",
    ["openai_chat", "openai_completions", "openai_responses", "anthropic_messages", "gemini", "openai_embeddings"],
)
def test_generations_may_be_given_again(dialect: str) -> None:
    assert eligible(dialect, {"model": "m", "messages": TALK, "prompt": "x"})


@pytest.mark.parametrize(
    "dialect", ["openai_images", "openai_speech", "openai_transcriptions", "rerank", "openai_moderations"]
)
def test_what_is_made_anew_or_is_no_generation_may_not(dialect: str) -> None:
    assert not eligible(dialect, {})


@pytest.mark.parametrize(
    "more",
    [
        {"previous_response_id": "resp_1"},
        {"conversation": "conv_1"},
        {"background": True},
        {"audio": {"voice": "a"}},
        {"modalities": ["text", "audio"]},
        {"web_search_options": {"search_context_size": "low"}},
        {"search_parameters": {"mode": "on"}},
        {"plugins": [{"id": "web"}]},
        {"mcp_servers": [{"url": "https://x"}]},
        {"container": "c_1"},
        {"prompt": {"id": "pmpt_1"}},
        {"tools": [{"type": "web_search"}]},
        {"tools": [{"type": "function", "function": {"name": "f"}}, {"type": "mcp"}]},
        {"tools": [{"type": "web_search_20250305", "name": "web_search"}]},
        {"tools": [{"googleSearch": {}}]},
        {"tools": [{"functionDeclarations": [], "googleSearch": {}}]},
        {"tools": ["odd"]},
        {"tools": {"type": "code_interpreter"}},
    ],
)
def test_what_looks_at_the_world_or_goes_on_elsewhere_may_not(more: dict[str, Any]) -> None:
    assert not eligible("openai_chat", BODY | more)


@pytest.mark.parametrize(
    "tool",
    [
        {"type": "function", "function": {"name": "f"}},
        {"type": "custom", "name": "f"},
        {"name": "f", "input_schema": {}},
        {"functionDeclarations": [{"name": "f"}]},
    ],
)
def test_a_call_of_the_clients_own_tool_is_only_words(tool: dict[str, Any]) -> None:
    assert eligible("openai_chat", BODY | {"tools": [tool]})


@pytest.mark.parametrize(
    ("headers", "wished"),
    [
        ({}, Wishes()),
        ({"x-gateway-cache": " ON "}, Wishes()),
        ({"x-gateway-cache": "no-cache"}, Wishes(read=False)),
        ({"x-gateway-cache": "no-store"}, Wishes(keep=False)),
        ({"x-gateway-cache": "off"}, Wishes(read=False, keep=False)),
        ({"x-gateway-cache": "only"}, Wishes(only=True)),
        ({"cache-control": "No-Cache"}, Wishes(read=False)),
        ({"cache-control": "no-store, max-age=60"}, Wishes(keep=False, most_age=60)),
        ({"cache-control": "max-age=0"}, Wishes(read=False, most_age=0)),
        ({"cache-control": "only-if-cached"}, Wishes(only=True)),
        ({"cache-control": "max-age=soon, max-stale=5, private"}, Wishes()),
        ({"x-gateway-cache-ttl": " 60 "}, Wishes(ttl=60)),
        ({"x-gateway-cache-ttl": ""}, Wishes()),
        ({"x-gateway-cache-namespace": " mine "}, Wishes(namespace="mine")),
    ],
)
def test_what_a_client_says_of_the_cache(headers: dict[str, str], wished: Wishes) -> None:
    assert wishes(headers) == wished


def test_a_body_that_skips_the_cache_wants_neither() -> None:
    assert wishes({}, skip=True) == Wishes(read=False, keep=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-gateway-cache", "perhaps"),
        ("x-gateway-cache-ttl", "0"),
        ("x-gateway-cache-ttl", "-1"),
        ("x-gateway-cache-ttl", "1.5"),
        ("x-gateway-cache-ttl", "\u0661"),
        ("x-gateway-cache-ttl", "1" * 11),
        ("x-gateway-cache-namespace", "n" * 129),
    ],
)
def test_a_wish_of_ours_that_makes_no_sense_is_refused(name: str, value: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        wishes({name: value})
    assert refused.value.param == name


@pytest.mark.parametrize(
    ("dialect", "body", "text"),
    [
        ("openai_chat", {"messages": TALK}, "Why?"),
        ("openai_chat", {"messages": [{"role": "user", "content": [{"type": "text", "text": "Why?"}]}]}, "Why?"),
        ("anthropic_messages", {"system": "s", "messages": [{"role": "user", "content": "Why?"}]}, "Why?"),
        ("openai_responses", {"input": "Why?"}, "Why?"),
        (
            "openai_responses",
            {"input": [{"role": "user", "content": [{"type": "input_text", "text": "Why?"}]}]},
            "Why?",
        ),
        ("gemini", {"contents": [{"parts": [{"text": "Why?"}]}]}, "Why?"),
        ("openai_chat", {"messages": [*TALK, {"role": "assistant", "content": "Because."}]}, None),
        ("openai_chat", {"messages": [{"role": "tool", "content": "Why?"}]}, None),
        (
            "openai_chat",
            {"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image_url"}]}]},
            None,
        ),
        (
            "openai_chat",
            {"messages": [{"role": "user", "content": [{"type": "text", "text": "a", "cache_control": {}}]}]},
            None,
        ),
        ("openai_chat", {"messages": [{"role": "user", "content": "x" * (LONGEST + 1)}]}, None),
        ("openai_chat", {"messages": [{"role": "user", "content": " "}]}, None),
        ("openai_chat", {"messages": ["odd"]}, None),
        ("openai_chat", {"messages": []}, None),
        ("openai_responses", {"input": [{"type": "function_call_output", "output": "Why?"}]}, None),
        ("openai_embeddings", {"input": "Why?"}, None),
    ],
)
def test_the_last_question(dialect: str, body: dict[str, Any], text: str | None) -> None:
    found = question(dialect, body)
    assert (None if found is None else found[0]) == text


def test_questions_of_one_bucket_differ_in_nothing_else() -> None:
    def bucket(body: dict[str, Any]) -> str:
        found = question("openai_chat", body)
        assert found is not None
        return keys.bucket("team#a", ASKED, found[1], "e").digest

    other = {"role": "user", "content": "How?"}
    assert bucket({**BODY, "messages": [TALK[0], other]}) == bucket(BODY)
    for change in (
        {"messages": [other]},
        {"messages": [{"role": "system", "content": "Be long."}, other]},
        {"messages": [TALK[0], {**other, "name": "ann"}]},
        {"messages": [TALK[0], TALK[1], {"role": "assistant", "content": "Because."}, other]},
        {"messages": [TALK[0], other], "temperature": 0.6},
    ):
        assert bucket({**BODY, **change}) != bucket(BODY)
