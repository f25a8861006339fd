"""The demo upstream: four vendors on one port, so that a newcomer gets a streamed answer without any provider's key.

It accepts one key, in the place where each vendor looks for it, and answers in that vendor's shapes; errors too.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote

from infra.local.demo_upstream import (
    anthropic_messages,
    bedrock_converse,
    gemini,
    openai_chat,
    openai_other,
    openai_responses,
)
from infra.local.demo_upstream.behaviour import UpstreamError, pace
from infra.local.demo_upstream.web import App, Message, Receive, Reply, Request, Send, new_id, read_body, respond

# Google's clients use either version; only an operation after a colon tells /v1/models/… from OpenAI's.
GEMINI = re.compile(r"/v1(?:beta)?/models/([^/:]+):([A-Za-z]+)")

CONVERSE = re.compile(r"/model/(.+)/(converse|converse-stream)")


def create_app(key: str, word_seconds: float) -> App:
    """The ASGI app; `key` is the only credential it accepts, `word_seconds` the pause between two words of a stream."""

    async def serve(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        head = _request(scope, b"")
        shape = _error_shape(head)
        try:
            if not _authorised(head, key):
                raise UpstreamError(401, "Incorrect API key: the demo upstream answers the gateway alone.")
            reply = await _dispatch(_request(scope, await read_body(receive)), word_seconds)
        except UpstreamError as fault:
            reply = shape(fault)
        await respond(_with_headers(reply, head), receive, send)

    return serve


def _request(scope: Message, body: bytes) -> Request:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
    return Request(scope["method"], scope["path"], query, headers, _json(body))


def _json(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise UpstreamError(400, "We could not parse the JSON body of your request.") from None
    if not isinstance(value, dict):
        raise UpstreamError(400, "The body of your request must be a JSON object.")
    return value


def _speaks_anthropic(request: Request) -> bool:
    return request.path.startswith("/v1/messages") or "anthropic-version" in request.headers


def _speaks_gemini(request: Request) -> bool:
    return request.path.startswith("/v1beta") or GEMINI.fullmatch(unquote(request.path)) is not None


def _error_shape(request: Request) -> Callable[[UpstreamError], Reply]:
    if _speaks_gemini(request):
        return gemini.error
    if request.path.startswith("/model/"):
        return bedrock_converse.error
    return anthropic_messages.error if _speaks_anthropic(request) else openai_other.error


def _authorised(request: Request, key: str) -> bool:
    if request.path.startswith("/model/"):
        return bedrock_converse.authorised(request, key)
    if _speaks_gemini(request):
        given = request.headers.get("x-goog-api-key") or request.query.get("key", "")
    elif _speaks_anthropic(request) and "x-api-key" in request.headers:
        given = request.headers["x-api-key"]
    else:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
    return hmac.compare_digest(given.encode(), key.encode())


async def _dispatch(request: Request, word_seconds: float) -> Reply:
    if _speaks_gemini(request):
        return await _gemini(request, word_seconds)
    if request.path.startswith("/model/"):
        return await _bedrock(request, word_seconds)
    if request.method == "GET" and request.path == "/v1/models":
        return anthropic_messages.models() if _speaks_anthropic(request) else openai_other.models()
    if request.method != "POST":
        raise UpstreamError(405, f"Not allowed to {request.method} on {request.path[:200]}.")
    if request.path.startswith("/v1/messages"):
        return await _anthropic(request, word_seconds)
    operations = {
        "/v1/chat/completions": openai_chat.complete,
        "/v1/responses": openai_responses.respond,
        "/v1/embeddings": openai_other.embed,
    }
    if request.path not in operations:
        raise UpstreamError(404, f"Invalid URL ({request.method} {request.path[:200]})")
    return await operations[request.path](request, pace(_model(request), word_seconds))


def _model(request: Request) -> str:
    model = request.body.get("model")
    if not isinstance(model, str) or not model:
        raise UpstreamError(400, "you must provide a model parameter", "model")
    return model


async def _anthropic(request: Request, word_seconds: float) -> Reply:
    if "anthropic-version" not in request.headers:
        raise UpstreamError(400, "anthropic-version: header is required")
    if request.path == "/v1/messages":
        return await anthropic_messages.create(request, pace(_model(request), word_seconds))
    if request.path == "/v1/messages/count_tokens":
        pace(_model(request), word_seconds)
        return anthropic_messages.count(request)
    raise UpstreamError(404, "Not found")


async def _bedrock(request: Request, word_seconds: float) -> Reply:
    match = CONVERSE.fullmatch(request.path)
    if match is None or request.method != "POST":
        raise UpstreamError(404, "Unknown operation.")
    model, operation = match.groups()
    answer = bedrock_converse.converse if operation == "converse" else bedrock_converse.converse_stream
    return await answer(model, request, pace(model, word_seconds))


async def _gemini(request: Request, word_seconds: float) -> Reply:
    if request.method == "GET" and request.path == "/v1beta/models":
        return gemini.models()
    match = GEMINI.fullmatch(unquote(request.path))
    if match is None or request.method != "POST":
        raise UpstreamError(404, "Requested entity was not found.")
    model, operation = match.groups()
    speed = pace(model, word_seconds)
    if operation == "generateContent":
        return await gemini.generate(model, request, speed)
    if operation == "streamGenerateContent":
        return await gemini.stream(model, request, speed)
    if operation == "countTokens":
        return gemini.count(model, request)
    if operation in {"embedContent", "batchEmbedContents"}:
        return gemini.embed(request) if operation == "embedContent" else gemini.embed_many(request)
    raise UpstreamError(404, "Requested entity was not found.")


def _with_headers(reply: Reply, request: Request) -> Reply:
    """The headers a vendor adds to every answer."""
    if _speaks_gemini(request):
        extra = {"server": "demo", "vary": "Origin, X-Origin, Referer"}
    elif _speaks_anthropic(request):
        extra = {"request-id": new_id("req_"), "anthropic-organization-id": "demo", "server": "demo"}
    elif request.path.startswith("/model/"):
        extra = {"x-amzn-requestid": new_id(""), "server": "demo"}
    else:
        extra = {
            "x-request-id": new_id("req_", 32),
            "openai-processing-ms": "7",
            "openai-version": "2020-10-01",
            "server": "demo",
        }
    return Reply(reply.body, reply.status, {**extra, **reply.headers}, reply.stream, reply.media_type)
