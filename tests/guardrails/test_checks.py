"""Requests under guardrails: what is read of each dialect, whose words count, what is changed and what is not."""

from __future__ import annotations

import copy
import json
import re
import time
from dataclasses import replace
from typing import Any

import pytest

from gateway.guardrails.checks import check_input, check_of
from gateway.guardrails.texts import texts
from gateway.neutral.config import to_json
from gateway.neutral.config_reading import guardrail_from_json
from gateway.neutral.guardrails import PII_KINDS, ROLES, Guardrail, Role

MAIL = Guardrail("mail", "pii", pii=("email",), action="mask")
DENY = Guardrail("deny", "deny", keywords=("project falcon", "爆弾", "C++"), patterns=(r"(?i)secret-\d+",))
BODIES: dict[str, dict[str, Any]] = {
    "openai_chat": {
        "model": "a@b.de",
        "messages": [
            {"role": "system", "content": "S a@b.de"},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "U a@b.de"},
                    {"type": "image_url", "image_url": {"url": "a@b.de"}},
                ],
            },
            {
                "role": "assistant",
                "content": "A",
                "tool_calls": [{"id": "a@b.de", "function": {"name": "f", "arguments": '{"x":"a@b.de"}'}}],
            },
            {"role": "tool", "tool_call_id": "a@b.de", "content": "T a@b.de"},
        ],
        "user": "a@b.de",
    },
    "anthropic_messages": {
        "system": [{"type": "text", "text": "S a@b.de", "cache_control": {"type": "ephemeral"}}],
        "messages": [
            {"role": "user", "content": "U a@b.de"},
            {
                "role": "assistant",
                "content": [
                    {"type": "thinking", "thinking": "hm", "signature": "a@b.de"},
                    {"type": "tool_use", "id": "x", "name": "f", "input": {"q": "a@b.de"}},
                ],
            },
            {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "x", "content": [{"type": "text", "text": "T a@b.de"}]}
                ],
            },
        ],
    },
    "openai_responses": {
        "instructions": "S a@b.de",
        "input": [
            {"role": "user", "content": [{"type": "input_text", "text": "U a@b.de"}]},
            {"type": "function_call", "call_id": "a@b.de", "name": "f", "arguments": '{"x":"a@b.de"}'},
            {"type": "function_call_output", "call_id": "a@b.de", "output": "T a@b.de"},
        ],
    },
    "gemini": {
        "systemInstruction": {"parts": [{"text": "S a@b.de"}]},
        "contents": [
            {
                "role": "user",
                "parts": [{"text": "U a@b.de"}, {"inlineData": {"mimeType": "image/png", "data": "a@b.de"}}],
            },
            {
                "role": "model",
                "parts": [{"functionCall": {"name": "f", "args": {"q": "a@b.de"}}, "thoughtSignature": "a@b.de"}],
            },
            {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {"r": "T a@b.de"}}}]},
        ],
    },
}


@pytest.mark.parametrize("dialect", BODIES)
def test_every_text_is_masked_and_nothing_else(dialect: str) -> None:
    body = BODIES[dialect]
    before = copy.deepcopy(body)
    outcome = check_input([check_of(MAIL)], body, lambda: 0)
    assert body == before, "the client's own data is never changed"
    assert outcome.blocked is None
    kept = str(outcome.data)
    for word in ("S", "U", "T"):
        assert f"{word} [email]" in kept
    # Ids, names, addresses, signatures and base64 are as they were.
    assert (
        kept.count("a@b.de") == {"openai_chat": 5, "anthropic_messages": 1, "openai_responses": 2, "gemini": 2}[dialect]
    )
    assert outcome.verdicts[0].count == 4
    assert outcome.verdicts[0].sorts == ("email",)


@pytest.mark.parametrize("dialect", BODIES)
def test_a_body_without_a_match_is_the_very_same(dialect: str) -> None:
    assert check_input([check_of(DENY)], BODIES[dialect], lambda: 0).data is BODIES[dialect]


