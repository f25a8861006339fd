"""Errors of `/v1/chat`: OpenAI's shape, and the message once more as `detail`, which clients of a hub of keys read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from gateway.errors import GatewayError
from gateway.wire import sse
from gateway.wire.openai_chat import errors as openai


def render(error: GatewayError, request_id: str) -> bytes:
    """`{"error": {"message", "type", "param", "code"}, "detail"}`."""
    return orjson.dumps(orjson.loads(openai.render(error, request_id)) | {"detail": error.message})


def stream_error(error: GatewayError, request_id: str) -> bytes:
    """The same in a stream; no `[DONE]` follows."""
    return sse.encode(None, render(error, request_id))


def detailed(data: Mapping[str, Any]) -> dict[str, Any] | None:
    """A provider's error with its message as `detail`; None for what is no error, or has one."""
    inner = data.get("error")
    message = inner.get("message") if isinstance(inner, Mapping) else inner
    return {**data, "detail": message} if isinstance(message, str) and "detail" not in data else None
