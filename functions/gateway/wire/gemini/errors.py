"""Google's error shape: https://cloud.google.com/apis/design/errors#http_mapping"""

from __future__ import annotations

from typing import Final

import orjson

from gateway.errors import GatewayError

_STATUS: Final = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


def render(error: GatewayError, request_id: str) -> bytes:
    """`{"error": {"code", "message", "status"}}`."""
    del request_id
    status = _STATUS.get(error.status, "INTERNAL" if error.status >= 500 else "INVALID_ARGUMENT")
    return orjson.dumps({"error": {"code": error.status, "message": error.message, "status": status}})