HIDDEN = "about Project  FALCON."
# The model's own words, of which the bodies above have only arguments of tools.
OWN: dict[str, Any] = {
    "openai_chat": {"messages": [{"role": "assistant", "content": HIDDEN}]},
    "openai_chat, arguments": {
        "messages": [
            {"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": f'{{"x":"{HIDDEN}"}}'}}]}
        ]
    },
    "anthropic_messages": {"messages": [{"role": "assistant", "content": [{"type": "text", "text": HIDDEN}]}]},
    "openai_responses": {"input": [{"role": "assistant", "content": [{"type": "output_text", "text": HIDDEN}]}]},
    "openai_responses, reasoning": {
        "input": [{"type": "reasoning", "summary": [{"type": "summary_text", "text": HIDDEN}]}]
    },
    "gemini": {"contents": [{"role": "model", "parts": [{"text": HIDDEN}]}]},
}


def _refuses(body: dict[str, Any], *roles: Role) -> bool:
    rule = replace(DENY, roles=roles) if roles else DENY
    return check_input([check_of(rule)], body, lambda: 0).blocked is not None


@pytest.mark.parametrize("dialect", BODIES)
def test_denied_words_count_whoever_says_them_unless_the_guardrail_says_whose(dialect: str) -> None:
    says: dict[str, Role] = {"S": "system", "U": "user", "T": "user"}
    for word, role in says.items():
        body = _with(BODIES[dialect], f"{word} a@b.de", HIDDEN)
        assert _refuses(body), word
        assert {one: _refuses(body, one) for one in ROLES} == {one: one == role for one in ROLES}, word


@pytest.mark.parametrize("dialect", OWN)
def test_denied_words_count_in_the_models_own_mouth(dialect: str) -> None:
    assert _refuses(OWN[dialect])
    assert {one: _refuses(OWN[dialect], one) for one in ROLES} == {one: one == "assistant" for one in ROLES}


@pytest.mark.parametrize(
    ("role", "body"),
    [
        ("user", {"messages": [{"role": "user", "content": [{"type": "text", "role": "system", "text": HIDDEN}]}]}),
        ("user", {"messages": [{"role": "user", "content": [{"type": "reasoning", "text": HIDDEN}]}]}),
        ("system", {"systemInstruction": {"role": "user", "parts": [{"text": HIDDEN}]}}),
        ("system", {"messages": [{"role": "developer", "content": HIDDEN}]}),
        ("user", {"messages": [{"role": "whoever", "content": HIDDEN}]}),
        ("user", {"messages": [{"content": HIDDEN}]}),
        ("user", {"prompt": HIDDEN}),
        ("system", {"tools": [{"function": {"name": "f", "description": HIDDEN}}]}),
    ],
)
def test_a_part_that_says_another_role_is_no_way_around(role: Role, body: dict[str, Any]) -> None:
    assert _refuses(body)
    assert {one: _refuses(body, one) for one in ROLES} == {one: one == role for one in ROLES}


def test_what_was_stored_before_there_were_roles_looks_at_all_of_them() -> None:
    stored = to_json(DENY)
    del stored["roles"]
    assert guardrail_from_json(stored).roles == ROLES
    narrow = replace(DENY, roles=("user",))
    assert guardrail_from_json(to_json(narrow)) == narrow


def test_masks_and_lengths_are_of_the_same_words() -> None:
    mail = replace(MAIL, roles=("system",))
    body: dict[str, Any] = {
        "messages": [{"role": role, "content": "a@b.de"} for role in ("system", "user", "assistant", "tool")]
    }
    masked = check_input([check_of(mail)], body, lambda: 0)
    assert [one["content"] for one in masked.data["messages"]] == ["[email]", "a@b.de", "a@b.de", "a@b.de"]
    assert masked.verdicts[0].count == 1
    rule = Guardrail("long", "max_input", max_characters=12, roles=("user",))
    assert check_input([check_of(rule)], body, lambda: 0).blocked is None
    assert check_input([check_of(replace(rule, max_characters=11))], body, lambda: 0).blocked is not None


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("project falcon", True),
        ("projects falconry", False),
        ("この爆弾は", True),
        ("I like C++!", True),
        ("see SECRET-12", True),
        ("secret-x", False),
        ("Project\nFalcon", True),
    ],
)
def test_words_and_patterns(text: str, denied: bool) -> None:
    outcome = check_input([check_of(DENY)], {"input": text}, lambda: 0)
    assert (outcome.blocked is not None) is denied


def test_limits_count_all_text_and_ask_for_tokens_only_where_they_must() -> None:
    rule = Guardrail("long", "max_input", max_characters=10)
    body = {"messages": [{"role": "user", "content": "123456"}, {"role": "assistant", "content": "12345"}]}

    def never() -> int:
        raise AssertionError

    assert check_input([check_of(rule)], body, never).blocked is not None
    assert check_input([check_of(Guardrail("long", "max_input", max_characters=11))], body, never).blocked is None
    assert check_input([check_of(Guardrail("t", "max_input", max_tokens=4))], body, lambda: 5).blocked is not None


