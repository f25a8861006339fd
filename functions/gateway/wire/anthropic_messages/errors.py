"""Anthropic's error shape: https://platform.claude.com/docs/en/api/errors"""

from __future__ import annotations

from typing import Final

import orjson

from gateway.errors import GatewayError
from gateway.wire import sse

_TYPES: Final = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    405: "invalid_request_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}

_STATUS: Final = {kind: status for status, kind in _TYPES.items() if status != 405}


def status_of(kind: str) -> int:
    """The HTTP status that an error type stands for; 502 for one that is not known."""
    return _STATUS.get(kind, 502)


def kind_of(status: int) -> str:
    """The error type that an HTTP status stands for."""
    return _TYPES.get(status, "api_error" if status >= 500 else "invalid_request_error")


def render(error: GatewayError, request_id: str) -> bytes:
    """`{"type": "error", "error": {"type", "message"}, "request_id"}`; a 401 leaves the id to the header, so that all 401s are equal."""
    body: dict[str, object] = {"type": "error", "error": {"type": kind_of(error.status), "message": error.message}}
    if error.status != 401:
        body["request_id"] = request_id
    return orjson.dumps(body)


def stream_error(error: GatewayError, request_id: str) -> bytes:
    """The mid-stream form: the `error` event."""
    return sse.encode("error", render(error, request_id))
