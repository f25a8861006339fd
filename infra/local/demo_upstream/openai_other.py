"""OpenAI's Responses, embeddings, models list and error body.

https://platform.openai.com/docs/api-reference/responses and …/embeddings; streaming events carry `type` and `sequence_number`.
"""

from __future__ import annotations

import base64
import struct
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from infra.local.demo_upstream.behaviour import Pace, UpstreamError
from infra.local.demo_upstream.openai_chat import text_of
from infra.local.demo_upstream.speech import Answer, Question, answer, embedding, tokens, words
from infra.local.demo_upstream.web import Reply, Request, new_id, sse

MODELS = ("demo-gpt", "demo-embedding", "demo-slow", "demo-error-429", "demo-error-500")
KINDS = {400: "invalid_request_error", 401: "invalid_request_error", 404: "invalid_request_error", 429: "requests"}
CODES = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}


def error(fault: UpstreamError) -> Reply:
    """The error body and the headers around it."""
    kind = KINDS.get(fault.status, "invalid_request_error" if fault.status < 500 else "server_error")
    body = {"message": fault.message, "type": kind, "param": fault.field, "code": CODES.get(fault.status)}
    waits = {"retry-after": "1", "retry-after-ms": "1000"} if fault.status == 429 else {}
    return Reply({"error": body}, fault.status, {"x-request-id": new_id("req_", 32), **waits})


def models() -> Reply:
    """GET /v1/models."""
    rows = [{"id": name, "object": "model", "created": 1_750_000_000, "owned_by": "demo"} for name in MODELS]
    return Reply({"object": "list", "data": rows})


async def embed(request: Request, pace: Pace) -> Reply:
    """POST /v1/embeddings; the official client asks for base64 (little-endian float32)."""
    given = request.body.get("input")
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts:
        raise UpstreamError(400, "Invalid 'input': expected a string or a non-empty array.", "input")
    size = request.body.get("dimensions") or 256
    if not isinstance(size, int) or not 1 <= size <= 4096:
        raise UpstreamError(400, "Invalid 'dimensions': expected an integer between 1 and 4096.", "dimensions")
    await pace.begin()
    vectors: list[Any] = [embedding(str(text), size) for text in texts]
    if request.body.get("encoding_format") == "base64":
        vectors = [base64.b64encode(struct.pack(f"<{size}f", *vector)).decode() for vector in vectors]
    rows = [{"object": "embedding", "index": index, "embedding": vector} for index, vector in enumerate(vectors)]
    spent = sum(tokens(str(text)) for text in texts)
    counted = {"prompt_tokens": spent, "total_tokens": spent}
    return Reply({"object": "list", "data": rows, "model": request.body["model"], "usage": counted})


def _question(body: Mapping[str, Any]) -> Question:
    given = body.get("input", "")
    items = [{"role": "user", "content": given}] if isinstance(given, str) else given
    if not isinstance(items, list):
        raise UpstreamError(400, "Invalid 'input': expected a string or an array.", "input")
    texts = [text_of(item.get("content")) for item in items if isinstance(item, Mapping) and item.get("role") == "user"]
    spent = sum(3 + tokens(text) for text in texts) + tokens(str(body.get("instructions") or ""))
    return Question(
        model=str(body.get("model", "")),
        last=texts[-1] if texts else "",
        input_tokens=spent,
        max_tokens=body.get("max_output_tokens"),
    )


async def respond(request: Request, pace: Pace) -> Reply:
    """POST /v1/responses: text in, text out."""
    asked = _question(request.body)
    said = answer(asked)
    await pace.begin()
    shell = _shell(asked, request.body)
    if request.body.get("stream"):
        return Reply(stream=_stream(shell, asked, said, pace), media_type="text/event-stream; charset=utf-8")
    return Reply(_finished(shell, asked, said, new_id("msg_", 48)))


def _shell(asked: Question, body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": new_id("resp_", 48),
        "object": "response",
        "created_at": int(time.time()),
        "status": "in_progress",
        "error": None,
        "incomplete_details": None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "model": asked.model,
        "output": [],
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "reasoning": {"effort": None, "summary": None},
        "store": bool(body.get("store", True)),
        "temperature": 1.0,
        "text": {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": None,
        "metadata": {},
    }


def _part(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def _item(identifier: str, status: str, content: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": identifier, "type": "message", "status": status, "role": "assistant", "content": content}


def _finished(shell: dict[str, Any], asked: Question, said: Answer, identifier: str) -> dict[str, Any]:
    whole = said.ended != "length"
    status = "completed" if whole else "incomplete"
    counted = {
        "input_tokens": asked.input_tokens,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": said.output_tokens,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": asked.input_tokens + said.output_tokens,
    }
    details = None if whole else {"reason": "max_output_tokens"}
    output = [_item(identifier, status, [_part(said.text)])]
    return {**shell, "status": status, "incomplete_details": details, "output": output, "usage": counted}


async def _stream(shell: dict[str, Any], asked: Question, said: Answer, pace: Pace) -> AsyncIterator[bytes]:
    number = iter(range(1_000_000))
    identifier = new_id("msg_", 48)

    def event(kind: str, **fields: Any) -> bytes:
        return sse({"type": kind, "sequence_number": next(number), **fields}, kind)

    place = {"item_id": identifier, "output_index": 0, "content_index": 0}
    yield event("response.created", response=shell)
    yield event("response.in_progress", response=shell)
    yield event("response.output_item.added", output_index=0, item=_item(identifier, "in_progress", []))
    yield event("response.content_part.added", **place, part=_part(""))
    async for word in pace.spaced(words(said.text)):
        yield event("response.output_text.delta", **place, delta=word, logprobs=[])
    done = _finished(shell, asked, said, identifier)
    for kind, fields in _closing(done, place, said):
        yield event(kind, **fields)


def _closing(done: dict[str, Any], place: Mapping[str, Any], said: Answer) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "response.output_text.done", {**place, "text": said.text, "logprobs": []}
    yield "response.content_part.done", {**place, "part": _part(said.text)}
    yield "response.output_item.done", {"output_index": 0, "item": done["output"][0]}
    yield f"response.{done['status']}", {"response": done}