def test_an_annotation_lets_it_pass_and_a_broken_pattern_lets_nothing_pass() -> None:
    rule = Guardrail("note", "pii", pii=("email",), action="annotate")
    outcome = check_input([check_of(rule)], {"input": "a@b.de and c@d.de"}, lambda: 0)
    assert outcome.blocked is None
    assert outcome.verdicts[0].count == 2
    broken = check_of(Guardrail("x", "deny", patterns=("(",), action="annotate"))
    assert check_input([broken], {"input": "hello"}, lambda: 0).blocked is not None


def test_deep_and_odd_bodies_are_walked_without_harm() -> None:
    deep: Any = "a@b.de"
    for _ in range(60):
        deep = [deep]
    body = {"messages": [{"role": 5, "content": deep}, None, 7, {"content": None}]}
    assert texts(body, ROLES) == ["a@b.de"]


def _with(body: Any, old: str, new: str) -> Any:
    if isinstance(body, dict):
        return {name: _with(item, old, new) for name, item in body.items()}
    if isinstance(body, list):
        return [_with(item, old, new) for item in body]
    return new if body == old else body


def test_free_json_has_no_names_that_mean_something_and_base64_is_left() -> None:
    body = {
        "messages": [
            {
                "role": "assistant",
                "content": [
                    {"type": "tool_use", "id": "a@b.de", "name": "f", "input": {"name": "a@b.de", "url": "a@b.de"}}
                ],
            },
            {
                "role": "user",
                "content": [
                    {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "a@b.de"}}
                ],
            },
            {"role": "user", "content": [{"type": "image", "source": {"type": "base64", "data": "a@b.de"}}]},
        ],
        "input": [{"type": "image_generation_call", "result": "a@b.de"}],
        "contents": [
            {"role": "user", "parts": [{"functionResponse": {"name": "a@b.de", "response": {"id": "a@b.de"}}}]}
        ],
        "tools": [
            {
                "type": "function",
                "function": {"name": "a@b.de", "description": "ask a@b.de", "parameters": {"enum": ["a@b.de"]}},
            }
        ],
        "prediction": {"type": "content", "content": "a@b.de"},
    }
    outcome = check_input([check_of(MAIL)], body, lambda: 0)
    assert outcome.verdicts[0].count == 6
    data = outcome.data
    assert data["messages"][0]["content"][0]["input"] == {"name": "[email]", "url": "[email]"}
    assert data["messages"][0]["content"][0]["id"] == "a@b.de"
    assert data["messages"][1]["content"][0]["source"]["data"] == "[email]"
    assert data["messages"][2] is body["messages"][2]
    assert data["input"] is body["input"]
    assert data["contents"][0]["parts"][0]["functionResponse"] == {"name": "a@b.de", "response": {"id": "[email]"}}
    assert data["tools"][0]["function"] == {
        "name": "a@b.de",
        "description": "ask [email]",
        "parameters": {"enum": ["a@b.de"]},
    }
    assert data["prediction"]["content"] == "[email]"


@pytest.mark.parametrize(
    ("keyword", "text"),
    [("STRASSE", "straße"), ("kelvin", "\u212aelvin"), ("istanbul", "\u0130stanbul"), ("sos", "\u017fos")],
)
def test_a_word_is_found_in_any_case_that_the_expression_knows(keyword: str, text: str) -> None:
    wanted = re.search(keyword, text, re.IGNORECASE) is not None
    rule = Guardrail("d", "deny", keywords=(keyword,))
    assert (check_input([check_of(rule)], {"input": text}, lambda: 0).blocked is not None) is wanted


def test_long_lists_and_hostile_texts_take_no_time() -> None:
    words = Guardrail("d", "deny", keywords=tuple(f"word{number}" for number in range(500)))
    pii = Guardrail("p", "pii", pii=PII_KINDS, action="mask")
    for text in ("AB12 " * 40_000, "DE89 " * 40_000, "1-" * 100_000, "a@" * 100_000, "+1 " * 60_000, ": " * 100_000):
        began = time.process_time()
        check_input([check_of(words), check_of(pii)], {"input": text}, lambda: 0)
        assert time.process_time() - began < 2, text[:5]


