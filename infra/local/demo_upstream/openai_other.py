"""OpenAI's embeddings, models list and error body: https://platform.openai.com/docs/api-reference/embeddings."""

from __future__ import annotations

import base64
import struct
from typing import Any

from infra.local.demo_upstream.behaviour import Pace, UpstreamError
from infra.local.demo_upstream.speech import embedding, tokens
from infra.local.demo_upstream.web import Reply, Request, new_id

MODELS = ("demo-gpt", "gpt-5-codex", "demo-embedding", "demo-slow", "demo-error-429", "demo-error-500")
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
