"""What the framework cannot say of the admin API by itself: which errors an operation answers, what its parameters mean, and examples.

The routers say what a request and a good answer look like; this adds the rest to the document made of them. Nothing here reaches a function's bundle.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

ERRORS: Final[Mapping[str, str]] = {
    "400": "The request cannot be read: no JSON, or a cursor or query that is none",
    "401": "Not signed in, or the token is not valid any more",
    "403": "The role may not do this",
    "404": "There is no such thing",
    "409": "The id is taken, the thing is in use, or others changed it at the same moment",
    "412": "If-Match names a version that is not the present one",
    "413": "The body is larger than 1 MB",
    "422": "The request does not fit; `field` says where",
    "429": "Too many failed tries; Retry-After says when to come back",
    "500": "A fault of the gateway, noted under the request id",
    "503": "A service of the deployment is out of reach; try again",
}
_TYPES: Final[Mapping[str, tuple[str, str]]] = {
    "400": ("invalid_request", "The body is not valid JSON."),
    "401": ("unauthorized", "Sign in first."),
    "403": ("forbidden", "Your role does not allow this."),
    "404": ("not_found", "There is no provider 'acme'."),
    "409": ("conflict", "There is already a provider 'acme'."),
    "412": ("precondition_failed", "It was changed in the meantime; reload and try again."),
    "413": ("request_too_large", "The body is too large."),
    "422": ("validation_error", "kind: Field required"),
    "429": ("too_many_requests", "Too many failed tries. Wait before trying again."),
    "500": ("internal_error", "Something went wrong here; it has been noted under the request id."),
    "503": ("service_unavailable", "A service of this deployment is out of reach; try again."),
}
# Operations that need no token, and those at which somebody could guess.
PUBLIC: Final = frozenset({"login", "logout", "refresh", "register", "get_registration"})
GUARDED: Final = frozenset({"login", "register", "refresh", "change_password"})
# By name, where a router says nothing.
PARAMETERS: Final[Mapping[str, str]] = {
    "id": "Which one, by its id",
    "key_id": "Which credential, by its id",
    "hash": "A release, by its address (SHA-256, hexadecimal)",
    "cursor": "`next_cursor` of the page before; left out for the first page",
    "limit": "At most so many",
    "format": "Of the file",
    "provider": "Only those of this provider",
    "status": "Only those that ended so",
    "session": "Only those of this session",
    "stream": "Only streamed ones, or only others",
    "active": "Only active ones, or only others",
    "role": "Only those of this role",
    "min_retries": "At least so many calls after the first",
    "max_retries": "At most so many calls after the first",
    "max_tokens": "At most so many tokens",
    "max_ms": "At most so many milliseconds",
    "min_cost_nano": "At least this cost, in billionths of a US dollar",
    "max_cost_nano": "At most this cost, in billionths of a US dollar",
    "bars": "In how many parts the time is cut",
    "bucket": "Width of the parts",
    "interval": "Width of the parts",
    "user": "Only of this user",
    "team": "Only of this team",
    "requested_model": "Only where clients asked for this model",
    "model": "Only where this model answered",
    "route": "Only by this route",
    "compare": "Also the time before, of the same length",
    "scope": "Whose limits: of a key, a user or a team",
}


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(path, method in lower case, operation) of a document."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def described(document: dict[str, Any], examples: Mapping[str, Any]) -> dict[str, Any]:
    """The document, completed in place. `examples`: operation id → `{"request"?, "reply"?}`."""
    parts = document["components"]
    parts["responses"] = {f"Error{status}": _error(status) for status in ERRORS}
    for path, method, operation in operations(document):
        answers = operation["responses"]
        for status in [status for status in answers if not status.startswith("2")]:
            del answers[status]
        answers |= {
            status: {"$ref": f"#/components/responses/Error{status}"} for status in errors_of(path, method, operation)
        }
        for parameter in operation.get("parameters", ()):
            if not parameter.get("description") and parameter["name"] in PARAMETERS:
                parameter["description"] = PARAMETERS[parameter["name"]]
        _exemplify(operation, examples.get(operation["operationId"], {}))
    return document


def errors_of(path: str, method: str, operation: Mapping[str, Any]) -> list[str]:
    """The statuses of the errors that an operation may answer."""
    name, taken = operation["operationId"], {one["name"].lower() for one in operation.get("parameters", ())}
    holds = {
        "400": "requestBody" in operation or "cursor" in taken,
        "401": name not in PUBLIC - {"login", "refresh"},
        "403": name not in PUBLIC - {"register"},
        "404": "{" in path,
        "409": method != "get",
        "412": "if-match" in taken,
        "413": "requestBody" in operation,
        "422": bool(taken) or "requestBody" in operation,
        "429": name in GUARDED,
    }
    return [status for status in ERRORS if holds.get(status, True)]


def _error(status: str) -> dict[str, Any]:
    kind, message = _TYPES[status]
    error = {"type": kind, "message": message, "request_id": "req_01990000000070008000000000000000"}
    if status == "422":
        error["field"] = "kind"
    content = {"schema": {"$ref": "#/components/schemas/ErrorReply"}, "example": {"error": error}}
    return {"description": ERRORS[status], "content": {"application/json": content}}


def _exemplify(operation: dict[str, Any], example: Mapping[str, Any]) -> None:
    if "request" in example and "requestBody" in operation:
        for content in operation["requestBody"]["content"].values():
            content["example"] = example["request"]
    if "reply" in example:
        (good,) = (answer for status, answer in operation["responses"].items() if status.startswith("2"))
        good.get("content", {}).get("application/json", {})["example"] = example["reply"]
