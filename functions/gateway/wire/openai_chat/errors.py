"""OpenAI's error shape: https://platform.openai.com/docs/guides/error-codes, read by openai-python `_exceptions.py`."""

from __future__ import annotations

from typing import Final

import orjson

from gateway.errors import GatewayError
from gateway.wire import sse

_TYPES: Final = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "insufficient_quota",
    403: "permission_error",
    404: "invalid_request_error",
    405: "invalid_request_error",
    413: "invalid_request_error",
    429: "rate_limit_error",
}

# Types and codes seen in bodies of a 200, and the status they stand for.
_STATUS: Final = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "insufficient_quota": 429,
    "permission_error": 403,
    "rate_limit_error": 429,
    "rate_limit_exceeded": 429,
    "overloaded_error": 503,
}


def status_of(kind: str) -> int:
    """The HTTP status that an error type stands for; 502 for one that is not known."""
    return _STATUS.get(kind, 502)


def render(error: GatewayError, request_id: str) -> bytes:
    """`{"error": {"message", "type", "param", "code"}}`. The request id travels in a header, so that equal refusals have equal bodies."""
    del request_id
    kind = _TYPES.get(error.status, "api_error" if error.status >= 500 else "invalid_request_error")
    return orjson.dumps({"error": {"message": error.message, "type": kind, "param": error.param, "code": error.code}})


def stream_error(error: GatewayError, request_id: str) -> bytes:
    """The mid-stream form: a data object with `error`, which SDKs raise; no `[DONE]` follows, so that nobody takes it for a good end."""
    return sse.encode(None, render(error, request_id))
