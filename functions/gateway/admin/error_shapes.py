"""The shapes in which errors are told: one of this API's own, and for paths that were other systems' once, what their clients read.

A shape may also tell a fault by another status. Everything else about an error (when it is one, which words it has) is the same everywhere.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong. `type` is a stable word of `gateway.admin.errors`; `field` the path of the offending field; `details`: more that helps."""

    status: int
    type: str
    message: str
    request_id: str
    field: str | None = None
    details: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """How faults are told under a path. `statuses`: what a status is told as, where that is another one."""

    body: Callable[[Fault], dict[str, Any]]
    statuses: Mapping[int, int] = dataclasses.field(default_factory=dict)


def _own(fault: Fault) -> dict[str, Any]:
    error: dict[str, Any] = {"type": fault.type, "message": fault.message, "request_id": fault.request_id}
    if fault.field is not None:
        error["field"] = fault.field
    return {"error": error}


# By the status as it is told.
CODES: Final[Mapping[int, str]] = {
    400: "VALIDATION_ERROR",
    401: "UNAUTHORIZED",
    402: "INSUFFICIENT_TOKENS",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT",
    412: "PRECONDITION_FAILED",
    413: "PAYLOAD_TOO_LARGE",
    429: "RATE_LIMIT_EXCEEDED",
    503: "SERVICE_UNAVAILABLE",
}


def _flat(fault: Fault) -> dict[str, Any]:
    """`details` only of what the caller can mend."""
    told: dict[str, Any] = {
        "code": CODES.get(_DIALOGS.statuses.get(fault.status, fault.status), "INTERNAL_ERROR"),
        "message": fault.message,
        "request_id": fault.request_id,
    }
    details = dict(fault.details or {}) | ({} if fault.field is None else {"field": fault.field})
    return told | {"details": details} if details and fault.status < 500 else told


_CLASSES: Final[Mapping[int, str]] = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
}


def _hub(fault: Fault) -> dict[str, Any]:
    known = "api_error" if fault.status >= 500 else _CLASSES.get(fault.status, "invalid_request_error")
    error: dict[str, Any] = {"message": fault.message, "type": known, "code": fault.type}
    if fault.field is not None:
        error["param"] = fault.field
    return {"error": error | {"request_id": fault.request_id}, "detail": fault.message}


OWN: Final = Shape(_own)
_DIALOGS: Final = Shape(_flat, {422: 400})
_BY_PREFIX: Final[tuple[tuple[str, Shape], ...]] = (("/api/v1", _DIALOGS), ("/v1", Shape(_hub)))


def shape_of(path: str) -> Shape:
    """How faults are told at a path."""
    return next((shape for prefix, shape in _BY_PREFIX if path == prefix or path.startswith(f"{prefix}/")), OWN)
