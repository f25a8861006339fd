"""Errors under `/api/v1`: `{"code", "message", "request_id", "details"?}`; in a stream `data: {"error": {"code", "message"}, "done": true}`.

`details` (what the caller can mend, so never of a 5xx): `field`, the path of what is wrong, and `reason`, the stable word of `gateway.errors`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from gateway.errors import Blocked, GatewayError, UpstreamFault
from gateway.neutral import redaction
from gateway.neutral.dialogs import Mark
from gateway.wire import sse

CODES: Final[Mapping[int, str]] = {
    400: "VALIDATION_ERROR",
    401: "UNAUTHORIZED",
    402: "INSUFFICIENT_TOKENS",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT",
    413: "PAYLOAD_TOO_LARGE",
    422: "VALIDATION_ERROR",
    429: "RATE_LIMIT_EXCEEDED",
    499: "STOPPED",
    502: "LLM_ERROR",
    503: "SERVICE_UNAVAILABLE",
    504: "LLM_TIMEOUT",
}
FILTERED: Final = "CONTENT_FILTERED"
"""On a question that a guardrail blocked, and on an answer that one, or the provider's filter, has ended."""
_THEIRS: Final = frozenset([400, 413, 422, 429, 504])


def code_of(status: int) -> str:
    """The word for a status of ours."""
    return CODES.get(status, "INTERNAL_ERROR")


def render(error: GatewayError, request_id: str) -> bytes:
    """An error of ours."""
    told: dict[str, Any] = {"code": _code(error), "message": error.message, "request_id": request_id}
    if error.status < 500:
        told["details"] = {"reason": error.code} | ({} if error.param is None else {"field": error.param})
    return orjson.dumps(told)


def stream_error(error: GatewayError, request_id: str) -> bytes:
    """An error of ours in a stream, which ends with it."""
    del request_id
    return failed(_code(error), error.message)


def mark(error: GatewayError) -> Mark:
    """The same on the question that has no answer for it."""
    return Mark(FILTERED if isinstance(error, Blocked) else _code(error), redaction.text(error.message))


def failed(code: str, message: str) -> bytes:
    """The last event of a stream that came to nothing, or broke."""
    return sse.encode(None, orjson.dumps({"error": {"code": code, "message": message}, "done": True}))


def status_of(status: int) -> int:
    """What a client is told of a provider's refusal. Its 401 or 404 is about the gateway's credential or model, and none of the client's."""
    return status if status in _THEIRS else 502


def refusal(message: str, status: int, request_id: str) -> dict[str, Any]:
    """A provider's refusal. `status` is what the client is told."""
    code = "LLM_ERROR" if status in {400, 413, 422} else code_of(status)
    return {"code": code, "message": message, "request_id": request_id}


def _code(error: GatewayError) -> str:
    if isinstance(error, UpstreamFault):
        return "LLM_TIMEOUT" if error.status == 504 else "LLM_ERROR"
    return error.code.upper() if error.status == 504 else code_of(error.status)
