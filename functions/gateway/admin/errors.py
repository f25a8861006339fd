"""Errors of the admin API and the shape they are told in: `{"error": {"type", "message", "field"?, "request_id"}}`.

Under some paths they have another shape (`error_shapes.py`). `details` are for those shapes that show them.

::

    ApiError
    ├── BadRequest           400 invalid_request
    ├── NotSignedIn          401 unauthorized
    ├── NotAllowed           403 forbidden
    ├── Missing              404 not_found
    ├── Conflict             409 conflict
    ├── Stale                412 precondition_failed
    ├── TooLarge             413 request_too_large
    ├── Invalid              422 validation_error
    ├── TooManyTries         429 too_many_requests
    ├── Unrecorded           500 internal_error
    └── Unavailable          503 service_unavailable
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class ApiError(Exception):
    """Base of the errors this API raises on purpose. Messages never hold a secret."""

    status: ClassVar[int] = 500
    type: ClassVar[str] = "internal_error"

    def __init__(self, message: str, *, field: str | None = None, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.details = details

    def headers(self) -> dict[str, str]:
        """Headers that go with the answer."""
        return {}


class BadRequest(ApiError):
    """A query or cursor that cannot be read."""

    status = 400
    type = "invalid_request"


class NotSignedIn(ApiError):
    """No token, or one that is not valid (any more): the caller is not told which."""

    status = 401
    type = "unauthorized"

    def headers(self) -> dict[str, str]:
        """The scheme to use (RFC 9110 §11.6.1)."""
        return {"www-authenticate": "Bearer"}


class NotAllowed(ApiError):
    """Signed in, but the role may not do this."""

    status = 403
    type = "forbidden"


class Missing(ApiError):
    """No such thing."""

    status = 404
    type = "not_found"


class Conflict(ApiError):
    """The id is taken, the thing is in use, or others kept writing at the same moment."""

    status = 409
    type = "conflict"


class Stale(ApiError):
    """If-Match names a version that is not the present one."""

    status = 412
    type = "precondition_failed"

    def __init__(self, message: str = "It was changed in the meantime; reload and try again.") -> None:
        super().__init__(message)


class TooLarge(ApiError):
    """More than one request may hold."""

    status = 413
    type = "request_too_large"


class Invalid(ApiError):
    """A body that does not fit; `field` says where."""

    status = 422
    type = "validation_error"


class TooManyTries(ApiError):
    """Too many failed sign-ins, registrations or refreshes. `retry_after` is whole seconds."""

    status = 429
    type = "too_many_requests"

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many failed tries. Wait before trying again.")
        self.retry_after = retry_after

    def headers(self) -> dict[str, str]:
        """When to come back."""
        return {"retry-after": str(self.retry_after)}


class Unrecorded(ApiError):
    """Something was changed, and how it ended could not be written to the audit log."""

    def __init__(self) -> None:
        super().__init__("The change was made, but its audit entry could not be finished; it is in the function's log.")


class Unavailable(ApiError):
    """A store, KMS or another service of the deployment is out of reach; nothing is assumed in its place."""

    status = 503
    type = "service_unavailable"
