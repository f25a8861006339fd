"""What a body says of its size."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.ingress.sizes import caches, choices, media, service


@pytest.mark.parametrize(
    ("dialect", "body", "count"),
    [
        ("openai_chat", {}, 1),
        ("openai_chat", {"n": 3}, 3),
        ("openai_chat", {"n": 0}, 1),
        ("openai_chat", {"n": "3"}, 1),
        ("openai_chat", {"n": True}, 1),
        ("openai_chat", {"n": 2, "best_of": 5}, 5),
        ("openai_chat", {"n": 10**30}, 1_000),
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
    ("tier", "said"), [("priority", "priority"), ("flex", "flex"), ("auto", ""), (None, ""), (7, ""), ("scale", "")]
)
def test_service_tiers(tier: Any, said: str) -> None:
    assert service({"service_tier": tier}) == said
