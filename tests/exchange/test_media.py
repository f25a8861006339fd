"""Pictures and sounds: bytes untouched both ways, forms with one text replaced, and what is counted where the provider tells and where not."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from tests.exchange.kit import KEY, Door
from tests.upstream.server import Upstream
from tests.upstream.steps import JSON, cut, events, reply

SOUND = bytes(range(256)) * 300
MP3 = (("content-type", "audio/mpeg"),)
BOUNDARY = "----test.boundary'42"
FORM = [("authorization", f"Bearer {KEY}"), ("content-type", f"multipart/form-data; boundary={BOUNDARY}")]


def form(*parts: tuple[str, str | None, bytes]) -> bytes:
    found = b""
    for name, file, content in parts:
        head = f'content-disposition: form-data; name="{name}"'
        head += f'; filename="{file}"\r\nContent-Type: audio/wav' if file else ""
        found += f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + content + b"\r\n"
    return found + f"--{BOUNDARY}--\r\n".encode()


AUDIO = os.urandom(4000) + b"\r\n--not the boundary\r\n" + os.urandom(100)
ASK = form(("model", None, b"chat-model"), ("file", "a.wav", AUDIO), ("language", None, b"de"))


async def test_speech_comes_back_byte_for_byte_and_is_counted_by_its_text(door: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, SOUND, MP3))
    heard = await door.ask("POST", "/v1/audio/speech", {"model": "chat-model", "input": "Hello there", "voice": "a"})
    assert heard.body == SOUND
    assert heard.header(b"content-type") == b"audio/mpeg"
    assert door.row.usage.characters == len("Hello there")
    assert door.row.usage.audio_output > 0
    assert door.row.usage.source == "estimated"
    assert door.row.error is None


async def test_speech_that_breaks_off_breaks_the_connection(door: Door, upstream: Upstream) -> None:
    upstream.add(cut(SOUND, 5000, headers=MP3, framing="length"))
    with pytest.raises(Exception, match="req_"):
        await door.ask("POST", "/v1/audio/speech", {"model": "chat-model", "input": "Hello", "voice": "a"})
    assert door.row.error is not None
    assert door.row.error.startswith("upstream")


async def test_spoken_events_tell_their_usage(door: Door, upstream: Upstream) -> None:
    raw = (
        b'data: {"type":"speech.audio.delta","audio":"AAAA"}\n\n'
        b'data: {"type":"speech.audio.done","usage":{"input_tokens":3,"output_tokens":20,"total_tokens":23}}\n\n'
    )
    upstream.add(events(raw))
    body = {"model": "chat-model", "input": "Hello", "voice": "a", "stream_format": "sse"}
    heard = await door.ask("POST", "/v1/audio/speech", body)
    assert heard.body == raw
    assert (door.row.usage.fresh, door.row.usage.audio_output, door.row.usage.source) == (3, 20, "upstream")


async def test_a_form_goes_on_with_nothing_but_the_models_name_changed(door: Door, upstream: Upstream) -> None:
    answer = {"text": "Guten Tag", "usage": {"type": "duration", "seconds": 3}}
    upstream.add(reply(200, json.dumps(answer).encode(), JSON))
    heard = await door.ask("POST", "/v1/audio/transcriptions", ASK, headers=FORM)
    assert heard.json() == answer
    sent = (await upstream.seen())[0]
    assert sent.body == ASK.replace(b"chat-model", b"up-chat")
    assert sent.target.endswith("/v1/audio/transcriptions")
    kinds = [value for name, value in sent.headers if name.lower() == "content-type"]
    assert kinds == [FORM[1][1]]
    assert door.row.usage.audio_ms_in == 3000


async def test_subtitles_are_passed_and_guessed_at(door: Door, upstream: Upstream) -> None:
    text = b"1\n00:00:00,000 --> 00:00:01,000\nGuten Tag\n"
    upstream.add(reply(200, text, (("content-type", "text/plain; charset=utf-8"),)))
    heard = await door.ask("POST", "/v1/audio/translations", ASK, headers=FORM)
    assert heard.body == text
    assert heard.header(b"content-type") == b"text/plain; charset=utf-8"
    assert door.row.usage.source == "estimated"
    assert door.row.usage.audio_ms_in > 0


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{}", "multipart"),
        (form(("file", "a", b"x")), "model"),
        (form(("model", None, b"m")), "file"),
        (form(("model", None, b"m"), ("file", "a", b"")), "empty"),
        (form(("model", None, b"m"), ("model", None, b"n"), ("file", "a", b"x")), "more than once"),
        (form(("model", None, b"m"), ("file", "a", b"x"), ("file", "b", b"x")), "exactly one"),
        (ASK[:-8], "not complete"),
        (ASK.replace(b'name="language"', b"x=y"), "no name"),
        (form(*[("x", None, b"y")] * 70), "64"),
    ],
)
async def test_a_broken_form_says_what_is_wrong(door: Door, upstream: Upstream, body: bytes, words: str) -> None:
    heard = await door.ask("POST", "/v1/audio/transcriptions", body, headers=FORM)
    assert heard.status == 400
    assert words in heard.json()["error"]["message"]
    assert upstream.journal == []


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (None, {"images_out": 2, "output": 0}),
        (
            {"input_tokens": 9, "output_tokens": 200, "input_tokens_details": {"image_tokens": 4}},
            {"images_out": 2, "output": 200, "image_output": 200, "fresh": 9, "image_input": 4},
        ),
    ],
)
async def test_pictures_are_counted(
    door: Door, upstream: Upstream, usage: dict[str, Any] | None, expected: dict[str, int]
) -> None:
    answer = {
        "created": 1,
        "data": [{"b64_json": "AAAA"}, {"url": "https://x/y"}],
        **({"usage": usage} if usage else {}),
    }
    upstream.add(reply(200, json.dumps(answer).encode(), JSON))
    heard = await door.ask("POST", "/v1/images/generations", {"model": "chat-model", "prompt": "a cat", "n": 2})
    assert heard.json() == answer
    found = door.row.usage
    assert {name: getattr(found, name) for name in expected} == expected
    assert found.source == "upstream"


async def test_streamed_pictures_end_with_the_last_one(door: Door, upstream: Upstream) -> None:
    raw = (
        b'event: image_generation.partial_image\ndata: {"type":"image_generation.partial_image","b64_json":"AA"}\n\n'
        b'event: image_generation.completed\ndata: {"type":"image_generation.completed","b64_json":"AAAA",'
        b'"usage":{"input_tokens":5,"output_tokens":100,"total_tokens":105}}\n\n'
    )
    upstream.add(events(raw))
    heard = await door.ask("POST", "/v1/images/generations", {"model": "chat-model", "prompt": "x", "stream": True})
    assert heard.body == raw
    assert (door.row.usage.output, door.row.usage.images_out) == (100, 1)
    assert (
        await door.ask("POST", "/v1/images/generations", {"model": "chat-model", "prompt": "x", "n": 99})
    ).status == 400
