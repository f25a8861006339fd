"""What the framework cannot say of the admin API by itself: which errors an operation answers, what its parameters mean, and examples.

The routers say what a request and a good answer look like; this adds the rest to the document made of them. Nothing here reaches a function's bundle.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
_REQUEST_ID: Final = "req_01990000000070008000000000000000"
# Operations that need no token, and those at which somebody could guess.
PUBLIC: Final = frozenset({"login", "logout", "refresh", "register", "get_registration", "hub_login", "hub_register"})
GUARDED: Final = frozenset({"login", "register", "refresh", "change_password", "hub_login", "hub_register"})
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


@dataclass(frozen=True)
class Form:
    """How errors under a path are described: the responses' names begin with `prefix`, their bodies are as the component `schema`."""

    prefix: str
    schema: str
    path: str


# By path, the longest first; what an error looks like there is `gateway.admin.error_shapes`.
FORMS: Final = (
    Form("DialogsError", "DialogsErrorReply", "/api/v1"),
    Form("HubError", "HubErrorReply", "/v1"),
    Form("Error", "ErrorReply", ""),
)


def form_of(path: str) -> Form:
    """How the errors of a path are described."""
    return next(form for form in FORMS if not form.path or path.startswith(f"{form.path}/"))


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(path, method in lower case, operation) of a document."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def described(document: dict[str, Any], examples: Mapping[str, Any]) -> dict[str, Any]:
    """The document, completed in place. `examples`: operation id → `{"request"?, "reply"?}`."""
    parts = document["components"]
    forms = [form for form in FORMS if form.schema in parts["schemas"]]
    parts["responses"] = {f"{form.prefix}{status}": _error(form, status) for form in forms for status in ERRORS}
    for path, method, operation in operations(document):
        answers = operation["responses"]
        for status in [status for status in answers if not status.startswith("2")]:
            del answers[status]
        prefix = form_of(path).prefix
        answers |= {
            status: {"$ref": f"#/components/responses/{prefix}{status}"}
            for status in errors_of(path, method, operation)
        }
        for parameter in operation.get("parameters", ()):
            if not parameter.get("description") and parameter["name"] in PARAMETERS:
                parameter["description"] = PARAMETERS[parameter["name"]]
        _exemplify(operation, examples.get(operation["operationId"], {}))
    return document


def errors_of(path: str, method: str, operation: Mapping[str, Any]) -> list[str]:
    """The statuses of the errors that an operation may answer, as they are told at its path."""
    from gateway.admin.error_shapes import shape_of  # what lies in functions/ may be on the path only now

    name, taken = operation["operationId"], {one["name"].lower() for one in operation.get("parameters", ())}
    holds = {
        "400": "requestBody" in operation or "cursor" in taken,
        "401": name not in PUBLIC - {"login", "refresh", "hub_login"},
        "403": name not in PUBLIC - {"register", "hub_register"},
        "404": "{" in path,
        "409": method != "get",
        "412": "if-match" in taken,
        "413": "requestBody" in operation,
        "422": bool(taken) or "requestBody" in operation,
        "429": name in GUARDED,
    }
    told = shape_of(path).statuses
    found = {str(told.get(int(status), status)) for status in ERRORS if holds.get(status, True)}
    return [status for status in ERRORS if status in found]


def _error(form: Form, status: str) -> dict[str, Any]:
    from gateway.admin.error_shapes import Fault, shape_of

    kind, message = _TYPES[status]
    fault = Fault(int(status), kind, message, _REQUEST_ID, "kind" if status == "422" else None)
    content = {
        "schema": {"$ref": f"#/components/schemas/{form.schema}"},
        "example": shape_of(form.path or "/").body(fault),
    }
    return {"description": ERRORS[status], "content": {"application/json": content}}


def _exemplify(operation: dict[str, Any], example: Mapping[str, Any]) -> None:
    if "request" in example and "requestBody" in operation:
        for content in operation["requestBody"]["content"].values():
            content["example"] = example["request"]
    if "reply" in example:
        (good,) = (answer for status, answer in operation["responses"].items() if status.startswith("2"))
        good.get("content", {}).get("application/json", {})["example"] = example["reply"]
