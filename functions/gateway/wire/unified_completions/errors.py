"""Errors of unified completions: `{"detail": {"error", "message", …}}`; in a stream `data: {"error": "<message>"}`, and no `[DONE]` after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from gateway.errors import GatewayError
from gateway.wire import sse

_PROVIDER_ERROR: Final = "provider_error"
# What `gateway.wire.unified_completions.request` calls otherwise.
_PARAMS: Final = {"routing.first_provider": "provider", "stop": "stop_sequences", "user": "user_id"}
# Codes that clients of this shape know under another name.
_WORDS: Final = {
    "rate_limit_exceeded": "rate_limit_exceeded",
    "upstream_rate_limited": "rate_limit_exceeded",
    "no_available_target": "circuit_open",
    "internal_error": "internal_error",
}


def render(error: GatewayError, request_id: str) -> bytes:
    """An error of ours. `param` names the field that is wrong, `retry_after` is in seconds. The request id travels in a header, so that equal
    refusals have equal bodies."""
    del request_id
    detail: dict[str, Any] = {"error": _word(error.code, error.status), "message": error.message}
    if error.param is not None:
        detail["param"] = _PARAMS.get(error.param, error.param)
    if detail["error"] == _PROVIDER_ERROR:
        detail["retryable"] = _retryable(error.status)
    wait = error.headers.get("retry-after")
    if wait is not None and wait.isdigit():
        detail["retry_after"] = int(wait)
    return orjson.dumps({"detail": detail})


def stream_error(error: GatewayError, request_id: str) -> bytes:
    """An error of ours in a stream."""
    del request_id
    return sse.encode(None, orjson.dumps({"error": error.message}))


def of_chat(data: Mapping[str, Any], status: int, provider: str | None) -> dict[str, Any] | None:
    """A provider's error in Chat Completions' shape as one of this; None when it is none."""
    inner = data.get("error")
    if not inner or "detail" in data:
        return None
    held = inner if isinstance(inner, Mapping) else {"message": inner}
    message = held.get("message")
    text = message if isinstance(message, str) and message else f"The provider answered {status}."
    return {
        "detail": {
            "error": _PROVIDER_ERROR,
            "message": text,
            "provider": provider,
            "retryable": _retryable(status),
        }
    }


def whose(data: Mapping[str, Any], provider: str | None) -> dict[str, Any] | None:
    """An error of ours about a provider, with the provider's name; None for any other."""
    detail = data.get("detail")
    if not isinstance(detail, Mapping) or detail.get("error") != _PROVIDER_ERROR or provider is None:
        return None
    return {"detail": {**detail, "provider": provider}}


def _retryable(status: int) -> bool:
    return status in {408, 409, 429} or status >= 500


def _word(code: str, status: int) -> str:
    if code in _WORDS:
        return _WORDS[code]
    return _PROVIDER_ERROR if code.startswith("upstream") else code if status < 500 else "internal_error"
