"""Google's error shape: https://cloud.google.com/apis/design/errors#http_mapping

`{"error": {"code", "message", "status", "details": [...]}}`; `status` is the name of a gRPC code. google-genai (Python) knows an error inside a
stream by its first key, so `error` is always the first and only member: `_api_client.py` compares with `{"error":`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import orjson

from gateway.errors import GatewayError
from gateway.neutral.response import Failed
from gateway.wire import sse

_NAMES: Final = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    402: "RESOURCE_EXHAUSTED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    409: "ABORTED",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
    529: "UNAVAILABLE",
}

_STATUS: Final = {
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "OUT_OF_RANGE": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "ABORTED": 409,
    "RESOURCE_EXHAUSTED": 429,
    "CANCELLED": 499,
    "UNKNOWN": 500,
    "INTERNAL": 500,
    "DATA_LOSS": 500,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}

_RETRY: Final = "type.googleapis.com/google.rpc.RetryInfo"
_DURATION: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)s")


def status_of(kind: str) -> int:
    """The HTTP status that an error's `status` (or its `code`, as text) stands for; 502 for one that is not known."""
    if kind.isascii() and kind.isdigit() and 400 <= int(kind[:9]) < 600:
        return int(kind)
    return _STATUS.get(kind, 502)


def kind_of(body: Any) -> str | None:
    """What an error object names itself: its `status`, else its `code`; None when `body` is no error."""
    found = body.get("error") if isinstance(body, Mapping) else None
    if not found:
        return None
    if not isinstance(found, Mapping):
        return "UNKNOWN"
    return str(found.get("status") or found.get("code") or "UNKNOWN")[:64]


def decode_error(status: int, data: Any) -> Failed:
    """An upstream's error answer; the array form (`[{"error": …}]`, of array streams) is read too."""
    body = data[0] if isinstance(data, list) and data else data
    found = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(found, Mapping):
        return Failed(f"The provider answered {status}.", status=status)
    message = found.get("message")
    text = message if isinstance(message, str) and message else f"The provider answered {status}."
    return Failed(text, status=status, code=kind_of(body) or "UNKNOWN")


def render(error: GatewayError, request_id: str) -> bytes:
    """The error body. A `retry-after` header in whole seconds is repeated as `RetryInfo`, which is where Google's clients look for it."""
    del request_id
    body = error_object(error.status, error.message)
    wait = next((value for name, value in error.headers.items() if name.lower() == "retry-after"), "")
    if wait.isascii() and wait.isdigit():
        body["error"]["details"] = [{"@type": _RETRY, "retryDelay": f"{wait}s"}]
    return orjson.dumps(body)


def error_object(status: int, message: str) -> dict[str, Any]:
    """`{"error": {"code", "message", "status"}}`."""
    name = _NAMES.get(status, "INTERNAL" if status >= 500 else "INVALID_ARGUMENT")
    return {"error": {"code": status, "message": message, "status": name}}


def stream_error(error: GatewayError, request_id: str) -> bytes:
    """The mid-stream form: a data object with `error`, which google-genai (Python and JavaScript) raises as an API error."""
    return sse.encode(None, render(error, request_id))


def retry_delay(data: Mapping[str, Any]) -> float | None:
    """Seconds to wait, from an error's `google.rpc.RetryInfo`, which Gemini sends in place of a `Retry-After`; None when it says nothing.

    https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto: `retryDelay` is a `Duration`, "13s" or "0.5s" in JSON.
    """
    error = data.get("error")
    details = error.get("details") if isinstance(error, Mapping) else None
    for detail in details if isinstance(details, list) else ():
        if isinstance(detail, Mapping) and detail.get("@type") == _RETRY:
            found = _DURATION.fullmatch(str(detail.get("retryDelay", "")))
            return float(found[1]) if found else None
    return None
