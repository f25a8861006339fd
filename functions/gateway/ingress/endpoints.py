"""The table of the data plane: every path, its methods, its dialect, and how its bodies are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from gateway.errors import GatewayError, MethodNotAllowed, NotFound
from gateway.ingress import relays
from gateway.ingress.relays import Relay
from gateway.wire.anthropic_messages import errors as anthropic_errors
from gateway.wire.gemini import errors as gemini_errors
from gateway.wire.openai_chat import errors as openai_errors
from gateway.wire.openai_responses import errors as responses_errors


@dataclass(frozen=True, slots=True)
class ErrorForm:
    """How a dialect words errors. `name` is the dialect's family as logged; `id_header` is where its SDK looks for a request id."""

    name: str
    id_header: bytes
    render: Callable[[GatewayError, str], bytes]
    stream_error: Callable[[GatewayError, str], bytes]


OPENAI: Final = ErrorForm("openai", b"x-request-id", openai_errors.render, openai_errors.stream_error)
ANTHROPIC: Final = ErrorForm("anthropic", b"request-id", anthropic_errors.render, anthropic_errors.stream_error)
GEMINI: Final = ErrorForm("gemini", b"x-request-id", gemini_errors.render, gemini_errors.stream_error)
OPENAI_RESPONSES: Final = ErrorForm("openai", b"x-request-id", openai_errors.render, responses_errors.stream_error)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One path. `action` is `relay`, `models`, `model`, `health` or `root`; `argument` is what the path holds (a model id)."""

    action: str
    errors: ErrorForm
    relay: Relay | None = None
    argument: str = ""


_MODEL_PREFIX: Final = "/v1/models/"
_GEMINI_MODELS: Final = "/v1beta/models"
_EVENTS: Final = frozenset([("alt", "sse"), ("$alt", "sse")])
_POST: Final = ("POST",)
_GET: Final = ("GET", "HEAD")
_TABLE: Final[Mapping[str, tuple[tuple[str, ...], Endpoint]]] = {
    "/v1/chat/completions": (_POST, Endpoint("relay", OPENAI, relays.CHAT)),
    "/v1/responses": (_POST, Endpoint("relay", OPENAI_RESPONSES, relays.RESPONSES)),
    "/v1/embeddings": (_POST, Endpoint("relay", OPENAI, relays.EMBEDDINGS)),
    "/v1/messages": (_POST, Endpoint("relay", ANTHROPIC, relays.MESSAGES)),
    "/v1/messages/count_tokens": (_POST, Endpoint("relay", ANTHROPIC, relays.COUNT_TOKENS)),
    "/v1/models": (_GET, Endpoint("models", OPENAI)),
    _GEMINI_MODELS: (_GET, Endpoint("models", GEMINI)),
    "/health": (_GET, Endpoint("health", OPENAI, argument="live")),
    "/health/live": (_GET, Endpoint("health", OPENAI, argument="live")),
    "/health/ready": (_GET, Endpoint("health", OPENAI, argument="ready")),
    "/": (_GET, Endpoint("root", OPENAI)),
}


def error_form(path: str, *, anthropic_version: bool) -> ErrorForm:
    """The dialect in which a path's errors are worded, also when the path does not exist."""
    if path == "/v1/messages" or path.startswith("/v1/messages/"):
        return ANTHROPIC
    if path == "/v1/responses":
        return OPENAI_RESPONSES
    if path.startswith("/v1beta"):
        return GEMINI
    if anthropic_version and path.startswith("/v1/models"):
        return ANTHROPIC
    return OPENAI


def find(method: str, path: str, query: str = "", *, anthropic_version: bool) -> Endpoint:
    """The endpoint of a request; NotFound, or MethodNotAllowed with the methods that are."""
    path = path.rstrip("/") or "/"
    entry = _TABLE.get(path) or _named(path, query)
    if entry is None:
        raise NotFound(f"There is no endpoint {method[:16]} {_shown(path)}.")
    methods, endpoint = entry
    if method not in methods:
        allowed = ", ".join(methods)
        raise MethodNotAllowed(f"{_shown(path)} answers {allowed} only.", headers={"allow": allowed})
    if anthropic_version and endpoint.action in {"models", "model"} and endpoint.errors is OPENAI:
        return Endpoint(endpoint.action, ANTHROPIC, argument=endpoint.argument)
    return endpoint


def _named(path: str, query: str) -> tuple[tuple[str, ...], Endpoint] | None:
    """Endpoints whose path names a model: `/v1/models/{id}`, `/v1beta/models/{id}` and `/v1beta/models/{id}:{action}`.

    A model's name may hold slashes and colons itself (`ollama/llama3:8b`); the action is what follows the last colon.
    """
    if path.startswith(_MODEL_PREFIX) and len(path) > len(_MODEL_PREFIX):
        return _GET, Endpoint("model", OPENAI, argument=path[len(_MODEL_PREFIX) :])
    if not path.startswith(_GEMINI_MODELS + "/"):
        return None
    name = path[len(_GEMINI_MODELS) + 1 :]
    model, colon, action = name.rpartition(":")
    relay = relays.gemini(action, model, array=_EVENTS.isdisjoint(parse_qsl(query))) if colon and model else None
    if relay is not None:
        return _POST, Endpoint("relay", GEMINI, relay, model)
    return (_GET, Endpoint("model", GEMINI, argument=name)) if name and not name.startswith(":") else None


def _shown(path: str) -> str:
    """A client's path, fit for a message and without anything that could be a credential in it."""
    return "".join(char if char.isprintable() and char not in "?&=" else "\ufffd" for char in path[:100])
