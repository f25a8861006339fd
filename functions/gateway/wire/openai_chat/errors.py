"""OpenAI's error shape: https://platform.openai.com/docs/guides/error-codes, read by openai-python `_exceptions.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import orjson

from gateway.errors import GatewayError
from gateway.neutral.response import Failed
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

# What OpenAI says of an account without money, as type and code of a 429.
_SPENT: Final = "insufficient_quota"

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
    if error.code == _SPENT:
        kind = _SPENT
    return orjson.dumps({"error": {"message": error.message, "type": kind, "param": error.param, "code": error.code}})


def stream_error(error: GatewayError, request_id: str) -> bytes:
    """The mid-stream form: a data object with `error`, which SDKs raise; no `[DONE]` follows, so that nobody takes it for a good end."""
    return sse.encode(None, render(error, request_id))


def decode(status: int, data: Any) -> Failed:
    """An upstream's error answer. Beside OpenAI's shape those of compatible servers: a bare string, `message` or `detail` at the top, a list."""
    if isinstance(data, list) and data:
        data = data[0]
    body = data if isinstance(data, Mapping) else {}
    inner = body.get("error")
    held = inner if isinstance(inner, Mapping) else body
    words = [inner if isinstance(inner, str) else None, held.get("message"), body.get("detail")]
    message = next((word for word in words if isinstance(word, str) and word), f"The provider answered {status}.")
    names = [held.get("code"), held.get("type")]
    code = next((name for name in names if isinstance(name, str) and name), "upstream_error")
    param = held.get("param")
    return Failed(message, status, code[:64], param if isinstance(param, str) else None)


def in_stream(data: Mapping[str, Any]) -> Failed:
    """The error object of a chunk. OpenRouter's and vLLM's `code` is a status."""
    held = data.get("error")
    found = decode(502, data)
    told = held.get("code") if isinstance(held, Mapping) else None
    if isinstance(told, str) and told.isascii() and told.isdigit():
        told = int(told)
    if isinstance(told, int) and not isinstance(told, bool) and 400 <= told <= 599:
        return replace(found, status=told)
    kinds = [held.get(name) for name in ("type", "code")] if isinstance(held, Mapping) else []
    known = [status_of(kind) for kind in kinds if isinstance(kind, str) and status_of(kind) != 502]
    return replace(found, status=known[0]) if known else found


def encode(failed: Failed) -> bytes:
    """A failure as the JSON of an error event."""
    kind = _TYPES.get(failed.status, "api_error" if failed.status >= 500 else "invalid_request_error")
    held = {"message": failed.message, "type": kind, "param": failed.param, "code": failed.code}
    return orjson.dumps({"error": held})
