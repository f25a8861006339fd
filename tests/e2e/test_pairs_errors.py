"""Errors of an upstream as the official clients raise them, streams that break or trickle: every client in front of every upstream."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import anthropic
import openai
import pytest
from google.genai import errors as google
from tests.e2e.doors import Call
from tests.upstream import Gate, Reset, Send, cut, reply
from tests.upstream.background import BackgroundUpstream
from tests.upstream.faults import error_body
from tests.upstream.steps import JSON, Steps, events, framed, head, sends

from gateway.wire import eventstream


@dataclass(frozen=True, slots=True)
class Upstream:
    """A model behind the byte-exact upstream: where it is called, whole and streamed, and the first half of an answer's stream."""

    dialect: str
    model: str
    paths: tuple[str, str]
    begun: bytes
    media_type: str = "text/event-stream"
    named: str | None = None

    def add(self, upstream: BackgroundUpstream, steps: Steps, stream: bool) -> None:
        """What the upstream does when the model is called next."""
        upstream.add(steps, path=self.paths[stream], model=self.named)


def sse(*data: Any, named: bool = False) -> bytes:
    """Events of these data."""
    heads = [f"event: {one['type']}\n" if named else "" for one in data]
    return "".join(f"{head}data: {json.dumps(one)}\n\n" for head, one in zip(heads, data, strict=True)).encode()


def frame(name: str, **data: Any) -> bytes:
    """One event of Converse."""
    return eventstream.event(name, json.dumps(data).encode())


_CHUNK = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
_RESPONSE = {"id": "resp_1", "object": "response", "created_at": 1, "model": "m", "status": "in_progress", "output": []}
_PART = {"type": "output_text", "text": "", "annotations": []}
_ITEM = {"id": "msg_1", "type": "message", "role": "assistant", "status": "in_progress", "content": []}
_MESSAGE = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [], "stop_reason": None}
_AT = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
UPSTREAMS = (
    Upstream(
        "openai_chat",
        "only-chat-scripted",
        ("/v1/chat/completions",) * 2,
        sse({**_CHUNK, "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hal"}}]}),
        named="scripted",
    ),
    Upstream(
        "openai_responses",
        "only-responses-scripted",
        ("/v1/responses",) * 2,
        sse(
            {"type": "response.created", "sequence_number": 0, "response": _RESPONSE},
            {"type": "response.output_item.added", "sequence_number": 1, "output_index": 0, "item": _ITEM},
            {"type": "response.content_part.added", "sequence_number": 2, **_AT, "part": _PART},
            {"type": "response.output_text.delta", "sequence_number": 3, **_AT, "delta": "Hal"},
            named=True,
        ),
        named="gpt-5-codex",
    ),
    Upstream(
        "anthropic_messages",
        "claude-scripted",
        ("/v1/messages",) * 2,
        sse(
            {"type": "message_start", "message": {**_MESSAGE, "usage": {"input_tokens": 3, "output_tokens": 1}}},
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hal"}},
            named=True,
        ),
        named="scripted",
    ),
    Upstream(
        "gemini",
        "gemini-scripted",
        ("/v1beta/models/scripted:generateContent", "/v1beta/models/scripted:streamGenerateContent"),
        sse({"candidates": [{"index": 0, "content": {"role": "model", "parts": [{"text": "Hal"}]}}]}),
    ),
    Upstream(
        "bedrock_converse",
        "bedrock-scripted",
        ("/model/anthropic.claude-scripted/converse", "/model/anthropic.claude-scripted/converse-stream"),
        frame("messageStart", role="assistant")
        + frame("contentBlockDelta", contentBlockIndex=0, delta={"text": "Hal"}),
        eventstream.MEDIA_TYPE,
    ),
)


def chat(call: Call, model: str) -> Iterator[str]:
    messages: Any = [{"role": "user", "content": "hi"}]
    for chunk in call.openai().chat.completions.create(model=model, messages=messages, max_tokens=99, stream=True):
        if chunk.choices:
            yield chunk.choices[0].delta.content or ""


def responses(call: Call, model: str) -> Iterator[str]:
    for event in call.openai().responses.create(model=model, input="hi", store=False, stream=True):
        if event.type == "response.output_text.delta":
            yield event.delta
        elif event.type == "response.failed" and event.response.error:
            raise openai.APIError(event.response.error.message, request=None, body=None)  # type: ignore[arg-type]


def messages(call: Call, model: str) -> Iterator[str]:
    asked: Any = {"model": model, "messages": [{"role": "user", "content": "hi"}], "max_tokens": 9}
    with call.anthropic().messages.stream(**asked) as stream:
        yield from stream.text_stream


def gemini(call: Call, model: str) -> Iterator[str]:
    for chunk in call.google().models.generate_content_stream(model=model, contents="hi"):
        yield chunk.text or ""


def ask_chat(call: Call, model: str) -> None:
    asked: Any = [{"role": "user", "content": "hi"}]
    call.openai().chat.completions.create(model=model, messages=asked, max_tokens=99)


def ask_responses(call: Call, model: str) -> None:
    call.openai().responses.create(model=model, input="hi", store=False)


def ask_messages(call: Call, model: str) -> None:
    call.anthropic().messages.create(model=model, messages=[{"role": "user", "content": "hi"}], max_tokens=9)


def ask_gemini(call: Call, model: str) -> None:
    call.google().models.generate_content(model=model, contents="hi")


