"""Pictures, sounds, moderations, reranking and text completions: the official `openai` client and plain HTTP, byte for byte, priced and logged."""

from __future__ import annotations

import hashlib
import json
import os
import random
from typing import Any

import httpx
import pytest
from tests.e2e.doors import Call, Door
from tests.upstream import pieces, reply
from tests.upstream.background import BackgroundUpstream
from tests.upstream.journal import Recorded
from tests.upstream.steps import EVENTS, JSON, events

SOUND = random.Random(7).randbytes(1024 * 1024 - 256) + bytes(range(256))
MP3 = (("content-type", "audio/mpeg"),)
TEXT = (("content-type", "text/plain; charset=utf-8"),)
FILE = b"RIFF" + random.Random(8).randbytes(300_000) + b"\r\n--\r\n\r\n--x--\r\n" + bytes(range(256))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
PATHS = {
    "transcriptions": "/v1/audio/transcriptions",
    "translations": "/v1/audio/translations",
    "speech": "/v1/audio/speech",
    "images": "/v1/images/generations",
    "edits": "/v1/images/edits",
}


def answers(body: Any) -> Any:
    return reply(200, json.dumps(body).encode(), JSON)


def parts_of(sent: Recorded) -> dict[str, bytes]:
    """The parts of a form by name, as its own header delimits them."""
    kind = sent.header("content-type") or ""
    mark = b"--" + kind.partition("boundary=")[2].strip('"').encode()
    found = {}
    for part in (b"\r\n" + sent.body).split(b"\r\n" + mark)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        found[head.lower().partition(b'name="')[2].partition(b'"')[0].decode()] = content
    return found


@pytest.mark.parametrize("form", ["b64_json", "url"])
def test_pictures(call: Call, upstream: BackgroundUpstream, form: Any) -> None:
    one = {"b64_json": "iVBORw0KGgo="} if form == "b64_json" else {"url": "https://pictures.test/1.png"}
    upstream.add(answers({"created": 1, "data": [one, one]}), path=PATHS["images"])
    made = call.openai().images.generate(model="picture", prompt="a cat", n=2, response_format=form)
    assert [getattr(each, form) for each in made.data or ()] == [*one.values()] * 2
    assert upstream.journal[-1].json() == {"model": "up-picture", "prompt": "a cat", "n": 2, "response_format": form}
    row = call.row()
    assert (row["images_out"], row["cost_nano"], row["cost_state"]) == (2, 80_000_000, "priced")


def test_changed_pictures_billed_by_tokens(call: Call, upstream: BackgroundUpstream) -> None:
    details = {"text_tokens": 10, "image_tokens": 200}
    usage = {"input_tokens": 210, "output_tokens": 1056, "total_tokens": 1266, "input_tokens_details": details}
    upstream.add(answers({"created": 1, "data": [{"b64_json": "AAAA"}], "usage": usage}), path=PATHS["edits"])
    made = call.openai().images.edit(
        model="picture-tokens", image=[("a.png", PNG), ("b.png", PNG[::-1])], prompt="a hat", n=1
    )
    assert made.usage is not None
    assert made.usage.total_tokens == 1266
    sent = parts_of(upstream.journal[-1])
    assert (sent["model"], sent["prompt"], sent["image[]"]) == (b"up-picture-tokens", b"a hat", PNG[::-1])
    assert PNG in upstream.journal[-1].body
    assert call.row()["cost_nano"] == 10 * 5_000 + 200 * 10_000 + 1056 * 40_000


def test_speech_of_a_megabyte_arrives_byte_for_byte_as_it_is_made(call: Call, upstream: BackgroundUpstream) -> None:
    upstream.add(reply(200, b"", MP3, "chunked", pieces(SOUND, 10_007)), path=PATHS["speech"])
    with call.openai().audio.speech.with_streaming_response.create(
        model="voice", input="Hello there", voice="alloy"
    ) as got:
        heard = b"".join(got.iter_bytes())
        kind = got.headers["content-type"]
    assert hashlib.sha256(heard).digest() == hashlib.sha256(SOUND).digest()
    assert kind == "audio/mpeg"
    row = call.row()
    assert (row["characters"], row["cost_nano"], row["stream"]) == (11, 11 * 15_000, True)