def test_a_mask_hides_every_match_of_a_long_text() -> None:
    text = " ".join(f"a{number}@b.de" for number in range(3_000))
    outcome = check_input([check_of(MAIL)], {"prompt": text}, lambda: 0)
    assert "@" not in outcome.data["prompt"]
    assert outcome.verdicts[0].count == 3_000


def test_many_matches_between_letters_of_many_bytes_take_no_long() -> None:
    check = check_of(Guardrail("x", "deny", patterns=("a",), action="mask"))
    began = time.process_time()
    outcome = check_input([check], {"prompt": "aé字" * 60_000}, lambda: 0)
    assert time.process_time() - began < 3.0
    assert outcome.data["prompt"] == "[pattern]é字" * 60_000


FALCON = "about project falcon"
SCHEMA = {"json_schema": {"schema": {"properties": {"description": {"description": "as a@b.de"}}}}}


@pytest.mark.parametrize(
    "message",
    [
        {"role": "user", "type": "image_generation_call", "content": FALCON},
        {"role": "user", "content": [{"type": "text", "role": "system", "text": FALCON}]},
        {"role": "user", "content": [{"type": "reasoning", "text": FALCON}]},
        {"role": "user", "parts": [{"functionResponse": {"response": {FALCON: 1}}}]},
    ],
)
def test_no_member_that_nobody_reads_hides_a_text(message: dict[str, Any]) -> None:
    assert check_input([check_of(DENY)], {"messages": [message]}, lambda: 0).blocked is not None


@pytest.mark.parametrize("depth", [70, 250, 1_000])
@pytest.mark.parametrize("part", ["content", "response"])
def test_no_text_lies_too_deep(depth: int, part: str) -> None:
    deep: Any = {"card": 4111111111111111, "who": FALCON}
    for level in range(depth):
        deep = [deep] if level % 2 else {"x": deep}
    body = {"messages": [{"role": "user", part: deep}]}
    assert check_input([check_of(DENY)], body, lambda: 0).blocked is not None
    assert check_input([check_of(CARD)], body, lambda: 0).verdicts[0].count == 1


CARD = Guardrail("card", "pii", pii=("credit_card", "email"), action="mask")


def test_arguments_of_tools_stay_json_and_hide_nothing_in_escapes() -> None:
    written = '{"card": 4111111111111111, "mail": "a\\u0040b.de", "c@d.de": [1, 2.5]}'
    call = {"role": "assistant", "tool_calls": [{"id": "x", "function": {"name": "f", "arguments": written}}]}
    data = check_input([check_of(CARD)], {"messages": [call]}, lambda: 0).data
    found = data["messages"][0]["tool_calls"][0]["function"]["arguments"]
    assert json.loads(found) == {"card": "[credit_card]", "mail": "[email]", "[email]": [1, 2.5]}
    plain = {"role": "assistant", "tool_calls": [{"function": {"arguments": '{"a" : 1}'}}]}
    body = {"messages": [plain]}
    assert check_input([check_of(CARD)], body, lambda: 0).data is body


@pytest.mark.parametrize("twice", ['{"a": "%s", "a": "no"}', '{"a": "no", "a": "%s"}'])
def test_arguments_with_a_name_twice_are_looked_at_as_they_are_written(twice: str) -> None:
    call = {"role": "user", "tool_calls": [{"function": {"arguments": twice % FALCON}}]}
    assert check_input([check_of(DENY)], {"messages": [call]}, lambda: 0).blocked is not None


def test_numbers_in_what_a_tool_gave_are_looked_at() -> None:
    part = {"functionResponse": {"name": "f", "response": {"card": 4111111111111111, "ok": True}}}
    data = check_input([check_of(CARD)], {"contents": [{"role": "user", "parts": [part]}]}, lambda: 0).data
    assert data["contents"][0]["parts"][0]["functionResponse"]["response"] == {"card": "[credit_card]", "ok": True}


@pytest.mark.parametrize(
    "name", ["response_format", "text", "generationConfig", "generation_config", "output_config", "output_format"]
)
def test_what_describes_the_form_of_an_answer_is_read_by_the_model(name: str) -> None:
    outcome = check_input([check_of(MAIL)], {name: SCHEMA}, lambda: 0)
    inner = outcome.data[name]["json_schema"]["schema"]["properties"]
    assert inner == {"description": {"description": "as [email]"}}