@dataclass(frozen=True, slots=True)
class Client:
    """An official client: asks for a whole answer, or for pieces of text as they come, and what it raises."""

    ask: Callable[[Call, str], None]
    pieces: Callable[[Call, str], Iterator[str]]
    error: type[Exception]

    def use(self, call: Call, model: str, stream: bool) -> None:
        """Ask, and take all there is."""
        if stream:
            list(self.pieces(call, model))
        else:
            self.ask(call, model)


CLIENTS = {
    "openai_chat": Client(ask_chat, chat, openai.APIError),
    "openai_responses": Client(ask_responses, responses, openai.APIError),
    "anthropic_messages": Client(ask_messages, messages, anthropic.APIError),
    "gemini": Client(ask_gemini, gemini, google.APIError),
}
every_client = pytest.mark.parametrize("client", CLIENTS)
every_upstream = pytest.mark.parametrize("up", UPSTREAMS, ids=lambda up: up.dialect)
every_form = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


def status_of(raised: Any) -> int:
    """The HTTP status as the client tells it."""
    return int(getattr(raised, "status_code", None) or getattr(raised, "code", 0))


@every_form
@every_upstream
@every_client
@pytest.mark.parametrize(("status", "becomes"), [(400, 400), (401, 502), (429, 429), (503, 503)])
def test_error_answers(
    call: Call, upstream: BackgroundUpstream, client: str, up: Upstream, stream: bool, status: int, becomes: int
) -> None:
    """Of another dialect's upstream the words and the status come along; what is about the gateway's own account is a 502."""
    same = client == up.dialect
    body = error_body(up.dialect, status, "the upstream says no")
    kind = {400: "ValidationException", 401: "UnrecognizedClientException", 429: "ThrottlingException"}
    headers = (*JSON, ("retry-after", "7"), ("x-amzn-errortype", kind.get(status, "ServiceUnavailableException")))
    up.add(upstream, reply(status, body, headers), stream)
    with pytest.raises(CLIENTS[client].error) as raised:
        CLIENTS[client].use(call, up.model, stream)
    assert status_of(raised.value) == (status if same else becomes)
    assert "the upstream says no" in str(raised.value)
    row = call.row()
    assert row["status"] == (status if same else becomes)
    assert row["error"]
    assert row["provider"].startswith("up-")


@every_upstream
@every_client
@pytest.mark.parametrize("ending", ["reset", "clean"])
def test_streams_that_break_off(
    call: Call, upstream: BackgroundUpstream, client: str, up: Upstream, ending: Any
) -> None:
    """Half an answer raises, whether the connection broke or ended as if all was well; never is it taken for the whole."""
    headers = (("content-type", up.media_type),)
    up.add(upstream, cut(up.begun, len(up.begun), ending, headers), True)
    with pytest.raises(CLIENTS[client].error):
        CLIENTS[client].use(call, up.model, True)
    row = call.row()
    assert row["error"]
    assert row["status"] >= 500


@every_upstream
@every_client
def test_text_arrives_as_it_comes(call: Call, upstream: BackgroundUpstream, client: str, up: Upstream) -> None:
    """The upstream says its next word only when the user has read this one."""
    gate = f"read-{call.agent}"
    start = Send(head(200, (("content-type", up.media_type), *framed("chunked", 0))))
    up.add(upstream, (start, *sends([up.begun], "chunked"), Gate(gate), Reset()), True)
    heard: list[str] = []

    def read() -> None:
        for piece in CLIENTS[client].pieces(call, up.model):
            heard.append(piece)
            upstream.open(*([gate] if piece else []))

    with pytest.raises(CLIENTS[client].error):
        read()
    assert "".join(heard) == "Hal"
    assert call.row()["error"]


FAILS = {
    "openai_chat": sse({"error": {"message": "the upstream gives up", "type": "server_error", "code": None}}),
    "openai_responses": sse(
        {
            "type": "response.failed",
            "sequence_number": 4,
            "response": {
                **_RESPONSE,
                "status": "failed",
                "error": {"code": "server_error", "message": "the upstream gives up"},
            },
        },
        named=True,
    ),
    "anthropic_messages": sse(
        {"type": "error", "error": {"type": "overloaded_error", "message": "the upstream gives up"}}, named=True
    ),
    "gemini": sse({"error": {"code": 503, "message": "the upstream gives up", "status": "UNAVAILABLE"}}),
    "bedrock_converse": eventstream.event(
        "serviceUnavailableException", json.dumps({"message": "the upstream gives up"}).encode(), "exception"
    ),
}


@pytest.mark.parametrize("begun", [False, True], ids=["at once", "after content"])
@every_upstream
@every_client
def test_errors_inside_a_stream(
    call: Call, upstream: BackgroundUpstream, client: str, up: Upstream, begun: bool
) -> None:
    """The provider's own words reach the user, as a status while nothing was said, else as the client's own event."""
    stream = (up.begun if begun else b"") + FAILS[up.dialect]
    up.add(upstream, events(b"", (("content-type", up.media_type),), [stream]), True)
    with pytest.raises(CLIENTS[client].error, match="the upstream gives up") as raised:
        CLIENTS[client].use(call, up.model, True)
    if not begun and not (client == up.dialect and client == "openai_responses"):
        assert status_of(raised.value) >= 500
    row = call.row()
    assert row["error"]
    assert row["status"] >= 500
