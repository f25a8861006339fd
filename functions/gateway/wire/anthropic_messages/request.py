"""Requests of Anthropic Messages and count_tokens, as a relay reads them. https://platform.claude.com/docs/en/api/messages"""

from __future__ import annotations

from gateway.wire.json_body import flag_field, list_field, parse, text_field
from gateway.wire.reading import Peek


def peek(raw: bytes) -> Peek:
    """Read what routing and accounting need; InvalidRequest names the field that is wrong."""
    body = parse(raw)
    model = text_field(body.data, "model")
    list_field(body.data, "messages")
    return Peek(body, model, stream=flag_field(body.data, "stream"))


def relay_body(request: Peek, model: str, *, ask_usage: bool) -> bytes:
    """The bytes for the upstream: only the model name is replaced; Anthropic always reports usage."""
    del ask_usage
    return request.body.replace({} if model == request.model else {"model": model})
