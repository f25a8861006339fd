"""What a body says of its size."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.ingress.sizes import caches, choices, detached, elsewhere, media, output


@pytest.mark.parametrize(
    ("dialect", "body", "count"),
    [
        ("openai_chat", {}, 1),
        ("openai_chat", {"n": 3}, 3),
        ("openai_chat", {"n": 0}, 1),
        ("openai_chat", {"n": "3"}, 3),
        ("openai_chat", {"n": 3.0}, 3),
        ("openai_chat", {"n": "nan"}, 1),
        ("openai_chat", {"n": "many"}, 1),
        ("openai_chat", {"n": True}, 1),
        ("openai_chat", {"n": 2, "best_of": 5}, 5),
        ("openai_chat", {"n": 5_000}, 5_000),
        ("openai_chat", {"n": 10**30}, 10**6),
        ("anthropic_messages", {}, 1),
        ("gemini", {"generationConfig": {"candidateCount": 4}}, 4),
        ("gemini", {"generation_config": {"candidate_count": 4}}, 4),
        ("gemini", {"generationConfig": 7}, 1),
        ("gemini", {"n": 4}, 1),
    ],
)
def test_choices(dialect: Any, body: dict[str, Any], count: int) -> None:
    assert choices(dialect, body) == count


@pytest.mark.parametrize(
    ("raw", "marked"),
    [
        (b'{"messages":[{"role":"user","content":"hi"}]}', False),
        (b'{"system":[{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}]}', True),
        (b'{"system":[{"cachePoint":{"type":"default"}}]}', True),
        (b'{"system":[{"\\u0063ache_control":{"type":"ephemeral"}}]}', True),
        (b'{"a":"\\u00e9"}', False),
    ],
)
def test_marks_of_a_prompt_cache(raw: bytes, marked: bool) -> None:
    assert caches(raw) is marked


@pytest.mark.parametrize(
    ("raw", "there"),
    [
        (b'{"messages":[{"role":"user","content":"hi"}]}', False),
        (b'{"type":"input_audio"}', True),
        (b'{"type":"image_url"}', True),
        (b'{"inlineData":{"mimeType":"x"}}', True),
        (b'{"mime_type":"\\u0061udio/wav"}', True),
    ],
)
def test_sound_and_pictures(raw: bytes, there: bool) -> None:
    assert media(raw) is there


@pytest.mark.parametrize(
    ("dialect", "body", "most"),
    [
        ("openai_chat", {}, None),
        ("openai_chat", {"max_tokens": 7}, 7),
        ("openai_chat", {"max_completion_tokens": 1, "max_tokens": 7}, 7),
        ("openai_chat", {"max_tokens": "7"}, 7),
        ("openai_chat", {"max_tokens": 6.5}, 7),
        ("openai_chat", {"max_tokens": True}, None),
        ("openai_chat", {"max_tokens": 0}, None),
        ("openai_chat", {"max_tokens": -1}, None),
        ("openai_chat", {"max_tokens": 1e300}, 10**12),
        ("anthropic_messages", {"max_tokens": 7}, 7),
        ("openai_responses", {"max_output_tokens": 7}, 7),
        ("gemini", {"max_tokens": 7}, None),
        ("gemini", {"generationConfig": {"maxOutputTokens": "7"}}, 7),
        ("gemini", {"generationConfig": {"maxOutputTokens": 1}, "generation_config": {"maxOutputTokens": 7}}, 7),
    ],
)
def test_the_longest_answer(dialect: Any, body: dict[str, Any], most: int | None) -> None:
    assert output(dialect, body) == most


def test_input_that_lies_elsewhere() -> None:
    assert elsewhere("openai_responses", {"previous_response_id": "resp_1"})
    assert elsewhere("gemini", {"cachedContent": "cachedContents/1"})
    assert not elsewhere("openai_responses", {"previous_response_id": None, "input": "previous_response_id"})
    assert not elsewhere("openai_chat", {"prompt": "x"})


def test_work_that_is_detached_from_its_answer() -> None:
    assert detached("openai_responses", {"background": True})
    assert detached("openai_responses", {"background": "true"})
    assert not detached("openai_responses", {"background": False})
    assert not detached("openai_chat", {"background": True})
