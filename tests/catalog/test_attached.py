"""Files in requests' bodies, in every dialect's form."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.catalog.attached import Attached
from gateway.catalog.tokens import measure, most_of_picture

DATA = "A" * 1200
PICTURE = Attached(pictures=1, data=1200)
SOUND = Attached(carried=100, data=1200)
DOCUMENT = Attached(carried=1200, data=1200)
STORED = Attached(elsewhere=True)
DRAWN = Attached(pictures=1)
PNG, PDF = f"data:image/png;base64,{DATA}"[:1200], f"data:application/pdf;base64,{DATA}"[:1200]


def attached(dialect: str, block: Any) -> Attached:
    if dialect == "gemini":
        body: dict[str, Any] = {"contents": [{"role": "user", "parts": [block]}]}
    else:
        name = "input" if dialect == "openai_responses" else "messages"
        body = {name: [{"role": "user", "content": [block]}]}
    found = measure(dialect, body).attached
    return Attached(found.pictures, found.carried, found.data, found.elsewhere)


@pytest.mark.parametrize(
    ("block", "found"),
    [
        ({"type": "image_url", "image_url": {"url": PNG}}, PICTURE),
        ({"type": "image_url", "image_url": {"url": "https://host/a.png", "detail": "low"}}, DRAWN),
        ({"type": "image_url", "image_url": {"url": PDF}}, DOCUMENT),
        ({"type": "image_url", "image_url": {"url": "https://www.youtube.com/watch?v=1"}}, STORED),
        ({"type": "image_url", "image_url": {"url": "gs://bucket/film.mp4"}}, STORED),
        ({"type": "image_url"}, DRAWN),
        ({"type": "input_audio", "input_audio": {"data": DATA, "format": "mp3"}}, SOUND),
        ({"type": "audio_url", "audio_url": {"url": "https://host/a.mp3"}}, STORED),
        ({"type": "video_url", "video_url": {"url": "https://host/a.mp4"}}, STORED),
        ({"type": "file", "file": {"filename": "a.pdf", "file_data": PDF}}, DOCUMENT),
        ({"type": "file", "file": {"filename": "a.pdf", "file_data": DATA}}, DOCUMENT),
        ({"type": "file", "file": {"file_id": "file-1"}}, STORED),
        ({"type": "text", "text": "data:application/pdf;base64,AAAA"}, Attached()),
        ({"type": "image_url", "data": "a text that some server reads " * 9}, DRAWN),
    ],
)
def test_chat(block: Any, found: Attached) -> None:
    assert attached("openai_chat", block) == found


def test_a_spoken_answer_that_is_named() -> None:
    body = {"messages": [{"role": "assistant", "audio": {"id": "audio_1"}}, {"role": "user", "content": "and now?"}]}
    assert measure("openai_chat", body).attached.elsewhere


@pytest.mark.parametrize(
    ("block", "found"),
    [
        ({"type": "input_image", "image_url": PNG}, PICTURE),
        ({"type": "input_image", "file_id": "file-1"}, DRAWN),
        ({"type": "input_file", "filename": "a.pdf", "file_data": PDF}, DOCUMENT),
        ({"type": "input_file", "file_url": "https://host/a.pdf"}, STORED),
        ({"type": "input_file", "file_id": "file-1"}, STORED),
    ],
)
def test_responses(block: Any, found: Attached) -> None:
    assert attached("openai_responses", block) == found


@pytest.mark.parametrize(
    ("block", "found"),
    [
        ({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": DATA}}, PICTURE),
        ({"type": "image", "source": {"type": "url", "url": "https://host/a.png"}}, DRAWN),
        ({"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": DATA}}, DOCUMENT),
        ({"type": "document", "source": {"type": "url", "url": "https://host/a.pdf"}}, STORED),
        ({"type": "document", "source": {"type": "file", "file_id": "file_1"}}, STORED),
        ({"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": DATA}}, Attached()),
        (
            {
                "type": "tool_result",
                "tool_use_id": "t",
                "content": [{"type": "document", "source": {"type": "file", "file_id": "f"}}],
            },
            STORED,
        ),
    ],
)
def test_anthropic(block: Any, found: Attached) -> None:
    assert attached("anthropic_messages", block) == found


@pytest.mark.parametrize(
    ("block", "found"),
    [
        ({"inlineData": {"mimeType": "image/png", "data": DATA}}, PICTURE),
        ({"inline_data": {"mime_type": "audio/mp3", "data": DATA}}, SOUND),
        ({"inlineData": {"mimeType": "video/mp4", "data": DATA}}, SOUND),
        ({"inlineData": {"mimeType": "application/pdf", "data": DATA}}, DOCUMENT),
        ({"inlineData": {"data": DATA}}, DOCUMENT),
        ({"fileData": {"fileUri": "https://host/film"}}, STORED),
        ({"fileData": {"mimeType": "image/png", "fileUri": "files/1"}}, STORED),
        ({"file_data": {"file_uri": "files/1"}}, STORED),
        ({"type": "text", "text": "hi", "fileData": {"fileUri": "files/1"}}, STORED),
        ({"text": "hi"}, Attached()),
    ],
)
def test_gemini(block: Any, found: Attached) -> None:
    assert attached("gemini", block) == found


@pytest.mark.parametrize("value", [None, 7, "x", [], {}, {"url": 7}, {"data": [{"url": {}}]}])
@pytest.mark.parametrize("kind", ["image_url", "file", "document", "input_audio", "video_url", "inlineData"])
def test_nothing_is_too_odd(kind: str, value: Any) -> None:
    assert attached("openai_chat", {"type": kind, kind: value}).carried == 0


@pytest.mark.parametrize(
    ("model", "tokens"),
    [
        ("gpt-4o-mini-2024-07-18", 48_169),
        ("openai/gpt-4o", 2_000),
        ("gpt-5-nano", 3_779),
        ("anthropic.claude-opus-4-7-v1:0", 4_784),
        ("claude-3-haiku", 2_000),
        ("models/Gemini-2.5-pro", 4_128),
        ("nobody-knows", 2_000),
    ],
)
def test_the_most_tokens_of_a_picture(model: str, tokens: int) -> None:
    assert most_of_picture(model) == tokens
