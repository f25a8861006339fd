"""S14: what the upstream says is what the client gets, byte for byte; what the client says is what the upstream gets, but for the model's name."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator

import pytest
from tests.e2e.configuration import FAULTS, PREFIX, model_of
from tests.e2e.doors import Call
from tests.upstream import fixtures, pieces, reply
from tests.upstream.background import BackgroundUpstream
from tests.upstream.fixtures import Fixture
from tests.upstream.steps import EVENTS, Send, Steps, events

ALL = [*fixtures.load(), *fixtures.load_gemini()]
STREAM_MEMBER = re.compile(rb'"stream"\s*:\s*(?:true|false)')
FAILED = "openai_responses/failed"
CHUNKINGS = ("events", "one", "bytes", "sevens")


def body_for(fixture: Fixture, stream: bool, model: str) -> bytes:
    """The fixture's own bytes with another model name and, where the dialect has it, `stream` set. Gemini's path says both."""
    if fixture.dialect == "gemini":
        return fixture.request
    named = json.dumps(json.loads(fixture.request)["model"]).encode()
    text = fixture.request.replace(named, json.dumps(model).encode())
    if STREAM_MEMBER.search(text):
        return STREAM_MEMBER.sub(b'"stream" : true' if stream else b'"stream" : false', text)
    if fixture.dialect != "openai_embeddings" and stream:
        at = text.rindex(b"}")
        text = text[:at] + b', "stream" : true }' + text[at + 1 :]
    return text


def stream_steps(body: bytes, chunking: str) -> Steps:
    """The stream in one of the ways a network may cut it."""
    sizes = {"one": len(body), "bytes": 1, "sevens": 7}
    return events(body) if chunking == "events" else events(b"", EVENTS, pieces(body, sizes[chunking]))


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("fixture", [item for item in ALL if item.response], ids=lambda fixture: fixture.name)
def test_whole_answers_are_relayed_byte_for_byte(call: Call, upstream: BackgroundUpstream, fixture: Fixture) -> None:
    with call.http() as client:
        answer = client.post(
            fixture.target(False, model_of(fixture)),
            content=body_for(fixture, False, model_of(fixture)),
            headers={"content-type": "application/json"},
        )
    assert fixture.response is not None
    assert digest(answer.content) == digest(fixture.response)
    sent = upstream.journal[-1]
    assert sent.target == fixture.target(False, fixture.case)
    assert sent.body == body_for(fixture, False, fixture.case)
    call.row()


def scripts() -> Iterator[tuple[Fixture, str]]:
    """Every stream as events; the small ones in every other chunking as well."""
    for fixture in ALL:
        if fixture.stream is None:
            continue
        for chunking in CHUNKINGS:
            if chunking == "events" or len(fixture.stream) < 2500 or fixture.case == "unicode":
                yield fixture, chunking


@pytest.mark.parametrize(("fixture", "chunking"), [pytest.param(f, c, id=f"{f.name}-{c}") for f, c in scripts()])
def test_streams_are_relayed_byte_for_byte(
    call: Call, upstream: BackgroundUpstream, fixture: Fixture, chunking: str
) -> None:
    assert fixture.stream is not None
    target = fixture.target(True, "scripted")
    model = None if fixture.dialect == "gemini" else "scripted"
    upstream.add(stream_steps(fixture.stream, chunking), path=target.partition("?")[0], model=model)
    prefix = model_of(fixture).split("-")[0]
    with call.http() as client:
        answer = client.post(
            fixture.target(True, f"{prefix}-scripted"),
            content=body_for(fixture, True, f"{prefix}-scripted"),
            headers={"content-type": "application/json"},
        )
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert digest(answer.content) == digest(fixture.stream)
    assert upstream.journal[-1].target == target
    assert call.row().get("error") == ("rate_limit_exceeded" if fixture.name == FAILED else None)


@pytest.mark.parametrize(
    "name", ["status_400", "status_429_retry_after", "status_500_html", "status_502_empty", "status_529"]
)
@pytest.mark.parametrize("dialect", ["openai_chat", "openai_responses", "anthropic_messages", "gemini"])
def test_error_answers_are_relayed_byte_for_byte(
    call: Call, upstream: BackgroundUpstream, dialect: str, name: str
) -> None:
    fixture = fixtures.by_name(f"{dialect}/text")
    prefix, gemini = PREFIX[dialect], dialect == "gemini"
    path = fixture.target(False, "scripted")
    upstream.add(FAULTS[name](dialect), path=path, model=None if gemini else "scripted")
    with call.http(**{"content-type": "application/json"}) as client:
        target = fixture.target(False, f"{prefix}-scripted")
        answer = client.post(target, content=body_for(fixture, False, f"{prefix}-scripted"))
    wrote = [step for step in FAULTS[name](dialect) if isinstance(step, Send)]
    assert wrote[0].data.startswith(b"HTTP/1.1 %d " % answer.status_code)
    assert answer.content == b"".join(step.data for step in wrote[1:])
    if "retry_after" in name:
        assert answer.headers["retry-after"] == "1"
    call.row()


def test_what_the_upstream_must_not_see_stays_here(call: Call, upstream: BackgroundUpstream) -> None:
    with call.http(
        **{"x-api-key": "also-me", "cookie": "a=b", "x-custom": "kept", "anthropic-beta": "one,two"}
    ) as client:
        client.post(
            "/v1/messages?beta=true",
            json={"model": "claude-text", "max_tokens": 5, "messages": [{"role": "user", "content": "x"}]},
        )
    sent = upstream.journal[-1]
    assert sent.target == "/v1/messages?beta=true"
    assert sent.header("x-api-key") == call.door.secrets.provider_key
    assert (sent.header("authorization"), sent.header("cookie")) == (None, None)
    assert (sent.header("x-custom"), sent.header("anthropic-beta")) == ("kept", "one,two")
    assert call.door.secrets.virtual_key.encode() not in sent.head + sent.body
    call.row()


def test_answers_are_not_encoded_and_hop_headers_stay(call: Call, upstream: BackgroundUpstream) -> None:
    extra = (
        ("content-type", "application/json"),
        ("x-vendor-trace", "kept"),
        ("x-ratelimit-remaining-requests", "7"),
        ("keep-alive", "timeout=5"),
    )
    upstream.add(
        reply(200, fixtures.by_name("openai_chat/text").response or b"", extra),
        path="/v1/chat/completions",
        model="scripted",
    )
    with call.http() as client:
        answer = client.post(
            "/v1/chat/completions", json={"model": "chat-scripted", "messages": [{"role": "user", "content": "x"}]}
        )
    assert (answer.headers["x-vendor-trace"], answer.headers["x-ratelimit-remaining-requests"]) == ("kept", "7")
    assert "content-encoding" not in answer.headers
    assert "keep-alive" not in answer.headers
    call.row()
