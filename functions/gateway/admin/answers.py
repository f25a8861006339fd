"""Errors as answers. No answer holds a stack trace, a secret or the value that was refused."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pynamodb.exceptions import PynamoDBException
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from gateway.admin.error_shapes import Fault, shape_of
from gateway.admin.errors import ApiError, Unavailable
from gateway.admin.wording import words

LOG = logging.getLogger("gateway.admin")

_WORDS: Mapping[int, tuple[str, str]] = {
    400: ("invalid_request", "The request cannot be read."),
    404: ("not_found", "There is nothing at this path."),
    405: ("method_not_allowed", "This path does not answer this method."),
    413: ("request_too_large", "The body is too large."),
    500: ("internal_error", "Something went wrong here; it has been noted under the request id."),
}
_UNREAD: Final = "The body is read with the header content-type: application/json alone."
_MAX_FIELD = 200
STORE_ERRORS: Final = (PynamoDBException, BotoCoreError, ClientError)  # a service of the deployment failed


def told_error(scope: Scope, status: int, told: tuple[str, str] | None = None, **more: Any) -> tuple[int, bytes]:
    """Status and body of an error, in the shape of its path. `told` is (type, message), by default what the status says;
    `more`: `field` and `details` of a `Fault`."""
    kind, message = told or _WORDS.get(status, _WORDS[500])
    shape = shape_of(scope["path"])
    body = shape.body(Fault(status, kind, message, _request_id(scope), **more))
    return shape.statuses.get(status, status), json.dumps(body).encode()


def _answer(
    request: Request,
    status: int,
    told: tuple[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    status, body = told_error(request.scope, status, told, **more)
    return Response(body, status, headers=None if headers is None else dict(headers), media_type="application/json")


def _request_id(scope: Scope) -> str:
    return str(scope.get("state", {}).get("request_id", "unknown"))


def request_id_of(request: Request) -> str:
    """The id of this request, set by the door."""
    return _request_id(request.scope)


async def api_error(request: Request, error: Exception) -> Response:
    """An error raised on purpose."""
    assert isinstance(error, ApiError)
    told = (error.type, error.message)
    headers = error.headers() or None
    return _answer(request, error.status, told, headers, field=error.field, details=error.details)


async def http_error(request: Request, error: Exception) -> Response:
    """An error of the framework: no route, wrong method, unreadable body."""
    assert isinstance(error, HTTPException)
    known = error.status_code if error.status_code in _WORDS else 400
    return _answer(request, known, None, error.headers)


async def validation_error(request: Request, error: Exception) -> Response:
    """A body or query that does not fit: the first fault, by path. The refused value is never repeated."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return _answer(request, 400, ("invalid_request", "The body is not valid JSON."))
    place = first["loc"][1:]
    field = field_path(place)
    unread = not (place or first["type"] == "missing" or _is_json(request))
    message = _UNREAD if unread else words({**first, "loc": place}, _body_type(request))
    return _answer(request, 422, ("validation_error", f"{field}: {message}" if field else message), field=field or None)


def _is_json(request: Request) -> bool:
    """Whether the body was sent as JSON: another one is not read, and comes as a text."""
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    return kind.startswith("application/") and kind.removeprefix("application/").endswith("json")


def _body_type(request: Request) -> Any:
    """What the route takes as its body; None when it takes none."""
    body = getattr(request.scope.get("route"), "body_field", None)
    return None if body is None else body.field_info.annotation


async def store_error(request: Request, error: Exception) -> Response:
    """DynamoDB, KMS or another service failed: refused, nothing assumed."""
    LOG.error("a service of the deployment failed", exc_info=error, extra={"request_id": request_id_of(request)})
    unavailable = Unavailable("A service of this deployment is out of reach; try again.")
    return _answer(request, 503, (unavailable.type, unavailable.message), {"retry-after": "2"})


def field_path(location: tuple[str | int, ...]) -> str:
    """`targets[0].provider` from a location, without the tags of unions, which begin with `~`; unknown names come from the caller, so they are cut
    and made printable."""
    told = [part for part in location if not str(part).startswith("~")]
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in told).lstrip(".")
    return "".join(char if char.isprintable() else "?" for char in text[:_MAX_FIELD])


def install(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(ApiError, api_error)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, validation_error)
    for kind in STORE_ERRORS:
        app.add_exception_handler(kind, store_error)