def test_speech_as_events_is_billed_by_its_tokens(call: Call, upstream: BackgroundUpstream) -> None:
    usage = b'{"input_tokens":14,"output_tokens":101,"total_tokens":115}'
    raw = (
        b'data: {"type":"speech.audio.delta","audio":"AAEC"}\n\ndata: {"type":"speech.audio.done","usage":%b}\n\n'
        % usage
    )
    upstream.add(events(raw), path=PATHS["speech"])
    heard = call.openai().audio.speech.create(model="voice-tokens", input="Hello", voice="alloy", stream_format="sse")
    assert heard.content == raw
    assert call.row()["cost_nano"] == 14 * 600 + 101 * 12_000


VERBOSE = {"task": "transcribe", "language": "german", "duration": 8.47, "text": "Guten Tag", "segments": []}
SRT = "1\n00:00:00,000 --> 00:00:01,000\nGrüß Gott\n"
DURATION = {"type": "duration", "seconds": 9}


@pytest.mark.parametrize(
    ("form", "answer", "milliseconds"),
    [
        ("json", answers({"text": "Guten Tag", "usage": DURATION}), 9_000),
        ("verbose_json", answers(VERBOSE), 8_470),
        ("text", reply(200, b"Guten Tag\n", TEXT), len(FILE) * 1000 // 8_000),  # a guess by the size
        ("srt", reply(200, SRT.encode(), TEXT), 1_000),  # the end of the last line
    ],
)
@pytest.mark.parametrize("operation", ["transcriptions", "translations"])
@pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")
def test_files_are_written_down(
    call: Call, upstream: BackgroundUpstream, operation: str, form: Any, answer: Any, milliseconds: int
) -> None:
    upstream.add(answer, path=PATHS[operation])
    client: Any = getattr(call.openai().audio, operation)
    got = client.create(model="scribe", file=("täst.wav", FILE, "audio/wav"), response_format=form, prompt="Grüße")
    text = got if isinstance(got, str) else got.text
    assert text == {"text": "Guten Tag\n", "srt": SRT}.get(form, "Guten Tag")
    sent = parts_of(upstream.journal[-1])
    assert (sent["model"], sent["prompt"], sent["file"]) == (b"up-scribe", "Grüße".encode(), FILE)
    row = call.row()
    assert row["usage_source"] == ("estimated" if form in {"text", "srt"} else "upstream")
    assert (row["audio_ms_in"], row["cost_nano"]) == (milliseconds, milliseconds * 100)


def test_a_transcription_that_streams(call: Call, upstream: BackgroundUpstream) -> None:
    raw = (
        b'data: {"type":"transcript.text.delta","delta":"Guten "}\n\ndata: {"type":"transcript.text.delta","delta":"Tag"}\n\n'
        b'data: {"type":"transcript.text.done","text":"Guten Tag","usage":{"type":"duration","seconds":3}}\n\ndata: [DONE]\n\n'
    )
    upstream.add(reply(200, b"", EVENTS, "chunked", pieces(raw, 7)), path=PATHS["transcriptions"])
    stream = call.openai().audio.transcriptions.create(model="scribe", file=("a.wav", FILE), stream=True)
    heard = [(event.type, getattr(event, "delta", getattr(event, "text", ""))) for event in stream]
    assert heard == [
        ("transcript.text.delta", "Guten "),
        ("transcript.text.delta", "Tag"),
        ("transcript.text.done", "Guten Tag"),
    ]
    row = call.row()
    assert (row["audio_ms_in"], row["stream"], row["cost_nano"]) == (3000, True, 300_000)


def test_moderations(call: Call, upstream: BackgroundUpstream) -> None:
    result = {"flagged": True, "categories": {"violence": True}, "category_scores": {"violence": 0.98}}
    upstream.add(
        answers({"id": "modr-1", "model": "omni-moderation-latest", "results": [result]}), path="/v1/moderations"
    )
    found = call.openai().moderations.create(model="moderator", input=["a", "b"])
    assert found.results[0].flagged
    assert upstream.journal[-1].json() == {"model": "up-moderator", "input": ["a", "b"]}
    row = call.row()
    assert (row["cost_nano"], row["cost_state"], row["output_tokens"]) == (0, "priced", 0)


def test_reranking_is_billed_by_the_search(call: Call, upstream: BackgroundUpstream) -> None:
    answer = {
        "id": "r",
        "results": [{"index": 1, "relevance_score": 0.9}],
        "meta": {"billed_units": {"search_units": 2}},
    }
    upstream.add(answers(answer), path="/v1/rerank")
    ask = {"model": "ranker", "query": "q", "documents": ["a", {"text": "b"}], "top_n": 1}
    with call.http() as client:
        assert client.post("/v1/rerank", json=ask).json() == answer
    assert upstream.journal[-1].json() == {**ask, "model": "up-ranker"}
    row = call.row()
    assert (row["searches"], row["cost_nano"]) == (2, 4_000_000)


@pytest.mark.parametrize("stream", [False, True])
def test_text_completions(call: Call, upstream: BackgroundUpstream, stream: bool) -> None:
    usage = {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}
    base = {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "up-writer"}
    choice = {"text": " was", "index": 0, "logprobs": None, "finish_reason": None}
    last = {**choice, "text": " a test", "finish_reason": "stop"}
    if stream:
        chunks = [{**base, "choices": [choice]}, {**base, "choices": [last]}, {**base, "choices": [], "usage": usage}]
        raw = b"".join(b"data: " + json.dumps(one).encode() + b"\n\n" for one in chunks) + b"data: [DONE]\n\n"
        upstream.add(events(raw), path="/v1/completions")
    else:
        upstream.add(
            answers({**base, "choices": [{**last, "text": " was a test"}], "usage": usage}), path="/v1/completions"
        )
    got: Any = call.openai().completions.create(model="writer", prompt="This", max_tokens=9, stream=stream)
    text = "".join(choice.text for part in (got if stream else [got]) for choice in part.choices)
    assert text == " was a test"
    row = call.row()
    assert (row["fresh_tokens"], row["output_tokens"], row["cost_nano"]) == (5, 7, 5 * 1_500 + 7 * 2_000)


def test_a_large_file_is_uploaded_and_written_down_byte_for_byte(loop_door: Door, upstream: BackgroundUpstream) -> None:
    call = loop_door.call()
    content = os.urandom(20 * 1024 * 1024)
    upstream.add(
        answers({"text": "Guten Tag", "usage": {"type": "duration", "seconds": 1200}}), path=PATHS["transcriptions"]
    )
    with call.http() as client:
        announced = client.post(
            "/v1/audio/uploads", json={"filename": "Gespräch.mp3", "bytes": len(content), "content_type": "audio/mpeg"}
        )
        place = announced.raise_for_status().json()
        early = client.post(PATHS["transcriptions"], json={"model": "scribe", "upload": place["id"]})
        assert (early.status_code, early.json()["error"]["code"]) == (404, "upload_not_found")
        with httpx.Client(trust_env=False, timeout=30.0) as anybody:
            for wrong in (content[1:], content + b"x"):
                assert (
                    anybody.put(
                        place["url"], headers={**place["headers"], "content-length": str(len(wrong))}, content=wrong
                    ).status_code
                    == 403
                )
            forged = place["url"].replace(place["id"], "upload_" + "0" * 32)
            assert anybody.put(forged, headers=place["headers"], content=content).status_code == 403
            anybody.put(place["url"], headers=place["headers"], content=content).raise_for_status()
        foreign = call.http(call.door.secrets.limited_key)
        with foreign:
            refused = foreign.post(PATHS["transcriptions"], json={"model": "scribe", "upload": place["id"]})
        assert refused.content == early.content
        before = len(upstream.journal)
        got = client.post(PATHS["transcriptions"], json={"model": "scribe", "upload": place["id"], "language": "de"})
    assert got.json()["text"] == "Guten Tag"
    assert len(upstream.journal) == before + 1
    sent = parts_of(upstream.journal[-1])
    assert sent["model"] == b"up-scribe"
    assert hashlib.sha256(sent["file"]).digest() == hashlib.sha256(content).digest()
    assert 'filename="Gespräch.mp3"'.encode() in upstream.journal[-1].body
    row = call.rows(4)[-1]
    assert (row["status"], row["audio_ms_in"], row["cost_nano"]) == (200, 1_200_000, 120_000_000)
